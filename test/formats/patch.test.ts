// Diffs that put lines into a text are taken by git, wherever the place is and however the text ends.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aroundLine, insertionPatch } from '../../src/formats/patch.ts'
import { makeRepo } from '../support/repo.ts'

const cases: [string, string, number, string][] = [
  ['between', 'a\nb\nc\nd\ne\n', 2, 'a\nb\nX\nY\nc\nd\ne\n'],
  ['at the beginning', 'a\nb\n', 0, 'X\nY\na\nb\n'],
  ['at the end', 'a\nb\n', 2, 'a\nb\nX\nY\n'],
  ['behind the end', 'a\nb\n', 9, 'a\nb\nX\nY\n'],
  ['at the end without a line break', 'a\nb', 2, 'a\nb\nX\nY\n'],
  ['near the end without a line break', 'a\nb', 1, 'a\nX\nY\nb'],
  ['with line breaks of Windows', 'a\r\nb\r\n', 1, 'a\r\nX\r\nY\r\nb\r\n'],
]

describe('a diff that puts lines in', () => {
  it.each(cases)('%s', (_name, text, after, expected) => {
    const repo = makeRepo({ 'deep/file.txt': text })
    try {
      repo.commit('first')
      const input = insertionPatch('deep/file.txt', aroundLine(text, after), ['X', 'Y'])
      execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: repo.root, input })
      expect(readFileSync(join(repo.root, 'deep/file.txt'), 'utf8')).toBe(expected)
    } finally {
      repo.dispose()
    }
  })
})
