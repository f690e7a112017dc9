// Turns what a scan found into what a fact may hold: the raw value is replaced by its mask before anything else sees it.
import { maskSecret } from '../../core/redact.ts'
import type { SecretHit } from '../../formats/secrets/hit.ts'

/** A hit without the secret itself: `masked` shows its ends, `hash` names it. */
export type MaskedHit = Omit<SecretHit, 'secret' | 'index'> & { masked: string }

export const maskHit = ({ secret, index: _, ...hit }: SecretHit): MaskedHit => ({ ...hit, masked: maskSecret(secret) })
