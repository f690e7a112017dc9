// Every variable that the code reads is named in an example file, is set where the product runs, and every name there is still read.
import { blocker, defineCheck, high, low, medium, pass, skip } from '../../core/check.ts'
import { type Evidence, fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { EnvironmentFile, EnvironmentFiles } from '../../facts/repo/env-files.ts'
import { variable } from '../../facts/repo/env-usage.example.ts'
import type { ReadVariable } from '../../facts/repo/env-usage.ts'
import {
  exampleLines,
  examplePatch,
  inventoryOf,
  isDemanded,
  listed,
  placeOf,
} from '../../formats/repo/env-inventory.ts'
import { addToExample, ignoring, removeUnused, setInProduction, writeExample } from './env-fixes.ts'

type Data = { count: number; names: string[]; list: string; file: string; content: string; gitignore: string | null }

const dataOf = (names: string[], file: string, content = '', gitignore: string | null = null): Data => ({
  gitignore,
  count: names.length,
  names,
  list: listed(names),
  file,
  content,
})

const namesOf = (variables: readonly ReadVariable[]): string[] => variables.map(({ name }) => name)

const evidenceOf = (variables: readonly ReadVariable[]): Evidence[] =>
  variables.slice(0, 15).map(one => {
    const value = `${one.name}${one.required ? '' : ', has a default'}${one.browser ? ', goes to the browser' : ''}`
    const place = placeOf(one)
    return place ? fileEvidence(place.path, place.line, value) : textEvidence('', value)
  })

const unseenManual = textEvidence('not shown here', 'whether whoever sets the product up is told of it elsewhere')

/** With a default the product runs without an undocumented one; of the others a manual that is kept elsewhere may tell. */
const severityOf = (variables: readonly ReadVariable[]): { severity: 'medium' | 'low' } => ({
  severity: variables.some(({ required }) => required) ? 'medium' : 'low',
})

/** One finding over variables; none where there are none. */
const at = (
  outcome: 'missing-in-production' | 'undocumented' | 'no-example',
  variables: readonly ReadVariable[],
  data: Data,
  more: Evidence[] = [],
) => {
  if (variables.length === 0) return []
  const evidence = [...evidenceOf(variables), ...more]
  // Without a demand in the code the product may do without it there, and what a cluster sets no file here shows.
  const isDoubtful = outcome === 'missing-in-production' && !variables.every(isDemanded)
  return [
    {
      outcome,
      ...(outcome === 'undocumented' ? severityOf(variables) : {}),
      ...(isDoubtful ? { confidence: 'possible' as const } : {}),
      data,
      evidence,
    },
  ]
}

/** Those that are written down nowhere before the others. */
const firstOf = (open: readonly ReadVariable[], own: readonly ReadVariable[]): ReadVariable[] => [
  ...open,
  ...own.filter(one => !open.includes(one)),
]

/** What to add to an example file, or to write into a new one. */
const patching = (open: readonly ReadVariable[], { path, end }: EnvironmentFile): Data =>
  dataOf(namesOf(open), path, end ? examplePatch(path, end, open) : '')
const keepsOut = /^\/?\.env(?:\*|\.\*)?$/m
const writing = (own: readonly ReadVariable[], { isGit, gitignore }: EnvironmentFiles): Data => {
  const add = isGit && !keepsOut.test(gitignore ?? '')
  return dataOf(namesOf(own), '.env.example', `${exampleLines(own)}\n`, add ? ignoring(gitignore) : null)
}

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
    'missing-in-production': blocker('Not set in production, and the code needs it: {list}', setInProduction, {
      why: 'What needs it fails for customers, or does not start.',
    }),
    undocumented: high('Read in the code and written down nowhere: {list}', addToExample),
    'no-example': medium('The code reads {count} variables; no example file names them', writeExample),
    unused: low('In {file} and read nowhere: {list}', removeUnused, {
      why: 'Whoever sets the product up anew looks for values that nothing needs.',
    }),
    documented: pass('All {count} variables that the code reads are written down'),
  },
  references: ['https://12factor.net/config'],
  judge({ envUsage, envFiles }) {
    const { files } = envFiles
    const { own, missing, undocumented, examples, idle, productionFrom } = inventoryOf(files, envUsage)
    const [example] = examples
    if (own.length === 0 && !example) return skip('the code reads no environment variable')
    const production = dataOf(namesOf(missing), productionFrom[0] ?? 'production')
    const found = [
      ...at('missing-in-production', missing, production, [textEvidence('production', productionFrom.join(', '))]),
      ...(example ? at('undocumented', undocumented, patching(undocumented, example), [unseenManual]) : []),
      ...(!example && undocumented.length ? at('no-example', firstOf(undocumented, own), writing(own, envFiles)) : []),
      ...idle.map(({ file, names }) => ({
        outcome: 'unused' as const,
        key: file,
        data: dataOf(names, file),
        evidence: names.slice(0, 15).map(name => fileEvidence(file, undefined, name)),
      })),
    ]
    if (found.length) return found
    const places = examples.map(({ path }) => path).join(', ') || 'the documentation and platform files'
    const evidence = [textEvidence('written down in', places)]
    return { outcome: 'documented', data: dataOf(namesOf(own), ''), evidence }
  },
  examples: [
    { name: 'an example file names both', facts: {}, expect: 'documented' },
    {
      name: 'a variable that no example names',
      facts: {
        envUsage: { variables: [variable('STRIPE_SECRET_KEY')], mentioned: ['DATABASE_URL', 'NEXT_PUBLIC_APP_URL'] },
      },
      expect: 'undocumented',
    },
  ],
})
