// Every variable that the code reads is named in an example file, is set where the product runs, and every name there is still read.
import { defineCheck, type Evidence, skip } from '../../core/check.ts'
import { readByLibraries } from '../../data/platform-variables.ts'
import type { EnvironmentFiles } from '../../facts/repo/env-files.ts'
import type { EnvironmentUsageFact, ReadVariable } from '../../facts/repo/env-usage.ts'

type Data = { count: number; names: string[]; list: string; file: string; content: string; sample: string }

const place = (variable: ReadVariable): string => {
  const read = variable.reads.find(one => !one.test) ?? variable.reads[0]
  return read ? `${read.path}:${read.line}` : variable.schema ? `${variable.schema.path}:${variable.schema.line}` : ''
}

const shown = (names: readonly string[]): string =>
  names.length > 2 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ')

/** Variables that the product itself reads, in code that runs, that no platform sets. */
const ownVariables = (usage: EnvironmentUsageFact): ReadVariable[] =>
  usage.variables.filter(one => !one.platform && (one.schema !== null || one.reads.some(read => !read.test)))

/** Names that somebody wrote down: example files, committed files, the README, platform files. */
const documentedNames = (files: EnvironmentFiles, usage: EnvironmentUsageFact): Set<string> =>
  new Set([
    ...files.files
      .filter(file => file.environment === 'example' || file.tracked)
      .flatMap(file => file.entries.map(entry => entry.name)),
    ...usage.explained,
    ...usage.settings.filter(setting => setting.kind !== 'ci').map(setting => setting.name),
  ])

/** Names set for development and for production, and whether the list for production is whole. */
const setFor = (files: EnvironmentFiles, usage: EnvironmentUsageFact) => {
  const production = files.files.filter(file => file.environment === 'production')
  // A file with secrets in it is what the server gets; one with public values alone is completed by the platform.
  const whole =
    usage.complete.includes('production') ||
    production.some(
      file =>
        file.encrypted === false &&
        file.entries.some(
          entry =>
            !entry.commented &&
            (entry.class === 'secret' ||
              entry.class === 'unclear' ||
              entry.class === 'encrypted' ||
              entry.class === 'test-secret'),
        ),
    )
  const shared = files.files.filter(file => file.environment === 'default' && file.tracked)
  const names = (
    list: readonly { entries: readonly { name: string; commented: boolean; empty: boolean }[] }[],
  ): string[] =>
    list.flatMap(file => file.entries.filter(entry => !entry.commented && !entry.empty).map(entry => entry.name))
  return {
    whole,
    production: new Set([
      ...names(production),
      ...names(shared),
      ...usage.settings
        .filter(setting => setting.environment === 'production' || setting.kind === 'ci')
        .map(setting => setting.name),
    ]),
    development: new Set([
      ...names(
        files.files.filter(
          file => file.environment === 'development' || (file.environment === 'default' && !file.tracked),
        ),
      ),
      ...usage.settings.filter(setting => setting.environment === 'development').map(setting => setting.name),
    ]),
    from: [
      ...production.map(file => file.path),
      ...new Set(usage.settings.filter(setting => setting.environment === 'production').map(setting => setting.file)),
    ],
  }
}

const evidenceOf = (variables: readonly ReadVariable[]): Evidence[] =>
  variables
    .slice(0, 15)
    .map(one => ({
      label: place(one),
      value: `${one.name}${one.required ? '' : ', has a default'}${one.browser ? ', goes to the browser' : ''}`,
    }))

const lines = (variables: readonly ReadVariable[]): string =>
  variables.map(one => `${one.required ? '' : '# '}${one.name}=`).join('\n')

