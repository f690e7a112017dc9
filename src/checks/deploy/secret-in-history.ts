// Secrets in old versions of files: one finding a secret, with the commits between which it lay there and what is known of its rotation.
import { defineCheck, type Evidence, unknown } from '../../core/check.ts'
import type { EnvironmentFiles } from '../../facts/repo/env-files.ts'
import type { HistorySecret, SecretsHistory } from '../../facts/repo/secrets-history.ts'
import { type Rotation, speaksOf } from '../../formats/secrets/ledger.ts'

type Data = { what: string; rotate: string; hash: string; ledger: string; read: number; total: number }

const purge =
  'Only then, if the repository is or was public: purge the old versions (git filter-repo --replace-text), and ask everybody to clone anew.'

const replaced = ({ what, rotate, ledger, hash }: Data) => ({
  summary: `Replace the ${what}; deleting it from the code did not make it secret again`,
  steps: [
    `Make a new ${what}${rotate ? `: ${rotate}` : ''}.`,
    'Set it where the product runs, and deploy.',
    'Revoke the old one.',
    `Record it in ${ledger}: launch-ready deploy secrets --record ${hash.slice(0, 16)} --by you@example.com --evidence "revoked in the dashboard".`,
    purge,
  ],
  changes: [
    { kind: 'manual' as const, step: `Rotate the ${what}, deploy, revoke the old one, record it in ${ledger}` },
  ],
  effortMinutes: 30,
})

const commit = (label: string, { id, date, author, subject }: HistorySecret['first']): Evidence => ({
  label,
  value: `${id.slice(0, 10)} ${date.slice(0, 10)} ${author}: ${subject}`,
})

const whatOf = ({ provider, what }: HistorySecret): string => (/^your /.test(provider) ? what : `${provider} ${what}`)

const number = (value: number): string => value.toLocaleString('en')

/** How much was read, and what keeps it from being all. */
const coverageOf = ({ commits, versions, notes }: SecretsHistory): Evidence[] => [
  {
    label: 'read',
    value: `${number(commits.read)} of ${number(commits.total)} commits, ${number(versions.read)} versions of files${versions.missing ? `, ${number(versions.missing)} not here` : ''}`,
  },
  ...notes.map(value => ({ label: 'note', value })),
]

/** Values in environment files on this machine: start of the hash → place. */
const valuesOnDisk = (files: EnvironmentFiles | null): Map<string, string> =>
  new Map(
    (files?.files ?? []).flatMap(file =>
      file.entries.flatMap(entry => (entry.hash ? [[entry.hash, `${file.path}:${entry.line}`] as const] : [])),
    ),
  )

