// Every spelling in which a secret of the config can leave: none of them stays readable.
import { describe, expect, it } from 'vitest'
import { createMask } from '../../src/run/mask.ts'

const secret = 'p"a/s&s<w>o\'rd 7+8=15%'
const mask = createMask([secret, 'k3y'])
const decimal = [...secret].map(character => `&#${character.codePointAt(0)};`).join('')
const hexadecimal = [...secret].map(character => `&#x${character.codePointAt(0)!.toString(16)};`).join('')
const escaped = JSON.stringify(secret).slice(1, -1)

describe('a secret is masked', () => {
  it.each([
    ['as it is', secret],
    ['in JSON', escaped],
    ['in JSON within JSON', JSON.stringify(escaped).slice(1, -1)],
    ['in JSON with escaped slashes', escaped.replaceAll('/', '\\/')],
    ['with escaped slashes', secret.replaceAll('/', '\\/')],
    ['in CSV', secret.replaceAll('"', '""')],
    ['in a URL', encodeURIComponent(secret)],
    ['in a URL, in lower case', encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, byte => byte.toLowerCase())],
    ['in a form', new URLSearchParams({ a: secret }).toString().slice(2)],
    ['in decimal references', decimal],
    ['in hexadecimal references', hexadecimal],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64 behind one byte', Buffer.from(`:${secret}`).toString('base64')],
    ['in base64 behind two bytes', Buffer.from(`a:${secret}`).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
    ['in hexadecimal digits', Buffer.from(secret).toString('hex')],
  ])('%s', (_, spelling) => {
    const shown = mask.text(`before ${spelling} after`)
    expect(shown).not.toContain(spelling)
    expect(shown).toMatch(/^before .*sha256.* after$/s)
  })

  it.each([
    ['a word', 'the key k3y opens', false],
    ['part of a word', 'tok3yo', true],
  ])('a short one as %s', (_, text, stays) => expect(mask.text(text) === text).toBe(stays))

  it('in the keys and values of a report, numbers and all else untouched', () => {
    const given = { list: [secret, 1, null], [`name ${secret}`]: { deep: true } }
    const shown = mask.all(given)
    expect(JSON.stringify(shown)).not.toContain(escaped)
    expect(shown.list.slice(1)).toEqual([1, null])
    expect(Object.values(shown)[1]).toEqual({ deep: true })
  })
})

it('nothing to mask leaves everything as it is', () => {
  const given = { a: ['text', 1] }
  expect(createMask([]).all(given)).toEqual(given)
  expect(createMask([]).text('text')).toBe('text')
})
