// Repositories of strangers: nothing of them runs, no file outside is read, no secret leaves, and each ends in time.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HostileRepository, hostileRepositories } from '../../fixtures/hostile/repositories.ts'
import { costOf } from '../support/cost.ts'
import {
  runHostile as audit,
  canaries,
  createHostileRoot,
  makeHostile,
  outsideText,
} from '../support/hostile-repository.ts'

let root = ''
let remove = (): void => {}
beforeAll(() => {
  ;({ root, remove } = createHostileRoot())
})
afterAll(() => remove())

const make = (given: HostileRepository, at: number) => makeHostile(root, given, at)

it('are at least sixty, each by a name of its own', () => {
  expect(hostileRepositories.length).toBeGreaterThanOrEqual(60)
  expect(new Set(hostileRepositories.map(({ name }) => name)).size).toBe(hostileRepositories.length)
})

describe('repositories of strangers', () => {
  it.each(hostileRepositories.map((given, at) => [given.name, given, at] as const))('%s', async (_, given, at) => {
    const { folder, proof } = make(given, at)
    const facts = join(root, `facts-${at}.json`)
    const words = ['deploy', '.', '--fail-on', 'never', '--save-facts', facts, '--report', 'json']
    const {
      value: { exit, said },
      cost,
    } = await costOf(() => audit(folder, words))
    expect(existsSync(proof), 'something ran').toBe(false)
    const left = said + (existsSync(facts) ? readFileSync(facts, 'utf8') : '')
    for (const secret of canaries) expect(left).not.toContain(secret)
    expect(said).not.toMatch(/[\u001b\u0007\u202e]/)
    if (given.refused) expect(exit, said).toBe(2)
    else expect([0, 3], said.slice(-2000)).toContain(exit)
    expect(cost.workMs).toBeLessThan(20_000)
    expect(cost.megabytes).toBeLessThan(300)
  })
})

describe('settings of git', () => {
  const knobs = hostileRepositories.filter(({ name }) => name.startsWith('git: '))
  it('are at least twenty-five', () => expect(knobs.length).toBeGreaterThanOrEqual(25))

  it.each(knobs.map((given, at) => [given.name, given, 1_000 + at] as const))(
    '%s runs nothing while changes since a commit are read',
    async (_, given, at) => {
      const { folder, proof } = make(given, at)
      const { exit, said } = await audit(folder, ['deploy', 'migrations', '.', '--since', 'HEAD', '--fail-on', 'never'])
      expect(existsSync(proof), 'something ran').toBe(false)
      expect([0, 2, 3], said.slice(-2000)).toContain(exit)
      expect(said).not.toContain(outsideText.split('=')[1]!)
    },
  )
})

it('a folder of 100,000 files is told, and costs no more than others', async () => {
  const { folder } = make({ name: 'wide', files: { 'package.json': '{"name":"a"}' } }, 2_000)
  mkdirSync(join(folder, 'wide'))
  for (let at = 0; at < 100_000; at++) writeFileSync(join(folder, 'wide', `${at}.ts`), '')
  const { value, cost } = await costOf(() => audit(folder, ['deploy', '.', '--fail-on', 'never', '--report', 'json']))
  expect([0, 3], value.said.slice(-2000)).toContain(value.exit)
  expect(cost.workMs).toBeLessThan(20_000)
  expect(cost.megabytes).toBeLessThan(300)
})
