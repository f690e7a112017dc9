// Signing up, logging in and paying work from the first page to the last.
import { defineCheck } from '../../core/check.ts'
import type { Impact } from '../../core/severity.ts'
import type { FlowRun, FlowStep } from '../../facts/http/flow-run.ts'
import { flowPicture } from '../../formats/html/flow-form.ts'

type Data = {
  flow: string
  step: number
  planned: number
  problem: string
  what: string
  words: string
  seconds: string
}

const journeys: Record<FlowRun['kind'], Impact> = {
  signup: 'signup',
  login: 'login',
  billing: 'payment',
  other: 'visit',
}

const step = (given: Partial<FlowStep> = {}): FlowStep => ({
  what: 'GET https://app.example.com/login',
  status: 200,
  milliseconds: 120,
  problem: null,
  words: '',
  ...given,
})

const flowRun = (given: Partial<FlowRun> = {}): FlowRun => ({
  kind: 'login',
  steps: [step(), step({ what: 'POST https://app.example.com/session (email, password)' })],
  planned: 2,
  totalMs: 240,
  slowMs: 10_000,
  untold: null,
  screenshot: null,
  ...given,
})

const subject = { kind: 'flow' as const, name: 'login', details: { of: 'pages', kind: 'login' } }

export default defineCheck<Data>()({
  id: 'flow',
  stage: 'audit',
  on: 'flow',
  title: 'Signing up, logging in and paying work to the last page',
  why: 'Flows of the config are walked as a customer’s browser would: cookies kept, redirects followed, hidden fields and the token against forgery sent along, and each page compared with what the step expects.',
  impact: { journey: 'signup', owner: 'A customer who wants to come in or to pay does not get through.' },
  needs: ['flowRun'],
  signals: ['signup-unreliable'],
  outcomes: {
    'fails-at-step': {
      status: 'fail',
      severity: 'blocker',
      title: 'Customers cannot finish this: it fails at step {step} of {planned}',
      fix: data => ({
        summary: `Repair step ${data.step} of "${data.flow}": ${data.problem}`,
        steps: [
          `Do "${data.flow}" by hand in a private window up to step ${data.step} (${data.what}).`,
          `Find the request in the server’s log at the time of this run; ${data.problem}.`,
          ...(data.words ? [`The page said: ${data.words}`] : []),
          'Where the page changed on purpose, correct the step in the config (flows).',
        ],
        changes: [{ kind: 'manual', step: `Repair step ${data.step} (${data.what}) of the flow "${data.flow}".` }],
        effortMinutes: 60,
      }),
    },
    slow: {
      status: 'fail',
      severity: 'medium',
      title: 'Customers wait {seconds} s until this is done',
      fix: data => ({
        summary: `Make "${data.flow}" faster`,
        steps: [
          `Look for what takes the time in ${data.what}, the slowest step.`,
          'Move mail, calls to other services and reports out of the request into a queue.',
        ],
        changes: [{ kind: 'manual', step: `Make ${data.what} faster.` }],
        effortMinutes: 120,
      }),
    },
    works: { status: 'pass', title: 'It works to the last page' },
  },
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/03-Identity_Management_Testing/02-Test_User_Registration_Process',
  ],
  judge: ({ flowRun: run }, { subject: of }) => {
    if (run.untold) return { unknown: run.untold, couldBe: 'blocker' }
    const evidence = run.steps.map((item, at) => ({
      label: `step ${at + 1}: ${item.what}`,
      value: `${item.problem ?? `status ${item.status}`}, ${item.milliseconds} ms${item.words ? `: ${item.words}` : ''}`,
    }))
    const slowest = [...run.steps].sort((a, b) => b.milliseconds - a.milliseconds)[0]
    const failed = run.steps.findIndex(item => item.problem !== null)
    const shown = run.steps[failed] ?? slowest
    const data: Data = {
      flow: of.name,
      step: failed + 1,
      planned: run.planned,
      problem: shown?.problem ?? '',
      what: shown?.what ?? '',
      words: shown?.words ?? '',
      seconds: (run.totalMs / 1000).toFixed(1),
    }
    const impact = journeys[run.kind]
    if (run.screenshot)
      evidence.push({ label: 'picture of the page', value: `${flowPicture(of.name)}, written with --out` })
    if (failed !== -1) return { outcome: 'fails-at-step', data, evidence, impact }
    if (run.totalMs > run.slowMs) return { outcome: 'slow', data, evidence, impact }
    return { outcome: 'works', data, evidence }
  },
  examples: [
    { name: 'works', subject, facts: { flowRun: flowRun() }, expect: 'works' },
    {
      name: 'the password is refused',
      subject,
      facts: {
        flowRun: flowRun({
          steps: [
            step(),
            step({
              what: 'POST https://app.example.com/session (email, password)',
              status: 422,
              problem: 'status 422',
              words: 'Log in: The token has expired',
            }),
          ],
        }),
      },
      expect: 'fails-at-step',
    },
    { name: 'takes too long', subject, facts: { flowRun: flowRun({ totalMs: 14_200 }) }, expect: 'slow' },
    {
      name: 'no answer',
      subject,
      facts: { flowRun: flowRun({ untold: 'GET https://app.example.com/login: no answer within 5 s' }) },
      expect: 'unknown',
    },
  ],
})
