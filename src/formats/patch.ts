// Unified diffs that put lines into a text, with the lines around them, so that `git apply` takes them.

/** Lines around a place: those before it, those behind it; `open` where the text ends without a line break at the last of them. */
export type Around = { after: number; before: string[]; behind: string[]; open: boolean }

/** Where lines go in that stand as far in as those around them. */
export type Spot = { at: Around; indent: string }

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

/** A diff that puts lines there, each as far in as the spot says. */
export const indentedPatch = (path: string, { at, indent }: Spot, added: readonly string[]): string =>
  insertionPatch(
    path,
    at,
    added.map(line => (line === '' ? line : `${indent}${line}`)),
  )

/** A diff that puts other lines in the place of some, counted from 1; null where the text has no such lines. */
export const regionPatch = (
  path: string,
  text: string,
  { from, to }: { from: number; to: number },
  replacement: readonly string[],
): string | null => {
  const old = text.split('\n').slice(from - 1, to)
  if (from < 1 || to < from || old.length < to - from + 1) return null
  const { before } = aroundLine(text, from - 1)
  const { behind, open } = aroundLine(text, to)
  const isLast = open && behind.length === 0
  const around = before.length + behind.length
  const start = from - before.length
  const ending = (line: string): string => (old[0]!.endsWith('\r') && !line.endsWith('\r') ? '\r' : '')
  return `${[
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -${start},${around + old.length} +${start},${around + replacement.length} @@`,
    ...before.map(one => ` ${one}`),
    ...old.map(one => `-${one}`),
    ...(isLast ? [noBreak] : []),
    ...replacement.map(one => `+${one}${ending(one)}`),
    ...(isLast ? [noBreak] : []),
    ...behind.map(one => ` ${one}`),
    ...(open && behind.length > 0 ? [noBreak] : []),
  ].join('\n')}\n`
}

/** A diff that puts another text in the place of one line, from 1; null where the text has no such line. */
export const replacementPatch = (path: string, text: string, line: number, replacement: string): string | null =>
  regionPatch(path, text, { from: line, to: line }, [replacement])

/** A diff that says something else on one line; null where the words do not stand there exactly once. */
export const wordingPatch = (path: string, text: string, line: number, was: string, now: string): string | null => {
  const parts = (text.split('\n')[line - 1] ?? '').split(was)
  return was !== '' && parts.length === 2 ? replacementPatch(path, text, line, parts.join(now)) : null
}

/** A diff that takes a line, from 1, further up: behind line `after`, with a blank line before it, as `text`. */
export const movedLinePatch = (
  path: string,
  source: string,
  { from, after, text }: { from: number; after: number; text: string },
): string | null => {
  const lines = source.split('\n')
  const old = lines[from - 1]
  if (old === undefined || after < 1 || after >= from) return null
  const { before } = aroundLine(source, after)
  const { behind, open } = aroundLine(source, from)
  const between = lines.slice(after, from - 1)
  const ending = old.endsWith('\r') ? '\r' : ''
  const start = after - before.length + 1
  const count = before.length + between.length + 1 + behind.length
  if (open && behind.length === 0) return null
  return `${[
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -${start},${count} +${start},${count + 1} @@`,
    ...before.map(one => ` ${one}`),
    `+${ending}`,
    `+${text}${ending}`,
    ...between.map(one => ` ${one}`),
    `-${old}`,
    ...behind.map(one => ` ${one}`),
    ...(open ? [noBreak] : []),
  ].join('\n')}\n`
}
