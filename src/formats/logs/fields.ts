// Fields of a log whose names say what they hold, and how much of what stands behind them is the value.
import type { LogKind } from '../../data/log-names.ts'
import { kindOfWords } from './names.ts'
import { kindByOwner } from './owned.ts'
import { endOfWords, isEmptyPrinted } from './several-words.ts'
import {
  lookForAlias,
  lookForArgument,
  lookForChange,
  lookForSpokenCode,
  lookForSpokenKey,
  lookForSpokenPassword,
} from './spoken.ts'
import { columnsBefore, rowsBehind } from './sql-rows.ts'
import { endOfHeader, isNoValue, type Value, valueBehind, valuesWithin, wholeEnd } from './values.ts'
import { note, type Window } from './window.ts'

/** What a name holds; null where that is nothing to hide. */
export type KindOf = (name: string) => LogKind | null

const headerKinds: readonly LogKind[] = ['authorization', 'cookie']
const wholeKinds: readonly LogKind[] = ['authorization', 'cookie', 'password', 'session', 'key', 'token']
const schemes =
  /^(?:bearer|basic|digest|token|apikey|negotiate|ntlm|oauth|hawk|aws4-hmac-sha256|signature|key)(?:\s+|%20|\+)/i

/** Where a value comes from, or goes to: a variable, a parameter of a statement, a call. */
const isReference = /^\$\{?\w|^process\.env|^SIG[A-Z]{2,6}$|^%(?:[sdv]|\(\w+\)s)$|^\{\{/
const isPlaceholder = /^(?:\?+|[:@][a-z_]\w*|[A-Za-z_$][A-Za-z_.$]*(?:\(\w*|\[))$/

/** Whether what stands there is a value to hide, and not a word about one. */
export const isHidden = (kind: LogKind, value: string, { how, natural }: Value): boolean => {
  if (value === '' || isNoValue(value) || isReference.test(value) || (how === 'bare' && isPlaceholder.test(value)))
    return false
  if (kind === 'one-time-code')
    return how === 'quoted'
      ? value.length >= 4 && value.length <= 16
      : /^(?:\d{4,10}|(?=.*\d)[a-z\d]{3,6}(?:-[a-z\d]{3,6}){1,4})$/i.test(value)
  if (kind === 'card-code') return /^\d{3,4}$/.test(value)
  if (kind === 'name' || kind === 'address') return /[A-Za-z\x80-\xff]/.test(value)
  if (kind === 'phone') return value.replace(/\D/g, '').length >= 6
  if (kind === 'birth-date') return /\d/.test(value) && value.length >= 6
  if (kind === 'ip') return false
  if (kind === 'email') return value.includes('@') || /%40/i.test(value)
  if (kind === 'iban' || kind === 'card' || kind === 'national-id')
    return value.replace(/\W/g, '').length >= 7 && /\d/.test(value)
  if (natural && how === 'bare') {
    if (/^[a-z]+$/.test(value) && kind !== 'password') return false
    return value.length >= (kind === 'password' ? 3 : 6)
  }
  if (kind === 'password') return !(how === 'bare' && /^\/[\w/.-]*$/.test(value)) && !/^(?:0|1)$/.test(value)
  if (kind === 'session') return value.length >= 8 && !/^\d{1,9}$/.test(value)
  return how === 'quoted' ? value.length >= 3 : !/^\d{1,5}$/.test(value) && value.length >= 4
}

const lookForHeader = (window: Window, kind: LogKind, value: Value, nameFrom: number): void => {
  const { text } = window
  const scheme = schemes.exec(text.slice(value.from, value.from + 32))?.[0] ?? ''
  const isLine = value.how === 'bare' && (value.natural || kind === 'cookie')
  const to = isLine ? endOfHeader(text, value.from, nameFrom) : wholeEnd(text, value)
  // `Authorization: Bearer abc` in a line of text: one word behind the scheme, unless the scheme has many parts.
  const from = value.from + scheme.length
  const isOneWord = isLine && kind === 'authorization' && /^(?:bearer|basic|token|apikey|key)/i.test(scheme)
  const end = isOneWord ? Math.min(to, from + (/^\S+/.exec(text.slice(from, from + 16_384))?.[0].length ?? 0)) : to
  const content = text.slice(from, end)
  if (content.trim().length < 4 || isNoValue(content.trim()) || /^[^=;]*=\s*$/.test(content)) return
  if (kind === 'authorization' && !scheme && value.how === 'bare' && !/\d/.test(content)) return
  if (kind === 'cookie' && value.how === 'bare' && !content.includes('=') && !/\d/.test(content)) return
  const isCut = isLine && !isOneWord && end - value.from >= 2_048
  note(window, kind, from, isCut ? endOfHeader(text, value.from, nameFrom, text.length) : end)
}

/** Numbers that people write in groups. */
const groupedKinds: readonly LogKind[] = ['national-id', 'card', 'iban']
const grouped = /^[A-Z]{0,2}\d[\dA-Z]{1,5}(?:[ .-][\dA-Z]{1,6}){2,7}(?![\w])/

/** What a validator says of a field: a sentence. */
const isSentence = (text: string): boolean => /^[A-Za-z][a-z]*(?: [\w().,'-]+)+$/.test(text)

const hideWithin = (window: Window, kind: LogKind, value: Value): void => {
  const { text } = window
  const parts = valuesWithin(text, value)
  for (const part of parts) {
    const content = text.slice(part.from, part.to)
    if (content.length >= 3 && !isNoValue(content) && !isSentence(content)) note(window, kind, part.from, part.to)
  }
  // `password=[hunter2x]`: brackets that a program puts around what it prints.
  const [from, to] = [value.from + 1, value.to - 1]
  const only = text.slice(from, to)
  if (
    parts.length === 0 &&
    value.how === 'list' &&
    /^[^\s,"'([{]{3,512}$/.test(only) &&
    isHidden(kind, only, { ...value, how: 'bare' })
  )
    note(window, kind, from, to)
}

/** What is said of a name behind which no sign stands. */
const lookBehindWord = (window: Window, kind: LogKind, from: number, to: number): void => {
  if (kind === 'password') lookForSpokenPassword(window, to)
  if (kind === 'one-time-code') lookForSpokenCode(window, to)
  if (!wholeKinds.includes(kind)) return
  lookForArgument(window, kind, from, to)
  lookForChange(window, kind, to)
  lookForAlias(window, kind, from)
  if (kind === 'key' || kind === 'token' || kind === 'session') lookForSpokenKey(window, kind, to)
}

/** Whether name and value are a pair of their own in brackets: `('password', '…')`, `{password,"…"}`, and not two names of a list. */
const isPair = (text: string, from: number, { from: begin, to }: Value): boolean => {
  const opened = /[([{]\\{0,3}["']$/.test(text.slice(Math.max(0, from - 5), from))
  return opened && /^\\{0,3}["'][)\]}]/.test(text.slice(to, to + 5)) && !/^[a-z][a-z_ ]*$/i.test(text.slice(begin, to))
}

/** Whether what stands behind a comma is a name itself: `"grant_type":"refresh_token","refresh_token":"…"`. */
const isName = (text: string, { to }: Value): boolean => /^\\{0,3}["']\s{0,3}:/.test(text.slice(to, to + 8))

/** A value that another takes the place of: `"…" -> "…"`. */
const replacing = /^\\{0,3}" -> \\{0,3}"([^"\\\n]{3,512})/

/** Hides the value of the field `from`…`to`, whose name says what it holds. `named` is the name where it is written otherwise. */
export const lookAtField = (kindOf: KindOf, window: Window, from: number, to: number, named?: string): void => {
  const { text } = window
  const name = named ?? text.slice(from, to)
  const kind = kindOf(name) ?? kindOfWords(text, from, name) ?? kindByOwner(window, from, to, name)
  if (kind === null || kind === 'ip' || isElsewhere(text, from, to, name)) return
  const value = valueBehind(text, from, to)
  if (!value) {
    lookBehindWord(window, kind, from, to)
    return
  }
  if ((value.raw && isName(text, value)) || isEmptyPrinted(text, from, to)) return
  if (value.raw && !headerKinds.includes(kind) && kind !== 'key' && kind !== 'token' && !isPair(text, from, value))
    return
  if (value.how === 'list' || value.how === 'object') {
    if (value.how === 'list' || wholeKinds.includes(kind)) hideWithin(window, kind, value)
    return
  }
  const group =
    groupedKinds.includes(kind) && value.how === 'bare' ? grouped.exec(text.slice(value.from, value.from + 40)) : null
  const words = kind === 'key' && value.how === 'bare' ? seedWords.exec(text.slice(value.from, value.from + 240)) : null
  const whole = group ?? words
  if (whole) note(window, kind, value.from, value.from + whole[0].length)
  else if (headerKinds.includes(kind)) lookForHeader(window, kind, value, from)
  else {
    const end = endOfWords(window, kind, { from, to, value })
    const several = { ...value, to: end > value.to ? end : endOfSeveral(text, kind, value) }
    const shown = kind === 'one-time-code' ? value.to : several.to
    if (!isHidden(kind, text.slice(value.from, Math.min(shown, value.from + 256)), value)) return
    const last = wholeEnd(text, several)
    note(window, kind, value.from, last)
    const next = value.how === 'quoted' ? replacing.exec(text.slice(last, last + 530)) : null
    if (next) note(window, kind, last + next[0].length - next[1]!.length, last + next[0].length)
  }
}

/** The words that a wallet is made again from (BIP 39). */
const seedWords = /^[a-z]{3,8}(?:,? [a-z]{3,8}){11,23}(?![a-z])/

/** Signatures and codes of which several stand behind one name: `t=1,v1=…`, `4f8a-91cc, 77de-02bb`. */
const endOfSeveral = (text: string, kind: LogKind, { how, to: end }: Value): number => {
  if (how !== 'bare' || text.charCodeAt(end) !== 44 || (kind !== 'token' && kind !== 'one-time-code')) return end
  const more =
    kind === 'token'
      ? /^(?:,(?:[\w-]{1,12}=)?(?=[\w+/=-]*\d)[\w+/=-]{16,512})+/
      : /^(?:, ?(?=[a-z-]*\d)[\da-z-]{4,20})+/i
  return end + (more.exec(text.slice(end, end + 2_048))?.[0].length ?? 0)
}

/** What a name like that of a secret is followed by: counts and tests that passed, the path of a secret in a store, a shell's words for none. */
const isElsewhere = (text: string, from: number, to: number, name: string): boolean => {
  if (text.startsWith(':?', to) && text.startsWith('${', from - 2)) return true
  if (name.toLowerCase() === 'pass')
    return (
      /^[=:] ?\d{1,6}\b/.test(text.slice(to, to + 10)) || /(?:--- |^|\n)$/.test(text.slice(Math.max(0, from - 4), from))
    )
  return name === 'secret' && /:secretsmanager:[\w-]{0,32}:\d{0,12}:$/.test(text.slice(Math.max(0, from - 64), from))
}

/** Values of SQL whose columns are named before them. */
export const lookForRows = (kindOf: KindOf, window: Window, from: number, to: number): void => {
  const { text } = window
  const kinds = columnsBefore(text, from).map(name => kindOf(name))
  if (!kinds.some(kind => kind !== null)) return
  for (const item of rowsBehind(text, to)) {
    const kind = kinds[item.column]
    const how = item.quoted ? 'quoted' : 'bare'
    if (
      kind &&
      isHidden(kind, text.slice(item.from, Math.min(item.to, item.from + 256)), { ...item, how, natural: false })
    )
      note(window, kind, item.from, item.to)
  }
}
