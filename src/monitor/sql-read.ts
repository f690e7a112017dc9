// Rows of the store → what they mean.
import type { MonitorKind } from '../formats/monitor/kinds.ts'
import type { Sql, SqlRow, SqlValue } from './sql.ts'
import type {
  Attempt,
  Beat,
  Incident,
  Maintenance,
  Message,
  MonitorRow,
  Page,
  ProductEvent,
  Proof,
  StateRow,
  Store,
  Watcher,
} from './store.ts'

export type Bounds = Page

const number = (value: SqlValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value)
const text = (value: SqlValue | undefined): string | null =>
  value === null || value === undefined ? null : String(value)
const json = <T>(value: SqlValue | undefined): T => JSON.parse(String(value)) as T

/** `column >= from AND column < to`, newest first, bounded. */
const within = (column: string, { from = 0, to = Number.MAX_SAFE_INTEGER, limit = 10_000 }: Page, further = '') => ({
  where: `WHERE ${column} >= ? AND ${column} < ? ${further}`,
  order: `ORDER BY ${column} DESC LIMIT ${Math.max(0, Math.floor(limit))}`,
  values: [from, to] as SqlValue[],
})

export const watcherOf = (row: SqlRow | undefined): Watcher | null =>
  row
    ? {
        id: String(row['id']),
        pid: Number(row['pid']),
        host: String(row['host']),
        startedAt: Number(row['started_at']),
        beatAt: Number(row['beat_at']),
      }
    : null

const attemptsOf = async (sql: Sql, ids: readonly string[]): Promise<Map<string, Attempt[]>> => {
  const found = new Map<string, Attempt[]>()
  for (let at = 0; at < ids.length; at += 500) {
    const some = ids.slice(at, at + 500)
    const rows = await sql.all(
      `SELECT message, at, ok, answer, ms FROM attempt WHERE message IN (${some.map(() => '?').join(', ')}) ORDER BY number`,
      ...some,
    )
    for (const row of rows) {
      const list = found.get(String(row['message'])) ?? []
      list.push({
        at: Number(row['at']),
        ok: Number(row['ok']) === 1,
        answer: String(row['answer']),
        ms: Number(row['ms']),
      })
      found.set(String(row['message']), list)
    }
  }
  return found
}

const messagesOf = async (sql: Sql, rows: readonly SqlRow[]): Promise<Message[]> => {
  const attempts = await attemptsOf(
    sql,
    rows.map(row => String(row['id'])),
  )
  return rows.map(row => ({
    id: String(row['id']),
    channel: String(row['channel']),
    order: Number(row['number']),
    body: json<Message['body']>(row['body']),
    createdAt: Number(row['created_at']),
    dueAt: Number(row['due_at']),
    status: String(row['status']) as Message['status'],
    deliveredAt: number(row['delivered_at']),
    attempts: attempts.get(String(row['id'])) ?? [],
    left: json<string[] | null>(row['people'] ?? 'null'),
    refusals: Number(row['refusals'] ?? 0),
  }))
}

const withStanding =
  'SELECT message.*, people, refusals FROM message LEFT JOIN standing ON standing.message = message.id'

export const waiting = async (sql: Sql): Promise<Message[]> =>
  messagesOf(sql, await sql.all(`${withStanding} WHERE status = 'waiting' ORDER BY number`))

export const messages = async (sql: Sql, page: Parameters<Store['messages']>[0]): Promise<Message[]> => {
  const { channel } = page
  const { where, values } = within('created_at', page, channel === undefined ? '' : 'AND channel = ?')
  const rows = await sql.all(
    `${withStanding} ${where} ORDER BY number DESC LIMIT ${Math.max(0, Math.floor(page.limit ?? 10_000))}`,
    ...values,
    ...(channel === undefined ? [] : [channel]),
  )
  return messagesOf(sql, rows)
}

export const monitors = async (sql: Sql): Promise<MonitorRow[]> =>
  (await sql.all('SELECT * FROM monitor ORDER BY id')).map(row => ({
    name: String(row['name']),
    kind: String(row['kind']) as MonitorKind,
    target: String(row['target']),
    intervalMs: Number(row['interval_ms']),
    expects: json<string[]>(row['expects']),
    since: Number(row['since']),
    retired: number(row['retired']),
  }))

export const states = async (sql: Sql): Promise<StateRow[]> =>
  (await sql.all('SELECT body FROM state ORDER BY monitor')).map(row => json<StateRow>(row['body']))

export const incidents = async (sql: Sql, page: Parameters<Store['incidents']>[0]): Promise<Incident[]> => {
  const { open, monitor } = page
  const further = [
    open === undefined ? '' : open ? 'AND resolved_at IS NULL' : 'AND resolved_at IS NOT NULL',
    monitor === undefined ? '' : "AND names LIKE ? ESCAPE '!'",
  ].join(' ')
  const { where, order, values } = within('opened_at', page, further)
  const pattern = monitor === undefined ? [] : [`%\n${monitor.replace(/[!%_]/g, '!$&')}\n%`]
  const rows = await sql.all(`SELECT * FROM incident ${where} ${order}`, ...values, ...pattern)
  return rows.map(row => ({
    ...json<Incident>(row['body']),
    acknowledgedAt: number(row['acknowledged_at']),
    acknowledgedBy: text(row['acknowledged_by']),
  }))
}

export const events = async (sql: Sql, page: Parameters<Store['events']>[0]): Promise<ProductEvent[]> => {
  const { kind } = page
  const { where, order, values } = within('at', page, kind === undefined ? '' : 'AND kind = ?')
  const rows = await sql.all(
    `SELECT body FROM event ${where} ${order}`,
    ...values,
    ...(kind === undefined ? [] : [kind]),
  )
  return rows.map(row => json<ProductEvent>(row['body']))
}

/** Those that touch the time between. */
export const maintenance = async (sql: Sql, page: Page): Promise<Maintenance[]> => {
  const { from = 0, to = Number.MAX_SAFE_INTEGER, limit = 1_000 } = page
  const rows = await sql.all(
    `SELECT * FROM maintenance WHERE to_at > ? AND from_at < ? ORDER BY from_at DESC LIMIT ${Math.floor(limit)}`,
    from,
    to,
  )
  return rows.map(row => ({
    id: String(row['id']),
    from: Number(row['from_at']),
    to: Number(row['to_at']),
    monitors: row['monitors'] === null ? null : json<string[]>(row['monitors']),
    note: String(row['note']),
  }))
}

export const beats = async (sql: Sql): Promise<Beat[]> =>
  (await sql.all('SELECT * FROM beat ORDER BY name')).map(row => ({
    name: String(row['name']),
    at: Number(row['at']),
    ok: Number(row['ok']) === 1,
    count: Number(row['count']),
    lastOkAt: number(row['last_ok_at']),
  }))

export const proofs = async (sql: Sql): Promise<Proof[]> =>
  (await sql.all('SELECT * FROM proof ORDER BY sent_at DESC')).map(row => ({
    channel: String(row['channel']),
    nonce: String(row['nonce']),
    sentAt: Number(row['sent_at']),
    acceptedAt: number(row['accepted_at']),
    answer: text(row['answer']),
    seenAt: number(row['seen_at']),
    seenBy: text(row['seen_by']),
  }))
