// Which database migrations are written for: by the names that tools and packages give it, by folders, by what only one of them understands,
// by images that are run beside the product, and by the names of environment variables.
import type { Dialect } from './model.ts'

/** The database of a folder; `other` names one whose migrations are not read. Both null: nothing says. */
export type Database = { dialect: Dialect | null; other: string | null }

export const unknownDatabase: Database = { dialect: null, other: null }

const names: readonly [RegExp, Dialect | string][] = [
  [/^postgres|^npgsql|cockroach|^pg$|^pgsql$|timescale|postgis|pgvector|^neon|supabase/, 'postgresql'],
  [/mysql|maria|singlestore|percona|trilogy|vitess/, 'mysql'],
  [/sqlite|turso|libsql|^d1$/, 'sqlite'],
  [/clickhouse/, 'ClickHouse'],
  [/sqlserver|mssql|^sqlsrv$|azure-sql/, 'SQL Server'],
  [/oracle/, 'Oracle'],
  [/mongo/, 'MongoDB'],
  [/cassandra|scylla/, 'Cassandra'],
  [/snowflake/, 'Snowflake'],
]

const isDialect = (name: string): name is Dialect => name === 'postgresql' || name === 'mysql' || name === 'sqlite'

/** The database by the name that a tool, a package or an image gives it. */
export const databaseNamed = (name: string | undefined): Database | null => {
  const found = name === undefined ? undefined : names.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1]
  if (found === undefined) return null
  return isDialect(found) ? { dialect: found, other: null } : { dialect: null, other: found }
}

/** The one dialect among several names: SQLite beside a server is that of development and tests; two servers leave it open. */
export const dialectAmong = (given: readonly string[]): Dialect | null => {
  const found = new Set(given.flatMap(name => databaseNamed(name)?.dialect ?? []))
  if (found.size > 1) found.delete('sqlite')
  return found.size === 1 ? [...found][0]! : null
}

const databaseWord =
  'postgres(?:ql)?|pg|pgsql|cockroach(?:db)?|mysql|mariadb|sqlite3?|libsql|d1|turso|clickhouse|mssql|sqlserver|oracle|mongo(?:db)?|cassandra|snowflake'
const folderWord = new RegExp(`^(?:${databaseWord})$`, 'i')
const lastWord = new RegExp(`[-_.](${databaseWord})(?:\\.up)?\\.sql$`, 'i')

/** The database by the end of a file's name, where one folder serves several: `0007-orders-sqlite.sql`, `0007_orders.postgres.up.sql`. */
export const databaseOfFile = (path: string): Database | null => databaseNamed(lastWord.exec(path)?.[1])

/** The database by a folder on the way: `store/migration/mysql/0.17`, `db/clickhouse/migrations`. */
export const databaseOfFolder = (folder: string): Database | null =>
  folder
    .split('/')
    .toReversed()
    .filter(part => folderWord.test(part))
    .map(databaseNamed)
    .find(found => found !== null) ?? null

/** What only one database understands. Comments and strings are in the text: each sign is one that neither holds by chance. */
const signs: readonly [Dialect | 'ClickHouse' | 'SQL Server', RegExp][] = [
  [
    'ClickHouse',
    /\bENGINE\s*(?:=\s*)?(?:Replicated|Shared)?\w*MergeTree\b|\bLowCardinality\(|\bON\s+CLUSTER\b|\bMATERIALIZE\s+(?:INDEX|PROJECTION)\b/i,
  ],
  ['SQL Server', /"SqlServer:\w|\bNVARCHAR\(MAX\)|\bIDENTITY\(\d+,\s*\d+\)|^GO\s*$|\bUNIQUEIDENTIFIER\b/im],
  [
    'mysql',
    /\bAUTO_INCREMENT\b|\bENGINE\s*=\s*(?:InnoDB|MyISAM)\b|\bUNSIGNED\b(?!\s*NULL)|\bMODIFY\s+(?:COLUMN\s+)?[`\w]|\bCHARACTER\s+SET\s+utf8|"MySql:\w/i,
  ],
  ['sqlite', /\bAUTOINCREMENT\b|\bPRAGMA\s+\w+|\bWITHOUT\s+ROWID\b/i],
  [
    'postgresql',
    /\b(?:BIG|SMALL)?SERIAL\b|\bJSONB\b|\bTIMESTAMPTZ\b|\bTIMESTAMP(?:\(\d\))?\s+WITH(?:OUT)?\s+TIME\s+ZONE\b|\bCONCURRENTLY\b|[\w)'"\]]::\s?["\w]|\bgen_random_uuid\b|\bBYTEA\b|\bDO\s+\$\w*\$|\bAS\s+\$\w*\$|\bCREATE\s+EXTENSION\b|\bAS\s+ENUM\b|\bALTER\s+COLUMN\s+\S+\s+(?:SET\s+DATA\s+)?TYPE\b|\bALTER\s+COLUMN\s+\S+\s+(?:SET|DROP)\s+NOT\s+NULL\b|\bNOT\s+VALID\b|\bGENERATED\s+\w+(?:\s+DEFAULT)?\s+AS\s+IDENTITY\b|\bENABLE\s+ROW\s+LEVEL\s+SECURITY\b|\bUSING\s+(?:gin|gist|btree|hash|brin)\b|\bpostgresql\b|\bplpgsql\b|"Npgsql:\w/i,
  ],
]

/** The database by the statements themselves; none where the signs of two are there. */
export const databaseOfText = (text: string): Database | null => {
  const found = signs.filter(([, sign]) => sign.test(text)).map(([name]) => name)
  const other = found.find(name => !isDialect(name))
  if (other) return { dialect: null, other }
  return found.length === 1 ? databaseNamed(found[0]) : null
}

/** Databases that a compose file, a pipeline or a dotenv file names: images, URLs and variables. */
export const databasesNamedIn = (text: string): string[] => [
  ...[
    ...text.matchAll(
      /\bjdbc:(\w+):|<artifactId>(postgresql|mysql-connector-\w+|mariadb-java-client|sqlite-jdbc)<|["'](?:org\.)?(postgresql|mysql|mariadb)(?::|\.jdbc)|@mikro-orm\/(postgresql|mysql|mariadb|sqlite|libsql)\b|Include="(?:[\w.]+\.)?(PostgreSQL|Npgsql|MySql|MySqlConnector|Sqlite|SqlServer)"/g,
    ),
  ].map(match => match.slice(1).find(name => name !== undefined) ?? ''),
  ...[...text.matchAll(/^[ \t-]*image:\s*["']?([\w./-]+)/gm)]
    .map(match => match[1]!.split('/').slice(-2).join('/'))
    .filter(image => databaseNamed(image) !== null),
  ...[...text.matchAll(/\b(postgres(?:ql)?|mysql|mariadb|sqlite|libsql)(?:\+\w+)?:\/\//g)].map(match => match[1]!),
  ...[
    ...text.matchAll(
      /^[ \t]*(?:-[ \t]*)?(?:export[ \t]+)?["']?(POSTGRES(?:QL)?|PG|MYSQL|MARIADB|SQLITE|TURSO)_?(?:URL|URI|HOST|USER|DB|DATABASE|PASSWORD)\w*["']?\s*[:=]/gm,
    ),
  ].map(match => match[1]!.toLowerCase()),
]
