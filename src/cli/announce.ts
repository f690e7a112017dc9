// Says what a run will send beyond a look, before it sends it: flows of the config, and the tests of --active.
import type { Config } from '../config/schema.ts'
import type { AnyCheck } from '../core/check.ts'
import { clean } from '../report/shared/escape.ts'

/** One line for each thing that posts or logs in; empty for a run that only looks. */
export const announce = (checks: readonly AnyCheck[], config: Config, active: boolean): string[] => {
  const runs = (id: string): boolean => checks.some(check => check.id === id)
  const flows = runs('flow') ? (config.flows ?? []) : []
  const hosts = (urls: readonly (string | undefined)[]): string =>
    [...new Set(urls.flatMap(url => (url ? [new URL(url).hostname] : [])))].join(', ')
  const webhooks = config.routes.filter(route => route.kind === 'webhook').map(route => route.url)
  const given = config.audit?.rateLimit
  return [
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