export default defineCheck<Data>()({
  id: 'env-inventory',
  stage: 'deploy',
  on: 'repo',
  title: 'Every variable that the code reads is written down, and set in production',
  why: 'Reads are found in the code itself (by a parser for JavaScript and TypeScript, by idiom for Python, Ruby, PHP, Go, Elixir, Rust), and held against example files, the README, compose, platform files and CI. A variable is missing in production only where the list for production is known to be whole.',
  impact: {
    journey: 'operate',
    owner: 'Setting the product up anew is guesswork: a forgotten setting shows when a customer runs into it.',
  },
  needs: ['envUsage', 'envFiles'],
  outcomes: {
    'missing-in-production': {
      status: 'fail',
      severity: 'blocker',
      title: 'Not set in production although the code needs it: {list}',
      fix: ({ names, file }) => ({
        summary: `Set ${names.join(', ')} in production`,
        steps: [
          `Add ${names.join(', ')} where production gets its settings (${file}).`,
          'Deploy, and look that the pages that read them work.',
        ],
        changes: names.map(name => ({
          kind: 'setting' as const,
          provider: file,
          path: name,
          value: 'the production value',
        })),
        effortMinutes: 10,
      }),
    },
    undocumented: {
      status: 'fail',
      severity: 'high',
      title: 'Read in the code and written down nowhere: {list}',
      fix: ({ file, content, names }) => ({
        summary: `Name ${names.length === 1 ? 'it' : 'them'} in ${file}`,
        steps: [`Add the ${names.length} lines to ${file}, with a word on where the value comes from.`],
        changes: [{ kind: 'file', path: file, action: 'patch', patch: content }],
        effortMinutes: 5 + names.length,
      }),
    },
    'no-example': {
      status: 'fail',
      severity: 'medium',
      title: 'The code reads {count} variables; no example file names them',
      fix: ({ content }) => ({
        summary: 'Write .env.example from what the code reads',
        steps: [
          'Write .env.example with the names below and no values.',
          'Say beside each where its value comes from.',
        ],
        changes: [{ kind: 'file', path: '.env.example', action: 'write', content }],
        effortMinutes: 15,
      }),
    },
    unused: {
      status: 'fail',
      severity: 'low',
      title: 'In {file} and read nowhere: {list}',
      fix: ({ names, file }) => ({
        summary: `Remove ${names.join(', ')} from ${file}`,
        steps: ['Check that no tool outside this repository reads them, then remove the lines.'],
        changes: [{ kind: 'command', run: `sed -i -E '/^(${names.join('|')})=/d' '${file}'` }],
        effortMinutes: 5,
      }),
    },
    documented: { status: 'pass', title: 'All {count} variables that the code reads are written down' },
  },
  references: ['https://12factor.net/config'],
  judge({ envUsage, envFiles }) {
    const own = ownVariables(envUsage)
    const examples = envFiles.files.filter(file => file.environment === 'example')
    if (own.length === 0 && examples.length === 0) return skip('the code reads no environment variable')
    const documented = documentedNames(envFiles, envUsage)
    const { whole, production, development, from } = setFor(envFiles, envUsage)
    const missing = whole
      ? own.filter(
          one => one.required && !production.has(one.name) && (development.has(one.name) || one.schema !== null),
        )
      : []
    const open = own.filter(one => !documented.has(one.name) && !missing.includes(one))
    const read = new Set([
      ...envUsage.variables.map(one => one.name),
      ...envUsage.mentioned,
      ...envUsage.settings.map(one => one.name),
    ])
    const idle =
      envUsage.dynamic > 5
        ? []
        : examples
            .map(file => ({
              file,
              names: file.entries
                .filter(entry => !entry.commented && !read.has(entry.name) && !readByLibraries.test(entry.name))
                .map(entry => entry.name),
            }))
            .filter(item => item.names.length > 0)
    const example = examples[0]?.path ?? '.env.example'
    const data = (names: string[], more: Partial<Data> = {}): Data => ({
      count: names.length,
      names,
      list: shown(names),
      file: example,
      content: '',
      sample: '',
      ...more,
    })
    const last = examples[0]?.entries.at(-1)?.line ?? 0
    const patch = `--- a/${example}\n+++ b/${example}\n@@ -${last},0 +${last + 1},${open.length} @@\n${lines(open).replace(/^/gm, '+')}\n`
    const found = [
      ...(missing.length
        ? [
            {
              outcome: 'missing-in-production' as const,
              data: data(
                missing.map(one => one.name),
                { file: from[0] ?? 'production' },
              ),
              evidence: [...evidenceOf(missing), { label: 'production', value: from.join(', ') }],
            },
          ]
        : []),
      ...(open.length && examples.length
        ? [
            {
              outcome: 'undocumented' as const,
              ...(open.some(one => one.required) ? {} : { severity: 'low' as const }),
              data: data(
                open.map(one => one.name),
                { content: patch },
              ),
              evidence: evidenceOf(open),
            },
          ]
        : []),
      ...(open.length && !examples.length
        ? [
            {
              outcome: 'no-example' as const,
              data: data(
                own.map(one => one.name),
                { content: `${lines(own)}\n` },
              ),
              evidence: evidenceOf(own),
            },
          ]
        : []),
      ...idle.map(({ file, names }) => ({
        outcome: 'unused' as const,
        key: file.path,
        data: data(names, { file: file.path }),
        evidence: names.slice(0, 15).map(value => ({ label: file.path, value })),
      })),
    ]
    return found.length
      ? found
      : {
          outcome: 'documented',
          data: data(own.map(one => one.name)),
          evidence: [
            {
              label: 'written down in',
              value: examples.map(file => file.path).join(', ') || 'the documentation and platform files',
            },
          ],
        }
  },
  examples: [
    {
      name: 'a variable that no example names',
      facts: {
        envFiles: {
          isGit: true,
          gitignore: null,
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
        envUsage: {
          variables: [
            {
              name: 'STRIPE_SECRET_KEY',
              reads: [{ path: 'src/pay.ts', line: 3, side: 'server', hasDefault: false, strict: true, test: false }],
              count: 1,
              browser: false,
              required: true,
              schema: null,
              platform: false,
            },
          ],
          settings: [],
          complete: [],
          schemas: [],
          mentioned: [],
          explained: [],
          dynamic: 0,
          problems: [],
        },
      },
      expect: 'undocumented',
    },
    {
      name: 'the README explains the only one',
      facts: {
        envFiles: { isGit: true, gitignore: null, unprotected: [], unreadable: [], files: [] },
        envUsage: {
          variables: [
            {
              name: 'STRIPE_SECRET_KEY',
              reads: [{ path: 'src/pay.ts', line: 3, side: 'server', hasDefault: false, strict: true, test: false }],
              count: 1,
              browser: false,
              required: true,
              schema: null,
              platform: false,
            },
          ],
          settings: [],
          complete: [],
          schemas: [],
          mentioned: [],
          explained: ['STRIPE_SECRET_KEY'],
          dynamic: 0,
          problems: [],
        },
      },
      expect: 'documented',
    },
  ],
})
