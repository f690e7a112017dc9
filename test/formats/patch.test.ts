// Diffs that put lines into a text are taken by git, wherever the place is and however the text ends.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aroundLine, insertionPatch, replacementPatch } from '../../src/formats/patch.ts'
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

const replaced: [string, string, number, string | null][] = [
  ['between', 'a\nb\nc\nd\ne\nf\ng\nh\n', 4, 'a\nb\nc\nX\ne\nf\ng\nh\n'],
  ['at the beginning', 'a\nb\n', 1, 'X\nb\n'],
  ['at the end', 'a\nb\n', 2, 'a\nX\n'],
  ['at the end without a line break', 'a\nb', 2, 'a\nX'],
  ['near the end without a line break', 'a\nb\nc', 2, 'a\nX\nc'],
  ['with line breaks of Windows', 'a\r\nb\r\n', 1, 'X\r\nb\r\n'],
  ['of a file of one line', 'a\n', 1, 'X\n'],
  ['behind the end', 'a\n', 7, null],
]

describe('a diff that puts another line in the place of one', () => {
  it.each(replaced)('%s', (_name, text, line, expected) => {
    const repo = makeRepo({ 'deep/file.txt': text })
    try {
      repo.commit('first')
      const input = replacementPatch('deep/file.txt', text, line, 'X')
      if (expected === null) return expect(input).toBeNull()
      execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: repo.root, input: input! })
      expect(readFileSync(join(repo.root, 'deep/file.txt'), 'utf8')).toBe(expected)
    } finally {
      repo.dispose()
    }
  })
})
