// What proves a rehearsal: a drill that was seen, tags or deploys of one commit twice, a test alert that somebody saw. A claim proves nothing.
import { describe, expect, it } from 'vitest'
import {
  type Production,
  type SeenMonitoring,
  type SeenTag,
  soundProduction,
} from '../../../src/formats/handover/production.ts'
import { proofOf } from '../../../src/formats/handover/rehearsal.ts'
import type { DrillRecord, Rehearsal } from '../../../src/formats/handover/schema.ts'

const [one, two] = ['1111111111aa', '2222222222bb']
const at = (day: number): string => `2026-11-${String(day).padStart(2, '0')}T10:00:00Z`
const deploys = (...commits: string[]): SeenTag[] =>
  commits.map((commit, index) => ({ name: `the deploy of day ${index + 1}`, commit, at: at(index + 1) }))
const seen = (given: Partial<SeenMonitoring>, tags: SeenTag[] = []): Production => {
  const sound = soundProduction()
  return { ...sound, monitoring: { ...sound.monitoring!, ...given }, repository: { ...sound.repository!, tags } }
}
const drill = (proof: DrillRecord['proof']): DrillRecord => ({
  ...{ drill: 'rollback', at: at(20), by: 'Grace', seconds: 9, proof, seen: 'it went back' },
})

const rows: [string, Rehearsal, Production, DrillRecord[], string | null][] = [
  ['deploys of one commit, with another between', 'rollback', seen({ deploys: deploys(one, two, one) }), [], 'deploys'],
  [
    'a long and a short id of one commit',
    'rollback',
    seen({ deploys: deploys(one, two, one.slice(0, 7)) }),
    [],
    'deploys',
  ],
  ['the same commit twice in a row is no rollback', 'rollback', seen({ deploys: deploys(one, one) }), [], null],
  ['the same commit twice in a row is a redeploy', 'redeploy', seen({ deploys: deploys(one, one) }), [], 'deploys'],
  ['each deploy another commit', 'redeploy', seen({ deploys: deploys(one, two) }), [], null],
  [
    'tags that name releases',
    'rollback',
    seen({}, [
      { name: 'deploy-1', commit: one, at: at(1) },
      { name: 'deploy-2', commit: two, at: at(2) },
      { name: 'deploy-3', commit: one, at: at(3) },
    ]),
    [],
    'tags',
  ],
  [
    'a drill that was seen, newer than the deploys',
    'rollback',
    seen({ deploys: deploys(one, two, one) }),
    [drill('seen')],
    'drill',
  ],
  ['a drill that somebody only vouches for', 'rollback', seen({}), [drill('said')], null],
  [
    'a test alert that was seen',
    'alert',
    seen({ proofs: [{ channel: 'team', at: at(9), by: 'link' }] }),
    [],
    'test-alert',
  ],
  ['a test alert that nobody saw', 'alert', seen({ proofs: [] }), [], null],
]

describe('proof of a rehearsal', () => {
  it.each(rows)('%s', (_, name, production, drills, by) => {
    expect(proofOf(name, production, drills)?.by ?? null).toBe(by)
  })
})
