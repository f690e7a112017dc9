// What a value is by its looks: a reference, encrypted, a placeholder, made up by a person, random, a password.
import { crc32 } from 'node:zlib'
import { defaultPasswords, documentedFragments, placeholderWords } from '../../data/secret-shapes.ts'

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
export const hasSequence = (text: string): boolean => {
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

/** Two runs woven into one: a1b2c3d4e5f6. */
const isWoven = (text: string): boolean => {
  const every = (from: number): string => [...text].filter((_, at) => at % 2 === from).join('')
  const run = (part: string): boolean => {
    let steps = 0
    for (let at = 1; at < part.length; at++) steps += Number(part.charCodeAt(at) - part.charCodeAt(at - 1) === 1)
    return steps >= 0.75 * (part.length - 1)
  }
  return text.length >= 12 && text.length <= 128 && run(every(0)) && run(every(1))
}

/** A hash of a password is no password: bcrypt, argon2, crypt(3), Django's, LDAP's. */
const passwordHash =
  /^\$(?:2[abxy]?|argon2\w*|pbkdf2[\w-]*|scrypt|[1567y]|apr1)\$|^(?:pbkdf2_sha\d+|bcrypt\w*|argon2\w*|scrypt)\$|^\{(?:S?SHA\d*|CRYPT|MD5)\}/i

const bodyWords =
  /example|placeholder|change_?me|replace|redacted|dummy|invalid|notreal|secret_?key_?here|(?:token|string|key)here|your_?(?:api|key|secret|token)|x{6}|(.)\1{7}|\*{3}|\.{3}|(?:^|[-_.])(?:fake|test|demo|sample|todo|your|my|foo|bar|here|key|token|secret)(?:[-_.]|$)/i

/** Base64 of letters alone, which somebody typed: bytes by chance are letters once in five. */
const isTypedText = (body: string): boolean => {
  if (body.length < 24 || body.length > longestMarker || !/^[A-Za-z0-9+/_-]+$/.test(body)) return false
  const decoded = Buffer.from(body, 'base64').toString('latin1')
  return decoded.replace(/[^A-Za-z]/g, '').length >= 0.9 * decoded.length
}

/** Whether the part of a token behind its prefix was made up by a person. */
export const isMadeUp = (body: string): boolean =>
  bodyWords.test(body) ||
  hasSequence(body) ||
  isTypedText(body) ||
  documentedFragments.some(fragment => body.includes(fragment))

export const kindsOfCharacters = (text: string): number =>
  Number(/[a-z]/.test(text)) + Number(/[A-Z]/.test(text)) + Number(/[0-9]/.test(text))

/** A value that stands for another: `${NAME}`, `{{ name }}`, `<name>`, `%NAME%`, `$(command)`, `process.env.NAME`, `op://vault/item`. */
export const isReference = (value: string): boolean =>
  /^\$\{?[A-Za-z_(]|\$\{|#\{|\{\{|^<[^<>]*>$|^%[\w-]+%$|^%\(?\w|^#\{|^\[[^\]]*\]$|^(?:op|vault|secret|secrets|ssm|sm|doppler|env|file|keyring|aws|gcp|azure|ref\+\w+):\/?\/|^(?:process\.env|os\.environ|ENV\[|env\(|import\.meta|vars\.|var\.|secrets\.|local\.|data\.|module\.|arn:aws:|projects\/)|^!(?:Ref|Sub|GetAtt|ImportValue)|^(?:ENC|enc)\[/.test(
    value,
  )

/**
 * A value of use to nobody without a key that is elsewhere: dotenvx, SOPS, hiera-eyaml, Ansible Vault, age, PGP, HashiCorp's transit, AWS KMS,
 * Jasypt, EJSON, Spring Cloud Config, Fernet, Pulumi, a JSON Web Encryption (RFC 7516), and a sealed secret of Kubernetes, which begins with
 * the length (two bytes) of a session key that RSA encrypted, of 256 to 1,023 bytes.
 */
export const isEncrypted = (value: string): boolean =>
  /^(?:encrypted:[A-Za-z0-9+/=]{20,}|ENC\[(?:AES256_GCM|PKCS7|GPG),|\$ANSIBLE_VAULT;|age-encryption\.org\/v1|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----|vault:v\d+:[A-Za-z0-9+/=]{20,}|AQ[EI]CAH[A-Za-z0-9+/=]{60,}|ENC\([A-Za-z0-9+/=]{16,}\)|EJ\[\d:[A-Za-z0-9+/=]{40,64}:|\{cipher\}\S{16,}|gAAAAA[A-Za-z0-9_-]{90,}={0,2}$|v1:[A-Za-z0-9+/=]{12,24}:[A-Za-z0-9+/=]{16,}$|A[gQ][A-Q][A-Za-z0-9+/]{350,}={0,2}$)/.test(
    value,
  ) || isEncryptedToken(value)

/** The compact form of a JSON Web Encryption: five parts, and a header that names how the content is encrypted. */
const isEncryptedToken = (value: string): boolean => {
  const header = /^(eyJ[\w-]{10,1000})\.[\w-]{0,2000}\.[\w-]{10,200}\.[\w-]+\.[\w-]{10,100}$/.exec(
    value.slice(0, longestMarker),
  )?.[1]
  return header !== undefined && Buffer.from(header, 'base64url').toString('latin1').includes('"enc"')
}

/** A value that only marks where one belongs, or that guards nothing. */
export const isPlaceholder = (given: string): boolean => isMarker(given.slice(0, longestMarker))

const longestMarker = 4000

const likeLetters: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
}

/** A placeholder that only looks random: `S0m3R@nd0mStr1ng`. Short words would turn up by chance. */
const isDisguised = (value: string): boolean =>
  /some-?_?(?:random|secret)|random-?_?(?:string|key|secret)|change-?_?(?:me|this)|replace-?_?(?:me|this)|your-?_?(?:secret|key|token|pass)|(?:secret|key|token)-?_?here|placeholder|example/i.test(
    value.replace(/[013457@$]/g, mark => likeLetters[mark]!),
  )

/** What is to be filled in, in words: `16-digit-app-password`. */
const describesItself =
  /^(?:[a-z]{2,12}|\d{1,3})(?:[-_ ](?:[a-z]{2,12}|\d{1,3})){1,6}[-_ ](?:password|passwd|passphrase|token|secret)$/

const isMarker = (value: string): boolean =>
  value === '' ||
  isReference(value) ||
  defaultPasswords.has(value.toLowerCase()) ||
  // A default with a year or a mark behind it is still one: Password#123.
  (value.length <= 16 && defaultPasswords.has(value.toLowerCase().replace(/[\d!@#$%_.-]+$/, ''))) ||
  placeholderWords.test(value) ||
  describesItself.test(value) ||
  isDisguised(value) ||
  hasSequence(value) ||
  isWoven(value) ||
  passwordHash.test(value) ||
  documentedFragments.some(fragment => value.includes(fragment)) ||
  /^(.)\1*$/.test(value)

/** A word, or words joined: no secret is one. */
export const words = /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/

/** A part that no person writes: a token of several parts is more than a path of names. */
const isDense = (part: string): boolean => part.length >= 20 && kindsOfCharacters(part) === 3 && entropyOf(part) >= 4

/** Whether a value could be a random secret: long, dense, of mixed characters, and no name, path, address, date, version or colour. */
export const looksRandom = (value: string): boolean => {
  if (
    value.length < 16 ||
    value.length > 1024 ||
    /[\s()|]|\]\{|^\{.*\}$/.test(value) ||
    isPlaceholder(value) ||
    words.test(value)
  )
    return false
  if (
    /^(?:https?:|wss?:|data:|blob:|\.{0,2}\/|@|#|--|\w+\(|[\w.-]+@[\w-]+\.\w+$)/.test(value) ||
    (/^[\w-]+(?:[.:/][\w.-]+)+$/.test(value) && !value.split(/[.:/]/).some(isDense))
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

/** Whether marks in a value read as syntax (`<b>`, `a|b`, `{name}`) and not as marks of a password that a machine made. */
const isTemplated = (value: string): boolean =>
  /\$[A-Za-z_]{4,}|\$[A-Z_]{2,}$|\$\(|\{\{|\{\w*\}|<\/?(?![\w -]{0,80}[A-Za-z]\d[A-Za-z])[\w -]*>|=>|\|\|/.test(
    value,
  ) ||
  (/[{}<>|]|\$[A-Za-z(]/.test(value) && kindsOfCharacters(value) < 3)

/** A path, a route or a rate: `auth/reset/:token`, `login#new`, `5/m/user`. */
const isRoute = (value: string): boolean =>
  /^(?::?[A-Za-z_-]+|\d+)(?:[/#]:?[A-Za-z_-]*)+$/.test(value) || /^\w+(?:\/:\w+)+$/.test(value)

/** Whether a value could be a password that a person chose or a machine made, and that guards something. */
export const looksLikePassword = (value: string): boolean => {
  if (/^anonymous\b/i.test(value)) return false
  if (value.length < 8 || value.length > 256 || /\s/.test(value) || isPlaceholder(value) || words.test(value))
    return false
  if (
    /^(?:https?:|\.{0,2}\/|[\w.-]+@[\w-]+\.\w+$|[a-z]+(?:[A-Z][a-z]+)*\(|--?\w)/.test(value) ||
    /^[a-zA-Z][\w-]*(?:\.[\w-]+)+$/.test(value) ||
    isTemplated(value) ||
    isRoute(value)
  )
    return false
  // A label of a form (`Password*`) and the name of a rule (`must_contain_1_number`) are words.
  if (
    /^(?:(?:confirm|new|old|current|repeat|enter|your)[-_ ]?)?pass(?:word|code|phrase)?\W*$/i.test(value) ||
    /^[a-z]+(?:[-_](?:[a-z]+|\d{1,3})){2,}$/.test(value)
  )
    return false
  // Rules of a form (`required|min:8`), and an expression to look for text with.
  if (/^[a-z_]+(?::[^|]{0,60})?(?:\|[a-z_]+(?::[^|]{0,60})?)+$/.test(value) || /^\^?\.[*+]/.test(value)) return false
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
