// What DMARC records leave open, where reports go, and who sends by them.
import { describe, expect, it } from 'vitest'
import { reportsOf, sourceWith } from '../../../src/facts/email/dmarc-reports.example.ts'
import { reportTargetWith, example as targets, unauthorised } from '../../../src/facts/email/report-targets.example.ts'
import { senderWith } from '../../../src/facts/email/sender-mail.example.ts'
import { spfAligns } from '../../../src/formats/dmarc/alignment.ts'
import { appliedPolicy, mergeDmarc, parseDmarc, starterDmarc } from '../../../src/formats/dmarc/dmarc.ts'
import { policyGaps, receiverGaps } from '../../../src/formats/dmarc/gaps.ts'
import { mending } from '../../../src/formats/dmarc/mending.ts'
import { dmarcFaults } from '../../../src/formats/dmarc/record-faults.ts'
import {
  arrivalFault,
  describeTarget,
  isLost,
  isUnasked,
  withReports,
} from '../../../src/formats/dmarc/report-addresses.ts'
import { dmarcRollout } from '../../../src/formats/dmarc/rollout.ts'
import {
  isCurrent,
  isFailing,
  isNoise,
  isYours,
  knownRate,
  nextStep,
  setupOf,
} from '../../../src/formats/dmarc/sources.ts'

const now = Date.parse('2026-11-25T00:00:00Z')
const domain = 'coachdash.example'

describe('dmarcFaults', () => {
  it.each([
    ['v=DMARC1; p=reject', []],
    ['v=DMARC1; p=block', ['ignored']],
    ['v=DMARC1; p=block; rua=mailto:a@example.com', ['malformed']],
    ['v=DMARC1; p=reject; colour=red', ['unknown-tag']],
    ['v=DMARC1; p=reject; x-team=1; 9.a=b', ['unknown-tag']],
    ['v=DMARC1; p=reject; rua mailto:a@example.com', ['malformed']],
    ['v=DMARC1; p=reject; pct=50; ri=60', ['historic-tag']],
  ])('%s', (text, kinds) => expect(dmarcFaults(parseDmarc(text)).map(fault => fault.kind)).toEqual(kinds))
})

describe('policyGaps', () => {
  it.each([
    ['v=DMARC1; p=reject', true, []],
    ['v=DMARC1; p=none', true, ['none']],
    ['v=DMARC1; p=reject; sp=none', true, ['subdomains-weaker']],
    ['v=DMARC1; p=reject; sp=none', false, ['none']],
    ['v=DMARC1; p=reject; np=none', true, ['nonexistent-weaker']],
    ['v=DMARC1; p=quarantine; t=y', true, ['testing']],
    ['v=DMARC1; p=none; t=y', true, ['none']],
    ['v=DMARC1; p=quarantine; t=y; np=none', true, ['testing']],
    ['v=DMARC1; p=reject; t=y; np=none', true, ['nonexistent-weaker', 'testing']],
  ])('%s (own: %s)', (text, isOwn, kinds) =>
    expect(policyGaps(parseDmarc(text), isOwn, dmarcRollout(null, domain, now)).map(gap => gap.kind)).toEqual(kinds),
  )
  it('closes both gaps of subdomains at once', () =>
    expect(policyGaps(parseDmarc('v=DMARC1; p=reject; sp=none; np=none'), true, [])[0]?.wanted).toBe(
      'v=DMARC1; p=reject; sp=reject; np=reject',
    ))
})

describe('receiverGaps', () => {
  const walk = (organizational: string, at: string, registrable: string | null) => ({
    registrable,
    walk: { organizational, at },
  })
  it.each([
    ['the same domain', 'v=DMARC1; p=reject', walk(domain, domain, domain), 0],
    ['no registrable domain', 'v=DMARC1; p=reject', walk(domain, domain, null), 0],
    ['another one', 'v=DMARC1; p=reject; psd=n', walk(domain, domain, 'parent.example'), 1],
    ['psd=y at the domain', 'v=DMARC1; p=reject; psd=y', walk(domain, domain, domain), 1],
    ['pct below 100', 'v=DMARC1; p=reject; pct=50', walk(domain, domain, domain), 1],
    ['pct while watching', 'v=DMARC1; p=none; pct=50', walk(domain, domain, domain), 0],
  ])('%s', (_name, text, places, count) => expect(receiverGaps(parseDmarc(text), places, domain)).toHaveLength(count))
})

