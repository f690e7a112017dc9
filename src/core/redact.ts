// Secrets are shown masked, everywhere and always: first 4, last 2, length, and a short hash to tell two of them apart.
import { createHash } from 'node:crypto'

/** `sk_l…9f (32 characters, sha256 1a2b3c4d)`. Short secrets (under 12 characters) show nothing of themselves. */
export const maskSecret = (secret: string): string => {
  const hash = secretHash(secret).slice(0, 8)
  const shown = secret.length < 12 ? '…' : `${secret.slice(0, 4)}…${secret.slice(-2)}`
  return `${shown} (${secret.length} characters, sha256 ${hash})`
}

/** SHA-256 of the secret in hex: names it in ledgers and fingerprints without holding it. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('hex')
