// Environment files in git: a leak when their values are secret, fine when they are public or encrypted.
import { blocker, defineCheck, medium, pass, skip, unknown } from '../../core/check.ts'
import { fileEvidence } from '../../core/evidence.ts'
import type { EnvironmentEntry } from '../../facts/repo/env-entry.ts'
import { committed, example, secretEntry } from '../../facts/repo/env-files.example.ts'
import type { EnvironmentFile } from '../../facts/repo/env-files.ts'
import type { Hosted } from '../../facts/repo/hosted.ts'
import { entriesOf, exampleOf, repeatedLeaks, withoutPublic } from '../../formats/repo/env-committed.ts'
import { sureOfSecrets } from '../../formats/repo/env-sureness.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { decide, ignore, ignoring, replaceSecrets } from './env-fixes.ts'
import { andMore } from './history-findings.ts'

type Data = {
  file: string
  amount: string
  names: string[]
  gitignore: string
  example: { path: string; content: string } | null
  /** How many other files the finding speaks for, in words, and which. */
  more: string
  others: string[]
}

const doubtful = ['unclear', 'test-secret']
const namesOf = (file: EnvironmentFile, classes: readonly string[]): string[] => [
  ...new Set(entriesOf(file, classes).map(({ name }) => name)),
]

const describe = ({ name, masked, class: kind, provider, what }: EnvironmentEntry): string =>
  `${name} = ${masked ?? kind}${provider && what ? `, ${provider} ${what}` : ''}`

const dataOf = (file: string, names: string[], gitignore: string, example: Data['example'] = null): Data => ({
  example,
  file,
  names,
  amount: names.length === 1 ? 'a live secret' : `${names.length} live secrets`,
  gitignore,
  more: '',
  others: [],
})

type Faulty = { file: EnvironmentFile; names: string[]; gitignore: string; hasExample: boolean; hosted: Hosted | null }
const at = (outcome: 'secrets' | 'unclear', { file, names, gitignore, hasExample, hosted }: Faulty) => ({
  outcome,
  key: file.path,
  ...(outcome === 'secrets' ? { confidence: sureOfSecrets(file, hosted !== null) ?? 'likely' } : {}),
  data: dataOf(file.path, names, gitignore, hasExample ? null : exampleOf(file)),
  evidence: [
    ...entriesOf(file, outcome === 'secrets' ? ['secret', ...doubtful] : doubtful)
      .slice(0, 8)
      .map(entry => fileEvidence(file.path, entry.line, describe(entry))),
    ...(hosted ? [fileEvidence(hosted.file, hosted.line, 'tells others how to run it themselves')] : []),
  ],
})

/** Files of values that may be secret are one question, however many there are. */
const oneQuestion = (files: readonly Faulty[]) => {
  const [first, ...others] = files.map(file => at('unclear', file))
  if (!first || others.length === 0) return first ? [first] : []
  const named = { more: andMore(others.length), others: others.map(({ key }) => key) }
  const evidence = [first, ...others].flatMap(one => one.evidence.slice(0, 4)).slice(0, 24)
  return [{ ...first, key: 'unclear', data: { ...first.data, ...named }, evidence }]
}

export default defineCheck<Data>()({
  id: 'env-file-committed',
  stage: 'deploy',
  on: 'repo',
  title: 'No environment file with secrets is in git',
  why: 'What is committed is copied to every clone, fork, build log and laptop, and stays in the history after it is deleted. The class of the values decides: a committed file of public or encrypted values is no leak, and an example file is none.',
  impact: {
    journey: 'data',
    owner: 'Whoever sees the code can act as your company: read the database, send mail, take payments.',
  },
  needs: ['envFiles'],
  actions: ['deploy secrets', 'deploy env'],
  signals: ['data-exposed'],
  checklist: { section: 'configuration', order: 5, line: 'No environment file with secrets is in git' },
  outcomes: {
    secrets: blocker('{file} is in git and holds {amount}', replaceSecrets),
    unclear: medium('{file}{more} in git holds values that may be secret', decide, {
      why: 'If they are secrets, everybody who sees the code has them.',
    }),
    'not-ignored': medium('Nothing keeps {file} out of git', ignore, {
      why: 'The next `git add .` puts your passwords into the repository.',
    }),
    'public-values': pass('Committed environment files hold public or encrypted values alone'),
    ignored: pass('Environment files stay out of git'),
  },
  references: ['https://12factor.net/config', 'https://git-scm.com/docs/gitignore'],
  judge({ envFiles }) {
    if (envFiles.gitUnreadable) return unknown(envFiles.gitUnreadable, 'blocker')
    if (!envFiles.isGit) return skip('the folder is not a git repository')
    if (envFiles.files.length === 0) return skip('there is no environment file')
    const tracked = envFiles.files
      .filter(file => file.tracked && file.environment !== 'example' && pathKind(file.path) !== 'test')
      .map(withoutPublic)
    const gitignore = ignoring(envFiles.gitignore)
    const { hosted } = envFiles
    const hasExample = envFiles.files.some(({ environment }) => environment === 'example')
    const found = (classes: readonly string[]): Faulty[] =>
      tracked
        .map(file => ({ file, names: namesOf(file, classes), gitignore, hasExample, hosted }))
        .filter(({ names }) => names.length > 0)
    const secret = found(['secret'])
    const unclear = found(doubtful).filter(({ file }) => !secret.some(one => one.file === file))
    const repeated = repeatedLeaks(secret.map(({ file }) => file))
    const leaks = secret.map(one => ({
      ...at('secrets', one),
      ...(repeated.has(one.file) ? { severity: 'low' as const } : {}),
    }))
    const bad = [...leaks, ...oneQuestion(unclear)]
    // A file that is reported already brings the lines for .gitignore with it.
    if (bad.length) return bad
    const [open] = envFiles.unprotected
    if (open !== undefined) {
      const evidence = envFiles.unprotected
        .slice(0, 5)
        .map(path => fileEvidence(path, undefined, 'no line of a .gitignore names it'))
      return { outcome: 'not-ignored', data: dataOf(open, [], gitignore), evidence }
    }
    const shown = ({ path, encrypted, entries, ignored }: EnvironmentFile) =>
      fileEvidence(path, undefined, encrypted ? 'encrypted' : ignored ? 'ignored' : `${entries.length} values`)
    if (tracked.length) return { outcome: 'public-values', data: dataOf('', [], ''), evidence: tracked.map(shown) }
    return { outcome: 'ignored', data: dataOf('', [], ''), evidence: envFiles.files.slice(0, 8).map(shown) }
  },
  examples: [
    { name: 'only an example file is in git', facts: {}, expect: 'ignored' },
    {
      name: 'a production file with a Stripe key',
      facts: {
        envFiles: {
          files: [
            ...example.files,
            committed('.env.live', 'production', [secretEntry('STRIPE_SECRET_KEY', { proof: 'shape' })]),
          ],
        },
      },
      expect: 'secrets',
    },
    { name: 'no line of .gitignore', facts: { envFiles: { unprotected: ['.env'] } }, expect: 'not-ignored' },
  ],
})
