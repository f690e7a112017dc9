// Where `${NAME}` may stand in a config, and to whom what stands there goes. A config that was found may be a stranger's: it spends
// no secret of the user that belongs to another program, and none at another host than its own.
import ipaddr from 'ipaddr.js'
import { parse } from 'tldts'

/** A place that holds a secret: which keys, where the URL stands that it is sent to, and what that host may be. */
type Place = {
  keys: string
  to: readonly string[]
  provider?: readonly string[]
  neverSent?: boolean
  /** It is itself the address that is asked: in a config that was found nothing else stands beside it and decides who gets it. */
  alone?: boolean
}

const places: readonly Place[] = [
  { keys: 'routes.*.headers.*', to: ['routes.*.url'] },
  { keys: 'cloudflare.token', to: ['cloudflare.api'], provider: ['api.cloudflare.com'] },
  { keys: 'audit.rateLimit.(form|json).*', to: ['audit.rateLimit.url'] },
  { keys: 'flows.*.steps.*.(form|json|fill).*', to: ['flows.*.steps.#.get', 'flows.*.steps.#.post'] },
  {
    keys: 'email.flows.*.trigger.(form|json|headers).**',
    to: ['email.flows.*.trigger.post', 'email.flows.*.trigger.get'],
  },
  // The key names the provider: whose mailbox it is, that server is asked.
  {
    keys: 'email.inboxes.*.(user|password|accessToken)',
    to: ['email.inboxes.*.imap', 'email.inboxes.*.mailpit', 'email.inboxes.*.mailhog'],
    provider: ['*'],
  },
  { keys: 'deploy.smoke.health.headers.*', to: ['deploy.smoke.health.url'] },
  // It signs; it is not sent itself.
  { keys: 'deploy.smoke.webhook.secret', to: ['deploy.smoke.webhook.url'], neverSent: true },
  { keys: 'deploy.smoke.auth.(form|json).*', to: ['deploy.smoke.auth.url', 'deploy.smoke.auth.page'] },
  { keys: 'ai.headers.*', to: ['ai.endpoint'] },
  { keys: 'ai.request.**', to: ['ai.endpoint'] },
  { keys: 'perf.crux', to: [], provider: ['chromeuxreport.googleapis.com'] },
  { keys: 'monitor.monitors.*.headers.*', to: ['monitor.monitors.*.http'] },
  { keys: 'monitor.alerts.*.(slack|discord|teams|webhook|ntfy|smtp)', to: [], alone: true },
  { keys: 'monitor.alerts.*.telegram', to: [], provider: ['api.telegram.org'] },
  { keys: 'monitor.alerts.*.pagerduty', to: [], provider: ['events.pagerduty.com', 'events.eu.pagerduty.com'] },
  { keys: 'monitor.alerts.*.opsgenie', to: [], provider: ['api.opsgenie.com', 'api.eu.opsgenie.com'] },
  { keys: 'monitor.alerts.*.token', to: ['monitor.alerts.*.ntfy'], provider: ['*'] },
  // They sign, or are compared with what somebody sends us.
  { keys: 'monitor.alerts.*.secret', to: [], neverSent: true },
  { keys: 'monitor.(token|beatSecret)', to: [], neverSent: true },
  { keys: 'monitor.(store|deadMan)', to: [], alone: true },
]

/** Whether a path of keys is one of a place; `*` is any key, `**` any number of them, `(a|b)` one of these. */
const isAt = (keys: string, path: readonly (string | number)[]): boolean => {
  const parts = keys.split('.')
  const open = parts.at(-1) === '**'
  const fixed = open ? parts.slice(0, -1) : parts
  if (open ? path.length < fixed.length : path.length !== fixed.length) return false
  return fixed.every((part, at) => part === '*' || part.replace(/[()]/g, '').split('|').includes(String(path[at])))
}

const valuesAt = (value: unknown, path: readonly string[]): string[] => {
  const [key, ...rest] = path
  if (key === undefined) return typeof value === 'string' ? [value] : []
  if (value === null || typeof value !== 'object') return []
  const inner = key === '#' ? Object.values(value) : [(value as Record<string, unknown>)[key]]
  return inner.flatMap(item => valuesAt(item, rest))
}

const hostIn = (url: string): string[] => (URL.canParse(url) ? [new URL(url).hostname.toLowerCase()] : [])

