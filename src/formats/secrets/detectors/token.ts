// JSON Web Tokens whose payload says whose they are: keys of Supabase and Lemon Squeezy.
import { createHmac } from 'node:crypto'
import { defaultPasswords } from '../../../data/secret-shapes.ts'
import { beginsHere, matchAt, variableBefore } from '../assignment.ts'
import type { Found } from '../hit.ts'
import { decodeJwt } from '../jwt.ts'
import { isSecretName } from '../names.ts'
import { isPlaceholder } from '../values.ts'
import { classIn, type Detector, isShownAsExample, type Looked } from './looked.ts'

const jwtPattern = /eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{10,1200}/y

/** The audience of every API key of Lemon Squeezy's. */
const lemonSqueezy = '94d59cef-dbb8-4ea5-b178-d2540fcd6919'

/** Seconds of a day: what lives no longer is of no use to who finds it in a repository. */
const day = 86_400

const hashes: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' }

/** Whether a word that everybody tries signed a token: it is for trying, and guards nothing that it does not give away. */
const isSignedByDefault = (token: string): boolean => {
  const hash = hashes[String(decodeJwt(token)?.header['alg'])]
  if (hash === undefined) return false
  const [signed, signature] = [token.slice(0, token.lastIndexOf('.')), token.slice(token.lastIndexOf('.') + 1)]
  return [...defaultPasswords].some(word => createHmac(hash, word).update(signed).digest('base64url') === signature)
}

/** A token that opens something for long, where the name that holds it or the header says so. */
const namedToken = (
  at: Looked,
  base: Pick<Found, 'secret' | 'index' | 'variable' | 'rank'>,
  { exp, iat }: Record<string, unknown>,
): Found | null => {
  const { text, repo, kind } = at
  const inHeader = /bearer\s{1,4}$/i.test(text.slice(Math.max(0, base.index - 12), base.index))
  if (!repo || kind === 'test' || kind === 'documentation' || kind === 'example' || kind === 'lock') return null
  if (!inHeader && !(base.variable && isSecretName(base.variable))) return null
  if (isPlaceholder(base.secret) || isShownAsExample(text, base.index, base.variable)) return null
  const short = typeof exp === 'number' && typeof iat === 'number' && exp - iat <= day
  if (short) return null
  return {
    ...base,
    rule: 'signed-token',
    provider: 'your application',
    what: 'signed token',
    class: isSignedByDefault(base.secret) ? 'documentation' : classIn(at, 'live'),
    kind: 'token',
    confidence: at.development ? 'possible' : 'likely',
    rotate: null,
    rank: 1,
    ...(typeof exp === 'number' ? { expires: exp } : {}),
  }
}

export const webToken: Detector = (at, index) => {
  const { text } = at
  if (!beginsHere(text, index, true)) return null
  const match = matchAt(jwtPattern, text, index)
  const token = match && decodeJwt(match[0])
  if (!match || !token) return null
  const { role, iss, ref, aud, iat } = token.payload
  const base = {
    secret: match[0],
    index,
    variable: variableBefore(text, index),
    confidence: 'certain' as const,
    rank: 4,
  }
  if (aud === lemonSqueezy)
    return {
      ...base,
      rule: 'lemon-squeezy',
      provider: 'Lemon Squeezy',
      what: 'API key',
      class: classIn(at, 'live'),
      kind: 'token',
      rotate: 'https://app.lemonsqueezy.com/settings/api',
    }
  if (role !== 'service_role' && role !== 'anon') return namedToken(at, base, token.payload)
  if (iss !== 'supabase' && iss !== 'supabase-demo' && typeof ref !== 'string')
    return namedToken(at, base, token.payload)
  const ours = { ...base, provider: 'Supabase' }
  if (role === 'anon')
    return { ...ours, rule: 'supabase-anon', what: 'anonymous key', class: 'public', kind: 'token', rotate: null }
  return {
    ...ours,
    rule: 'supabase-service-role',
    what: 'service_role key',
    // Projects that Supabase hosts are named by twenty letters; one that bears a name of its own runs on a laptop.
    ...(typeof ref === 'string' && !/^[a-z]{20}$/.test(ref) ? { confidence: 'possible' as const } : {}),
    class: iss === 'supabase-demo' ? 'documentation' : classIn(at, 'live'),
    kind: 'service-role',
    ...(typeof ref === 'string' && typeof iat === 'number' ? { issued: { to: ref.slice(0, 40), at: iat } } : {}),
    rotate: 'https://supabase.com/dashboard/project/_/settings/api-keys',
  }
}
