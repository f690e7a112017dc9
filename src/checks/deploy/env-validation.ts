// A variable that is missing stops the program at its start, not a customer in the middle of a payment.
import { defineCheck, low, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { variable } from '../../facts/repo/env-usage.example.ts'
import { bareReads, openSecrets, type SwitchedOff, switchedOff, zodModule } from '../../formats/repo/env-validation.ts'
import { letHold, type Unchecked, writeModule } from './env-validation-fixes.ts'

const switchedOffBy = ({ schema, skipped, by }: SwitchedOff, data: Unchecked) => ({
  outcome: 'skipped-in-production' as const,
  data: {
    ...data,
    what: 'Validation of variables is switched off',
    file: `${schema.path}:${skipped.line}`,
    by: skipped.by,
  },
  evidence: [
    fileEvidence(schema.path, skipped.line, `${schema.tool}: ${skipped.by}`),
    ...(by ? [fileEvidence(by.file, by.line, `sets ${by.name}`)] : []),
  ],
})

/** The code does not show whether production sets it: what it holds where nobody did is likely in use somewhere. */
const fallingBack = (places: ReturnType<typeof openSecrets>, data: Unchecked) => ({
  outcome: 'skipped-in-production' as const,
  data: {
    ...data,
    what: `${places[0]!.name} has a public default`,
    file: `${places[0]!.path}:${places[0]!.line}`,
    open: [...new Set(places.map(({ name }) => name))],
  },
  evidence: places.slice(0, 10).map(({ path, line, name }) => fileEvidence(path, line, name)),
  confidence: 'likely' as const,
})

export default defineCheck<Unchecked>()({
  id: 'env-validation',
  stage: 'deploy',
  on: 'repo',
  title: 'The program refuses to start without its variables',
  why: 'A schema over the environment (zod, t3-env, envalid, pydantic-settings, environs), or reads that raise (os.environ[…], ENV.fetch), turn a forgotten variable into a deploy that fails. Without them it is `undefined` in the middle of a request. Validation that is switched off in production is none. A secret of your own with a value behind it in the code is worse: without the variable everybody who has read the code can sign in as anybody.',
  impact: { journey: 'operate', owner: 'A forgotten setting shows when a customer pays, not when you deploy.' },
  needs: ['envUsage'],
  actions: ['deploy env'],
  checklist: { section: 'configuration', order: 4, line: 'Missing variables stop the start' },
  outcomes: {
    'skipped-in-production': medium('{what}: {file}', letHold),
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
    const data: Unchecked = { what: '', file: '', by: '', count: needed.length, content: '', open: [] }
    const off = switchedOff(schemas, settings)
    if (off) return switchedOffBy(off, data)
    const open = openSecrets(variables, settings)
    if (open.length) return fallingBack(open, data)
    if (needed.length === 0 && schemas.length === 0) return skip('the code needs no variable')
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
      name: 'a secret of its own with a value behind it',
      facts: {
        envUsage: {
          variables: [variable('JWT_SECRET', { hasDefault: true, open: true }, { required: false })],
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
