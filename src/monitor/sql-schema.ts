// Tables of the store, by version. A version that stands here is never changed: the next one is added below.
import { type SqlDriver, StoreError } from './sql.ts'

/** BYTES, SERIAL and LONG stand for what each database calls them. */
const versions: readonly (readonly string[])[] = [
  [
    `CREATE TABLE monitor (id SERIAL, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, target TEXT NOT NULL, interval_ms LONG NOT NULL,
      expects TEXT NOT NULL, since LONG NOT NULL, retired LONG)`,
    'CREATE TABLE state (monitor TEXT PRIMARY KEY, body TEXT NOT NULL)',
    // By time first: what is written in one minute lies side by side.
    'CREATE TABLE raw (at LONG NOT NULL, monitor LONG NOT NULL, looks BYTES NOT NULL, PRIMARY KEY (at, monitor)) FLAT',
    ...['hour', 'day'].map(
      name => `CREATE TABLE rollup_${name} (at LONG NOT NULL, monitor LONG NOT NULL, up LONG NOT NULL, degraded LONG NOT NULL,
      down LONG NOT NULL, unknown LONG NOT NULL, maintenance LONG NOT NULL, looks LONG NOT NULL, latency BYTES NOT NULL,
      PRIMARY KEY (at, monitor)) FLAT`,
    ),
    `CREATE TABLE incident (id TEXT PRIMARY KEY, opened_at LONG NOT NULL, resolved_at LONG, acknowledged_at LONG, acknowledged_by TEXT,
      names TEXT NOT NULL, body TEXT NOT NULL)`,
    'CREATE INDEX incident_opened ON incident (opened_at)',
    `CREATE TABLE message (number SERIAL, id TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, body TEXT NOT NULL, created_at LONG NOT NULL,
      due_at LONG NOT NULL, status TEXT NOT NULL, delivered_at LONG)`,
    'CREATE INDEX message_waiting ON message (status, number)',
    'CREATE INDEX message_created ON message (created_at)',
    'CREATE TABLE attempt (number SERIAL, message TEXT NOT NULL, at LONG NOT NULL, ok LONG NOT NULL, answer TEXT NOT NULL, ms LONG NOT NULL)',
    'CREATE INDEX attempt_message ON attempt (message)',
    'CREATE TABLE event (id TEXT PRIMARY KEY, at LONG NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL)',
    'CREATE INDEX event_at ON event (at)',
    'CREATE TABLE maintenance (id TEXT PRIMARY KEY, from_at LONG NOT NULL, to_at LONG NOT NULL, monitors TEXT, note TEXT NOT NULL)',
    'CREATE TABLE beat (name TEXT PRIMARY KEY, at LONG NOT NULL, ok LONG NOT NULL, count LONG NOT NULL, last_ok_at LONG)',
    `CREATE TABLE proof (nonce TEXT PRIMARY KEY, channel TEXT NOT NULL, sent_at LONG NOT NULL, accepted_at LONG, answer TEXT, seen_at LONG,
      seen_by TEXT)`,
    `CREATE TABLE watcher (one LONG PRIMARY KEY, id TEXT NOT NULL, pid LONG NOT NULL, host TEXT NOT NULL, started_at LONG NOT NULL,
      beat_at LONG NOT NULL)`,
  ],
  // Whom a message is still to reach that some have already, and how often it was refused for good.
  ['CREATE TABLE standing (message TEXT PRIMARY KEY, people TEXT NOT NULL, refusals LONG NOT NULL)'],
]

const words = {
  sqlite: { SERIAL: 'INTEGER PRIMARY KEY AUTOINCREMENT', BYTES: 'BLOB', LONG: 'INTEGER', FLAT: 'WITHOUT ROWID' },
  postgres: {
    SERIAL: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
    BYTES: 'BYTEA',
    LONG: 'BIGINT',
    FLAT: '',
  },
} as const

const written = (statement: string, kind: SqlDriver['kind']): string =>
  statement.replace(/\b(?:SERIAL|BYTES|LONG|FLAT)\b/g, word => words[kind][word as 'LONG'])

const versionTable = 'launch_ready_version (version INTEGER PRIMARY KEY, at TEXT)'

const folded = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** An entry of a file's schema, as SQLite keeps it. */
export type SchemaEntry = { type: string; name: string; sql: string | null }

/**
 * What a file of SQLite holds that this program did not make, in words; null where all is ours. Reading a view or a column that is worked
 * out runs what somebody else wrote.
 */
export const foreignIn = (entries: readonly SchemaEntry[]): string | null => {
  const ours = new Map(
    [`CREATE TABLE ${versionTable}`, ...versions.flat().map(statement => written(statement, 'sqlite'))].map(text => [
      text.split(' ')[2]!,
      folded(text),
    ]),
  )
  if (entries.length > 0 && !entries.some(({ name }) => name === 'launch_ready_version'))
    return 'the tables of another program'
  const foreign = entries.find(
    ({ type, name, sql }) => type === 'trigger' || (ours.has(name) && folded(sql ?? '') !== ours.get(name)),
  )
  return foreign ? `a ${foreign.type} ${foreign.name.slice(0, 60)} that launch-ready did not make` : null
}

/** Brings the store to the newest version, one transaction each. A newer store than this program knows is left alone. */
export const migrate = async (driver: SqlDriver): Promise<void> => {
  await driver.transaction(sql => sql.run(`CREATE TABLE IF NOT EXISTS ${versionTable}`))
  const versionNow = async (): Promise<number> => {
    const rows = await driver.read(sql => sql.all('SELECT MAX(version) AS version FROM launch_ready_version'))
    return Number(rows[0]?.['version'] ?? 0)
  }
  const found = await versionNow()
  if (found > versions.length)
    throw new StoreError(
      'newer',
      `${driver.where} was written by a newer launch-ready (version ${found} of the store; this one knows ${versions.length}).`,
    )
  for (let version = found + 1; version <= versions.length; version++)
    await driver.transaction(async sql => {
      // Another program may have been quicker.
      const rows = await sql.all('SELECT version FROM launch_ready_version WHERE version = ?', version)
      if (rows.length) return
      for (const statement of versions[version - 1]!) await sql.run(written(statement, driver.kind))
      await sql.run('INSERT INTO launch_ready_version (version) VALUES (?)', version)
    })
}
