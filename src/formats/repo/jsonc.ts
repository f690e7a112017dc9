// JSON with comments and trailing commas, as bun.lock, tsconfig.json, wrangler.jsonc and deno.jsonc are written.
import { createScanner } from 'jsonc-parser'

/** Values of jsonc-parser's SyntaxKind, a constant enumeration that unbuilt TypeScript cannot name. */
const closeBrace = 2
const closeBracket = 4
const comma = 5
const endOfFile = 17

/**
 * The value of a text. The tokens are those of jsonc-parser, the value is made by JSON.parse, which bounds no depth and makes
 * `__proto__` a field like any other. Throws a SyntaxError where it is no JSON for another reason than comments and
 * trailing commas.
 */
export const parseJsonc = (text: string): unknown => {
  const source = text.replace(/^\ufeff/, '')
  const scanner = createScanner(source, true)
  const tokens: string[] = []
  let hasComma = false
  for (let kind = scanner.scan(); kind !== endOfFile; kind = scanner.scan()) {
    if (scanner.getTokenError() !== 0) throw new SyntaxError(`no JSON in line ${scanner.getTokenStartLine() + 1}`)
    if (hasComma && kind !== closeBrace && kind !== closeBracket) tokens.push(',')
    hasComma = kind === comma
    if (!hasComma)
      tokens.push(source.slice(scanner.getTokenOffset(), scanner.getTokenOffset() + scanner.getTokenLength()))
  }
  if (hasComma) tokens.push(',')
  return JSON.parse(tokens.join(' '))
}
