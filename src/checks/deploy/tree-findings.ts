// What is said of secrets in files: one finding for each file that is loud, one for all that are worth a look.
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { EnvironmentFiles } from '../../facts/repo/env-files.ts'
import type { FoundSecret } from '../../facts/repo/secrets-group.ts'
import { environmentOf, isEnvironmentFile } from '../../formats/repo/dotenv.ts'
import { sureOfSecrets } from '../../formats/repo/env-sureness.ts'
import { folderOf } from '../../formats/repo/paths.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { surenessInTree } from '../../formats/secrets/proof.ts'
import { readingOf, variableName } from '../../formats/secrets/reading.ts'
import { secretOfId } from '../../formats/secrets/replaced.ts'
import { andMore } from './history-findings.ts'
import { whatOf } from './secret-fixes.ts'

const inDotenv = (path: string): boolean =>
  isEnvironmentFile(path.slice(path.lastIndexOf('/') + 1)) && environmentOf(path) !== 'example'

const outcomeOf = (secret: FoundSecret): 'test' | 'private-key' | 'password' | 'live' => {
  if (secret.class === 'test') return 'test'
  return secret.kind === 'private-key' || secret.kind === 'password' ? secret.kind : 'live'
}

/** A secret with its places outside of dotenv files. */
type Standing = { secret: FoundSecret; places: FoundSecret['places'] }

/** Worst first: what opens most, then what is surest. */
const order = ['private-key', 'live', 'password', 'test']
const sureness = ['certain', 'likely', 'possible']
const worstFirst = ({ secret: a }: Standing, { secret: b }: Standing): number =>
  order.indexOf(outcomeOf(a)) - order.indexOf(outcomeOf(b)) ||
  sureness.indexOf(a.confidence) - sureness.indexOf(b.confidence)

const shown = ({ secret, places: [place] }: Standing): Evidence =>
  fileEvidence(place!.path, place!.line, `${whatOf(secret)}, ${secret.masked}`)

/** The finding of one secret, and of the `others` that it speaks for. */
const findingOf = ({ secret, places }: Standing, others: readonly Standing[] = []) => {
  const [place, ...same] = places
  const { path, line } = place!
  const variable = variableName(secret.places[0]?.variable ?? `${secret.provider} ${secret.what}`)
  const data = {
    what: whatOf(secret),
    file: path,
    line,
    variable,
    read: readingOf(path, variable),
    rotate: secret.rotate ?? '',
    count: secret.count,
    more: andMore(others.length),
    others: others.map(one => whatOf(one.secret)),
  }
  const evidence = [
    shown({ secret, places }),
    ...same.slice(0, 5).map(other => fileEvidence(other.path, other.line, 'the same')),
    ...others.slice(0, 20).map(shown),
    ...(others.length > 20 ? [textEvidence('more', `${others.length - 20} others`)] : []),
  ]
  const confidence = surenessInTree({ ...secret, places })
  return { outcome: outcomeOf(secret), key: secret.hash, confidence, data, evidence }
}

/** Keys in files of their own are one leak with those beside them. */
const leakedWith = ({ secret: { kind }, places }: Standing): string =>
  kind === 'private-key' ? `${folderOf(places[0]!.path)}/` : places[0]!.path

/** Secrets of one file are one leak: the worst of them is told, and names the others. */
const leakOf = (together: readonly Standing[]) => {
  const [first, ...others] = together.toSorted(worstFirst)
  return [findingOf(first!, others), ...others.map(one => ({ ...findingOf(one), severity: 'low' as const }))]
}

/** What may be no secret is one question, however many places ask it. */
const worthALook = (doubtful: readonly Standing[]) => {
  const [first, ...others] = doubtful.toSorted(worstFirst)
  if (!first) return []
  return [{ ...findingOf(first, others), ...(others.length > 0 ? { key: 'possible' } : {}) }]
}

/** Starts of the hashes of what env-file-committed tells loudly: each has to be replaced once, wherever else it stands. */
export const toldOfFiles = ({ files, hosted }: Pick<EnvironmentFiles, 'files' | 'hosted'>): Set<string> =>
  new Set(
    files
      .filter(({ tracked, environment, path }) => tracked && environment !== 'example' && pathKind(path) !== 'test')
      .filter(file => (sureOfSecrets(file, hosted !== null) ?? 'possible') !== 'possible')
      .flatMap(({ entries }) => entries.flatMap(one => (one.class === 'secret' && one.hash ? [one.hash] : []))),
  )

/** `elsewhere`: starts of the hashes of what another check tells loudly. */
export const findingsOf = (secrets: readonly FoundSecret[], elsewhere: ReadonlySet<string>) => {
  const standing = secrets
    .map(secret => ({ secret, places: secret.places.filter(({ path }) => !inDotenv(path)) }))
    .filter(({ places }) => places.length > 0)
  const clear = standing.filter(({ secret }) => secret.confidence !== 'possible')
  // An id and its secret are one pair of credentials: the secret speaks for both.
  const told = ({ secret }: Standing): boolean =>
    secretOfId(secret, secrets) !== null || elsewhere.has(secret.hash.slice(0, 16))
  const files = Map.groupBy(
    clear.filter(one => !told(one)),
    leakedWith,
  )
  return [
    ...[...files.values()].flatMap(leakOf),
    ...clear.filter(told).map(one => ({ ...findingOf(one), severity: 'low' as const })),
    ...worthALook(standing.filter(({ secret }) => secret.confidence === 'possible')),
  ]
}
