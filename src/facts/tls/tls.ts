// How a host speaks TLS on port 443, at each of its addresses: the chain as sent, versions, dead cipher suites, forward secrecy. Read by
// a client of our own (net/tls.ts); the roots that matter stand beside, so that judging needs nothing else.
import { rootCertificates } from 'node:tls'
import { type Fact, type Missing, missing, nameGone, observed } from '../../core/fact.ts'
import { limits } from '../../data/limits.ts'
import { type Authority, judgeChain } from '../../formats/tls/certificate-path.ts'
import { subjectOf, tryCertificate } from '../../formats/tls/x509.ts'
import { readTls, type TlsAnswer } from '../../net/tls.ts'
import type { HelloOffer } from '../../net/tls-messages.ts'
import {
  finiteFieldSuites,
  forwardSecretSuites,
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

export type { TlsAnswer, TlsVersion, WeakFamily }

/** True: it does; false: it refused; null: not asked at this address, or no certain answer came. */
export type Offered = boolean | null

export type TlsEndpoint = {
  address: string
  family: 4 | 6
  /** What a modern client was answered, or the best that older ones were. */
  handshake: Fact<TlsAnswer>
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

/** One connection, one hello. */
const askOnce = async (
  context: CollectContext,
  host: string,
  address: string,
  offer: HelloOffer,
  timeoutMs: number,
): Promise<Probe> => {
  const where = address.includes(':') ? `[${address}]:443` : `${address}:443`
  const dialled = await context.net.dial({ host, port: 443, address })
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
const ask = async (context: CollectContext, host: string, address: string, offer: HelloOffer): Promise<Probe> => {
  const { timeoutMs, net } = context
  const looked = await net.secondLook({ key: `tls ${address}`, timeoutMs }, async within => {
    const probe = await askOnce(context, host, address, offer, within)
    return 'missing' in probe ? probe.missing : observed(probe, '')
  })
  return looked.ok ? looked.value : { missing: looked }
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
  byVersion: readonly Probe[],
): Record<TlsVersion, Offered> => {
  const versions = nothing(tlsVersions)
  for (const { version } of answers) versions[version] = true
  // Without any answer a refusal may be meant for everything that we send.
  if (answers.length === 0) return versions
  const refuse = (version: TlsVersion, probe: Probe): void => {
    if (versions[version] === null && !('missing' in probe)) versions[version] = false
  }
  for (const [at, probe] of byVersion.entries()) refuse(olderVersions[at]!, probe)
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
const forwardSecrecyOf = async (hello: Hello, answers: readonly TlsAnswer[], all: boolean): Promise<Offered> => {
  if (answers.some(isForwardSecret)) return true
  if (!all || answers.length === 0) return null
  const probe = await hello(belowSuites13, forwardSecretSuites)
  return 'missing' in probe ? null : answerOf(probe) !== null
}

/** Everything about one address. `all` false: the modern handshake alone. */
const probeEndpoint = async (
  context: CollectContext,
  host: string,
  { address, family }: { address: string; family: 4 | 6 },
  all: boolean,
): Promise<TlsEndpoint> => {
  const hello: Hello = (versions, suites) =>
    ask(context, host, address, { versions, suites, serverName: host, alpn: httpProtocols })
  const modernHello = () => hello(['TLSv1.3', 'TLSv1.2'], [...suitesOf13, ...suitesBelow13])
  // All at once: a host costs two round trips, whatever it answers.
  const [first, dead, finite, ...byVersion] = await Promise.all([
    modernHello(),
    all ? hello(belowSuites13, weakSuites(weakFamilies)) : undefined,
    all ? hello(belowSuites13, finiteFieldSuites) : undefined,
    ...(all ? olderVersions : []).map(version => hello([version], suitesBelow13)),
  ])
  // Closed without a word may be a hiccup; a second try tells.
  const modern = 'refused' in first && !byVersion.some(answerOf) ? await modernHello() : first
  const answers = [modern, ...byVersion, finite, dead].flatMap(probe => answerOf(probe) ?? [])
  const { weak, weakCiphers } = await weakOf(hello, dead, answers.length > 0)
  const bits = answers.flatMap(({ dhBits }) => dhBits ?? [])
  return {
    address,
    family,
    handshake: answers[0] ? observed(answers[0], context.now()) : failureOf(modern),
    versions: versionsOf(answers, modern, byVersion),
    weak,
    weakCiphers,
    forwardSecrecy: await forwardSecrecyOf(hello, answers, all),
    dhBits: bits.length ? Math.min(...bits) : null,
  }
}

/** The bundled roots by their subject (DER in base64): reading all of them takes tens of milliseconds. */
const indexRoots = (): ReadonlyMap<string, string[]> => {
  const bySubject = new Map<string, string[]>()
  for (const pem of rootCertificates) {
    const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
    const name = subjectOf(der)
    if (name) bySubject.set(name, [...(bySubject.get(name) ?? []), der.toString('base64')])
  }
  return bySubject
}

const pemCertificates = (pem: string): Buffer[] =>
  [...pem.matchAll(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----([\s\S]*?)-----END/g)].map(match =>
    Buffer.from(match[1]!, 'base64'),
  )

/** The roots, public and the user's own, that one of these certificates names as issuer or is itself. */
const authoritiesFor = (context: CollectContext, chains: readonly string[]): Authority[] => {
  const bundled = context.once('tls: bundled roots', indexRoots)
  const read = chains.flatMap(der => tryCertificate(der) ?? [])
  const wanted = new Set(read.flatMap(({ subject, issuer }) => [subject.der, issuer.der]))
  // A root of the same organisation tells a forgotten intermediate from a stranger.
  const organizations = new Set(read.flatMap(({ issuer }) => issuer.organization ?? []))
  const found = new Map<string, Authority>()
  for (const pem of context.net.options.ca.flatMap(pemCertificates)) {
    const root = tryCertificate(pem)
    if (root && (wanted.has(root.subject.der) || organizations.has(root.subject.organization ?? '')))
      found.set(root.der.toString('base64'), { der: root.der.toString('base64'), private: true })
  }
  for (const subject of wanted) for (const der of bundled.get(subject) ?? []) found.set(der, { der, private: false })
  return [...found.values()].sort((a, b) => (a.der < b.der ? -1 : 1))
}

/** Certificates of one file: DER, or PEM. Bundles in PKCS #7 are not read. */
const readFetched = (body: string): string | null => {
  const [pem] = pemCertificates(body)
  const bytes = pem ?? Buffer.from(body, 'latin1')
  return tryCertificate(bytes)?.der.toString('base64') ?? null
}

const mostIssuerBytes = 64 * 1024
const mostIssuers = 3

/** Follows "my issuer is at …" upwards, a few steps, over HTTP. */
const fetchIssuers = async (context: CollectContext, from: string): Promise<Tls['fetched']> => {
  const fetched: Tls['fetched'] = []
  let at = tryCertificate(from)
  while (at && fetched.length < mostIssuers && at.issuer.der !== at.subject.der) {
    const url = at.issuerUrls.find(each => each.startsWith('http://') && URL.canParse(each))
    if (!url || fetched.some(each => each.url === url)) break
    const got = await context.net.http({ url, maxBytes: mostIssuerBytes, follow: 1 })
    const last = got.ok ? got.value.hops.at(-1) : undefined
    const der = last?.status === 200 && !last.truncated ? readFetched(last.body) : null
    fetched.push({ url, der })
    at = der ? tryCertificate(der) : null
  }
  return fetched
}

/** The roots that could end the chains, and what was fetched for the first chain that ends in nothing. */
const rootsOf = async (
  context: CollectContext,
  host: string,
  chains: readonly string[][],
): Promise<Pick<Tls, 'authorities' | 'fetched'>> => {
  const authorities = authoritiesFor(context, chains.flat())
  const fetched: Tls['fetched'] = []
  const now = Date.parse(context.now())
  for (const chain of chains) {
    const { path, trust } = judgeChain({ host, chain, authorities, fetched: [], scts: 0, now })
    const tip = path.at(-1)
    if (!trust && tip && fetched.length === 0)
      fetched.push(...(await fetchIssuers(context, tip.der.toString('base64'))))
  }
  return fetched.length
    ? { authorities: authoritiesFor(context, [...chains.flat(), ...fetched.flatMap(({ der }) => der ?? [])]), fetched }
    : { authorities, fetched }
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

    // The whole set at the first address of each family, the certificate at every one.
    const firsts = new Set([4, 6].map(family => open.find(each => each.family === family)?.address))
    const [nameless, ...endpoints] = await Promise.all([
      ask(context, host, open[0]!.address, {
        versions: ['TLSv1.3', 'TLSv1.2'],
        suites: [...suitesOf13, ...suitesBelow13],
        serverName: null,
        alpn: httpProtocols,
      }),
      ...open.map(each => probeEndpoint(context, host, each, firsts.has(each.address))),
    ])
    const chains = endpoints.flatMap(({ handshake }) => (handshake.ok ? [handshake.value.chain] : []))
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
