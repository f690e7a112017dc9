// TLSA records for mail servers (RFC 6698, RFC 7672): which certificate they demand, and whether a chain satisfies them.
import { createHash, X509Certificate } from 'node:crypto'

export type Tlsa = { usage: number; selector: number; matching: number; data: string }

/** From presentation format `3 1 1 <hex>`; null when it is none. */
export const parseTlsa = (data: string): Tlsa | null => {
  const match = /^(\d{1,3})\s+(\d{1,3})\s+(\d{1,3})\s+([0-9a-f\s]+)$/i.exec(data.trim())
  return match
    ? {
        usage: Number(match[1]),
        selector: Number(match[2]),
        matching: Number(match[3]),
        data: (match[4] as string).replace(/\s/g, '').toLowerCase(),
      }
    : null
}

/** Only DANE-TA(2) and DANE-EE(3) count for mail (RFC 7672 §3.1.3). */
export const isUsable = (record: Tlsa): boolean =>
  [2, 3].includes(record.usage) && [0, 1].includes(record.selector) && [0, 1, 2].includes(record.matching)

/** Association data of a certificate (DER) for a selector and matching type, as hex; null when the certificate cannot be read. */
export const associationOf = (der: Uint8Array, selector: number, matching: number): string | null => {
  try {
    const certificate = new X509Certificate(der)
    const content = selector === 1 ? certificate.publicKey.export({ format: 'der', type: 'spki' }) : certificate.raw
    return matching === 0
      ? content.toString('hex')
      : createHash(matching === 1 ? 'sha256' : 'sha512')
          .update(content)
          .digest('hex')
  } catch {
    return null
  }
}

/** True when the chain (DER in base64, leaf first) satisfies the record: EE by the leaf, TA by any certificate of the chain. */
export const chainMatches = (record: Tlsa, chain: readonly string[]): boolean => {
  const candidates = record.usage === 3 ? chain.slice(0, 1) : chain
  return (
    isUsable(record) &&
    candidates.some(der => associationOf(Buffer.from(der, 'base64'), record.selector, record.matching) === record.data)
  )
}

/** The record as it stands in a zone: `3 1 1 7ed2…`. */
export const printTlsa = (record: Tlsa): string =>
  `${record.usage} ${record.selector} ${record.matching} ${record.data}`
