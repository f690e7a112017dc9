// The one plan: what touches one place is one change, what must come first stands first, and nothing contradicts.
import { describe, expect, it } from 'vitest'
import type { Change, Fix } from '../../src/core/fix.ts'
import { mergePatches } from '../../src/core/fix-plan/merge-patches.ts'
import { mergeTexts } from '../../src/core/fix-plan/merge-text.ts'
import { placeOf } from '../../src/core/fix-plan/places.ts'
import { planFixes } from '../../src/core/fix-plan/plan-fixes.ts'
import {
  addRecord,
  manual,
  redirect,
  removeRecord,
  replaceRecord,
  setHeader,
  setting,
  writeFile,
} from '../../src/core/fixes.ts'
import type { Finding } from '../../src/core/report.ts'

let count = 0
const finding = (changes: Change[], more: Partial<Finding> & { later?: Fix['later'] } = {}): Finding => ({
  id: `f${++count}`,
  check: 'spf-record',
  outcome: 'broken',
  stage: 'email',
  severity: 'high',
  impact: 'email',
  confidence: 'certain',
  subject: 'coach.example',
  key: null,
  title: 'Broken',
  why: '',
  evidence: [],
  fix: { summary: 'Mend it', steps: [], changes, effortMinutes: 5, ...(more.later ? { later: more.later } : {}) },
  references: [],
  firstSeen: null,
  suppressed: null,
  ...more,
})

const now = Date.parse('2026-11-29T00:00:00Z')
const changesOf = (...findings: Finding[]): Change[][] => planFixes(findings, now).steps.map(({ changes }) => changes)

describe('one place', () => {
  it('two corrections of one SPF record are one record', () => {
    const was = 'v=spf1 include:a.example include:gone.example ~all'
    const steps = changesOf(
      finding([replaceRecord('coach.example', 'TXT', 'v=spf1 include:a.example ~all', was)]),
      finding([
        replaceRecord(
          'coach.example',
          'TXT',
          'v=spf1 include:a.example include:gone.example include:new.example ~all',
          was,
        ),
      ]),
    )
    expect(steps).toEqual([
      [{ ...replaceRecord('coach.example', 'TXT', 'v=spf1 include:a.example include:new.example ~all', was) }],
    ])
  })
  it('the same change of two findings stands once', () => {
    const change = setHeader('app.coach.example', 'x-frame-options', 'SAMEORIGIN')
    expect(changesOf(finding([change]), finding([change]))).toEqual([[change]])
  })
  it('corrections of one policy keep what each of them is about', () => {
    const was = "script-src 'self' 'unsafe-inline'; frame-ancestors *"
    const header = (value: string): Change =>
      setHeader('coach.example', 'content-security-policy', value, undefined, was)
    const [[change]] = changesOf(
      finding([header("script-src 'self' 'unsafe-inline'; frame-ancestors 'self'")]),
      finding([header("script-src 'self'; frame-ancestors *; object-src 'none'")]),
    ) as unknown as [[{ value: string }]]
    expect(change.value).toBe("script-src 'self'; frame-ancestors 'self'; object-src 'none'")
  })
  it('of two redirects of one address the costlier finding’s stands, the other waits for the next run', () => {
    const first = finding([redirect('http://coach.example/', 'https://coach.example/')])
    const second = finding([redirect('http://coach.example/', 'https://www.coach.example/')])
    const { steps } = planFixes([first, second], now)
    expect(steps.map(({ findings }) => findings)).toEqual([[first.id], [second.id]])
    expect(steps[1]!.changes).toEqual([manual(expect.stringContaining('Run the audit again') as unknown as string)])
  })
  it('ignore files take the lines of all', () => {
    const [[change]] = changesOf(
      finding([writeFile('.gitignore', 'node_modules\n.env\n')]),
      finding([writeFile('.gitignore', 'node_modules\ndist\n')]),
    ) as unknown as [[{ content: string }]]
    expect(change.content).toBe('node_modules\n.env\ndist\n')
  })
  it('an alias and an address are one place, other records of the name are not', () => {
    expect(placeOf(addRecord('www.coach.example', 'A', '192.0.2.1'))).toBe(
      placeOf(addRecord('WWW.coach.example.', 'CNAME', 'host.example.')),
    )
    expect(placeOf(addRecord('coach.example', 'MX', '10 mx.example.'))).not.toBe(
      placeOf(addRecord('coach.example', 'A', '192.0.2.1')),
    )
  })
})

