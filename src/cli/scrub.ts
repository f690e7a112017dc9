// Takes every secret that came from the environment out of a text, whatever brought it there.
import { maskSecret } from '../core/redact.ts'

/** A function that replaces each secret (6 characters or longer) by its mask. */
export const createScrub = (secrets: readonly string[]): ((text: string) => string) => {
  const known = [...new Set(secrets)].filter(secret => secret.length >= 6).sort((a, b) => b.length - a.length)
  if (known.length === 0) return text => text
  return text => {
    let clean = text
    for (const secret of known) {
      clean = clean.split(secret).join(maskSecret(secret))
      // A secret inside JSON or a URL is written otherwise.
      const escaped = JSON.stringify(secret).slice(1, -1)
      if (escaped !== secret) clean = clean.split(escaped).join(maskSecret(secret))
      const encoded = encodeURIComponent(secret)
      if (encoded !== secret) clean = clean.split(encoded).join(maskSecret(secret))
    }
    return clean
  }
}

/** The same in every text of a value. What is printed from it may then be escaped, wrapped or broken: no secret is in it. */
export const scrubAll = <Value>(value: Value, scrub: (text: string) => string): Value => {
  const visit = (part: unknown): unknown => {
    if (typeof part === 'string') return scrub(part)
    if (Array.isArray(part)) return part.map(visit)
    if (part === null || typeof part !== 'object') return part
    return Object.fromEntries(Object.entries(part).map(([key, inside]) => [scrub(key), visit(inside)]))
  }
  return visit(value) as Value
}
