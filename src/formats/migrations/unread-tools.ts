// Tools whose migrations are programs that nothing here reads, by where they keep them and how a file of theirs begins. They are named, so
// that nobody takes silence for "safe".

export type UnreadTool = { name: string; path: RegExp; text: RegExp }

export const unreadTools: readonly UnreadTool[] = [
  {
    name: 'Flyway (Java)',
    path: /(?:^|\/)migrations?\/(?:.*\/)?[VR]\d*[\w.]*__\w+\.(?:java|kt)$/,
    text: /BaseJavaMigration|JavaMigration/,
  },
  { name: 'AdonisJS', path: /(?:^|\/)database\/migrations\/[^/]+\.ts$/, text: /\bBaseSchema\b/ },
  { name: 'Kysely', path: /(?:^|\/)migrations?\/[^/]+\.[cm]?[jt]s$/, text: /\bKysely</ },
  { name: 'node-pg-migrate', path: /(?:^|\/)migrations?\/[^/]+\.[cm]?[jt]s$/, text: /\bpgm\s*[.:)]/ },
  { name: 'Payload', path: /(?:^|\/)migrations?\/[^/]+\.ts$/, text: /@payloadcms\/db-/ },
  {
    name: 'umzug',
    path: /(?:^|\/)migrations?\/[^/]+\.[cm]?[jt]s$/,
    text: /\bfrom\s*['"]umzug['"]|\brequire\(['"]umzug['"]\)|\bMigrationFn\b/,
  },
  { name: 'Sequel', path: /(?:^|\/)(?:db\/)?(?:migrate|migrations)\/[^/]+\.rb$/, text: /\bSequel\.migration\b/ },
  { name: 'SeaORM', path: /(?:^|\/)m\d+_\w+\.rs$/, text: /MigrationTrait/ },
  { name: 'Phinx', path: /(?:^|\/)migrations\/\d+_\w+\.php$/, text: /\bAbstractMigration\b/ },
  {
    name: 'Aerich',
    path: /(?:^|\/)migrations\/(?:\w+\/)?\d+_\w+\.py$/,
    text: /async def upgrade\(db: BaseDBAsyncClient\)/,
  },
  { name: 'Piccolo', path: /(?:^|\/)piccolo_migrations\/\w+\.py$/, text: /MigrationManager/ },
]

/** Characters at the end of a path that tell. */
const longestPath = 300

const isAt = ({ path }: UnreadTool, file: string): boolean => path.test(file.slice(-longestPath))

/** Files that may be a migration of one of these: a bound on what is opened. */
export const mayBeUnread = (file: string): boolean =>
  /migrat|(?:^|\/)m\d+_/i.test(file) && unreadTools.some(tool => isAt(tool, file))

/** The tool that a file is of, by its path and its text (asked for where the path fits); `known` are passed over. */
export const unreadToolOf = (file: string, textOf: () => string, known: ReadonlySet<string>): UnreadTool | null =>
  unreadTools.find(tool => !known.has(tool.name) && isAt(tool, file) && tool.text.test(textOf())) ?? null
