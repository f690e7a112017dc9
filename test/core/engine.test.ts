// The pure machinery: judging, planning, ranking, folding, assembling.

import { describe, expect, it } from 'vitest'
import { checks } from '../../src/checks/index.generated.ts'
import { assembleReport, exitCodeOf } from '../../src/core/assemble.ts'
import type { Cause, CauseKind } from '../../src/core/cause.ts'
import { type AnyCheck, defineCheck } from '../../src/core/check.ts'
import { missing, notApplicable, observed, type Subject } from '../../src/core/fact.ts'
import { fingerprint } from '../../src/core/fingerprint.ts'
import { foldCauses } from '../../src/core/fold.ts'
import { fillSlots, fillTitle, type Judged, judge } from '../../src/core/judge.ts'
import { planChecks } from '../../src/core/plan.ts'
import { compareFindings } from '../../src/core/rank.ts'
import type { CheckResult, Finding } from '../../src/core/report.ts'
import { applySuppressions, suppressionHolds } from '../../src/core/suppress.ts'
import { bareTarget } from '../../src/core/target.ts'
import { tellOnce } from '../../src/core/told-once.ts'

const fix = () => ({ summary: 'Change it', steps: ['Change it'], changes: [], effortMinutes: 5 })
const at = '2026-11-25T00:00:00Z'
const now = Date.parse(at)
const subject: Subject = { kind: 'domain', name: 'example.com' }

/** A check that says what it is told. */
const checkThat = (says: (facts: never) => unknown): AnyCheck =>
  defineCheck<{ n: number }>()({
    id: 'made-up',
    stage: 'dns',
    on: 'domain',
    title: 'Made up',
    why: 'For this test.',
    impact: { journey: 'visit', owner: 'Nothing happens.' },
    needs: ['mx'],
    wants: ['spf'],
    outcomes: {
      bad: { status: 'fail', severity: 'blocker', title: '{n} bad', fix },
      worse: { status: 'fail', severity: 'low', title: 'Low', fix },
      good: { status: 'pass', title: 'Good' },
    },
    references: [],
    judge: says as never,
    examples: [],
  })

const judged = (says: () => unknown, facts: Record<string, unknown> = {}): Judged =>
  judge({
    check: checkThat(says),
    subject,
    facts: { mx: observed({}, at), spf: missing('timeout', 'no answer'), ...facts } as never,
    now,
    target: bareTarget({ domain: 'example.com' }),
    options: {},
    severities: {},
  })

describe('titles', () => {
  it('are sentences: names of hosts stay whole, one thing is no plural, things in words begin large', () => {
    const title = fillTitle('{host} leads to an address nobody outside can reach', {
      host: 'intranet.a-very-long-name-of-a-company.example',
    })
    expect(title).toBe('intranet.a-very-long-name-of-a-company.example leads to an address nobody outside can reach')
    const url = 'https://app.coachdash.example/a/long/way/to/the/login'
    expect(fillTitle('{url} answers with an error that says nothing', { url })).toBe(
      '/a/long/way/to/the/login answers with an error that says nothing',
    )
    const file = 'packages/api/prisma/migrations/20260101_add_owner/migration.sql'
    expect(fillTitle('{file} locks the table of users while it runs', { file })).toBe(
      '…/migration.sql locks the table of users while it runs',
    )
    const endless = fillTitle('{host} is down', { host: `${'a'.repeat(60)}.`.repeat(4) })
    expect(endless).toMatch(/^a{60}\..*… is down$/)
    expect(endless.length).toBeLessThanOrEqual(120)
    expect(fillTitle('It runs out in {days} days', { days: 1 })).toBe('It runs out in 1 day')
    expect(fillTitle('It runs out in {days} days', { days: 21 })).toBe('It runs out in 21 days')
    expect(fillTitle('{what} stands in {file}', { what: 'your key', file: 'a.env' })).toBe('Your key stands in a.env')
    expect(fillTitle('{host} is down', { host: 'example.com' })).toBe('example.com is down')
    expect(fillTitle(`${'word '.repeat(20)}{n}`, { n: 3 }).length).toBeLessThanOrEqual(70)
  })
})

