// What a key of Rails opens.
import { createCipheriv } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { credentialsOf, holdsBaseAlone, openedCredentials } from '../../../src/formats/secrets/rails-credentials.ts'

const key = '00112233445566778899aabbccddeeff'
/** As Rails writes it: a string of Ruby's Marshal, encrypted. */
const encrypted = (text: string): string => {
  const cipher = createCipheriv('aes-128-gcm', Buffer.from(key, 'hex'), Buffer.alloc(12, 1))
  const data = Buffer.concat([cipher.update(`\x04\bI"V${text}\x06:\x06ET`, 'latin1'), cipher.final()])
  return [data, Buffer.alloc(12, 1), cipher.getAuthTag()].map(part => part.toString('base64')).join('--')
}

describe('credentials of Rails', () => {
  it('are opened by their key and by no other', () => {
    expect(openedCredentials(`${key}\n`, encrypted('smtp: x'))).toContain('smtp: x')
    expect(openedCredentials(key.replace('0', '1'), encrypted('smtp: x'))).toBeNull()
    for (const broken of ['', '--', 'a--b--c', 'x'.repeat(300_000)]) expect(openedCredentials(key, broken)).toBeNull()
  })
  it('hold what every application is given, or more', () => {
    for (const [text, expected] of [
      ['secret_key_base: 0123456789abcdef', true],
      ['# aws:\n#   id: 1\nsecret_key_base: 0123', true],
      ['aws:\n  access_key_id: 1\nsecret_key_base: 0123', false],
      ['stripe: abc', false],
    ] as const)
      expect(holdsBaseAlone(openedCredentials(key, encrypted(text))!), text).toBe(expected)
  })
  it('lie beside their key', () => {
    expect(credentialsOf('config/master.key')).toBe('config/credentials.yml.enc')
    expect(credentialsOf('api/config/credentials/staging.key')).toBe('api/config/credentials/staging.yml.enc')
    expect(credentialsOf('src/master.key')).toBeNull()
  })
})
