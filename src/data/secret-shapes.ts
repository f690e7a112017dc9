// The shape of a secret rule, and the words that tell a placeholder from a secret. Rules stand in secret-rules-*.ts, by trade.
// Shapes are the providers' own: their documentation of key formats and their entries in public secret-scanning partner programmes, as of 2026-11.

/**
 * What a value is. `public`: made to be seen (publishable and browser keys). `documentation`: printed in a provider's manual, or
 * standing in tests and fixtures. `encrypted`: of no use without a key that is elsewhere.
 */
export type SecretClass = 'live' | 'test' | 'public' | 'placeholder' | 'documentation' | 'encrypted'

/** `service-role`: opens every row of a database past its rules. `password`: a login or an application's own secret. `generic`: only its name says so. */
export type SecretKind = 'token' | 'private-key' | 'service-role' | 'password' | 'generic'

export type SecretRule = {
  id: string
  provider: string
  /** What it is, after the provider's name: "secret key". */
  what: string
  class: SecretClass
  kind: SecretKind
  /** `prefix`: found by the literal that it begins with. `name`: found by the name of the variable that holds it. */
  by: 'prefix' | 'name'
  /** Literals, case-sensitive for a prefix, lower-case for a name. */
  keywords: readonly string[]
  /** Prefix: source of what the literal begins, literal included. Name: source of the whole value. */
  pattern: string
  /** Name of the variable that must hold it (by name: always; by prefix: where the shape alone is too weak). Case does not matter. */
  name?: string
  /** Least Shannon entropy in bits per character of the part behind the prefix. */
  entropy?: number
  /** How the provider lets anybody verify that a token is whole. */
  checksum?: 'crc32-base62'
  /** Where it is rotated. */
  rotate?: string
  /** Its provider takes it back by itself within a day. */
  brief?: true
}

type More = Partial<Pick<SecretRule, 'class' | 'kind' | 'name' | 'entropy' | 'checksum' | 'rotate' | 'brief'>>

const escaped = (literal: string): string => literal.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** A token known by its prefix. `body` is the source of what follows. */
export const byPrefix = (
  provider: string,
  id: string,
  what: string,
  prefix: string | readonly string[],
  body: string,
  more: More = {},
): SecretRule => {
  const prefixes = typeof prefix === 'string' ? [prefix] : prefix
  return {
    id,
    provider,
    what,
    class: 'live',
    kind: 'token',
    by: 'prefix',
    keywords: prefixes,
    pattern: `(?:${prefixes.map(escaped).join('|')})${body}`,
    entropy: 2.8,
    ...more,
  }
}

/** A value without a shape of its own, known by the variable that holds it. `name` is a source; its keywords prefilter. */
export const byName = (
  provider: string,
  id: string,
  what: string,
  keyword: string | readonly string[],
  name: string,
  value: string,
  more: More = {},
): SecretRule => ({
  id,
  provider,
  what,
  class: 'live',
  kind: 'token',
  by: 'name',
  keywords: typeof keyword === 'string' ? [keyword] : keyword,
  pattern: value,
  name,
  entropy: 2.8,
  ...more,
})

/**
 * How the private keys begin that Hardhat, Foundry's Anvil and Ganache make from the sentences of their manuals ("test test … junk", "myth like
 * bonus …"): the first twenty and ten of m/44'/60'/0'/0 (BIP 32, BIP 44). Everybody has them.
 */
const developmentWallets = [
  'ac0974bec39a17e36ba4 59c6995e998f97a5a004 5de4111afa1a4b94908f 7c852118294e51e65371 47e179ec197488593b18',
  '8b3a350cf5c34c9194ca 92db14e403b83dfe3df2 4bbbf85ce3377467afe5 dbda1821b80551c9d659 2a871d0798f97d79848a',
  'f214f2b2cd398c806f84 701b615bbdfb9de65240 a267530f49f8280200ed 47c99abed3324a2707c2 c526ee95bf44d8fc405a',
  '8166f546bab6da521a83 ea6c44ac03bff858b476 689af8efa8c651a91ad2 de9be858da4a47527642 df57089febbacf7ba0bc',
  '4f3edf983ac636a65a84 6cbed15c793ce57650b9 6370fd033278c143179d 646f1ce2fdad0e6deeeb add53f9a7e588d003326',
  '395df67f0c2d2d9fe1ad e485d098507f54e7733a a453611d9419d0e56f49 829e924fdf021ba3dbbc b0057716d5917badaf91',
].flatMap(line => line.split(' '))

