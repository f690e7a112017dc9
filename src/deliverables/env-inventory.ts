// env-inventory.md: every environment variable, where code reads it, where it is written down, and where it is set, per environment.
import type { EnvironmentFiles } from '../facts/repo/env-files.ts'
import type { EnvironmentUsageFact } from '../facts/repo/env-usage.ts'
import type { EnvironmentName } from '../formats/repo/dotenv.ts'
import { escapeMarkdown, markdownCode } from '../report/shared/escape.ts'
import { type DeliverableInput, type Document, factOf } from './deliverable.ts'

export const environments = ['development', 'test', 'preview', 'production'] as const

/** One line of the matrix. Cells name the files; nothing of a value is in them. */
export type InventoryRow = {
  name: string
  /** `secret`, `public` (goes to the browser), or `plain`. */
  sort: 'secret' | 'public' | 'plain'
  reads: { place: string; side: 'server' | 'browser'; hasDefault: boolean }[]
  readCount: number
  required: boolean
  platform: boolean
  schema: string | null
  examples: string[]
  explained: boolean
  /** Per environment the places that set it. Files that hold for all stand in each. */
  set: Record<(typeof environments)[number], string[]>
  ci: string[]
}

/** The matrix: every variable that code reads, that a file sets, or that an example names, sorted by name. */
export const inventoryRows = (files: EnvironmentFiles, usage: EnvironmentUsageFact): InventoryRow[] => {
  const rows = new Map<string, InventoryRow>()
  const rowOf = (name: string): InventoryRow => {
    const known = rows.get(name)
    if (known) return known
    const made: InventoryRow = {
      name,
      sort: 'plain',
      reads: [],
      readCount: 0,
      required: false,
      platform: false,
      schema: null,
      examples: [],
      explained: usage.explained.includes(name),
      set: { development: [], test: [], preview: [], production: [] },
      ci: [],
    }
    rows.set(name, made)
    return made
  }
  const put = (row: InventoryRow, environment: EnvironmentName, place: string): void => {
    if (environment === 'example') row.examples.push(place)
    else
      for (const one of environments)
        if ((environment === 'default' || environment === one) && !row.set[one].includes(place))
          row.set[one].push(place)
  }
  for (const variable of usage.variables) {
    const row = rowOf(variable.name)
    const own = variable.reads.filter(read => !read.test)
    row.reads = (own.length ? own : variable.reads).map(({ path, line, side, hasDefault }) => ({
      place: `${path}:${line}`,
      side,
      hasDefault,
    }))
    row.readCount = variable.count
    row.required = variable.required
    row.platform = variable.platform
    row.schema = variable.schema ? `${variable.schema.path}:${variable.schema.line}` : null
    if (variable.browser) row.sort = 'public'
  }
  for (const file of files.files)
    for (const entry of file.entries) {
      const row = rowOf(entry.name)
      // A file that only this machine has says nothing of the servers.
      const environment = file.environment === 'default' && !file.tracked ? 'development' : file.environment
      if (!entry.commented || environment === 'example') put(row, environment, `${file.path}:${entry.line}`)
      if (
        entry.class === 'secret' ||
        entry.class === 'test-secret' ||
        entry.class === 'encrypted' ||
        (entry.secretName && row.sort === 'plain')
      )
        row.sort = 'secret'
    }
  for (const setting of usage.settings) {
    const row = rowOf(setting.name)
    if (setting.kind === 'ci') row.ci.push(`${setting.file}:${setting.line}`)
    else put(row, setting.environment, `${setting.file}:${setting.line}`)
    if (setting.entry?.class === 'secret' || (setting.entry === null && setting.kind === 'ci' && row.sort === 'plain'))
      row.sort = 'secret'
  }
  for (const row of rows.values())
    if (
      row.sort === 'plain' &&
      /(?:SECRET|PASSWORD|TOKEN|PRIVATE|API_KEY|_KEY|DATABASE_URL|CREDENTIALS)$/.test(row.name)
    )
      row.sort = 'secret'
  return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

const code = (text: string): string => markdownCode(text, { inTable: true })

const few = (places: readonly string[], most = 2): string =>
  places.length === 0
    ? '·'
    : places.slice(0, most).map(code).join('<br>') +
      (places.length > most ? `<br>and ${places.length - most} more` : '')

const readCell = (row: InventoryRow): string => {
  if (row.reads.length === 0) return row.schema ? `schema ${code(row.schema)}` : '·'
  const [first] = row.reads
  const more = row.readCount > 1 ? ` and ${row.readCount - 1} more` : ''
  return `${code(first!.place)}${more}, ${row.reads.some(read => read.side === 'browser') ? 'browser' : 'server'}${row.required ? '' : ', default'}${row.schema ? ', in the schema' : ''}`
}

const table = (rows: readonly InventoryRow[]): string[] => [
  `| variable | sort | read | written down | ${environments.join(' | ')} | CI |`,
  `| --- | --- | --- | --- | ${environments.map(() => '---').join(' | ')} | --- |`,
  ...rows.map(
    row =>
      `| ${code(row.name)} | ${row.sort} | ${readCell(row)} | ${row.examples.length ? few(row.examples, 1) : row.explained ? 'README' : '·'} | ${environments.map(environment => few(row.set[environment], 1)).join(' | ')} | ${few(row.ci, 1)} |`,
  ),
]

/** The document as text. */
export const printInventory = (
  files: EnvironmentFiles,
  usage: EnvironmentUsageFact,
  repo: string,
  now: number,
): string => {
  const rows = inventoryRows(files, usage)
  const read = rows.filter(row => (row.reads.length > 0 || row.schema) && !row.platform)
  const idle = rows.filter(row => row.reads.length === 0 && !row.schema && !row.platform)
  const given = rows.filter(row => row.platform)
  // A committed file names a variable as well as an example does.
  const committed = new Set(
    files.files.filter(file => file.tracked).flatMap(file => file.entries.map(entry => entry.name)),
  )
  const open = read.filter(row => row.required && !committed.has(row.name) && !row.explained)
  return [
    `# Environment variables of ${escapeMarkdown(repo)}`,
    '',
    `As of ${new Date(now).toISOString().slice(0, 10)}. ${read.length} variables are read by the code, ${read.filter(row => row.sort === 'secret').length} of them secret, ${read.filter(row => row.sort === 'public').length} go to the browser. A dot means: nowhere in this repository; a platform's dashboard may set it all the same. No value stands here.`,
    '',
    '## Read by the code',
    '',
    ...(read.length ? table(read) : ['The code reads no variable of its own.']),
    ...(open.length
      ? ['', '## To write down', '', ...open.map(row => `- [ ] ${markdownCode(row.name)}: ${readCell(row)}`)]
      : []),
    ...(idle.length
      ? [
          '',
          '## Set or named, and read by no line of code that was found',
          '',
          'Libraries read some of these by themselves.',
          '',
          ...table(idle),
        ]
      : []),
    ...(given.length
      ? ['', '## Set by the platform or read by tools', '', given.map(row => markdownCode(row.name)).join(', ')]
      : []),
    ...(usage.schemas.length
      ? [
          '',
          '## Checked at the start',
          '',
          ...usage.schemas.map(
            schema =>
              `- ${markdownCode(`${schema.path}:${schema.line}`)}: ${escapeMarkdown(schema.tool)}, ${schema.count} variables${schema.skipped ? `; switched off by ${markdownCode(schema.skipped.by)}` : ''}`,
          ),
        ]
      : []),
    ...(usage.dynamic
      ? [
          '',
          `${usage.dynamic} reads take their name from a variable: which ones they read shows only when the program runs.`,
        ]
      : []),
    ...(usage.problems.length
      ? [
          '',
          '## Could not be read',
          '',
          ...usage.problems
            .slice(0, 20)
            .map(({ path, problem }) => `- ${markdownCode(path)}: ${escapeMarkdown(problem)}`),
        ]
      : []),
    '',
  ].join('\n')
}

/** `env-inventory.md` of the stage deploy; nothing where the facts were not collected. */
export const environmentInventory = ({ facts, target, now }: DeliverableInput): Document[] => {
  const files = factOf(facts, 'envFiles')
  const usage = factOf(facts, 'envUsage')
  if (!files?.ok || !usage?.ok) return []
  return [
    {
      path: 'env-inventory.md',
      content: printInventory(files.value, usage.value, target.repo?.split(/[\\/]/).at(-1) ?? 'the repository', now),
    },
  ]
}
