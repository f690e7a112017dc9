// The runner: each fact once, under a deadline, in any order.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { configSchema } from '../../src/config/schema.ts'
import { missing, observed } from '../../src/core/fact.ts'
import { bareTarget } from '../../src/core/target.ts'
import { createCollection } from '../../src/facts/collect.ts'
import { collectors } from '../../src/facts/index.generated.ts'
import { domainSubject, hostSubject } from '../../src/facts/subjects.ts'
import { fakeClock } from '../support/fake-clock.ts'

const at = '2026-11-25T00:00:00Z'
const subject = domainSubject('example.com')

const collection = (more: object = {}) =>
  createCollection({
    target: bareTarget({ domain: 'example.com' }),
    config: configSchema.parse({}),
    net: {} as never,
    env: {},
    signal: new AbortController().signal,
    timeoutMs: 20,
    now: () => at,
    ...more,
  })

afterEach(() => vi.restoreAllMocks())

describe('a fact', () => {
  it('is collected once, whoever asks, for its own subject or for what lies in it', async () => {
    const collect = vi.spyOn(collectors.mx, 'collect').mockResolvedValue(observed({ made: 'up' }, at) as never)
    const facts = collection()
    const host = hostSubject('www.example.com', 'example.com')
    const [one, two] = await Promise.all([facts.need('mx', subject), facts.need('mx', host)])
    expect(one).toBe(two)
    expect(collect).toHaveBeenCalledTimes(1)
    expect(facts.saved()).toMatchObject([{ fact: 'mx', on: { kind: 'domain', name: 'example.com' } }])
  })
  it('that takes too long is a timeout, and one that throws is a defect: neither rejects', async () => {
    vi.spyOn(collectors.mx, 'collect').mockReturnValue(new Promise(() => {}) as never)
    vi.spyOn(collectors.spf, 'collect').mockRejectedValue(new Error('boom'))
    const facts = collection()
    expect(await facts.need('mx', subject)).toMatchObject({ ok: false, reason: 'timeout' })
    expect(await facts.need('spf', subject)).toMatchObject({ ok: false, reason: 'internal' })
  })
  it('is interrupted at once', async () => {
    vi.spyOn(collectors.mx, 'collect').mockReturnValue(new Promise(() => {}) as never)
    const abort = new AbortController()
    const asked = collection({ signal: abort.signal, timeoutMs: 60_000 }).need('mx', subject)
    abort.abort()
    expect(await asked).toMatchObject({ ok: false, cause: { kind: 'interrupted' } })
  })
  it('hands the signal of the run to its collector, begins none after an interruption, and leaves no listener', async () => {
    const abort = new AbortController()
    const removed = vi.spyOn(abort.signal, 'removeEventListener')
    const seen = vi.spyOn(collectors.mx, 'collect').mockImplementation(async (_, context) => {
      expect(context.signal).toBe(abort.signal)
      return observed({}, at) as never
    })
    const facts = collection({ signal: abort.signal })
    expect(await facts.need('mx', subject)).toMatchObject({ ok: true })
    expect(removed).toHaveBeenCalledTimes(1)
    abort.abort()
    const begun = vi.spyOn(collectors.spf, 'collect')
    expect(await facts.need('spf', subject)).toMatchObject({ ok: false, cause: { kind: 'interrupted' } })
    expect(begun).not.toHaveBeenCalled()
    expect(seen).toHaveBeenCalledTimes(1)
  })
  it('is waited for after an interruption, but not for ever', async () => {
    const abort = new AbortController()
    let end = (): void => {}
    vi.spyOn(collectors.mx, 'collect').mockReturnValue(
      new Promise(resolve => {
        end = () => resolve(observed({}, at) as never)
      }),
    )
    const clock = fakeClock()
    const facts = collection({ signal: abort.signal, clock })
    const asked = facts.need('mx', subject)
    await clock.turn(0)
    abort.abort()
    expect(await asked).toMatchObject({ ok: false })
    let drained = 0
    void facts.drained(2_000).then(() => drained++)
    await clock.turn(1_999)
    expect(drained).toBe(0)
    await clock.turn(1)
    expect(drained).toBe(1)
    void facts.drained(2_000).then(() => drained++)
    end()
    await clock.turn(0)
    expect(drained).toBe(2)
  })
  it('is late by the clock that was handed down: four deadlines with their second looks, unless the fact says otherwise', async () => {
    vi.spyOn(collectors.mx, 'collect').mockReturnValue(new Promise(() => {}) as never)
    const clock = fakeClock()
    const facts = collection({ clock, timeoutMs: 1_000 })
    let late = false
    void facts.need('mx', subject).then(fact => {
      late = !fact.ok && fact.reason === 'timeout'
    })
    await clock.turn(11_999)
    expect(late).toBe(false)
    await clock.turn(1)
    expect(late).toBe(true)
  })
  it('of a file is read, never collected', async () => {
    const collect = vi.spyOn(collectors.mx, 'collect')
    const is = missing('servfail', 'no answer')
    const facts = collection({ saved: [{ fact: 'mx', on: { kind: 'domain', name: 'example.com' }, is }] })
    expect(await facts.need('mx', subject)).toEqual(is)
    expect(await facts.need('spf', subject)).toMatchObject({ ok: false, cause: { kind: 'facts-file' } })
    expect(collect).not.toHaveBeenCalled()
  })
  it('of a repository is skipped where there is none', async () => {
    expect(await collection().need('tree', subject)).toMatchObject({ ok: false, because: 'no repository was given' })
  })
})
