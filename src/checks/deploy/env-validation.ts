// A variable that is missing stops the program at its start, not a customer in the middle of a payment.
import { defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual, writeFile } from '../../core/fixes.ts'
import { variable } from '../../facts/repo/env-usage.example.ts'
import { bareReads, switchedOff, zodModule } from '../../formats/repo/env-validation.ts'

type Data = { file: string; by: string; count: number; content: string }

const letHold = ({ file, by }: Data): Fix =>
  fix(
    'Let production validate its variables',
    [manual(`${file}: validation must run when the production server starts`)],
    [
      `In ${file}, let ${by} hold for linting and image builds alone, and not where the program starts.`,
      'Deploy once, and see that the start fails without a variable.',
    ],
    15,
  )

const writeModule = ({ content, count }: Data): Fix =>
  fix(
    'Read all variables in one file that fails at once',
    [
      content
        ? writeFile('src/env.ts', content)
        : manual('Validate the environment at the start, in the words of your language'),
    ],
    [
      `Write one module that reads the ${count} variables and throws, with the names, where any is missing.`,
      'Read them from there everywhere.',
    ],
    30,
  )

export default defineCheck<Data>()({
  id: 'env-validation',
  stage: 'deploy',
  on: 'repo',
  title: 'The program refuses to start without its variables',
  why: 'A schema over the environment (zod, t3-env, envalid, pydantic-settings, environs), or reads that raise (os.environ[…], ENV.fetch), turn a forgotten variable into a deploy that fails. Without them it is `undefined` in the middle of a request. Validation that is switched off in production is none.',
  impact: { journey: 'operate', owner: 'A forgotten setting shows when a customer pays, not when you deploy.' },
  needs: ['envUsage'],
  actions: ['deploy env'],
  checklist: { section: 'configuration', order: 4, line: 'Missing variables stop the start' },
  outcomes: {
    'skipped-in-production': medium('Validation of variables is switched off: {file}', letHold),
    none: low('Nothing checks the {count} variables when the program starts', writeModule),
    validated: pass('Variables are checked at the start by {by}'),
  },
  references: [
    'https://env.t3.gg',
    'https://docs.pydantic.dev/latest/concepts/pydantic_settings/',
    'https://github.com/af/envalid',
  ],
  judge({ envUsage: { variables, schemas, settings } }) {
    const needed = variables.filter(one => !one.platform && !one.browser && one.required)
    if (needed.length === 0 && schemas.length === 0) return skip('the code needs no variable')
    const data: Data = { file: '', by: '', count: needed.length, content: '' }
    const off = switchedOff(schemas, settings)
    if (off) {
      const { schema, skipped, by } = off
      const evidence = [
        fileEvidence(schema.path, skipped.line, `${schema.tool}: ${skipped.by}`),
        ...(by ? [fileEvidence(by.file, by.line, `sets ${by.name}`)] : []),
      ]
      const file = `${schema.path}:${skipped.line}`
      return { outcome: 'skipped-in-production', data: { ...data, file, by: skipped.by }, evidence }
    }
    if (schemas[0]) {
      const evidence = schemas
        .slice(0, 5)
        .map(({ path, line, tool, count }) => fileEvidence(path, line, `${tool}, ${count} variables`))
      return { outcome: 'validated', data: { ...data, by: schemas[0].tool }, evidence }
    }
    const reads = bareReads(needed)
    if (reads.count && reads.strict >= reads.count / 2) {
      const evidence = [textEvidence('reads that raise', `${reads.strict} of ${reads.count}`)]
      return { outcome: 'validated', data: { ...data, by: 'reads that raise' }, evidence }
    }
    // Two variables do not need a module of their own.
    if (needed.length < 3) return skip('the code needs fewer than three variables')
    const content = reads.typescript ? zodModule(needed.map(({ name }) => name)) : ''
    const evidence = needed
      .slice(0, 10)
      .flatMap(({ name, reads: [first] }) => (first ? [fileEvidence(first.path, first.line, name)] : []))
    return { outcome: 'none', data: { ...data, content }, evidence }
  },
  examples: [
    { name: 'a schema with zod', facts: {}, expect: 'validated' },
    {
      name: 'switched off for good',
      facts: {
        envUsage: {
          schemas: [
            {
              tool: 't3-env',
              path: 'src/env.js',
              line: 3,
              count: 4,
              skipped: { when: 'always', by: 'skipValidation: true', line: 20 },
            },
          ],
        },
      },
      expect: 'skipped-in-production',
    },
    {
      name: 'three variables, and nothing checks them',
      facts: { envUsage: { schemas: [], variables: ['A_URL', 'B_URL', 'C_URL'].map(name => variable(name)) } },
      expect: 'none',
    },
  ],
})
