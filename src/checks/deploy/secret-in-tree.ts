// Secrets in the files of the repository. Environment files that are in git are the business of env-file-committed.
import { blocker, defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { FoundSecret } from '../../facts/repo/secrets-group.ts'
import { foundSecret } from '../../facts/repo/secrets-tree.example.ts'
import { environmentOf, isEnvironmentFile } from '../../formats/repo/dotenv.ts'
import { readingOf, variableName } from '../../formats/secrets/reading.ts'
import { secretOfId } from '../../formats/secrets/replaced.ts'
import { type InTree, moveOut, whatOf } from './secret-fixes.ts'

const inDotenv = (path: string): boolean =>
  isEnvironmentFile(path.slice(path.lastIndexOf('/') + 1)) && environmentOf(path) !== 'example'

const outcomeOf = (secret: FoundSecret): 'test' | 'private-key' | 'password' | 'live' => {
  if (secret.class === 'test') return 'test'
  return secret.kind === 'private-key' || secret.kind === 'password' ? secret.kind : 'live'
}

const clean: InTree = { what: '', file: '', line: 0, variable: '', read: '', rotate: '', count: 0 }

/** The finding of one secret, by its places outside of dotenv files; none where there is no such place. */
const findingOf = (secret: FoundSecret, _at: number, all: readonly FoundSecret[]) => {
  const [place, ...others] = secret.places.filter(({ path }) => !inDotenv(path))
  if (!place) return []
  const { path, line } = place
  const what = whatOf(secret)
  const variable = variableName(secret.places[0]?.variable ?? `${secret.provider} ${secret.what}`)
  const read = readingOf(path, variable)
  const data = { what, file: path, line, variable, read, rotate: secret.rotate ?? '', count: secret.count }
  const evidence = [
    fileEvidence(path, line, `${what}, ${secret.masked}`),
    ...others.slice(0, 5).map(other => fileEvidence(other.path, other.line, 'the same')),
  ]
  // An id and its secret are one pair of credentials: the secret speaks for both.
  const isTold = secretOfId(secret, all) !== null ? { severity: 'low' as const } : {}
  return [{ outcome: outcomeOf(secret), key: secret.hash, confidence: secret.confidence, ...isTold, data, evidence }]
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
    live: blocker('{what} stands in {file}', moveOut(true)),
    'private-key': blocker('A private key stands in {file}', moveOut(true)),
    password: high('A {what} stands in {file}', moveOut(true)),
    test: medium('{what} stands in {file}', moveOut(false), {
      why: 'It opens a test account alone, but it is one copy away from the live one, and it lies with everybody who has the code.',
    }),
    clean: pass('No secret in {count} files'),
  },
  references: [
    'https://owasp.org/www-community/vulnerabilities/Use_of_hard-coded_password',
    'https://12factor.net/config',
  ],
  judge({ secretsTree: { secrets, files, publicKeys, skipped } }) {
    const found = secrets.flatMap(findingOf)
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
