// Finds secrets in text, and says what each one is: live, test, public by design, a placeholder, a manual's example, encrypted. One pass
// over the text with a table of three-letter groups decides where to look; rules are tried there alone. Pure; shared by the scanner of
// bundles (`audit`), of the tree, of the history (`deploy`) and of log lines.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { aiSecretRules } from '../../data/secret-rules-ai.ts'
import { cloudSecretRules } from '../../data/secret-rules-cloud.ts'
import { serviceSecretRules } from '../../data/secret-rules-services.ts'
import {
  defaultPasswords,
  documentedFragments,
  placeholderWords,
  type SecretClass,
  type SecretKind,
  type SecretRule,
} from '../../data/secret-shapes.ts'
import { decodeJwt } from './jwt.ts'

export type { SecretClass, SecretKind } from '../../data/secret-shapes.ts'

/**
 * One secret in a text. `secret` is the raw value: whoever keeps a hit replaces it by its mask (`maskSecret`) at once.
 * `certain`: the shape belongs to that provider alone. `likely`: name and shape agree. `possible`: only the name says so.
 */
export type SecretHit = {
  rule: string
  provider: string
  what: string
  class: SecretClass
  kind: SecretKind
  confidence: 'certain' | 'likely' | 'possible'
  secret: string
  /** SHA-256 in hex: one secret in two places is one secret. */
  hash: string
  /** Line and column, from 1; index in UTF-16 units. */
  line: number
  column: number
  index: number
  /** Variable, key or attribute that holds it, when there is one. */
  variable: string | null
  rotate: string | null
}

export type ScanOptions = {
  /** Path or URL: tells lock files, tests, documentation, dotenv and code apart. */
  path: string
  where: 'bundle' | 'repo'
  /** Hits kept; 500 unless given. */
  maxHits?: number
}

/** What kind of file a path is, as far as secrets are concerned. */
export type PathKind =
  | 'lock'
  | 'generated'
  | 'test'
  | 'documentation'
  | 'example'
  | 'environment'
  | 'configuration'
  | 'code'

const lockFile =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|deno\.lock|composer\.lock|Gemfile\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Cargo\.lock|go\.sum|mix\.lock|flake\.lock|gradle\.lockfile|\.terraform\.lock\.hcl|packages\.lock\.json|Podfile\.lock|pubspec\.lock)$/
const generatedFile =
  /\.min\.(?:m?js|css)$|\.(?:js|css|mjs)\.map$|\.bundle\.js$|(?:^|\/)(?:node_modules|bower_components|vendor|third_party|dist|build|out|\.next|\.nuxt|\.output|\.svelte-kit|\.yarn|\.pnp|coverage|__generated__|generated)\/|\.(?:svg|ipynb|lock|pb\.go|snap)$|_pb2\.py$/
const testFile =
  /(?:^|\/)(?:tests?|__tests__|specs?|fixtures?|__fixtures__|__mocks__|mocks?|testdata|test[-_]data|test[-_]utils?|testing|e2e|cypress|playwright|stubs?|__snapshots__|cassettes|vcr_cassettes|benchmarks?)\/|[._-](?:test|tests|spec|stories|mock|mocks|fixture|fixtures|e2e)\.[\w.]+$|_test\.(?:go|py|rb|exs)$|(?:^|\/)(?:test_[^/]*\.py|conftest\.py)$|(?:Test|Tests|Spec)\.(?:php|java|kt|cs)$|(?:^|\/)phpunit(?:\.\w+)?\.xml(?:\.dist)?$|(?:^|\/)config\/(?:environments\/)?test\.(?:exs|rb|json|ya?ml|[jt]s)$|(?:^|\/)settings[/_]tests?\.py$/i
const documentationFile =
  /\.(?:md|mdx|markdown|rst|adoc|asciidoc)$|(?:^|\/)(?:docs?|documentation|examples?|samples?|demos?|tutorials?|guides?)\/|(?:^|\/)(?:readme|changelog|contributing|license|licence|notice)(?:\.\w+)?$|(?:^|\/)(?:openapi|swagger|asyncapi)[\w.-]*\.(?:ya?ml|json)$/i
const exampleFile =
  /(?:^|[/._-])(?:example|examples|sample|template|tpl|tmpl|dist|defaults?|schema|skel)(?:$|[._-])|\.(?:example|sample|template|dist|tpl|tmpl)$/i
const environmentFile =
  /(?:^|\/)(?:\.envs\/.+|\.env(?:[._-][^/]*)?|[^/]*\.env|\.envrc|\.dev\.vars(?:\.[^/]*)?|\.flaskenv|\.npmrc|\.pypirc|\.netrc|\.pgpass|\.my\.cnf|\.git-credentials)$/i
const configurationFile =
  /\.(?:ya?ml|ini|cfg|conf|config|properties|toml|env|sh|bash|zsh|fish|tf|tfvars|hcl|plist|nix|cnf|service|ps1|bat|cmd)$|(?:^|\/)(?:Dockerfile|Containerfile|Procfile|Makefile|Caddyfile|credentials|config)(?:[.\w-]*)?$/i

/** Settings of a developer's own machine, as frameworks write them into a new project. */
const developmentFile =
  /(?:^|\/)config\/(?:environments\/)?(?:dev|development)\.(?:exs|rb)$|(?:^|\/)settings[/_](?:dev|development|local)\.py$/i
const signingName = /^(?:django_?)?(?:secret_?key(?:_?base)?|signing_?salt|encryption_?salt|app_?key|session_?secret)$/i

/** Kind of a path; the first that holds, in the order of what matters most. */
export const pathKind = (path: string): PathKind => {
  if (lockFile.test(path)) return 'lock'
  if (environmentFile.test(path))
    return exampleFile.test(path.slice(path.lastIndexOf('/') + 1))
      ? 'example'
      : testFile.test(path.slice(0, path.lastIndexOf('/') + 1))
        ? 'test'
        : 'environment'
  if (testFile.test(path)) return 'test'
  if (generatedFile.test(path)) return 'generated'
  if (documentationFile.test(path)) return 'documentation'
  if (exampleFile.test(path.slice(path.lastIndexOf('/') + 1))) return 'example'
  return configurationFile.test(path) ? 'configuration' : 'code'
}

