// What strangers leave for perf, monitor and handover: nothing of it runs, nothing outside is read or written, and each ends in time.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostileStages } from '../../fixtures/hostile/stages.ts'
import { costOf } from '../support/cost.ts'
import { canaries, createHostileRoot, makeHostile, runHostile } from '../support/hostile-repository.ts'

let root = ''
let outside = ''
let remove = (): void => {}
beforeAll(() => {
  ;({ root, outside, remove } = createHostileRoot())
})
afterAll(() => remove())

/** Every file outside with its bytes. */
const outsideNow = (): Record<string, string> =>
  Object.fromEntries(readdirSync(outside).map(name => [name, readFileSync(join(outside, name)).toString('base64')]))

it('are at least sixty, each by a name of its own', () => {
  expect(hostileStages.length).toBeGreaterThanOrEqual(60)
  expect(new Set(hostileStages.map(({ name }) => name)).size).toBe(hostileStages.length)
})

describe('what strangers leave for the later stages', () => {
  it.each(hostileStages.map((given, at) => [given.name, given, at] as const))('%s', async (_, given, at) => {
    const { folder, proof } = makeHostile(root, given, at)
    const before = outsideNow()
    const facts = join(root, `facts-${at}.json`)
    const words = given.words.map(word => (word === '$FACTS' ? facts : word))
    const {
      value: { exit, said, out },
      cost,
    } = await costOf(() => runHostile(folder, words))
    expect(existsSync(proof), 'something ran').toBe(false)
    expect(outsideNow()).toEqual(before)
    const left = said + (existsSync(facts) ? readFileSync(facts, 'utf8') : '')
    for (const secret of canaries) expect(left).not.toContain(secret)
    expect(given.exits, said.slice(-2000)).toContain(exit)
    expect(said).not.toContain('defect of')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    // A log that is written anew keeps what it held.
    if (given.words[1] !== 'redact') expect(said).not.toMatch(/[\u001b\u0007\u202e]/)
    else expect(out.length).toBeGreaterThan(0)
    expect(cost.workMs).toBeLessThan(20_000)
    expect(cost.megabytes).toBeLessThan(300)
  })
})
