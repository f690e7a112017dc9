// How a host speaks TLS on port 443, at each of its addresses: the chain as sent, versions, dead cipher suites, forward secrecy. Read by
// a client of our own (net/tls.ts); the roots that matter stand beside, so that judging needs nothing else.
import { type Fact, type Missing, missing, nameGone, observed } from '../../core/fact.ts'
import { limits } from '../../data/limits.ts'
import type { Authority } from '../../formats/tls/certificate-path.ts'
import { tryCertificate } from '../../formats/tls/x509.ts'
import { createKeyedLimiter } from '../../net/limits.ts'
import { readTls, type TlsAnswer } from '../../net/tls.ts'
import type { HelloOffer } from '../../net/tls-messages.ts'
import {
  browserOffers,
  type ClientOffer,
  finiteFieldSuites,
  forwardSecretSuites,
  keyTypeOffers,
  suiteOf,
  suitesBelow13,
  suitesOf13,
  type TlsVersion,
  tlsVersions,
  type WeakFamily,
  weakFamilies,
  weakSuites,
} from '../../net/tls-suites.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { noAddress } from '../dns/addresses.ts'
import { rootsOf } from './authorities.ts'

export type { TlsAnswer, TlsVersion, WeakFamily }

/** True: it does; false: it refused; null: not asked at this address, or no certain answer came. */
export type Offered = boolean | null

export type TlsEndpoint = {
  address: string
  family: 4 | 6
  /** What Chrome is answered; where it is refused, what Safari is, or a client that takes everything. */
  handshake: Fact<TlsAnswer>
  /** Whether a browser's own hello is answered; Safari's is sent only where Chrome's was refused. */
  browsers: { chrome: Offered; safari: Offered }
  /** What a client is sent that takes the other type of key alone (RSA, elliptic curves); null where that is refused, or the same. */
  otherKey: Pick<TlsAnswer, 'chain' | 'scts' | 'ocsp'> | null
  versions: Record<TlsVersion, Offered>
  weak: Record<WeakFamily, Offered>
  /** Suites of the dead families that were accepted, by OpenSSL's names. */
  weakCiphers: string[]
  forwardSecrecy: Offered
  /** Bits of the finite-field group that the server uses when a client wants one; null where it uses none. */
  dhBits: number | null
}

export type Tls = {
  /** In the order of family, then address. */
  endpoints: TlsEndpoint[]
  /** The same at the ports of routes that the config names, where they are others than 443. In the order of the ports. */
  otherPorts: { port: number; endpoints: TlsEndpoint[] }[]
  /** Addresses that nobody on the internet reaches; not connected to. */
  privateAddresses: string[]
  /** Leaf that is served to a client that names no host, DER in base64; null when none came. */
  withoutName: string | null
  /** Trusted roots that could end one of the chains. */
  authorities: Authority[]
  /** Certificates fetched from the address that a chain's last one gives for its issuer. Only where the chain ends in nothing. */
  fetched: { url: string; der: string | null }[]
  /** Filled in only where no address answered: hosts of the domain that did, and whether an ordinary client got through to this one. */
  elsewhere: string[]
  otherClient: boolean
}

type Probe = { answer: TlsAnswer } | { refused: string } | { missing: Missing }

const httpProtocols = ['h2', 'http/1.1']
const belowSuites13: TlsVersion[] = ['TLSv1.2']

const nothing = <K extends string>(keys: readonly K[]): Record<K, Offered> =>
  Object.fromEntries(keys.map(key => [key, null])) as Record<K, Offered>

type Asking = { context: CollectContext; host: string; address: string; port: number }

/** One connection, one hello. */
const askOnce = async (
  { context, host, address, port }: Asking,
  offer: HelloOffer,
  timeoutMs: number,
): Promise<Probe> => {
  const where = `${address.includes(':') ? `[${address}]` : address}:${port}`
  const dialled = await context.net.dial({ host, port, address })
  if (!dialled.ok) return { missing: dialled }
  const end = await readTls(dialled.value.socket, offer, timeoutMs, context.net.options.clock)
  switch (end.kind) {
    case 'answered':
      return { answer: end.answer }
    case 'alert':
      return { refused: `${where} refuses the TLS handshake (${end.alert})` }
    case 'closed':
      return { refused: `${where} closes the connection during the TLS handshake` }
    case 'timeout':
      return { missing: missing('timeout', `${where} does not complete the TLS handshake`) }
    case 'malformed':
      return { missing: missing('malformed', `${where} answers the TLS handshake with something else: ${end.message}`) }
  }
}

