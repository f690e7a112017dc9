// cloudflare-baseline.json and .tf: what the zone has now, what it should have, and why. A plan: nothing is applied by us.
import type { SavedFact } from '../core/fact.ts'
import { type BaselineRow, baselineRows } from '../formats/http/cloudflare-baseline.ts'
import { type Document, factOf } from './deliverable.ts'

/** Settings that have a resource of their own in Cloudflare's Terraform provider (version 5). */
const terraformSettings: Readonly<Record<string, string>> = {
  ssl: 'strict',
  always_use_https: 'on',
  min_tls_version: '1.2',
  development_mode: 'off',
  security_level: 'medium',
}

/** A value in Terraform's language: objects and lists as it writes them. */
const hcl = (value: unknown, indent = '  '): string => {
  const deeper = `${indent}  `
  if (Array.isArray(value))
    return value.length === 0
      ? '[]'
      : value.every(item => typeof item !== 'object')
        ? `[${value.map(item => hcl(item)).join(', ')}]`
        : `[${value.map(item => hcl(item, indent)).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => ({ key, text: hcl(item, deeper) }))
    // `terraform fmt` lines up the signs of neighbours that take one line each.
    const widthAt = (at: number): number => {
      const isShort = (index: number): boolean => entries[index] !== undefined && !entries[index].text.includes('\n')
      let [from, until] = [at, at]
      if (!isShort(at)) return 0
      while (isShort(from - 1)) from--
      while (isShort(until + 1)) until++
      return Math.max(...entries.slice(from, until + 1).map(({ key }) => key.length))
    }
    return `{\n${entries.map(({ key, text }, at) => `${deeper}${key.padEnd(widthAt(at))} = ${text}`).join('\n')}\n${indent}}`
  }
  // `${` and `%{` would be templates.
  return typeof value === 'string'
    ? JSON.stringify(value).replace(/[$%]\{/g, match => `${match[0]}${match}`)
    : String(value)
}

/** The rest of the plan that has a resource of its own: what differs, or could not be read. */
const terraformRest = (rows: readonly BaselineRow[]): string => {
  const open = rows.filter(row => row.state === 'differs' || row.state === 'unread')
  const phases = open.flatMap(row => {
    const phase = /^rulesets\/phases\/(\w+)\/entrypoint$/.exec(row.change?.path ?? '')?.[1]
    const rules = (row.change?.value as { rules?: unknown[] } | undefined)?.rules ?? []
    return phase && rules.length
      ? [
          `
# ${row.why} If the phase has rules already, add this one to them instead.
resource "cloudflare_ruleset" "${phase}" {
  zone_id = var.zone_id
  name    = "${phase}"
  kind    = "zone"
  phase   = "${phase}"
  rules = ${hcl(rules.map(rule => ({ ...(rule as object), enabled: true })))}
}
`,
        ]
      : []
  })
  const bots = open.some(row => row.change?.path === 'bot_management')
    ? [
        `
resource "cloudflare_bot_management" "bots" {
  zone_id    = var.zone_id
  fight_mode = false
}
`,
      ]
    : []
  const byHand = open.filter(
    row => !(row.setting in terraformSettings) && !phases.some(text => text.includes(`"${row.setting}"`)),
  )
  const notes = byHand
    .filter(row => row.change?.path !== 'bot_management')
    .map(row =>
      `# By hand: ${row.setting}, now ${row.now ?? 'unknown'}, wanted ${row.wanted}. ${row.why}`.replace(
        /[\r\n]/g,
        ' ',
      ),
    )
  return [...phases, ...bots, ...(notes.length ? [`\n${notes.join('\n')}\n`] : [])].join('')
}

const terraform = (
  zone: string,
  rows: readonly BaselineRow[],
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
  .join('')}${terraformRest(rows)}`

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
  const rows: BaselineRow[] = [
    {
      change: { path: 'ssl', value: 'strict' },
      outcome: 'ssl',
      setting: 'ssl',
      now: ssl?.seen ? ssl.value : null,
      wanted: 'strict',
      why: 'Only then is the way to the server encrypted and checked.',
      state: ssl?.seen ? (['strict', 'origin_pull'].includes(ssl.value) ? 'as-wanted' : 'differs') : 'unread',
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
    { path: 'cloudflare-baseline.tf', content: terraform(domain, rows) },
  ]
}
