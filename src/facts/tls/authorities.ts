// The roots that could end a host's chains, and what is fetched where a chain ends in nothing.
import { rootCertificates } from 'node:tls'
import { type Authority, judgeChain } from '../../formats/tls/certificate-path.ts'
import { subjectOf, tryCertificate } from '../../formats/tls/x509.ts'
import type { CollectContext } from '../definition.ts'
import type { Tls } from './tls.ts'

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
export const rootsOf = async (
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
