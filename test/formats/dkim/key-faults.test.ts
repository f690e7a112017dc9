import { describe, expect, it } from 'vitest'
import { mailProviders, providerNamed } from '../../../src/data/mail-providers.ts'
import { keyText, keyWith } from '../../../src/facts/email/dkim-key.example.ts'
import { selectorWith } from '../../../src/facts/email/selectors.example.ts'
import { withoutTag, withoutTestFlag } from '../../../src/formats/dkim/dkim.ts'
import { keyFaults, keyProvider, selectorOf } from '../../../src/formats/dkim/key-faults.ts'

const ed25519 = `v=DKIM1; k=ed25519; p=${Buffer.alloc(32, 7).toString('base64')}`

describe('keyFaults', () => {
  it.each([
    ['2048 bits', keyWith(keyText(2048)), []],
    ['1024 bits', keyWith(keyText(1024)), [{ kind: 'weak' }]],
    ['512 bits', keyWith(keyText(512)), [{ kind: 'too-weak' }]],
    ['512 bits of nobody', keyWith(keyText(512), { configured: false }), [{ kind: 'too-weak', severity: 'high' }]],
    ['8192 bits', keyWith(keyText(8192)), [{ kind: 'oversized' }]],
    ['SHA-1 alone', keyWith(keyText(2048, 'h=sha1; ')), [{ kind: 'sha1-only', wanted: keyText(2048) }]],
    ['test mode', keyWith(keyText(2048, 't=y:s; ')), [{ kind: 'testing', wanted: keyText(2048, 't=s; ') }]],
    ['not there', keyWith(), [{ kind: 'missing' }]],
    ['a CNAME to nowhere', keyWith(undefined, { cnames: ['gone.example'] }), [{ kind: 'target-missing' }]],
    ['revoked', keyWith('v=DKIM1; p='), [{ kind: 'revoked' }]],
    ['any name answers', keyWith(keyText(2048), { wildcard: true }), [{ kind: 'wildcard' }]],
    ['any name answers, and nobody configured it', keyWith(keyText(2048), { wildcard: true, configured: false }), []],
    ['no key in the record', keyWith('hello', { key: null }), [{ kind: 'malformed', wanted: null }]],
    ['escaped semicolons', keyWith(keyText(2048).replace(/;/g, '\\;')), [{ kind: 'malformed', wanted: keyText(2048) }]],
    [
      'several keys',
      keyWith(keyText(2048), { keys: 2 }),
      [{ kind: 'malformed', seen: [['several', expect.any(String)]] }],
    ],
    ['ed25519 alone', keyWith(ed25519), [{ kind: 'ed25519-alone' }]],
  ])('%s', (_name, key, faults) => {
    const found = keyFaults(key, null, [])
    expect(found).toHaveLength(faults.length)
    expect(found).toMatchObject(faults)
  })

  it('ed25519 beside RSA is sound, and unknown selectors prove nothing', () => {
    expect(keyFaults(keyWith(ed25519), null, [selectorWith({ selector: 'rsa1' })])).toEqual([])
    expect(keyFaults(keyWith(ed25519), null, null)).toEqual([])
  })

  it('a service that makes no longer keys leaves little to change', () => {
    const provider = { ...mailProviders[0]!, keyBits: 1024 }
    expect(keyFaults(keyWith(keyText(1024)), provider, [])).toMatchObject([{ kind: 'weak', severity: 'low' }])
  })
})

it.each([
  ['pm._domainkey.example.com', 'pm'],
  ['a.b._domainkey.example.com', 'a.b'],
])('selectorOf %s', (name, selector) => expect(selectorOf(name)).toBe(selector))

it('the provider is known by the config, then by where the name leads', () => {
  expect(keyProvider('pm', '', [{ name: 'Postmark', dkim: ['pm'] }])?.id).toBe('postmark')
  expect(keyProvider('x', '', [])).toBeNull()
  const target = providerNamed('SendGrid')!.dkimTargets[0]!.replace(/^\./, '')
  expect(keyProvider('s1', `s1.${target}`, [])?.id).toBe('sendgrid')
})

it.each([
  ['v=DKIM1; h=sha1; p=AA', 'h', 'v=DKIM1; p=AA'],
  ['v=DKIM1; p=AA', 'h', 'v=DKIM1; p=AA'],
])('withoutTag %s', (text, name, rest) => expect(withoutTag(text, name)).toBe(rest))

it.each([
  ['v=DKIM1; t=y; p=AA', 'v=DKIM1; p=AA'],
  ['v=DKIM1; t=y:s; p=AA', 'v=DKIM1; t=s; p=AA'],
])('withoutTestFlag %s', (text, rest) => expect(withoutTestFlag(text)).toBe(rest))
