// The kept connections of the HTTP client: who is idle, who waits for one, and what has to be closed at the end.
import type { Client } from 'undici'
import type { Clock } from '../core/clock.ts'
import { limits } from '../data/limits.ts'
import type { Connection } from './http-types.ts'

/** A place in the queue for a connection that comes free. */
export type Waiting = {
  freed: Promise<Connection>
  /** Leaves the queue. False: a connection has already been handed over, and `freed` gives it. */
  leave(): boolean
}

export type Pool = {
  /** Counts a client among those that `close` ends. */
  own(client: Client): void
  /** An idle connection, which is then the caller's alone; none that has rested for longer than `mostRestMs`. */
  take(key: string, mostRestMs?: number): Connection | undefined
  /** Hands the connection to whoever waits longest, or keeps it for a while. */
  giveBack(key: string, connection: Connection): void
  waitFor(key: string): Waiting
  discard(connection: Connection): void
  close(): void
}

export const createPool = (clock: Clock): Pool => {
  const idle = new Map<string, Connection[]>()
  const waiting = new Map<string, ((connection: Connection) => void)[]>()
  const clients = new Set<Client>()

  const discard = (connection: Connection): void => {
    connection.keepFromClosing?.()
    clients.delete(connection.client)
    // Never from inside undici's callback: it would resume a client that is already destroyed, and throw where nobody catches.
    queueMicrotask(() => connection.client.destroy(null, () => {}))
  }
  const keep = (key: string, connection: Connection): void => {
    const others = idle.get(key) ?? []
    others.push(connection)
    idle.set(key, others)
    connection.restsSince = clock.elapsed()
    connection.keepFromClosing = clock.after(limits.idleConnectionMs, () => {
      const at = others.indexOf(connection)
      if (at >= 0) others.splice(at, 1)
      discard(connection)
    })
  }
  return {
    own: client => void clients.add(client),
    take(key, mostRestMs = Number.POSITIVE_INFINITY) {
      const others = idle.get(key)
      // The last one that came back has rested the shortest.
      if (clock.elapsed() - (others?.at(-1)?.restsSince ?? 0) > mostRestMs) return undefined
      const connection = others?.pop()
      connection?.keepFromClosing?.()
      return connection
    },
    giveBack(key, connection) {
      connection.phases = null
      const next = waiting.get(key)?.shift()
      if (next) next(connection)
      else keep(key, connection)
    },
    waitFor(key) {
      const queue = waiting.get(key) ?? []
      waiting.set(key, queue)
      const { promise: freed, resolve: take } = Promise.withResolvers<Connection>()
      queue.push(take)
      return {
        freed,
        leave() {
          const at = queue.indexOf(take)
          if (at >= 0) queue.splice(at, 1)
          return at >= 0
        },
      }
    },
    discard,
    close() {
      for (const connections of idle.values()) for (const connection of connections) connection.keepFromClosing?.()
      idle.clear()
      for (const client of clients) client.destroy(null, () => {})
      clients.clear()
    },
  }
}
