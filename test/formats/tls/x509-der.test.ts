// DER read element by element: lengths, times, texts, and what must be refused.
import { describe, expect, it } from 'vitest'
import { derAt, derBits, derChildren, derOid, derText, derTime } from '../../../src/formats/tls/x509-der.ts'

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')
const element = (tag: number, content: Buffer) => ({ tag, content, whole: content })

describe('elements', () => {
  it.each([
    ['a short length', '04 02 abcd', 'abcd'],
    ['what stands behind is left alone', '04 01 ab cd', 'ab'],
    ['nothing inside', '05 00', ''],
    ['a length of one byte more', `04 81 80 ${'00'.repeat(128)}`, '00'.repeat(128)],
    ['a length of two bytes more', `04 82 0100 ${'11'.repeat(256)}`, '11'.repeat(256)],
  ])('%s', (_, hex, content) => expect(derAt(bytes(hex)).content.toString('hex')).toBe(content))

  it.each([
    ['no bytes', ''],
    ['a tag alone', '30'],
    ['longer than its bytes', '04 05 ab'],
    ['an indefinite length', '30 80 0000'],
    ['a length of five bytes', '04 85 0000000001 ab'],
    ['a length that is cut', '04 82 01'],
    ['a tag of several bytes', '1f 81 01 00'],
  ])('refused: %s', (_, hex) => expect(() => derAt(bytes(hex))).toThrow(RangeError))

  it('are walked up to a bound', () => {
    const three = bytes('0101ff 0101ff 0101ff')
    expect(derChildren(three)).toHaveLength(3)
    expect(derChildren(three, 2)).toHaveLength(2)
    expect(() => derChildren(bytes('0101ff 01'))).toThrow(RangeError)
  })
})

describe('values', () => {
  it.each([
    ['2a864886f70d01010b', '1.2.840.113549.1.1.11'],
    ['550403', '2.5.4.3'],
    ['2b06010401d679020405', '1.3.6.1.4.1.11129.2.4.5'],
  ])('object identifier %s', (hex, dotted) => expect(derOid(bytes(hex))).toBe(dotted))

  it.each([
    [0x17, '260101120000Z', '2026-01-01T12:00:00.000Z'],
    [0x17, '490101120000Z', '2049-01-01T12:00:00.000Z'],
    [0x17, '500101120000Z', '1950-01-01T12:00:00.000Z'],
    [0x17, '2601011200Z', '2026-01-01T12:00:00.000Z'],
    [0x18, '20510101120000Z', '2051-01-01T12:00:00.000Z'],
    [0x18, '20510101120000.5Z', '2051-01-01T12:00:00.000Z'],
  ])('time %i %s', (tag, text, iso) =>
    expect(new Date(derTime(element(tag, Buffer.from(text)))).toISOString()).toBe(iso),
  )

  it.each([
    [0x17, '20260101120000Z'],
    [0x18, '260101120000Z'],
    [0x17, '260101120000+0100'],
    [0x04, '260101120000Z'],
  ])('no time: %i %s', (tag, text) => expect(derTime(element(tag, Buffer.from(text)))).toBeNaN())

  it.each([
    [0x0c, '42c3bc63686572', 'Bücher'],
    [0x13, '42fc63686572', 'Bücher'],
    [0x1e, '004200fc', 'Bü'],
    [0x1e, '004200fc00', 'Bü'],
  ])('text %i %s', (tag, hex, text) => expect(derText(element(tag, bytes(hex)))).toBe(text))

  it.each([
    ['05 a0', [0, 2]],
    ['01 06', [5, 6]],
    ['07 0080', [8]],
    ['00', []],
  ])('bits %s', (hex, set) => expect(derBits(bytes(hex))).toEqual(set))
})
