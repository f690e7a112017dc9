// The domain is registered, not on hold, not about to lapse, and locked against transfer.
import { blocker, defineCheck, high, low, type OutcomeHolds, pass, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'
import { holdOf, isUnlocked } from '../../formats/dns/registration-states.ts'

type Data = { domain: string; days: number; date: string; state: string; registrar: string }
type Bad = 'on-hold' | 'expires-within-30-days' | 'expires-within-60-days' | 'unlocked'

const renew = ({ domain, registrar }: Data): Fix =>
  fix(
    `Renew ${domain}${registrar ? ` at ${registrar}` : ''} and turn automatic renewal on`,
    [manual(`Renew ${domain} and turn automatic renewal on.`)],
    [
      'Renew the domain for a year or more and turn automatic renewal on.',
      'Check that the card on file is valid and that the contact address is one that you read.',
    ],
    10,
  )

const liftHold = ({ domain, registrar, state }: Data): Fix =>
  fix(
    `Ask ${registrar || 'the registrar'} to lift the hold on ${domain}`,
    [manual(`Have the hold (${state}) on ${domain} lifted.`)],
    [
      'The usual causes: the contact address was not confirmed, the fee was not paid, a complaint. The registrar says which.',
      'Do what it asks for; the domain works again within hours.',
    ],
    60,
  )

const lock = ({ domain }: Data): Fix =>
  fix(
    `Lock ${domain} against transfer`,
    [manual(`Turn the transfer lock of ${domain} on at the registrar.`)],
    ['Turn the transfer lock on at the registrar (one switch), and two-factor login with it.'],
    5,
  )

const day = 86_400_000

export default defineCheck<Data>()({
  id: 'domain-registration',
  stage: 'audit',
  on: 'domain',
  alsoIn: ['dns'],
  title: 'The domain is registered for long and locked',
  why: 'The registry is asked by RDAP. A domain on hold does not resolve anywhere; one that lapses takes site and mail with it and is bought by others within days; one without a transfer lock can be moved away by whoever gets into the mailbox.',
  impact: {
    journey: 'visit',
    owner: 'Your site and all of your mail stop on one day, and someone else may buy the name.',
  },
  needs: ['registration'],
  signals: { 'signup-unreliable': ['on-hold', 'expires-within-30-days'], 'emails-fail': ['on-hold'] },
  outcomes: {
    'on-hold': blocker('{domain} is on hold: it works for nobody', liftHold, {
      why: 'Site and mail work for nobody until the hold is lifted.',
    }),
    'expires-within-30-days': blocker('{domain} runs out in {days} days', renew),
    'expires-within-60-days': high('{domain} runs out in {days} days', renew),
    unlocked: low('{domain} can be moved to another owner without a lock', lock, {
      why: 'Whoever gets hold of the transfer code can move the domain away, and site and mail with it.',
    }),
    registered: pass('{domain} is registered until {date}'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9083#section-5.3',
    'https://www.rfc-editor.org/rfc/rfc8056',
    'https://www.icann.org/resources/pages/epp-status-codes-2014-06-16-en',
  ],
  judge: ({ registration: { name: domain, states, expires, registrar } }, { now }) => {
    const days = expires === null ? Number.POSITIVE_INFINITY : Math.floor((Date.parse(expires) - now) / day)
    const hold = holdOf(states)
    const data: Data = {
      domain,
      days: Number.isFinite(days) ? Math.max(0, days) : 0,
      date: expires?.slice(0, 10) ?? 'an unknown date',
      state: hold ?? '',
      registrar: registrar ?? '',
    }
    const until = [textEvidence(`${domain} registered until`, expires ?? 'the registry does not say')]
    const stated = [textEvidence(`state of ${domain}`, states.join(', '))]
    const holds: OutcomeHolds<Bad, Data>[] = []
    if (hold) holds.push({ outcome: 'on-hold', data, evidence: stated })
    if (days < 30) holds.push({ outcome: 'expires-within-30-days', data, evidence: until })
    else if (days < 60) holds.push({ outcome: 'expires-within-60-days', data, evidence: until })
    if (isUnlocked(states)) holds.push({ outcome: 'unlocked', data, evidence: stated })
    if (holds.length) return holds
    if (expires === null && states.length === 0)
      return unknown('the registry says neither a date nor a state', 'blocker')
    return { outcome: 'registered', data, evidence: until }
  },
  examples: [
    { name: 'a year to go, locked', facts: {}, expect: 'registered' },
    {
      name: 'two weeks to go',
      facts: { registration: { expires: '2026-12-09T00:00:00.000Z' } },
      expect: 'expires-within-30-days',
    },
    { name: 'no lock', facts: { registration: { states: ['active'] } }, expect: 'unlocked' },
  ],
})
