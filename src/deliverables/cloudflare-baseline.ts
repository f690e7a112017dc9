// cloudflare-baseline.json and .tf: what the zone has now, what it should have, and why. A plan: nothing is applied by us.
import type { SavedFact } from '../core/fact.ts'
import { baselineRows } from '../formats/cloudflare-baseline.ts'
import { type Document, factOf } from './deliverable.ts'

/** Settings that have a resource of their own in Cloudflare's Terraform provider (version 5). */
const terraformSettings: Readonly<Record<string, string>> = {
  ssl: 'strict',
  always_use_https: 'on',
  min_tls_version: '1.2',
  development_mode: 'off',
  security_level: 'medium',
}

const terraform = (
  zone: string,
): string => `# Plan for ${zone.replace(/[^a-z0-9.-]/g, '')}: look at it with \`terraform plan\`, nothing here was applied.
terraform {
  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 5.0"
    }
  }
}

variable "zone_id" {
  type        = string
  description = "Identifier of the zone at Cloudflare"
}
${Object.entries(terraformSettings)
  .map(
    ([setting, value]) => `
resource "cloudflare_zone_setting" "${setting}" {
  zone_id    = var.zone_id
  setting_id = "${setting}"
  value      = "${value}"
}
`,
  )
  .join('')}`

/** The plan. Without a token it says what is wanted and that nothing could be compared; nothing where the zone is not at Cloudflare. */
export const cloudflareBaseline = ({ facts, domain }: { facts: readonly SavedFact[]; domain: string }): Document[] => {
  const zone = factOf(facts, 'cloudflareZone')
  const outside = factOf(facts, 'cloudflareOutside')
  const isThere = zone?.ok || (outside?.ok && (outside.value.nameServers || outside.value.behind.length > 0))
  if (!isThere) return []
  const unseen = (message: string) => ({ seen: false as const, reason: 'failed', permission: null, message })
  const why = zone && !zone.ok ? zone.message : 'not read'
  const empty = {
    name: domain,
    plan: '',
    permissions: [],
    settings: {},
    dnssec: unseen(why),
    phases: {},
    botFightMode: unseen(why),
    universalCertificate: unseen(why),
    pageRules: unseen(why),
  }
  const ssl = zone?.ok ? zone.value.settings['ssl'] : undefined
  const rows = [
    {
      outcome: 'ssl',
      setting: 'ssl',
      now: ssl?.seen ? ssl.value : null,
      wanted: 'strict',
      why: 'Only then is the way to the server encrypted and checked.',
      state: ssl?.seen ? (ssl.value === 'strict' ? 'as-wanted' : 'differs') : 'unread',
      unread: ssl?.seen ? null : why,
    },
    ...baselineRows(zone?.ok ? zone.value : empty).filter(row => zone?.ok || row.setting !== 'token'),
  ]
  const plan = rows.map(({ setting, now, wanted, why: reason, state, unread }) => ({
    setting,
    now,
    wanted,
    why: reason,
    state,
    ...(unread ? { unread } : {}),
  }))
  return [
    {
      path: 'cloudflare-baseline.json',
      content: `${JSON.stringify({ zone: domain, note: 'A plan: nothing was applied.', settings: plan }, null, 2)}\n`,
    },
    { path: 'cloudflare-baseline.tf', content: terraform(domain) },
  ]
}
