// Shared by the checks of the repository: places in files as evidence, as steps and as changes.
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { Change, Fix } from '../../core/fix.ts'
import { fix, patchOr } from '../../core/fixes.ts'
import type { Migrations } from '../../facts/repo/migrations.ts'
import type { Production } from '../../formats/repo/production.ts'
import type { Place } from '../../formats/workflow/seen.ts'

export { exampleContainer, exampleContainers } from '../../facts/repo/containers.example.ts'
export { exampleDeployment } from '../../facts/repo/deployment.example.ts'
export {
  exampleCommand,
  exampleJob,
  examplePipelines,
  exampleWorkflow,
} from '../../facts/repo/pipelines.example.ts'
export { deployJobs, jobsBefore, jobsOf } from '../../formats/workflow/jobs.ts'
export type { Place } from '../../formats/workflow/seen.ts'

/** Places shown in a report: as many as a person reads. */
const mostPlaces = 8

/** `file:line` with its text, at most eight; the rest is counted. */
export const evidenceOf = (places: readonly Place[]): Evidence[] => [
  ...places.slice(0, mostPlaces).map(({ file, line, text }) => fileEvidence(file, line, text)),
  ...(places.length > mostPlaces ? [textEvidence('and', `${places.length - mostPlaces} more`)] : []),
]

/** A finding one link of whose way to production is assumed: worth a look, with what nothing here shows. */
export const assuming = <F extends { evidence: Evidence[] }>(one: F, missing: string) => ({
  ...one,
  confidence: 'possible' as const,
  evidence: [...one.evidence, textEvidence('not shown here', missing)],
})

/** What is not shown of a product whose makers are not seen to run it. */
export const unshown: Readonly<Record<Exclude<Production, 'shown'>, string>> = {
  hidden: 'what takes it to production',
  others: 'a production of its makers: who takes the repository runs it',
}

/** Names of files as evidence of what was read; each once, at most eight. */
export const filesRead = (files: readonly { file: string }[]): Evidence =>
  textEvidence('read', [...new Set(files.map(({ file }) => file))].slice(0, mostPlaces).join(', '))

/** Files named once, joined for a title: `ci.yml and 2 more`. */
export const filesIn = (places: readonly Place[]): string => {
  const names = [...new Set(places.map(({ file }) => file))]
  return names.length > 1 ? `${names[0]} and ${names.length - 1} more` : (names[0] ?? '')
}

/** Places as steps to take, at most eight. */
export const stepsAt = <P extends Place>(places: readonly P[], what: (place: P) => string): string[] =>
  places.slice(0, mostPlaces).map(place => `${place.file}:${place.line}: ${what(place)}`)

/** A place with the diff that puts it right, where one could be made. */
export type Mendable = Place & { patch?: string | null }

/** Places as changes: the diff of each, or what a person changes there. */
export const changesAt = <P extends Mendable>(places: readonly P[], what: (place: P) => string): Change[] =>
  places.map(place => patchOr(place.file, place.patch, `${place.file}:${place.line}: ${what(place)}`))

/** A fix at places: at each `change` is made; `step` says how, `after` what follows. Minutes as in `fix`. */
export const fixAt = <P extends Mendable>(
  summary: string,
  places: readonly P[],
  change: (place: P) => string,
  step: (place: P) => string,
  more: { minutes?: number; before?: string[]; after?: string[] } = {},
): Fix =>
  fix(
    summary,
    changesAt(places, change),
    [...(more.before ?? []), ...stepsAt(places, step), ...(more.after ?? [])],
    more.minutes,
  )

export const noMigrations = 'no migrations in this repository'

/** Why the migrations of some tools are not judged. */
export const othersUnread = ({ others = [] }: Pick<Migrations, 'others'>): string =>
  `migrations of ${others.join(', ')} are not read here`