/** The same, again with more time where it timed out. */
const ask = ({ context, ...asking }: Asking, offer: HelloOffer): Promise<Probe> => {
  const { timeoutMs, net } = context
  const key = `${asking.address} ${asking.port}`
  // However many names share an address, it gets few handshakes at once.
  const limited = context.once('tls: handshakes', () => createKeyedLimiter(limits.handshakesPerAddress))
  return limited(key, async () => {
    const looked = await net.secondLook({ key: `tls ${key}`, timeoutMs }, async within => {
      const probe = await askOnce({ context, ...asking }, offer, within)
      return 'missing' in probe ? probe.missing : observed(probe, '')
    })
    return looked.ok ? looked.value : { missing: looked }
  })
}

const answerOf = (probe: Probe | undefined): TlsAnswer | null => (probe && 'answer' in probe ? probe.answer : null)

const failureOf = (probe: Probe): Missing =>
  'missing' in probe ? probe.missing : missing('tls-handshake', 'refused' in probe ? probe.refused : 'no TLS handshake')

/** One hello to one address. */
type Hello = (versions: TlsVersion[], suites: readonly number[]) => Promise<Probe>

/** Versions that are each asked for alone. */
const olderVersions = ['TLSv1.2', 'TLSv1.1', 'TLSv1', 'SSLv3'] as const

/** What each version got: accepted, refused, or no certain answer. */
const versionsOf = (
  answers: readonly TlsAnswer[],
  modern: Probe,
  asked: readonly TlsVersion[][],
  byVersion: readonly Probe[],
): Record<TlsVersion, Offered> => {
  const versions = nothing(tlsVersions)
  for (const { version } of answers) versions[version] = true
  // Without any answer a refusal may be meant for everything that we send.
  if (answers.length === 0) return versions
  const refuse = (version: TlsVersion, probe: Probe): void => {
    if (versions[version] === null && !('missing' in probe)) versions[version] = false
  }
  for (const [at, probe] of byVersion.entries()) {
    // A server takes the highest that it has of what a hello allows: what lies above its answer is refused.
    const reached = tlsVersions.indexOf(answerOf(probe)?.version ?? 'SSLv3')
    for (const version of asked[at]!)
      if (answerOf(probe) === null || tlsVersions.indexOf(version) > reached) refuse(version, probe)
  }
  refuse('TLSv1.3', modern)
  return versions
}

/**
 * The dead cipher families: `first` was offered all of them; where the server chose one, each of the others is asked for
 * by itself. `isAnswering`: the address answered something, so that a refusal is certain.
 */
const weakOf = async (hello: Hello, first: Probe | undefined, isAnswering: boolean) => {
  const weak = nothing(weakFamilies)
  const ciphers = new Set<string>()
  const note = (probe: Probe | undefined, families: readonly WeakFamily[]): void => {
    const answer = answerOf(probe)
    if (answer) {
      const family = families.find(each => weakSuites([each]).some(code => suiteOf(code).name === answer.cipher))
      if (!family) return
      weak[family] = true
      ciphers.add(answer.cipher)
    } else if (isAnswering && probe && 'refused' in probe) for (const family of families) weak[family] ??= false
  }
  note(first, weakFamilies)
  if (answerOf(first)) {
    const left = weakFamilies.filter(family => !weak[family])
    const more = await Promise.all(left.map(family => hello(belowSuites13, weakSuites([family]))))
    for (const [at, family] of left.entries()) note(more[at], [family])
  }
  return { weak, weakCiphers: [...ciphers].sort() }
}

const isForwardSecret = ({ version, cipher }: TlsAnswer): boolean =>
  version === 'TLSv1.3' || [...forwardSecretSuites].some(code => suiteOf(code).name === cipher)

