// Says what a run will send beyond a look, before it sends it: flows of the config, and the tests of --active. What is sent
// follows from the facts that are collected.
import type { Config } from '../config/schema.ts'
import type { SecretUse } from '../config/secret-places.ts'
import { type AnyCheck, kindsOf } from '../core/check.ts'
import { clean } from '../core/clean.ts'
import { inboxOf, mailFlowDefaults } from '../facts/email/mail-flow.ts'
import { triggerInWords } from '../facts/email/mail-trigger.ts'
import type { FactName } from '../facts/index.generated.ts'

type MailFlow = NonNullable<NonNullable<Config['email']>['flows']>[number]
type PageFlow = NonNullable<Config['flows']>[number]

const mailFlowInWords = (flow: MailFlow, inboxes: Readonly<Record<string, unknown>>): string => {
  const wait = (flow.arrivesWithin ?? mailFlowDefaults.arrivesWithinMs) / 1000
  return `mail flow "${flow.name}": ${triggerInWords(flow.trigger)}, then wait for the mail in the mailbox "${inboxOf(flow, inboxes)}" (due within ${wait} s)`
}

const hostsIn = (urls: readonly (string | undefined)[]): string =>
  [...new Set(urls.flatMap(url => (url ? [new URL(url).hostname] : [])))].join(', ')

const pageFlowInWords = (flow: PageFlow): string => {
  const fields = flow.steps.flatMap(step => Object.keys({ ...step.form, ...step.fill, ...step.json }))
  const sending = fields.length ? `, sending ${[...new Set(fields)].join(', ')}` : ''
  const how = flow.browser ? 'in a browser' : 'over HTTP'
  return `flow "${flow.name}": ${flow.steps.length} steps ${how} on ${hostsIn(flow.steps.flatMap(step => [step.get, step.post]))}${sending}`
}

const loginTriesInWords = (given: NonNullable<Config['audit']>['rateLimit']): string =>
  given
    ? `rate-limit: ${given.tries ?? 10} times the request of audit.rateLimit to ${given.url}`
    : 'rate-limit: 10 logins that must fail, with an address that cannot exist, to each login form'

const crowdInWords = ({ perf, flows = [], routes }: Config): string[] => {
  const walked = flows.filter(flow => !flow.browser)
  const asked = routes.filter(route => route.kind !== 'webhook')
  const { users, rampUp = 10_000 } = perf ?? {}
  if (users === undefined || walked.length + asked.length === 0) return []
  const steps = walked.reduce((sum, flow) => sum + flow.steps.length, 0) + asked.length
  const posts = walked.filter(flow => flow.steps.some(step => step.post !== undefined || step.submit !== undefined))
  const to = hostsIn([
    ...walked.flatMap(flow => flow.steps.flatMap(step => [step.get, step.post])),
    ...asked.map(({ url }) => url),
  ])
  const posting = posts.length
    ? `; ${posts.map(({ name }) => `"${name}"`).join(', ')} ${posts.length === 1 ? 'sends' : 'send'} forms each time`
    : ''
  return [
    `concurrent-users: one customer, then ${users} at once (arriving over ${rampUp / 1000} s), 3 walks each of ${steps} steps, about ${3 * steps * (users + 1)} requests, to ${to}${posting}`,
  ]
}

/** One line for each thing that posts or logs in; empty for a run that only looks. */
export const announce = (checks: readonly AnyCheck[], config: Config, active: boolean): string[] => {
  const collected = new Set(checks.flatMap(check => [...check.needs, ...(check.wants ?? [])] as FactName[]))
  // The mail of a flow is a message, so whatever judges messages sets flows off.
  const mails = collected.has('mailFlow') || checks.some(check => kindsOf(check).includes('message'))
  const webhooks = config.routes.filter(route => route.kind === 'webhook').map(route => route.url)
  const { flows: mailFlows = [], inboxes = {} } = (mails && config.email) || {}
  return [
    ...mailFlows.map(flow => mailFlowInWords(flow, inboxes)),
    ...(collected.has('flowRun') ? (config.flows ?? []) : []).map(pageFlowInWords),
    ...(active && collected.has('loginTries') ? [loginTriesInWords(config.audit?.rateLimit)] : []),
    ...(active && collected.has('unsignedWebhook') && webhooks.length
      ? [`webhook-signature: one event without a signature to ${webhooks.join(', ')}`]
      : []),
    ...(collected.has('crowd') ? crowdInWords(config) : []),
  ].map(line => `will send: ${clean(line)}`)
}

/** One line for each variable of the environment that leaves with a request, and to whom. */
export const secretsInWords = (sends: readonly SecretUse[]): string[] =>
  sends
    .filter(({ hosts }) => hosts.length > 0)
    .map(
      ({ name, key, hosts }) => `will send: the value of ${clean(name)} (${clean(key)}) to ${clean(hosts.join(', '))}`,
    )
