// Runs of digits in a log: cards, national ids, telephone numbers. A run is digits with single separators between them.
import { countingName, identityWords, type LogKind } from '../../data/log-names.ts'
import {
  isAadhaar,
  isBsn,
  isCard,
  isCnp,
  isCpf,
  isNir,
  isPersonnummer,
  isPesel,
  isRodneCislo,
  isSsn,
  isSteuerId,
  luhn,
} from './checksums.ts'
import { mayBeNumber, shapeCode } from './number-signs.ts'
import { beginsAlone, endsAlone, fieldBefore, isDigit, isWordCode, note, type Window } from './window.ts'

type Group = { from: number; to: number; text: string }
/** Places of the groups of a run, of which there are `count`; `to` is where it ends. One run is read at a time. */
type Run = { from: Int32Array; ends: Int32Array; count: number; to: number }
type Found = { kind: LogKind; groups: number }

const mostGroups = 14
const mostGroupsOfOne = 7

/** Where the run that begins at `at` ends; -1 where it has enough digits to be something, and is no address of a machine. */
const endOfFew = (bytes: Uint8Array, at: number): number => {
  const least = bytes[at - 1] === 43 ? 8 : 9
  let to = at
  let digits = 0
  let group = 0
  let groups = 1
  let isQuad = true
  for (; to - at < 96; to++) {
    const code = bytes[to]!
    if (isDigit(code)) {
      digits++
      group++
      if (group > 3) isQuad = false
    } else if ((code === 32 || code === 45 || code === 46 || code === 47) && isDigit(bytes[to + 1]!)) {
      if (code !== 46) isQuad = false
      group = 0
      groups++
    } else break
  }
  return digits < least || (isQuad && groups === 4) ? to : -1
}

/** A date begins here: 2026-11-29, 2026/11/29. */
const isDateAt = (bytes: Uint8Array, at: number): boolean => {
  const mark = bytes[at + 4]
  const isYear = (bytes[at] === 50 && bytes[at + 1] === 48) || (bytes[at] === 49 && bytes[at + 1] === 57)
  return isYear && (mark === 45 || mark === 47 || mark === 46) && bytes[at + 7] === mark && bytes[at + 5]! <= 49
}

/** Where a number ends that is a date, or too short for anything; -1 for one that is to be read. */
export const endOfShortRun = (bytes: Uint8Array, at: number): number =>
  isDateAt(bytes, at) ? at + 10 : endOfFew(bytes, at)

const run: Run = { from: new Int32Array(mostGroups), ends: new Int32Array(mostGroups), count: 0, to: 0 }

/** Reads groups of digits from `from` on. A group that is part of a word is not one of them. */
const readRun = (bytes: Uint8Array, from: number): void => {
  let at = from
  run.count = 0
  run.to = from
  while (run.count < mostGroups) {
    const start = at
    while (isDigit(bytes[at]!) && at - start < 64) at++
    if (at === start) break
    run.to = at
    const code = bytes[at]!
    if (isWordCode(code)) break
    run.from[run.count] = start
    run.ends[run.count++] = at
    const isParted = code === 32 || code === 45 || code === 46 || code === 47
    if (!isParted || !isDigit(bytes[at + 1]!)) break
    at++
  }
  run.to = Math.max(run.to, from + 1)
}

const shapeOf = (groups: readonly Group[]): string => groups.map(({ text }) => text.length).join('-')

const separatorsOf = (text: string, groups: readonly Group[]): string =>
  groups
    .slice(0, -1)
    .map(({ to }) => text[to])
    .join('')

const isOne = (joined: string): boolean => joined === '' || joined === joined[0]!.repeat(joined.length)

const cardShapes: readonly string[] = [
  ...['4-4-4-4', '4-6-5', '4-6-4', '4-4-4-4-3', '4-4-4-1', '6-13'],
  ...['13', '14', '15', '16', '17', '18', '19'],
]

/** Shapes of identity numbers in groups. */
const identityShapes: readonly string[] = [
  ...['3-3-3-2', '2-3-3-3', '3-2-4', '6-4', '8-4', '1-2-2-2-3-3-2', '4-2-3', '3-3-3', '4-4-4'],
]

