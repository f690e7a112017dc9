// Whether the certificates that a host serves have been revoked: the stapled response, the authority's list, or its OCSP responder.
// What cannot be fetched says nothing: most browsers would not notice either.
import { observed } from '../../core/fact.ts'
import { judgeChain } from '../../formats/tls/certificate-path.ts'
import type { Certificate } from '../../formats/tls/x509.ts'
import { ocspRequest, type RevocationStatus, statusInList, statusInOcsp } from '../../formats/tls/x509-revocation.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

export type Revocation = {
  /** One for each distinct leaf, ordered by it. */
  certificates: {
    /** DER in base64, as in the fact `tls`. */
    leaf: string
    serial: string
    status: 'good' | 'revoked' | 'unknown'
    /** Who says so: `a stapled response`, or the URL asked. Empty where nothing could be asked. */
    by: string
    /** ISO 8601; null unless revoked. */
    since: string | null
    /** Why it is unknown. */
    why: string | null
  }[]
}

const mostLeaves = 4
/** Revocation lists of public authorities are split to stay far below this. */
const mostListBytes = 5 * 1024 * 1024

/** Who answers, and what. */
type Answer = { by: string; is: RevocationStatus }

const isHttp = (url: string): boolean => /^https?:\/\//.test(url) && URL.canParse(url)

const fetchBytes = async (context: CollectContext, url: string, body?: Buffer): Promise<Buffer | string> => {
  const got = await context.net.http({
    url,
    follow: 1,
    maxBytes: mostListBytes,
    ...(body
      ? {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
        }
      : {}),
  })
  if (!got.ok) return got.message
  const last = got.value.hops.at(-1)!
  if (last.status !== 200) return `${url} answers ${last.status}`
  return last.truncated ? `${url} is larger than ${mostListBytes} bytes` : Buffer.from(last.body, 'latin1')
}

/** The stapled response first, then the authority's list, then its responder: the first that knows decides. */
const ask = async (
  context: CollectContext,
  leaf: Certificate,
  issuer: Certificate,
  stapled: string | null,
  now: number,
): Promise<Answer> => {
  const tries: (() => Promise<Answer>)[] = []
  if (stapled)
    tries.push(async () => ({
      by: 'the stapled response',
      is: statusInOcsp(Buffer.from(stapled, 'base64'), leaf, issuer, now),
    }))
  const answerOf = (by: string, got: Buffer | string, read: (bytes: Buffer) => RevocationStatus): Answer => ({
    by,
    is: typeof got === 'string' ? { status: 'unknown', why: got } : read(got),
  })
  for (const url of leaf.crlUrls.filter(isHttp).slice(0, 1))
    tries.push(async () =>
      answerOf(url, await fetchBytes(context, url), bytes => statusInList(bytes, leaf, issuer, now)),
    )
  for (const url of leaf.ocspUrls.filter(isHttp).slice(0, 1))
    tries.push(async () =>
      answerOf(url, await fetchBytes(context, url, ocspRequest(leaf, issuer)), bytes =>
        statusInOcsp(bytes, leaf, issuer, now),
      ),
    )
  let last: Answer = { by: '', is: { status: 'unknown', why: 'the certificate names nobody to ask' } }
  for (const attempt of tries) {
    last = await attempt()
    if (last.is.status !== 'unknown') break
  }
  return last
}

const fact: FactDefinition<Revocation> = {
  on: 'host',
  deadlines: 18,
  async collect(subject, context) {
    const tls = await context.need('tls', subject)
    if (!tls.ok) return tls
    const now = Date.parse(context.now())
    const seen = new Map<string, { leaf: Certificate; issuer: Certificate; stapled: string | null }>()
    for (const { handshake } of tls.value.endpoints) {
      if (!handshake.ok) continue
      const { chain, ocsp } = handshake.value
      const fetched = tls.value.fetched.flatMap(({ der }) => der ?? [])
      const { leaf, path } = judgeChain({
        host: subject.name,
        chain,
        authorities: tls.value.authorities,
        fetched,
        scts: 0,
        now,
      })
      if (leaf && path[1] && seen.size < mostLeaves && !seen.has(chain[0]!))
        seen.set(chain[0]!, { leaf, issuer: path[1], stapled: ocsp })
    }
    const certificates = await Promise.all(
      [...seen].map(async ([der, { leaf, issuer, stapled }]) => {
        const { by, is } = await ask(context, leaf, issuer, stapled, now)
        return {
          leaf: der,
          serial: leaf.serial,
          status: is.status,
          by,
          since: is.status === 'revoked' && Number.isFinite(is.since) ? new Date(is.since).toISOString() : null,
          why: is.status === 'unknown' ? is.why : null,
        }
      }),
    )
    return observed({ certificates: certificates.sort((a, b) => (a.leaf < b.leaf ? -1 : 1)) }, context.now())
  },
}
export default fact
