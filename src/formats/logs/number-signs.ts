// What the bytes of a number give away: whether it may be a card, an identity or a telephone number at all. Most numbers of a log are not,
// and to make text of each of them costs more than all the rest. It never says so of one of which numbers.ts makes something.
import { luhnAt, remainderAt, sumAt, verhoeffAt } from './digit-sums.ts'

const zero = 48

const twoAt = (bytes: Uint8Array, at: number): number => (bytes[at]! - zero) * 10 + bytes[at + 1]! - zero

const isMonthDay = (month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= 31

/** YYMMDD and four more, of which the last checks; 60 may be added to the day. */
const mayBePersonnummer = (bytes: Uint8Array, at: number): boolean => {
  const day = twoAt(bytes, at + 4)
  return isMonthDay(twoAt(bytes, at + 2), day > 60 ? day - 60 : day) && luhnAt(bytes, at, 10)
}

const bsnWeights = [9, 8, 7, 6, 5, 4, 3, 2, -1]
const peselWeights = [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]
const cpfWeights = [10, 9, 8, 7, 6, 5, 4, 3, 2]

/** ISO 7064 mod 11,10 over eleven digits. */
const isIsoAt = (bytes: Uint8Array, from: number): boolean => {
  let product = 10
  for (let at = from; at < from + 10; at++) product = (((bytes[at]! - zero + product) % 10 || 10) * 2) % 11
  return (11 - product) % 10 === bytes[from + 10]! - zero
}

const mayBeEleven = (bytes: Uint8Array, at: number): boolean =>
  sumAt(bytes, at, peselWeights) % 10 === 0 ||
  ((sumAt(bytes, at, cpfWeights) * 10) % 11) % 10 === bytes[at + 9]! - zero ||
  isIsoAt(bytes, at)

/** Whether a number that stands without separators, of so many digits, may be something. */
const mayBeWhole = (bytes: Uint8Array, at: number, digits: number): boolean => {
  const first = bytes[at]! - zero
  switch (digits) {
    case 9:
      return sumAt(bytes, at, bsnWeights) % 11 === 0
    case 10:
      return mayBePersonnummer(bytes, at)
    case 11:
      return mayBeEleven(bytes, at)
    case 12:
      return (
        (first >= 2 && verhoeffAt(bytes, at, 12)) || ((first === 1 || first === 2) && mayBePersonnummer(bytes, at + 2))
      )
    case 13:
      return isMonthDay(twoAt(bytes, at + 3), twoAt(bytes, at + 5)) || (first === 4 && luhnAt(bytes, at, 13))
    case 15:
      return first === 3
        ? luhnAt(bytes, at, 15)
        : (first === 1 || first === 2) && 97 - remainderAt(bytes, at, 13, 97) === twoAt(bytes, at + 13)
    default:
      return first >= 2 && first <= 6 && luhnAt(bytes, at, digits)
  }
}

/** Lengths of the groups of a number as one number: `4-6-5`. */
export const shapeCode = (shape: string): number =>
  shape.split('-').reduce((code, length) => code * 20 + Number(length), 0)

/** Shapes of numbers in several groups, by what they begin with. */
export type KnownShapes = Readonly<Record<'any' | 'zero', ReadonlySet<number>>>

/** Whether the number that begins at `at` may be something. `shape`: its lengths as `shapeCode` has them; `first`: that of its first group. */
export const mayBeNumber = (
  bytes: Uint8Array,
  at: number,
  { digits, first, shape }: { digits: number; first: number; shape: number },
  known: KnownShapes,
): boolean => {
  const isZero = bytes[at] === zero
  // The sign that a number is called abroad.
  if (isZero && first > 1 && bytes[at + 1] === zero) return true
  if (first === digits) return mayBeWhole(bytes, at, digits)
  return known.any.has(shape) || (isZero && known.zero.has(shape))
}
