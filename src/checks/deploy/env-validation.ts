// A variable that is missing stops the program at its start, not a customer in the middle of a payment.
import { defineCheck, type Evidence, skip } from '../../core/check.ts'
import type { EnvironmentUsageFact, ReadVariable } from '../../facts/repo/env-usage.ts'

type Data = { file: string; by: string; count: number; content: string; language: string }

type Off = EnvironmentUsageFact['schemas'][number] & {
  skipped: NonNullable<EnvironmentUsageFact['schemas'][number]['skipped']>
}

/** The setting that switches a schema off where the product runs. */
const switchOf = (schema: Off, usage: EnvironmentUsageFact) =>
  usage.settings.find(
    setting =>
      setting.name === schema.skipped.by &&
      setting.environment === 'production' &&
      setting.kind !== 'ci' &&
      setting.entry?.on !== false,
  )

/** A schema that production does not hold to: always off, off by its own condition, or by a variable that is set. */
const switchedOff = (usage: EnvironmentUsageFact): Off | undefined =>
  usage.schemas
    .filter((schema): schema is Off => schema.skipped !== null)
    .find(schema => schema.skipped.when !== 'variable' || switchOf(schema, usage) !== undefined)

/** A module that reads all variables and throws where one is missing, in the words of zod. */
const moduleOf = (variables: readonly ReadVariable[]): string =>
  `import { z } from 'zod'\n\nexport const env = z\n  .object({\n${variables.map(one => `    ${one.name}: z.string().min(1),`).join('\n')}\n  })\n  .parse(process.env)\n`

const at = (path: string | undefined, line: number | undefined, value: string): Evidence => ({
  label: `${path}:${line}`,
  value,
})

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
    'skipped-in-production': {
      status: 'fail',
      severity: 'medium',
      title: 'Validation of variables is switched off: {file}',
      fix: ({ file, by }) => ({
        summary: 'Let production validate its variables',
        steps: [
          `In ${file}, let ${by} hold for linting and image builds alone, and not where the program starts.`,
          'Deploy once, and see that the start fails without a variable.',
        ],
        changes: [{ kind: 'manual', step: `${file}: validation must run when the production server starts` }],
        effortMinutes: 15,
      }),
    },
    none: {
      status: 'fail',
      severity: 'low',
      title: 'Nothing checks the {count} variables when the program starts',
      fix: ({ content, language, count }) => ({
        summary: 'Read all variables in one file that fails at once',
        steps: [
          `Write one module that reads the ${count} variables and throws, with the names, where any is missing.`,
          'Read them from there everywhere.',
        ],
        changes: content
          ? [{ kind: 'file', path: 'src/env.ts', action: 'write', content }]
          : [{ kind: 'manual', step: `Validate the environment at the start, in the words of ${language}` }],
        effortMinutes: 30,
      }),
    },
    validated: { status: 'pass', title: 'Variables are checked at the start by {by}' },
  },
  references: [
    'https://env.t3.gg',
    'https://docs.pydantic.dev/latest/concepts/pydantic_settings/',
    'https://github.com/af/envalid',
  ],
  judge({ envUsage }) {
    const needed = envUsage.variables.filter(one => !one.platform && !one.browser && one.required)
    const { schemas } = envUsage
    if (needed.length === 0 && schemas.length === 0) return skip('the code needs no variable')
    const reads = needed.flatMap(one => one.reads.filter(read => !read.test && !read.hasDefault))
    // In TypeScript `!` only silences the compiler; a read that raises is one of another language or of a helper.
    const strict = reads.filter(read => read.strict && !/\.[cm]?[jt]sx?$/.test(read.path)).length
    const data: Data = { file: '', by: '', count: needed.length, content: '', language: 'your language' }
    const off = switchedOff(envUsage)
    if (off) {
      const set = switchOf(off, envUsage)
      const evidence = [
        at(off.path, off.skipped.line, `${off.tool}: ${off.skipped.by}`),
        ...(set ? [at(set.file, set.line, `sets ${set.name}`)] : []),
      ]
      return [
        {
          outcome: 'skipped-in-production',
          data: { ...data, file: `${off.path}:${off.skipped.line}`, by: off.skipped.by },
          evidence,
        },
      ]
    }
    if (schemas[0]) {
      const evidence = schemas.slice(0, 5).map(one => at(one.path, one.line, `${one.tool}, ${one.count} variables`))
      return { outcome: 'validated', data: { ...data, by: schemas[0].tool }, evidence }
    }
    if (reads.length && strict >= reads.length / 2) {
      const evidence = [{ label: 'reads that raise', value: `${strict} of ${reads.length}` }]
      return { outcome: 'validated', data: { ...data, by: 'reads that raise' }, evidence }
    }
    // Two variables do not need a module of their own.
    if (needed.length < 3) return skip('the code needs fewer than three variables')
    const content = reads.some(read => /\.[cm]?tsx?$/.test(read.path)) ? moduleOf(needed) : ''
    const evidence = needed.slice(0, 10).map(one => at(one.reads[0]?.path, one.reads[0]?.line, one.name))
    return [{ outcome: 'none', data: { ...data, content }, evidence }]
  },
  examples: [
    {
      name: 'a schema with zod',
      facts: {
        envUsage: {
          variables: [],
          settings: [],
          complete: [],
          schemas: [{ tool: 'zod', path: 'src/env.ts', line: 3, count: 4, skipped: null }],
          mentioned: [],
          explained: [],
          dynamic: 0,
          problems: [],
        },
      },
      expect: 'validated',
    },
    {
      name: 'switched off for good',
      facts: {
        envUsage: {
          variables: [],
          settings: [],
          complete: [],
          schemas: [
            {
              tool: 't3-env',
              path: 'src/env.js',
              line: 3,
              count: 4,
              skipped: { when: 'always', by: 'skipValidation: true', line: 20 },
            },
          ],
          mentioned: [],
          explained: [],
          dynamic: 0,
          problems: [],
        },
      },
      expect: 'skipped-in-production',
    },
  ],
})
