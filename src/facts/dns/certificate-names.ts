// The certificate that a host serves: who issued it, for which names, until when. For the DNS map, for CAA and for finding names.
import tls from 'node:tls'
import { type Fact, missing, observed } from '../../core/fact.ts'
import type { FactDefinition } from '../definition.ts'
import { noAddress } from './addresses.ts'

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
    const addresses = await context.need('addresses', subject)
    if (!addresses.ok) return addresses
    if (addresses.value.status !== 'NOERROR') return noAddress(subject.name, addresses.value.status)
    const dialled = await context.net.dial({ host: subject.name, port: 443 })
    if (!dialled.ok) return dialled
    return new Promise<Fact<CertificateNames>>(resolve => {
      const socket = tls.connect({
        socket: dialled.value.socket as never,
        servername: subject.name,
        rejectUnauthorized: false,
      })
      const end = (result: Fact<CertificateNames>) => {
        clearTimeout(timer)
        socket.destroy()
        resolve(result)
      }
      const timer = setTimeout(
        () => end(missing('timeout', `no TLS handshake with ${subject.name}`)),
        context.timeoutMs,
      )
      socket.once('error', error =>
        end(missing('tls-handshake', `TLS handshake with ${subject.name} failed: ${error.message}`)),
      )
      socket.once('secureConnect', () => {
        const certificate = socket.getPeerX509Certificate()
        if (!certificate) return end(missing('tls-handshake', `${subject.name} sent no certificate`))
        const names = [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s"]+)/g)].map(match =>
          match[1]!.toLowerCase(),
        )
        end(
          observed(
            {
              issuer: part(certificate.issuer, 'O') || part(certificate.issuer, 'CN'),
              issuerCommonName: part(certificate.issuer, 'CN'),
              names: [...new Set(names)].sort().slice(0, 100),
              notBefore: new Date(certificate.validFrom).toISOString(),
              notAfter: new Date(certificate.validTo).toISOString(),
            },
            context.now(),
          ),
        )
      })
    })
  },
}
export default fact
