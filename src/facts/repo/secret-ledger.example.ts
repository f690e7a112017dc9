// A ledger with one rotation, for the examples of checks.
import type { Rotation } from '../../formats/secrets/ledger.ts'
import type { SecretLedger } from './secret-ledger.ts'

/** An entry without a date at which it is due again. */
export const rotation = (given: Partial<Rotation> = {}): Rotation => ({
  secret: 'a'.repeat(64),
  name: 'Resend API key',
  rotated: '2026-11-01',
  by: 'Anna',
  evidence: 'revoked in the dashboard',
  expires: null,
  ...given,
})

export const example: SecretLedger = {
  path: 'secret-rotations.yaml',
  exists: true,
  rotations: [rotation()],
  problems: [],
}
