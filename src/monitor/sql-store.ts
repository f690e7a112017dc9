// The port of the store over SQL. What belongs together is written in one transaction.
import { type Buckets, bucketOf, mergeBuckets, packBuckets, unpackBuckets } from './latency.ts'
import { appendResults, dayMs, dayOf, hourMs, hourOf, unpackResults } from './pack.ts'
import type { Sql, SqlDriver, SqlRow, SqlValue } from './sql.ts'
import * as read from './sql-read.ts'
import type { Change, Incident, NewMessage, Result, Rollup, Span, Store, Watcher } from './store.ts'

const rawDays = 35
const hourlyDays = 396
/** A lease on PostgreSQL ends after so much silence. */
const leaseMs = 20_000

type Sums = { ms: Record<Span['state'] | 'maintenance', number>; looks: number; latency: Buckets }

const noSums = (): Sums => ({
  ms: { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0 },
  looks: 0,
  latency: [],
})

/** Parts of a span by hour. */
const byHour = ({ from, to }: Span): { at: number; ms: number }[] => {
  const parts: { at: number; ms: number }[] = []
  for (let at = hourOf(from); at < to; at += hourMs)
    parts.push({ at, ms: Math.min(to, at + hourMs) - Math.max(from, at) })
  return parts
}

/** What results and spans add to each hour of each monitor. */
const addedBy = (results: readonly Result[], spans: readonly Span[]): Map<string, Map<number, Sums>> => {
  const added = new Map<string, Map<number, Sums>>()
  const sumsOf = (monitor: string, hour: number): Sums => {
    const hours = added.get(monitor) ?? new Map<number, Sums>()
    added.set(monitor, hours)
    const sums = hours.get(hour) ?? noSums()
    hours.set(hour, sums)
    return sums
  }
  for (const span of spans)
    for (const { at, ms } of byHour(span))
      sumsOf(span.monitor, at).ms[span.maintenance ? 'maintenance' : span.state] += ms
  for (const { monitor, at, latencyMs } of results) {
    const sums = sumsOf(monitor, hourOf(at))
    sums.looks += 1
    if (latencyMs !== null) sums.latency = mergeBuckets(sums.latency, [[bucketOf(latencyMs), 1]])
  }
  return added
}

const addSums = async (sql: Sql, table: 'hour' | 'day', id: number, at: number, { ms, looks, latency }: Sums) => {
  const [found] = latency.length
    ? await sql.all(`SELECT latency FROM rollup_${table} WHERE at = ? AND monitor = ?`, at, id)
    : []
  const packed = latency.length
    ? packBuckets(found ? mergeBuckets(unpackBuckets(found['latency'] as Uint8Array), latency) : latency)
    : new Uint8Array()
  await sql.run(
    `INSERT INTO rollup_${table} (at, monitor, up, degraded, down, unknown, maintenance, looks, latency)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (at, monitor) DO UPDATE SET
     up = rollup_${table}.up + excluded.up, degraded = rollup_${table}.degraded + excluded.degraded,
     down = rollup_${table}.down + excluded.down, unknown = rollup_${table}.unknown + excluded.unknown,
     maintenance = rollup_${table}.maintenance + excluded.maintenance, looks = rollup_${table}.looks + excluded.looks
     ${latency.length ? ', latency = excluded.latency' : ''}`,
    ...[at, id, ms.up, ms.degraded, ms.down, ms.unknown, ms.maintenance].map(Math.round),
    looks,
    packed,
  )
}

const sumOf = (all: Iterable<Sums>): Sums => {
  const sum = noSums()
  for (const { ms, looks, latency } of all) {
    for (const key of Object.keys(ms) as (keyof Sums['ms'])[]) sum.ms[key] += ms[key]
    sum.looks += looks
    sum.latency = mergeBuckets(sum.latency, latency)
  }
  return sum
}

const writeRaw = async (sql: Sql, idOf: (name: string) => number | undefined, results: readonly Result[]) => {
  const groups = Map.groupBy(results, ({ monitor, at }) => `${idOf(monitor)} ${hourOf(at)}`)
  for (const [key, group] of groups) {
    const [id, hour] = key.split(' ').map(Number) as [number, number]
    if (Number.isNaN(id)) continue
    const [found] = await sql.all('SELECT looks FROM raw WHERE at = ? AND monitor = ?', hour, id)
    const looks = appendResults((found?.['looks'] as Uint8Array | undefined) ?? new Uint8Array(), hour, group)
    await sql.run(
      'INSERT INTO raw (at, monitor, looks) VALUES (?, ?, ?) ON CONFLICT (at, monitor) DO UPDATE SET looks = excluded.looks',
      hour,
      id,
      looks,
    )
  }
}

