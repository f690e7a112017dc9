// Every reader is linear: whatever text stands in whatever place of its arguments, four times the text takes at most six times the work.
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { slowReaders } from '../support/linear.ts'

/** Not linear yet for some text: bounded by what their callers read, and to be mended. Nobody shall add to this list. */
const notYet = new Set([
  'src/formats/bundle/imports.ts',
  'src/formats/html/error-page.ts',
  'src/formats/html/page-words.ts',
  'src/formats/http/csp.ts',
  'src/formats/migrations/databases.ts',
  'src/formats/migrations/rails-lines.ts',
  'src/formats/migrations/runners.ts',
  'src/formats/migrations/unread-tools.ts',
  'src/formats/repo/lock-workspace.ts',
])
const modules = globSync('src/formats/**/*.ts')
  .filter(path => !notYet.has(path))
  .sort()

describe('readers are linear', () => {
  it.each(modules)(
    '%s',
    async path => {
      const { slow, shapes } = await slowReaders(resolve(path))
      expect(shapes).toBeGreaterThanOrEqual(8)
      expect(
        slow.map(one => `${one.reader}: ${one.shape}, ${one.grows.toFixed(1)} times in ${Math.round(one.took)} ms`),
      ).toEqual([])
    },
    120_000,
  )
})
