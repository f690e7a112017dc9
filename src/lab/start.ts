// Starts a world on loopback: name servers, a resolver, web and mail servers, a repository; and says how to get there.
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join, resolve as resolvePath } from 'node:path'
import type { Change } from '../core/fix.ts'
import { type Applied, applyChange } from './apply.ts'
import { rootCertificate } from './certificates.ts'
import { startCloudflareApi } from './cloudflare-api.ts'
import { type DnsEndpoint, serveNameServer, serveResolver } from './dns-server.ts'
import { makeLabFolder } from './folder.ts'
import { createRelays, type Front, type Relays, serveFront } from './front.ts'
import { createLog, type LabLog } from './log.ts'
import { serveMail } from './mail-server.ts'
import { makeRepository } from './repository.ts'
import { withDates } from './web-bodies.ts'
import { servePlain, serveTls } from './web-server.ts'
import type { HostState, WebContext } from './web-types.ts'
import { type CertificateSpec, hostSpec, type World } from './world.ts'
import { addressesOf, type Door, doorsOf, newHost, stateOf, type WorldState } from './world-state.ts'

export type StartOptions = {
  /** Overrides the world's injected round-trip time, milliseconds. */
  rtt?: number
  /** Overrides the world's clock. */
  now?: Date
}

export type RunningWorld = {
  world: World
  /** `host:port` of the recursive resolver. */
  resolver: string
  /** Rules for --connect-to, one for each port of each address. They may change after `apply`. */
  readonly connectTo: string[]
  /** The root that issues the world's certificates: PEM, and the file that holds it. */
  ca: { pem: string; path: string }
  /** The instant to judge at, when the world fixes it. */
  now: Date | null
  /** Directory of the repository, null when the world has none. */
  repo: string | null
  /** Where to run: the repository, or an empty directory, so that no repository of the machine is judged. */
  cwd: string
  /** What was exchanged so far. */
  log: LabLog
  /** Options of the command line that lead the program into the world (without the domain). */
  args(): string[]
  /** The same without the repository and what the world adds: for commands that judge nothing. */
  ways(): string[]
  /** Does a fix's change. Throws where the world has no such thing. */
  apply(change: Change): Promise<Applied>
  close(): Promise<void>
}

/** A port where nothing listens: connections are refused. */
const closedPort = 1

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address)

