// Unified diffs that put lines into a text, with the lines around them, so that `git apply` takes them.

/** Lines around a place: those before it, those behind it; `open` where the text ends without a line break at the last of them. */
export type Around = { after: number; before: string[]; behind: string[]; open: boolean }

const context = 3

/** What stands around the place behind line `after` of a text; 0 is its beginning. */
export const aroundLine = (text: string, after: number): Around => {
  const lines = text.split('\n')
  const ends = lines.at(-1) === ''
  if (ends) lines.pop()
  const at = Math.min(after, lines.length)
  const behind = lines.slice(at, at + context)
  return {
    after: at,
    before: lines.slice(Math.max(0, at - context), at),
    behind,
    open: !ends && at + behind.length === lines.length && lines.length > 0,
  }
}

const noBreak = '\\ No newline at end of file'

/** A diff that puts `added` there. */
export const insertionPatch = (
  path: string,
  { after, before, behind, open }: Around,
  added: readonly string[],
): string => {
  const ending = [...before, ...behind].some(line => line.endsWith('\r')) ? '\r' : ''
  const start = after - before.length + 1
  const old = before.length + behind.length
  const last = before.at(-1)
  const body =
    open && behind.length === 0 && last !== undefined
      ? [...before.slice(0, -1).map(line => ` ${line}`), `-${last}`, noBreak, `+${last}${ending}`]
      : before.map(line => ` ${line}`)
  const rest = behind.map(line => ` ${line}`)
  return `${[
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -${old === 0 ? 0 : start},${old} +${start},${old + added.length} @@`,
    ...body,
    ...added.map(line => `+${line}${ending}`),
    ...rest,
    ...(open && behind.length > 0 ? [noBreak] : []),
  ].join('\n')}\n`
}
