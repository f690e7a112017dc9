// The domain is registered, not on hold, not about to lapse, and locked against transfer.
import { defineCheck, type OutcomeHolds, unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { domain: string; days: number; date: string; state: string; registrar: string }

const fix = (data: Data): Fix => ({
  summary: `Renew ${data.domain}${data.registrar ? ` at ${data.registrar}` : ''} and turn automatic renewal on`,
  steps: [
    'Renew the domain for a year or more and turn automatic renewal on.',
    'Check that the card on file is valid and that the contact address is one that you read.',
  ],
  changes: [{ kind: 'manual', step: `Renew ${data.domain} and turn automatic renewal on.` }],
  effortMinutes: 10,
})

const holdFix = (data: Data): Fix => ({
  summary: `Ask ${data.registrar || 'the registrar'} to lift the hold on ${data.domain}`,
  steps: [
    'The usual causes: the contact address was not confirmed, the fee was not paid, a complaint. The registrar says which.',
    'Do what it asks for; the domain works again within hours.',
  ],
  changes: [{ kind: 'manual', step: `Have the hold (${data.state}) on ${data.domain} lifted.` }],
  effortMinutes: 60,
})

const lockFix = (data: Data): Fix => ({
  summary: `Lock ${data.domain} against transfer`,
  steps: ['Turn the transfer lock on at the registrar (one switch), and two-factor login with it.'],
  changes: [{ kind: 'manual', step: `Turn the transfer lock of ${data.domain} on at the registrar.` }],
  effortMinutes: 5,
})

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
  outcomes: {
    'on-hold': { status: 'fail', severity: 'blocker', title: '{domain} is on hold: it works for nobody', fix: holdFix },
    'expires-within-30-days': { status: 'fail', severity: 'blocker', title: '{domain} runs out in {days} days', fix },
    'expires-within-60-days': { status: 'fail', severity: 'high', title: '{domain} runs out in {days} days', fix },
    unlocked: {
      status: 'fail',
      severity: 'low',
      title: '{domain} can be moved to another owner without a lock',
      fix: lockFix,
    },
    registered: { status: 'pass', title: '{domain} is registered until {date}' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9083#section-5.3',
    'https://www.rfc-editor.org/rfc/rfc8056',
    'https://www.icann.org/resources/pages/epp-status-codes-2014-06-16-en',
  ],
  judge: ({ registration }, { now }) => {
    const { name: domain, states, expires, registrar } = registration
    const days = expires === null ? 0 : Math.floor((Date.parse(expires) - now) / day)
    const data: Data = {
      domain,
      days,
      date: expires?.slice(0, 10) ?? 'an unknown date',
      state: '',
      registrar: registrar ?? '',
    }
    const until = [{ label: `${domain} registered until`, value: expires ?? 'the registry does not say' }]
    const holds: OutcomeHolds<'on-hold' | 'expires-within-30-days' | 'expires-within-60-days' | 'unlocked', Data>[] = []
    const hold = states.find(state => /\bhold$|redemption period|pending delete|^inactive$/.test(state))
    if (hold)
      holds.push({
        outcome: 'on-hold',
        data: { ...data, state: hold },
        evidence: [{ label: `state of ${domain}`, value: states.join(', ') }],
      })
    if (expires !== null && days < 30)
      holds.push({ outcome: 'expires-within-30-days', data: { ...data, days: Math.max(0, days) }, evidence: until })
    else if (expires !== null && days < 60) holds.push({ outcome: 'expires-within-60-days', data, evidence: until })
    if (states.length && !states.some(state => state.endsWith('transfer prohibited')))
      holds.push({ outcome: 'unlocked', data, evidence: [{ label: `state of ${domain}`, value: states.join(', ') }] })
    if (holds.length) return holds
    if (expires === null && states.length === 0)
      return unknown('the registry says neither a date nor a state', 'blocker')
    return { outcome: 'registered', data, evidence: until }
  },
  examples: [
    {
      name: 'a year to go, locked',
      facts: {
        registration: {
          name: 'example.com',
          states: ['client transfer prohibited'],
          expires: '2027-11-25T00:00:00.000Z',
          registrar: 'Example Registrar',
        },
      },
      expect: 'registered',
    },
    {
      name: 'two weeks to go',
      facts: {
        registration: {
          name: 'example.com',
          states: ['client transfer prohibited'],
          expires: '2026-12-09T00:00:00.000Z',
          registrar: null,
        },
      },
      expect: 'expires-within-30-days',
    },
    {
      name: 'six weeks to go',
      facts: {
        registration: {
          name: 'example.com',
          states: ['client transfer prohibited'],
          expires: '2027-01-06T00:00:00.000Z',
          registrar: null,
        },
      },
      expect: 'expires-within-60-days',
    },
    {
      name: 'on hold',
      facts: {
        registration: {
          name: 'example.com',
          states: ['client hold', 'client transfer prohibited'],
          expires: '2027-11-25T00:00:00.000Z',
          registrar: null,
        },
      },
      expect: 'on-hold',
    },
    {
      name: 'no lock',
      facts: {
        registration: { name: 'example.com', states: ['active'], expires: '2027-11-25T00:00:00.000Z', registrar: null },
      },
      expect: 'unlocked',
    },
  ],
})
