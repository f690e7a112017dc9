// Findings of `migration-hazard`: one for each kind of hazard, with its places.
import type { HazardKind } from '../../formats/migrations/hazards.ts'
import { type Hazardous, objectOf } from './migration-fixes.ts'
import { evidenceOf, filesIn } from './places.ts'

export type HazardData = { hazards: Hazardous[]; files: string; what: string }

/** Tables of work that waits, of sessions and caches: few rows, and none that lives long. */
const shortLived =
  /(?:^|[._])(?:delayed_jobs?|solid_(?:queue|cache|cable)_\w+|good_jobs?\w*|que_jobs|oban_jobs|job_batches|failed_jobs|jobs|queue(?:d)?_?(?:jobs|messages)?|sessions?|cache(?:_locks)?|locks|password_resets?(?:_tokens)?|verification_tokens?)$/i

/** Lines of evidence of a finding over several kinds. */
const mostShown = 12

/** The finding over all places of one kind of hazard; none where there are none. What leaves another reading open is one of its own. */
export const holding = (outcome: HazardKind, all: readonly Hazardous[], unsure: boolean) => {
  const hazards = all.filter(one => one.hazard === outcome && (one.unsure ?? false) === unsure)
  const [first] = hazards
  if (!first) return []
  const places = hazards.map(({ file, line, text, why }) => ({
    file,
    line,
    text: outcome === 'no-lock-timeout' ? text : `${text}: ${why}`,
  }))
  const others = new Set(hazards.map(objectOf)).size - 1
  const what = others > 0 ? `${objectOf(first)} and ${others} more` : objectOf(first)
  const isSmall = outcome === 'blocks-writes' && hazards.every(({ table }) => table !== null && shortLived.test(table))
  const more = {
    // How long a table stands still is a matter of its rows, and no repository holds them.
    ...(outcome === 'rewrites-table' ? { confidence: 'likely' as const } : {}),
    ...(unsure ? { confidence: 'possible' as const, key: 'possible' } : {}),
    ...(isSmall ? { severity: 'medium' as const } : {}),
  }
  return [{ outcome, data: { hazards, files: filesIn(places), what }, evidence: evidenceOf(places), ...more }]
}

/** What hurts most stands first. */
export const byGravity: readonly HazardKind[] = [
  'renames',
  'rewrites-table',
  'drops-data',
  'not-null-on-existing',
  'type-change',
  'blocks-writes',
  'backfill-with-ddl',
  'enum-change',
]

/** What may hurt those who run it themselves is one finding, led by what hurts most: one thing to look at before they are told to update. */
export const asOne = (all: readonly Hazardous[]) => {
  const unsure = byGravity.flatMap(kind => holding(kind, all, true))
  const [first, ...others] = unsure
  if (!first || others.length === 0) return unsure
  const hazards = unsure.flatMap(({ data }) => data.hazards)
  const evidence = unsure.flatMap(one => one.evidence).slice(0, mostShown)
  return [{ ...first, data: { ...first.data, hazards }, evidence }]
}
