// How names and values stand in a text: where a token may begin and end, and the assignment around an index.

const isWord = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95

/** Whether a token may begin here: not within a word, unless that letter is the escape in `\n`. */
export const beginsHere = (text: string, index: number, separated: boolean): boolean => {
  if (index === 0 || !isWord(text.charCodeAt(index))) return true
  const before = text.charCodeAt(index - 1)
  if (isWord(before))
    return index > 1 && text.charCodeAt(index - 2) === 92 && (before === 110 || before === 114 || before === 116)
  // Within base64: a plus or a slash before letters that only look like a prefix.
  return separated || (before !== 43 && before !== 47)
}

/** Whether a token may end before `end`. */
export const endsHere = (text: string, end: number, separated: boolean): boolean => {
  if (end >= text.length) return true
  const after = text.charCodeAt(end)
  return !isWord(after) && (separated || (after !== 43 && after !== 47))
}

const operator =
  /["'`]?\]?\s{0,8}(?::\s{0,4}(?:string|str|String|&str)\s{0,4}=|:=|=>|=(?![=~>])|:(?![:=/])|\|\||\?\?|,(?=\s{0,4}["'`]))\s{0,8}(?:(?:\[\]byte|Buffer\.from|bytes|new\s\w{1,40})\(\s{0,4}(?=["'`])|[bBrRuU]{1,2}(?=["']))?/y
const quoted = /(["'`])((?:(?!\1)[^\\\n\r]|\\.){0,4096})\1/y
const bare = /[^\s"'`,;#(){}[\]<>]{1,4096}/y
/** Files of one setting a line: all marks belong to the value. */
const lineOfValue = /[^\s"'`]\S{0,1023}/y
const endOfLine = /[ \t]{0,40}(?:[#;][^\n]{0,400})?(?:\r?\n|$)/y
export const lineFormat = /\.(?:properties|ini|cfg|conf|cnf|ya?ml)$|(?:^|\/)[^/]*\.env(?:[._-][^/]*)?$/i
/** What may stand before the name where the rest of the line is its value. */
const beginsLine = /^[\s-]*(?:export\s+)?$/
/** What stands in for a variable without a value (POSIX, 2.6.2): `${NAME:-value}`. */
const defaultValue = /:?[-=]([^}\n]{0,1024})\}/y
/** An anchor of YAML before its value. */
const anchor = /&[\w-]{1,80}[ \t]{1,8}/y
const attribute = /["']\s{1,4}value\s?=\s?/y
/** A name and its value as two entries of one object: variables of manifests, task definitions and platform files. */
const entry =
  /["']?(?:\s{0,8},\s{0,80}|(?:\r?\n[ \t]{1,80}(?:scope|type|generateValue|sync):[^\n]{0,80}){0,3}\r?\n[ \t]{1,80})["']?value["']?\s{0,4}:[ \t]{0,4}/iy
const namesEntry = /\b(?:name|key)["']?\s{0,4}:\s{0,4}["']?$/i
/** A variable of Terraform and its default. */
const blockDefault = /["']\s{0,4}\{[^{}]{0,600}?\n\s{0,20}default\s{0,20}=\s{0,8}/y
const namesBlock = /\bvariable\s{1,4}["']$/

const readsVariable = /(?:env|getenv|environ\.get|\.get|fetch|config|setdefault|define)\w{0,8}\s?\(\s?["'`]$/i

/** `value` is empty where nothing is given; `start` and `end` bound the name, `index` is where the value stands. */
export type Assignment = {
  name: string
  start: number
  value: string
  index: number
  quoted: boolean
  operator: string
  end: number
}

/** A sticky pattern, tried at one index. */
export const matchAt = (pattern: RegExp, text: string, index: number): RegExpExecArray | null => {
  pattern.lastIndex = index
  return pattern.exec(text)
}

/** A text put together from quoted pieces: `'sk_live_ab' + 'cd'`, over lines too. */
const joined = /(["'`])\s{0,40}(?:[+.&]|\\?\n)?\s{0,40}\1/g
export const joinedMatch = (pattern: RegExp, text: string, index: number): RegExpExecArray | null => {
  const end = text.slice(index, index + 200).search(/["'`]/)
  if (end < 0 || !/^(["'`])\s*(?:[+.&]|\\?\n)?\s*\1/.test(text.slice(index + end, index + end + 90))) return null
  return matchAt(pattern, text.slice(index, index + 600).replace(joined, ''), 0)
}

const isNamePart = (code: number): boolean => isWord(code) || code === 46 || code === 45 || code === 36

/** A name of AWS, or another of such parts: what stands between its colons is given nothing. */
const partsOfAddress = /(?:^|[\s"'`=([{,])(?:arn|urn):[^\s"'`,;]{0,300}$/i
const isInAddress = (text: string, index: number): boolean =>
  partsOfAddress.test(text.slice(Math.max(0, index - 320), index))

/** The assignment whose name holds `index`: `NAME=value`, `"name": "value"`, `name => 'value'`, `env("NAME", "value")`, `NAME ?? "value"`. */
export const assignmentAt = (text: string, index: number, unquoted: boolean, wholeLine: boolean): Assignment | null => {
  let start = index
  while (start > 0 && index - start < 80 && isNamePart(text.charCodeAt(start - 1))) start--
  let end = index
  while (end < text.length && end - index < 80 && isNamePart(text.charCodeAt(end))) end++
  const name = text.slice(start, end)
  const nothing = { name, start, value: '', index: end, quoted: false, operator: '', end }
  if (text[start - 1] === ':' && isInAddress(text, start)) return nothing
  if (text.startsWith('${', start - 2)) {
    const given = matchAt(defaultValue, text, end)
    if (!given) return nothing
    return { ...nothing, value: given[1]!, index: end + given[0].indexOf(given[1]!), operator: ':-' }
  }
  const between = matchAt(operator, text, end) ?? matchAt(attribute, text, end)
  if (!between) return apart(text, nothing, unquoted)
  const at = end + between[0].length
  const inQuotes = matchAt(quoted, text, at)
  // An empty value does not take the next line; in code a long string may begin there.
  if (between[0].includes('\n') && (unquoted || !inQuotes)) return nothing
  // A comma joins a name and its value in a call that reads a variable alone: env('NAME', 'value').
  if (between[0].includes(',') && !readsVariable.test(text.slice(Math.max(0, start - 24), start)))
    return apart(text, nothing, unquoted)
  if (inQuotes) return { name, start, value: inQuotes[2]!, index: at + 1, quoted: true, operator: between[0], end }
  if (!unquoted || /[,|?>]/.test(between[0])) return nothing
  return { ...nothing, ...unquotedValue(text, start, between[0], at, wholeLine), operator: between[0] }
}

/** A value in an entry of its own beside the one that names it, or in the block that the name opens. */
const apart = (text: string, nothing: Assignment, unquoted: boolean): Assignment => {
  const before = text.slice(Math.max(0, nothing.start - 24), nothing.start)
  const isEntry = namesEntry.test(before) && /^[A-Z][A-Z\d_]+$/.test(nothing.name)
  const between = isEntry
    ? matchAt(entry, text, nothing.end)
    : namesBlock.test(before)
      ? matchAt(blockDefault, text, nothing.end)
      : null
  if (!between) return nothing
  const at = nothing.end + between[0].length
  const inQuotes = matchAt(quoted, text, at)
  const value = inQuotes?.[2] ?? ((unquoted && matchAt(bare, text, at)?.[0]) || '')
  return { ...nothing, value, index: inQuotes ? at + 1 : at, quoted: inQuotes !== null, operator: between[0] }
}

/** A value without quotes; empty where an alias of YAML stands for one that is given elsewhere. */
const unquotedValue = (
  text: string,
  start: number,
  between: string,
  from: number,
  wholeLine: boolean,
): Pick<Assignment, 'value' | 'index'> => {
  const mapped = between.includes(':')
  if (mapped && text[from] === '*') return { value: '', index: from }
  const at = from + ((mapped && matchAt(anchor, text, from)?.[0].length) || 0)
  const before = text.slice(Math.max(0, start - 120), start)
  const whole =
    wholeLine && beginsLine.test(before.slice(before.lastIndexOf('\n') + 1)) ? matchAt(lineOfValue, text, at) : null
  const isWhole = whole !== null && matchAt(endOfLine, text, at + whole[0].length) !== null
  return { value: (isWhole ? whole : matchAt(bare, text, at))?.[0] ?? '', index: at }
}

const nameBefore =
  /([A-Za-z_$][\w$.-]{0,80})["'`]?\]?\)?\s{0,8}(?::\s{0,4}\w{1,12}\s{0,4}=|:=|=>|=|:|\|\||\?\?|,)\s{0,8}["'`]?(?:Bearer |Basic |token )?$/

/** The name that what stands at `index` is given to, on the same line. */
export const variableBefore = (text: string, index: number): string | null => {
  const from = Math.max(0, index - 140)
  const line = text.slice(from, index)
  const match = nameBefore.exec(line.slice(line.lastIndexOf('\n') + 1))
  return match && !/^https?$/.test(match[1]!) ? match[1]! : null
}