describe('order', () => {
  it('what replaces is there before what it replaces goes', () => {
    const [changes] = changesOf(
      finding([removeRecord('www.coach.example', 'A', '192.0.2.1'), addRecord('www.coach.example', 'A', '192.0.2.2')]),
    )
    expect(changes!.map(change => (change as { action: string }).action)).toEqual(['add', 'remove'])
  })
  it('a certificate comes before what leads to its host, whatever it costs', () => {
    const { steps } = planFixes(
      [
        finding([redirect('http://www.coach.example/', 'https://www.coach.example/')]),
        finding([setHeader('www.coach.example', 'strict-transport-security', 'max-age=31536000')]),
        finding([setting('tls', 'www.coach.example/certificate', { names: ['www.coach.example'] })]),
      ],
      now,
    )
    expect(steps.map(({ changes }) => changes[0]!.kind)).toEqual(['setting', 'redirect', 'http-header'])
    expect(steps[1]!.why).toBe('After step 1: the certificate of www.coach.example has to be there first.')
  })
  it('DMARC is tightened after SPF and DKIM are right', () => {
    const { steps } = planFixes(
      [
        finding([replaceRecord('_dmarc.coach.example', 'TXT', 'v=DMARC1; p=quarantine', 'v=DMARC1; p=none')]),
        finding([replaceRecord('coach.example', 'TXT', 'v=spf1 include:a.example -all', 'v=spf1 -all')]),
        finding([addRecord('s1._domainkey.coach.example', 'TXT', 'v=DKIM1; p=abc')]),
      ],
      now,
    )
    expect(steps.map(({ changes }) => (changes[0] as { name: string }).name)).toEqual([
      'coach.example.',
      's1._domainkey.coach.example.',
      '_dmarc.coach.example.',
    ])
  })
  it('what needs a wait is a later step with its day', () => {
    const later = [
      {
        afterDays: 14,
        changes: [addRecord('_dmarc.coach.example', 'TXT', 'v=DMARC1; p=quarantine')],
        why: 'Watch the reports.',
      },
    ]
    const { steps } = planFixes([finding([manual('Read the reports')], { later })], now)
    expect(steps.map(({ notBefore }) => notBefore)).toEqual([null, '2026-12-13'])
  })
  it('what is suppressed is not in the plan, what is only possible comes last', () => {
    const steps = changesOf(
      finding([manual('a')], { suppressed: { reason: 'known', until: null, by: 'config' } }),
      finding([manual('b')], { confidence: 'possible' }),
      finding([manual('c')]),
    )
    expect(steps).toEqual([[manual('c')], [manual('b')]])
  })
  it('rings of what rests on each other end', () => {
    const ring = [
      finding([addRecord('a.coach.example', 'CNAME', 'b.coach.example.')]),
      finding([addRecord('b.coach.example', 'CNAME', 'a.coach.example.')]),
    ]
    expect(planFixes(ring, now).steps).toHaveLength(2)
  })
})

describe('texts and patches', () => {
  it('merge what each version took away and added', () => {
    expect(
      mergeTexts(
        'v=DMARC1; p=none; pct=50; rua=mailto:a@b',
        ['v=DMARC1; p=none; rua=mailto:a@b', 'v=DMARC1; p=none; pct=50; rua=mailto:c@d'],
        'tags',
      ),
    ).toBe('v=DMARC1; p=none; rua=mailto:c@d')
    expect(mergeTexts('v=spf1 ~all', ['v=spf1 include:x ~all', 'v=spf1 -all'], 'terms')).toBe('v=spf1 include:x -all')
  })
  it('patches of other lines are one patch, patches of the same lines are none', () => {
    const head = '--- a/x\n+++ b/x\n'
    const one = `${head}@@ -1,1 +1,2 @@\n a\n+b\n`
    const two = `${head}@@ -9,1 +9,1 @@\n-y\n+z\n`
    expect(mergePatches([two, one])).toBe(`${head}@@ -1 +1,2 @@\n a\n+b\n@@ -9 +10 @@\n-y\n+z\n`)
    expect(mergePatches([one, one])).toBe(`${head}@@ -1 +1,2 @@\n a\n+b\n`)
    expect(mergePatches([one, `${head}@@ -1,1 +1,1 @@\n-a\n+c\n`])).toBeNull()
    expect(mergePatches(['+USER node', '+USER app'])).toBeNull()
  })
})