/** A server that accepts and never speaks, or resets at the first byte. */
const serveMute = async (kind: 'silent' | 'reset'): Promise<Server> => {
  const server = createServer(socket => {
    socket.on('error', () => {})
    if (kind === 'silent') socket.resume()
    else socket.once('data', () => socket.resetAndDestroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  return server
}

/** What serves a world, and what of it listens by now. */
type Served = WorldState & {
  rtt: number
  log: LabLog
  relays: Relays
  doors: Door[]
  /** Name servers by address, doors by `address port`. */
  endpoints: Map<string, DnsEndpoint>
  fronts: Map<string, Front>
  mutes: Record<'silent' | 'reset', Server>
}

/** All addresses at which the world may be reached. */
const addressesIn = ({ world, hosts, mail, dns }: Served): string[] => [
  ...new Set([
    ...hosts.flatMap(host => host.addresses),
    ...mail.flatMap(host => host.addresses),
    ...[...dns.servers.values()].filter(server => !server.internal).map(server => server.address),
    ...Object.keys(world.addresses),
  ]),
]

const refreshNameServers = async ({ dns, endpoints, rtt, log }: Served): Promise<void> => {
  for (const server of dns.servers.values()) {
    if (server.internal) continue
    if (!endpoints.has(server.address)) endpoints.set(server.address, await serveNameServer(dns, server, rtt, log))
    await endpoints.get(server.address)!.setTcp(![...server.zones.values()].some(zone => zone.fault === 'no-tcp'))
  }
  for (const [address, endpoint] of endpoints) {
    if (dns.servers.has(address)) continue
    endpoints.delete(address)
    await endpoint.close()
  }
}

/** Opens what the world needs by now. */
const refresh = async (served: Served): Promise<void> => {
  const { world, hosts, dns, fronts, doors, rtt, relays, log } = served
  for (const host of hosts) {
    if (world.hosts[host.name]?.addresses === undefined)
      host.addresses = [...new Set([...host.addresses, ...addressesOf(dns, host.name)])]
  }
  await refreshNameServers(served)
  for (const address of addressesIn(served)) {
    for (const { port, peek, isOpen, choose } of doors) {
      const key = `${address} ${port}`
      if (fronts.has(key) || !isOpen(address)) continue
      const label = `${address}:${port}`
      const front = { address, peek, rtt, relays, log, label, choose: (name: string | null) => choose(address, name) }
      fronts.set(key, await serveFront(front))
    }
  }
}

const portOf = (server: Server): number => (server.address() as { port: number }).port

/** Rules that lead to one address: its open ports, its name server, and refusal everywhere else. */
const rulesFor = ({ world, doors, fronts, endpoints, mutes }: Served, address: string): string[] => {
  const host = bracketed(address)
  const down = world.addresses[address]
  if (down) return [`${host}::127.0.0.1:${down === 'closed' ? closedPort : portOf(mutes[down])}`]
  const open = doors.flatMap(({ port, isOpen }) => {
    const front = fronts.get(`${address} ${port}`)
    return front && isOpen(address) ? [`${host}:${port}:127.0.0.1:${front.port}`] : []
  })
  const endpoint = endpoints.get(address)
  const names = endpoint ? [`${host}:53:127.0.0.1:${endpoint.port}`] : []
  return [...open, ...names, `${host}::127.0.0.1:${closedPort}`]
}

/** The world's files below a temporary directory. */
const makeFiles = (world: World, now: Date) => {
  const directory = makeLabFolder()
  const caPath = join(directory, 'root.pem')
  writeFileSync(caPath, rootCertificate())
  let repo: string | null = null
  if (world.repo !== undefined || world.files !== undefined) {
    repo = join(directory, 'repo')
    const files = Object.entries(world.files ?? {}).map(([path, text]) => [path, withDates(text, now)])
    makeRepository(
      repo,
      world.repo === undefined ? null : resolvePath(world.directory, world.repo),
      Object.fromEntries(files),
    )
  }
  // A run without a repository must not judge the one that the working directory happens to be in.
  const emptyDirectory = join(directory, 'empty')
  mkdirSync(emptyDirectory)
  if (world.config !== undefined) writeFileSync(join(repo ?? emptyDirectory, 'launch-ready.config.yaml'), world.config)
  return {
    caPath,
    repo,
    cwd: repo ?? emptyDirectory,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}

/** Starts the servers of hosts and mail; returns what listens beside them. */
const startServers = async (state: WorldState, context: WebContext) => {
  const { now, authority, log, rtt } = context
  const plain = await servePlain(context)
  await Promise.all([
    ...state.hosts.map(async host => {
      host.tls = await serveTls(context, host)
    }),
    ...state.mail.map(async host => {
      host.server = await serveMail(host, { now, authority, log, rtt })
    }),
  ])
  return {
    plain,
    resolver: await serveResolver(state.dns, rtt, log),
    api: state.cloudflare && (await startCloudflareApi(state.cloudflare)),
    mutes: { silent: await serveMute('silent'), reset: await serveMute('reset') },
  }
}

const closeAll = async ({ endpoints, fronts, hosts, mail, mutes }: Served): Promise<void> => {
  const behind = [...hosts.map(host => host.tls), ...mail.map(host => host.server)]
  await Promise.all([
    ...[...endpoints.values(), ...fronts.values(), ...behind].map(server => server?.close()),
    ...Object.values(mutes).map(server => new Promise<void>(done => server.close(() => done()))),
  ])
}

/** A host of its own for a name whose address another host serves: a copy of that one, under the certificate that it showed. */
const adoptHost = async (served: Served, context: WebContext, name: string): Promise<HostState | null> => {
  const addresses = addressesOf(served.dns, name)
  if (addresses.length === 0) return null
  const model = served.hosts.find(host => host.addresses.some(address => addresses.includes(address)))
  const spec = model ? structuredClone(model.spec) : hostSpec({ https: 'closed', http: 'closed' })
  const certificate: CertificateSpec = { names: [model?.name ?? name], ...spec.certificate }
  spec.certificate = certificate
  // What was down is put into service by whoever sets it up.
  for (const address of addresses) delete served.world.addresses[address]
  const host = newHost(name, spec, addresses)
  host.tls = await serveTls(context, host)
  served.hosts.push(host)
  return host
}

/** Starts the world. Everything listens on 127.0.0.1; `close` ends it and removes its temporary files. */
export const startWorld = async (world: World, options: StartOptions = {}): Promise<RunningWorld> => {
  const rtt = options.rtt ?? world.rtt ?? 0
  const now = options.now ?? (world.now ? new Date(world.now) : new Date())
  const [log, relays] = [createLog(), createRelays()]
  const state = stateOf(world, now)
  const { hosts } = state
  const { directory, authority } = world
  const files = makeFiles(world, now)
  const context: WebContext = { hosts, directory, relays, rtt, log, now, authority }
  const { plain, resolver, api, mutes } = await startServers(state, context)
  const doors = doorsOf(state, plain.port)
  const served: Served = { ...state, rtt, log, relays, doors, mutes, endpoints: new Map(), fronts: new Map() }
  await refresh(served)
  const connectTo = (): string[] => [
    ...(api ? [`api.cloudflare.example:80:127.0.0.1:${api.port}`] : []),
    ...addressesIn(served).flatMap(address => rulesFor(served, address)),
  ]
  const { dns, cloudflare } = state
  const { repo, cwd, caPath } = files
  const ways = (): string[] => [
    ...['--resolver', `127.0.0.1:${resolver.port}`],
    ...connectTo().flatMap(rule => ['--connect-to', rule]),
    ...['--ca', caPath],
  ]
  return {
    world,
    resolver: `127.0.0.1:${resolver.port}`,
    get connectTo() {
      return connectTo()
    },
    ca: { pem: rootCertificate(), path: caPath },
    now: world.now || options.now ? now : null,
    repo,
    cwd,
    log,
    ways,
    args: () => [...ways(), ...(repo ? ['--repo', repo] : []), ...world.args],
    apply: change =>
      applyChange(
        {
          dns,
          hosts,
          mail: state.mail,
          repo,
          cwd,
          cloudflare,
          refresh: () => refresh(served),
          adopt: name => adoptHost(served, context, name),
          reopen: async host => {
            const former = host.tls
            host.tls = await serveTls(context, host)
            await former?.close()
          },
        },
        change,
      ),
    close: async () => {
      await Promise.all([resolver.close(), plain.close(), api?.close(), closeAll(served)])
      files.remove()
    },
  }
}
