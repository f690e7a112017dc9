// A world as it is now: what its servers answer from, and where a connection to one of its addresses goes.
import { type ApiState, soundState } from './cloudflare-api.ts'
import { createDnsState, type DnsState, resolve } from './dns-state.ts'
import type { Destination } from './front.ts'
import type { MailState } from './mail-server.ts'
import { newLoad } from './web-load.ts'
import type { HostState } from './web-types.ts'
import type { World } from './world.ts'
import { plainName } from './zone.ts'

export type WorldState = {
  world: World
  dns: DnsState
  hosts: HostState[]
  mail: MailState[]
  /** Null where the world has no account. */
  cloudflare: ApiState | null
}

/** A port that addresses of the world may be open at. `peek`: the server name of the TLS hello decides too. */
export type Door = {
  port: number
  peek: boolean
  isOpen(address: string): boolean
  choose(address: string, name: string | null): Destination
}

/** A and AAAA of a name, as the world's own resolver says. */
export const addressesOf = (dns: DnsState, name: string): string[] =>
  ['A', 'AAAA'].flatMap(type =>
    (resolve(dns, { name, type, dnssec: false })?.answers ?? [])
      .filter(record => record.type === type)
      .map(record => record.data),
  )

const cloudflareOf = ({ domain, cloudflare }: World): ApiState | null => {
  if (!cloudflare) return null
  const sound = soundState(domain ?? undefined)
  return {
    ...sound,
    ...cloudflare,
    settings: { ...sound.settings, ...(cloudflare['settings'] as ApiState['settings'] | undefined) },
    phases: { ...sound.phases, ...(cloudflare['phases'] as ApiState['phases'] | undefined) },
  }
}

/** A host that was not asked anything yet. */
export const newHost = (name: string, spec: HostState['spec'], addresses: string[]): HostState => ({
  name,
  spec,
  addresses,
  headerChanges: [],
  cookieChanges: [],
  redirects: [],
  requests: new Map(),
  kept: new Map(),
  load: newLoad(),
})

/** The world at its beginning; `now` is its clock. */
export const stateOf = (world: World, now: Date): WorldState => {
  const dns = createDnsState(world, now.getTime())
  const hosts = Object.entries(structuredClone(world.hosts)).map(([written, spec]): HostState => {
    const name = plainName(written)
    const addresses = spec.addresses ?? addressesOf(dns, name)
    return newHost(name, spec, addresses)
  })
  const mail = Object.entries(world.mail).map(([written, spec]): MailState => {
    const name = plainName(written)
    return { name, spec, addresses: spec.addresses ?? addressesOf(dns, name) }
  })
  return { world, dns, hosts, mail, cloudflare: cloudflareOf(world) }
}

const at = <T extends { addresses: string[] }>(list: T[], address: string): T[] =>
  list.filter(item => item.addresses.includes(address))

const httpState = (host: HostState): string => (typeof host.spec.http === 'string' ? host.spec.http : 'serve')

const chooseTls = (hosts: HostState[], name: string | null): Destination => {
  const host = hosts.find(candidate => candidate.name === name) ?? hosts[0]
  if (!host?.tls || host.spec.https === 'reset' || host.spec.https === 'closed') return 'reset'
  return host.spec.https === 'silent' ? 'silent' : host.tls.port
}

const choosePlain = (hosts: HostState[], port: number): Destination => {
  const [state, another] = new Set(hosts.map(httpState))
  if (another === undefined && (state === 'silent' || state === 'reset')) return state
  return port
}

const chooseMail = (host: MailState | undefined): Destination => {
  const state = host?.spec.port25
  return state === 'silent' || state === 'reset' ? state : (host?.server?.port ?? 'reset')
}

/** The ports of a world; `plainPort` is where the server behind every port 80 listens. */
export const doorsOf = ({ hosts, mail }: WorldState, plainPort: number): Door[] => [
  {
    port: 443,
    peek: true,
    isOpen: address => at(hosts, address).some(host => host.spec.https !== 'closed'),
    choose: (address, name) => chooseTls(at(hosts, address), name),
  },
  {
    port: 80,
    peek: false,
    isOpen: address => at(hosts, address).some(host => httpState(host) !== 'closed'),
    choose: address => choosePlain(at(hosts, address), plainPort),
  },
  {
    port: 25,
    peek: false,
    isOpen: address => at(mail, address).some(host => host.spec.port25 !== 'closed'),
    choose: address => chooseMail(at(mail, address)[0]),
  },
]
