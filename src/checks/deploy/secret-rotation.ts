// The ledger: every secret that was exposed has an entry that says when it was replaced, by whom, and how one can tell.
import { defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { FoundSecret } from '../../facts/repo/secrets-group.ts'
import type { SecretsHistory } from '../../facts/repo/secrets-history.ts'
import { foundSecret } from '../../facts/repo/secrets-tree.example.ts'
import type { SecretsTree } from '../../facts/repo/secrets-tree.ts'
import { type Rotation, speaksOf } from '../../formats/secrets/ledger.ts'
import { type InLedger, replaceEach, rotateAgain } from './secret-fixes.ts'

type Data = InLedger & { list: string }

const shown = (names: readonly string[]): string =>
  names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names.join('')
const nameOf = ({ provider, what }: FoundSecret): string => `${provider} ${what}`
const labelOf = ({ name, secret }: Rotation): string => name ?? secret.slice(0, 8)

/** Secrets that stand or stood in the repository, live ones, once each. */
const exposedOf = (tree: SecretsTree, history: SecretsHistory | null): FoundSecret[] => [
  ...new Map(
    [...tree.secrets, ...(history?.secrets ?? [])]
      .filter(secret => secret.class === 'live' && secret.confidence !== 'possible')
      .map(secret => [secret.hash, secret] as const),
  ).values(),
]

const placed = (secret: FoundSecret): Evidence => {
  const { path, line } = secret.places[0]!
  return fileEvidence(path, line, `${nameOf(secret)}, ${secret.masked}`)
}

export default defineCheck<Data>()({
  id: 'secret-rotation',
  stage: 'deploy',
  on: 'repo',
  title: 'Every exposed secret has been replaced, and the ledger says so',
  why: 'After an exposure the only question is whether the secret still opens anything. A file in the repository answers it for the next person: the hash of the secret, the date, who did it, and the evidence. An entry may carry a date at which the secret is to be replaced again.',
  impact: { journey: 'data', owner: 'Nobody can say whether the keys that leaked still open your company.' },
  needs: ['secretsTree', 'secretLedger'],
  wants: ['secretsHistory'],
  actions: ['deploy secrets'],
  signals: { 'data-exposed': ['none'] },
  checklist: { section: 'configuration', order: 8, line: 'What was exposed was rotated' },
  outcomes: {
    none: high('No record that what leaked was replaced: {list}', replaceEach),
    expired: medium('Past the date set for its rotation: {list}', rotateAgain, {
      why: 'It was to be replaced by that date, and nothing says that it was.',
    }),
    rotated: pass('Every exposed secret has its rotation on record'),
  },
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html'],
  judge({ secretsTree, secretsHistory, secretLedger }, { now }) {
    const { path, rotations, problems } = secretLedger
    const exposed = exposedOf(secretsTree, secretsHistory.ok ? secretsHistory.value : null)
    if (exposed.length === 0 && rotations.length === 0 && problems.length === 0) return skip('no secret was exposed')
    const open = exposed.filter(secret => !rotations.some(rotation => speaksOf(rotation, secret.hash)))
    const late = rotations.filter(rotation => rotation.expires !== null && Date.parse(rotation.expires) < now)
    const doubts = problems.slice(0, 5).map(problem => fileEvidence(path, undefined, problem))
    const hashes = open.map(({ hash }) => hash)
    const dataOf = (names: string[]): Data => ({ list: shown(names), names, ledger: path, hashes })
    const missing = [...open.slice(0, 10).map(placed), ...doubts]
    const due = late.slice(0, 10).map(one => textEvidence(labelOf(one), `rotated ${one.rotated}, due ${one.expires}`))
    const found = [
      ...(open.length
        ? [
            {
              outcome: 'none' as const,
              // Each has a finding of its own that counts already: told twice, one leak would be two.
              severity: 'low' as const,
              data: dataOf(open.map(nameOf)),
              evidence: missing,
            },
          ]
        : []),
      ...(late.length ? [{ outcome: 'expired' as const, data: dataOf(late.map(labelOf)), evidence: due }] : []),
    ]
    if (found.length) return found
    const evidence = [fileEvidence(path, undefined, `${rotations.length} rotations`), ...doubts]
    return { outcome: 'rotated', data: dataOf([]), evidence }
  },
  examples: [
    { name: 'a ledger with an entry', facts: {}, expect: 'rotated' },
    {
      name: 'an exposed key without an entry',
      facts: { secretsTree: { secrets: [foundSecret()] } },
      expect: 'none',
    },
  ],
})
