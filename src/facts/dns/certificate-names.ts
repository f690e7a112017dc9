// The certificate that a host serves: who issued it, for which names, until when. For the DNS map, for CAA and for finding names.
import { X509Certificate } from 'node:crypto'
import { missing, observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'

export type CertificateNames = {
  /** Organisation of the issuer, or its common name where it has none. */
  issuer: string
  issuerCommonName: string
  /** DNS names of the certificate, sorted, at most 100. */
  names: string[]
  /** ISO 8601. */
  notBefore: string
  notAfter: string
}

const part = (distinguishedName: string, key: string): string =>
  new RegExp(`^${key}=(.*)$`, 'm').exec(distinguishedName)?.[1]?.replaceAll('\\', '') ?? ''

const fact: FactDefinition<CertificateNames> = {
  on: 'host',
  async collect(subject, context) {
    const tls = await context.need('tls', subject)
    if (!tls.ok) return tls
    const answered = tls.value.endpoints.find(endpoint => endpoint.handshake.ok && endpoint.handshake.value.chain[0])
    if (!answered?.handshake.ok) {
      const first = tls.value.endpoints[0]?.handshake
      return first && !first.ok ? first : missing('tls-handshake', `${subject.name} sent no certificate`)
    }
    try {
      const certificate = new X509Certificate(Buffer.from(answered.handshake.value.chain[0]!, 'base64'))
      const names = [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s"]+)/g)].map(match =>
        match[1]!.toLowerCase(),
      )
      return observed(
        {
          issuer: part(certificate.issuer, 'O') || part(certificate.issuer, 'CN'),
          issuerCommonName: part(certificate.issuer, 'CN'),
          names: [...new Set(names)].sort().slice(0, 100),
          notBefore: new Date(certificate.validFrom).toISOString(),
          notAfter: new Date(certificate.validTo).toISOString(),
        },
        context.now(),
      )
    } catch {
      return missing('malformed', `${subject.name} sent a certificate that cannot be read`)
    }
  },
}
export default fact
