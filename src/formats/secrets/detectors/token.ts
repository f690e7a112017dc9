// JSON Web Tokens whose payload says whose they are: keys of Supabase and Lemon Squeezy.
import { beginsHere, matchAt, variableBefore } from '../assignment.ts'
import { decodeJwt } from '../jwt.ts'
import { classIn, type Detector } from './looked.ts'

const jwtPattern = /eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{10,1200}/y

/** The audience of every API key of Lemon Squeezy's. */
const lemonSqueezy = '94d59cef-dbb8-4ea5-b178-d2540fcd6919'

export const webToken: Detector = (at, index) => {
  const { text } = at
  if (!beginsHere(text, index, true)) return null
  const match = matchAt(jwtPattern, text, index)
  const token = match && decodeJwt(match[0])
  if (!match || !token) return null
  const { role, iss, ref, aud } = token.payload
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
  if (role !== 'service_role' && role !== 'anon') return null
  if (iss !== 'supabase' && iss !== 'supabase-demo' && typeof ref !== 'string') return null
  const ours = { ...base, provider: 'Supabase' }
  if (role === 'anon')
    return { ...ours, rule: 'supabase-anon', what: 'anonymous key', class: 'public', kind: 'token', rotate: null }
  return {
    ...ours,
    rule: 'supabase-service-role',
    what: 'service_role key',
    class: iss === 'supabase-demo' ? 'documentation' : classIn(at, 'live'),
    kind: 'service-role',
    rotate: 'https://supabase.com/dashboard/project/_/settings/api-keys',
  }
}
