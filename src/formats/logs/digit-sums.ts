// Sums over the digits of a number that check it, on its bytes.

const zero = 48

/** ISO/IEC 7812 over so many digits: every second one from the right doubled. */
export const luhnAt = (bytes: Uint8Array, from: number, length: number): boolean => {
  let sum = 0
  let isSecond = false
  for (let at = from + length - 1; at >= from; at--) {
    const digit = bytes[at]! - zero
    sum += isSecond ? digit * 2 - (digit > 4 ? 9 : 0) : digit
    isSecond = !isSecond
  }
  return sum % 10 === 0
}

/** The digits, each times its weight. */
export const sumAt = (bytes: Uint8Array, from: number, weights: readonly number[]): number => {
  let sum = 0
  for (let at = 0; at < weights.length; at++) sum += weights[at]! * (bytes[from + at]! - zero)
  return sum
}

/** What is left of a number of so many digits, divided by `by`. */
export const remainderAt = (bytes: Uint8Array, from: number, length: number, by: number): number => {
  let rest = 0
  for (let at = from; at < from + length; at++) rest = (rest * 10 + bytes[at]! - zero) % by
  return rest
}

// Verhoeff's method: the dihedral group of ten, and how each place permutes its digit.
const dihedral = '0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210'
const permuted = '01234567891576283094580379614289160435279453126870428657390127938064157046913258'
const tableOf = (digits: string): Uint8Array => Uint8Array.from(digits, Number)
const [group, places] = [tableOf(dihedral), tableOf(permuted)]

/** Verhoeff's sum over so many digits. */
export const verhoeffAt = (bytes: Uint8Array, from: number, length: number): boolean => {
  let sum = 0
  for (let at = 0; at < length; at++)
    sum = group[sum * 10 + places[(at % 8) * 10 + bytes[from + length - 1 - at]! - zero]!]!
  return sum === 0
}
