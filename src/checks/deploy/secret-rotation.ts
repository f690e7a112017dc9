// The ledger: every secret that was exposed has an entry that says when it was replaced, by whom, and how one can tell.
import { defineCheck, type Evidence, skip } from '../../core/check.ts'
import type { FoundSecret } from '../../facts/repo/secrets-group.ts'
import type { SecretsHistory } from '../../facts/repo/secrets-history.ts'
import type { SecretsTree } from '../../facts/repo/secrets-tree.ts'
import { speaksOf } from '../../formats/secrets/ledger.ts'

type Data = { count: number; list: string; ledger: string; names: string[]; hashes: string[] }

const shown = (names: readonly string[]): string =>
  names.length > 1 ? `${names[0]} and ${names.length - 1} more` : names.join('')

const nameOf = ({ provider, what }: FoundSecret): string => `${provider} ${what}`

/** Secrets that stand or stood in the repository, live ones, once each. */
const exposedOf = (tree: SecretsTree, history: SecretsHistory | null): FoundSecret[] => [
  ...new Map(
    [...tree.secrets, ...(history?.secrets ?? [])]
      .filter(secret => secret.class === 'live')
      .map(secret => [secret.hash, secret] as const),
  ).values(),
]

const place = (secret: FoundSecret): Evidence => ({
  label: `${secret.places[0]!.path}:${secret.places[0]!.line}`,
  value: `${nameOf(secret)}, ${secret.masked}`,
})

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
  checklist: { section: 'configuration', order: 8, line: 'What was exposed was rotated' },
  outcomes: {
    none: {
      status: 'fail',
      severity: 'high',
      title: 'No record that what leaked was replaced: {list}',
      fix: ({ names, ledger, hashes }) => ({
        summary: `Replace ${names.length === 1 ? 'it' : 'each'}, then write it into ${ledger}`,
        steps: [
          ...names
            .slice(0, 10)
            .flatMap((name, at) => [
              `Replace the ${name}, deploy, revoke the old one.`,
              `Then: launch-ready deploy secrets --record ${hashes[at]?.slice(0, 16)} --by you@example.com --evidence "revoked in the dashboard"`,
            ]),
          'Leave an entry out as long as its secret still works: the ledger is read as a promise.',
        ],
        // An entry written by a program would be a promise that nobody made.
        changes: [{ kind: 'manual', step: `Replace each secret at its provider, then record it in ${ledger}` }],
        effortMinutes: 20 * names.length,
      }),
    },
    expired: {
      status: 'fail',
      severity: 'medium',
      title: 'Past the date set for its rotation: {list}',
      fix: ({ names, ledger }) => ({
        summary: `Replace ${names.join(', ')} and move the date on`,
        steps: ['Make a new secret, deploy, revoke the old one.', `Set rotated and expires anew in ${ledger}.`],
        changes: [{ kind: 'manual', step: `Rotate ${names.join(', ')} and write it into ${ledger}` }],
        effortMinutes: 20,
      }),
    },
    rotated: { status: 'pass', title: 'Every exposed secret has its rotation on record' },
  },
  references: ['https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html'],
  judge({ secretsTree, secretsHistory, secretLedger }, { now }) {
    const { path, rotations, problems } = secretLedger
    const exposed = exposedOf(secretsTree, secretsHistory.ok ? secretsHistory.value : null)
    if (exposed.length === 0 && rotations.length === 0 && problems.length === 0) return skip('no secret was exposed')
    const open = exposed.filter(secret => !rotations.some(rotation => speaksOf(rotation, secret.hash)))
    const late = rotations.filter(rotation => rotation.expires !== null && Date.parse(rotation.expires) < now)
    const doubts = problems.slice(0, 5).map(value => ({ label: path, value }))
    const dataOf = (names: string[]): Data => ({
      count: names.length,
      list: shown(names),
      names,
      ledger: path,
      hashes: open.map(secret => secret.hash),
    })
    const found = []
    if (open.length)
      found.push({
        outcome: 'none' as const,
        data: dataOf(open.map(nameOf)),
        evidence: [...open.slice(0, 10).map(place), ...doubts],
      })
    if (late.length) {
      const labelled = late.map(rotation => ({
        label: rotation.name ?? rotation.secret.slice(0, 8),
        value: `rotated ${rotation.rotated}, due ${rotation.expires}`,
      }))
      found.push({
        outcome: 'expired' as const,
        data: dataOf(labelled.map(item => item.label)),
        evidence: labelled.slice(0, 10),
      })
    }
    if (found.length) return found
    return {
      outcome: 'rotated',
      data: dataOf([]),
      evidence: [{ label: path, value: `${rotations.length} rotations` }, ...doubts],
    }
  },
  examples: [
    {
      name: 'an exposed key without an entry',
      facts: {
        secretLedger: { path: 'secret-rotations.yaml', exists: false, rotations: [], problems: [] },
        secretsTree: {
          secrets: [
            {
              rule: 'resend',
              provider: 'Resend',
              what: 'API key',
              class: 'live',
              kind: 'token',
              confidence: 'certain',
              masked: 're_A…9f (36 characters, sha256 1a2b3c4d)',
              hash: '1a2b3c4d',
              rotate: null,
              places: [{ path: 'mail.ts', line: 1, variable: 'key' }],
              count: 1,
            },
          ],
          publicKeys: [],
          placeholders: 0,
          documentation: 0,
          encrypted: 0,
          files: 1,
          bytes: 10,
          skipped: { binary: 0, large: [], unreadable: [] },
        },
      },
      expect: 'none',
    },
    {
      name: 'an entry for what was exposed',
      facts: {
        secretLedger: {
          path: 'secret-rotations.yaml',
          exists: true,
          rotations: [
            {
              secret: 'a'.repeat(64),
              name: 'Resend API key',
              rotated: '2026-11-01',
              by: 'Anna',
              evidence: 'revoked in the dashboard',
              expires: null,
            },
          ],
          problems: [],
        },
        secretsTree: {
          secrets: [],
          publicKeys: [],
          placeholders: 0,
          documentation: 0,
          encrypted: 0,
          files: 1,
          bytes: 10,
          skipped: { binary: 0, large: [], unreadable: [] },
        },
      },
      expect: 'rotated',
    },
  ],
})
