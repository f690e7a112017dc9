// Secrets in old versions of files: one finding a secret, with the commits between which it lay there and what is known of its rotation.
import { blocker, defineCheck, high, low, pass, unknown } from '../../core/check.ts'
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import { historySecret } from '../../facts/repo/secrets-history.example.ts'
import type { HistorySecret, SecretsHistory } from '../../facts/repo/secrets-history.ts'
import { coverageInWords } from '../../formats/secrets/coverage.ts'
import { spokenFor } from '../../formats/secrets/leaks.ts'
import { type Rotation, speaksOf } from '../../formats/secrets/ledger.ts'
import { placesOnDisk } from '../../formats/secrets/on-disk.ts'
import { mayBeReplaced } from '../../formats/secrets/replaced.ts'
import { confirmRefused, type InHistory, replaceOld, whatOf } from './secret-fixes.ts'

/** `more`: how many others leaked with it, in words. */
type Data = InHistory & { read: number; total: number; more: string }
type Base = Pick<Data, 'ledger' | 'read' | 'total'>

const commit = (label: string, { id, date, author, subject }: HistorySecret['first']): Evidence =>
  textEvidence(label, `${id.slice(0, 10)} ${date.slice(0, 10)} ${author}: ${subject}`)

/** How much was read, and what keeps it from being all. */
const coverageOf = (history: SecretsHistory): Evidence[] => [
  textEvidence('read', coverageInWords(history)),
  ...history.notes.map(note => textEvidence('note', note)),
]

/** Where a secret stood, under which name, masked. */
const stood = ({ places: [place], masked, ...secret }: HistorySecret, isNamed = false): Evidence => {
  const { path, line, variable } = place!
  const name = variable ?? (isNamed ? whatOf(secret) : '')
  return fileEvidence(path, line, `${name ? `${name} = ` : ''}${masked}`)
}

const evidenceOf = (secret: HistorySecret, ledger: string, used?: string, rotation?: Rotation): Evidence[] => {
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

/** One finding for all that only a name calls secret. */
const mayBe = (secrets: readonly HistorySecret[], base: Base, coverage: Evidence[]) => {
  const [first] = secrets
  if (!first) return []
  const named = secrets.slice(0, 10).map(one => stood(one, true))
  const more = secrets.length > 10 ? [textEvidence('more', `${secrets.length - 10} others`)] : []
  const data = { ...base, what: 'value that may be secret', rotate: '', hash: first.hash, more: '' }
  const evidence = [...named, ...more, ...coverage]
  return [{ outcome: 'unknown' as const, key: 'possible', confidence: 'possible' as const, data, evidence }]
}

/** A secret with what is known of its replacement. */
type Told = HistorySecret & { outcome: 'never-rotated' | 'unknown' | 'attested-rotated'; evidence: Evidence[] }

/** A finding for each. What stands in the newest version is told there already, and of those that leaked together one speaks for all. */
const findingsOf = (told: readonly Told[], reported: ReadonlySet<string>, base: Base, coverage: Evidence[]) => {
  const waiting = told.filter(({ outcome, confidence }) => outcome === 'unknown' && confidence !== 'possible')
  const leaks = spokenFor(waiting)
  const led = new Set([...leaks.values()].flat().map(({ hash }) => hash))
  return told.map(({ evidence, ...secret }) => {
    const { outcome, hash, confidence, atHead, rotate } = secret
    const others = leaks.get(hash) ?? []
    const more = others.length ? ` (and ${others.length} more)` : ''
    const named = others.map(one => ({ what: whatOf(one), hash: one.hash }))
    const data = { ...base, what: whatOf(secret), more, rotate: rotate ?? '', hash, others: named }
    return {
      outcome,
      key: hash,
      confidence,
      ...((atHead && reported.has(hash)) || led.has(hash) ? { severity: 'low' as const } : {}),
      data,
      evidence: [...evidence, ...others.slice(0, 20).map(one => stood(one, true)), ...coverage],
    }
  })
}

export default defineCheck<Data>()({
  id: 'secret-in-history',
  stage: 'deploy',
  on: 'repo',
  title: 'No secret lies in the history without having been replaced',
  why: 'Every clone carries every version of every file. A secret that was committed once is known to whoever has a clone, whatever the newest version says: what counts is whether it was rotated. Rotation is proven by the ledger; a secret still in use (in the newest version, or in an environment file on this machine) was not rotated, whatever the ledger says.',
  impact: {
    journey: 'data',
    owner: 'A key that was deleted from the code still opens your company to everybody who ever had a copy.',
  },
  needs: ['secretsHistory', 'secretLedger'],
  wants: ['envFiles', 'secretsTree'],
  actions: ['deploy secrets'],
  signals: ['data-exposed'],
  checklist: { section: 'configuration', order: 7, line: 'No secret stands in the history' },
  outcomes: {
    'never-rotated': blocker('{what} was committed and is still in use', replaceOld),
    unknown: high('{what}{more} lies in the history; nothing says it was replaced', replaceOld, {
      why: 'If it was not replaced, it opens your systems to everybody who ever had a copy of the code.',
    }),
    'attested-rotated': low('{what} lies in the history; the ledger says it was replaced', confirmRefused, {
      why: 'Somebody attested that it opens nothing any more. Only the provider can confirm it.',
    }),
    clean: pass('No secret in {read} of {total} commits'),
  },
  references: [
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository',
    'https://github.com/newren/git-filter-repo',
  ],
  judge({ secretsHistory, secretLedger, envFiles, secretsTree }, { now: time }) {
    const reported = new Set(secretsTree.ok ? secretsTree.value.secrets.map(secret => secret.hash) : [])
    const onDisk = placesOnDisk(envFiles.ok ? envFiles.value.files : [])
    const coverage = coverageOf(secretsHistory)
    const { read, total } = secretsHistory.commits
    const base = { ledger: secretLedger.path, read, total }
    // What stands in the newest version is looked at there; of older ones a name alone makes one question, not one finding each.
    const doubtful = secretsHistory.secrets.filter(({ confidence, atHead }) => confidence === 'possible' && !atHead)
    const clear = secretsHistory.secrets.filter(({ confidence }) => confidence !== 'possible')
    const now = secretsTree.ok ? secretsTree.value.secrets : []
    const told = clear.map((secret): Told => {
      const rotation = secretLedger.rotations.find(one => speaksOf(one, secret.hash))
      const used = onDisk.get(secret.hash.slice(0, 16))
      const known = rotation ? 'attested-rotated' : 'unknown'
      const outcome = secret.atHead || used ? 'never-rotated' : known
      const isDoubtful = !used && !secret.atHead && mayBeReplaced(secret, now, secretsHistory.secrets, time)
      const confidence = used ? 'certain' : isDoubtful ? 'possible' : secret.confidence
      return { ...secret, outcome, confidence, evidence: evidenceOf(secret, secretLedger.path, used, rotation) }
    })
    const found = findingsOf(told, reported, base, coverage)
    // What was not read may hold one; what stands at HEAD was read, so it is one that was removed.
    const unread = secretsHistory.notes.length ? [unknown(secretsHistory.notes.join('. '), 'high')] : []
    const all = [...found, ...mayBe(doubtful, base, coverage), ...unread]
    if (all.length) return all
    return { outcome: 'clean', data: { ...base, what: '', rotate: '', hash: '', more: '' }, evidence: coverage }
  },
  examples: [
    { name: 'a clean history', facts: {}, expect: 'clean' },
    {
      name: 'a key that was deleted, and nobody says what became of it',
      facts: { secretsHistory: { secrets: [historySecret()] } },
      expect: 'unknown',
    },
  ],
})
