// The plan of every world's report, carried out: whole in every world, and looked at again after each step where it is short.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadWorld } from '../../src/lab/world.ts'
import { walkPlan } from '../support/plan-walk.ts'

const folder = new URL('../../fixtures/worlds/', import.meta.url).pathname
const worlds = readdirSync(folder)
  .filter(name => name.endsWith('.yaml'))
  // Worlds about time alone: an audit measures none of it, and waits for what does not answer.
  .filter(name => !/^(?:perf-(?:crowd|routes|page)|silence|latency)/.test(name))
  .sort()
  .map(name => loadWorld(`${folder}${name}`))

/** Worlds in which every prefix of the plan is audited; each costs an audit per step. */
const everyPrefix = new Set([
  'dns-drift',
  'dns-canonical-certificate',
  'dns-canonical-no-www',
  'email-plan',
  'email-missing',
])

test.each(worlds)('$name', async world => {
  const { complaints } = await walkPlan(world, everyPrefix.has(world.name))
  expect(complaints).toEqual([])
})
