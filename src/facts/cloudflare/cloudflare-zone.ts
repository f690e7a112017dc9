// The domain's zone at Cloudflare as a read-only token shows it: settings, rules by phase, records, certificates.
import { missing, notApplicable, observed } from '../../core/fact.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import type { FactDefinition } from '../definition.ts'
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

const rulesOf = (value: unknown): CloudflareRule[] =>
  (((resultOf(value) as { rules?: unknown[] } | null)?.rules ?? []) as Record<string, unknown>[])
    .slice(0, 100)
    .map(rule => ({
      action: text(rule['action']),
      expression: text(rule['expression']),
      enabled: rule['enabled'] !== false,
      description: text(rule['description']),
      parameters: (rule['action_parameters'] as Record<string, unknown> | undefined) ?? {},
    }))

const fact: FactDefinition<CloudflareZone> = {
  on: 'domain',
  deadlines: 12,
  async collect(subject, context) {
    if (!tokenOf(context)) return notApplicable('no Cloudflare token was given (cloudflare.token)')
    const name = registrableDomain(subject.name) ?? subject.name
    const wanted = context.config.cloudflare?.zone
    const found = await get(
      context,
      wanted && /^[0-9a-f]{32}$/.test(wanted)
        ? `/zones/${wanted}`
        : `/zones?name=${encodeURIComponent(wanted ?? name)}`,
    )
    if (!found.ok)
      return found.reason === 'forbidden'
        ? missing('forbidden', `${found.message}; the token needs the permission Zone: Read`, {
            cause: {
              kind: 'credential',
              service: 'Cloudflare',
              lacks: 'permission',
              text: 'the Cloudflare token is refused',
            },
          })
        : found
    const zones = [found.value.result].flat() as (Record<string, unknown> | undefined)[]
    const zone = zones[0]
    if (!zone)
      return missing('forbidden', `the token sees no zone ${name}: it needs the permission Zone: Read for it`, {
        cause: {
          kind: 'credential',
          service: 'Cloudflare zone',
          lacks: 'permission',
          text: 'the Cloudflare token does not see the zone',
        },
      })
    const id = text(zone['id'])
    const at = `/zones/${id}`
    const settings = settingNames.map(
      async setting =>
        [
          setting,
          await part(get(context, `${at}/settings/${setting}`), 'Zone Settings: Read', value =>
            text((resultOf(value) as { value?: unknown } | null)?.value),
          ),
        ] as const,
    )
    const phases = phaseNames.map(
      async phase =>
        [
          phase,
          await part(
            get(context, `${at}/rulesets/phases/${phase}/entrypoint`),
            phase === 'http_request_cache_settings' ? 'Cache Rules: Read' : 'Zone WAF: Read',
            rulesOf,
          ),
        ] as const,
    )
    const [records, dnssec, bots, universal, pageRules] = await Promise.all([
      part(list(context, `${at}/dns_records`), 'DNS: Read', value =>
        (value as Record<string, unknown>[])
          .slice(0, 5000)
          .map(record => ({
            name: text(record['name']).toLowerCase(),
            type: text(record['type']),
            content: text(record['content']),
            proxied: record['proxied'] === true,
            proxiable: record['proxiable'] === true,
            ttl: Number(record['ttl'] ?? 0),
          }))
          .sort((a, b) => (`${a.name} ${a.type} ${a.content}` < `${b.name} ${b.type} ${b.content}` ? -1 : 1)),
      ),
      part(get(context, `${at}/dnssec`), 'DNS: Read', value =>
        text((resultOf(value) as { status?: unknown } | null)?.status),
      ),
      part(
        get(context, `${at}/bot_management`),
        'Bot Management: Read',
        value => (resultOf(value) as { fight_mode?: unknown } | null)?.fight_mode === true,
      ),
      part(
        get(context, `${at}/ssl/universal/settings`),
        'SSL and Certificates: Read',
        value => (resultOf(value) as { enabled?: unknown } | null)?.enabled !== false,
      ),
      part(get(context, `${at}/pagerules?status=active`), 'Page Rules: Read', value =>
        ((resultOf(value) ?? []) as Record<string, unknown>[]).slice(0, 200).map(rule => ({
          target: text((rule['targets'] as { constraint?: { value?: unknown } }[] | undefined)?.[0]?.constraint?.value),
          actions: ((rule['actions'] ?? []) as { id?: unknown; value?: unknown }[])
            .map(
              action =>
                `${text(action.id)}=${typeof action.value === 'object' ? JSON.stringify(action.value) : text(action.value)}`,
            )
            .sort(),
          status: text(rule['status']),
        })),
      ),
    ])
    return observed(
      {
        id,
        name: text(zone['name']),
        plan: text((zone['plan'] as { name?: unknown } | undefined)?.name).toLowerCase(),
        status: text(zone['status']),
        permissions: (Array.isArray(zone['permissions']) ? zone['permissions'] : []).map(text).sort(),
        settings: Object.fromEntries(await Promise.all(settings)),
        records,
        dnssec,
        phases: Object.fromEntries(await Promise.all(phases)),
        botFightMode: bots,
        universalCertificate: universal,
        pageRules,
      },
      context.now(),
    )
  },
}
export default fact
