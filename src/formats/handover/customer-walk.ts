// One walk of a first customer over what all checks found: visit, sign up, mail, log in, pay, dashboard; and where it breaks first.
import type { CheckResult, Finding } from '../../core/report.ts'

export const walkSteps = ['visit', 'sign up', 'mail', 'log in', 'pay', 'dashboard'] as const
export type WalkStep = (typeof walkSteps)[number]

/** `walked`: done as a customer does it. `seen`: what is needed is there. `untried`: nothing shows it. */
export type StepState = 'broken' | 'walked' | 'seen' | 'untried'

export type StepSeen = { step: WalkStep; state: StepState; by: { title: string; finding: string | null }[] }

export type CustomerWalk = { steps: StepSeen[] }

export type WalkInput = {
  findings: readonly Finding[]
  results: readonly CheckResult[]
  /** URL → kind of route; name → kind of flow. */
  routes: ReadonlyMap<string, string>
  flows: ReadonlyMap<string, string>
  /** Host → what it is for. */
  hosts: ReadonlyMap<string, string>
}

const stepOfImpact: Readonly<Record<string, WalkStep>> = {
  visit: 'visit',
  signup: 'sign up',
  email: 'mail',
  login: 'log in',
  payment: 'pay',
}

const stepOfRoute: Readonly<Record<string, WalkStep>> = {
  home: 'visit',
  signup: 'sign up',
  auth: 'log in',
  payment: 'pay',
  pricing: 'pay',
  dashboard: 'dashboard',
}

const stepsOfFlow: Readonly<Record<string, readonly WalkStep[]>> = {
  signup: ['visit', 'sign up'],
  login: ['log in', 'dashboard'],
  billing: ['pay'],
}

/** What stops customers on a later day, not today: a certificate that cannot be renewed still holds. */
const later = new Set(['caa'])

const hostOf = (subject: string): string => (URL.canParse(subject) ? new URL(subject).hostname : subject)

/** The step that a finding breaks: a customer meets the app's host when signing up, and never those that no page leads to. */
const stepOf = ({ impact, subject }: Finding, { routes, hosts }: WalkInput): WalkStep | undefined => {
  const ofPage = stepOfRoute[routes.get(subject) ?? '']
  if (ofPage) return ofPage
  const step = stepOfImpact[impact]
  const role = hosts.get(hostOf(subject))
  if (role === 'other' && !routes.has(subject)) return undefined
  if (step !== 'visit') return step
  return role === 'app' ? 'sign up' : role === 'api' ? 'log in' : step
}

/** Steps that a passed check proves or makes likely. */
const passedSteps = (
  { check, subject }: CheckResult,
  { routes, flows }: WalkInput,
): { steps: readonly WalkStep[]; state: 'walked' | 'seen' } | null => {
  const kind = flows.get(subject) ?? ''
  if (check === 'flow') return { steps: stepsOfFlow[kind] ?? [], state: 'walked' }
  if (check === 'mail-flow') return { steps: ['mail'], state: 'walked' }
  if (check === 'spf-record') return { steps: ['mail'], state: 'seen' }
  const step = check === 'route-status' ? stepOfRoute[routes.get(subject) ?? ''] : undefined
  // Opening the front page is the whole of a visit.
  return step ? { steps: [step], state: step === 'visit' ? 'walked' : 'seen' } : null
}

/** The walk. Only what is certain, and a blocker, breaks it. */
export const customerWalk = (input: WalkInput): CustomerWalk => {
  const breaks = input.findings.filter(
    ({ check, severity, confidence, suppressed, stage }) =>
      severity === 'blocker' &&
      confidence !== 'possible' &&
      suppressed === null &&
      stage !== 'handover' &&
      !later.has(check),
  )
  const passes = input.results
    .filter(({ status }) => status === 'pass')
    .flatMap(result => {
      const found = passedSteps(result, input)
      return found ? [{ ...found, result }] : []
    })
  return {
    steps: walkSteps.map(step => {
      const broken = breaks
        .filter(finding => stepOf(finding, input) === step)
        // What a page shows today comes before what is wrong behind it.
        .sort((a, b) => Number(input.routes.has(b.subject)) - Number(input.routes.has(a.subject)))
      if (broken.length)
        return { step, state: 'broken', by: broken.map(({ title, id }) => ({ title, finding: id })).slice(0, 10) }
      const shown = passes.filter(({ steps }) => steps.includes(step))
      const walked = shown.filter(({ state }) => state === 'walked')
      const by = (walked.length ? walked : shown).map(({ result }) => ({
        title: `${result.check} of ${result.subject}`,
        finding: null,
      }))
      return { step, state: walked.length ? 'walked' : shown.length ? 'seen' : 'untried', by: by.slice(0, 10) }
    }),
  }
}

const stuckAt: Readonly<Record<WalkStep, string>> = {
  visit: 'does not get onto the site',
  'sign up': 'gets stuck at the sign-up',
  mail: 'waits for a mail that does not come',
  'log in': 'gets stuck at the log-in',
  pay: 'cannot pay',
  dashboard: 'does not get to the dashboard',
}

/** The first step that is broken. */
export const brokenAt = ({ steps }: CustomerWalk): StepSeen | null =>
  steps.find(({ state }) => state === 'broken') ?? null

const series = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** The one sentence that a founder wants. */
export const walkSentence = (walk: CustomerWalk): string => {
  const broken = brokenAt(walk)
  if (broken) return `A first customer ${stuckAt[broken.step]}: ${broken.by[0]!.title}.`
  const untried = walk.steps.filter(({ state }) => state !== 'walked').map(({ step }) => step)
  if (untried.length === 0) return 'A first customer gets all the way: visit, sign up, mail, log in, pay, dashboard.'
  const walked = walk.steps.filter(({ state }) => state === 'walked').map(({ step }) => step)
  return `Nothing stops a first customer; ${walked.length ? `walked: ${series(walked)}; ` : ''}nobody has tried yet: ${series(untried)} (flows in the config).`
}
