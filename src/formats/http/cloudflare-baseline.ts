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

/** Outcomes of the check `cloudflare-settings`. */
export type BaselineOutcome =
  | 'development-mode-on'
  | 'under-attack-on'
  | 'always-https-off'
  | 'minimum-tls-low'
  | 'waf-off'
  | 'ddos-overridden'
  | 'bot-fight-blocks-webhooks'
  | 'no-rate-limit'
  | 'universal-certificate-off'
  | 'dnssec-pending'
  | 'page-rule-leftover'
  | 'cache-everything-private'
  | 'token-too-broad'

/** One setting: what it is and what it should be. The deliverable adds rows of its own to those of the check. */
export type BaselineRow<O extends string = string> = {
  outcome: O
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

type Row = BaselineRow<BaselineOutcome>

const show = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

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

const weakens = (rule: Rule): boolean => {
  const overrides = JSON.stringify(rule.parameters['overrides'] ?? {})
  return /"sensitivity_level":"(low|eoff|medium)"|"action":"(log)"|"enabled":false/.test(overrides)
}

/** One row before a zone is looked at: where its value stands, and what is good. */
type RowOf<T> = Pick<Row, 'outcome' | 'setting' | 'wanted' | 'why' | 'change'> & {
  part: (zone: ZoneLike) => Part<T> | undefined
  isGood: (value: T, zone: ZoneLike) => boolean
}

const unreadBecause = (part: { permission: string | null; message: string }): string =>
  part.permission ? `the token needs ${part.permission}` : part.message

const rowOf =
  <T>({ part, isGood, ...base }: RowOf<T>) =>
  (zone: ZoneLike): Row => {
    const found = part(zone)
    if (!found?.seen) return { ...base, now: null, state: 'unread', unread: found ? unreadBecause(found) : 'not read' }
    const state = isGood(found.value, zone) ? 'as-wanted' : 'differs'
    return { ...base, now: show(found.value), state, unread: null }
  }

/** A setting with an endpoint of its own. */
const settingRow = (
  outcome: BaselineOutcome,
  setting: string,
  wanted: string,
  why: string,
  isGood = (value: string): boolean => value === wanted,
) =>
  rowOf<string>({
    outcome,
    setting,
    wanted,
    why,
    part: zone => zone.settings[setting],
    isGood,
    change: { path: setting, value: wanted },
  })

/** The product has a host of its own: then the whole of the site's host holds pages for everybody. */
const hasHostApart = ({ records }: ZoneLike): boolean =>
  records?.seen === true && records.value.some(record => privateWords.test(record.name.split('.')[0] ?? ''))

/** The first cache rule that reaches pages for one person alone, unless the origin decides what is kept. */
const privateCacheRule = (rules: readonly Rule[]): Rule | undefined =>
  rules.find(
    rule =>
      rule.enabled &&
      rule.parameters['cache'] === true &&
      (rule.parameters['edge_ttl'] as { mode?: unknown } | undefined)?.mode !== 'bypass_by_default' &&
      isPrivateExpression(rule.expression),
  )

const pageRuleRow = rowOf<{ target: string; actions: string[] }[]>({
  outcome: 'cache-everything-private',
  setting: 'pagerules, cache rules',
  wanted: 'no caching of logged-in pages',
  why: 'One customer is shown the page of another.',
  part: zone => zone.pageRules,
  isGood: (rules, zone) =>
    !rules.some(rule => cachesEverything(rule) && isPrivateTarget(rule.target, hasHostApart(zone))),
  change: null,
})

/** Page rules and cache rules together: either can keep what is private, and both have to be read to say that neither does. */
const privateCacheRow = (zone: ZoneLike): Row => {
  const row = pageRuleRow(zone)
  const rules = phase(zone, 'http_request_cache_settings')
  if (rules && !rules.seen)
    return row.state === 'as-wanted' ? { ...row, state: 'unread', unread: unreadBecause(rules) } : row
  const cached = rules && privateCacheRule(rules.value)
  return cached ? { ...row, state: 'differs', now: cached.expression } : row
}

const managedRow = rowOf<Rule[]>({
  outcome: 'waf-off',
  setting: 'http_request_firewall_managed',
  wanted: 'managed rules on',
  why: 'Known attacks reach the application.',
  part: zone => phase(zone, 'http_request_firewall_managed'),
  isGood: rules => rules.some(rule => rule.enabled && rule.action === 'execute'),
  change: entrypoint('http_request_firewall_managed', [
    { action: 'execute', expression: 'true', action_parameters: { id: managedRuleset } },
  ]),
})

/** Never held against a free plan: its managed rules cannot be chosen. */
const firewallRow = (zone: ZoneLike): Row => {
  const row = managedRow(zone)
  return row.state === 'differs' && zone.plan.startsWith('free') ? { ...row, state: 'not-on-plan' } : row
}

const tokenRow = ({ permissions }: ZoneLike): Row => {
  const wide = permissions.filter(permission => /:edit$/.test(permission))
  return {
    outcome: 'token-too-broad',
    setting: 'token',
    now: wide.join(', ') || 'read only',
    wanted: 'read only',
    why: 'A token that may write is worth stealing.',
    state: wide.length ? 'differs' : 'as-wanted',
    unread: null,
    change: null,
  }
}

const baseline: readonly ((zone: ZoneLike) => Row)[] = [
  settingRow(
    'development-mode-on',
    'development_mode',
    'off',
    'Development mode bypasses the cache: the server takes every request.',
  ),
  settingRow(
    'under-attack-on',
    'security_level',
    'medium',
    'Under Attack shows every visitor a waiting page and stops webhooks.',
    value => value !== 'under_attack',
  ),
  settingRow('always-https-off', 'always_use_https', 'on', 'Requests over http are answered instead of sent to https.'),
  settingRow(
    'minimum-tls-low',
    'min_tls_version',
    '1.2',
    'TLS 1.0 and 1.1 are broken and refused by payment rules.',
    value => ['1.2', '1.3'].includes(value),
  ),
  firewallRow,
  rowOf<Rule[]>({
    outcome: 'ddos-overridden',
    setting: 'ddos_l7',
    wanted: 'no override',
    why: 'The protection against floods is weakened by a rule of your own.',
    part: zone => phase(zone, 'ddos_l7'),
    isGood: rules => !rules.some(rule => rule.enabled && weakens(rule)),
    change: entrypoint('ddos_l7', []),
  }),
  rowOf<boolean>({
    outcome: 'bot-fight-blocks-webhooks',
    setting: 'bot_management.fight_mode',
    wanted: 'off, or webhooks exempted',
    why: 'Bot Fight Mode cannot be exempted by rules: it stops payment providers’ webhooks.',
    part: zone => zone.botFightMode,
    isGood: value => !value,
    change: { path: 'bot_management', value: { fight_mode: false } },
  }),
  rowOf<Rule[]>({
    outcome: 'no-rate-limit',
    setting: 'http_ratelimit',
    wanted: 'a limit on the login path',
    why: 'Passwords can be tried without end.',
    part: zone => phase(zone, 'http_ratelimit'),
    isGood: rules => rules.some(rule => rule.enabled),
    change: entrypoint('http_ratelimit', [loginLimit]),
  }),
  rowOf<boolean>({
    outcome: 'universal-certificate-off',
    setting: 'ssl/universal',
    wanted: 'on',
    why: 'Without it, hosts behind Cloudflare have no certificate.',
    part: zone => zone.universalCertificate,
    isGood: value => value,
    change: { path: 'ssl/universal/settings', value: { enabled: true } },
  }),
  rowOf<string>({
    outcome: 'dnssec-pending',
    setting: 'dnssec',
    wanted: 'active or disabled',
    why: 'Signed, but the registrar was never told: half of the work is done.',
    part: zone => zone.dnssec,
    isGood: value => value !== 'pending',
    change: null,
  }),
  rowOf<unknown[]>({
    outcome: 'page-rule-leftover',
    setting: 'pagerules',
    wanted: 'none',
    why: 'Page rules are being given up by Cloudflare, and old ones surprise.',
    part: zone => zone.pageRules,
    isGood: rules => rules.length === 0,
    change: null,
  }),
  privateCacheRow,
  tokenRow,
]

/** Every row of the baseline with what the zone has now. */
export const baselineRows = (zone: ZoneLike): Row[] => baseline.map(row => row(zone))
