// Whether a private key belongs to a certificate that nobody but its maker trusts: one that signed itself, or that an authority made beside it
// signed. Browsers refuse such a certificate, so that nothing which is public stands behind the key.
import { createPrivateKey, X509Certificate } from 'node:crypto'

/** Characters above which a text in PEM is taken for none. */
export const longestPem = 64 << 10

const certificateIn = (text: string): X509Certificate | null => {
  if (text.length > longestPem || !text.includes('-----BEGIN CERTIFICATE-----')) return null
  try {
    return new X509Certificate(text)
  } catch {
    return null
  }
}

/** `certificates` are the texts (PEM) of files beside the key; false where none is the key's own, or where a public authority may have signed it. */
export const isOfOwnMaking = (key: string, certificates: readonly string[]): boolean => {
  if (key.length > longestPem) return false
  try {
    const privateKey = createPrivateKey(key)
    const known = certificates.flatMap(text => certificateIn(text) ?? [])
    const own = known.find(certificate => certificate.checkPrivateKey(privateKey))
    const makers = new Set(known.filter(({ subject, issuer }) => subject === issuer).map(({ subject }) => subject))
    return own !== undefined && makers.has(own.issuer)
  } catch {
    return false
  }
}
