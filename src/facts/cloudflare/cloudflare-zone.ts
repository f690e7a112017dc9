// The domain's zone at Cloudflare as a read-only token shows it: settings, rules by phase, records, certificates.
import { type Fact, type Missing, missing, notApplicable, observed } from '../../core/fact.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { get, list, type Part, part, resultOf, tokenOf } from './api.ts'

export type CloudflareRecord = {
  name: string
  type: string
  content: string
  proxied: boolean
  proxiable: boolean
  ttl: number
}
export type CloudflareRule = {
  action: string
  expression: string
  enabled: boolean
  description: string
  parameters: Record<string, unknown>
}

export type CloudflareZone = {
  id: string
  name: string
  /** Plan in lower case: `free website`, `pro website` … */
  plan: string
  status: string
  /** What the token may do with the zone: `#zone:read`, `#dns_records:edit` … Sorted. */
  permissions: string[]
  /** Setting → value: ssl, development_mode, security_level, always_use_https, min_tls_version. */
  settings: Record<string, Part<string>>
  records: Part<CloudflareRecord[]>
  dnssec: Part<string>
  /** Rules of the phase's entry point; absent when none was ever made. */
  phases: Record<string, Part<CloudflareRule[]>>
  botFightMode: Part<boolean>
  universalCertificate: Part<boolean>
  pageRules: Part<{ target: string; actions: string[]; status: string }[]>
}

export const settingNames = [
  'ssl',
  'development_mode',
  'security_level',
  'always_use_https',
  'min_tls_version',
] as const
export const phaseNames = [
  'http_request_firewall_managed',
  'ddos_l7',
  'http_ratelimit',
  'http_request_cache_settings',
] as const

const text = (value: unknown): string => String(value ?? '').slice(0, 500)

type Json = Record<string, unknown>

/** A property of the result of an answer, undefined where it has none. */
const resultField = (value: unknown, name: string): unknown => (resultOf(value) as Json | null)?.[name]

const rulesOf = (value: unknown): CloudflareRule[] =>
  ((resultField(value, 'rules') ?? []) as Json[]).slice(0, 100).map(rule => ({
    action: text(rule['action']),
    expression: text(rule['expression']),
    enabled: rule['enabled'] !== false,
    description: text(rule['description']),
    parameters: (rule['action_parameters'] as Json | undefined) ?? {},
  }))

const recordsOf = (value: unknown): CloudflareRecord[] =>
  (value as Json[])
    .slice(0, 5000)
    .map(record => ({
      name: text(record['name']).toLowerCase(),
      type: text(record['type']),
      content: text(record['content']),
      proxied: record['proxied'] === true,
      proxiable: record['proxiable'] === true,
      ttl: Number(record['ttl'] ?? 0),
    }))
    .sort((a, b) => (`${a.name} ${a.type} ${a.content}` < `${b.name} ${b.type} ${b.content}` ? -1 : 1))

type PageRule = { target: string; actions: string[]; status: string }

const pageRulesOf = (value: unknown): PageRule[] =>
  ((resultOf(value) ?? []) as Json[]).slice(0, 200).map(rule => ({
    target: text((rule['targets'] as { constraint?: { value?: unknown } }[] | undefined)?.[0]?.constraint?.value),
    actions: ((rule['actions'] ?? []) as { id?: unknown; value?: unknown }[])
      .map(({ id, value: given }) => `${text(id)}=${typeof given === 'object' ? JSON.stringify(given) : text(given)}`)
      .sort(),
    status: text(rule['status']),
  }))

const refused = (message: string, service: string, why: string): Missing =>
  missing('forbidden', message, { cause: { kind: 'credential', service, lacks: 'permission', text: why } })

/** The zone of the domain, by the id or name of the config or by its registrable domain, as the API lists it. */
const findZone = async (context: CollectContext, domain: string): Promise<Fact<Json>> => {
  const name = registrableDomain(domain) ?? domain
  const wanted = context.config.cloudflare?.zone
  const isId = wanted !== undefined && /^[0-9a-f]{32}$/.test(wanted)
  const found = await get(context, isId ? `/zones/${wanted}` : `/zones?name=${encodeURIComponent(wanted ?? name)}`)
  if (!found.ok)
    return found.reason === 'forbidden'
      ? refused(
          `${found.message}; the token needs the permission Zone: Read`,
          'Cloudflare',
          'the Cloudflare token is refused',
        )
      : found
  const zone = ([found.value.result].flat() as (Json | undefined)[])[0]
  return zone
    ? observed(zone, context.now())
    : refused(
        `the token sees no zone ${name}: it needs the permission Zone: Read for it`,
        'Cloudflare zone',
        'the Cloudflare token does not see the zone',
      )
}

/** Each name with its part, all asked for at once. */
const partsOf = async <T>(
  names: readonly string[],
  read: (name: string) => Promise<Part<T>>,
): Promise<Record<string, Part<T>>> =>
  Object.fromEntries(await Promise.all(names.map(async name => [name, await read(name)] as const)))

const fact: FactDefinition<CloudflareZone> = {
  on: 'domain',
  deadlines: 12,
  async collect(subject, context) {
    if (!tokenOf(context)) return notApplicable('no Cloudflare token was given (cloudflare.token)')
    const found = await findZone(context, subject.name)
    if (!found.ok) return found
    const zone = found.value
    const id = text(zone['id'])
    const at = (path: string): Promise<Fact<unknown>> => get(context, `/zones/${id}/${path}`)
    const [settings, phases, records, dnssec, botFightMode, universalCertificate, pageRules] = await Promise.all([
      partsOf(settingNames, name =>
        part(at(`settings/${name}`), 'Zone Settings: Read', value => text(resultField(value, 'value'))),
      ),
      partsOf(phaseNames, name => {
        const permission = name === 'http_request_cache_settings' ? 'Cache Rules: Read' : 'Zone WAF: Read'
        return part(at(`rulesets/phases/${name}/entrypoint`), permission, rulesOf)
      }),
      part(list(context, `/zones/${id}/dns_records`), 'DNS: Read', recordsOf),
      part(at('dnssec'), 'DNS: Read', value => text(resultField(value, 'status'))),
      part(at('bot_management'), 'Bot Management: Read', value => resultField(value, 'fight_mode') === true),
      part(
        at('ssl/universal/settings'),
        'SSL and Certificates: Read',
        value => resultField(value, 'enabled') !== false,
      ),
      part(at('pagerules?status=active'), 'Page Rules: Read', pageRulesOf),
    ])
    return observed(
      {
        id,
        name: text(zone['name']),
        plan: text((zone['plan'] as { name?: unknown } | undefined)?.name).toLowerCase(),
        status: text(zone['status']),
        permissions: (Array.isArray(zone['permissions']) ? zone['permissions'] : []).map(text).sort(),
        settings,
        records,
        dnssec,
        phases,
        botFightMode,
        universalCertificate,
        pageRules,
      },
      context.now(),
    )
  },
}
export default fact