/** An identity number by its own checksum. `isNamed`: words near it say so too. */
const nationalId = (
  shape: string,
  digits: string,
  marks: string,
  groups: readonly Group[],
  isNamed: () => boolean,
): boolean => {
  if (shape === '3-3-3-2' && marks === '..-') return isCpf(digits)
  if (shape === '2-3-3-3' && marks === '   ') return isSteuerId(digits)
  if (shape === '3-2-4' && (marks === '--' || marks === '  '))
    return isSsn(groups[0]!.text, groups[1]!.text, groups[2]!.text)
  if (shape === '6-4' && marks === '-') {
    const year = Number(digits.slice(0, 2))
    return isPersonnummer(digits) && (year > 35 || year < 15 || isNamed())
  }
  if (shape === '8-4' && marks === '-') return isPersonnummer(digits) && (digits.slice(0, 4) < '2013' || isNamed())
  if (shape === '1-2-2-2-3-3-2' && isOne(marks)) return isNir(digits)
  if (shape === '6-4' && marks === '/') return isRodneCislo(digits)
  if (shape === '11') return isPesel(digits) || isCpf(digits) || isSteuerId(digits)
  return isNationalShape(shape, digits, marks) && isNamed()
}

/** Identity numbers of a shape that other numbers have as well: only with a word near them that says so. */
const isNationalShape = (shape: string, digits: string, marks: string): boolean => {
  switch (shape) {
    case '4-2-3':
      return marks === '..' && isBsn(digits)
    case '3-3-3':
      return isOne(marks) && luhn(digits)
    case '4-4-4':
      return isOne(marks) && isAadhaar(digits)
    case '9':
      return isBsn(digits)
    case '10':
      return isPersonnummer(digits)
    case '12':
      return isAadhaar(digits) || isPersonnummer(digits)
    case '13':
      return isCnp(digits)
    case '15':
      return isNir(digits)
    default:
      return false
  }
}

const nationalPhones: readonly string[] = [
  ...['2-4-4', '3-3-4', '3-4-4', '4-3-4', '4-3-3', '5-3-3', '5-6', '4-7', '3-8', '2-8', '3-7', '4-8', '4-6', '5-7'],
  ...['2-2-2-2-2', '3-2-2-2', '3-3-3-3'],
]

const codesOf = (shapes: readonly string[]): ReadonlySet<number> => new Set(shapes.map(shapeCode))

/** Of numbers that begin with any digit, and of those that begin with a zero. */
const knownShapes = {
  any: codesOf([...cardShapes, ...identityShapes, '3-3-4', '1-3-3-4']),
  zero: codesOf(nationalPhones),
}

/** A number that somebody can call, written as people write it. */
const isPhone = (shape: string, digits: string, marks: string, before: string): boolean => {
  const { length } = digits
  if (before === '+') return length >= 8 && length <= 15 && digits[0] !== '0' && !marks.includes('/')
  // Not a zero and a fraction, nor seconds since the start with one.
  if (/^00[1-9]/.test(digits) && length >= 11 && length <= 16)
    return isOne(marks) && marks !== '.' && !shape.startsWith('1-')
  if (before === '(') return false
  if (shape === '3-3-4' && marks !== '//' && isOne(marks)) return /^[2-9]\d\d[2-9]/.test(digits)
  if (shape === '1-3-3-4' && digits[0] === '1' && isOne(marks) && marks !== '///')
    return /^1[2-9]\d\d[2-9]/.test(digits)
  if (!/^0[1-9]/.test(digits) || length < 9 || length > 12 || marks === '' || marks.includes('.')) return false
  return nationalPhones.includes(shape) && /^[ -/]+$/.test(marks)
}

const isDateLike = (groups: readonly Group[]): boolean => {
  const [first, second] = groups
  return Boolean(
    first && second && /^(?:19|20)\d\d$/.test(first.text) && second.text.length === 2 && Number(second.text) <= 12,
  )
}

/** Whether the groups `at`… may be something, by what their bytes give away. */
const mayBeOne = (bytes: Uint8Array, at: number, count: number, digits: number): boolean => {
  let shape = 0
  for (let group = at; group < at + count; group++) shape = shape * 20 + run.ends[group]! - run.from[group]!
  const first = run.ends[at]! - run.from[at]!
  return mayBeNumber(bytes, run.from[at]!, { digits, first, shape }, knownShapes)
}

const groupsAt = (text: string, at: number, count: number): Group[] => {
  const groups: Group[] = []
  for (let nth = at; nth < at + count; nth++) {
    const [from, to] = [run.from[nth]!, run.ends[nth]!]
    groups.push({ from, to, text: text.slice(from, to) })
  }
  return groups
}

/** What begins with the group `at`, and how many groups it takes. */
const matchAt = ({ text, bytes }: Window, at: number, isLed: boolean, lead: number): Found | null => {
  const from = run.from[at]!
  for (let count = Math.min(run.count - at, mostGroupsOfOne); count >= 1; count--) {
    const length = run.ends[at + count - 1]! - from
    const digits = length - count + 1
    if (length > 26 || digits > 19) continue
    if (digits < (isLed ? 8 : 9)) return null
    if (!isLed && !mayBeOne(bytes, at, count, digits)) continue
    const found = matchGroups(text, groupsAt(text, at, count), isLed ? '+' : at === 0 ? (text[lead] ?? '') : '')
    if (found) return found
  }
  return null
}

