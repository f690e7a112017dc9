// Refuses every socket beyond this machine: a test that asks the internet proves the internet, and fails without it.
import dgram from 'node:dgram'
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { networkInterfaces } from 'node:os'

/** Who was asked for, `host:port`, since the list was emptied. */
export const refused: string[] = []

/** Addresses of this machine's own interfaces: what is sent there does not leave it. */
const own = new Set(
  Object.values(networkInterfaces())
    .flat()
    .map(face => face?.address),
)

/** True for this machine's own addresses and names; everything else is beyond. */
export const isHere = (host: string): boolean => {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  if (/(^|\.)localhost\.?$/.test(bare) || bare === '' || bare === '0.0.0.0' || bare === '::') return true
  if (own.has(bare)) return true
  return /^127\.\d+\.\d+\.\d+$/.test(bare) || bare === '::1' || /^::ffff:(127\.|7f)/.test(bare)
}

const check = (host: unknown, port: unknown, how: string): void => {
  if (host === undefined || host === null || isHere(String(host))) return
  const where = `${String(host)}:${String(port ?? '')}`
  refused.push(where)
  throw new Error(`a test goes beyond this machine: ${how} to ${where} (test/support/loopback-guard.ts)`)
}

type Anything = (...given: unknown[]) => unknown

/** Calls `look` with the arguments before the method does its work. */
const before = (holder: object, method: string, look: (given: unknown[]) => void): void => {
  const methods = holder as Record<string, Anything>
  const original = methods[method]!
  methods[method] = function (this: unknown, ...given: unknown[]) {
    look(given)
    return original.apply(this, given)
  }
}

/** `connect(options)`, `connect(port, host)`, `connect(path)`; Node itself calls it with these in one array. */
const checkConnect = (given: unknown[]): void => {
  const [first, second] = Array.isArray(given[0]) ? (given[0] as unknown[]) : given
  if (typeof first === 'object' && first !== null) {
    const { host, port, path } = first as { host?: string; port?: number; path?: string | null }
    if (!path) check(host, port, 'a connection')
  } else if (typeof first === 'number' || /^\d+$/.test(String(first)))
    check(typeof second === 'string' ? second : undefined, first, 'a connection')
}

/** `send(message, [offset, length,] port, address)`; without an address it goes where the socket is connected to. */
const checkSend = (given: unknown[]): void => {
  const address = given.slice(1).findLast(each => typeof each === 'string')
  const port = given.slice(1).findLast(each => typeof each === 'number')
  check(address, port, 'a datagram')
}

let isGuarded = false

/** Puts the guard in place, once for each process. The system's name servers become a port where nobody listens. */
export const guard = (): void => {
  if (isGuarded) return
  isGuarded = true
  before(net.Socket.prototype, 'connect', checkConnect)
  before(dgram.Socket.prototype, 'send', checkSend)
  before(dgram.Socket.prototype, 'connect', ([port, address]) =>
    check(typeof address === 'string' ? address : undefined, port, 'a datagram socket'),
  )
  for (const asker of [dns, dns.promises])
    before(asker, 'lookup', ([host]) => {
      if (!net.isIP(String(host))) check(host, 'dns', 'a look-up')
    })
  dns.setServers(['127.0.0.1:1'])
  // Imports by name see it as well.
  syncBuiltinESMExports()
}