describe('judge', () => {
  it('gives a finding of a repository the same fingerprint in whatever folder it lies', () => {
    const inFolder = (name: string) =>
      judge({
        check: { ...checkThat(() => ({ outcome: 'bad', data: { n: 1 }, evidence: [] })), on: 'repo' } as AnyCheck,
        subject: { kind: 'repo', name },
        facts: { mx: observed({}, at), spf: observed({}, at) } as never,
        now,
        target: bareTarget({ domain: 'example.com' }),
        options: {},
        severities: {},
      }).findings[0]!.id
    expect(inFolder('product')).toBe(inFolder('product-checkout-2'))
  })
  const bad = { outcome: 'bad', data: { n: 3 }, evidence: [] }
  const low = { outcome: 'worse', data: { n: 1 }, evidence: [] }
  it('keeps every outcome that holds, and says the worst in one row', () => {
    const result = judged(() => [low, bad])
    expect(result.findings.map(finding => finding.outcome)).toEqual(['worse', 'bad'])
    expect(result.results).toMatchObject([{ status: 'fail', outcome: 'bad' }])
    expect(result.findings[1]!.title).toBe('3 bad')
  })
  it('a pass beside an unknown is no pass', () => {
    const result = judged(() => [{ outcome: 'good', data: { n: 0 }, evidence: [] }, { unknown: 'half of it' }])
    expect(result.results.map(row => row.status)).toEqual(['unknown'])
    expect(result.unknowns).toMatchObject([{ couldBe: 'blocker' }])
  })
  it('a missing fact is unknown; one whose absence is an observation is skipped; a wanted one is handed over', () => {
    expect(judged(() => bad, { mx: missing('timeout', 'no answer') }).results[0]!.status).toBe('unknown')
    expect(judged(() => bad, { mx: notApplicable('it does not exist') }).results[0]).toMatchObject({
      status: 'skip',
      reason: 'it does not exist',
    })
    expect(judged(() => bad).results[0]!.status).toBe('fail')
  })
  it('a check that throws or says nothing is a defect, and unknown', () => {
    for (const says of [
      () => [],
      () => ({ outcome: 'other', data: {}, evidence: [] }),
      () => {
        throw new Error('no')
      },
    ]) {
      const result = judged(says)
      expect(result.defect).not.toBeNull()
      expect(result.results[0]!.status).toBe('unknown')
    }
  })
  it('leaves slots without data as they are', () => expect(fillSlots('{a} {b}', { a: ['x', 'y'] })).toBe('x, y {b}'))
})

const finding = (given: Partial<Finding>): Finding => ({
  ...judged(() => ({ outcome: 'bad', data: { n: 1 }, evidence: [] })).findings[0]!,
  ...given,
})

describe('ranking', () => {
  it('is severity, journey, effort, check, subject: total, whatever the order given', () => {
    const all = [
      finding({ id: '1', severity: 'high', impact: 'operate' }),
      finding({ id: '2', severity: 'blocker', impact: 'visit' }),
      finding({ id: '3', severity: 'blocker', impact: 'payment', fix: { ...fix(), effortMinutes: 60 } }),
      finding({ id: '4', severity: 'blocker', impact: 'payment' }),
      finding({ id: '5', severity: 'blocker', impact: 'payment', check: 'a-check' }),
      finding({ id: '6', severity: 'blocker', impact: 'payment', check: 'a-check', subject: 'a.example.com' }),
    ]
    const order = [...all].sort(compareFindings).map(item => item.id)
    expect(order).toEqual(['6', '5', '4', '3', '2', '1'])
    expect(
      [...all]
        .reverse()
        .sort(compareFindings)
        .map(item => item.id),
    ).toEqual(order)
  })
  it('fingerprints are stable and tell outcomes, subjects and keys apart', () => {
    expect(fingerprint('spf-lookups', 'over-limit', 'example.com')).toBe(
      fingerprint('spf-lookups', 'over-limit', 'example.com'),
    )
    expect(
      new Set([
        fingerprint('a', 'b', 'c'),
        fingerprint('a', 'b', 'c', 'd'),
        fingerprint('a', 'bc', ''),
        fingerprint('ab', 'c', ''),
      ]).size,
    ).toBe(4)
  })
})

describe('planning', () => {
  const ids = (selection: Partial<Parameters<typeof planChecks>[1]>) =>
    planChecks(checks, { stage: 'audit', only: [], skip: [], active: false, ...selection })
  it('takes ids, globs and stages, and tells words that name nothing', () => {
    expect(ids({ only: ['spf-*'] }).checks.every(check => check.id.startsWith('spf-'))).toBe(true)
    expect(
      ids({ only: ['email'], skip: ['spf-*', 'mx'] }).checks.some(
        check => check.id === 'mx' || check.id.startsWith('spf-'),
      ),
    ).toBe(false)
    expect(ids({ only: ['spf-rekord'] }).unmatched).toEqual(['spf-rekord'])
  })
  it('runs active checks only when asked', () => {
    expect(ids({}).checks.some(check => check.active)).toBe(false)
    expect(ids({ active: true }).checks.some(check => check.active)).toBe(true)
  })
  it('a stage runs its own checks', () =>
    expect(ids({ stage: 'deploy' }).checks.every(check => check.stage === 'deploy' || check.id === 'suppression')).toBe(
      true,
    ))
})