/** Whether a client that insists on forward secrecy gets through. */
const forwardSecrecyOf = async (hello: Hello, answers: readonly TlsAnswer[]): Promise<Offered> => {
  if (answers.some(isForwardSecret)) return true
  if (answers.length === 0) return null
  const probe = await hello(belowSuites13, forwardSecretSuites)
  return 'missing' in probe ? null : answerOf(probe) !== null
}

const offeredOf = (probe: Probe | undefined): Offered =>
  !probe || 'missing' in probe ? null : answerOf(probe) !== null

const helloOf =
  (asking: Asking) =>
  (versions: TlsVersion[], offer: Pick<HelloOffer, 'suites' | 'groups' | 'schemes'>): Promise<Probe> =>
    ask(asking, { versions, serverName: asking.host, alpn: httpProtocols, ...offer })

const everything = { suites: [...suitesOf13, ...suitesBelow13] }
const current: TlsVersion[] = ['TLSv1.3', 'TLSv1.2']

/** How browsers fare at an address. Where Chrome is turned away, it is tried again (closed without a word may be a hiccup), and others. */
const browse = async (asking: Asking) => {
  const any = helloOf(asking)
  const hello = async (offer: ClientOffer): Promise<Probe> => {
    const probe = await any(current, offer)
    const version = answerOf(probe)?.version
    // An old server answers with a version that was not asked for; a browser ends the connection then.
    return version && !current.includes(version) ? { refused: `${asking.host} speaks ${version} alone` } : probe
  }
  const first = await hello(browserOffers.chrome)
  if (!('refused' in first)) return { chrome: first, safari: undefined, any: first }
  const [chrome, safari, last] = await Promise.all([
    hello(browserOffers.chrome),
    hello(browserOffers.safari),
    any(current, everything),
  ])
  return { chrome, safari, any: 'answer' in chrome ? chrome : last }
}

/** The certificate for clients that take the other type of key alone. */
const otherKeyOf = async (asking: Asking, answer: TlsAnswer | undefined): Promise<TlsEndpoint['otherKey']> => {
  const typeOf = (der: string | undefined): string | undefined => (der ? tryCertificate(der)?.key?.type : undefined)
  const own = typeOf(answer?.chain[0])
  if (own !== 'rsa' && own !== 'ec') return null
  const other = answerOf(await helloOf(asking)(current, keyTypeOffers[own === 'rsa' ? 'ec' : 'rsa']))
  if (!other || typeOf(other.chain[0]) === own || typeOf(other.chain[0]) === undefined) return null
  return { chain: other.chain, scts: other.scts, ocsp: other.ocsp }
}

/**
 * Everything about one address. `all` false: the dead versions are asked for in one hello, and no finite-field group is looked for, since
 * another address of the same family has told.
 */
const probeEndpoint = async (
  asking: Asking,
  family: 4 | 6,
  all: boolean,
  sameAs: Promise<string | null>,
): Promise<TlsEndpoint> => {
  const hello: Hello = (versions, suites) => helloOf(asking)(versions, { suites })
  const asked: TlsVersion[][] = all ? olderVersions.map(version => [version]) : [['TLSv1.1', 'TLSv1', 'SSLv3']]
  // All at once: a host costs two round trips, whatever it answers.
  const [{ chrome, safari, any }, dead, finite, ...byVersion] = await Promise.all([
    browse(asking),
    hello(belowSuites13, weakSuites(weakFamilies)),
    all ? hello(belowSuites13, finiteFieldSuites) : undefined,
    ...asked.map(versions => hello(versions, suitesBelow13)),
  ])
  const answers = [chrome, safari, any, ...byVersion, finite, dead].flatMap(probe => answerOf(probe) ?? [])
  const [{ weak, weakCiphers }, otherKey, forwardSecrecy] = await Promise.all([
    weakOf(hello, dead, answers.length > 0),
    // An address with the certificate of the first one is set up alike: that one tells of the other type of key.
    sameAs.then(leaf => (leaf !== null && leaf === answers[0]?.chain[0] ? null : otherKeyOf(asking, answers[0]))),
    forwardSecrecyOf(hello, answers),
  ])
  const bits = answers.flatMap(({ dhBits }) => dhBits ?? [])
  return {
    address: asking.address,
    family,
    handshake: answers[0] ? observed(answers[0], asking.context.now()) : failureOf(any),
    browsers: { chrome: offeredOf(chrome), safari: offeredOf(safari) },
    otherKey,
    versions: versionsOf(answers, any, asked, byVersion),
    weak,
    weakCiphers,
    forwardSecrecy,
    dhBits: bits.length ? Math.min(...bits) : null,
  }
}