const writeRollups = async (sql: Sql, idOf: (name: string) => number | undefined, { results, spans }: Change) => {
  for (const [monitor, hours] of addedBy(results ?? [], spans ?? [])) {
    const id = idOf(monitor)
    if (id === undefined) continue
    for (const [at, sums] of hours) await addSums(sql, 'hour', id, at, sums)
    for (const [day, group] of Map.groupBy(hours, ([at]) => dayOf(at)))
      await addSums(sql, 'day', id, day, sumOf(group.map(([, sums]) => sums)))
  }
}

/** Names between line ends, so that one can be looked for. */
const namesIn = ({ parts }: Incident): string => `\n${parts.map(({ monitor }) => monitor).join('\n')}\n`

/** Who acknowledged is written by `acknowledge` alone: the loop may hold an older view. */
const writeIncident = async (sql: Sql, incident: Incident) => {
  const { acknowledgedAt: _, acknowledgedBy: __, ...body } = incident
  await sql.run(
    `INSERT INTO incident (id, opened_at, resolved_at, names, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
     opened_at = excluded.opened_at, resolved_at = excluded.resolved_at, names = excluded.names, body = excluded.body`,
    incident.id,
    incident.openedAt,
    incident.resolvedAt,
    namesIn(incident),
    JSON.stringify(body),
  )
}

const writeMessage = (sql: Sql, { id, channel, body, createdAt, dueAt }: NewMessage) =>
  sql.run(
    `INSERT INTO message (id, channel, body, created_at, due_at, status) VALUES (?, ?, ?, ?, ?, 'waiting') ON CONFLICT (id) DO NOTHING`,
    id,
    channel,
    JSON.stringify(body),
    createdAt,
    dueAt,
  )

const cancelMessage = (sql: Sql, id: string) =>
  sql.run(
    `UPDATE message SET status = 'cancelled' WHERE id = ? AND status = 'waiting'
     AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.message = message.id)`,
    id,
  )

const applyChange = async (sql: Sql, ids: ReadonlyMap<string, number>, change: Change): Promise<void> => {
  const idOf = (name: string): number | undefined => ids.get(name)
  await writeRaw(sql, idOf, change.results ?? [])
  await writeRollups(sql, idOf, change)
  for (const state of change.states ?? [])
    await sql.run(
      'INSERT INTO state (monitor, body) VALUES (?, ?) ON CONFLICT (monitor) DO UPDATE SET body = excluded.body',
      state.monitor,
      JSON.stringify(state),
    )
  for (const incident of change.incidents ?? []) await writeIncident(sql, incident)
  for (const message of change.messages ?? []) await writeMessage(sql, message)
  for (const id of change.cancel ?? []) await cancelMessage(sql, id)
}

const setMonitors: (sql: Sql, ...rest: Parameters<Store['setMonitors']>) => Promise<void> = async (
  sql,
  monitors,
  now,
) => {
  for (const { name, kind, target, intervalMs, expects } of monitors)
    await sql.run(
      `INSERT INTO monitor (name, kind, target, interval_ms, expects, since) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
       kind = excluded.kind, target = excluded.target, interval_ms = excluded.interval_ms, expects = excluded.expects, retired = NULL`,
      ...[name, kind, target, intervalMs, JSON.stringify(expects), now],
    )
  const kept = new Set(monitors.map(({ name }) => name))
  for (const row of await sql.all('SELECT name FROM monitor WHERE retired IS NULL'))
    if (!kept.has(String(row['name']))) {
      await sql.run('UPDATE monitor SET retired = ? WHERE name = ?', now, row['name'] as SqlValue)
      await sql.run('DELETE FROM state WHERE monitor = ?', row['name'] as SqlValue)
    }
}

const takeWatch = async (driver: SqlDriver, sql: Sql, watcher: Watcher): ReturnType<Store['takeWatch']> => {
  const by = read.watcherOf((await sql.all('SELECT * FROM watcher WHERE one = 1'))[0])
  if (!driver.holdsLock) return { taken: false, by }
  // A lease: on PostgreSQL the other may run on another machine.
  if (driver.kind === 'postgres' && by && by.id !== watcher.id && by.beatAt > watcher.beatAt - leaseMs)
    return { taken: false, by }
  await sql.run(
    `INSERT INTO watcher (one, id, pid, host, started_at, beat_at) VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET
     id = excluded.id, pid = excluded.pid, host = excluded.host, started_at = excluded.started_at, beat_at = excluded.beat_at`,
    ...[watcher.id, watcher.pid, watcher.host, watcher.startedAt, watcher.beatAt],
  )
  return { taken: true }
}

