// Certificates for tests that need a TLS server, from the lab's certificate authority.
import { makeCertificate, rootCertificate } from '../../src/lab/certificates.ts'

/** The root that makes `leaf` certificates valid, PEM. */
export const testRoot = rootCertificate()

/** Key and chain for names and addresses (PEM); `expired` ended five days ago. */
export const leaf = (names: string[], given: { expired?: boolean } = {}): { key: string; cert: string } => {
  const spec = given.expired ? { names, fault: 'expired' as const } : { names }
  const { key, cert } = makeCertificate(names[0]!, spec as Parameters<typeof makeCertificate>[1], new Date(), 'Test')
  return { key, cert }
}
