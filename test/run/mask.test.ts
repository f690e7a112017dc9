// No secret leaves a run, however it is written.
import { describe, expect, it } from 'vitest'
import { observed, type SavedFact } from '../../src/core/fact.ts'
import { maskSecret } from '../../src/core/redact.ts'
import { secretsIn } from '../../src/formats/secrets/secrets-in.ts'
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
    ['in HTML by names', `<p title="${secret.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}">`],
    ['in HTML by numbers', [...secret].map(character => `&#${character.codePointAt(0)};`).join('')],
    ['in JSON inside JSON', JSON.stringify({ body: JSON.stringify({ secret }) })],
    ['in JSON of PHP', JSON.stringify(secret).replaceAll('/', '\\/')],
    ['in CSV', `"${secret.replaceAll('"', '""')}"`],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in a URL inside a URL', encodeURIComponent(encodeURIComponent(secret))],
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

  it('anywhere from six characters on; shorter ones where they are a word, in values and never in keys', () => {
    expect(mask.text('a short word')).toBe('a short word')
    expect(mask.all({ short: ['a short word', 'shortened'] })).toEqual({
      short: [`a ${maskSecret('short')} word`, 'shortened'],
    })
    expect(createMask(['p1-x']).text('pin=p1-x, p1-xy')).toBe(`pin=${maskSecret('p1-x')}, p1-xy`)
    expect(createMask(['sixsix']).text('sixsix')).toBe(maskSecret('sixsix'))
    expect(createMask([]).all({ a: 'b' })).toEqual({ a: 'b' })
  })
})

describe('what the rules find in facts is masked everywhere', () => {
  const live = ['sk', 'live', '51H8xYzAbCdEfGhIjKlMnOpQrStUv'].join('_')
  const factWith = (value: unknown): SavedFact =>
    ({ fact: 'page', on: { kind: 'route', name: 'https://example.com/' }, is: observed(value, '') }) as SavedFact

  it.each([
    ['in a script', `const stripe = new Stripe("${live}")`],
    ['in a dotenv file', `STRIPE_SECRET_KEY=${live}\n`],
    ['in an attribute', `<div data-key="${live}">`],
    ['in a URL', `https://example.com/?key=${encodeURIComponent(live)}`],
    ['in base64', `data:text/plain;base64,${Buffer.from(`const key = "${live}"`).toString('base64')}`],
    ['in numbers', `<p>${[...live].map(character => `&#${character.codePointAt(0)};`).join('')}</p>`],
    ['in escapes', JSON.stringify(`key "${live}"`).replaceAll('_', '\\u005f')],
  ])('%s', (_, body) => {
    const facts = [factWith({ hops: [{ body }] })]
    const found = secretsIn(facts)
    expect(found.join(' ')).toContain(live)
    expect(createMask(found).text(`the key ${live} leaks`)).not.toContain(live)
  })

  it('what only fails to prove itself a key, but no words in the place of one', () => {
    const unproven = ['gh', 'p_', 'a8Kd92mLx0Qw7Ze5Rt1Yu3Io6Pb4Nv2Cs9Hj'].join('')
    expect(secretsIn([factWith({ line: `--build-secret token=${unproven}` })])).toEqual([unproven])
    expect(secretsIn([factWith({ line: `token=${'gh'}p_${'x'.repeat(36)}` })])).toEqual([])
  })

  it('but not what is public by design, and no plain words', () => {
    const body = `pk_live_51H8xYzAbCdEfGhIjKlMnOpQrStUv and v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ`
    expect(secretsIn([factWith({ body })])).toEqual([])
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
