// Two reports compared: what counts as new, fixed, unchanged, and what cannot be told; and how it is printed.
import { describe, expect, it } from 'vitest'
import { diffReports, withFirstSeen } from '../../src/core/diff.ts'
import type { CheckResult, Report } from '../../src/core/report.ts'
import { printDiff } from '../../src/report/diff.ts'
import { former, sample } from './sample.ts'

const [first] = sample.findings
const before: Report = { ...sample, findings: [first!] }
const result = (given: Partial<CheckResult>): CheckResult => ({
  check: first!.check,
  subject: first!.subject,
  status: 'pass',
  outcome: 'valid',
  reason: null,
  durationMs: 0,
  evidence: [],
  cause: null,
  question: null,
  ...given,
})
const now = (checks: CheckResult[], more: Partial<Report> = {}): Report => ({
  ...sample,
  findings: [],
  checks,
  ...more,
})

describe('a finding that is gone', () => {
  it('is fixed where its check was judged again', () => {
    expect(diffReports(before, now([result({})])).fixed).toEqual([first])
    expect(diffReports(before, now([result({ status: 'fail', outcome: 'expires-soon' })])).fixed).toEqual([first])
  })

  it.each([
    ['unknown', [result({ status: 'unknown', outcome: null, reason: 'timeout' })], 'timeout'],
    ['half unknown', [result({}), result({ status: 'unknown', outcome: null, reason: 'timeout' })], 'timeout'],
    ['skipped', [result({ status: 'skip', outcome: null, reason: 'host is gone' })], 'host is gone'],
    ['not judged', [], 'not looked at this time'],
    ['judged for another subject alone', [result({ subject: 'other.example' })], 'not looked at this time'],
  ] as const)('cannot be told where it is %s', (_, checks, reason) => {
    const diff = diffReports(before, now([...checks]))
    expect(diff.fixed).toEqual([])
    expect(diff.couldNotTell).toEqual([{ finding: first, reason }])
  })

  it('cannot be told where the run was interrupted', () => {
    expect(diffReports(before, now([], { interrupted: true })).couldNotTell[0]!.reason).toBe('the run was interrupted')
  })
})

it('a suppression is no repair, and another wording is the same finding', () => {
  const suppressed = { ...first!, title: 'Reworded', suppressed: { reason: 'x', until: null, by: 'config' as const } }
  const diff = diffReports(before, { ...sample, findings: [suppressed] })
  expect(diff.suppressed).toEqual([suppressed])
  expect([diff.new, diff.fixed, diff.unchanged, diff.couldNotTell]).toEqual([[], [], [], []])
  for (const format of ['terminal', 'markdown'] as const)
    expect(printDiff(diff, format).replace(/\s+/g, ' '), format).toMatch(
      /0 fixed, 1 suppressed, 0 unchanged[\s\S]*Suppressed, not fixed/,
    )
  // Accepted before as well: nothing changed.
  expect(diffReports({ ...sample, findings: [suppressed] }, { ...sample, findings: [suppressed] }).unchanged).toEqual([
    suppressed,
  ])
})

it('a report compared with itself has nothing new', () => {
  const diff = diffReports(sample, sample)
  expect(diff).toMatchObject({ new: [], fixed: [], couldNotTell: [], sameTarget: true })
  expect(diff.unchanged).toHaveLength(sample.findings.length)
})

it('the first sight of a finding is carried over', () => {
  const dated = withFirstSeen(sample, former)
  expect(dated.findings[1]!.firstSeen).toBe(former.startedAt)
  expect(dated.findings[0]!.firstSeen).toBe(sample.startedAt)
  expect(withFirstSeen(sample, dated).findings[1]!.firstSeen).toBe(former.startedAt)
})

describe('printed', () => {
  const diff = diffReports(former, sample)

  it('for a terminal, with a sign for each and no line wider than asked', () => {
    const text = printDiff(diff, 'terminal', { width: 72 })
    expect(text.replace(/\s+/g, ' ')).toContain(
      'From 18 November 2026 to 25 November 2026: still NOT READY; 10 new, 1 fixed',
    )
    expect(text).toMatch(/ {2}✓ low {6}Anyone may issue a certificate for you/)
    expect(text).toMatch(/ {2}\? medium {3}A change of address takes a day to arrive/)
    expect(text).not.toContain('\u001b')
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(72)
    expect(printDiff(diff, 'terminal', { color: true })).toContain('\u001b[')
  })

  it('as Markdown and as JSON', () => {
    expect(printDiff(diff, 'markdown')).toMatch(
      /## Fixed\n\n- Low: Anyone may issue a certificate for you \(coachdash\.example\)/,
    )
    const read = JSON.parse(printDiff(diff, 'json'))
    expect(read).toMatchObject({ schemaVersion: 1, verdict: { from: 'not-ready', to: 'not-ready' } })
    expect(read.fixed).toHaveLength(1)
  })

  it('says so when the targets differ, and strips what is hostile', () => {
    const other = { ...former, target: { ...former.target, domain: 'other.example' } }
    expect(printDiff(diffReports(other, sample), 'markdown')).toContain('not about the same target')
    const bad = { ...former, findings: [{ ...first!, id: 'z', title: '\u001b[31m<b>[x](y)\u202e' }] }
    const hostile = diffReports(bad, now([result({})]))
    expect(printDiff(hostile, 'terminal')).not.toMatch(/[\u001b\u202e]/)
    expect(printDiff(hostile, 'markdown')).toContain('&lt;b&gt;\\[x\\](y)')
  })
})
