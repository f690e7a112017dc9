// Says what a run will send beyond a look, before it sends it: flows of the config, and the tests of --active.
import type { Config } from '../config/schema.ts'
import { type AnyCheck, kindsOf } from '../core/check.ts'
import { inboxOf, mailFlowDefaults } from '../facts/email/mail-flow.ts'
import { triggerInWords } from '../facts/email/mail-trigger.ts'
import { clean } from '../report/shared/escape.ts'

/** Whether a check judges a mail flow, or the mail that it brought. */
export const isOfMailFlows = (check: AnyCheck): boolean =>
  check.id === 'mail-flow' || kindsOf(check).includes('message')

const mailFlowInWords = (
  flow: NonNullable<NonNullable<Config['email']>['flows']>[number],
  inboxes: Readonly<Record<string, unknown>>,
): string => {
  const wait = (flow.arrivesWithin ?? mailFlowDefaults.arrivesWithinMs) / 1000
  return `mail flow "${flow.name}": ${triggerInWords(flow.trigger)}, then wait for the mail in the mailbox "${inboxOf(flow, inboxes)}" (due within ${wait} s)`
}

/** One line for each thing that posts or logs in; empty for a run that only looks. */
export const announce = (checks: readonly AnyCheck[], config: Config, active: boolean): string[] => {
  const runs = (id: string): boolean => checks.some(check => check.id === id)
  const flows = runs('flow') ? (config.flows ?? []) : []
  const hosts = (urls: readonly (string | undefined)[]): string =>
    [...new Set(urls.flatMap(url => (url ? [new URL(url).hostname] : [])))].join(', ')
  const webhooks = config.routes.filter(route => route.kind === 'webhook').map(route => route.url)
  const given = config.audit?.rateLimit
  const { flows: mailFlows = [], inboxes = {} } = (checks.some(isOfMailFlows) && config.email) || {}
  return [
    ...mailFlows.map(flow => mailFlowInWords(flow, inboxes)),
    ...flows.map(flow => {
      const fields = flow.steps.flatMap(step => Object.keys({ ...step.form, ...step.fill, ...step.json }))
      return `flow "${flow.name}": ${flow.steps.length} steps ${flow.browser ? 'in a browser' : 'over HTTP'} on ${hosts(
        flow.steps.flatMap(step => [step.get, step.post]),
      )}${fields.length ? `, sending ${[...new Set(fields)].join(', ')}` : ''}`
    }),
    ...(active && runs('rate-limit')
      ? [
          given
            ? `rate-limit: ${given.tries ?? 10} times the request of audit.rateLimit to ${given.url}`
            : 'rate-limit: 10 logins that must fail, with an address that cannot exist, to each login form',
        ]
      : []),
    ...(active && runs('webhook-signature') && webhooks.length
      ? [`webhook-signature: one event without a signature to ${webhooks.join(', ')}`]
      : []),
  ].map(line => `will send: ${clean(line)}`)
}
