// Entropy and what it decides: where a random value ends and a made-up one begins.
import { describe, expect, it } from 'vitest'
import { scanText } from '../../../src/formats/secrets/scan.ts'
import { entropyOf, looksLikePassword, looksRandom } from '../../../src/formats/secrets/values.ts'

describe('entropyOf', () => {
  it.each([
    ['', 0],
    ['aaaa', 0],
    ['ab', 1],
    ['aab', 0.918],
    ['abcd', 2],
    ['aaaabbcd', 1.75],
    ['abcdefgh', 3],
    ['ÄÄö', 0.918],
  ])('%s: %d bits a character', (text, bits) => {
    expect(entropyOf(text)).toBeCloseTo(bits, 3)
  })
})

/** A text that repeats these characters until it is so long. */
const filled = (characters: string, length: number): string => characters.repeat(length).slice(0, length)

describe('looksRandom', () => {
  it.each([
    ['hex of six digits: 2.58 bits', filled('5a0f3c', 36), false],
    ['hex of seven digits: 2.81 bits', filled('5a0f3c8', 35), true],
    ['hex that is too short for a key', filled('5a0f3c8', 28), false],
    ['eleven characters: 3.46 bits', filled('aZ9q7Rk2Xw5', 22), false],
    ['twelve characters: 3.58 bits', filled('aZ9q7Rk2Xw5T', 24), true],
    ['fifteen characters long', 'aZ9q7Rk2Xw5Tb3m', false],
    ['sixteen characters long', 'aZ9q7Rk2Xw5Tb3mV', true],
    ['letters alone', 'aZqRkXwTbmVnPsLdGh', false],
    ['small letters and one number', 'correcthorsebattery7', false],
  ])('%s', (_name, value, expected) => {
    expect(looksRandom(value)).toBe(expected)
  })
})

describe('looksLikePassword', () => {
  it.each([
    ['five characters: 2.32 bits', filled('ab7x!', 10), false],
    ['six characters: 2.58 bits', filled('ab7x!q', 12), true],
    ['seven long', 'ab7x!q9', false],
    ['eight long', 'ab7x!q9z', true],
    ['no number and no mark', 'abqxwzrt', false],
  ])('%s', (_name, value, expected) => {
    expect(looksLikePassword(value)).toBe(expected)
  })
})

describe('the entropy that a rule asks for', () => {
  const prefix = ['sk', 'live', ''].join('_')
  const classes = (text: string, path = 'src/config.ts') =>
    scanText(text, { path, where: path.startsWith('http') ? 'bundle' : 'repo' }).map(hit => hit.class)
  it.each([
    ['a token of a provider', `const k = '${prefix}${filled('aZ9q7Rk2Xw5Tb3mV', 24)}'`, ['live']],
    ['the same shape, of three characters', `const k = '${prefix}${filled('aZ9', 24)}'`, []],
    ['one kind of character', `const k = '${prefix}${filled('qwzxv', 24)}'`, ['placeholder']],
    ['an account and its token', `twilio('AC${filled('5a0f3c8d', 32)}', '${filled('5a0f3c8d', 32)}')`, ['live']],
    ['an account and two digits', `twilio('AC${filled('5a0f3c8d', 32)}', '${filled('5a', 32)}')`, []],
  ])('%s', (_name, text, expected) => {
    expect(classes(text)).toEqual(expected)
  })

  it('is higher in a bundle, where names are many', () => {
    const url = 'https://app.example/a.js'
    const named = (value: string) => classes(`a={clientSecret:"${value}"}`, url)
    expect(named(filled('aZ9q7Rk2Xw5Tb3mVpL', 36))).toEqual(['live'])
    expect(named(filled('aZ9q7Rk2Xw5T', 24))).toEqual([])
    expect(named(filled('5a0f3c8', 35))).toEqual([])
    expect(named(filled('5a0f3c8d1', 36))).toEqual(['live'])
    expect(named('aZ9q7Rk2Xw5Tb3mVpLdGhs8'.slice(0, 23))).toEqual([])
  })
})
