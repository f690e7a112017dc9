// Starts a world on loopback: name servers, a resolver, web and mail servers, a repository; and says how to get there.
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve as resolvePath } from 'node:path'
import type { Change } from '../core/fix.ts'
import { type Applied, applyChange } from './apply.ts'
import { rootCertificate } from './certificates.ts'
import { type ApiState, soundState, startCloudflareApi } from './cloudflare-api.ts'
import { type DnsEndpoint, serveNameServer, serveResolver } from './dns-server.ts'
import { createDnsState, resolve } from './dns-state.ts'
import { createRelays, type Destination, type Front, serveFront } from './front.ts'
import { createLog, type LabLog } from './log.ts'
import { type MailState, serveMail } from './mail-server.ts'
import { makeRepository } from './repository.ts'
import { type HostState, servePlain, serveTls, type WebContext } from './web-server.ts'
import type { World } from './world.ts'
import { plainName } from './zone.ts'

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

/** Starts the world. Everything listens on 127.0.0.1; `close` ends it and removes its temporary files. */
export const startWorld = async (world: World, options: StartOptions = {}): Promise<RunningWorld> => {
  const rtt = options.rtt ?? world.rtt ?? 0
  const now = options.now ?? (world.now ? new Date(world.now) : new Date())
  const log = createLog()
  const relays = createRelays()
  const dns = createDnsState(world, now.getTime())
  const directory = mkdtempSync(join(tmpdir(), 'launch-ready-lab-'))
  const caPath = join(directory, 'root.pem')
  writeFileSync(caPath, rootCertificate())

  const addressesOf = (name: string): string[] =>
    ['A', 'AAAA'].flatMap(type =>
      (resolve(dns, { name, type, dnssec: false })?.answers ?? [])
        .filter(record => record.type === type)
        .map(record => record.data),
    )

  const hosts: HostState[] = Object.entries(structuredClone(world.hosts)).map(([written, spec]) => {
    const name = plainName(written)
    return {
      name,
      spec,
      addresses: spec.addresses ?? addressesOf(name),
      headerChanges: [],
      redirects: [],
      requests: new Map(),
    }
  })
  const mail: MailState[] = Object.entries(world.mail).map(([written, spec]) => {
    const name = plainName(written)
    return { name, spec, addresses: spec.addresses ?? addressesOf(name) }
  })

  const web: WebContext = { hosts, directory: world.directory, relays, rtt, log, now, authority: world.authority }
  const sound = soundState(world.domain ?? undefined)
  const cloudflare: ApiState | null = world.cloudflare
    ? {
        ...sound,
        ...world.cloudflare,
        settings: { ...sound.settings, ...(world.cloudflare['settings'] as ApiState['settings'] | undefined) },
        phases: { ...sound.phases, ...(world.cloudflare['phases'] as ApiState['phases'] | undefined) },
      }
    : null
  const api = cloudflare && (await startCloudflareApi(cloudflare))
  const endpoints = new Map<string, DnsEndpoint>()
  const fronts = new Map<string, Front>()
  const mutes = { silent: await serveMute('silent'), reset: await serveMute('reset') }
  const [resolver, plain] = await Promise.all([serveResolver(dns, rtt, log), servePlain(web)])
  await Promise.all(
    hosts.map(async host => {
      host.tls = await serveTls(web, host)
    }),
  )
  await Promise.all(
    mail.map(async host => {
      host.server = await serveMail(host, { now, authority: world.authority, log, rtt })
    }),
  )

  const at = <T extends { addresses: string[] }>(list: T[], address: string): T[] =>
    list.filter(item => item.addresses.includes(address))
  const httpState = (host: HostState): string => (typeof host.spec.http === 'string' ? host.spec.http : 'serve')

  const chooseTls = (address: string, name: string | null): Destination => {
    const here = at(hosts, address)
    const host = here.find(candidate => candidate.name === name) ?? here[0]
    if (!host?.tls || host.spec.https === 'reset' || host.spec.https === 'closed') return 'reset'
    return host.spec.https === 'silent' ? 'silent' : host.tls.port
  }
  const choosePlain = (address: string): Destination => {
    const states = new Set(at(hosts, address).map(httpState))
    if (states.size === 1 && states.has('silent')) return 'silent'
    return states.size === 1 && states.has('reset') ? 'reset' : plain.port
  }
  const chooseMail = (address: string): Destination => {
    const host = at(mail, address)[0]
    const state = host?.spec.port25
    return state === 'silent' || state === 'reset' ? state : (host?.server?.port ?? 'reset')
  }
  const ports = [
    {
      port: 443,
      peek: true,
      isOpen: (address: string) => at(hosts, address).some(host => host.spec.https !== 'closed'),
      choose: chooseTls,
    },
    {
      port: 80,
      peek: false,
      isOpen: (address: string) => at(hosts, address).some(host => httpState(host) !== 'closed'),
      choose: choosePlain,
    },
    {
      port: 25,
      peek: false,
      isOpen: (address: string) => at(mail, address).some(host => host.spec.port25 !== 'closed'),
      choose: chooseMail,
    },
  ]
  const addresses = (): string[] => [
    ...new Set([
      ...hosts.flatMap(host => host.addresses),
      ...mail.flatMap(host => host.addresses),
      ...[...dns.servers.values()].filter(server => !server.internal).map(server => server.address),
      ...Object.keys(world.addresses),
    ]),
  ]

  /** Opens what the world needs by now. */
  const refresh = async (): Promise<void> => {
    for (const host of hosts) {
      if (world.hosts[host.name]?.addresses === undefined)
        host.addresses = [...new Set([...host.addresses, ...addressesOf(host.name)])]
    }
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
    for (const address of addresses()) {
      for (const { port, peek, isOpen, choose } of ports) {
        const key = `${address} ${port}`
        if (fronts.has(key) || !isOpen(address)) continue
        fronts.set(
          key,
          await serveFront({
            address,
            peek,
            rtt,
            relays,
            log,
            label: `${address}:${port}`,
            choose: name => choose(address, name),
          }),
        )
      }
    }
  }
  await refresh()

  const connectTo = (): string[] => [
    ...(api ? [`api.cloudflare.example:80:127.0.0.1:${api.port}`] : []),
    ...addresses().flatMap(address => {
      const host = bracketed(address)
      const down = world.addresses[address]
      const port = (server: Server): number => (server.address() as { port: number }).port
      if (down) return [`${host}::127.0.0.1:${down === 'closed' ? closedPort : port(mutes[down])}`]
      const open = ports.flatMap(({ port: number, isOpen }) => {
        const front = fronts.get(`${address} ${number}`)
        return front && isOpen(address) ? [`${host}:${number}:127.0.0.1:${front.port}`] : []
      })
      const endpoint = endpoints.get(address)
      return [
        ...open,
        ...(endpoint ? [`${host}:53:127.0.0.1:${endpoint.port}`] : []),
        `${host}::127.0.0.1:${closedPort}`,
      ]
    }),
  ]

  let repo: string | null = null
  if (world.repo !== undefined || world.files !== undefined) {
    repo = join(directory, 'repo')
    makeRepository(repo, world.repo === undefined ? null : resolvePath(world.directory, world.repo), world.files ?? {})
  }
  // A run without a repository must not judge the one that the working directory happens to be in.
  const emptyDirectory = join(directory, 'empty')
  mkdirSync(emptyDirectory)

  return {
    world,
    resolver: `127.0.0.1:${resolver.port}`,
    get connectTo() {
      return connectTo()
    },
    ca: { pem: rootCertificate(), path: caPath },
    now: world.now || options.now ? now : null,
    repo,
    cwd: repo ?? emptyDirectory,
    log,
    args: () => [
      '--resolver',
      `127.0.0.1:${resolver.port}`,
      ...connectTo().flatMap(rule => ['--connect-to', rule]),
      '--ca',
      caPath,
      ...(repo ? ['--repo', repo] : []),
      ...world.args,
    ],
    apply: change => applyChange({ dns, hosts, repo, cloudflare, refresh }, change),
    close: async () => {
      await Promise.all([
        resolver.close(),
        plain.close(),
        api?.close(),
        ...[...endpoints.values(), ...fronts.values()].map(server => server.close()),
        ...hosts.map(host => host.tls?.close()),
        ...mail.map(host => host.server?.close()),
        ...Object.values(mutes).map(server => new Promise<void>(done => server.close(() => done()))),
      ])
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
