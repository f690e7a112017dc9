// The store in one file: node:sqlite in WAL mode, so that dashboards read while the watcher writes.
import { existsSync, lstatSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import pLimit from 'p-limit'
import { type Sql, type SqlDriver, StoreError, type StoreFault } from './sql.ts'
import { foreignIn, type SchemaEntry } from './sql-schema.ts'

export type SqliteOptions = {
  /** For the one who watches: takes the lock, and starts anew where the file cannot be read. */
  watches: boolean
  /** Told what was done to a file that could not be read. */
  say: (line: string) => void
  /** ISO 8601, for the name of a file that is kept aside. */
  now: () => string
}

/** Files up to this size are read through when they are opened. */
const mostChecked = 256 * 1024 * 1024
/** Milliseconds that a statement waits for another program. It blocks ours: who watches waits less once it is at work. */
const waitMs = 5_000
const waitAtWorkMs = 200
const waitForLockMs = 200

const faultOf = (error: unknown): StoreFault => {
  // What was written as JSON and is none any more: pages were overwritten.
  if (error instanceof SyntaxError) return 'corrupt'
  const code = (error as { errcode?: number }).errcode ?? 0
  const primary = code & 255
  if (primary === 11 || primary === 26) return 'corrupt'
  if (primary === 13) return 'full'
  if (primary === 5 || primary === 6) return 'locked'
  // Full disks also show as failed writes.
  if (primary === 10) return 'full'
  return 'other'
}

const saying: Record<StoreFault, string> = {
  corrupt: 'is damaged',
  full: 'cannot be written: the disk is full or refuses writes',
  locked: 'is locked by another program',
  unreachable: 'cannot be reached',
  newer: 'is of a newer version',
  other: 'cannot be used',
}

const errorOf = (path: string, error: unknown): StoreError => {
  if (error instanceof StoreError) return error
  const fault = faultOf(error)
  return new StoreError(fault, `${path} ${saying[fault]} (${(error as Error).message}).`)
}

type Module = { DatabaseSync: typeof DatabaseSync }

/** Some versions of Node announce node:sqlite as an experiment at every start: nothing a user can act on. */
const loadSqlite = async (): Promise<Module> => (await import('node:sqlite')) as Module

/** A link in a repository may lead to any database of whoever looks at it. */
const refuseLink = (path: string): void => {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink())
    throw new StoreError('other', `${path} is a link; name the file that it leads to.`)
}

const openFile = ({ DatabaseSync }: Module, path: string): DatabaseSync => {
  refuseLink(path)
  const database = new DatabaseSync(path, { timeout: waitMs })
  try {
    // Before anything is written to it, or worked out by what stands in it.
    database.exec('PRAGMA trusted_schema = OFF')
    const entries = database.prepare(
      'SELECT type, name, sql FROM sqlite_master WHERE substr(name, 1, 7) <> ? LIMIT 1000',
    )
    const foreign = foreignIn(entries.all('sqlite_') as SchemaEntry[])
    if (foreign !== null) throw new StoreError('other', `${path} holds ${foreign}; it is not used.`)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 16777216')
    const small = path === ':memory:' || statSync(path).size <= mostChecked
    const verdict = small ? (database.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string }) : null
    if (verdict && verdict.quick_check !== 'ok')
      throw new StoreError('corrupt', `${path} is damaged (${verdict.quick_check?.replace(/\s+/g, ' ')}).`)
    database.prepare('SELECT COUNT(*) FROM sqlite_master').get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Held until the program ends, however it ends: the system gives it back. */
const takeLock = ({ DatabaseSync }: Module, path: string): DatabaseSync | null => {
  refuseLink(`${path}.lock`)
  const lock = new DatabaseSync(`${path}.lock`, { timeout: waitForLockMs })
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
    return lock
  } catch {
    lock.close()
    return null
  }
}

const keepAside = (path: string, now: string): string => {
  const stem = `${path}.damaged-${now.replace(/[:.]/g, '-')}`
  let aside = stem
  for (let number = 2; existsSync(aside); number++) aside = `${stem}-${number}`
  for (const end of ['', '-wal', '-shm']) if (existsSync(`${path}${end}`)) renameSync(`${path}${end}`, `${aside}${end}`)
  return aside
}

const openOrReplace = (
  module: Module,
  path: string,
  mayReplace: boolean,
  { say, now }: SqliteOptions,
): DatabaseSync => {
  try {
    return openFile(module, path)
  } catch (error) {
    const fault = errorOf(path, error)
    if (fault.fault !== 'corrupt' || !mayReplace) throw fault
    const aside = keepAside(path, now())
    say(`${fault.message} It is kept as ${aside}, and a new one is begun: what was recorded before is only in there.`)
    return openFile(module, path)
  }
}

/** Opens a file, or `:memory:`. Throws StoreError. */
export const openSqlite = async (path: string, options: SqliteOptions): Promise<SqlDriver> => {
  const module = await loadSqlite()
  const isFile = path !== ':memory:'
  let database: DatabaseSync
  let lock: DatabaseSync | null = null
  try {
    if (isFile) mkdirSync(dirname(path), { recursive: true })
    lock = isFile && options.watches ? takeLock(module, path) : null
    database = openOrReplace(module, path, lock !== null, options)
  } catch (error) {
    lock?.close()
    throw errorOf(path, error)
  }
  const prepared = new Map<string, StatementSync>()
  const statement = (text: string): StatementSync => {
    let found = prepared.get(text)
    if (!found) {
      found = database.prepare(text)
      prepared.set(text, found)
    }
    return found
  }
  const sql: Sql = {
    all: async (text, ...values) => statement(text).all(...values) as never,
    run: async (text, ...values) => Number(statement(text).run(...values).changes),
  }
  // One connection: a transaction is nobody else's while it is open.
  const alone = pLimit(1)
  const guarded = <T>(use: () => Promise<T>): Promise<T> =>
    alone(async () => {
      try {
        return await use()
      } catch (error) {
        throw errorOf(path, error)
      }
    })
  return {
    kind: 'sqlite',
    where: path,
    holdsLock: !isFile || lock !== null,
    atWork() {
      if (options.watches) database.exec(`PRAGMA busy_timeout = ${waitAtWorkMs}`)
    },
    read: use => guarded(() => use(sql)),
    transaction: use =>
      guarded(async () => {
        database.exec('BEGIN IMMEDIATE')
        try {
          const value = await use(sql)
          database.exec('COMMIT')
          return value
        } catch (error) {
          try {
            database.exec('ROLLBACK')
          } catch {
            // A full disk has rolled it back itself.
          }
          throw error
        }
      }),
    close: () =>
      alone(async () => {
        prepared.clear()
        database.close()
        lock?.close()
      }),
  }
}
