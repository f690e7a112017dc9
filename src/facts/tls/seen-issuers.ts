// Certificates of authorities that hosts of the domain send: what one host forgets to send, another often shows.
import { observed } from '../../core/fact.ts'
import { limits } from '../../data/limits.ts'
import type { Authority } from '../../formats/tls/certificate-path.ts'
import { tryCertificate } from '../../formats/tls/x509.ts'
import type { FactDefinition } from '../definition.ts'

export type SeenIssuers = {
  /** DER in base64, sorted. */
  issuers: string[]
  /** Roots that end the chains of one of the hosts. */
  authorities: Authority[]
}

const fact: FactDefinition<SeenIssuers> = {
  on: 'domain',
  deadlines: 18,
  async collect(_subject, context) {
    const hosts = await context.subjects('host')
    const all = await Promise.all(hosts.map(host => context.need('tls', host)))
    const seen = all.flatMap(tls => (tls.ok ? [tls.value] : []))
    const sent = seen.flatMap(({ endpoints }) =>
      endpoints.flatMap(({ handshake }) => (handshake.ok ? handshake.value.chain.slice(1) : [])),
    )
    const issuers = [...new Set(sent)].filter(der => tryCertificate(der)?.isAuthority === true).sort()
    const authorities = new Map(seen.flatMap(tls => tls.authorities.map(authority => [authority.der, authority])))
    return observed(
      {
        issuers: issuers.slice(0, limits.seenIssuers),
        authorities: [...authorities.values()].sort((a, b) => (a.der < b.der ? -1 : 1)),
      },
      context.now(),
    )
  },
}
export default fact
