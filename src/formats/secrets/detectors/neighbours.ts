// Secrets without a shape of their own, told by what stands beside them: phrases (`bearer …`, `machine … password …`) and pairs.
import { matchAt, variableBefore } from '../assignment.ts'
import type { Found } from '../hit.ts'
import { servesProduction } from '../path-kind.ts'
import { entropyOf, isMadeUp, looksLikePassword, looksRandom } from '../values.ts'
import { documentationHost, localHost, privateHost } from './hosts.ts'
import { type Detector, type Looked, liveIn } from './looked.ts'

/** Places where a secret stands without a variable. The last group of `pattern` is the secret, the one before it the host where there is one. */
export type Phrase = {
  literals: readonly string[]
  pattern: RegExp
  what: string
  host?: boolean
  password?: boolean
  /** The secret is a pair of name and password in base64. */
  basic?: boolean
}
const connectionString =
  /(?:server|data source|host|addr|address)\s?=\s?(?:tcp:)?([^;"'\s]{1,200});(?:[^;"'\n]{0,80};){0,12}?\s?(?:password|pwd)\s?=\s?([^;"'\n]{4,200})/iy
const parameters = ['api_key', 'apikey', 'access_token', 'auth_token', 'client_secret', 'token']
export const phrases: readonly Phrase[] = [
  {
    literals: ['server=', 'data source=', 'host='],
    pattern: connectionString,
    what: 'password of a connection',
    host: true,
    password: true,
  },
  {
    // libpq's own form: host=db.example user=app password=…
    literals: ['host='],
    pattern: /host=([^\s"';]{1,200})\s(?:[^\n"';]{0,200}\s)?password=([^\s"';]{4,200})/iy,
    what: 'password of a connection',
    host: true,
    password: true,
  },
  { literals: ['bearer '], pattern: /bearer\s+([A-Za-z0-9_~+/.=-]{20,500})(?![\w.])/iy, what: 'access token' },
  {
    literals: ['authorization'],
    pattern:
      /authorization["'`]?\]?\s{0,4}[:=,]\s{0,4}["'`]?(?:token|apikey|api-key|key)\s+(?:token=)?["']?([A-Za-z0-9_~+/.=-]{20,500})(?![\w.])/iy,
    what: 'access token',
  },
  {
    literals: ['basic '],
    pattern: /basic\s+([A-Za-z0-9+/]{12,400}={0,2})(?![\w+/=])/iy,
    what: 'name and password',
    basic: true,
  },
  {
    literals: ['curl '],
    pattern:
      /curl\s(?:(?:[^\n|;\\]|\\[\s\S]){0,400}?\s)?(?:-u|--user)[\s=]{0,2}["']?[^\s:"'$]{0,64}:([^\s"'$]{6,128})/iy,
    what: 'password',
    password: true,
  },
  {
    literals: ['jwt.sign(', 'jwt.verify('],
    pattern: /jwt\.(?:sign|verify)\((?!["'`])[^,()]{1,200},\s*["'`]([^"'`\n]{8,300})["'`]/iy,
    what: 'signing secret',
    password: true,
  },
  {
    literals: ['machine '],
    pattern: /machine\s+(\S{1,200})\s+login\s+\S{1,200}\s+password\s+(\S{4,200})/iy,
    what: 'password',
    host: true,
    password: true,
  },
  {
    literals: ['mysql ', 'mysqldump ', 'mysqladmin '],
    pattern: /mysql\w{0,6}\s[^\n|;]{0,200}?(?<=\s)-p([^\s"'$`-][^\s"'$`]{5,127})/iy,
    what: 'password',
    password: true,
  },
  { literals: ['sshpass '], pattern: /sshpass\s+-p\s?["']?([^\s"'$`]{6,128})/iy, what: 'password', password: true },
  {
    literals: ['requirepass ', 'masterauth ', 'redis-cli '],
    pattern:
      /(?:--?requirepass|requirepass|masterauth|redis-cli\s[^\n|;]{0,200}?(?<=\s)-a)[\s=]{1,4}["']?([^\s"'$`]{6,128})/iy,
    what: 'password of Redis',
    password: true,
  },
  {
    literals: ['pgpassword=', 'mysql_pwd=', 'sshpass=', 'rediscli_auth='],
    pattern: /(?:pgpassword|mysql_pwd|sshpass|rediscli_auth)=["']?(?![.+])([^\s"'$`]{6,128})/iy,
    what: 'password',
    password: true,
  },
  {
    literals: ['alter role', 'alter user', 'create role', 'create user'],
    pattern:
      /(?:alter|create)\s+(?:role|user)\s[^;\n]{1,200}?(?:password|identified\s+by)\s+["'`]([^"'`\n]{6,128})["'`]/iy,
    what: 'password of a database',
    password: true,
  },
  {
    literals: parameters.flatMap(name => [`?${name}=`, `&${name}=`]),
    pattern: /[?&]\w{3,16}=(?!pk_|[0-9a-f]{8}-[0-9a-f]{4}-)([A-Za-z0-9_.%~+-]{16,300})/iy,
    what: 'key in an address',
  },
]

/** Secrets without a shape of their own that stand beside what has one. The last group of `pattern` is the secret. */
export type Pair = {
  literals: readonly string[]
  pattern: RegExp
  rule: string
  provider: string
  what: string
  rotate: string
}
export const pairs: readonly Pair[] = [
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
    // The id and the secret of a token, which are handed over together.
    literals: ['ak-'],
    pattern: /ak-[A-Za-z0-9]{22}(?!\w)[^\n]{0,80}?["'`](as-[A-Za-z0-9]{22})(?!\w)/y,
    rule: 'modal-token',
    provider: 'Modal',
    what: 'token secret',
    rotate: 'https://modal.com/settings/tokens',
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

/** Kinds of files in which a phrase is no secret. */
const noPhrases = new Set(['lock', 'generated', 'test', 'documentation', 'example'])

/** The password of a pair in base64, where it is one that somebody uses. */
const isPair = (encoded: string): boolean => {
  const [user, ...rest] = Buffer.from(encoded, 'base64').toString('latin1').split(':')
  const password = rest.join(':')
  return (
    /^[\x21-\x7e]{1,100}$/.test(user!) &&
    /^[\x20-\x7e]*$/.test(password) &&
    (looksRandom(password || user!) || looksLikePassword(password))
  )
}

const guardsNothing = (host: string): boolean =>
  localHost.test(host) || privateHost.test(host) || documentationHost.test(host) || /[${}<>%]/.test(host)

/** What a phrase holds at a place, or null. */
const phraseAt = ({ text, path, development }: Looked, found: Phrase, index: number): Found | null => {
  const match = matchAt(found.pattern, text, index)
  if (!match) return null
  const secret = match.at(-1)!
  if (found.host && guardsNothing(match.at(-2)!.replace(/[,:]\d+$/, ''))) return null
  const real = found.basic
    ? isPair(secret)
    : looksRandom(secret) || (found.password === true && looksLikePassword(secret))
  if (!real || isMadeUp(secret)) return null
  return {
    rule: 'phrase',
    provider: 'your application',
    what: found.what,
    class: 'live',
    kind: 'password',
    confidence: !development && servesProduction(path) ? 'likely' : 'possible',
    secret,
    index: index + match[0].lastIndexOf(secret),
    variable: null,
    rotate: null,
    rank: 1,
  }
}

export const phrase: Detector = (at, index, literal) => {
  if (!at.repo || noPhrases.has(at.kind)) return null
  for (const found of phrases) {
    const hit = found.literals.includes(literal) ? phraseAt(at, found, index) : null
    if (hit) return hit
  }
  return null
}

export const pair: Detector = (at, index, literal) => {
  if (at.kind === 'lock') return null
  const found = pairs.find(one => one.literals.includes(literal))
  const match = found && matchAt(found.pattern, at.text, index)
  const secret = match?.at(-1)
  if (!match || !secret || entropyOf(secret) < 2.8) return null
  const where = index + match[0].lastIndexOf(secret)
  return {
    rule: found.rule,
    provider: found.provider,
    what: found.what,
    class: isMadeUp(secret) ? 'placeholder' : liveIn(at),
    kind: 'token',
    confidence: 'likely',
    secret,
    index: where,
    variable: variableBefore(at.text, where),
    rotate: found.rotate,
    rank: 2,
  }
}
