// How far a first customer gets, from what all checks found: the step that breaks, and what it is said to break on.
import { describe, expect, it } from 'vitest'
import type { CheckResult, Finding } from '../../../src/core/report.ts'
import { brokenAt, customerWalk, walkSentence, walkSteps } from '../../../src/formats/handover/customer-walk.ts'

const app = 'https://app.example.com'
const base = {
  routes: new Map([
    ['https://www.example.com/', 'home'],
    ['https://www.example.com/pricing', 'pricing'],
    [`${app}/signup`, 'signup'],
    [`${app}/login`, 'auth'],
    [`${app}/dashboard`, 'dashboard'],
  ]),
  flows: new Map([
    ['sign up', 'signup'],
    ['log in', 'login'],
    ['pay', 'billing'],
  ]),
  hosts: new Map([
    ['www.example.com', 'www'],
    ['app.example.com', 'app'],
    ['api.example.com', 'api'],
    ['old.example.com', 'other'],
  ]),
}

const finding = (check: string, subject: string, impact: string, given: Partial<Finding> = {}): Finding =>
  ({
    ...{ id: `${check}-${subject}`, check, subject, impact, title: `${check} of ${subject}`, stage: 'audit' },
    ...{ severity: 'blocker', confidence: 'certain', suppressed: null, ...given },
  }) as Finding

const passed = (check: string, subject: string): CheckResult => ({ check, subject, status: 'pass' }) as CheckResult

const walk = (findings: readonly Finding[], results: readonly CheckResult[] = []) =>
  customerWalk({ ...base, findings, results })

const steps: [string, Finding, string | null][] = [
  ['the front page fails', finding('route-status', 'https://www.example.com/', 'visit'), 'visit'],
  ['the sign-up page redirects in a circle', finding('route-status', `${app}/signup`, 'signup'), 'sign up'],
  ['the log-in page fails', finding('route-status', `${app}/login`, 'login'), 'log in'],
  [
    'the pricing page fails, whatever journey its check names',
    finding('route-status', 'https://www.example.com/pricing', 'signup'),
    'pay',
  ],
  ['the dashboard is slow', finding('route-latency', `${app}/dashboard`, 'login'), 'dashboard'],
  ['mail is refused', finding('spf-record', 'example.com', 'email'), 'mail'],
  ['the app has no certificate', finding('certificate', 'app.example.com', 'visit'), 'sign up'],
  ['the API has no certificate', finding('certificate', 'api.example.com', 'visit'), 'log in'],
  ['a host that no page leads to', finding('certificate', 'old.example.com', 'visit'), null],
  ['a certificate that holds and cannot be renewed', finding('caa', 'example.com', 'visit'), null],
  ['data that lies open', finding('exposed-files', 'app.example.com', 'data'), null],
  ['what is only high', finding('route-status', 'https://www.example.com/', 'visit', { severity: 'high' }), null],
  [
    'what is only possible',
    finding('route-status', 'https://www.example.com/', 'visit', { confidence: 'possible' }),
    null,
  ],
  ['what the handover itself found', finding('first-customer', 'example.com', 'signup', { stage: 'handover' }), null],
]

describe('the step that breaks', () => {
  it.each(steps)('%s', (_, one, step) => {
    expect(brokenAt(walk([one]))?.step ?? null).toBe(step)
  })

  it('is the first of several, and what a page shows comes before what lies behind it', () => {
    const seen = walk([
      finding('route-status', 'https://www.example.com/pricing', 'payment'),
      finding('certificate', 'app.example.com', 'visit'),
      finding('route-status', `${app}/signup`, 'signup'),
    ])
    expect(walkSentence(seen)).toBe(`A first customer gets stuck at the sign-up: route-status of ${app}/signup.`)
  })
})

describe('what counts as walked', () => {
  it('names what nobody has tried', () => {
    const seen = walk([], [passed('route-status', 'https://www.example.com/'), passed('flow', 'sign up')])
    expect(walkSentence(seen)).toBe(
      'Nothing stops a first customer; walked: visit and sign up; nobody has tried yet: mail, log in, pay and dashboard (flows in the config).',
    )
  })

  it('walks where a flow went every step', () => {
    const all = [...base.flows.keys()].map(name => passed('flow', name))
    const seen = walk([], [...all, passed('mail-flow', 'reset')])
    expect(seen.steps.map(({ state }) => state)).toEqual(walkSteps.map(() => 'walked'))
    expect(walkSentence(seen)).toMatch(/^A first customer gets all the way/)
  })

  it('takes a page that opens for no walk', () => {
    const seen = walk([], [passed('route-status', `${app}/login`)])
    expect(seen.steps.find(({ step }) => step === 'log in')?.state).toBe('seen')
  })
})
