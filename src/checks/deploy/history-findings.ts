// What is said of secrets in the history: one finding for each that is loud, one for all that are worth a look.
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { HistorySecret, SecretsHistory } from '../../facts/repo/secrets-history.ts'
import { coverageInWords } from '../../formats/secrets/coverage.ts'
import { spokenFor } from '../../formats/secrets/leaks.ts'
import type { Rotation } from '../../formats/secrets/ledger.ts'
import { type InHistory, whatOf } from './secret-fixes.ts'

/** `more`: how many others leaked with it, in words. */
export type Data = InHistory & { read: number; total: number; more: string }
export type Base = Pick<Data, 'ledger' | 'read' | 'total'>
/** What each finding says beside its secret. */
type Around = { base: Base; coverage: Evidence[] }

const commit = (label: string, { id, date, author, subject }: HistorySecret['first']): Evidence =>
  textEvidence(label, `${id.slice(0, 10)} ${date.slice(0, 10)} ${author}: ${subject}`)

/** How much was read, and what keeps it from being all. */
export const coverageOf = (history: SecretsHistory): Evidence[] => [
  textEvidence('read', coverageInWords(history)),
  ...history.notes.map(note => textEvidence('note', note)),
]

/** Where a secret stood, under which name, masked. */
const stood = ({ places: [place], masked, ...secret }: HistorySecret, isNamed = false): Evidence => {
  const { path, line, variable } = place!
  const name = variable ?? (isNamed ? whatOf(secret) : '')
  return fileEvidence(path, line, `${name ? `${name} = ` : ''}${masked}`)
}

export const evidenceOf = (secret: HistorySecret, ledger: string, used?: string, rotation?: Rotation): Evidence[] => {
  const { first, last, removed, atHead } = secret
  return [
    stood(secret),
    commit('first', first),
    ...(last.id === first.id ? [] : [commit('last', last)]),
    ...(removed ? [commit('removed', removed)] : []),
    ...(atHead ? [textEvidence('still there', 'the newest version holds it')] : []),
    ...(used && !atHead ? [textEvidence('still used', used)] : []),
    ...(rotation
      ? [fileEvidence(ledger, undefined, `${rotation.rotated} by ${rotation.by}: ${rotation.evidence}`)]
      : []),
  ]
}

/** One finding for all of which something is only assumed: that they are secret, or that they still open something. */
const worthALook = (
  secrets: readonly HistorySecret[],
  key: string,
  named: { what: string; more: string },
  { base, coverage }: Around,
) => {
  const [first] = secrets
  if (!first) return []
  const shown = secrets.slice(0, 20).map(one => stood(one, true))
  const more = secrets.length > 20 ? [textEvidence('more', `${secrets.length - 20} others`)] : []
  const data = { ...base, ...named, rotate: first.rotate ?? '', hash: first.hash }
  const evidence = [...shown, ...more, ...coverage]
  return [{ outcome: 'unknown' as const, key, confidence: 'possible' as const, data, evidence }]
}

/** How many others a finding speaks for, in words. */
export const andMore = (count: number): string => (count > 0 ? ` (and ${count} more)` : '')

/** A secret with what is known of its replacement. */
export type Told = HistorySecret & { outcome: 'never-rotated' | 'unknown' | 'attested-rotated'; evidence: Evidence[] }

/**
 * A finding for each. What stands in the newest version is told there already, and of those that leaked together one speaks for all;
 * `doubtful`, which may be no secret, and what may open nothing any more are one question.
 */
export const findingsOf = (
  told: readonly Told[],
  doubtful: readonly HistorySecret[],
  reported: ReadonlyMap<string, string>,
  { base, coverage }: Around,
) => {
  const isQuiet = ({ outcome, confidence }: Told): boolean => outcome === 'unknown' && confidence === 'possible'
  const waiting = told.filter(one => one.outcome === 'unknown' && !isQuiet(one))
  const leaks = spokenFor(waiting)
  const led = new Set([...leaks.values()].flat().map(({ hash }) => hash))
  const quiet = told.filter(isQuiet)
  const [first] = quiet
  const loud = told
    .filter(one => !isQuiet(one))
    .map(({ evidence, ...secret }) => {
      const { outcome, hash, confidence, atHead, rotate } = secret
      const others = leaks.get(hash) ?? []
      const isTold = atHead ? reported.has(hash) : (reported.get(hash) ?? 'possible') !== 'possible'
      const named = others.map(one => ({ what: whatOf(one), hash: one.hash }))
      const data = {
        ...base,
        what: whatOf(secret),
        more: andMore(others.length),
        rotate: rotate ?? '',
        hash,
        others: named,
      }
      return {
        outcome,
        key: hash,
        confidence,
        ...(isTold || led.has(hash) ? { severity: 'low' as const } : {}),
        data,
        evidence: [...evidence, ...others.slice(0, 20).map(one => stood(one, true)), ...coverage],
      }
    })
  const around = { base, coverage }
  if (!first)
    return [...loud, ...worthALook(doubtful, 'possible', { what: 'value that may be secret', more: '' }, around)]
  const open = [...quiet, ...doubtful]
  return [...loud, ...worthALook(open, 'past', { what: whatOf(first), more: andMore(open.length - 1) }, around)]
}
