import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { worldShares } from './judge-worlds.ts'

it('every share of the worlds has its file', () => {
  const files = readdirSync(`${import.meta.dirname}/../end-to-end`).filter(name => /^worlds-\d+\.test\.ts$/.test(name))
  expect(files.sort()).toEqual(Array.from({ length: worldShares }, (_, index) => `worlds-${index + 1}.test.ts`))
})
