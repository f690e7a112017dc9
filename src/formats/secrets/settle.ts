// From what detectors found to hits: of those that overlap the surest, each with its place.
import { createHash } from 'node:crypto'
import type { Found, SecretHit } from './hit.ts'

/** Of overlapping hits the surest, then the longest; each with its place in the text. */
export const settle = (text: string, found: Found[], maxHits: number): SecretHit[] => {
  found.sort((a, b) => b.rank - a.rank || b.secret.length - a.secret.length || a.index - b.index)
  const kept: Found[] = []
  for (const hit of found) {
    const end = hit.index + hit.secret.length
    if (!kept.some(other => hit.index < other.index + other.secret.length && other.index < end)) kept.push(hit)
    if (kept.length >= maxHits) break
  }
  kept.sort((a, b) => a.index - b.index)
  let line = 1
  let lineStart = 0
  return kept.map(({ rank: _, ...hit }) => {
    for (
      let next = text.indexOf('\n', lineStart);
      next !== -1 && next < hit.index;
      next = text.indexOf('\n', lineStart)
    ) {
      line++
      lineStart = next + 1
    }
    return {
      ...hit,
      hash: createHash('sha256').update(hit.secret).digest('hex'),
      line,
      column: hit.index - lineStart + 1,
    }
  })
}