/** The hosts that what stands at `path` is sent to. */
const hostsFor = (place: Place, path: readonly (string | number)[], config: unknown): string[] => {
  // A `*` of the URL's path is the key that stands at the same place in the secret's.
  const found = place.to.flatMap(to =>
    valuesAt(
      config,
      to.split('.').map((part, at) => (part === '*' ? String(path[at]) : part)),
    ).flatMap(hostIn),
  )
  return found.length ? [...new Set(found)] : (place.provider ?? []).filter(host => host !== '*')
}

/** Names of the environment that belong to other programs: no config that was found has a reason to read them. */
const ofOthers =
  /^(?:AWS|AZURE|ARM|GOOGLE|GCP|GCLOUD|CLOUDSDK|GITHUB|GH|GITLAB|CI|ACTIONS|RUNNER|NPM|NODE_AUTH|YARN|PYPI|TWINE|CARGO|DOCKER|KUBE|SSH|GPG|VAULT|TF|TERRAFORM|HEROKU|VERCEL|NETLIFY|FLY|RAILWAY|RENDER|DIGITALOCEAN|HCLOUD|OPENAI|ANTHROPIC|HF|HUGGING|DATABASE|POSTGRES|PG|MYSQL|REDIS|MONGO|STRIPE_(?:SECRET|API|RESTRICTED)|TWILIO|SENDGRID|MAILGUN|SENTRY|DATADOG|DD)_|^(?:PATH|HOME|USER|PWD|SHELL)$/i

/** The host of a URL; '' where it is none. */
export const hostOfUrl = (url: string): string => hostIn(url)[0] ?? ''

export const isLocal = (host: string): boolean => {
  const bare = host.replace(/^\[|\]$/g, '')
  return host === 'localhost' || (ipaddr.isValid(bare) && ipaddr.parse(bare).range() === 'loopback')
}

const siteOf = (host: string): string => parse(host, { allowPrivateDomains: true }).domain ?? host

/** Hosts of the product itself: of its domain, and where the config was named by the user, also those that it names as its own. */
const ownSites = (config: unknown, isFound: boolean): string[] => {
  const { domain, canonical, hosts } = (config ?? {}) as { domain?: unknown; canonical?: unknown; hosts?: unknown }
  const given = [
    domain,
    ...(isFound ? [] : [...(typeof canonical === 'string' ? hostIn(canonical) : []), ...Object.values(hosts ?? {})]),
  ]
  return given
    .filter(item => typeof item === 'string')
    .map(host => siteOf(host.trim().toLowerCase().replace(/\.$/, '')))
}

export type SecretUse = { name: string; key: string; hosts: string[] }

/** What a config does with the variable `name` at `path`: who gets it, or why it may not stand there. */
export const useOfSecret = (
  name: string,
  path: readonly (string | number)[],
  config: unknown,
  { key, isFound }: { key: string; isFound: boolean },
): SecretUse | { refused: string } => {
  const place = places.find(({ keys }) => isAt(keys, path))
  if (!place)
    return {
      refused: `\${${name}} is read from the environment only where a secret belongs (headers, forms, passwords, tokens), never for a name, a host or a URL; write the value itself`,
    }
  if (place.neverSent) return { name, key, hosts: [] }
  const ofProvider =
    (place.keys === 'cloudflare.token' && /^(?:CLOUDFLARE|CF)_/i.test(name)) ||
    (place.keys === 'perf.crux' && /^GOOGLE_/i.test(name))
  const standing = valuesAt(config, path.map(String))[0]?.trim()
  if (isFound && place.alone && standing !== `\${${name}}`)
    return {
      refused: `\${${name}} stands inside of an address, and this config was found, not named; put the whole address into the variable, or name the file with --config`,
    }
  if (isFound && !ofProvider && ofOthers.test(name))
    return {
      refused: `\${${name}} belongs to another program, and this config was found, not named; name the file with --config where this is meant`,
    }
  const hosts = hostsFor(place, path, config)
  const own = ownSites(config, isFound)
  const mayGo = (host: string): boolean =>
    isLocal(host) || own.includes(siteOf(host)) || (place.provider ?? []).some(item => item === '*' || item === host)
  const foreign = hosts.filter(host => !mayGo(host))
  if (foreign.length)
    return {
      refused: `\${${name}} would be sent to ${foreign.join(', ')}, which is not of the config's own domain${own.length ? ` (${own[0]})` : '; name it as domain'}; a secret goes nowhere else`,
    }
  return { name, key, hosts }
}
