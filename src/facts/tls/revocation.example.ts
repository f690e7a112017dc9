// Revocation of the certificate of tls.example.ts, for the examples of checks.
import type { Revocation } from './revocation.ts'
import { exampleLeaf } from './tls.example.ts'

const certificate: Revocation['certificates'][number] = {
  leaf: exampleLeaf,
  serial: '010001',
  status: 'good',
  by: 'the stapled response',
  since: null,
  why: null,
}

/** The authority says that the certificate stands. */
export const example: Revocation = { certificates: [certificate] }

/** The authority took it back on this day (ISO 8601). */
export const revoked = (since: string): Revocation => ({
  certificates: [{ ...certificate, status: 'revoked', by: 'http://crl.example.com/1.crl', since }],
})
