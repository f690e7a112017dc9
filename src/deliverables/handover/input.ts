// What the sections of the handover are made from.

import type { Report } from '../../core/report.ts'
import type { Facts } from '../../facts/index.generated.ts'
import type { Contradiction } from '../../formats/handover/contradictions.ts'
import type { Production } from '../../formats/handover/production.ts'
import { operatedBy, type RunsAt, runsAt, supposition } from '../../formats/handover/runs-at.ts'
import type { AccountName, DrillRecord, Handover } from '../../formats/handover/schema.ts'
import { code, type Line } from './blocks.ts'

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

/** Where it runs, the app's place first. */
export const places = ({ production, handover }: PaperInput): RunsAt[] => runsAt(production, handover)

/** The name of the place where it runs; null where nothing but a file suggests one. */
export const platformLabel = (input: PaperInput): string | null =>
  places(input)
    .filter(({ by }) => by !== 'file')
    .map(({ label }) => label)
    .join(', ') || null

/** What goes before a command of a platform that only a file suggests; empty where more shows it. */
export const supposed = (of: RunsAt | null, begins = false): Line => {
  const words = supposition(of)
  return words ? [begins ? `I${words.slice(1)}` : words, code(of!.where), ' suggests: '] : []
}

export const operations = ({ production, handover }: PaperInput): ReturnType<typeof operatedBy> =>
  operatedBy(production, handover)

/** Who said an answer and when, in words; empty where it stands in the config. */
export const saidBy = ({ answers }: PaperInput, path: string): string => {
  const said =
    answers.said[path] ?? answers.said[path.split('.').slice(0, -1).join('.')] ?? answers.said[path.split('.')[0]!]
  return said ? `${said.by}, ${said.at}` : ''
}

export const holders = ({ handover }: PaperInput, account: AccountName): string[] =>
  handover.access?.[account]?.people ?? []