/** Values printed in manuals, as SHA-256 would be overkill: fragments that occur in them and in no real key. Joined at run time, so that no scanner stumbles here. */
export const documentedFragments: readonly string[] = [
  // AWS documentation's access key and secret
  ['IOSFODNN7', 'EXAMPLE'].join(''),
  ['wJalrXUtnFEMI', '/K7MDENG'].join(''),
  // Stripe's documentation keys
  ['4eC39HqLy', 'jWDarjtT1zdp7dc'].join(''),
  ['BQokikJOv', 'BiI2HlWgH4olfQ2'].join(''),
  ['TYooMQauv', 'dEDq54NiTphI7jx'].join(''),
  ['tR3PYbcVN', 'ZZ796tH88S4VQ2u'].join(''),
  // RFC 6749 and RFC 5849
  ['2YotnFZFEjr', '1zCsicMWpAA'].join(''),
  ['tGzv3JOkF0XG', '5Qx2TlKWIA'].join(''),
  ['0685bd9184', 'jfhq22'].join(''),
  ['ad180jjd7', '33klru7'].join(''),
  // Twilio's, jwt.io's, Slack's
  ['0123456789', 'abcdef0123456789abcdef'].join(''),
  ['SflKxwRJSM', 'eKKF2QT4fwpMeJf36POk6yJV_adQssw5c'].join(''),
  ['XXXXXXXX', 'XXXX'].join(''),
  // Emulators and local servers, whose keys are printed in their manuals: Azurite, Cosmos DB, QStash, Supabase, the tests of reCAPTCHA
  ['Eby8vdM02xNOcqFlqU', 'wJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq'].join(''),
  ['C2y6yDjf5/R+ob0N8A', '7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw'].join(''),
  ['eyJVc2VySUQiOiJkZWZhdWx0', 'VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0'].join(''),
  ['sig_7kYjw48mhY7k', 'AjqNGcy6cr29RJ6r'].join(''),
  ['sig_5ZB6DVzB1wjE', '8S6rZ7eenA8Pdnhs'].join(''),
  ['N7UND0UgjKTVK', '-Uodkm0Hg'].join(''),
  ['6LeIxAcTAAAA', 'A'].join(''),
  // What Figaro writes into a new application.yml, and the Google application that SuperTokens hands out to try it with
  ['abdc3b896a0f', 'fb85d373'].join(''),
  ['EeHnL644i6', 'zo4Iyq4v1KdV9H'].join(''),
  ['2J0l093xOyW7', '2XUYJHE4Dv2r'].join(''),
  ['1r0aNcG8gddWy', 'EgR6RWaAiJKr2SW'].join(''),
  // What ends every token that Kubecost's guide hands out, an address of mail in Base64
  ['xm343', 'yadf98'].join(''),
  // The hash of "password" that Laravel's factories hold
  ['92IXUNpkjO0rOQ5', 'byMi.Ye4oKoEa3Ro9llC'].join(''),
  ...developmentWallets,
]

/** Words that stand in placeholders. Matched without case between non-letters or as the whole value's part. */
export const placeholderWords =
  /(?:example|sample|placeholder|change[-_ ]?(?:me|this|it)|replace[-_ ]?(?:me|this|with)?|insert[-_ ]?|your[-_ ]?|\bmy[-_]|dummy|fake|foo[-_]?bar|redacted|removed|todo|fixme|lorem|not[-_ ]?(?:a[-_ ]?)?(?:real|secret|set)|(?:secret|key|token|pw|pass|passwd|password|value)[-_]?here|goes[-_ ]?here|put[-_ ]|enter[-_ ]|(?:dev|development|local)[-_ ]?(?:only|secret|key|token|password)|only[-_ ]for[-_ ]|not[-_ ]for[-_ ]prod|some[-_ ]?(?:secret|key|token|random|pass)|generate[-_ ]|xxxx|[-_=:]x{3}$|\*\*\*|\.\.\.|…|<(?![^>]{0,80}[a-z]\d[a-z])[^>]*>|0{8}|1{8}|a{6}|12345678|23456789|87654321|abcdefgh|deadbeef|cafebabe|asdfasdf|qwerty)/i

/** Development passwords that guard nothing: defaults of container images and manuals. */
export const defaultPasswords = new Set(
  'postgres postgresql mysql mariadb mongo mongodb redis root admin administrator password passwd pass secret test tests testing user username guest default local localhost dev development docker example changeme changeit letmein welcome rabbitmq minio minioadmin minio123 supersecret super-secret topsecret secret123 password1 password123 passw0rd admin123 root123 test123 test1234 postgres123 hunter2 null none undefined empty true false string app appuser nothing secretpassword mysecret mysecretpassword mypassword dbpassword db_password rootpassword strongpassword your_password correcthorsebatterystaple swordfish abc123 1234 12345 123456 1234567 12345678 123456789 1234567890'.split(
    ' ',
  ),
)
