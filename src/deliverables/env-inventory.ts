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

type Rows = Map<string, InventoryRow>

/** The row of a variable; made where there is none. */
const rowOf = (rows: Rows, name: string): InventoryRow => {
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
    explained: false,
    set: { development: [], test: [], preview: [], production: [] },
    ci: [],
  }
  rows.set(name, made)
  return made
}

const put = (row: InventoryRow, environment: EnvironmentName, place: string): void => {
  if (environment === 'example') {
    row.examples.push(place)
    return
  }
  for (const one of environments)
    if ((environment === 'default' || environment === one) && !row.set[one].includes(place)) row.set[one].push(place)
}

const addReads = (rows: Rows, { variables }: EnvironmentUsageFact): void => {
  for (const variable of variables) {
    const row = rowOf(rows, variable.name)
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
}

const secretClasses: readonly string[] = ['secret', 'test-secret', 'encrypted']

const addFiles = (rows: Rows, { files }: EnvironmentFiles): void => {
  for (const { path, environment: stated, tracked, entries } of files) {
    // A file that only this machine has says nothing of the servers.
    const environment = stated === 'default' && !tracked ? 'development' : stated
    for (const entry of entries) {
      const row = rowOf(rows, entry.name)
      if (!entry.commented || environment === 'example') put(row, environment, `${path}:${entry.line}`)
      if (secretClasses.includes(entry.class) || (entry.secretName && row.sort === 'plain')) row.sort = 'secret'
    }
  }
}

const addSettings = (rows: Rows, { settings }: EnvironmentUsageFact): void => {
  for (const { name, kind, environment, file, line, entry } of settings) {
    const row = rowOf(rows, name)
    if (kind === 'ci') row.ci.push(`${file}:${line}`)
    else put(row, environment, `${file}:${line}`)
    if (entry?.class === 'secret' || (entry === null && kind === 'ci' && row.sort === 'plain')) row.sort = 'secret'
  }
}

/** Names that hold a secret whatever stands there. */
const secretName =
  /(?:SECRET|PASSWORD|TOKEN|PRIVATE|API_KEY|_KEY|CREDENTIALS|CONNECTION_?STRING)$|(?:DATABASE|DB|POSTGRES\w*|PG|MYSQL|MARIADB|MONGO\w*|REDIS\w*|VALKEY|AMQP|RABBITMQ|BROKER|SMTP|MAILER|MAIL|CLICKHOUSE|SQLALCHEMY\w*|DIRECT|SHADOW\w*|POOL\w*)_?(?:URL|URI|DSN)$/

/** The matrix: every variable that code reads, that a file sets, or that an example names, sorted by name. */
export const inventoryRows = (files: EnvironmentFiles, usage: EnvironmentUsageFact): InventoryRow[] => {
  const rows: Rows = new Map()
  addReads(rows, usage)
  addFiles(rows, files)
  addSettings(rows, usage)
  for (const row of rows.values()) {
    row.explained = usage.explained.includes(row.name)
    if (row.sort === 'plain' && secretName.test(row.name)) row.sort = 'secret'
  }
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

/** A chapter with an empty line before it and one behind its title; nothing where it is empty. */
const titled = (title: string, lines: readonly string[]): string[] => (lines.length ? ['', title, '', ...lines] : [])

const schemaLine = ({ path, line, tool, count, skipped }: EnvironmentUsageFact['schemas'][number]): string =>
  `- ${markdownCode(`${path}:${line}`)}: ${escapeMarkdown(tool)}, ${count} variables${skipped ? `; switched off by ${markdownCode(skipped.by)}` : ''}`

/** What the code does with its environment beside reading variables by their name. */
const usageLines = ({ schemas, dynamic, problems }: EnvironmentUsageFact): string[] => [
  ...titled('## Checked at the start', schemas.map(schemaLine)),
  ...(dynamic
    ? ['', `${dynamic} reads take their name from a variable: which ones they read shows only when the program runs.`]
    : []),
  ...titled(
    '## Could not be read',
    problems.slice(0, 20).map(({ path, problem }) => `- ${markdownCode(path)}: ${escapeMarkdown(problem)}`),
  ),
]

/** Required variables that neither a committed file nor the README names. */
const unwritten = (rows: readonly InventoryRow[], { files }: EnvironmentFiles): InventoryRow[] => {
  // A committed file names a variable as well as an example does.
  const committed = new Set(files.filter(file => file.tracked).flatMap(file => file.entries.map(entry => entry.name)))
  return rows.filter(row => row.required && !committed.has(row.name) && !row.explained)
}

/** The document as text. */
export const printInventory = (
  files: EnvironmentFiles,
  usage: EnvironmentUsageFact,
  repo: string,
  now: number,
): string => {
  const rows = inventoryRows(files, usage)
  const isRead = (row: InventoryRow): boolean => row.reads.length > 0 || row.schema !== null
  const read = rows.filter(row => isRead(row) && !row.platform)
  const idle = rows.filter(row => !isRead(row) && !row.platform)
  const given = rows.filter(row => row.platform)
  const count = (sort: InventoryRow['sort']): number => read.filter(row => row.sort === sort).length
  return [
    `# Environment variables of ${escapeMarkdown(repo)}`,
    '',
    `As of ${new Date(now).toISOString().slice(0, 10)}. ${read.length} variables are read by the code, ${count('secret')} of them secret, ${count('public')} go to the browser. A dot means: nowhere in this repository; a platform's dashboard may set it all the same. No value stands here.`,
    ...titled('## Read by the code', read.length ? table(read) : ['The code reads no variable of its own.']),
    ...titled(
      '## To write down',
      unwritten(read, files).map(row => `- [ ] ${markdownCode(row.name)}: ${readCell(row)}`),
    ),
    ...titled(
      '## Set or named, and read by no line of code that was found',
      idle.length ? ['Libraries read some of these by themselves.', '', ...table(idle)] : [],
    ),
    ...titled(
      '## Set by the platform or read by tools',
      given.length ? [given.map(row => markdownCode(row.name)).join(', ')] : [],
    ),
    ...usageLines(usage),
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
