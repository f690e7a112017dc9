// `handover write` in front of somebody: each question is asked once, what was seen is proposed, each answer is kept at once.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { parseAnswers } from '../../src/formats/handover/answers.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { fileIn, runIn } from '../support/handover-world.ts'

type Asked = { message: string; placeholder?: string; validate?: (typed: string) => string | undefined }

const prompts = vi.hoisted(() => ({
  answer: (_: Asked): unknown => '',
  asked: [] as Asked[],
}))
vi.mock('@clack/prompts', () => {
  const cancelled = Symbol('cancelled')
  const text = async (asked: Asked) => {
    prompts.asked.push(asked)
    const answer = prompts.answer(asked)
    return answer === undefined ? cancelled : answer
  }
  return { text, isCancel: (value: unknown) => value === cancelled, intro() {}, outro() {} }
})

let world: RunningWorld
beforeAll(async () => {
  world = await startWorld(loadWorld(new URL('../../fixtures/worlds/handover-bare.yaml', import.meta.url).pathname))
})
beforeEach(() => {
  prompts.asked.length = 0
})
afterAll(() => world?.close())

const answers = () => parseAnswers(fileIn(world, 'launch-ready.handover.yaml')!)
const write = () => runIn(world, ['handover', 'write', 'coachdash.example'], {}, true)
const asked = (): string[] => prompts.asked.map(({ message }) => message)

it('an interrupted session keeps what was said, and asks for the rest the next time', async () => {
  let answered = 0
  prompts.answer = ({ message }) => {
    if (message.startsWith('Your name')) return 'Grace'
    if (/can sign in/.test(message) && answered++ < 1) return 'ada@coachdash.example, grace@coachdash.example'
    return answered > 0 ? undefined : ''
  }
  const stopped = await write()
  expect(stopped.exit).toBe(130)
  expect(fileIn(world, 'launch-ready/handover.md')).toBeNull()
  const said = Object.entries(answers().said)
  expect(said).toHaveLength(1)
  expect(said[0]![1]).toEqual({ by: 'Grace', at: '2026-11-25' })
  const first = asked().find(message => /can sign in/.test(message))!

  prompts.asked.length = 0
  prompts.answer = ({ message }) => (message.startsWith('Your name') ? 'Grace' : '')
  const whole = await write()
  expect(whole.exit, whole.err).toBeLessThan(4)
  expect(asked()).not.toContain(first)
  expect(asked().length).toBeGreaterThan(5)
  expect(new Set(asked()).size).toBe(asked().length)
  expect(fileIn(world, 'launch-ready/handover.md')).toContain('grace@coachdash.example')
})

it('refuses at the prompt what looks like a secret, and what it does not understand, with the reason', async () => {
  const refused: string[] = []
  prompts.answer = ({ message, validate }) => {
    if (message.startsWith('Your name')) return 'Grace'
    const why = validate?.('password: Qm7vTz81kLpw sk_live_' + '4eC39HqLyjWDarjtT1zdp7dc')
    if (why) refused.push(why)
    return ''
  }
  await write()
  expect(refused.length).toBeGreaterThan(3)
  expect(refused.join('\n')).not.toContain('4eC39HqLyjWDarjtT1zdp7dc')
})

it('does not ask without a terminal, or with --yes', async () => {
  rmSync(join(world.cwd, 'launch-ready'), { recursive: true, force: true })
  await runIn(world, ['handover', 'write', 'coachdash.example'])
  await runIn(world, ['handover', 'write', 'coachdash.example', '--yes'], {}, true)
  expect(asked()).toEqual([])
  expect(fileIn(world, 'launch-ready/handover.md')).not.toBeNull()
})
