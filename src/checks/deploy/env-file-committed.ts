// Environment files in git: a leak when their values are secret, fine when they are public or encrypted.
import { defineCheck, type Evidence, skip, unknown } from '../../core/check.ts'
import type { EnvironmentFile } from '../../facts/repo/env-files.ts'
import { pathKind } from '../../formats/secrets/scan.ts'

type Data = { file: string; count: number; amount: string; names: string[]; gitignore: string }

const shown = (file: EnvironmentFile, classes: readonly string[]): Evidence[] =>
  file.entries
    .filter(entry => classes.includes(entry.class) && !entry.commented)
    .slice(0, 8)
    .map(entry => ({
      label: `${file.path}:${entry.line}`,
      value: `${entry.name} = ${entry.masked ?? entry.class}${entry.provider && entry.what ? `, ${entry.provider} ${entry.what}` : ''}`,
    }))

const doubtful = ['unclear', 'test-secret']

const namesOf = (file: EnvironmentFile, classes: readonly string[]): string[] => [
  ...new Set(file.entries.filter(entry => classes.includes(entry.class) && !entry.commented).map(entry => entry.name)),
]

const ignoring = (gitignore: string | null): string =>
  `${gitignore ? `${gitignore.replace(/\n*$/, '')}\n` : ''}.env\n.env.*\n!.env.example\n`

const none: Data = { file: '', count: 0, amount: '', names: [], gitignore: '' }

const at = (outcome: 'secrets' | 'unclear', file: EnvironmentFile, names: string[], gitignore: string) => ({
  outcome,
  key: file.path,
  data: {
    file: file.path,
    count: names.length,
    amount: names.length === 1 ? 'a live secret' : `${names.length} live secrets`,
    names,
    gitignore,
  },
  evidence: shown(file, outcome === 'secrets' ? ['secret', ...doubtful] : doubtful),
})

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
    secrets: {
      status: 'fail',
      severity: 'blocker',
      title: '{file} is in git and holds {amount}',
      fix: ({ file, names, gitignore }) => ({
        summary: `Replace every secret of ${file}, then take the file out of git`,
        steps: [
          `Make new values at the providers for: ${names.join(', ')}.`,
          'Set the new values where the product runs, deploy, and see that it works.',
          'Revoke the old values at the providers.',
          `Take the file out of git: git rm --cached ${file}. It stays on your disk.`,
          'Record the rotation in the ledger: launch-ready deploy secrets --record. Then purge the history if the repository was ever public.',
        ],
        changes: [
          { kind: 'manual', step: `Rotate ${names.join(', ')} at their providers, deploy, revoke the old values` },
          { kind: 'command', run: `git rm --cached -- '${file.replaceAll("'", "'\\''")}'` },
          { kind: 'file', path: '.gitignore', action: 'write', content: gitignore },
        ],
        effortMinutes: 15 + 10 * names.length,
      }),
    },
    unclear: {
      status: 'fail',
      severity: 'medium',
      title: '{file} in git holds values that may be secret',
      fix: ({ file, names, gitignore }) => ({
        summary: `Decide whether ${names.join(', ')} are secret; if so, replace them and take ${file} out of git`,
        steps: [
          `Look at ${names.join(', ')}. If a value opens nothing, leave a placeholder in its place.`,
          'If it is a key for testing or a password: make a new one, set it outside git.',
          `Then: git rm --cached ${file}.`,
        ],
        changes: [
          { kind: 'command', run: `git rm --cached -- '${file.replaceAll("'", "'\\''")}'` },
          { kind: 'file', path: '.gitignore', action: 'write', content: gitignore },
        ],
        effortMinutes: 20,
      }),
    },
    'not-ignored': {
      status: 'fail',
      severity: 'medium',
      title: 'Nothing keeps {file} out of git',
      why: 'The next `git add .` puts your passwords into the repository.',
      fix: ({ gitignore }) => ({
        summary: 'Name the environment files in .gitignore',
        steps: ['Add the lines .env, .env.* and !.env.example to .gitignore.'],
        changes: [{ kind: 'file', path: '.gitignore', action: 'write', content: gitignore }],
        effortMinutes: 2,
      }),
    },
    'public-values': { status: 'pass', title: 'Committed environment files hold public or encrypted values alone' },
    ignored: { status: 'pass', title: 'Environment files stay out of git' },
  },
  references: ['https://12factor.net/config', 'https://git-scm.com/docs/gitignore'],
  judge({ envFiles }) {
    if (envFiles.gitUnreadable) return unknown(envFiles.gitUnreadable, 'blocker')
    if (!envFiles.isGit) return skip('the folder is not a git repository')
    if (envFiles.files.length === 0) return skip('there is no environment file')
    const committed = envFiles.files.filter(
      file => file.tracked && file.environment !== 'example' && pathKind(file.path) !== 'test',
    )
    const gitignore = ignoring(envFiles.gitignore)
    const bad = committed.flatMap(file => {
      const secret = namesOf(file, ['secret'])
      const unclear = namesOf(file, doubtful)
      if (secret.length) return [at('secrets', file, secret, gitignore)]
      return unclear.length ? [at('unclear', file, unclear, gitignore)] : []
    })
    // A file that is reported already brings the lines for .gitignore with it.
    if (bad.length) return bad
    const [open] = envFiles.unprotected
    if (open !== undefined) {
      const evidence = envFiles.unprotected
        .slice(0, 5)
        .map(path => ({ label: path, value: 'no line of a .gitignore names it' }))
      return [
        {
          outcome: 'not-ignored',
          data: { ...none, file: open, count: envFiles.unprotected.length, gitignore },
          evidence,
        },
      ]
    }
    const evidence = committed.map(file => ({
      label: file.path,
      value: file.encrypted ? 'encrypted' : `${file.entries.length} values`,
    }))
    return { outcome: committed.length ? 'public-values' : 'ignored', data: none, evidence }
  },
  examples: [
    {
      name: 'a production file with a Stripe key',
      facts: {
        envFiles: {
          isGit: true,
          gitignore: 'node_modules\n',
          unprotected: ['.env'],
          unreadable: [],
          files: [
            {
              path: '.env.production',
              environment: 'production',
              tracked: true,
              ignored: false,
              encrypted: false,
              problems: [],
              entries: [
                {
                  name: 'STRIPE_SECRET_KEY',
                  line: 1,
                  class: 'secret',
                  provider: 'Stripe',
                  what: 'live secret key',
                  kind: 'token',
                  masked: 'sk_l…9f (32 characters, sha256 1a2b3c4d)',
                  hash: '1a2b3c4d5e6f7a8b',
                  secretName: true,
                  empty: false,
                  reference: false,
                  commented: false,
                  local: false,
                  on: false,
                  word: null,
                  mode: 'live',
                },
              ],
            },
          ],
        },
      },
      expect: 'secrets',
    },
    {
      name: 'only an example file, and .gitignore names the rest',
      facts: {
        envFiles: {
          isGit: true,
          gitignore: '.env*\n!.env.example\n',
          unprotected: [],
          unreadable: [],
          files: [
            {
              path: '.env.example',
              environment: 'example',
              tracked: true,
              ignored: false,
              encrypted: false,
              problems: [],
              entries: [],
            },
          ],
        },
      },
      expect: 'ignored',
    },
  ],
})
