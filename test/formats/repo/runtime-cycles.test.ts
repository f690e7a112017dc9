// Pins compared by release cycle: which are past their support, which disagree, whether anything bounds the version.
import { describe, expect, it } from 'vitest'
import type { Runtime } from '../../../src/data/runtimes-eol.ts'
import { cycleOfPin, disagreeing, isBounded, pastSupport } from '../../../src/formats/repo/runtime-cycles.ts'
import type { VersionPin } from '../../../src/formats/repo/version-pins.ts'

const pin = (value: string, role: VersionPin['role'] = 'pin', runtime: Runtime = 'node'): VersionPin => ({
  runtime,
  file: `${role} ${value}`,
  line: 1,
  values: [value],
  role,
})
const now = Date.parse('2026-11-25')

describe('release cycles', () => {
  it.each<[Runtime, string, VersionPin['role'], string | null]>([
    ['node', '22.11.0', 'pin', '22'],
    ['node', 'lts/jod', 'pin', '22'],
    ['node', '22.x', 'range', '22'],
    ['node', '>=22 <23', 'range', '22'],
    ['node', '>=18 <23', 'range', null],
    ['node', '>=18', 'range', null],
    ['python', '3.12.4', 'pin', '3.12'],
    ['python', '>=3.12,<3.13', 'range', '3.12'],
    ['go', '1.26', 'minimum', null],
  ])('%s %s (%s): %s', (runtime, value, role, cycle) => {
    expect(cycleOfPin(runtime, pin(value, role, runtime))).toBe(cycle)
  })

  it('are past their support', () => {
    expect(pastSupport('node', [pin('24'), pin('18.20.4')], now)).toMatchObject({ cycle: '18', end: '2025-04-30' })
    expect(pastSupport('node', [pin('24')], now)).toBeNull()
    expect(pastSupport('node', [pin('18')], Date.parse('2025-01-01'))).toBeNull()
  })

  it('disagree where no version satisfies both', () => {
    expect(disagreeing('node', [pin('22'), pin('24', 'image'), pin('>=20', 'range')]).map(({ file }) => file)).toEqual([
      'pin 22',
      'image 24',
    ])
    expect(disagreeing('node', [pin('22.1.0'), pin('22.12', 'image'), pin('^22', 'range')])).toEqual([])
    expect(disagreeing('node', [pin('lts/*'), pin('24')])).toEqual([])
  })

  it('of several programs, and of one pipeline among several, are no disagreement', () => {
    const at = (file: string, value: string, role: VersionPin['role']) => ({ ...pin(value, role), file })
    const image = (file: string, value: string) => at(file, value, 'image')
    const run = (name: string, value: string) => at(`.github/workflows/${name}.yml`, value, 'pipeline')
    expect(disagreeing('node', [image('apps/a/Dockerfile', '22'), image('apps/b/Dockerfile', '24')])).toEqual([])
    expect(disagreeing('node', [image('docker/Dockerfile', '24'), run('lint', '22'), run('test', '24')])).toEqual([])
    expect(disagreeing('node', [run('lint', '22'), run('test', '24')])).toEqual([])
    expect(disagreeing('node', [image('docker/Dockerfile', '24'), run('test', '22')])).toHaveLength(2)
    expect(disagreeing('node', [at('.nvmrc', '22', 'pin'), image('apps/a/Dockerfile', '24')])).toHaveLength(2)
    const several = [image('apps/a/Dockerfile', '22'), image('apps/b/Dockerfile', '22'), run('publish', '24')]
    expect(disagreeing('node', several)).toEqual([])
  })

  it('are bounded by what is not a pipeline', () => {
    expect(isBounded('node', [pin('24')])).toBe(true)
    expect(isBounded('node', [pin('>=18', 'range')])).toBe(false)
    expect(isBounded('node', [pin('24', 'pipeline')])).toBe(false)
    expect(isBounded('go', [pin('1.26', 'minimum', 'go')])).toBe(true)
  })
})
