// What a zone at Cloudflare should be set to for a small product, and where one differs. Read by the check and by the plan.

type Part<T> = { seen: true; value: T } | { seen: false; reason: string; permission: string | null; message: string }
type Rule = {
  action: string
  expression: string
  enabled: boolean
  description: string
  parameters: Record<string, unknown>
}

/** The parts of the fact `cloudflareZone` that are read here. */
export type ZoneLike = {
  name: string
  plan: string
  permissions: readonly string[]
  settings: Readonly<Record<string, Part<string>>>
  records?: Part<{ name: string }[]>
  dnssec: Part<string>
  phases: Readonly<Record<string, Part<Rule[]>>>
  botFightMode: Part<boolean>
  universalCertificate: Part<boolean>
  pageRules: Part<{ target: string; actions: string[]; status: string }[]>
}

export type BaselineRow = {
  /** Outcome of the check `cloudflare-settings` when it differs. */
  outcome: string
  setting: string
  now: string | null
  wanted: string
  why: string
  /** `differs`, `as-wanted`, or why it could not be read. */
  state: 'differs' | 'as-wanted' | 'unread' | 'not-on-plan'
  /** Permission that the token lacks, or what went wrong. */
  unread: string | null
  /** Endpoint of the zone and what is to be sent there; null where a person has to decide. */
  change: { path: string; value: unknown } | null
}

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const row = (
  outcome: string,
  setting: string,
  part: Part<unknown> | undefined,
  wanted: string,
  why: string,
  good: (value: never) => boolean,
  change: BaselineRow['change'] = { path: setting, value: wanted },
): BaselineRow => {
  const base = { outcome, setting, now: null, wanted, why, change }
  if (!part) return { ...base, state: 'unread', unread: 'not read' }
  if (!part.seen)
    return {
      ...base,
      state: 'unread',
      unread: part.permission ? `the token needs ${part.permission}` : part.message,
    }
  return {
    ...base,
    now: show(part.value),
    state: good(part.value as never) ? 'as-wanted' : 'differs',
    unread: null,
  }
}

/** An absent entry point is an observation: no rule was ever made. */
const phase = (zone: ZoneLike, name: string): Part<Rule[]> | undefined => {
  const part = zone.phases[name]
  return part && !part.seen && part.reason === 'absent' ? { seen: true, value: [] } : part
}

/** Cloudflare Managed Ruleset. Source: https://developers.cloudflare.com/waf/managed-rules/reference/cloudflare-managed-ruleset/ */
const managedRuleset = 'efb7b8c949ac4650a09736fc376e9aee'

/** Twenty tries in ten seconds, then a pause: what the free plan allows, and more than a person types. */
const loginLimit = {
  action: 'block',
  expression: '(http.request.uri.path contains "/login")',
  ratelimit: { characteristics: ['cf.colo.id', 'ip.src'], period: 10, requests_per_period: 20, mitigation_timeout: 10 },
}

const entrypoint = (name: string, rules: unknown[]): BaselineRow['change'] => ({
  path: `rulesets/phases/${name}/entrypoint`,
  value: { rules },
})

const cachesEverything = (rule: { target: string; actions: string[] }): boolean =>
  rule.actions.includes('cache_level=cache_everything')
const privateWords = /(^|[/.*"])(app|api|dashboard|account|admin|portal|login|auth|my)([./*"]|$)/i

/**
 * Whether a page rule's pattern reaches pages that are shown to one person alone. `apart`: the product has a host of its own,
 * so that the whole of the site's host holds pages for everybody.
 */