const evidenceOf = (
  secret: HistorySecret,
  used: string | undefined,
  rotation: Rotation | undefined,
  ledger: string,
): Evidence[] => {
  const place = secret.places[0]!
  return [
    { label: `${place.path}:${place.line}`, value: `${place.variable ? `${place.variable} = ` : ''}${secret.masked}` },
    commit('first', secret.first),
    ...(secret.last.id === secret.first.id ? [] : [commit('last', secret.last)]),
    ...(secret.removed ? [commit('removed', secret.removed)] : []),
    ...(secret.atHead
      ? [{ label: 'still there', value: 'the newest version holds it' }]
      : used
        ? [{ label: 'still used', value: used }]
        : []),
    ...(rotation ? [{ label: ledger, value: `${rotation.rotated} by ${rotation.by}: ${rotation.evidence}` }] : []),
  ]
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
    'never-rotated': {
      status: 'fail',
      severity: 'blocker',
      title: '{what} was committed and is still in use',
      fix: replaced,
    },
    unknown: {
      status: 'fail',
      severity: 'high',
      title: '{what} lies in the history; nothing says it was replaced',
      fix: replaced,
    },
    'attested-rotated': {
      status: 'fail',
      severity: 'low',
      title: '{what} lies in the history; the ledger says it was replaced',
      why: 'Somebody attested that it opens nothing any more. Only the provider can confirm it.',
      fix: ({ what }) => ({
        summary: `Confirm once that the old ${what} is refused`,
        steps: ['Run launch-ready deploy secrets --verify, or look at the provider’s list of keys.', purge],
        changes: [{ kind: 'command', run: 'launch-ready deploy secrets --verify' }],
        effortMinutes: 5,
      }),
    },
    clean: { status: 'pass', title: 'No secret in {read} of {total} commits' },
  },
  references: [
    'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository',
    'https://github.com/newren/git-filter-repo',
  ],
  judge({ secretsHistory, secretLedger, envFiles, secretsTree }) {
    const reported = new Set(secretsTree.ok ? secretsTree.value.secrets.map(secret => secret.hash) : [])
    const onDisk = valuesOnDisk(envFiles.ok ? envFiles.value : null)
    const coverage = coverageOf(secretsHistory)
    const { read, total } = secretsHistory.commits
    const base = { ledger: secretLedger.path, read, total }
    const found = secretsHistory.secrets.map(secret => {
      const rotation = secretLedger.rotations.find(one => speaksOf(one, secret.hash))
      const used = onDisk.get(secret.hash.slice(0, 16))
      const known = rotation ? ('attested-rotated' as const) : ('unknown' as const)
      return {
        outcome: secret.atHead || used ? ('never-rotated' as const) : known,
        key: secret.hash,
        // What stands in the newest version is a blocker of secret-in-tree or env-file-committed already: counted once.
        ...(secret.atHead && reported.has(secret.hash) ? { severity: 'low' as const } : {}),
        data: { ...base, what: whatOf(secret), rotate: secret.rotate ?? '', hash: secret.hash },
        evidence: [...evidenceOf(secret, used, rotation, secretLedger.path), ...coverage],
      }
    })
    if (found.length) return found
    // What was not read may hold one; what stands at HEAD was read, so it is one that was removed.
    if (secretsHistory.shallow)
      return unknown(
        'this clone is shallow, older commits are not here: git fetch --unshallow (fetch-depth: 0 in CI)',
        'high',
      )
    if (secretsHistory.versions.missing > 0)
      return unknown(
        `${number(secretsHistory.versions.missing)} versions of files are not in this clone: git fetch --refetch`,
        'high',
      )
    return { outcome: 'clean', data: { ...base, what: '', rotate: '', hash: '' }, evidence: coverage }
  },
  examples: [
    {
      name: 'a key that was deleted, and nobody says what became of it',
      facts: {
        secretLedger: { path: 'secret-rotations.yaml', exists: false, rotations: [], problems: [] },
        secretsHistory: {
          secrets: [
            {
              rule: 'sendgrid',
              provider: 'SendGrid',
              what: 'API key',
              class: 'live',
              kind: 'token',
              confidence: 'certain',
              masked: 'SG.x…9f (69 characters, sha256 1a2b3c4d)',
              hash: `1a2b3c4d${'0'.repeat(56)}`,
              rotate: null,
              places: [{ path: 'config.js', line: 3, variable: 'key' }],
              count: 1,
              first: { id: 'a'.repeat(40), date: '2026-01-02T00:00:00Z', author: 'Anna', subject: 'mail' },
              last: { id: 'a'.repeat(40), date: '2026-01-02T00:00:00Z', author: 'Anna', subject: 'mail' },
              removed: { id: 'b'.repeat(40), date: '2026-01-03T00:00:00Z', author: 'Anna', subject: 'remove key' },
              atHead: false,
            },
          ],
          commits: { read: 40, total: 40 },
          versions: { read: 90, bytes: 100_000, leftOut: 3, large: 0, missing: 0 },
          shallow: false,
          partial: false,
          notes: [],
        },
      },
      expect: 'unknown',
    },
    {
      name: 'a clean history',
      facts: {
        secretLedger: { path: 'secret-rotations.yaml', exists: false, rotations: [], problems: [] },
        secretsHistory: {
          secrets: [],
          commits: { read: 40, total: 40 },
          versions: { read: 90, bytes: 100_000, leftOut: 3, large: 0, missing: 0 },
          shallow: false,
          partial: false,
          notes: [],
        },
      },
      expect: 'clean',
    },
  ],
})
