// How much of a history was read, in words.
import { expect, it } from 'vitest'
import { coverageInWords } from '../../../src/formats/secrets/coverage.ts'

it.each([
  [3, 3, 5, 0, '3 of 3 commits, 5 versions of files'],
  [1200, 2400, 38_110, 0, '1,200 of 2,400 commits, 38,110 versions of files'],
  [1, 2, 3, 1004, '1 of 2 commits, 3 versions of files, 1,004 not here'],
])('%d of %d commits, %d versions, %d missing', (read, total, versions, gone, words) => {
  expect(coverageInWords({ commits: { read, total }, versions: { read: versions, missing: gone } })).toBe(words)
})
