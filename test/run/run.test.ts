// A run as a function: one call with a request and its ways; nothing of a command line, and nothing shared between two runs.
import { afterEach, describe, expect, it, vi } from 'vitest'
import { checks } from '../../src/checks/index.generated.ts'
import { loadConfig } from '../../src/config/load.ts'
import { missing, observed } from '../../src/core/fact.ts'
import { bareTarget } from '../../src/core/target.ts'
import { collectors } from '../../src/facts/index.generated.ts'
import type { FactsFile } from '../../src/run/facts-file.ts'
import { prepare } from '../../src/run/prepare.ts'
import type { RunRequest, RunWays } from '../../src/run/request.ts'
import { run } from '../../src/run/run.ts'
import { fakeClock } from '../support/fake-clock.ts'

const at = '2026-11-25T09:30:00.000Z'
const domain = 'example.com'

const request = async (more: Partial<RunRequest> = {}): Promise<RunRequest> => ({
  stage: 'audit',
  config: await loadConfig(null, {}),
  domain,
  repo: null,
  ...more,
})

const ways = (more: Partial<RunWays> = {}): RunWays => ({
  network: { resolvers: [], connectTo: [], ca: [], timeoutMs: 1000, concurrency: 4, userAgent: 'test' },
  clock: fakeClock(),
  env: {},
  signal: new AbortController().signal,
  version: '0.0.0',
  ...more,
})

const saved = (facts: FactsFile['facts'] = []): FactsFile => ({
  startedAt: at,
  target: bareTarget({ domain }),
  facts,
})

afterEach(() => vi.restoreAllMocks())

describe('a run', () => {
  it('returns report, facts and what was judged, with the instant of the facts', async () => {
    const fact = { fact: 'dmarc', on: { kind: 'domain' as const, name: domain }, is: missing('servfail', 'no answer') }
    const planned = vi.fn()
    const result = await run(await request({ saved: saved([fact]), only: ['dmarc-record'] }), ways({ planned }))
    expect(planned).toHaveBeenCalledExactlyOnceWith(1)
    expect(result.report).toMatchObject({ startedAt: at, verdict: 'incomplete', interrupted: false, durationMs: 0 })
    expect(result.report.checks.map(({ check, status }) => [check, status])).toEqual([['dmarc-record', 'unknown']])
    expect(result.facts).toContainEqual(fact)
    expect(result.startedAt).toBe(Date.parse(at))
  })

  it('gives the same report twice, and the second knows nothing of the first', async () => {
    const asked = await request({ saved: saved() })
    const [one, two] = await Promise.all([run(asked, ways()), run(asked, ways())])
    expect(two.report).toEqual(one.report)
  })

  it('says everything that is wrong with a request, and looks at nothing', async () => {
    const collect = vi.spyOn(collectors.mx, 'collect')
    const wrong = await request({ only: ['spf-rekord', 'certificat'] })
    await expect(run(wrong, ways())).rejects.toThrow(/spf-rekord[^\n]*\n[^\n]*certificat/)
    await expect(run(await request({ domain: null }), ways())).rejects.toThrow('audit needs a domain')
    await expect(run(await request({ stage: 'deploy' }), ways())).rejects.toThrow('deploy needs a repository')
    expect(collect).not.toHaveBeenCalled()
  })

  it('that is interrupted is incomplete, whatever was found so far, and waits for what is under way', async () => {
    const abort = new AbortController()
    let ended = false
    vi.spyOn(collectors.dmarc, 'collect').mockImplementation(async () => {
      abort.abort()
      await new Promise(resolve => setTimeout(resolve, 50))
      ended = true
      return observed({}, at) as never
    })
    const { report } = await run(await request({ only: ['dmarc-record'] }), ways({ signal: abort.signal }))
    expect(ended).toBe(true)
    expect(report).toMatchObject({ interrupted: true, verdict: 'incomplete' })
    expect(report.checks[0]).toMatchObject({ status: 'unknown', cause: { kind: 'interrupted' } })
  })

  it('outlives a collector that throws: that is a fact, and a defect of ours', async () => {
    vi.spyOn(collectors.dmarc, 'collect').mockImplementation(() => {
      throw new Error('boom')
    })
    const { report } = await run(await request({ only: ['dmarc-record'] }), ways())
    expect(report.checks[0]).toMatchObject({ status: 'unknown', cause: { kind: 'defect', of: 'dmarc' } })
  })
})

describe('what a run sends', () => {
  it('is stated before, and only for the domain of the config', async () => {
    const config = await loadConfig(null, {})
    const flows = [{ name: 'login', kind: 'login' as const, steps: [{ get: `https://app.${domain}/login` }] }]
    const own = { ...config, config: { ...config.config, domain, flows: flows as never } }
    const sends = async (more: Partial<RunRequest>) => prepare(await request({ config: own, ...more })).plan.sends
    expect(await sends({})).toEqual([`will send: flow "login": 1 steps over HTTP on app.${domain}`])
    expect(await sends({ domain: 'other.example' })).toEqual([])
    expect(await sends({ saved: saved() })).toEqual([])
    expect(await sends({ skip: checks.filter(({ needs }) => needs.includes('flowRun')).map(({ id }) => id) })).toEqual(
      [],
    )
    expect(await sends({ active: true })).toHaveLength(2)
  })
})