/** What all these groups are together. */
const matchGroups = (text: string, part: readonly Group[], before: string): Found | null => {
  const [first, count] = [part[0]!, part.length]
  if ((count > 1 && isDateLike(part)) || !endsAlone(text, part.at(-1)!.to)) return null
  const digits = part.map(group => group.text).join('')
  const marks = separatorsOf(text, part)
  const shape = shapeOf(part)
  if (before === '+' && digits.length <= 15 && isPhone(shape, digits, marks, before))
    return { kind: 'phone', groups: count }
  if (
    cardShapes.includes(shape) &&
    isOne(marks) &&
    !/[./]/.test(marks) &&
    isCard(digits) &&
    !isFraction(text, first.from) &&
    !isCounted(text, first.from, marks)
  )
    return { kind: 'card', groups: count }
  const isNamed = (): boolean => identityWords.test(text.slice(Math.max(0, first.from - 48), first.from))
  if (nationalId(shape, digits, marks, part, isNamed) && (!isCounted(text, first.from, marks) || isNamed()))
    return { kind: 'national-id', groups: count }
  if (isPhone(shape, digits, marks, before) && !isNumbering(text, first.from, marks))
    return { kind: 'phone', groups: count }
  return null
}

/** A number without separators that a field counts with: an order, a time, a size. */
const isCounted = (text: string, from: number, marks: string): boolean =>
  marks === '' && countingName.test(fieldBefore(text, from).replace(/[-_]/g, '').toLowerCase())

/** Behind a digit and a point: a fraction. */
const isFraction = (text: string, from: number): boolean => /\d\.$/.test(text.slice(Math.max(0, from - 2), from))

/** A fraction, a record of an address, or what a field counts. */
const isNumbering = (text: string, from: number, marks: string): boolean =>
  text[from - 1] === '/' || isFraction(text, from) || isCounted(text, from, marks)

const parenthesised = /^\(([2-9]\d\d|0\d{2,4})\)[ -]?\d{3,4}[ -]?\d{3,4}/

/** Looks at a number that begins at `at`; where to go on. */
export const lookAtNumber = (window: Window, at: number): number => {
  const { text, bytes } = window
  const short = endOfShortRun(bytes, at)
  if (short !== -1) return short
  const lead = at - 1
  const isLed = bytes[lead] === 43
  readRun(bytes, at)
  const { to } = run
  if (!beginsAlone(text, isLed ? lead : at)) return to
  for (let group = 0; group < run.count; ) {
    const isFirst = group === 0
    const found = matchAt(window, group, isFirst && isLed, lead)
    if (found) {
      const from = run.from[group]!
      note(window, found.kind, isFirst && isLed ? from - 1 : from, run.ends[group + found.groups - 1]!)
    }
    group += found?.groups ?? 1
  }
  return to
}

/** Looks at an opening parenthesis: `(555) 123-4567`, `(030) 1234567`. */
export const lookAtParenthesis = (window: Window, at: number): number => {
  const { text } = window
  if (!isDigit(text.charCodeAt(at + 1))) return at + 1
  const match = parenthesised.exec(text.slice(at, at + 24))
  if (!match || !endsAlone(text, at + match[0].length)) return at + 1
  note(window, 'phone', at, at + match[0].length)
  return at + match[0].length
}

/** A plus as URLs write it: `%2B14155552671`. */
export const lookAtCodedPlus = (window: Window, at: number): number => {
  const { text } = window
  const number = beginsAlone(text, at) ? /^%2B[1-9]\d{7,14}(?!\w)/i.exec(text.slice(at, at + 22))?.[0] : undefined
  if (number === undefined) return at + 1
  note(window, 'phone', at, at + number.length)
  return at + number.length
}

const optionalArea = /^\+\d{1,3}[ ]?\((?:0|\d{2,4})\)[ -]?\d[\d -]{5,14}\d/

/** Looks at a plus: `+49 (0) 30 1234567`, `+1 (555) 123-4567`; without a parenthesis the number itself is looked at. */
export const lookAtPlus = (window: Window, at: number): number => {
  const { text } = window
  if (!isDigit(text.charCodeAt(at + 1)) || !beginsAlone(text, at)) return at + 1
  const match = optionalArea.exec(text.slice(at, at + 32))
  if (!match || !endsAlone(text, at + match[0].length)) return at + 1
  note(window, 'phone', at, at + match[0].length)
  return at + match[0].length
}