describe('records', () => {
  it.each([
    ['v=DMARC1; p=reject; sp=none', 'domain', 'reject'],
    ['v=DMARC1; p=reject; sp=none', 'subdomain', 'none'],
    ['v=DMARC1; p=reject; t=y', 'domain', 'quarantine'],
  ] as const)('appliedPolicy %s (%s)', (text, applies, policy) =>
    expect(appliedPolicy({ record: parseDmarc(text), applies })).toBe(policy),
  )
  it('no record applies nothing', () => expect(appliedPolicy({ record: null, applies: null })).toBe('none'))
  it('of several the strictest is kept, with every address', () =>
    expect(
      mergeDmarc(['v=DMARC1; p=none; rua=mailto:a@x.example', 'v=DMARC1; p=reject; rua=mailto:b@x.example']),
    ).toEqual({
      kept: 'v=DMARC1; p=reject; rua=mailto:b@x.example',
      merged: 'v=DMARC1; p=reject; rua=mailto:a@x.example,mailto:b@x.example',
    }))
  it('begins by watching', () => {
    expect(starterDmarc(domain, true)).toBe('v=DMARC1; p=none; rua=mailto:dmarc@coachdash.example')
    expect(starterDmarc(domain, false)).toBe('v=DMARC1; p=none')
  })
})

describe('report addresses', () => {
  it.each([
    [reportTargetWith(), false, false, 'takes mail'],
    [reportTargetWith({ receives: false }), true, false, 'takes no mail'],
    [reportTargetWith({ receives: null }), false, true, 'mail server not asked'],
    [unauthorised, true, false, `takes mail, no record at ${unauthorised.authorisation}`],
    [{ ...unauthorised, authorised: null }, false, true, 'takes mail, consent not asked'],
    [{ ...unauthorised, authorised: true }, false, false, 'takes mail, agreed to receive reports'],
  ])('%# is lost, unasked, described', (target, lost, unasked, words) => {
    expect([isLost(target), isUnasked(target), describeTarget(target)]).toEqual([lost, unasked, words])
  })
  it('keeps the addresses that work, or gives the domain its own', () => {
    const found = { ...targets, record: 'v=DMARC1; p=reject; rua=mailto:x@reports.example', targets: [unauthorised] }
    expect(withReports(found, () => true, null)).toBe('v=DMARC1; p=reject; rua=mailto:x@reports.example')
    expect(withReports(found, () => false, 'mailto:own@x.example')).toBe('v=DMARC1; p=reject; rua=mailto:own@x.example')
    expect(withReports(found, () => false, null)).toBe('')
  })
  it('an address that lacks its mailto: is the one that was meant', () =>
    expect(
      withReports({ ...targets, record: 'v=DMARC1; p=none; rua=a@x.example', rua: 0, targets: [] }, () => true, null),
    ).toBe('v=DMARC1; p=none; rua=mailto:a@x.example'))
  const place = { kind: 'mailbox' as const, place: 'inbox', newest: '2026-11-24T00:00:00Z', problems: [] }
  it.each([
    ['a day old', place, null],
    ['three weeks old', { ...place, newest: '2026-11-04T00:00:00Z' }, { since: 'since 2026-11-04' }],
    ['none', { ...place, newest: null }, { since: 'so far' }],
    ['a file', { ...place, kind: 'file' as const, newest: null }, null],
    [
      'unreadable',
      { ...place, newest: null, problems: [{ reason: 'broken', used: false }] },
      { unknown: 'no report in inbox could be read: broken' },
    ],
  ])('reports that arrived: %s', (_name, given, fault) => expect(arrivalFault(given, now)).toEqual(fault))
})

