// Versions of one file, read one after the other: of a long one only what differs from its neighbour is scanned, and what was found in the
// part that they share is found again. A history is read in a fraction of the time.
import type { SecretHit } from './hit.ts'
import { scanText } from './scan.ts'

/** Texts below this are scanned whole: comparing would cost as much. */
const longText = 3_000
/** Characters around a change that are scanned with it: a key of several lines, the name before a value. */
const around = 1_000

const step = 4_096

/** Characters that two texts share at their beginning. */
const sharedStart = (a: string, b: string, most: number): number => {
  let at = 0
  while (at + step <= most && a.slice(at, at + step) === b.slice(at, at + step)) at += step
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++
  return at
}

/** Characters that two texts share at their end. */
const sharedEnd = (a: string, b: string, most: number): number => {
  let at = 0
  const same = (): boolean =>
    a.slice(a.length - at - step, a.length - at) === b.slice(b.length - at - step, b.length - at)
  while (at + step <= most && same()) at += step
  while (at < most && a.charCodeAt(a.length - 1 - at) === b.charCodeAt(b.length - 1 - at)) at++
  return at
}

/** The part of `text` that is not as in `known`, with what stands around it, from line to line. */
export const changedPart = (known: string, text: string): { from: number; to: number } => {
  const most = Math.min(known.length, text.length)
  const start = sharedStart(known, text, most)
  const end = sharedEnd(known, text, most - start)
  const from = text.lastIndexOf('\n', Math.max(0, start - around)) + 1
  const stop = text.indexOf('\n', Math.min(text.length, text.length - end + around))
  return { from: start < around ? 0 : from, to: stop < 0 ? text.length : stop }
}

const linesIn = (text: string, from: number, to: number): number => {
  let lines = 0
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++
  return lines
}

/** The part, made larger where it would cut through what was found before, a key of many lines, or what stands above it and tells what it is. */
const withWhole = (
  part: { from: number; to: number },
  known: { hits: readonly SecretHit[] },
  text: string,
  moved: number,
) => {
  let { from, to } = part
  for (const { index, secret } of known.hits) {
    const end = index + 1.2 * secret.length + 200
    if (index - around < from && end > from) from = text.lastIndexOf('\n', Math.max(0, index - around)) + 1
    if (index + moved < to && end + moved > to) to = Math.min(text.length, Math.ceil(end + moved))
  }
  return { from, to }
}

/** A scanner that is handed the versions of a file one after the other; another path begins anew. */
export const createVersionScanner = (): ((path: string, text: string) => SecretHit[]) => {
  let known: { path: string; text: string; hits: SecretHit[] } = { path: '', text: '', hits: [] }
  const partly = (path: string, text: string): SecretHit[] | null => {
    // The kind of a manifest stands far from its values.
    if (known.path !== path || text.length < longText || known.text.length < longText || /\.ya?ml$/i.test(path))
      return null
    const moved = text.length - known.text.length
    const { from, to } = withWhole(changedPart(known.text, text), known, text, moved)
    if (to - from > 0.7 * text.length) return null
    const within = scanText(text.slice(from, to), { path, where: 'repo' })
    const linesBefore = within.length ? linesIn(text, 0, from) : 0
    const movedLines = known.hits.length ? linesIn(text, from, to) - linesIn(known.text, from, to - moved) : 0
    return [
      ...known.hits.filter(({ index, secret }) => index + secret.length <= from),
      ...within.map(hit => ({ ...hit, index: hit.index + from, line: hit.line + linesBefore })),
      ...known.hits
        .filter(({ index }) => index >= to - moved)
        .map(hit => ({ ...hit, index: hit.index + moved, line: hit.line + movedLines })),
    ]
  }
  return (path, text) => {
    const hits = partly(path, text) ?? scanText(text, { path, where: 'repo' })
    known = { path, text, hits }
    return hits
  }
}