const tidy = async (sql: Sql, now: number): Promise<void> => {
  await sql.run('DELETE FROM raw WHERE at < ?', hourOf(now) - rawDays * dayMs)
  await sql.run('DELETE FROM rollup_hour WHERE at < ?', hourOf(now) - hourlyDays * dayMs)
  const old = now - hourlyDays * dayMs
  await sql.run(
    `DELETE FROM attempt WHERE message IN (SELECT id FROM message WHERE created_at < ? AND status <> 'waiting')`,
    old,
  )
  await sql.run(`DELETE FROM message WHERE created_at < ? AND status <> 'waiting'`, old)
}

const addBeat: (sql: Sql, beat: Parameters<Store['addBeat']>[0]) => Promise<number> = (sql, { name, at, ok }) =>
  sql.run(
    `INSERT INTO beat (name, at, ok, count, last_ok_at) VALUES (?, ?, ?, 1, ?) ON CONFLICT (name) DO UPDATE SET
     at = excluded.at, ok = excluded.ok, count = beat.count + 1, last_ok_at = COALESCE(excluded.last_ok_at, beat.last_ok_at)`,
    name,
    at,
    ok ? 1 : 0,
    ok ? at : null,
  )

const writeAttempt = async (
  sql: Sql,
  ...[id, attempt, dueAt, standing]: Parameters<Store['attempted']>
): Promise<void> => {
  const { at, ok, answer, ms } = attempt
  await sql.run(
    'INSERT INTO attempt (message, at, ok, answer, ms) VALUES (?, ?, ?, ?, ?)',
    id,
    at,
    ok ? 1 : 0,
    answer,
    ms,
  )
  if (ok) await sql.run(`UPDATE message SET status = 'delivered', delivered_at = ? WHERE id = ?`, at, id)
  else await sql.run('UPDATE message SET due_at = ? WHERE id = ?', dueAt, id)
  await sql.run('DELETE FROM standing WHERE message = ?', id)
  if (standing && !ok)
    await sql.run(
      'INSERT INTO standing (message, people, refusals) VALUES (?, ?, ?)',
      ...[id, JSON.stringify(standing.left), standing.refusals],
    )
}

const rawResults = async (
  sql: Sql,
  monitor: string,
  { from = 0, to = Number.MAX_SAFE_INTEGER, limit }: read.Bounds,
) => {
  const rows = await sql.all(
    `SELECT raw.at AS at, looks FROM raw JOIN monitor ON monitor.id = raw.monitor WHERE monitor.name = ? AND raw.at >= ? AND raw.at < ?
     ORDER BY raw.at`,
    monitor,
    hourOf(from),
    to,
  )
  const all = rows
    .flatMap(row => unpackResults(row['looks'] as Uint8Array, monitor, Number(row['at'])))
    .filter(({ at }) => at >= from && at < to)
  return limit === undefined ? all : all.slice(-limit)
}

const rollups = async (sql: Sql, table: 'hour' | 'day', page: Parameters<Store['rollups']>[1]): Promise<Rollup[]> => {
  const { from, to, monitor, latency = true } = page
  const rows = await sql.all(
    `SELECT name, at, up, degraded, down, unknown, maintenance, r.looks AS looks ${latency ? ', latency' : ''}
     FROM rollup_${table} r JOIN monitor ON monitor.id = r.monitor
     WHERE at >= ? AND at < ? ${monitor === undefined ? '' : 'AND name = ?'} ORDER BY name, at`,
    from,
    to,
    ...(monitor === undefined ? [] : [monitor]),
  )
  return rows.map((row: SqlRow) => ({
    monitor: String(row['name']),
    at: Number(row['at']),
    upMs: Number(row['up']),
    degradedMs: Number(row['degraded']),
    downMs: Number(row['down']),
    unknownMs: Number(row['unknown']),
    maintenanceMs: Number(row['maintenance']),
    looks: Number(row['looks']),
    latency: latency ? unpackBuckets(row['latency'] as Uint8Array) : null,
  }))
}

type Reads =
  | 'waiting'
  | 'watcher'
  | 'monitors'
  | 'states'
  | 'results'
  | 'rollups'
  | 'incidents'
  | 'messages'
  | 'events'
  | 'maintenance'
  | 'beats'
  | 'proofs'
type Saying =
  | 'attempted'
  | 'addEvent'
  | 'addMaintenance'
  | 'endMaintenance'
  | 'addBeat'
  | 'acknowledge'
  | 'saveProof'
  | 'seen'

