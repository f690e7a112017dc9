// git's plumbing, cut at every place where a pipe may cut it.
import { describe, expect, it } from 'vitest'
import { type BatchObject, createBatchReader, createLogReader } from '../../../src/formats/repo/git-log.ts'

const [a, b, c, none] = ['a', 'b', 'c', '0'].map(letter => letter.repeat(40)) as [string, string, string, string]
const commit = (id: string, subject: string): string => `\x1e${id}\x1f2026-01-02T00:00:00Z\x1fAnna\x1f${subject}\0`
const change = (old: string, now: string, path: string, mode = '100644'): string =>
  `:100644 ${mode} ${old} ${now} M\0${path}\0`

const read = (output: string, step = output.length, most = 100) => {
  const reader = createLogReader(path => !path.endsWith('.png'), most)
  for (let at = 0; at < output.length; at += step) reader.push(output.slice(at, at + step))
  return reader.end()
}

describe('createLogReader', () => {
  const output = `${commit(a, 'second')}\n${change(a, b, 'src/a.ts')}${change(none, c, 'odd\nname.ts')}${change(none, c, 'logo.png')}${commit(b, 'first')}\n${change(none, a, 'src/a.ts')}`

  it.each([output.length, 1, 7, 41])('reads commits and changes in pieces of %d', step => {
    const log = read(output, step)
    expect(log.commits.map(({ subject }) => subject)).toEqual(['second', 'first'])
    expect(log.ids).toEqual([a, b, c])
    expect(log.paths).toEqual(['src/a.ts', 'src/a.ts', 'odd\nname.ts'])
    expect(log.changes).toEqual([
      { old: 0, new: 1, commit: 0 },
      { old: -1, new: 2, commit: 0 },
      { old: -1, new: 0, commit: 1 },
    ])
    expect(log.leftOut).toBe(1)
  })

  it('knows merges, links and submodules, and where to stop', () => {
    const merge = `${commit(a, 'merge')}::100644 100644 100644 ${a} ${b} ${c} MM\0a.ts\0`
    expect(read(merge)).toMatchObject({ ids: [c], changes: [{ old: -1, new: 0 }] })
    expect(read(commit(a, 'x') + change(a, b, 'link', '120000')).changes).toEqual([{ old: 0, new: -1, commit: 0 }])
    expect(read(commit(a, 'x') + change(none, b, 'sub', '160000')).ids).toEqual([])
    expect(read(output, 9, 1)).toMatchObject({ ids: [a], changes: [{ new: -1 }, { new: -1 }, { new: 0 }] })
  })

  it.each([
    ['- Delete apply.js (database password - already reset)', true],
    ['Rotated the API keys, both were exposed', true],
    ['Legacy API access is disabled', true],
    ['TODO: the keys must be rotated', false],
    ['Passwords that were reset before the login', false],
    ['The form is reset when the page is left', false],
    ['Tests of revoked sessions', false],
  ])('takes from a message whether secrets were replaced: %s', (line, expected) => {
    const message = `\x1e${a}\x1f2026-01-02T00:00:00Z\x1fAnna\x1fSquash\x1fOne.\n\n${line}\n\nTwo.\0`
    expect(read(message).commits[0]!.replaced === true).toBe(expected)
  })
})

describe('createBatchReader', () => {
  const batch = Buffer.from(`${a} blob 5\nhe\nlo\n${b} missing\n${c} blob 12\ntwelve bytes\n${a} blob 0\n\n`)
  const shown = (object: BatchObject): string => (object.kind === 'content' ? object.content.toString() : object.kind)

  it.each([batch.length, 1, 3, 50])('hands out objects in pieces of %d', step => {
    const seen: string[] = []
    const reader = createBatchReader(10, object => seen.push(shown(object)))
    for (let at = 0; at < batch.length; at += step) reader.push(batch.subarray(at, at + step))
    expect(seen).toEqual(['he\nlo', 'missing', 'large', ''])
  })
})
