import { describe, expect, it } from 'vitest'
import { tokenSegments } from '../../../src/formats/logs/addresses.ts'
import { nameEndings } from '../../../src/formats/logs/names.ts'
import { phraseWords } from '../../../src/formats/logs/phrases.ts'
import { passOver, wordSigns } from '../../../src/formats/logs/plain-words.ts'
import { credentialSchemes, prefixIndex } from '../../../src/formats/logs/tokens.ts'
import { createWordMemo } from '../../../src/formats/logs/word-memo.ts'

const signs = wordSigns(
  prefixIndex(),
  nameEndings({ phrases: phraseWords, segments: tokenSegments, schemes: credentialSchemes }),
)

/** Where the scan goes on behind the word that begins at `from`. */
const behind = (text: string, from = 0): number => {
  const bytes = Buffer.from(text, 'latin1')
  const to = from + /^\w+/.exec(text.slice(from))![0].length
  return passOver(signs, bytes, from, to)
}

describe('a word at which there is nothing to see', () => {
  it.each([
    ['completed in 3 ms', 9],
    ['GET /clients', 3],
    ['statusCode":200', 10],
    ['203.0.113.7 - -', 11],
    ['2026-11-30T12:00', 10],
    ['17ms to', 4],
    ['X11; Linux', 3],
    ['invite of', 6],
    ['beaver abc', 6],
  ])('is passed over: %s', (text, to) => expect(behind(text)).toBe(to))

  it.each([
    ['password=', 0],
    ['api-key: ', 4],
    ['apiKey2=', 0],
    ['X-Hub-Signature-256: ', 16],
    ['Bearer abc', 0],
    ['reset/4f8a', 0],
    ['?key=', 1],
    ['GB82WEST', 0],
    ['X1234567L', 0],
    ['RSSMRA85T10A562S', 0],
    ['131052-308T', 0],
    ['4111111111111111', 0],
    ['eyJhbGciOiJI', 0],
    ['{SSHA}', 1],
    ['pbkdf2_sha256$', 0],
    ['123456789:AA', 0],
    ['ada=40example.com', 0],
    ['ada&#64;example.com', 5],
    ['\\u0040', 1],
  ])('is none: %s', (text, from) => expect(behind(text, from)).toBe(-1))
})

describe('a memo of words', () => {
  it('asks once about each, and never of one that it cannot keep', () => {
    const asked: string[] = []
    const memo = createWordMemo(word => {
      asked.push(word)
      return word.startsWith('s')
    })
    const of = (word: string): boolean => memo(Buffer.from(`-${word}-`), 1, 1 + word.length)
    expect([of('secret'), of('page'), of('secret'), of('page'), of('x'.repeat(31))]).toEqual([
      ...[true, false, true, false, true],
    ])
    expect(asked).toEqual(['secret', 'page'])
  })

  it('tells words apart that share a place', () => {
    const memo = createWordMemo(word => word.endsWith('7'))
    for (let round = 0; round < 2; round++)
      for (let at = 0; at < 5_000; at++) {
        const word = `word${at}`
        expect(memo(Buffer.from(word), 0, word.length)).toBe(word.endsWith('7'))
      }
  })
})