/** The whole set at the first address of each family; at every one the certificates, the dead versions and ciphers. */
const probeAll = (
  context: CollectContext,
  host: string,
  open: readonly { address: string; family: 4 | 6 }[],
  port = 443,
): Promise<TlsEndpoint>[] => {
  const firsts = new Set([4, 6].map(family => open.find(each => each.family === family)?.address))
  const probing: Promise<TlsEndpoint>[] = []
  for (const each of open) {
    const sameAs = probing[0]?.then(({ handshake }) => (handshake.ok ? (handshake.value.chain[0] ?? null) : null))
    const asking = { context, host, address: each.address, port }
    probing.push(probeEndpoint(asking, each.family, firsts.has(each.address), sameAs ?? Promise.resolve(null)))
  }
  return probing
}

/** Ports other than 443 at which routes of the config stand on this host. */
const routePorts = ({ target }: CollectContext, host: string): number[] => {
  const urls = target.routes.map(({ url }) => new URL(url))
  const ports = urls.filter(url => url.protocol === 'https:' && url.hostname === host && url.port !== '')
  return [...new Set(ports.map(({ port }) => Number(port)))].sort((a, b) => a - b).slice(0, limits.routePorts)
}

const fact: FactDefinition<Tls> = {
  on: 'host',
  // The wait for `vantage`, where nothing answered, is the longest.
  deadlines: 14,
  async collect(subject, context) {
    const host = subject.name
    const found = await context.need('addresses', subject)
    if (!found.ok) return found
    if (found.value.status !== 'NOERROR') return noAddress(host, found.value.status)
    const open = found.value.addresses.filter(each => !each.private).slice(0, limits.addressesPerHost)
    const privateAddresses = found.value.addresses.filter(each => each.private).map(each => each.address)
    if (!open.length) return nameGone(host, `${host} has only private addresses`)

    const others = Promise.all(
      routePorts(context, host).map(async port => ({
        port,
        endpoints: await Promise.all(probeAll(context, host, open, port)),
      })),
    )
    const [nameless, ...endpoints] = await Promise.all([
      ask(
        { context, host, address: open[0]!.address, port: 443 },
        {
          versions: ['TLSv1.3', 'TLSv1.2'],
          suites: [...suitesOf13, ...suitesBelow13],
          serverName: null,
          alpn: httpProtocols,
        },
      ),
      ...probeAll(context, host, open),
    ])
    const otherPorts = await others
    const all = [...endpoints, ...otherPorts.flatMap(each => each.endpoints)].flatMap(({ handshake, otherKey }) =>
      [handshake.ok ? handshake.value.chain : null, otherKey?.chain ?? null].filter(chain => chain !== null),
    )
    const chains = [...new Map(all.map(chain => [chain.join(), chain])).values()]
    const { authorities, fetched } = await rootsOf(context, host, chains)
    let elsewhere: string[] = []
    let otherClient = false
    if (!chains.length) {
      const [vantage, web] = await Promise.all([context.need('vantage'), context.need('web', subject)])
      elsewhere = vantage.ok ? vantage.value.reached.filter(name => name !== host) : []
      otherClient = web.ok && web.value.https.ok
    }
    return observed(
      {
        endpoints,
        otherPorts,
        privateAddresses,
        withoutName: answerOf(nameless)?.chain[0] ?? null,
        authorities,
        fetched,
        elsewhere,
        otherClient,
      },
      context.now(),
    )
  },
}
export default fact
