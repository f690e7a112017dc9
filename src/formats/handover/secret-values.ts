// A handover names secrets and never holds them: what looks like one is told, with why.
import { scanText } from '../secrets/scan.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Paths and names of things are many short words. */
const isNamed = (word: string): boolean => !uuid.test(word) && word.split(/[/_.-]/).every(part => part.length < 16)

const isToken = (word: string): boolean =>
  word.length >= 20 &&
  !isNamed(word) &&
  /^[A-Za-z0-9+/_=.-]+$/.test(word) &&
  !/^[a-z-]+$|\.[a-z]{2,}(?:$|\/)/i.test(word) &&
  /\d/.test(word) &&
  /[A-Za-z]/.test(word) &&
  new Set(word).size >= 10

const ofUrl = (url: URL): string | null => {
  if (url.password !== '') return 'an address with its password'
  const named = [...url.searchParams].find(
    ([name, value]) => /token|key|secret|password|signature|sig|auth/i.test(name) && value.length >= 8,
  )
  if (named) return 'a link with a token in it'
  return /^(?:hooks\.slack\.com|discord(?:app)?\.com|hc-ping\.com)$/.test(url.hostname) &&
    /\/(?:services|api\/webhooks)\/|[0-9a-f-]{36}/.test(url.pathname)
    ? 'a link that lets whoever has it post'
    : null
}

/** What a value is that must not stand in a handover; null where it may. */
export const secretIn = (value: string): string | null => {
  if (/\$\{[A-Za-z_]\w*\}/.test(value)) return null
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value)) return 'a private key'
  const hit = scanText(`value: ${value}`, { path: 'launch-ready.handover.yaml', where: 'repo', maxHits: 5 }).find(
    ({ class: kind }) => kind === 'live' || kind === 'test' || kind === 'placeholder',
  )
  // A sentence may speak of a password; what follows the word and a sign is one.
  const said = /\b(?:password|passwort|passwd|token|api[ _-]?key|secret|pin)\b\s*(?:is|=|:)\s*["']?(\S{6,})/i.exec(
    value,
  )
  if (said && /[\d\W_]/.test(said[1]!) && !/^https?:/.test(said[1]!)) return 'a password or key'
  if (hit && hit.confidence !== 'possible') return hit.what
  for (const word of value.split(/\s+/)) {
    if (/^[a-z][a-z+.-]*:\/\//i.test(word)) {
      const found = URL.canParse(word) ? ofUrl(new URL(word)) : null
      if (found) return found
    } else if (!word.includes('@') && isToken(word.replace(/[.,;)]+$/, ''))) return 'a long random text, as keys are'
  }
  return null
}
