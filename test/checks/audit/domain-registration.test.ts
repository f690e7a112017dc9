// domain-registration: dates and states as registries give them; what is not said is not called fine.
import { describe, expect, test } from 'vitest'
import check from '../../../src/checks/audit/domain-registration.ts'
import { observed } from '../../../src/core/fact.ts'
import { judge } from '../../../src/core/judge.ts'
import { bareTarget } from '../../../src/core/target.ts'

const now = Date.parse('2026-11-25T12:00:00Z')
const judged = (states: string[], expires: string | null) =>
  judge({
    check: check as never,
    subject: { kind: 'domain', name: 'example.com' },
    facts: { registration: observed({ name: 'example.com', states, expires, registrar: null }, '') },
    now,
    target: bareTarget({ domain: 'example.com' }),
    options: {},
    severities: {},
  })

const run = (states: string[], expires: string | null) =>
  judged(states, expires).results.map(row => row.outcome ?? row.status)

const inDays = (days: number): string => new Date(now + days * 86_400_000).toISOString()
const locked = ['client transfer prohibited']

describe('domain-registration', () => {
  test.each([
    ['registered', locked, inDays(400)],
    ['registered', ['server transfer prohibited'], inDays(60)],
    ['expires-within-60-days', locked, inDays(59)],
    ['expires-within-60-days', locked, inDays(30)],
    ['expires-within-30-days', locked, inDays(29)],
    ['expires-within-30-days', locked, inDays(-3)],
    ['on-hold', [...locked, 'server hold'], inDays(400)],
    ['on-hold', [...locked, 'redemption period'], inDays(400)],
    ['unlocked', ['active'], inDays(400)],
    ['registered', locked, null],
    ['unknown', [], null],
  ])('%s: %j until %s', (outcome, states, expires) => {
    expect(run(states, expires)).toEqual([outcome])
  })
  test('every fault that holds is told', () => {
    expect(
      judged(['client hold'], inDays(5))
        .findings.map(finding => finding.outcome)
        .sort(),
    ).toEqual(['expires-within-30-days', 'on-hold', 'unlocked'])
  })
})
