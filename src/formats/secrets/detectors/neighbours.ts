// Secrets without a shape of their own, told by what stands beside them: phrases (`bearer …`, `machine … password …`) and pairs.
import { matchAt, variableBefore } from '../assignment.ts'
import { entropyOf, isMadeUp, looksLikePassword, looksRandom } from '../values.ts'
import { documentationHost, localHost, privateHost } from './hosts.ts'
import { type Detector, liveIn } from './looked.ts'

/** Places where a secret stands without a variable. The last group of `pattern` is the secret, the one before it the host where there is one. */
export type Phrase = { literal: string; pattern: RegExp; what: string; host: boolean; password: boolean }
const connectionString =
  /(?:server|data source|host|addr|address)\s?=\s?(?:tcp:)?([^;"'\s]{1,200});(?:[^;"'\n]{0,80};){0,12}?\s?(?:password|pwd)\s?=\s?([^;"'\n]{4,200})/iy
export const phrases: readonly Phrase[] = [
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

export const phrase: Detector = ({ text, repo, kind }, index, literal) => {
  if (!repo || noPhrases.has(kind)) return null
  const found = phrases.find(one => one.literal === literal)
  const match = found && matchAt(found.pattern, text, index)
  if (!match) return null
  const secret = match.at(-1)!
  const host = found.host ? match.at(-2)!.replace(/[,:]\d+$/, '') : ''
  if (
    found.host &&
    (localHost.test(host) || privateHost.test(host) || documentationHost.test(host) || /[${}<>%]/.test(host))
  )
    return null
  if (!looksRandom(secret) && !(found.password && looksLikePassword(secret))) return null
  return {
    rule: 'phrase',
    provider: 'your application',
    what: found.what,
    class: 'live',
    kind: 'password',
    confidence: 'possible',
    secret,
    index: index + match[0].lastIndexOf(secret),
    variable: null,
    rotate: null,
    rank: 1,
  }
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
