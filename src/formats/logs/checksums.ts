// Numbers that prove themselves: cards (Luhn), IBANs (ISO 7064 mod 97), national ids with check digits.
import { luhnAt, verhoeffAt } from './digit-sums.ts'

const isRepeated = (text: string): boolean => /^(\d)\1*$/.test(text)

const digitsOf = (text: string): number[] => Array.from(text, Number)

/** ISO/IEC 7812: every second digit from the right doubled. */
export const luhn = (digits: string): boolean => luhnAt(Buffer.from(digits, 'latin1'), 0, digits.length)

/** Beginning and length of the cards that are in use: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro. */
export const isCard = (digits: string): boolean => {
  const { length } = digits
  if (length < 13 || length > 19) return false
  const two = Number(digits.slice(0, 2))
  const four = Number(digits.slice(0, 4))
  const isKnown =
    (digits[0] === '4' && (length === 16 || length === 13 || length === 19)) ||
    (two >= 51 && two <= 55 && length === 16) ||
    (four >= 2221 && four <= 2720 && length === 16) ||
    ((two === 34 || two === 37) && length === 15) ||
    ((four === 6011 || two === 65 || (four >= 6440 && four <= 6499)) && (length === 16 || length === 19)) ||
    ((two === 36 || two === 38 || (four >= 3000 && four <= 3059)) && length === 14) ||
    (four >= 3528 && four <= 3589 && length === 16) ||
    (two === 62 && (length === 16 || length === 19)) ||
    ((four === 5018 || four === 5020 || four === 5038 || four === 6304 || four === 6759) && length >= 16)
  return isKnown && luhn(digits) && !isRepeated(digits)
}

/** Length of an IBAN by its country (SWIFT IBAN Registry, 2026-10). */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
    .split(' ')
    .map(entry => [entry.slice(0, 2), Number(entry.slice(2))]),
)

export const ibanLength = (country: string): number => ibanLengths[country] ?? 0

export const isIban = (text: string): boolean => {
  if (text.length !== ibanLength(text.slice(0, 2)) || !/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(text)) return false
  let rest = 0
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const code = character.charCodeAt(0)
    rest = code <= 57 ? (rest * 10 + code - 48) % 97 : (rest * 100 + code - 55) % 97
  }
  return rest === 1
}

const weighted = (digits: number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, at) => sum + weight * digits[at]!, 0)

/** The Netherlands, eleven-test. */
export const isBsn = (text: string): boolean =>
  /^\d{9}$/.test(text) && !isRepeated(text) && weighted(digitsOf(text), [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0

/** Brazil, two check digits. */
export const isCpf = (text: string): boolean => {
  if (!/^\d{11}$/.test(text) || isRepeated(text)) return false
  const digits = digitsOf(text)
  const check = (length: number): number => {
    let sum = 0
    for (let at = 0; at < length; at++) sum += digits[at]! * (length + 1 - at)
    return ((sum * 10) % 11) % 10
  }
  return check(9) === digits[9] && check(10) === digits[10]
}

const isMonthDay = (month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= 31

/** Poland: a birth date (the century in the month) and a check digit. */
export const isPesel = (text: string): boolean => {
  if (!/^\d{11}$/.test(text)) return false
  const month = Number(text.slice(2, 4))
  const isLiving = month <= 12 || (month > 20 && month <= 32)
  const digits = digitsOf(text)
  return (
    isLiving &&
    isMonthDay(month % 20, Number(text.slice(4, 6))) &&
    (10 - (weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digits[10]
  )
}

/** Sweden: YYMMDDNNNN by Luhn; a coordination number adds 60 to the day. */
export const isPersonnummer = (text: string): boolean => {
  const ten = text.length === 12 ? text.slice(2) : text
  if (!/^\d{10}$/.test(ten) || (text.length === 12 && !/^(?:19|20)/.test(text))) return false
  const day = Number(ten.slice(4, 6))
  return isMonthDay(Number(ten.slice(2, 4)), day > 60 ? day - 60 : day) && luhn(ten)
}

/** Germany: one digit of the first ten is there twice or three times, check digit by ISO 7064 mod 11,10. */
export const isSteuerId = (text: string): boolean => {
  if (!/^[1-9]\d{10}$/.test(text)) return false
  const digits = digitsOf(text)
  const counts = new Array<number>(10).fill(0)
  for (const digit of digits.slice(0, 10)) counts[digit]!++
  const repeated = counts.filter(count => count > 1)
  if (repeated.length !== 1 || repeated[0]! > 3) return false
  let product = 10
  for (const digit of digits.slice(0, 10)) {
    const sum = (digit + product) % 10 || 10
    product = (sum * 2) % 11
  }
  return (11 - product) % 10 === digits[10]
}

/** Spain: DNI (eight digits) and NIE (X, Y or Z and seven), with the letter of mod 23. */
export const isDni = (text: string): boolean => {
  if (!/^[XYZ\d]\d{7}[A-Z]$/.test(text)) return false
  const number = Number(text.slice(0, 8).replace(/^[XYZ]/, letter => String('XYZ'.indexOf(letter))))
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23] === text[8]
}

const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]

/** Italy: sixteen characters, the last one checks. */
export const isCodiceFiscale = (given: string): boolean => {
  const text = given.toUpperCase()
  if (!/^[A-Z]{6}[\dL-NP-V]{2}[A-EHLMPRST][\dL-NP-V]{2}[A-Z][\dL-NP-V]{3}[A-Z]$/.test(text)) return false
  let sum = 0
  for (let at = 0; at < 15; at++) {
    const code = text.charCodeAt(at)
    const value = code <= 57 ? code - 48 : code - 65
    sum += at % 2 === 0 ? oddValues[value]! : value
  }
  return String.fromCharCode(65 + (sum % 26)) === text[15]
}

/** France: thirteen digits and a key of mod 97. */
export const isNir = (text: string): boolean =>
  /^[12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)\d{10}$/.test(text) &&
  97 - (Number(text.slice(0, 13)) % 97) === Number(text.slice(13))

/** The Czech Republic and Slovakia: a birth date (women: the month and 50) and a number that eleven divides. */
export const isRodneCislo = (text: string): boolean =>
  /^\d{10}$/.test(text) &&
  isMonthDay(Number(text.slice(2, 4)) % 50, Number(text.slice(4, 6))) &&
  Number(text) % 11 === 0

/** Romania: a birth date, a county and a check digit. */
export const isCnp = (text: string): boolean => {
  if (!/^[1-8]\d{12}$/.test(text) || !isMonthDay(Number(text.slice(3, 5)), Number(text.slice(5, 7)))) return false
  const rest = weighted(digitsOf(text), [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
  return (rest === 10 ? 1 : rest) === Number(text[12])
}

/** Finland: a birth date, the sign of the century, a number and a character of mod 31. */
export const isHetu = (text: string): boolean =>
  isMonthDay(Number(text.slice(2, 4)), Number(text.slice(0, 2))) &&
  '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(text.slice(0, 6) + text.slice(7, 10)) % 31] === text[10]

/** India's Aadhaar, by Verhoeff. */
export const isAadhaar = (text: string): boolean =>
  /^[2-9]\d{11}$/.test(text) && verhoeffAt(Buffer.from(text, 'latin1'), 0, 12)

/** The United States: no check digit, so only with its separators and in ranges that are given out. */
export const isSsn = (area: string, group: string, serial: string): boolean =>
  area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000'