describe('one cause is one finding', () => {
  const of = (check: string, outcome: string, subject: string, suppressed: Finding['suppressed'] = null): Finding =>
    ({ check, outcome, subject, suppressed, evidence: [{ label: check, value: '' }] }) as unknown as Finding
  const byId = new Map(checks.map(check => [check.id, check]))
  const rows = (findings: readonly Finding[]) =>
    findings.map(({ check, outcome, subject }) => ({ check, outcome, subject, status: 'fail' }) as CheckResult)
  const told = (...findings: Finding[]) => tellOnce(findings, rows(findings), byId)

  it('no network before a host is told by its files', () => {
    const { findings, results } = told(of('edge', 'none', 'a.example'), of('cdn-caching', 'no-cdn', 'a.example'))
    expect(findings.map(({ check, evidence }) => [check, evidence.length])).toEqual([['cdn-caching', 2]])
    expect(results[0]).toMatchObject({ status: 'skip', reason: 'cdn-caching no-cdn tells of it' })
    expect(results[1]).toMatchObject({ status: 'fail' })
  })
  it('of another host, or where that one is suppressed, it stands', () => {
    const suppressed = { reason: 'near', until: null } as unknown as Finding['suppressed']
    expect(told(of('edge', 'none', 'b.example'), of('cdn-caching', 'no-cdn', 'a.example')).findings).toHaveLength(2)
    expect(
      told(of('edge', 'none', 'a.example'), of('cdn-caching', 'no-cdn', 'a.example', suppressed)).findings,
    ).toHaveLength(2)
  })
  it('names outcomes that there are', () => {
    for (const check of checks)
      for (const spec of Object.values(check.outcomes)) {
        const by = spec.status === 'fail' ? spec.toldBy : undefined
        if (by) expect(byId.get(by.check)?.outcomes).toHaveProperty(by.outcome)
      }
  })
})

