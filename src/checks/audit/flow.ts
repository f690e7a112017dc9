// Signing up, logging in and paying work from the first page to the last.
import { blocker, defineCheck, medium, pass, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'
import type { Impact } from '../../core/severity.ts'
import { flowStep } from '../../facts/http/flow-run.example.ts'
import type { FlowRun } from '../../facts/http/flow-run.ts'
import { flowPicture } from '../../formats/html/flow-form.ts'

/** `step` counts from 1; `what`, `problem` and `words` are those of the step that failed, else of the slowest. */
type Data = {
  flow: string
  step: number
  planned: number
  problem: string
  what: string
  words: string
  seconds: string
}

const repair = ({ flow, step, what, problem, words }: Data): Fix =>
  fix(
    `Repair step ${step} of "${flow}": ${problem}`,
    [manual(`Repair step ${step} (${what}) of the flow "${flow}".`)],
    [
      `Do "${flow}" by hand in a private window up to step ${step} (${what}).`,
      `Find the request in the server’s log at the time of this run; ${problem}.`,
      ...(words ? [`The page said: ${words}`] : []),
      'Where the page changed on purpose, correct the step in the config (flows).',
    ],
    60,
  )

const speedUp = ({ flow, what }: Data): Fix =>
  fix(
    `Make "${flow}" faster`,
    [manual(`Make ${what} faster.`)],
    [
      `Look for what takes the time in ${what}, the slowest step.`,
      'Move mail, calls to other services and reports out of the request into a queue.',
    ],
    120,
  )

const journeys: Record<FlowRun['kind'], Impact> = {
  signup: 'signup',
  login: 'login',
  billing: 'payment',
  other: 'visit',
}

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
    'fails-at-step': blocker('Customers cannot finish this: it fails at step {step} of {planned}', repair),
    slow: medium('Customers wait {seconds} s until this is done', speedUp, {
      why: 'Some customers give up while they wait.',
    }),
    works: pass('It works to the last page'),
  },
  references: [
    'https://owasp.org/www-project-web-security-testing-guide/latest/4-Web_Application_Security_Testing/03-Identity_Management_Testing/02-Test_User_Registration_Process',
  ],
  judge: ({ flowRun: run }, { subject: { name: flow } }) => {
    if (run.untold) return unknown(run.untold, 'blocker')
    const evidence = run.steps.map(({ what, problem, status, milliseconds, words }, at) =>
      textEvidence(
        `step ${at + 1}: ${what}`,
        `${problem ?? `status ${status}`}, ${milliseconds} ms${words ? `: ${words}` : ''}`,
      ),
    )
    if (run.screenshot) evidence.push(textEvidence('picture of the page', `${flowPicture(flow)}, written with --out`))
    const failed = run.steps.findIndex(item => item.problem !== null)
    const shown = run.steps[failed] ?? run.steps.toSorted((a, b) => b.milliseconds - a.milliseconds)[0]
    const data: Data = {
      flow,
      step: failed + 1,
      planned: run.planned,
      problem: shown?.problem ?? '',
      what: shown?.what ?? '',
      words: shown?.words ?? '',
      seconds: (run.totalMs / 1000).toFixed(1),
    }
    const impact = journeys[run.kind]
    if (failed !== -1) return { outcome: 'fails-at-step', data, evidence, impact }
    if (run.totalMs > run.slowMs) return { outcome: 'slow', data, evidence, impact }
    return { outcome: 'works', data, evidence }
  },
  examples: [
    { name: 'works', subject, facts: {}, expect: 'works' },
    {
      name: 'the password is refused',
      subject,
      facts: { flowRun: { steps: [flowStep(), flowStep({ status: 422, problem: 'status 422', words: 'Log in' })] } },
      expect: 'fails-at-step',
    },
    { name: 'takes too long', subject, facts: { flowRun: { totalMs: 14_200 } }, expect: 'slow' },
  ],
})
