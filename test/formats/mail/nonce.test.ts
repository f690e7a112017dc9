// Where a nonce goes, and which of several mails is a flow's.
import { describe, expect, test } from 'vitest'
import { isFrom, isSignup, mailFits, nonceFrom, noncePattern, placeNonce } from '../../../src/formats/mail/nonce.ts'

const nonce = nonceFrom(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))

test('a nonce is lower case, of its own kind', () => {
  expect(nonce).toBe('lrbcdefghijk')
  expect(`canary+${nonce}@x.example`.match(noncePattern)).toEqual([nonce])
  expect('already lrabcdefghijkl'.match(noncePattern)).toBeNull()
})

describe('placing', () => {
  const form = { email: 'Canary@x.example', name: 'Ada' }
  test.each([
    ['an address, where it may be tagged', { form }, true, 'address', [`canary+${nonce}@x.example`]],
    [
      'an address that is tagged already',
      { form: { email: 'a+b@x.example' } },
      true,
      'address',
      [`a+b-${nonce}@x.example`],
    ],
    ['an address that may not', { form }, false, null, ['canary@x.example']],
    ['deep in JSON', { json: { user: [{ mail: 'a@x.example' }] } }, true, 'address', [`a+${nonce}@x.example`]],
    [
      'the config’s own place, and nowhere else',
      { form: { ...form, name: '{{nonce}}' } },
      true,
      'template',
      ['canary@x.example'],
    ],
    ['nothing to put it into', { get: 'https://x.example/send' }, true, null, []],
  ] as const)('%s', (_name, trigger, plus, placed, addresses) => {
    const result = placeNonce(trigger as never, nonce, plus)
    expect({ placed: result.placed, addresses: result.addresses }).toEqual({ placed, addresses })
  })
  test('a URL and a header', () => {
    const { trigger } = placeNonce(
      { get: 'https://x.example/?n={{nonce}}', headers: { a: '{{ nonce }}' } },
      nonce,
      true,
    )
    expect(trigger).toMatchObject({ get: `https://x.example/?n=${nonce}`, headers: { a: nonce } })
  })
})

describe('fitting', () => {
  const mail = { from: 'hello@x.example', subject: 'Reset', to: ['canary@y.example'] }
  const wanted = { nonce: null, addresses: ['canary@y.example'] }
  test.each([
    ['to the address', mail, null, wanted, 'fits'],
    ['to the address without its tag', { ...mail, to: ['canary+other@y.example'] }, null, wanted, 'fits'],
    ['to somebody else', { ...mail, to: ['b@y.example'] }, null, wanted, 'no'],
    ['to nobody that it names', { ...mail, to: [] }, null, wanted, 'fits'],
    ['of another flow', { ...mail, to: ['canary+lrzzzzzzzzzz@y.example'] }, null, wanted, 'no'],
    ['with the nonce in its text', mail, `hello ${nonce}`, { ...wanted, nonce }, 'sure'],
    ['without it', mail, 'hello', { ...wanted, nonce }, 'fits'],
    ['with the subject', mail, null, { ...wanted, subject: 'reset' }, 'fits'],
    ['with another subject', mail, null, { ...wanted, subject: 'Welcome' }, 'no'],
    ['with the link', mail, 'https://x/reset?a', { ...wanted, link: '/reset' }, 'fits'],
    ['without the link', mail, 'hello', { ...wanted, link: '/reset' }, 'perhaps'],
    ['from somebody else', mail, null, { ...wanted, from: 'a@b.example' }, 'perhaps'],
  ] as const)('%s', (_name, seen, body, want, expected) => {
    expect(mailFits(seen, body, want)).toBe(expected)
  })
})

test('whom a mail is from', () => {
  expect(isFrom('a@x.example', 'Coach <A@x.example>')).toBe(true)
  expect(isFrom('b@x.example', 'a@x.example')).toBe(false)
  expect(isFrom('b@mail.x.example', 'x.example')).toBe(true)
  expect(isFrom('b@notx.example', '@x.example')).toBe(false)
  expect(isFrom('', 'x.example')).toBe(false)
})

test('only a sign-up takes an address that nobody has', () => {
  expect([isSignup('Sign-up', undefined), isSignup('signup', 'reset'), isSignup('password reset', undefined)]).toEqual([
    true,
    false,
    false,
  ])
})
