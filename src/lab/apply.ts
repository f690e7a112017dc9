// Changes to a running world: what a fix says as data is done here, so that a test can see that it heals.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import type { Change, DnsChange, FileChange, RedirectChange, SettingChange } from '../core/fix.ts'
import { wayWithin } from '../core/paths.ts'
import { entryAt } from '../core/setting-words.ts'
import { type ApiState, applyCloudflare } from './cloudflare-api.ts'
import { type DnsState, delegationOf, primaryData } from './dns-state.ts'
import { encodeData } from './dns-wire.ts'
import type { MailState } from './mail-server.ts'
import { commitAll } from './repository.ts'
import type { HostState } from './web-types.ts'
import { addressesOf } from './world-state.ts'
import { ancestors, canonicalData, parseRecords, plainName, withSerial } from './zone.ts'

export type Applied = 'applied' | 'manual' | 'command'

/** What apply may touch. `refresh` opens doors that the change needs. */
export type Changeable = {
  dns: DnsState
  hosts: HostState[]
  mail: MailState[]
  repo: string | null
  /** Where the program runs, and its config lies. */
  cwd: string
  cloudflare: ApiState | null
  refresh(): Promise<void>
  /** Makes a host of its own of a name that another host answered for until now; null where the name leads to no host. */
  adopt(name: string): Promise<HostState | null>
  /** Opens the TLS server of a host anew: what it offers in the handshake has changed. */
  reopen(host: HostState): Promise<void>
}

