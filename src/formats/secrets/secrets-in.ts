// What the rules of providers find in collected values: it is masked wherever it would be shown.
import type { SecretHit } from './hit.ts'
import { scanText } from './scan.ts'

/** Shorter runs of base64 hold no secret that a rule knows. */
const base64Run = /[A-Za-z0-9+/_-]{24,}={0,2}/g
const mostRuns = 2_000
const mostFound = 100
const leastFound = 12

const decoders: readonly (readonly [RegExp, (text: string) => string])[] = [
  [
    /%[0-9a-f]{2}/i,
    text => text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  ],
  [
    /&(?:#|quot|amp|apos)/,
    text =>
      text
        .replace(/&#(x?)([0-9a-f]{1,6});/gi, (whole, isHex: string, code: string) => {
          const point = Number.parseInt(code, isHex ? 16 : 10)
          return point <= 0x10ffff ? String.fromCodePoint(point) : whole
        })
        .replace(/&quot;/g, '"')
        .replace(/&apos;/g, "'")
        .replace(/&amp;/g, '&'),
  ],
  [
    /\\u[0-9a-f]{4}|\\\//i,
    text =>
      text
        .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        .replaceAll('\\/', '/'),
  ],
]

/** The text as it stands, and as what it may be an encoding of. */
const readingsOf = (text: string): string[] => {
  const decoded = decoders.filter(([sign]) => sign.test(text)).map(([, decode]) => decode(text))
  const plain = [...(text.match(base64Run) ?? [])]
    .slice(0, mostRuns)
    .map(run => Buffer.from(run, 'base64').toString('latin1'))
    .filter(inner => /^[\x20-\x7e\s]{16,}$/.test(inner))
  return [text, ...decoded, ...plain]
}

/** Different characters in what may be a key: fewer stand in `xxxx` and `your-key-here`. */
const leastDistinct = 12

/**
 * Whether a hit is taken out: what is a key, and what only fails to prove itself one (a sum of its own that does not fit, a place where
 * samples stand), since nobody misses a sample. Not what is public by design.
 */
const isTakenOut = ({ secret, class: kind, confidence }: SecretHit): boolean => {
  if (secret.length < leastFound || confidence === 'possible') return false
  if (kind === 'live' || kind === 'test') return true
  return (
    (kind === 'placeholder' || kind === 'documentation') &&
    confidence === 'certain' &&
    new Set(secret).size >= leastDistinct
  )
}

const eachText = (part: unknown, look: (text: string) => void): void => {
  if (typeof part === 'string') look(part)
  else if (part !== null && typeof part === 'object') for (const inside of Object.values(part)) eachText(inside, look)
}

/** Secrets that the rules find in the texts of a value, as they are, also where they are encoded. */
export const secretsIn = (value: unknown): string[] => {
  const found = new Set<string>()
  eachText(value, text => {
    if (text.length < leastFound || found.size >= mostFound) return
    for (const reading of readingsOf(text))
      for (const where of ['bundle', 'repo'] as const)
        for (const hit of scanText(reading, { path: 'facts', where })) if (isTakenOut(hit)) found.add(hit.secret)
  })
  return [...found].slice(0, mostFound)
}
