// No secret leaves a run, however it is written.
import { describe, expect, it } from 'vitest'
import { observed, type SavedFact } from '../../src/core/fact.ts'
import { maskSecret } from '../../src/core/redact.ts'
import { createMask, maskFacts } from '../../src/run/mask.ts'

const secret = 'p@ss "w/rd?&=+ü'
const mask = createMask([secret, 'short'])

describe('a secret of the config is masked', () => {
  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ secret })],
    ['in a URL', `https://example.com/?key=${encodeURIComponent(secret)}`],
    ['in a URL with small digits', encodeURIComponent(secret).replace(/%../g, byte => byte.toLowerCase())],
    ['in a form', new URLSearchParams({ secret }).toString()],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['behind a user name in base64', `Basic ${Buffer.from(`ada:${secret}`).toString('base64')}`],
    ['behind another byte in base64', Buffer.from(`adam:${secret}`).toString('base64')],
    ['in base64 for URLs', Buffer.from(`a:${secret}:b`).toString('base64url')],
  ])('%s', (_, text) => {
    const masked = mask.text(text)
    expect(masked).toContain(maskSecret(secret))
    expect(masked).not.toContain('w/rd')
    for (const form of [encodeURIComponent(secret), Buffer.from(secret).toString('base64').slice(4, 16)])
      expect(masked).not.toContain(form)
  })

  it('in every text of a value, keys too; the value itself is not changed', () => {
    const value = { [secret]: [secret, 1, null, { deep: secret }] }
    const masked = mask.all(value)
    expect(JSON.stringify(masked)).not.toContain('w/rd')
    expect(masked).toEqual({ [maskSecret(secret)]: [maskSecret(secret), 1, null, { deep: maskSecret(secret) }] })
    expect(value[secret]![0]).toBe(secret)
  })

  it('whole where it holds another one', () => {
    const both = createMask(['abcdef', 'abcdefghijklmnop'])
    expect(both.text('abcdefghijklmnop')).toBe(maskSecret('abcdefghijklmnop'))
  })

  it('from six characters on: five are found in half of all words', () => {
    expect(mask.text('a short word')).toBe('a short word')
    expect(createMask(['sixsix']).text('sixsix')).toBe(maskSecret('sixsix'))
    expect(createMask([]).all({ a: 'b' })).toEqual({ a: 'b' })
  })
})

describe('facts', () => {
  const factOf = (value: unknown): SavedFact =>
    ({ fact: 'web', on: { kind: 'host', name: 'example.com' }, is: observed(value, '') }) as SavedFact
  const token = 'eyJhbGciOiJIUzI1NiJ9.payload'
  const written = (value: unknown): string => JSON.stringify(maskFacts([factOf(value)]))

  it.each(['authorization', 'Authorization', 'cookie', 'Cookie'])('hold no value of the header %s', name => {
    const text = written({ hops: [{ headers: [[name, token]] }] })
    expect(text).not.toContain('payload')
    expect(text).toContain(JSON.stringify([name, maskSecret(token)]))
  })

  it('hold names and attributes of cookies, and short values', () => {
    const text = written({
      headers: [
        ['set-cookie', `session=${token}; Path=/; Secure`],
        ['set-cookie', 'lang=en'],
      ],
    })
    expect(text).not.toContain('payload')
    expect(text).toContain(`session=${maskSecret(token)}; Path=/; Secure`)
    expect(text).toContain('lang=en')
  })

  it('keep every other header, and pairs that are none', () => {
    const value = { headers: [['x-frame-options', 'DENY'], ['cookie'], ['cookie', 1]] }
    expect(maskFacts([factOf(value)])).toEqual([factOf(value)])
  })
})
