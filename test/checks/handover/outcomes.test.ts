// Outcomes of the handover that no world shows, by the examples of their checks: each is found, and its neighbours are not.
import { describe, expect, it } from 'vitest'
import { checks } from '../../../src/checks/index.generated.ts'
import { exampleFacts } from '../../../src/core/example.ts'
import { judge } from '../../../src/core/judge.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { examples } from '../../../src/facts/examples.generated.ts'

const now = '2026-11-25T00:00:00Z'
const rows: [check: string, outcome: string, severity: string | null][] = [
  ['handover-document', 'missing', 'high'],
  ['handover-document', 'incomplete', 'high'],
  ['handover-document', 'stale', 'medium'],
  ['handover-document', 'contains-secret', 'blocker'],
  ['handover-document', 'complete', null],
  ['deploy-knowledge', 'undocumented', 'high'],
  ['deploy-knowledge', 'never', 'medium'],
  ['rollback-rehearsed', 'undocumented', 'high'],
  ['rollback-rehearsed', 'never', 'medium'],
  ['rollback-rehearsed', 'stale', 'medium'],
  ['restore-rehearsed', 'undocumented', 'high'],
  ['restore-rehearsed', 'never', 'medium'],
  ['key-rotation-knowledge', 'no-procedure', 'medium'],
  ['monitoring-links', 'missing', 'medium'],
  ['support-contacts', 'missing', 'medium'],
  ['support-contacts', 'unreachable', 'high'],
  ['first-customer', 'broken-at', 'blocker'],
  ['first-customer', 'walks', null],
]

describe('outcomes of the handover', () => {
  it.each(rows)('%s %s', (id, outcome, severity) => {
    const check = checks.find(one => one.id === id)!
    const example = check.examples.find(one => one.expect === outcome)!
    const judged = judge({
      check,
      subject: { kind: 'domain', name: 'example.com' },
      facts: exampleFacts(check, example, examples, now),
      now: Date.parse(now),
      target: bareTarget({ domain: 'example.com' }),
      options: {},
      severities: {},
    })
    if (severity === null) expect(judged.results.map(result => result.outcome)).toEqual([outcome])
    else {
      expect([...new Set(judged.findings.map(finding => finding.outcome))]).toEqual([outcome])
      expect(judged.findings[0]!.severity).toBe(severity)
    }
  })
})
