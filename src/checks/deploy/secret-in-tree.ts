// Secrets in the files of the repository. Environment files that are in git are the business of env-file-committed.
import { blocker, defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { FoundSecret } from '../../facts/repo/secrets-group.ts'
import { foundSecret } from '../../facts/repo/secrets-tree.example.ts'
import { environmentOf, isEnvironmentFile } from '../../formats/repo/dotenv.ts'
import { folderOf } from '../../formats/repo/paths.ts'
import { surenessInTree } from '../../formats/secrets/proof.ts'
import { readingOf, variableName } from '../../formats/secrets/reading.ts'
import { secretOfId } from '../../formats/secrets/replaced.ts'
import { andMore } from './history-findings.ts'
import { type InTree, moveOut, whatOf } from './secret-fixes.ts'

const inDotenv = (path: string): boolean =>
  isEnvironmentFile(path.slice(path.lastIndexOf('/') + 1)) && environmentOf(path) !== 'example'

const outcomeOf = (secret: FoundSecret): 'test' | 'private-key' | 'password' | 'live' => {
  if (secret.class === 'test') return 'test'
  return secret.kind === 'private-key' || secret.kind === 'password' ? secret.kind : 'live'
}

const clean: InTree = {
  what: '',
  file: '',
  line: 0,
  variable: '',
  read: '',
  rotate: '',
  count: 0,
  more: '',
  others: [],
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

const findingsOf = (secrets: readonly FoundSecret[]) => {
  const standing = secrets
    .map(secret => ({ secret, places: secret.places.filter(({ path }) => !inDotenv(path)) }))
    .filter(({ places }) => places.length > 0)
  const clear = standing.filter(({ secret }) => secret.confidence !== 'possible')
  // An id and its secret are one pair of credentials: the secret speaks for both.
  const told = ({ secret }: Standing): boolean => secretOfId(secret, secrets) !== null
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

export default defineCheck<InTree>()({
  id: 'secret-in-tree',
  stage: 'deploy',
  on: 'repo',
  title: 'No secret stands in the code',
  why: 'Rules of our own know the shapes of some 200 providers, private keys, connections with their passwords, and names that say secret. Placeholders, manuals, tests and fixtures, encrypted values and keys that are made to be seen are told apart and are no findings.',
  impact: {
    journey: 'data',
    owner: 'Whoever gets a copy of the code can act as your company, and nobody can tell that it was not you.',
  },
  needs: ['secretsTree'],
  actions: ['deploy secrets'],
  signals: ['data-exposed'],
  checklist: { section: 'configuration', order: 6, line: 'No secret stands in the code' },
  outcomes: {
    live: blocker('{what} stands in {file}{more}', moveOut(true)),
    'private-key': blocker('A private key stands in {file}{more}', moveOut(true)),
    password: high('A {what} stands in {file}{more}', moveOut(true)),
    test: medium('{what} stands in {file}{more}', moveOut(false), {
      why: 'It opens a test account alone, but it is one copy away from the live one, and it lies with everybody who has the code.',
    }),
    clean: pass('No secret in {count} files'),
  },
  references: [
    'https://owasp.org/www-community/vulnerabilities/Use_of_hard-coded_password',
    'https://12factor.net/config',
  ],
  judge({ secretsTree: { secrets, files, publicKeys, skipped } }) {
    const found = findingsOf(secrets)
    if (found.length) return found
    if (files === 0 && skipped.large.length === 0) return skip('there is no file to read')
    const left = `${files} files; ${skipped.binary} binary and ${skipped.large.length} very large ones left out`
    const seen = publicKeys.slice(0, 10).map(({ places: [place], provider, what }) => {
      const { path, line } = place!
      return fileEvidence(path, line, `${provider} ${what}, made to be seen`)
    })
    return { outcome: 'clean', data: { ...clean, count: files }, evidence: [textEvidence('read', left), ...seen] }
  },
  examples: [
    { name: 'nothing but a publishable key', facts: {}, expect: 'clean' },
    { name: 'a Stripe key in the code', facts: { secretsTree: { secrets: [foundSecret()] } }, expect: 'live' },
  ],
})
