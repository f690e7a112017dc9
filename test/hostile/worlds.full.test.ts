// Domains of strangers: each audit ends in time with a report, and nothing of theirs reaches a terminal.

import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { hostileWorlds } from '../../fixtures/hostile/worlds.ts'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { costOf } from '../support/cost.ts'
import { auditWorld } from '../support/lab-audit.ts'

it('are at least sixty, each by a name of its own', () => {
  expect(hostileWorlds.length).toBeGreaterThanOrEqual(60)
  expect(new Set(hostileWorlds.map(({ name }) => name)).size).toBe(hostileWorlds.length)
})

describe('domains of strangers', () => {
  it.each(hostileWorlds.map(given => [given.name, given] as const))('%s', async (_, { world }) => {
    const running = await startWorld(loadWorld(stringify(world)))
    try {
      const {
        value: { report, err, exit },
        cost,
      } = await costOf(() => auditWorld(running, ['--fail-on', 'never']))
      expect([0, 3]).toContain(exit)
      expect(report.target.domain).toBe('coachdash.example')
      expect(err).not.toContain('defect of')
      expect(JSON.stringify(report.findings).replaceAll('\\u', '')).not.toMatch(/[\u001b\u0007\u202e]/)
      expect(cost.workMs).toBeLessThan(20_000)
      // The lab is in this process too, with what it serves.
      expect(cost.megabytes).toBeLessThan(300)
    } finally {
      await running.close()
    }
  })
})
