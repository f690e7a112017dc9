// Every reader is linear: whatever text stands in whatever place of its arguments, four times the text takes at most six times the work.
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { logicalLines } from '../../src/formats/migrations/rails-lines.ts'
import { slowReaders } from '../support/linear.ts'

const modules = globSync('src/formats/**/*.ts').sort()

it('a string of Ruby that ends in backslashes is read in a step, not in twice as many for each', () => {
  // Found by the fuzz: forty of them took longer than anybody waits.
  expect(logicalLines(`remove 'name${'\\'.repeat(5_000)}`)).toHaveLength(1)
})

describe('readers are linear', () => {
  it.each(modules)('%s', async path => {
    const { slow, shapes } = await slowReaders(resolve(path))
    expect(shapes).toBeGreaterThanOrEqual(8)
    expect(
      slow.map(one => `${one.reader}: ${one.shape}, ${one.grows.toFixed(1)} times in ${Math.round(one.took)} ms`),
    ).toEqual([])
  })
})
