// What keeps YAML from strangers readable in a time that its length says: files that are marks for the most part cost a parser a
// hundred times as much as a person's, and no person wrote them.

import { type ParseOptions, parse, type SchemaOptions } from 'yaml'

const short = 4000
const mostMarks = 0.4
const deepest = 100
const mostOnALine = 30

/** Why a text is not given to a parser; null where it may be. */
export const yamlRefusal = (text: string): string | null => {
  let marks = 0
  let depth = 0
  let onLine = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '\n') onLine = 0
    else if (character === '[' || character === '{') {
      marks++
      if (++depth > deepest) return `it is nested more than ${deepest} deep`
    } else if (character === ']' || character === '}') {
      marks++
      depth = Math.max(0, depth - 1)
    } else if ('"\'&*!%@`|>'.includes(character)) marks++
    else if (
      (character === '-' || character === ':' || character === '?') &&
      text[at + 1] === ' ' &&
      ++onLine > mostOnALine
    ) {
      // JSON on one line has as many pairs as it likes, but it has brackets around them.
      if (depth === 0) return 'a line of it nests more than anybody writes'
    }
  }
  return text.length > short && marks > text.length * mostMarks ? 'it is marks for the most part' : null
}

/** The value of a text, null where it is refused; throws where it is none. Duplicate keys are not looked for: that takes squares of time. */
export const parseYaml = (text: string, more: ParseOptions & SchemaOptions = {}): unknown =>
  yamlRefusal(text) === null
    ? parse(text, { maxAliasCount: 50, prettyErrors: false, uniqueKeys: false, logLevel: 'silent', ...more })
    : null
