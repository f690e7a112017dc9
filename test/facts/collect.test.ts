// The runner: each fact once, under a deadline, in any order.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { configSchema } from '../../src/config/schema.ts'
import { missing, observed } from '../../src/core/fact.ts'
import { bareTarget } from '../../src/core/target.ts'
import { createCollection } from '../../src/facts/collect.ts'
import { collectors } from '../../src/facts/index.generated.ts'
import { domainSubject, hostSubject } from '../../src/facts/subjects.ts'

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
