// Secrets in the files of the repository. Environment files that are in git are the business of env-file-committed.
import { blocker, defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { foundSecret } from '../../facts/repo/secrets-tree.example.ts'
import { type InTree, moveOut } from './secret-fixes.ts'
import { findingsOf, toldOfFiles } from './tree-findings.ts'

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
  wants: ['envFiles'],
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
  judge({ secretsTree: { secrets, files, publicKeys, skipped }, envFiles }) {
    const found = findingsOf(secrets, envFiles.ok ? toldOfFiles(envFiles.value) : new Set())
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