describe('assembling', () => {
  const assemble = (given: Judged[], interrupted = false) =>
    assembleReport({
      version: '0',
      target: { domain: 'example.com', hosts: [], repo: null },
      startedAt: at,
      durationMs: 1,
      judged: given,
      checks: new Map(),
      suppress: [],
      baseline: new Set(),
      firstSeen: new Map(),
      now,
      assumptions: [],
      looked: { hosts: 0, pages: 0, records: 0 },
      interrupted,
      notes: [],
    })
  it('gives verdict and exit code', () => {
    const bad = judged(() => ({ outcome: 'bad', data: { n: 1 }, evidence: [] }))
    const low = judged(() => ({ outcome: 'worse', data: { n: 1 }, evidence: [] }))
    const dark = judged(() => ({ unknown: 'no samples' }))
    const dim = judged(() => ({ unknown: 'no samples', couldBe: 'low' }))
    const good = judged(() => ({ outcome: 'good', data: { n: 1 }, evidence: [] }))
    expect([
      assemble([bad]).verdict,
      exitCodeOf(assemble([bad]), [bad], { failOn: 'blocker', soft: new Set() }),
    ]).toEqual(['not-ready', 1])
    expect([
      assemble([low]).verdict,
      exitCodeOf(assemble([low]), [low], { failOn: 'blocker', soft: new Set() }),
    ]).toEqual(['ready', 0])
    expect(exitCodeOf(assemble([low]), [low], { failOn: 'low', soft: new Set() })).toBe(1)
    expect([
      assemble([dark]).verdict,
      exitCodeOf(assemble([dark]), [dark], { failOn: 'blocker', soft: new Set() }),
    ]).toEqual(['incomplete', 3])
    expect([
      assemble([good, dim]).verdict,
      exitCodeOf(assemble([good, dim]), [good, dim], { failOn: 'blocker', soft: new Set() }),
    ]).toEqual(['ready', 0])
    expect(exitCodeOf(assemble([good, dark]), [good, dark], { failOn: 'never', soft: new Set() })).toBe(0)
  })
  it('is never ready when it was interrupted', () => {
    const good = judged(() => ({ outcome: 'good', data: { n: 1 }, evidence: [] }))
    expect(assemble([good]).verdict).toBe('ready')
    expect(assemble([good], true)).toMatchObject({ verdict: 'incomplete', interrupted: true })
  })
  it('is incomplete where nothing passed and nothing failed, whatever --fail-on says', () => {
    const dim = judged(() => ({ unknown: 'no samples', couldBe: 'low' }))
    const left = judged(() => ({ skip: 'sends no mail' }))
    for (const given of [[], [dim], [left], [dim, left]])
      expect([
        assemble(given).verdict,
        exitCodeOf(assemble(given), given, { failOn: 'never', soft: new Set() }),
      ]).toEqual(['incomplete', 3])
  })
  it('never fails for what is only possible, and says no more than it knows', () => {
    const sure = (confidence: 'certain' | 'likely' | 'possible') =>
      judged(() => ({ outcome: 'bad', data: { n: 1 }, evidence: [], confidence }))
    const severityOf = (given: Judged) => given.findings[0]!.severity
    expect([sure('certain'), sure('likely'), sure('possible')].map(severityOf)).toEqual(['blocker', 'high', 'medium'])
    const possible = sure('possible')
    expect(exitCodeOf(assemble([possible]), [possible], { failOn: 'low', soft: new Set() })).toBe(0)
  })
  it('asks each question once, with the checks that wait for it', () => {
    const question = { id: 'backups', text: 'Is the database backed up?', answer: 'deploy.backup' }
    const asked = judged(() => ({ unknown: 'a managed database', couldBe: 'high' as const, question }))
    expect(assemble([asked, asked]).questions).toEqual([{ ...question, checks: ['made-up'] }])
  })
  it('folds one cause behind many unknowns into one line', () => {
    const dark = Array.from({ length: 40 }, () =>
      judged(() => ({}), {
        mx: missing('timeout', 'no answer', {
          cause: { kind: 'resolver', endpoint: '192.0.2.53:53', text: 'the resolver is down' },
        }),
      }),
    )
    expect(foldCauses(dark)).toEqual([
      { cause: 'the resolver is down', kind: 'resolver', finding: null, hidden: 40, checks: ['made-up'] },
    ])
  })
  it('folds by what identifies a cause, never by its words', () => {
    const down: Cause = { kind: 'resolver', endpoint: '192.0.2.53:53', text: 'no answer from 192.0.2.53:53' }
    const of = (cause: Cause): Judged => judged(() => undefined, { mx: missing('timeout', 'x', { cause }) })
    const other = { ...down, endpoint: '192.0.2.54:53' }
    const worded = { ...down, text: 'it does not answer' }
    const folded = foldCauses([of(down), of(worded), of(other)])
    expect(folded.map(({ hidden, cause }) => [hidden, cause])).toEqual([
      [2, 'it does not answer'],
      [1, 'no answer from 192.0.2.53:53'],
    ])
    const reasons = (['timeout', 'refused'] as const).map(reason =>
      judged(() => undefined, { mx: missing(reason, `same beginning: ${reason}`) }),
    )
    expect(foldCauses(reasons)).toHaveLength(2)
  })
  it('lays what cannot be seen at the door of the finding that says why', () => {
    const explaining = (finding: string, host: string, kinds: CauseKind[]): Judged => ({
      ...judged(() => ({ outcome: 'good', data: { n: 1 }, evidence: [] })),
      explains: [{ finding, host, kinds }],
    })
    const found = [explaining('old', 'old.example.com', ['endpoint']), explaining('gone', 'gone.example.com', ['name'])]
    const because = (cause: Cause): string | null => {
      const dark = judged(() => ({}), { mx: missing('timeout', cause.text, { cause }) })
      return foldCauses([dark, ...found])[0]!.finding
    }
    const text = 'does not answer'
    expect(because({ kind: 'endpoint', host: 'old.example.com', port: 443, text })).toBe('old')
    expect(because({ kind: 'endpoint', host: 'old.example.com', port: 25, text })).toBe(null)
    expect(because({ kind: 'endpoint', host: 'gone.example.com', port: 443, text })).toBe(null)
    expect(because({ kind: 'name', host: 'gone.example.com', text })).toBe('gone')
    expect(because({ kind: 'name', host: 'old.example.com.evil.example', text })).toBe(null)
  })
})

describe('suppressions', () => {
  it('hold through their last day, with a reason', () => {
    const item = { check: 'made-up', reason: 'later', until: '2026-11-25' }
    expect(suppressionHolds(item, now)).toBe(true)
    expect(suppressionHolds(item, now + 86_400_000)).toBe(false)
    expect(suppressionHolds({ check: 'made-up', reason: ' ' }, now)).toBe(false)
  })
  it('match by check, outcome and subject, and never what is about suppressions', () => {
    const all = [
      finding({ id: '1' }),
      finding({ id: '2', subject: 'other.com' }),
      finding({ id: '3', check: 'suppression' }),
    ]
    const marked = applySuppressions(
      all,
      [
        { check: 'made-up', subject: 'example.com', reason: 'known' },
        { check: 'suppression', reason: 'no' },
      ],
      new Set(['2']),
      now,
    )
    expect(marked.map(item => item.suppressed?.by ?? null)).toEqual(['config', 'baseline', null])
  })
})
