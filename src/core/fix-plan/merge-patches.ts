// Unified diffs of one file put together, where they do not touch the same lines.

type Hunk = { oldStart: number; oldLines: number; newLines: number; rest: string; body: string[] }
type Patch = { head: string[]; hunks: Hunk[] }

const header = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@(.*)$/

const parsePatch = (text: string): Patch => {
  const patch: Patch = { head: [], hunks: [] }
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const match = header.exec(line)
    if (match)
      patch.hunks.push({
        oldStart: Number(match[1]),
        oldLines: Number(match[2] ?? 1),
        newLines: Number(match[3] ?? 1),
        rest: match[4] ?? '',
        body: [],
      })
    else (patch.hunks.at(-1)?.body ?? patch.head).push(line)
  }
  return patch
}

const sameHunk = (one: Hunk, other: Hunk): boolean =>
  one.oldStart === other.oldStart && one.body.join('\n') === other.body.join('\n')

/**
 * One patch that does what all of them do, each written against the same file; null where two of them touch the same
 * lines in different ways.
 */
export const mergePatches = (patches: readonly string[]): string | null => {
  const read = patches.map(parsePatch)
  // What is no diff (lines to put in, as a hint) can only be the same everywhere.
  if (read.some(({ hunks }) => hunks.length === 0)) return new Set(patches).size === 1 ? patches[0]! : null
  const hunks: Hunk[] = []
  for (const hunk of read.flatMap(patch => patch.hunks))
    if (!hunks.some(known => sameHunk(known, hunk))) hunks.push(hunk)
  hunks.sort((a, b) => a.oldStart - b.oldStart)
  for (const [at, hunk] of hunks.entries()) {
    const next = hunks[at + 1]
    if (next && hunk.oldStart + Math.max(hunk.oldLines, 1) > next.oldStart) return null
  }
  let shift = 0
  const lines = hunks.flatMap(({ oldStart, oldLines, newLines, rest, body }) => {
    const range = (start: number, count: number): string => (count === 1 ? `${start}` : `${start},${count}`)
    const text = `@@ -${range(oldStart, oldLines)} +${range(oldStart + shift, newLines)} @@${rest}`
    shift += newLines - oldLines
    return [text, ...body]
  })
  return `${[...(read[0]?.head ?? []), ...lines].join('\n')}\n`
}