const isPrivateTarget = (target: string, apart: boolean): boolean => {
  const text = target.replace(/^[a-z*]*:\/\//i, '')
  const [host = '', ...path] = text.split('/')
  if (privateWords.test(text)) return true
  if (!/^\*?$/.test(path.join('/'))) return false
  return host.includes('*') || !apart
}

/** The same of a cache rule's expression: what it leaves out by `not` or `ne` is not reached. */
const isPrivateExpression = (expression: string): boolean => {
  const reached = expression
    .replace(/\bnot\s+(?:\w+\s*)?\([^()]*\)/gi, '')
    .replace(/\bnot\s+[\w.]+\s+\w+\s+(?:"[^"]*"|\{[^}]*\})/gi, '')
    .replace(/[\w.]+\s+(?:ne|!=)\s+"[^"]*"/gi, '')
  if (/^\s*\(?\s*true\s*\)?\s*$/i.test(reached)) return true
  return privateWords.test(reached)
}

/** Every row of the baseline with what the zone has now. */
export const baselineRows = (zone: ZoneLike): BaselineRow[] => {
  const free = zone.plan.startsWith('free')
  const managed = phase(zone, 'http_request_firewall_managed')
  const cacheRules = phase(zone, 'http_request_cache_settings')
  const apart =
    zone.records?.seen === true && zone.records.value.some(record => privateWords.test(record.name.split('.')[0] ?? ''))
  const wide = zone.permissions.filter(permission => /:edit$/.test(permission))
  const rows: BaselineRow[] = [
    row(
      'development-mode-on',
      'development_mode',
      zone.settings['development_mode'],
      'off',
      'Development mode bypasses the cache: the server takes every request.',
      (value: string) => value === 'off',
    ),
    row(
      'under-attack-on',
      'security_level',
      zone.settings['security_level'],
      'medium',
      'Under Attack shows every visitor a waiting page and stops webhooks.',
      (value: string) => value !== 'under_attack',
    ),
    row(
      'always-https-off',
      'always_use_https',
      zone.settings['always_use_https'],
      'on',
      'Requests over http are answered instead of sent to https.',
      (value: string) => value === 'on',
    ),
    row(
      'minimum-tls-low',
      'min_tls_version',
      zone.settings['min_tls_version'],
      '1.2',
      'TLS 1.0 and 1.1 are broken and refused by payment rules.',
      (value: string) => ['1.2', '1.3'].includes(value),
    ),
    row(
      'waf-off',
      'http_request_firewall_managed',
      managed,
      'managed rules on',
      'Known attacks reach the application.',
      (rules: Rule[]) => rules.some(rule => rule.enabled && rule.action === 'execute'),
      entrypoint('http_request_firewall_managed', [
        { action: 'execute', expression: 'true', action_parameters: { id: managedRuleset } },
      ]),
    ),
    row(
      'ddos-overridden',
      'ddos_l7',
      phase(zone, 'ddos_l7'),
      'no override',
      'The protection against floods is weakened by a rule of your own.',
      (rules: Rule[]) => !rules.some(rule => rule.enabled && weakens(rule)),
      entrypoint('ddos_l7', []),
    ),
    row(
      'bot-fight-blocks-webhooks',
      'bot_management.fight_mode',
      zone.botFightMode,
      'off, or webhooks exempted',
      'Bot Fight Mode cannot be exempted by rules: it stops payment providers’ webhooks.',
      (value: boolean) => !value,
      { path: 'bot_management', value: { fight_mode: false } },
    ),
    row(
      'no-rate-limit',
      'http_ratelimit',
      phase(zone, 'http_ratelimit'),
      'a limit on the login path',
      'Passwords can be tried without end.',
      (rules: Rule[]) => rules.some(rule => rule.enabled),
      entrypoint('http_ratelimit', [loginLimit]),
    ),
    row(
      'universal-certificate-off',
      'ssl/universal',
      zone.universalCertificate,
      'on',
      'Without it, hosts behind Cloudflare have no certificate.',
      (value: boolean) => value,
      { path: 'ssl/universal/settings', value: { enabled: true } },
    ),
    row(
      'dnssec-pending',
      'dnssec',
      zone.dnssec,
      'active or disabled',
      'Signed, but the registrar was never told: half of the work is done.',
      (value: string) => value !== 'pending',
      null,
    ),
    row(
      'page-rule-leftover',
      'pagerules',
      zone.pageRules,
      'none',
      'Page rules are being given up by Cloudflare, and old ones surprise.',
      (rules: unknown[]) => rules.length === 0,
      null,
    ),
    row(
      'cache-everything-private',
      'pagerules, cache rules',
      zone.pageRules,
      'no caching of logged-in pages',
      'One customer is shown the page of another.',
      (rules: { target: string; actions: string[] }[]) =>
        !rules.some(rule => cachesEverything(rule) && isPrivateTarget(rule.target, apart)),
      null,
    ),
    {
      outcome: 'token-too-broad',
      setting: 'token',
      now: wide.join(', ') || 'read only',
      wanted: 'read only',
      why: 'A token that may write is worth stealing.',
      state: wide.length ? 'differs' : 'as-wanted',
      unread: null,
      change: null,
    },
  ]
  const cached = cacheRules?.seen
    ? cacheRules.value.find(
        rule =>
          rule.enabled &&
          rule.parameters['cache'] === true &&
          // Cached only where the origin says so.
          (rule.parameters['edge_ttl'] as { mode?: unknown } | undefined)?.mode !== 'bypass_by_default' &&
          isPrivateExpression(rule.expression),
      )
    : undefined
  return rows.map(item => {
    // Never held against a free plan (CATALOGUE): its managed rules cannot be chosen.
    if (item.outcome === 'waf-off' && item.state === 'differs' && free)
      return { ...item, state: 'not-on-plan' as const }
    if (item.outcome === 'cache-everything-private' && cached)
      return { ...item, state: 'differs' as const, now: cached.expression }
    if (item.outcome === 'cache-everything-private' && item.state === 'as-wanted' && cacheRules && !cacheRules.seen)
      return {
        ...item,
        state: 'unread' as const,
        unread: cacheRules.permission ? `the token needs ${cacheRules.permission}` : cacheRules.message,
      }
    return item
  })
}

const weakens = (rule: Rule): boolean => {
  const overrides = JSON.stringify(rule.parameters['overrides'] ?? {})
  return /"sensitivity_level":"(low|eoff|medium)"|"action":"(log)"|"enabled":false/.test(overrides)
}