/** Every rule, with an id of its own. */
export const secretRules: readonly SecretRule[] = [...serviceSecretRules, ...cloudSecretRules, ...aiSecretRules]

/** Shannon entropy in bits per character. */
export const entropyOf = (text: string): number => {
  if (text.length === 0) return 0
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** CRC-32 of text in base 62, six characters: how GitHub's and npm's tokens end. */
export const crc32Base62 = (text: string): string => {
  let rest = crc32(text)
  let out = ''
  for (let at = 0; at < 6; at++) {
    out = base62[rest % 62]! + out
    rest = Math.floor(rest / 62)
  }
  return out
}

/** Eight characters in a row that count up or down: 12345678, hgfedcba. */
const hasSequence = (text: string): boolean => {
  let up = 1
  let down = 1
  for (let at = 1; at < text.length; at++) {
    const step = text.charCodeAt(at) - text.charCodeAt(at - 1)
    up = step === 1 ? up + 1 : 1
    down = step === -1 ? down + 1 : 1
    if (up >= 8 || down >= 8) return true
  }
  return false
}

const bodyWords =
  /example|placeholder|change_?me|replace|redacted|dummy|invalid|notreal|secret_?key_?here|your_?(?:api|key|secret|token)|x{6}|(.)\1{7}|\*{3}|\.{3}|(?:^|[-_.])(?:fake|test|demo|sample|todo|your|my|foo|bar|here|key|token|secret)(?:[-_.]|$)/i

/** Whether the part of a token behind its prefix was made up by a person. */
const isMadeUp = (body: string): boolean =>
  bodyWords.test(body) || hasSequence(body) || documentedFragments.some(fragment => body.includes(fragment))

const kindsOfCharacters = (text: string): number =>
  Number(/[a-z]/.test(text)) + Number(/[A-Z]/.test(text)) + Number(/[0-9]/.test(text))

/** A value that stands for another: `${NAME}`, `{{ name }}`, `<name>`, `%NAME%`, `$(command)`, `process.env.NAME`, `op://vault/item`. */
export const isReference = (value: string): boolean =>
  /^\$\{?[A-Za-z_(]|\$\{\{?|\{\{|^<[^<>]*>$|^%[\w-]+%$|^%\(?\w|^#\{|^\[[^\]]*\]$|^(?:op|vault|secret|secrets|ssm|sm|doppler|env|file|keyring|aws|gcp|azure|ref\+\w+):\/?\/|^(?:process\.env|os\.environ|ENV\[|env\(|import\.meta|vars\.|var\.|secrets\.|local\.|data\.|module\.|arn:aws:|projects\/)|^!(?:Ref|Sub|GetAtt|ImportValue)|^(?:ENC|enc)\[/.test(
    value,
  )

/** A value of use to nobody without a key that is elsewhere: dotenvx, SOPS, Ansible Vault, age, PGP, git-crypt, Rails credentials. */
export const isEncrypted = (value: string): boolean =>
  /^(?:encrypted:[A-Za-z0-9+/=]{20,}|ENC\[(?:AES256_GCM|PKCS7|GPG),|\$ANSIBLE_VAULT;|age-encryption\.org\/v1|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----|vault:v\d+:[A-Za-z0-9+/=]{20,}|AQICAH[A-Za-z0-9+/=]{60,}|ENC\([A-Za-z0-9+/=]{16,}\))/.test(
    value,
  )

/** A value that only marks where one belongs, or that guards nothing. */
export const isPlaceholder = (value: string): boolean =>
  value === '' ||
  isReference(value) ||
  defaultPasswords.has(value.toLowerCase()) ||
  placeholderWords.test(value) ||
  hasSequence(value) ||
  documentedFragments.some(fragment => value.includes(fragment)) ||
  /^(.)\1*$/.test(value)

const words = /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/

/** Whether a value could be a random secret: long, dense, of mixed characters, and no name, path, address, date, version or colour. */
export const looksRandom = (value: string): boolean => {
  if (
    value.length < 16 ||
    value.length > 1024 ||
    /[\s()|]|\]\{/.test(value) ||
    isPlaceholder(value) ||
    words.test(value)
  )
    return false
  if (
    /^(?:https?:|wss?:|data:|blob:|\.{0,2}\/|@|#|--|\w+\(|[\w.-]+@[\w-]+\.\w+$)/.test(value) ||
    /^[\w-]+(?:\.[\w-]+)+$/.test(value) ||
    /^[\w-]+(?:[/:][\w.-]+)+$/.test(value)
  )
    return false
  // Three words and more joined by underscores or dashes are a name.
  if (/^[a-z][a-z0-9]*(?:[_-][a-z][a-z0-9]*){2,}$/.test(value)) return false
  if (/^\d[\d.,:TZ+ -]*$/.test(value) || /^v?\d+\.\d+/.test(value)) return false
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 32 && entropyOf(value.toLowerCase()) >= 2.8
  // Words put together (camelCase, kebab-case with a number) are names: a random value changes kind of character often.
  const changes = [...value.matchAll(/[a-z](?=[0-9])|[0-9](?=[A-Za-z])|[A-Z](?=[0-9])/g)].length
  return kindsOfCharacters(value) >= 2 && /[0-9]/.test(value) && changes >= 2 && entropyOf(value) >= 3.5
}

/** Whether a value could be a password that a person chose or a machine made, and that guards something. */
export const looksLikePassword = (value: string): boolean => {
  if (/^anonymous\b/i.test(value)) return false
  if (value.length < 8 || value.length > 256 || /\s/.test(value) || isPlaceholder(value) || words.test(value))
    return false
  if (
    /^(?:https?:|\.{0,2}\/|[\w.-]+@[\w-]+\.\w+$|[a-z]+(?:[A-Z][a-z]+)*\(|--?\w)/.test(value) ||
    /^[a-zA-Z][\w-]*(?:\.[\w-]+)+$/.test(value) ||
    /[{}<>|]|\$[A-Za-z(]/.test(value)
  )
    return false
  // A label of a form (`Password*`) and the name of a rule (`must_contain_1_number`) are words.
  if (
    /^(?:(?:confirm|new|old|current|repeat|enter|your)[-_ ]?)?pass(?:word|code|phrase)?\W*$/i.test(value) ||
    /^[a-z]+(?:[-_](?:[a-z]+|\d{1,3})){2,}$/.test(value)
  )
    return false
  // `(hidden)`, `[filtered]` stand for one; words of other scripts are a sentence.
  if (/^[([<{].*[)\]>}]$/.test(value) || /[^\x00-\x7f]{2}/.test(value)) return false
  const symbols = /[^A-Za-z0-9_-]/.test(value)
  return (
    /[A-Za-z]/.test(value) &&
    (/[0-9]/.test(value) || symbols) &&
    entropyOf(value) >= 2.5 &&
    !/^[a-z]+[-_][a-z]+[-_]?\d?$/i.test(value)
  )
}

type NameRule = { rule: SecretRule; name: RegExp; value: RegExp }
type PrefixRule = { rule: SecretRule; pattern: RegExp; name: RegExp | null; separated: boolean }
type Special = 'private-key' | 'jwt' | 'url' | 'generic' | 'phrase' | 'pair'
type Candidate = { literal: string; folded: boolean; prefix: PrefixRule[]; names: NameRule[]; special: Special | null }

/** Places where a secret stands without a variable. The last group of `pattern` is the secret, the one before it the host where there is one. */
type Phrase = { literal: string; pattern: RegExp; what: string; host: boolean; password: boolean }
const connectionString =
  /(?:server|data source|host|addr|address)\s?=\s?(?:tcp:)?([^;"'\s]{1,200});(?:[^;"'\n]{0,80};){0,12}?\s?(?:password|pwd)\s?=\s?([^;"'\n]{4,200})/iy
const phrases: readonly Phrase[] = [
  { literal: 'server=', pattern: connectionString, what: 'password of a connection', host: true, password: true },
  { literal: 'data source=', pattern: connectionString, what: 'password of a connection', host: true, password: true },
  { literal: 'host=', pattern: connectionString, what: 'password of a connection', host: true, password: true },
  {
    literal: 'bearer ',
    pattern: /bearer\s+([A-Za-z0-9_~+/=-]{20,500})(?![\w.])/iy,
    what: 'access token',
    host: false,
    password: false,
  },
  {
    literal: 'curl ',
    pattern: /curl\s[^\n|;]{0,200}?-u\s?["']?[^\s:"'$]{1,64}:([^\s"'$]{6,128})/iy,
    what: 'password',
    host: false,
    password: true,
  },
  {
    literal: 'jwt.sign(',
    pattern: /jwt\.sign\([^,()]{1,200},\s*["'`]([^"'`\n]{8,300})["'`]/iy,
    what: 'signing secret',
    host: false,
    password: true,
  },
  {
    literal: 'jwt.verify(',
    pattern: /jwt\.verify\([^,()]{1,200},\s*["'`]([^"'`\n]{8,300})["'`]/iy,
    what: 'signing secret',
    host: false,
    password: true,
  },
  {
    literal: 'machine ',
    pattern: /machine\s+(\S{1,200})\s+login\s+\S{1,200}\s+password\s+(\S{4,200})/iy,
    what: 'password',
    host: true,
    password: true,
  },
]

/** Secrets without a shape of their own that stand beside what has one. The last group of `pattern` is the secret. */
type Pair = {
  literals: readonly string[]
  pattern: RegExp
  rule: string
  provider: string
  what: string
  rotate: string
}
const pairs: readonly Pair[] = [
  {
    // An account and its token in one call, one object or one pair for basic authentication: `twilio("AC…", "…")`.
    literals: [...'0123456789abcdef'].map(digit => `AC${digit}`),
    pattern: /AC[0-9a-f]{32}(?![0-9a-f])[^\n]{0,80}?["'`:]([0-9a-f]{32})(?![0-9a-f])/y,
    rule: 'twilio-auth-token',
    provider: 'Twilio',
    what: 'auth token',
    rotate: 'https://console.twilio.com',
  },
  {
    // The newer keys of Mailgun begin with nothing, but are of three parts, and its client calls itself "api".
    literals: ['mailgun', 'username'],
    pattern:
      /(?:mailgun[\s\S]{0,300}?|username["'`]?\s{0,4}:\s{0,4}["'`]api["'`]\s{0,4},\s{0,20}["'`]?key["'`]?\s{0,4}:\s{0,4})["'`:]([0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8})(?![\w-])/iy,
    rule: 'mailgun',
    provider: 'Mailgun',
    what: 'API key',
    rotate: 'https://app.mailgun.com/settings/api_security',
  },
]

const genericKeywords = [
  'pass:',
  "pass':",
  'pass":',
  'pass =',

  'password',
  'passwd',
  'pwd',
  'passphrase',
  '_pass',
  'secret',
  'token',
  'api_key',
  'apikey',
  'api-key',
  'access_key',
  'accesskey',
  'private_key',
  'privatekey',
  'auth_key',
  'encryption_key',
  'encryptionkey',
  'signing_key',
  'master_key',
  'credential',
  '_key',
  'service_key',
]
const urlKeywords = [
  'postgres://',
  'postgresql://',
  'mysql://',
  'mysql2://',
  'mariadb://',
  'mongodb://',
  'mongodb+srv://',
  'redis://',
  'rediss://',
  'amqp://',
  'amqps://',
  'smtp://',
  'smtps://',
  'mssql://',
  'sqlserver://',
  'clickhouse://',
  'ftp://',
  'sftp://',
  'https://',
  'http://',
]

const fold = (code: number): number => code | 0x20
const slots = 1 << 15

/** Slot of three folded characters: the same rolling sum as in the loop of `scanText`. */
const slotOf = (literal: string): number => {
  let sum = 0
  for (let at = 0; at < 3; at++) sum = ((sum << 5) ^ fold(literal.charCodeAt(at))) & (slots - 1)
  return sum
}

const build = (): { table: Uint16Array; lists: Candidate[][] } => {
  const byLiteral = new Map<string, Candidate>()
  const at = (literal: string, folded: boolean): Candidate => {
    const key = `${folded ? 'i' : 's'}${literal}`
    const known = byLiteral.get(key)
    if (known) return known
    const made: Candidate = { literal, folded, prefix: [], names: [], special: null }
    byLiteral.set(key, made)
    return made
  }
  for (const rule of secretRules) {
    if (rule.by === 'prefix') {
      const made: PrefixRule = {
        rule,
        pattern: new RegExp(rule.pattern, 'y'),
        name: rule.name ? new RegExp(rule.name, 'i') : null,
        separated: rule.keywords.every(keyword => /[-_.:/$=]/.test(keyword)),
      }
      for (const keyword of rule.keywords) at(keyword, false).prefix.push(made)
    } else {
      const made: NameRule = { rule, name: new RegExp(rule.name!, 'i'), value: new RegExp(`^(?:${rule.pattern})$`) }
      // A name in snake case is the same name in camel case.
      for (const keyword of new Set(
        rule.keywords.flatMap(one => (one.length > 5 ? [one, one.replaceAll('_', '')] : [one])),
      ))
        at(keyword, true).names.push(made)
    }
  }
  at('-----BEGIN ', false).special = 'private-key'
  at('eyJ', false).special = 'jwt'
  for (const keyword of urlKeywords) at(keyword, true).special = 'url'
  for (const keyword of genericKeywords) at(keyword, true).special = 'generic'
  for (const { literals } of pairs)
    for (const literal of literals) at(literal, literal === literal.toLowerCase()).special = 'pair'
  for (const { literal } of phrases) at(literal, true).special = 'phrase'
  const table = new Uint16Array(slots)
  const lists: Candidate[][] = [[]]
  for (const candidate of byLiteral.values()) {
    const slot = slotOf(candidate.literal)
    if (table[slot] === 0) {
      table[slot] = lists.length
      lists.push([])
    }
    lists[table[slot]!]!.push(candidate)
  }
  return { table, lists }
}

let built: ReturnType<typeof build> | null = null

const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95

/** Whether a token may begin here: not within a word, unless that letter is the escape in `\n`. */
const beginsHere = (text: string, index: number, separated: boolean): boolean => {
  if (index === 0 || !isWord(text.charCodeAt(index))) return true
  const before = text.charCodeAt(index - 1)
  if (isWord(before))
    return index > 1 && text.charCodeAt(index - 2) === 92 && (before === 110 || before === 114 || before === 116)
  // Within base64: a plus or a slash before letters that only look like a prefix.
  return separated || (before !== 43 && before !== 47)
}

const endsHere = (text: string, end: number, separated: boolean): boolean => {
  if (end >= text.length) return true
  const after = text.charCodeAt(end)
  return !isWord(after) && (separated || (after !== 43 && after !== 47))
}

const operator =
  /["'`]?\]?\s{0,8}(?::\s{0,4}(?:string|str|String|&str)\s{0,4}=|:=|=>|=(?![=~>])|:(?![:=/])|\|\||\?\?|,(?=\s{0,4}["'`]))\s{0,8}/y
const quoted = /(["'`])((?:(?!\1)[^\\\n\r]|\\.){0,4096})\1/y
const bare = /[^\s"'`,;#(){}[\]<>]{1,4096}/y
/** Files of one setting a line: all marks belong to the value. */
const lineOfValue = /[^\s]{1,1024}(?=[ \t]*(?:[#;][^\n]*)?(?:\r?\n|$))/y
const lineFormat = /\.(?:properties|ini|cfg|conf|cnf)$/i
const attribute = /["']\s{1,4}value\s?=\s?/y

const readsVariable = /(?:env|getenv|environ\.get|\.get|fetch|config|setdefault|define)\w{0,8}\s?\(\s?["'`]$/i

type Assignment = { name: string; start: number; value: string; index: number; quoted: boolean; operator: string }

const matchAt = (pattern: RegExp, text: string, index: number): RegExpExecArray | null => {
  pattern.lastIndex = index
  return pattern.exec(text)
}

/** A text put together from quoted pieces: `'sk_live_ab' + 'cd'`, over lines too. */
const joined = /(["'`])\s{0,40}(?:[+.&]|\\?\n)?\s{0,40}\1/g
const joinedMatch = (pattern: RegExp, text: string, index: number): RegExpExecArray | null => {
  const end = text.slice(index, index + 200).search(/["'`]/)
  if (end < 0 || !/^(["'`])\s*(?:[+.&]|\\?\n)?\s*\1/.test(text.slice(index + end, index + end + 90))) return null
  return matchAt(pattern, text.slice(index, index + 600).replace(joined, ''), 0)
}

const isNamePart = (code: number): boolean => isWord(code) || code === 46 || code === 45 || code === 36

/** The assignment whose name holds `index`: `NAME=value`, `"name": "value"`, `name => 'value'`, `env("NAME", "value")`, `NAME ?? "value"`. */
const assignmentAt = (
  text: string,
  index: number,
  unquoted: boolean,
  wholeLine: boolean,
): (Assignment & { end: number }) | null => {
  let start = index
  while (start > 0 && index - start < 80 && isNamePart(text.charCodeAt(start - 1))) start--
  let end = index
  while (end < text.length && end - index < 80 && isNamePart(text.charCodeAt(end))) end++
  const name = text.slice(start, end)
  const nothing = { name, start, value: '', index: end, quoted: false, operator: '', end }
  const between = matchAt(operator, text, end) ?? matchAt(attribute, text, end)
  if (!between) return nothing
  const at = end + between[0].length
  // A comma joins a name and its value in a call that reads a variable alone: env('NAME', 'value').
  if (between[0].includes(',') && !readsVariable.test(text.slice(Math.max(0, start - 24), start))) return nothing
  const inQuotes = matchAt(quoted, text, at)
  if (inQuotes) return { name, start, value: inQuotes[2]!, index: at + 1, quoted: true, operator: between[0], end }
  if (!unquoted || /[,|?>]/.test(between[0])) return nothing
  const plain = wholeLine ? matchAt(lineOfValue, text, at) : matchAt(bare, text, at)
  return plain ? { name, start, value: plain[0], index: at, quoted: false, operator: between[0], end } : nothing
}

/** `stripeSecretKey`, `config.stripe-secret_key` → `stripe_secret_key`: the last part of a name, in snake case. */
export const plainName = (name: string): string =>
  name
    .replace(/^.*[.$](?=\w)/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/-/g, '_')
    .toLowerCase()

const passwordName = /(?:^|_)(?:password|passwd|pwd|passphrase|pass)(?:_?\d)?$/
const secretName =
  /(?:^|_)(?:secret|token|api_?key|apikey|access_?key|private_?key|auth_?key|signing_?key|encryption_?key|client_?secret|secret_?key|master_?key|service_?key|credentials?|webhook_?secret|session_?key|cookie_?key|license_?key|key)(?:_(?:prod|production|live|base|value|v?\d))?$/
const secretWord =
  /secret|token|password|passwd|passphrase|credential|private|api_?key|access_?key|auth|signing|encryption|master|service_?key|webhook|_key$/
const harmlessName =
  /public|publishable|site_?key|anon(?:_|$)|csrf|xsrf|placeholder|label|hint|title|message|error|field|input|header|param|column|regex|pattern|length|expir|ttl|algorithm|(?:^|_)(?:id|ids|name|url|uri|path|file|dir|type|kind|prefix|suffix|policy|hash|digest|checksum|count|size|limit)$|reset|forgot|confirm|strength|visib|show|toggle|sort_?key|primary_?key|foreign_?key|partition_?key|cache_?key|storage_?key|idempotency|query_?key|i18n|translation|locale|keyboard|keycode|object_?key|row_?key|react_?key|translate|measurement|tracking|analytics|continuation|next_?token|page_?token|cancel|design_?token|fingerprint|integrity/

/** Whether a variable's name says that its value should be secret. */
export const isSecretName = (name: string): boolean => {
  const plain = plainName(name)
  return (passwordName.test(plain) || (secretName.test(plain) && secretWord.test(plain))) && !harmlessName.test(plain)
}

type Found = Omit<SecretHit, 'hash' | 'line' | 'column'> & { rank: number }

const nameBefore =
  /([A-Za-z_$][\w$.-]{0,80})["'`]?\]?\)?\s{0,8}(?::\s{0,4}\w{1,12}\s{0,4}=|:=|=>|=|:|\|\||\?\?|,)\s{0,8}["'`]?(?:Bearer |Basic |token )?$/

/** The name that what stands at `index` is given to, on the same line. */
const variableBefore = (text: string, index: number): string | null => {
  const from = Math.max(0, index - 140)
  const line = text.slice(from, index)
  const match = nameBefore.exec(line.slice(line.lastIndexOf('\n') + 1))
  return match && !/^https?$/.test(match[1]!) ? match[1]! : null
}

/** Providers that took over Stripe's prefixes, by the variable's name or the key's body. */
const sharedPrefix: readonly [RegExp, string, string][] = [
  [/clerk/i, 'Clerk', 'https://dashboard.clerk.com/last-active?path=api-keys'],
  [/workos/i, 'WorkOS', 'https://dashboard.workos.com/api-keys'],
  [/paystack/i, 'Paystack', 'https://dashboard.paystack.com/#/settings/developers'],
  [/upload_?thing/i, 'Uploadthing', 'https://uploadthing.com/dashboard'],
  [/knock/i, 'Knock', 'https://dashboard.knock.app'],
]

const localHost =
  /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|[\w-]+|[\w.-]+\.(?:local|localhost|test))$/i
/** A private network: a laptop's at home, or the one that a platform runs production in. The password tells. */
const privateHost = /^(?:10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|[\w.-]+\.internal)$/i
const documentationHost =
  /(?:^|\.)(?:example\.(?:com|org|net)|example|invalid|domain\.com|host\.com|yourdomain\.\w+|company\.com|acme\.com)$/i

const privateKey =
  /-----BEGIN ((?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY|PGP PRIVATE KEY BLOCK)-----([\s\S]{0,12000}?)-----END \1-----/y
const jwtPattern = /eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{10,1200}/y
const credentialUrl =
  /[a-z][a-z0-9+]{2,12}:\/\/([^\s:@/"'`<>(){}\\]{0,200})(?::([^\s@/"'`<>\\]{1,300}))?@([^\s/"'`<>?#:,\\)]{1,255})/iy

/** A file that is nothing but the key of Rails' encrypted credentials. */
const railsKey = /(?:^|\/)config\/(?:master|credentials\/\w+)\.key$/

/** Scans a text. Hits are sorted by where they stand; of those that overlap the surest is kept. */
export const scanText = (text: string, options: ScanOptions): SecretHit[] => {
  built ??= build()
  const { table, lists } = built
  const repo = options.where === 'repo'
  const kind: PathKind = repo ? pathKind(options.path) : 'generated'
  const unquoted = repo && (kind === 'environment' || kind === 'example' || kind === 'configuration' || kind === 'test')
  const wholeLine = lineFormat.test(options.path)
  // Names are looked at where a person wrote them; a bundle's too, but only what looks random counts there.
  const byNames = kind !== 'lock' && !(repo && kind === 'generated')
  const found: Found[] = []
  /** Stretches whose plain text was judged in place of what stands there. */
  const covered: [number, number][] = []
  let lastName = -1
  let assignment: (Assignment & { end: number }) | null = null

  const classify = (given: SecretClass, certain: boolean): SecretClass => {
    if (given === 'public' || given === 'encrypted' || given === 'placeholder' || !repo) return given
    if (kind === 'test' && !certain) return 'documentation'
    return given
  }

  const add = (
    hit: Omit<Found, 'rotate' | 'variable'> & { rotate?: string | null | undefined; variable: string | null },
  ): void => {
    found.push({ ...hit, rotate: hit.rotate ?? null })
  }

  const tryPrefix = (entry: PrefixRule, index: number, literal: string): void => {
    if (!beginsHere(text, index, entry.separated)) return
    const match = matchAt(entry.pattern, text, index) ?? joinedMatch(entry.pattern, text, index)
    if (!match) return
    const secret = match[0].replace(/[.=-]+$/, tail =>
      tail.includes('=') && /=$/.test(entry.rule.pattern) ? tail : tail.replace(/[.-]/g, ''),
    )
    const end = index + secret.length
    if (match.input === text && !endsHere(text, end, entry.separated)) return
    const { rule } = entry
    const body = secret.slice(literal.length)
    const variable = variableBefore(text, index)
    if (entry.name && !(variable && entry.name.test(variable))) return
    // A signed URL names the key that signed it; that is no secret.
    if (
      rule.id === 'aws-access-key' &&
      /(?:X-Amz-Credential|AWSAccessKeyId)=$/i.test(text.slice(Math.max(0, index - 20), index))
    )
      return
    if (
      rule.class !== 'public' &&
      (kindsOfCharacters(body) < 2 || entropyOf(body) < Math.min(rule.entropy ?? 0, 0.6 * Math.log2(body.length)))
    ) {
      if (!isMadeUp(body) && kindsOfCharacters(body) >= 2) return
      add({
        rule: rule.id,
        provider: rule.provider,
        what: rule.what,
        class: 'placeholder',
        kind: rule.kind,
        confidence: 'possible',
        secret,
        index,
        variable,
        rank: 1,
      })
      return
    }
    let { id, what, provider, rotate } = rule
    let value: SecretClass = rule.class
    if (rule.id.startsWith('stripe-') && /^[sp]k_/.test(secret)) {
      const shared = sharedPrefix.find(([pattern]) => variable !== null && pattern.test(variable))
      const clerk = secret.startsWith('pk_') && /^[a-z0-9.-]+\$$/.test(Buffer.from(body, 'base64').toString('latin1'))
      if (shared) [, provider, rotate] = shared
      else if (clerk) provider = 'Clerk'
    }
    if (
      rule.id === 'google-api-key' &&
      ((variable && /gemini|generative|palm|vertex|google_?ai/i.test(variable)) ||
        text.slice(Math.max(0, index - 300), end + 300).includes('generativelanguage.googleapis'))
    ) {
      // The same shape, but it pays for a model: not made to be seen.
      ;[value, rotate, id, what] = ['live', 'https://aistudio.google.com/apikey', 'gemini', 'Gemini API key']
    }
    if (isMadeUp(body) || /^(?:\.\.\.|…|\*{3})/.test(text.slice(end, end + 3))) value = 'placeholder'
    let verified = false
    if (rule.checksum && value === 'live') {
      const random = body.slice(0, -6)
      verified = crc32Base62(random) === body.slice(-6)
      // GitHub's sum is certain (no token of theirs fails it); npm's is said to be alike, and a leak weighs more than a doubt.
      if (!verified && rule.id === 'github-token') value = 'placeholder'
    }
    add({
      rule: id,
      provider,
      what,
      class: classify(value, verified),
      kind: rule.kind,
      confidence: 'certain',
      secret,
      index,
      variable,
      rotate,
      rank: 3,
    })
  }

  const tryName = (entry: NameRule, at: Assignment): void => {
    const { rule } = entry
    if (!entry.value.test(at.value) || (!entry.name.test(plainName(at.name)) && !entry.name.test(at.name))) return
    if (rule.class !== 'public' && entropyOf(at.value) < Math.min(rule.entropy ?? 0, 0.6 * Math.log2(at.value.length)))
      return
    const made =
      isMadeUp(at.value.replace(/^(?:secret|private|sk|pk|live|cal_live|A+)[_-]?/, '')) || isReference(at.value)
    const value: SecretClass = made
      ? 'placeholder'
      : kind === 'documentation' && rule.class !== 'public'
        ? 'documentation'
        : rule.class
    add({
      rule: rule.id,
      provider: rule.provider,
      what: rule.what,
      class: classify(value, false),
      kind: rule.kind,
      confidence: 'likely',
      secret: at.value,
      index: at.index,
      variable: at.name,
      rotate: rule.rotate,
      rank: 2,
    })
  }

  const tryGeneric = (at: Assignment): void => {
    if (!isSecretName(at.name)) return
    const base = {
      rule: 'generic',
      provider: 'your application',
      what: 'secret',
      secret: at.value,
      index: at.index,
      variable: at.name,
      rank: 0,
    }
    if (isEncrypted(at.value)) {
      add({ ...base, class: 'encrypted', kind: 'generic', confidence: 'likely' })
      return
    }
    const plain = plainName(at.name)
    if (!repo) {
      // A bundle is full of names; only what no person would type counts, and it stays a suspicion.
      if (
        looksRandom(at.value) &&
        at.value.length >= 24 &&
        /^[A-Za-z0-9+/_=-]+$/.test(at.value) &&
        entropyOf(at.value) >= (/^[0-9a-f]+$/i.test(at.value) ? 3 : 4)
      )
        add({ ...base, class: 'live', kind: 'generic', confidence: 'possible' })
      return
    }
    if (kind !== 'environment' && kind !== 'configuration' && kind !== 'code') return
    if (/(?:^|\/)(?:locales?|i18n|lang|translations?|messages)\//i.test(options.path)) return
    // Files of the local containers (cookiecutter-django keeps them in git): their passwords open these alone.
    if (/(?:^|\/)\.envs\/\.?(?:local|dev\w*|test\w*|ci)\//.test(options.path)) return
    // What a new project of Phoenix or Django signs its developers' cookies with guards nothing.
    if (developmentFile.test(options.path) && signingName.test(at.name)) return
    const password = passwordName.test(plain)
    if (password ? !looksLikePassword(at.value) : !looksRandom(at.value)) return
    add({
      ...base,
      what: password ? 'password' : 'secret',
      class: 'live',
      kind: 'password',
      confidence: kind === 'environment' ? 'likely' : 'possible',
    })
  }

  const tryPrivateKey = (index: number): void => {
    const match = matchAt(privateKey, text, index)
    if (!match) return
    const body = match[2]!.replace(/["']\s*\+\s*["']|\\[nr]|[\s"'\\,]/g, '')
    const around = text.slice(Math.max(0, index - 1500), index + match[0].length + 1500)
    const google =
      /["']?type["']?\s*:\s*["']service_account["']/.test(around) ||
      /client_email["']?\s*[:=]\s*["'][^"']+gserviceaccount/.test(around)
    const openssh =
      match[1]!.startsWith('OPENSSH') &&
      /bcrypt|aes\d/.test(Buffer.from(body.slice(0, 120), 'base64').toString('latin1'))
    const encrypted = match[1]!.startsWith('ENCRYPTED') || /Proc-Type:4,ENCRYPTED|DEK-Info/.test(body) || openssh
    const real =
      body.length >= 60 &&
      /[A-Za-z0-9+/=]{60}/.test(body) &&
      !/x{8}|\.{3}|…|(.)\1{15}/i.test(body.slice(0, 400).replace(/A{12,}/g, ''))
    const value: SecretClass = !real
      ? 'placeholder'
      : encrypted
        ? 'encrypted'
        : kind === 'documentation'
          ? 'documentation'
          : classify('live', false)
    add({
      rule: google ? 'google-service-account' : 'private-key',
      provider: google ? 'Google' : 'your servers',
      what: google ? 'service account key' : 'private key',
      class: value,
      kind: google ? 'service-role' : 'private-key',
      confidence: 'certain',
      secret: body,
      index,
      variable: variableBefore(text, index),
      rotate: google ? 'https://console.cloud.google.com/iam-admin/serviceaccounts' : null,
      rank: 4,
    })
  }

  const tryJwt = (index: number): void => {
    if (!beginsHere(text, index, true)) return
    const match = matchAt(jwtPattern, text, index)
    const token = match && decodeJwt(match[0])
    if (!match || !token) return
    const { role, iss, ref, aud } = token.payload
    // The audience of every API key of Lemon Squeezy's.
    if (aud === '94d59cef-dbb8-4ea5-b178-d2540fcd6919')
      add({
        rule: 'lemon-squeezy',
        provider: 'Lemon Squeezy',
        what: 'API key',
        class: classify('live', false),
        kind: 'token',
        confidence: 'certain',
        secret: match[0],
        index,
        variable: variableBefore(text, index),
        rotate: 'https://app.lemonsqueezy.com/settings/api',
        rank: 4,
      })
    if (role !== 'service_role' && role !== 'anon') return
    if (iss !== 'supabase' && iss !== 'supabase-demo' && typeof ref !== 'string') return
    const base = {
      provider: 'Supabase',
      secret: match[0],
      index,
      variable: variableBefore(text, index),
      confidence: 'certain' as const,
      rank: 4,
    }
    if (role === 'anon') add({ ...base, rule: 'supabase-anon', what: 'anonymous key', class: 'public', kind: 'token' })
    else
      add({
        ...base,
        rule: 'supabase-service-role',
        what: 'service_role key',
        class: iss === 'supabase-demo' ? 'documentation' : classify('live', false),
        kind: 'service-role',
        rotate: 'https://supabase.com/dashboard/project/_/settings/api-keys',
      })
  }

  const tryUrl = (index: number): void => {
    const match = matchAt(credentialUrl, text, index)
    if (!match) return
    const [whole, user = '', password, host = ''] = match
    const web = /^https?:/i.test(whole)
    const base = { secret: whole, index, variable: variableBefore(text, index), rank: 3, kind: 'password' as const }
    if (password === undefined) {
      if (web && /^[0-9a-f]{32}$/.test(user) && /sentry|ingest/.test(host))
        add({
          ...base,
          rule: 'sentry-dsn',
          provider: 'Sentry',
          what: 'DSN',
          class: 'public',
          kind: 'token',
          confidence: 'certain',
        })
      return
    }
    if (!beginsHere(text, index, true)) return
    let decoded = password
    try {
      decoded = decodeURIComponent(password)
    } catch {}
    const scheme = whole.slice(0, whole.indexOf(':')).toLowerCase()
    const empty =
      isReference(password) ||
      /[${}<>*]|^%|\[|^(?:user|pass|password|pw|secret|token|key)$/i.test(password) ||
      decoded.length < 4 ||
      /[${}<>]/.test(user + host)
    const real = looksRandom(decoded) || looksLikePassword(decoded)
    // Nobody ships a manual's address with a password that no person would type.
    const shipped = !repo && real && /\.example$/i.test(host)
    const local = localHost.test(host) || (privateHost.test(host) && !real)
    const madeUp =
      defaultPasswords.has(decoded.toLowerCase()) ||
      decoded === user ||
      placeholderWords.test(decoded) ||
      hasSequence(decoded) ||
      placeholderWords.test(
        kind === 'environment' && real
          ? host.replace(/\.example$|example\.\w+$/i, '')
          : shipped
            ? host.replace(/\.example$/i, '')
            : host,
      ) ||
      (words.test(decoded) && /^user(?:name)?$/i.test(user)) ||
      (words.test(decoded) && /pass|secret|random/i.test(decoded))
    if (empty && !looksRandom(password)) return
    const value: SecretClass =
      empty || local || madeUp
        ? 'placeholder'
        : (documentationHost.test(host) &&
              !((kind === 'environment' || (!repo && /\.example$/i.test(host))) && real)) ||
            (kind === 'documentation' && !looksRandom(decoded))
          ? 'documentation'
          : classify('live', false)
    // Credentials in a web address are mostly tokens that another rule knows; plain ones count where they look real.
    if (web && value === 'live' && !looksRandom(decoded) && !looksLikePassword(decoded)) return
    add({
      ...base,
      rule: 'credentials-in-url',
      provider: web
        ? host
        : scheme
            .replace(/^mongodb.*/, 'MongoDB')
            .replace(/^postgres.*/, 'PostgreSQL')
            .replace(/^m(?:ysql|ariadb).*/, 'MySQL')
            .replace(/^rediss?$/, 'Redis'),
      what: web ? 'address with its password' : 'connection with its password',
      class: value,
      kind: 'token',
      confidence: 'likely',
    })
  }

  const tryPhrase = (literal: string, index: number): void => {
    if (
      !repo ||
      kind === 'lock' ||
      kind === 'generated' ||
      kind === 'test' ||
      kind === 'documentation' ||
      kind === 'example'
    )
      return
    for (const phrase of phrases) {
      if (phrase.literal !== literal) continue
      const match = matchAt(phrase.pattern, text, index)
      if (!match) continue
      const secret = match.at(-1)!
      const host = phrase.host ? match.at(-2)!.replace(/[,:]\d+$/, '') : ''
      if (
        phrase.host &&
        (localHost.test(host) || privateHost.test(host) || documentationHost.test(host) || /[${}<>%]/.test(host))
      )
        continue
      if (!looksRandom(secret) && !(phrase.password && looksLikePassword(secret))) continue
      const at = index + match[0].lastIndexOf(secret)
      add({
        rule: 'phrase',
        provider: 'your application',
        what: phrase.what,
        class: 'live',
        kind: 'password',
        confidence: 'possible',
        secret,
        index: at,
        variable: null,
        rank: 1,
      })
    }
  }

  const tryPair = (literal: string, index: number): void => {
    if (kind === 'lock') return
    for (const pair of pairs) {
      if (!pair.literals.includes(literal)) continue
      const match = matchAt(pair.pattern, text, index)
      const secret = match?.at(-1)
      if (!match || !secret || entropyOf(secret) < 2.8) continue
      const at = index + match[0].lastIndexOf(secret)
      add({
        rule: pair.rule,
        provider: pair.provider,
        what: pair.what,
        class: isMadeUp(secret) ? 'placeholder' : kind === 'documentation' ? 'documentation' : classify('live', false),
        kind: 'token',
        confidence: 'likely',
        secret,
        index: at,
        variable: variableBefore(text, at),
        rotate: pair.rotate,
        rank: 2,
      })
    }
  }

  const tryAll = (candidate: Candidate, index: number): void => {
    for (const entry of candidate.prefix) tryPrefix(entry, index, candidate.literal)
    if (candidate.special === 'private-key') tryPrivateKey(index)
    else if (candidate.special === 'jwt') tryJwt(index)
    else if (candidate.special === 'url') tryUrl(index)
    else if (candidate.special === 'phrase') tryPhrase(candidate.literal, index)
    else if (candidate.special === 'pair') tryPair(candidate.literal, index)
    if ((candidate.names.length === 0 && candidate.special !== 'generic') || !byNames) return
    const seen = index < lastName
    if (!seen) {
      assignment = assignmentAt(text, index, unquoted, wholeLine)
      lastName = assignment ? assignment.end : -1
    }
    if (!assignment || assignment.value === '') return
    for (const entry of candidate.names) tryName(entry, assignment)
    if (candidate.special === 'generic') tryGeneric(assignment)
  }

  if (repo && /^kind:\s*["']?Secret\b/m.test(text) && kind !== 'test' && kind !== 'documentation')
    for (const entry of encodedValues(text)) {
      const [inner] = scanText(`${entry.name}="${entry.decoded}"`, options)
      covered.push([entry.index, entry.index + entry.length])
      if (inner)
        add({
          ...inner,
          secret: entry.encoded,
          variable: entry.name,
          index: entry.index,
          rank: 5,
          rotate: inner.rotate,
        })
    }
  const length = text.length
  const limit = (options.maxHits ?? 500) * 4
  let sum = 0
  for (let at = 0; at < length; at++) {
    sum = ((sum << 5) ^ (text.charCodeAt(at) | 0x20)) & 0x7fff
    const list = table[sum]!
    if (list === 0 || at < 2) continue
    const start = at - 2
    for (const candidate of lists[list]!) {
      const { literal } = candidate
      if (
        candidate.folded
          ? text.slice(start, start + literal.length).toLowerCase() === literal
          : text.startsWith(literal, start)
      )
        tryAll(candidate, start)
    }
    if (found.length > limit) break
  }
  if (repo && railsKey.test(options.path) && /^\s*[0-9a-f]{32}\s*$/.test(text.slice(0, 100)))
    add({
      rule: 'rails-master-key',
      provider: 'Rails',
      what: 'master key',
      class: classify('live', false),
      kind: 'password',
      confidence: 'certain',
      secret: text.trim(),
      index: text.search(/\S/),
      variable: null,
      rank: 3,
    })
  return settle(
    text,
    found.filter(({ index, rank }) => rank === 5 || !covered.some(([from, to]) => index >= from && index < to)),
    options.maxHits ?? 500,
  )
}

/** Values of a Kubernetes Secret, which stand there in base64: no cipher, only another spelling. */
const encodedValues = function* (
  text: string,
): Generator<{ name: string; encoded: string; decoded: string; index: number; length: number }> {
  for (const match of text.matchAll(
    /^[ \t]+["']?([\w.-]{1,100})["']?:[ \t]*["']?([A-Za-z0-9+/]{8,16000}={0,2})["']?[ \t]*\r?$/gm,
  )) {
    const [whole, name, encoded] = match as unknown as [string, string, string]
    if (encoded.length % 4 !== 0) continue
    const decoded = Buffer.from(encoded, 'base64').toString('utf8')
    if (/[^\t\n\r\x20-\x7e]/.test(decoded)) continue
    yield {
      name,
      encoded,
      decoded: decoded.trim(),
      index: match.index + whole.indexOf(encoded),
      length: encoded.length,
    }
  }
}

/** Of overlapping hits the surest, then the longest; each with its place in the text. */
const settle = (text: string, found: Found[], maxHits: number): SecretHit[] => {
  found.sort((a, b) => b.rank - a.rank || b.secret.length - a.secret.length || a.index - b.index)
  const kept: Found[] = []
  for (const hit of found) {
    const end = hit.index + hit.secret.length
    if (!kept.some(other => hit.index < other.index + other.secret.length && other.index < end)) kept.push(hit)
    if (kept.length >= maxHits) break
  }
  kept.sort((a, b) => a.index - b.index)
  let line = 1
  let lineStart = 0
  return kept.map(({ rank: _, ...hit }) => {
    for (
      let next = text.indexOf('\n', lineStart);
      next !== -1 && next < hit.index;
      next = text.indexOf('\n', lineStart)
    ) {
      line++
      lineStart = next + 1
    }
    return {
      ...hit,
      hash: createHash('sha256').update(hit.secret).digest('hex'),
      line,
      column: hit.index - lineStart + 1,
    }
  })
}
