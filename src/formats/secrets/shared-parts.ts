// What two versions of one file share, in their order: found by looking for the next lines of the one in the other, not by the least
// difference. A part that is missed is only read again.

/** `length` characters that stand in the known text at `known` and in the other at `at`. */
export type SharedPart = { known: number; at: number; length: number }

/** Lengths of the pieces in which texts are compared, which is done many characters at a time. */
const steps = [4_096, 256, 32] as const

/** Characters that two texts share from these places on. */
const sharedStart = (a: string, fromA: number, b: string, fromB: number, most: number): number => {
  let at = 0
  for (const step of steps)
    while (at + step <= most && a.slice(fromA + at, fromA + at + step) === b.slice(fromB + at, fromB + at + step))
      at += step
  while (at < most && a.charCodeAt(fromA + at) === b.charCodeAt(fromB + at)) at++
  return at
}

/** Characters that two texts share at their end. */
const sharedEnd = (a: string, b: string, most: number): number => {
  let at = 0
  const same = (step: number): boolean =>
    a.slice(a.length - at - step, a.length - at) === b.slice(b.length - at - step, b.length - at)
  for (const step of steps) while (at + step <= most && same(step)) at += step
  while (at < most && a.charCodeAt(a.length - 1 - at) === b.charCodeAt(b.length - 1 - at)) at++
  return at
}

/** Lines that are looked for have so many characters at least: shorter ones stand everywhere. */
const leastAnchor = 24
/** Characters of the known text in which the first lines behind a difference are looked for: most differences are a line or two. */
const near = 512
const mostNear = 4
/** Characters of the known text in which the others are; what was taken out may be as long. */
const window = 8_192
/** Lines that are passed over at most when the ones before were not found. */
const mostSkipped = 32
/** Characters searched for each character of both texts, so that the work stays linear. */
const mostSearched = 4

const nextLine = (text: string, at: number, end: number): number => {
  const line = text.indexOf('\n', at)
  return line < 0 || line >= end ? end : line + 1
}

/** The lines from `at` on that are looked for. */
const anchorAt = (text: string, at: number, end: number): string => {
  let to = nextLine(text, at, end)
  while (to < end && to - at < leastAnchor) to = nextLine(text, to, end)
  return text.slice(at, to)
}

type Bounds = { knownEnd: number; end: number; left: number }

type Place = { known: number; at: number }

/** Where the lines at `at` stand in the known text, no further than so many characters on; null where they do not. */
const sharedLines = (known: string, fromKnown: number, text: string, at: number, far: number, bounds: Bounds) => {
  const part = known.slice(fromKnown, Math.min(bounds.knownEnd, fromKnown + far))
  const found = part.indexOf(anchorAt(text, at, bounds.end))
  bounds.left -= found < 0 ? part.length : found + leastAnchor
  return found < 0 ? null : { known: fromKnown + found, at }
}

/** The next place behind a difference where both texts go on alike. */
const nextShared = (known: string, fromKnown: number, text: string, from: number, bounds: Bounds): Place | null => {
  const first = nextLine(text, from, bounds.end)
  let at = first
  for (let tries = 0; tries < mostNear && at < bounds.end && bounds.left > 0; tries++) {
    const place = sharedLines(known, fromKnown, text, at, near, bounds)
    if (place) return place
    at = nextLine(text, at, bounds.end)
  }
  let skipped = 1
  at = first
  while (at < bounds.end && bounds.left > 0) {
    const place = sharedLines(known, fromKnown, text, at, window, bounds)
    if (place) return place
    for (let lines = 0; lines < skipped; lines++) at = nextLine(text, at, bounds.end)
    skipped = Math.min(mostSkipped, skipped * 2)
  }
  return null
}

/** The parts of `text` that stand in `known` too, in the order of both. Linear in the length of both. */
export const sharedParts = (known: string, text: string): SharedPart[] => {
  const most = Math.min(known.length, text.length)
  const start = sharedStart(known, 0, text, 0, most)
  const tail = sharedEnd(known, text, most - start)
  const bounds = {
    knownEnd: known.length - tail,
    end: text.length - tail,
    left: mostSearched * (known.length + text.length),
  }
  const parts: SharedPart[] = [{ known: 0, at: 0, length: start }]
  let place = nextShared(known, start, text, start, bounds)
  while (place) {
    const room = Math.min(bounds.knownEnd - place.known, bounds.end - place.at)
    const length = sharedStart(known, place.known, text, place.at, room)
    parts.push({ ...place, length })
    place = nextShared(known, place.known + length, text, place.at + length, bounds)
  }
  parts.push({ known: bounds.knownEnd, at: bounds.end, length: tail })
  return parts.filter(part => part.length > 0)
}
