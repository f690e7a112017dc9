// The store in PostgreSQL, by the optional package pg: several watchers may share it, one at a time does the work.
import type { Pool, PoolClient } from 'pg'
import { type Sql, type SqlDriver, type SqlValue, StoreError } from './sql.ts'

/** Host and database, without user and password. */
export const shownDatabase = (url: string): string => {
  try {
    const { host, pathname } = new URL(url)
    return `postgres://${host}${pathname}`
  } catch {
    return 'postgres://?'
  }
}

/** `?` → `$1`, `$2` … */
const numbered = (statement: string): string => {
  let number = 0
  return statement.replace(/\?/g, () => `$${++number}`)
}

/** What the driver says may hold the URL with its password. */
const errorOf = (where: string, error: unknown): StoreError => {
  if (error instanceof StoreError) return error
  const { code = '', message } = error as { code?: string; message: string }
  if (code === '53100') return new StoreError('full', `${where} cannot be written: its disk is full.`)
  if (/^(?:08|57|28|3D)/.test(code) || /^E[A-Z]+$/.test(code) || /connect|terminat|timeout/i.test(message))
    return new StoreError('unreachable', `${where} cannot be reached${code ? ` (${code})` : ''}.`)
  return new StoreError('other', `${where}: ${message.replace(/\/\/[^@\s]{0,500}@/g, '//…@')}`)
}

const sqlOn = (client: Pick<PoolClient, 'query'>): Sql => {
  const bound = (values: readonly SqlValue[]) =>
    values.map(value => (value instanceof Uint8Array ? Buffer.from(value) : value))
  return {
    all: async (statement, ...values) => (await client.query(numbered(statement), bound(values))).rows,
    run: async (statement, ...values) => (await client.query(numbered(statement), bound(values))).rowCount ?? 0,
  }
}

const loadPool = async (url: string): Promise<Pool> => {
  const pg = await import('pg').catch(() => {
    throw new StoreError('other', 'A store in PostgreSQL needs the package pg: npm install pg')
  })
  const { Pool: PoolOf, types } = pg.default
  const int8 = 20
  return new PoolOf({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    // Instants fit into a double.
    types: {
      getTypeParser: ((oid: number, format: 'text') =>
        oid === int8 ? Number : types.getTypeParser(oid, format)) as never,
    },
  })
}

/** Connects. Throws StoreError. */
export const openPostgres = async (url: string): Promise<SqlDriver> => {
  const where = shownDatabase(url)
  const pool = await loadPool(url)
  // A connection that ends while it is idle is no reason to end with it.
  pool.on('error', () => {})
  const withClient = async <T>(use: (client: PoolClient) => Promise<T>): Promise<T> => {
    let client: PoolClient
    try {
      client = await pool.connect()
    } catch (error) {
      throw errorOf(where, error)
    }
    let broken = false
    try {
      return await use(client)
    } catch (error) {
      const told = errorOf(where, error)
      broken = told.fault === 'unreachable'
      throw told
    } finally {
      client.release(broken)
    }
  }
  return {
    kind: 'postgres',
    where,
    holdsLock: true,
    read: use => withClient(client => use(sqlOn(client))),
    transaction: use =>
      withClient(async client => {
        await client.query('BEGIN')
        try {
          const value = await use(sqlOn(client))
          await client.query('COMMIT')
          return value
        } catch (error) {
          await client.query('ROLLBACK').catch(() => {})
          throw error
        }
      }),
    close: () => pool.end(),
  }
}