describe('sources', () => {
  const mailchimp = sourceWith({ name: 'Mailchimp', kind: 'provider' })
  it.each([
    ['a configured sender', sourceWith(), [], [], true],
    ['a provider in sight', mailchimp, [], ['Mailchimp'], true],
    ['a provider of the config', mailchimp, [{ name: 'Mailchimp', dkim: [] }], [], true],
    ['a provider of nobody', mailchimp, [], [], false],
    ['nobody', sourceWith({ kind: 'unknown' }), [], [], false],
  ])('isYours: %s', (_name, source, senders, inSight, yours) => expect(isYours(source, senders, inSight)).toBe(yours))
  it.each([
    [900, 900, false],
    [1000, 980, false],
    [1000, 979, true],
    [0, 0, false],
  ])('%i messages, %i pass', (messages, passing, failing) =>
    expect(isFailing(sourceWith({ messages, passing }))).toBe(failing),
  )
  it('few messages of many are noise', () => {
    const { summary } = reportsOf([sourceWith({ messages: 1000 })])
    expect(isNoise(sourceWith({ messages: 9 }), summary)).toBe(true)
    expect(isNoise(sourceWith({ messages: 10 }), summary)).toBe(false)
  })
  it('the rate rests on known sources', () =>
    expect(knownRate({ sources: [sourceWith(), sourceWith({ kind: 'unknown', passing: 0 })] })).toBe('100.0 %'))
  it('the next step is that of the roll-out', () => {
    const step = (text: string) => nextStep({ record: parseDmarc(text), at: domain }, domain, now)
    expect(step('v=DMARC1; p=none; rua=mailto:a@x.example')?.wanted).toBe(
      'v=DMARC1; p=quarantine; rua=mailto:a@x.example',
    )
    expect(step('v=DMARC1; p=reject')).toMatchObject({ wanted: '', rejecting: true })
    expect(nextStep(null, domain, now)).toBeNull()
    expect(isCurrent({ policy: 'none' }, { policy: 'reject' })).toBe(false)
    expect(isCurrent({ policy: null }, { policy: 'reject' })).toBe(true)
  })
  it('a provider has words of its own', () => expect(setupOf({ name: 'nobody' })).toContain('Sign its mails with DKIM'))
})

describe('spfAligns', () => {
  it.each([
    ['below the domain', {}, true],
    ['strict, below the domain', { aspf: 's' as const }, false],
    ['strict, the very name', { aspf: 's' as const, envelope: domain }, true],
    ['bounces to the provider', { envelope: null, known: 'provider' as const }, false],
    ['nobody knows', { envelope: null, known: null }, null],
    ['not asked', { spf: { texts: [], authorised: null, problem: 'timeout' } }, null],
  ])('%s', (_name, given, aligns) => expect(spfAligns(senderWith(given))).toBe(aligns))
})

describe('what a mended record asks of receivers today', () => {
  const now = Date.parse('2026-11-25T00:00:00Z')
  it.each([
    ['nobody acted on it: watch first, the meant policy later', true, 'v=DMARC1; p=none; rua=mailto:a@x.example', 2],
    ['it was acted on: the policy stays', false, 'v=DMARC1; p=reject; rua=mailto:a@x.example', 0],
  ])('%s', (_name, inert, wanted, later) => {
    const record = parseDmarc('v=DMARC1; p=reject; rua=mailto:a@x.example; colour=red')
    const mended = mending(domain, now, true, inert)(record)
    expect(mended.wanted).toBe(wanted)
    expect(mended.later).toHaveLength(later)
    if (later) expect(mended.later[0]).toMatch(/^2026-12-09: v=DMARC1; p=quarantine;/)
  })
  it('a policy that has mail refused has a day of its own', () => {
    const [gap] = policyGaps(
      parseDmarc('v=DMARC1; p=none'),
      true,
      dmarcRollout(parseDmarc('v=DMARC1; p=none'), domain, now),
    )
    expect(gap).toMatchObject({ kind: 'none', from: '2026-12-09' })
    expect(policyGaps(parseDmarc('v=DMARC1; p=reject; sp=none'), true, [], '2026-12-09')[0]?.from).toBe('2026-12-09')
    expect(policyGaps(parseDmarc('v=DMARC1; p=reject; np=none'), true, [], '2026-12-09')[0]?.from).toBeNull()
  })
})
