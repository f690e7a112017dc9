// Certificates for tests that need a TLS server: one root made per call, and leaves signed by it.
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const day = 86_400_000

export type Leaf = { key: string; cert: string }

export type TestAuthority = {
  /** The root in PEM. */
  ca: string
  /** A leaf for names and addresses; `expired` ended yesterday. */
  leaf(names: string[], given?: { expired?: boolean }): Promise<Leaf>
}

const makeKeys = (): Promise<CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']) as Promise<CryptoKeyPair>

/** A certificate authority that lives for one test file. */
export const createTestAuthority = async (): Promise<TestAuthority> => {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto)
  const keys = await makeKeys()
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=launch-ready test root',
    notBefore: new Date(Date.now() - 10 * day),
    notAfter: new Date(Date.now() + 10 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  })
  let serial = 1
  return {
    ca: root.toString('pem'),
    async leaf(names, given = {}) {
      const leafKeys = await makeKeys()
      serial += 1
      const cert = await x509.X509CertificateGenerator.create({
        serialNumber: serial.toString(16).padStart(2, '0'),
        subject: `CN=${names[0]}`,
        issuer: root.subject,
        notBefore: new Date(Date.now() - 5 * day),
        notAfter: new Date(Date.now() + (given.expired ? -1 : 5) * day),
        signingAlgorithm: algorithm,
        publicKey: leafKeys.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new x509.SubjectAlternativeNameExtension(
            names.map(value => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value })),
          ),
        ],
      })
      const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey)).toString('base64')
      return {
        cert: cert.toString('pem'),
        key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.match(/.{1,64}/g)!.join('\n')}\n-----END PRIVATE KEY-----\n`,
      }
    },
  }
}