const readingFrom = ({ read: get }: SqlDriver): Pick<Store, Reads> => ({
  waiting: () => get(read.waiting),
  watcher: () => get(async sql => read.watcherOf((await sql.all('SELECT * FROM watcher WHERE one = 1'))[0])),
  monitors: () => get(read.monitors),
  states: () => get(read.states),
  results: (monitor, page) => get(sql => rawResults(sql, monitor, page)),
  rollups: (resolution, page) => get(sql => rollups(sql, resolution, page)),
  incidents: page => get(sql => read.incidents(sql, page)),
  messages: page => get(sql => read.messages(sql, page)),
  events: page => get(sql => read.events(sql, page)),
  maintenance: page => get(sql => read.maintenance(sql, page)),
  beats: () => get(read.beats),
  proofs: () => get(read.proofs),
})

const sayingTo = ({ transaction }: SqlDriver): Pick<Store, Saying> => ({
  attempted: (...given) => transaction(sql => writeAttempt(sql, ...given)),
  addEvent: (event, messages) =>
    transaction(async sql => {
      const { id, at, kind } = event
      await sql.run(
        'INSERT INTO event (id, at, kind, body) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
        ...[id, at, kind, JSON.stringify(event)],
      )
      for (const message of messages) await writeMessage(sql, message)
    }),
  addMaintenance: ({ id, from, to, monitors, note }) =>
    transaction(async sql => {
      await sql.run(
        'INSERT INTO maintenance (id, from_at, to_at, monitors, note) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
        ...[id, from, to, monitors === null ? null : JSON.stringify(monitors), note],
      )
    }),
  endMaintenance: (id, at) =>
    transaction(
      async sql => void (await sql.run('UPDATE maintenance SET to_at = ? WHERE id = ? AND to_at > ?', at, id, at)),
    ),
  addBeat: beat => transaction(async sql => void (await addBeat(sql, beat))),
  acknowledge: (incident, by, at) =>
    transaction(
      async sql =>
        (await sql.run(
          'UPDATE incident SET acknowledged_at = ?, acknowledged_by = ? WHERE id = ? AND acknowledged_at IS NULL AND resolved_at IS NULL',
          ...[at, by, incident],
        )) > 0,
    ),
  saveProof: ({ nonce, channel, sentAt, acceptedAt, answer, seenAt, seenBy }) =>
    transaction(async sql => {
      await sql.run(
        `INSERT INTO proof (nonce, channel, sent_at, accepted_at, answer, seen_at, seen_by) VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (nonce) DO UPDATE SET accepted_at = excluded.accepted_at, answer = excluded.answer,
           seen_at = COALESCE(proof.seen_at, excluded.seen_at), seen_by = COALESCE(proof.seen_by, excluded.seen_by)`,
        ...[nonce, channel, sentAt, acceptedAt, answer, seenAt, seenBy],
      )
    }),
  seen: (nonce, by, at) =>
    transaction(async sql => {
      if ((await sql.all('SELECT 1 AS one FROM proof WHERE nonce = ?', nonce)).length === 0) return false
      await sql.run('UPDATE proof SET seen_at = ?, seen_by = ? WHERE nonce = ? AND seen_at IS NULL', at, by, nonce)
      return true
    }),
})

/** The store over a driver whose tables are there. */
export const createStore = (driver: SqlDriver): Store => {
  const ids = new Map<string, number>()
  const refreshIds = async (sql: Sql): Promise<void> => {
    for (const row of await sql.all('SELECT id, name FROM monitor')) ids.set(String(row['name']), Number(row['id']))
  }
  const { transaction } = driver
  return {
    where: driver.where,
    ...readingFrom(driver),
    ...sayingTo(driver),
    apply: change =>
      transaction(async sql => {
        const named = [...(change.results ?? []), ...(change.spans ?? [])]
        if (named.some(({ monitor }) => !ids.has(monitor))) await refreshIds(sql)
        await applyChange(sql, ids, change)
      }),
    setMonitors: (monitors, now) => transaction(sql => setMonitors(sql, monitors, now)),
    takeWatch: watcher => transaction(sql => takeWatch(driver, sql, watcher)),
    beat: watcher =>
      transaction(
        async sql => (await sql.run('UPDATE watcher SET beat_at = ? WHERE id = ?', watcher.beatAt, watcher.id)) > 0,
      ),
    leaveWatch: watcher =>
      transaction(async sql => void (await sql.run('DELETE FROM watcher WHERE id = ?', watcher.id))),
    tidy: now => transaction(sql => tidy(sql, now)),
    close: driver.close,
  }
}
