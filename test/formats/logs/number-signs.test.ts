import { expect, it } from 'vitest'
import {
  isAadhaar,
  isBsn,
  isCard,
  isCnp,
  isCpf,
  isNir,
  isPersonnummer,
  isPesel,
  isSteuerId,
  luhn,
} from '../../../src/formats/logs/checksums.ts'
import { mayBeNumber, shapeCode } from '../../../src/formats/logs/number-signs.ts'

const none = { any: new Set<number>(), zero: new Set<number>() }

const mayBe = (digits: string): boolean =>
  mayBeNumber(
    Buffer.from(digits),
    0,
    { digits: digits.length, first: digits.length, shape: shapeCode(String(digits.length)) },
    none,
  )

/** Whether it is something, by the checks on its text. */
const isSomething = (digits: string): boolean =>
  isCard(digits) || [isBsn, isCpf, isPesel, isPersonnummer, isSteuerId, isNir, isCnp, isAadhaar].some(is => is(digits))

it('passes over no number that is something', () => {
  let seed = 11
  const digit = (): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return (seed >>> 16) % 10
  }
  let found = 0
  for (let length = 9; length <= 19; length++)
    for (let nth = 0; nth < 10_000; nth++) {
      const digits = Array.from({ length }, digit).join('')
      if (!isSomething(digits)) continue
      found++
      expect(mayBe(digits), digits).toBe(true)
    }
  expect(found).toBeGreaterThan(2_000)
})

it('passes over most that are nothing', () => {
  const counted = Array.from({ length: 10_000 }, (_, nth) => String(1_764_000_000_000 + nth * 977))
  expect(counted.filter(mayBe).length).toBe(0)
})

it('knows numbers in groups by their lengths, and those that are called abroad', () => {
  const known = { any: new Set([shapeCode('4-4-4-4')]), zero: new Set([shapeCode('3-7')]) }
  const asks = (text: string): boolean => {
    const groups = text.split(' ')
    const shape = shapeCode(groups.map(group => group.length).join('-'))
    return mayBeNumber(Buffer.from(text), 0, { digits: 16, first: groups[0]!.length, shape }, known)
  }
  expect(asks('4111 1111 1111 1111')).toBe(true)
  expect(asks('4111 1111 1111 111')).toBe(false)
  expect(asks('030 1234567')).toBe(true)
  expect(asks('130 1234567')).toBe(false)
  expect(asks('0049 30 123')).toBe(true)
})

it('doubles every second digit from the right', () => {
  expect(['79927398713', '4111111111111111', '0'].map(luhn)).toEqual([true, true, true])
  expect(['79927398710', '4111111111111112', '1'].map(luhn)).toEqual([false, false, false])
})
