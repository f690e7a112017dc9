// Every variable that the code reads is named in an example file, is set where the product runs, and every name there is still read.
import { defineCheck, type Evidence, skip } from '../../core/check.ts'
import { readByLibraries } from '../../data/platform-variables.ts'
import type { EnvironmentFile, EnvironmentFiles } from '../../facts/repo/env-files.ts'
import type { EnvironmentUsageFact, ReadVariable } from '../../facts/repo/env-usage.ts'

type Data = { count: number; names: string[]; list: string; file: string; content: string }

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
  variables.slice(0, 15).map(one => ({
    label: place(one),
    value: `${one.name}${one.required ? '' : ', has a default'}${one.browser ? ', goes to the browser' : ''}`,
  }))

const lines = (variables: readonly ReadVariable[]): string =>
  variables.map(one => `${one.required ? '' : '# '}${one.name}=`).join('\n')

/** Names of example files that nothing in the repository reads. Where reads have names of their own making, nobody can tell. */
const idleNames = (files: EnvironmentFiles, usage: EnvironmentUsageFact): { file: string; names: string[] }[] => {
  if (usage.dynamic > 5) return []
  const read = new Set([
    ...usage.variables.map(one => one.name),
    ...usage.mentioned,
    ...usage.settings.map(one => one.name),
  ])
  const idle = (name: string): boolean => !read.has(name) && !readByLibraries.test(name)
  return files.files
    .filter(file => file.environment === 'example')
    .map(file => ({
      file: file.path,
      names: file.entries.filter(entry => !entry.commented && idle(entry.name)).map(entry => entry.name),
    }))
    .filter(item => item.names.length > 0)
}

/** A patch that adds lines to the end of a file. */
const patchOf = (file: string, last: number, variables: readonly ReadVariable[]): string =>
  `--- a/${file}\n+++ b/${file}\n@@ -${last},0 +${last + 1},${variables.length} @@\n${lines(variables).replace(/^/gm, '+')}\n`

const namesOf = (variables: readonly ReadVariable[]): string[] => variables.map(one => one.name)

const dataOf = (names: string[], file: string, content = ''): Data => ({
  count: names.length,
  names,
  list: shown(names),
  file,
  content,
})

const missingOf = (variables: readonly ReadVariable[], from: readonly string[]) => {
  if (variables.length === 0) return []
  const evidence = [...evidenceOf(variables), { label: 'production', value: from.join(', ') }]
  return [
    { outcome: 'missing-in-production' as const, data: dataOf(namesOf(variables), from[0] ?? 'production'), evidence },
  ]
}

/** Low where every one of them has a default: the product runs without. */
const undocumentedOf = (variables: readonly ReadVariable[], example: EnvironmentFile) => {
  if (variables.length === 0) return []
  const patch = patchOf(example.path, example.entries.at(-1)?.line ?? 0, variables)
  const severity = variables.some(one => one.required) ? {} : { severity: 'low' as const }
  const data = dataOf(namesOf(variables), example.path, patch)
  return [{ outcome: 'undocumented' as const, ...severity, data, evidence: evidenceOf(variables) }]
}

const noExampleOf = (open: readonly ReadVariable[], own: readonly ReadVariable[]) => {
  if (open.length === 0) return []
  const data = dataOf(namesOf(own), '.env.example', `${lines(own)}\n`)
  return [{ outcome: 'no-example' as const, data, evidence: evidenceOf(own) }]
}

const unusedOf = ({ file, names }: { file: string; names: string[] }) => ({
  outcome: 'unused' as const,
  key: file,
  data: dataOf(names, file),
  evidence: names.slice(0, 15).map(value => ({ label: file, value })),
})

export default defineCheck<Data>()({
  id: 'env-inventory',
  stage: 'deploy',
  on: 'repo',
  title: 'What the code reads is written down, and set in production',
  why: 'Reads are found in the code itself (by a parser for JavaScript and TypeScript, by idiom for Python, Ruby, PHP, Go, Elixir, Rust), and held against example files, the README, compose, platform files and CI. A variable is missing in production only where the list for production is known to be whole.',
  impact: {
    journey: 'operate',
    owner: 'Setting the product up anew is guesswork: a forgotten setting shows when a customer runs into it.',
  },
  needs: ['envUsage', 'envFiles'],
  actions: ['deploy env'],
  signals: ['deploys-by-hand'],
  checklist: {
    section: 'configuration',
    order: 1,
    line: 'Every variable is written down, and none is known to be missing in production',
  },
  outcomes: {
    'missing-in-production': {
      status: 'fail',
      severity: 'blocker',
      title: 'Not set in production, and the code needs it: {list}',
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
    // What a schema demands and nobody sets for development either may be kept where only a whole list would show it.
    const listed = envUsage.complete.includes('production') || development.size > 0
    const needed = own.filter(one => one.required && (development.has(one.name) || (listed && one.schema !== null)))
    const absent = needed.filter(one => !production.has(one.name))
    // A file that knows fewer than half of what is needed adds to settings that are kept elsewhere.
    const missing = whole && absent.length * 2 <= needed.length ? absent : []
    const open = own.filter(one => !documented.has(one.name) && !missing.includes(one))
    const [example] = examples
    const found = [
      ...missingOf(missing, from),
      ...(example ? undocumentedOf(open, example) : noExampleOf(open, own)),
      ...idleNames(envFiles, envUsage).map(unusedOf),
    ]
    if (found.length) return found
    const places = examples.map(file => file.path).join(', ') || 'the documentation and platform files'
    return {
      outcome: 'documented',
      data: dataOf(namesOf(own), ''),
      evidence: [{ label: 'written down in', value: places }],
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
