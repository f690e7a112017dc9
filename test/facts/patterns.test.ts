// Every expression that collectors, looks, probes and what stands beside them search with is linear: readers of formats have a test of
// their own, and this is for what is searched in place.
import { globSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { growthOf, patternsIn, pumpsOf } from '../support/slow-patterns.ts'

/** What is searched in what the user or this program wrote, or in a path: never long. */
const short = [
  // Addresses of the user's own services, from the config or the command line.
  String.raw`\/+$`,
  // Paths of files.
  String.raw`(?:^|\/)(?:migrations?|scripts?|bin|cli|commands?|versions|seeds?)\/|migrat\w*\.\w+$`,
  String.raw`\{\{|<%|__\w+__\/`,
  String.raw`compose[\w.-]*\.ya?ml$`,
  // The address of a registry's service, out of the list of them.
  String.raw`\/*$`,
  // The first 4 kB of a page.
  String.raw`^\s*(?:<!--[\s\S]{0,2000}?-->\s*)*<!doctype html`,
  // A sender in the config.
  '^.*<([^>]*)>.*$',
]

/** A path of a file, as it begins or ends. */
const isOfPath = (source: string): boolean =>
  source.startsWith(String.raw`(?:^|\/)`) || source.endsWith(String.raw`\/)*package\.json$`)

const most = 6
const modules = globSync('src/{facts,monitor,net,probes,run}/**/*.ts').sort()

it('finds what grows with the square', () => {
  for (const [source, flags] of [
    [String.raw`\s+$`, ''],
    [String.raw`[^\s@]+@[^\s@]+`, 'g'],
    ['<input[^>]+type=', 'i'],
    ['^(?:a|a)*b', ''],
  ] as const)
    expect([source, growthOf({ source, flags, line: 1 }).grows > most]).toEqual([source, true])
  expect(growthOf({ source: String.raw`(?<![^\s@])[^\s@]+@[^\s@]+`, flags: 'g', line: 1 }).grows).toBeLessThanOrEqual(
    most,
  )
  expect(pumpsOf('a[bc]+d')).toEqual([{ prefix: 'a', piece: 'b' }])
})

describe('expressions are linear', () => {
  it.each(modules)('%s', path => {
    const slow = patternsIn(path)
      .filter(({ source }) => !short.includes(source) && !isOfPath(source))
      .map(pattern => ({ pattern, seen: growthOf(pattern) }))
      .filter(({ seen }) => seen.grows > most)
    expect(slow.map(({ pattern, seen }) => `line ${pattern.line}: /${pattern.source}/ on ${seen.text}`)).toEqual([])
  })
})