/** Data of two records say the same (TXT strings joined, names and addresses in any spelling). */
const sameData = (type: string, one: string, other: string): boolean => {
  if (one === other) return true
  const plain = (text: string): string =>
    /^\s*"/.test(text) ? [...text.matchAll(/"((?:[^"\\]|\\.)*)"/gs)].map(match => match[1]).join('') : text
  if (type === 'TXT' || type === 'SPF') return plain(one) === plain(other)
  try {
    return encodeData(type, one.toLowerCase()).equals(encodeData(type, other.toLowerCase()))
  } catch {
    return false
  }
}

const applyDns = (dns: DnsState, change: DnsChange): void => {
  const name = plainName(change.name)
  const type = change.type.toUpperCase()
  const isDs = type === 'DS'
  const zone = (isDs ? ancestors(name).slice(1) : ancestors(name)).find(outer => dns.zones.has(outer) && outer !== '')
  if (isDs && dns.zones.has(name)) {
    // The parent's record of a child: it stands with the delegation.
    const state = dns.zones.get(name)!
    const kept = delegationOf(dns, name)
      .filter(record => change.action === 'add' || record.type !== 'DS')
      .map(record => `${record.name}. ${record.type} ${record.data}`)
    state.delegation = [...kept, ...(change.action === 'remove' ? [] : [`@ DS ${change.data}`])].join('\n')
    return
  }
  if (zone === undefined) throw new Error(`no zone of this world holds ${name}`)
  const data = canonicalData(type, change.data, '')
  // A valid record or an error now, not when it is asked for.
  if (change.action !== 'remove') encodeData(type, data)
  const expected = change.action === 'remove' ? change.data : change.action === 'replace' ? change.was : undefined
  const primary = primaryData(dns, zone)?.records ?? []
  if (
    expected !== undefined &&
    !primary.some(
      record =>
        record.name === name && record.type === type && sameData(type, record.data, canonicalData(type, expected, '')),
    )
  ) {
    throw new Error(`there is no record ${name} ${type} ${expected} to ${change.action}`)
  }
  for (const server of dns.servers.values()) {
    const served = server.zones.get(zone)
    if (!served) continue
    const { records } = served.data
    const isSameSet = (record: { name: string; type: string }): boolean => record.name === name && record.type === type
    const was = change.action === 'remove' ? change.data : change.was
    const old = records.filter(
      record => isSameSet(record) && (!was || sameData(type, record.data, canonicalData(type, was, ''))),
    )
    const gone = change.action === 'add' ? [] : old
    const ttl = change.ttl ?? old[0]?.ttl ?? records.find(isSameSet)?.ttl ?? 3600
    const added = change.action === 'remove' ? [] : [{ name, ttl, type, data }]
    const kept = records.filter(
      record =>
        !gone.includes(record) && !added.some(fresh => isSameSet(record) && sameData(type, record.data, fresh.data)),
    )
    served.data = withSerial({ name: zone, records: [...kept, ...added] })
  }
}

/** The host that a change is about; null for changes about none. */
const hostOf = (change: Change): string | null => {
  if (change.kind === 'http-header') return change.host
  if (change.kind === 'redirect') return new URL(change.from).hostname
  const isServer = change.kind === 'setting' && ['tls', 'web-server', 'http'].includes(change.provider)
  return isServer ? (change.path.split('/')[0] ?? null) : null
}

const hostNamed = (world: Changeable, name: string): HostState => {
  const host = world.hosts.find(candidate => candidate.name === name)
  if (!host) throw new Error(`the world has no host ${name}`)
  return host
}

const applyRedirect = (world: Changeable, change: RedirectChange): void => {
  const from = new URL(change.from)
  const host = hostNamed(world, from.hostname)
  const scheme = from.protocol === 'https:' ? 'https' : 'http'
  host.redirects.unshift({
    scheme,
    path: from.pathname,
    to: change.to,
    status: change.status,
    tree: change.tree ?? false,
  })
  // A rule at a closed port serves nobody: putting it in place opens the port.
  if (scheme === 'http' && host.spec.http === 'closed') host.spec.http = 'redirect'
}

const days = 86_400_000

const applyTls = (world: Changeable, path: string, value: unknown): void => {
  const [name = '', what] = path.split('/')
  const host = hostNamed(world, name)
  if (what === 'certificate') {
    const wanted = (value ?? {}) as { names?: string[]; validDays?: number }
    // A freshly issued certificate is sound in every other respect.
    host.spec.certificate = {
      names: wanted.names ?? [name],
      notBefore: -3_600_000,
      notAfter: (wanted.validDays ?? 90) * days,
    }
    if (host.spec.https !== 'serve') host.spec.https = 'serve'
  } else if (what === 'minimum-version')
    host.spec.tls = { ...host.spec.tls, min: value as 'TLSv1.2', ciphers: undefined }
  else if (what === 'maximum-version') host.spec.tls = { ...host.spec.tls, max: value as 'TLSv1.3' }
  else if (what === 'ciphers') host.spec.tls = { ...host.spec.tls, ciphers: value === null ? undefined : String(value) }
  else throw new Error(`the lab has no TLS setting ${path}`)
  if (host.spec.tls.max && host.spec.tls.min && host.spec.tls.max < host.spec.tls.min) host.spec.tls.max = undefined
  host.tls?.renew()
}

const applyWebServer = (world: Changeable, path: string, value: unknown): void => {
  const slash = path.indexOf('/')
  const host = hostNamed(world, slash < 0 ? path : path.slice(0, slash))
  const route = slash < 0 ? '/' : path.slice(slash)
  const wanted = (value ?? {}) as { status?: number; remove?: boolean; listen?: number; close?: number; body?: string }
  if (wanted.listen === 80) host.spec.http = 'redirect'
  else if (wanted.listen === 443) host.spec.https = 'serve'
  else if (wanted.close === 80) host.spec.http = 'closed'
  else if (wanted.close === 443) host.spec.https = 'closed'
  else if (wanted.remove) {
    for (const key of Object.keys(host.spec.routes))
      if (key === route || key.endsWith(` ${route}`)) delete host.spec.routes[key]
    // What stays visible through the fallback is taken away too.
    host.spec.routes[route] = { status: 404, body: 'not found\n' }
  } else if (wanted.status !== undefined) host.spec.routes[route] = { status: wanted.status, body: wanted.body ?? '' }
  else if (wanted.body !== undefined) host.spec.routes[route] = { body: wanted.body }
  else throw new Error(`the lab has no web-server setting ${path} = ${JSON.stringify(value)}`)
}

/** How a host's answers travel: `compression`, `protocols`, `etag`, `conditional`, `cookies/<name>/<attribute>`. */
const applyHttp = async (world: Changeable, path: string, value: unknown): Promise<void> => {
  const [name = '', what] = path.split('/')
  const host = hostNamed(world, name)
  const answers = Object.values(host.spec.routes).flat()
  if (what === 'compression') {
    host.spec.compress = value as ('br' | 'gzip')[]
    for (const answer of answers) delete answer.compress
  } else if (what === 'etag') {
    host.spec.etag = value === true
    for (const answer of answers) delete answer.etag
  } else if (what === 'conditional') {
    for (const answer of answers) delete answer.ignoresValidators
  } else if (what === 'cookies') {
    const [cookie = '', attribute = ''] = path.split('/').slice(2)
    host.cookieChanges.push({ cookie, attribute, value: typeof value === 'string' ? value : null })
  } else if (what === 'protocols') {
    host.spec.tls = { ...host.spec.tls, alpn: value as ('h2' | 'http/1.1')[] }
    await world.reopen(host)
  } else throw new Error(`the lab has no HTTP setting ${path}`)
}

/** What a mail server offers: `starttls`, `certificate`, `minimum-version`. */
const applyMailServer = (world: Changeable, path: string, value: unknown): void => {
  const [name = '', what] = path.split('/')
  // Another name of a server leads to its address.
  const at = addressesOf(world.dns, name)
  const server =
    world.mail.find(candidate => candidate.name === name) ??
    world.mail.find(({ addresses }) => addresses.some(address => at.includes(address)))
  if (!server) throw new Error(`the world has no mail server ${name}`)
  if (what === 'starttls') server.spec.starttls = 'offered'
  else if (what === 'certificate') {
    const { names: wanted = [name] } = (value ?? {}) as { names?: string[] }
    const names = [...new Set([...wanted, server.name])]
    server.spec.certificate = { names, notBefore: -3_600_000, notAfter: 90 * days }
  } else if (what === 'minimum-version')
    server.spec.tls = { ...server.spec.tls, min: value as 'TLSv1.2', max: undefined, ciphers: undefined }
  else throw new Error(`the lab has no setting of mail servers ${path}`)
}

/** A key of a file of ours beside the product, or an entry of a list in it (`monitor.monitors[]`); null takes the key out. */
const applyOwnFile = ({ cwd, repo }: Changeable, { provider, path, value }: SettingChange): void => {
  const file = join(cwd, provider)
  const document = parseDocument(existsSync(file) ? readFileSync(file, 'utf8') : '{}\n')
  const entry = entryAt(path)
  const keys: (string | number)[] = path.replace(/\[\]$/, '').split('.')
  if (entry) {
    const list = entry.list.split('.')
    const items = (document.getIn(list) as { toJSON(): Record<string, unknown>[] } | undefined)?.toJSON() ?? []
    const at = items.findIndex(item => item[entry.by] === entry.name)
    if (at < 0) throw new Error(`${provider} has no ${path}`)
    document.setIn([...list, at, ...entry.key.split('.')], value)
  } else if (value === null) document.deleteIn(keys)
  else if (path.endsWith('[]') && document.hasIn(keys)) document.addIn(keys, document.createNode(value))
  else document.setIn(keys, document.createNode(path.endsWith('[]') ? [value] : value))
  writeFileSync(file, document.toString())
  if (repo) commitAll(repo, `change ${path} of ${provider}`)
}

const applyNameServer = (dns: DnsState, address: string, value: unknown): void => {
  const server = dns.servers.get(address)
  if (!server) throw new Error(`the world has no name server at ${address}`)
  const wanted = (value ?? {}) as { serves?: string; remove?: boolean; tcp?: boolean; transfer?: boolean }
  if (wanted.remove) {
    dns.servers.delete(address)
    for (const zone of dns.zones.values()) zone.servers = zone.servers.filter(other => other !== address)
  } else if (wanted.serves !== undefined) {
    const name = plainName(wanted.serves)
    const zone = dns.zones.get(name)
    const data = primaryData(dns, name)
    if (!zone || !data) throw new Error(`the world has no zone ${name}`)
    server.zones.set(name, { data, transfer: server.zones.get(name)?.transfer ?? false })
    if (!zone.servers.includes(address)) zone.servers.push(address)
  } else if (wanted.tcp) {
    for (const zone of server.zones.values()) if (zone.fault === 'no-tcp') zone.fault = undefined
  } else if (wanted.transfer === false) {
    for (const zone of server.zones.values()) zone.transfer = false
  } else throw new Error(`the lab has no name-server setting ${address} = ${JSON.stringify(value)}`)
}

/** `<zone>/nameservers`: names that the parent lists; `<zone>/glue`: name → addresses. */
const applyRegistrar = (dns: DnsState, path: string, value: unknown): void => {
  const [name = '', what] = path.split('/')
  const zone = dns.zones.get(plainName(name))
  if (!zone) throw new Error(`the world has no zone ${name}`)
  const origin = plainName(name)
  const data = primaryData(dns, origin)
  const glueOf = (server: string): string[] =>
    (data?.records ?? [])
      .filter(record => record.name === plainName(server) && (record.type === 'A' || record.type === 'AAAA'))
      .map(record => `${record.name}. ${record.type} ${record.data}`)
  if (what === 'nameservers') {
    const servers = (value as string[]).map(server => plainName(server))
    zone.delegation = servers.flatMap(server => [`@ NS ${server}.`, ...glueOf(server)]).join('\n')
  } else if (what === 'glue') {
    const glue = value as Record<string, string[]>
    const names = Object.keys(glue).map(plainName)
    const kept = parseRecords(zone.delegation ?? '', origin, zone.ttl).filter(
      record => record.type === 'NS' || record.type === 'DS' || !names.includes(record.name),
    )
    const servers =
      zone.delegation === null
        ? (data?.records ?? []).filter(record => record.name === origin && record.type === 'NS')
        : []
    zone.delegation = [
      ...[...kept, ...servers].map(record => `${record.name}. ${record.type} ${record.data}`),
      ...Object.entries(glue).flatMap(([server, addresses]) =>
        addresses.map(address => `${plainName(server)}. ${address.includes(':') ? 'AAAA' : 'A'} ${address}`),
      ),
    ].join('\n')
  } else throw new Error(`the lab has no registrar setting ${path}`)
}

const applySetting = async (world: Changeable, change: SettingChange): Promise<void> => {
  const { provider, path, value } = change
  if (provider === 'tls') applyTls(world, path, value)
  else if (provider === 'http') await applyHttp(world, path, value)
  else if (provider === 'web-server') applyWebServer(world, path, value)
  else if (provider === 'mail-server') applyMailServer(world, path, value)
  else if (/^launch-ready\.(?:config|handover)\.yaml$/.test(provider)) applyOwnFile(world, change)
  else if (provider === 'name-server') applyNameServer(world.dns, path, value)
  else if (provider === 'registrar') applyRegistrar(world.dns, path, value)
  else if (provider === 'cloudflare' && world.cloudflare) applyCloudflare(world.cloudflare, path, value)
  else throw new Error(`the lab has no provider ${provider} (${path})`)
}

const applyFile = (repo: string | null, change: FileChange): void => {
  if (!repo) throw new Error(`the world has no repository for ${change.path}`)
  const path = resolve(repo, change.path)
  if (wayWithin(repo, path) === null) throw new Error(`${change.path} is outside the repository`)
  if (change.patch !== undefined)
    execFileSync('git', ['apply', '--unidiff-zero', '-'], { cwd: repo, input: change.patch })
  else if (change.action === 'delete') rmSync(path, { force: true })
  else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, change.content ?? '')
  }
  commitAll(repo, `change ${change.path}`)
}

/** Does a change. Manual steps and commands are not done, and said so; what the world cannot do throws. */
export const applyChange = async (world: Changeable, change: Change): Promise<Applied> => {
  const about = hostOf(change)
  if (about !== null && !world.hosts.some(({ name }) => name === about)) await world.adopt(about)
  // Whoever deploys purges what a shared cache keeps.
  world.hosts.find(({ name }) => name === about)?.kept.clear()
  switch (change.kind) {
    case 'manual':
    case 'command':
      return change.kind
    case 'dns':
      applyDns(world.dns, change)
      break
    case 'http-header': {
      const value = change.action === 'remove' ? null : (change.value ?? '')
      hostNamed(world, change.host).headerChanges.push({
        path: change.path ?? '/',
        exact: change.exact ?? false,
        name: change.name.toLowerCase(),
        value,
      })
      break
    }
    case 'redirect':
      applyRedirect(world, change)
      break
    case 'setting':
      await applySetting(world, change)
      break
    case 'file':
      applyFile(world.repo, change)
      break
  }
  await world.refresh()
  return 'applied'
}
