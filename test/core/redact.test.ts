// Secrets are shown masked: what of them stands there, and what never does.
import { describe, expect, it } from 'vitest'
import { maskSecret, secretHash } from '../../src/core/redact.ts'

describe('a masked secret', () => {
  it('shows the first four and the last two characters from twelve on', () => {
    expect(maskSecret('abcdefghijkl')).toBe(`abcd…kl (12 characters, sha256 ${secretHash('abcdefghijkl').slice(0, 8)})`)
    expect(maskSecret('sk_live_51H8example9f')).toMatch(/^sk_l…9f \(21 characters, sha256 [0-9a-f]{8}\)$/)
  })
  it('shows nothing of itself below twelve', () => {
    for (const secret of ['abcdefghijk', 'hush', ''])
      expect(maskSecret(secret)).toBe(`… (${secret.length} characters, sha256 ${secretHash(secret).slice(0, 8)})`)
  })
  it('is told from another by its hash', () => {
    expect(maskSecret('aaaaaaaaaaaaaa')).not.toBe(maskSecret('aaaabbbbbbbbaa'))
    expect(secretHash('x')).toMatch(/^[0-9a-f]{64}$/)
  })
})
