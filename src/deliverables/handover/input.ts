// What the sections of the handover are made from.

import type { Report } from '../../core/report.ts'
import { operationsOf, type PlatformOperations } from '../../data/platform-operations.ts'
import type { Facts } from '../../facts/index.generated.ts'
import type { Contradiction } from '../../formats/handover/contradictions.ts'
import type { Production } from '../../formats/handover/production.ts'
import type { AccountName, DrillRecord, Handover } from '../../formats/handover/schema.ts'

export type PaperInput = {
  production: Production
  answers: Facts['handoverAnswers']
  handover: Handover
  drills: readonly DrillRecord[]
  contradictions: readonly Contradiction[]
  links: Facts['handoverLinks']['links']
  contacts: Facts['handoverContacts']['contacts']
  /** Over every stage where it was run, else of the stage. */
  report: Report
  now: number
  client?: string
  consultant?: string
  logo?: string
}

export const day = (now: number): string => new Date(now).toISOString().slice(0, 10)

/** Where it is hosted, by its hosts first, then by the repository. */
export const platformLabel = ({ production, handover }: PaperInput): string | null =>
  production.hosts.find(({ role, platform }) => role === 'app' && platform)?.platform ??
  production.hosts.find(({ platform }) => platform)?.platform ??
  production.repository?.platforms[0]?.label ??
  handover.access?.hosting?.provider ??
  null

export const operations = (input: PaperInput): PlatformOperations | null => {
  const named = [input.production.repository?.platforms[0]?.name, platformLabel(input)]
  return named.map(name => (name ? operationsOf(name) : null)).find(Boolean) ?? null
}

/** Who said an answer and when, in words; empty where it stands in the config. */
export const saidBy = ({ answers }: PaperInput, path: string): string => {
  const said =
    answers.said[path] ?? answers.said[path.split('.').slice(0, -1).join('.')] ?? answers.said[path.split('.')[0]!]
  return said ? `${said.by}, ${said.at}` : ''
}

export const holders = ({ handover }: PaperInput, account: AccountName): string[] =>
  handover.access?.[account]?.people ?? []
