// Calls and their arguments in source text of JavaScript, Python, Ruby and PHP: enough of each language to read a migration, no more.

/** Comments blanked, so that offsets and lines stay. Strings are left. */
export const blankComments = (source: string, language: 'javascript' | 'python' | 'ruby' | 'php'): string => {
  // Each reader begins here: what nests deeper than anybody writes would be read once for each level.
  if (nestsTooDeep(source)) return source.replace(/[^\n]+/g, '')
  const hash = language !== 'javascript'
  const slashes = language === 'javascript' || language === 'php'
  const out = [...source]
  const blank = (from: number, to: number): void => {
    for (let at = from; at < to; at += 1) if (out[at] !== '\n') out[at] = ' '
  }
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at]!
    if (char === '"' || char === "'" || (char === '`' && language === 'javascript')) at = endOfString(source, at)
    else if (
      (hash && char === '#' && source[at + 1] !== '{' && !(language === 'php' && source[at + 1] === '[')) ||
      (slashes && char === '/' && source[at + 1] === '/')
    ) {
      const end = source.indexOf('\n', at)
      blank(at, end < 0 ? source.length : end)
      at = end < 0 ? source.length : end
    } else if (slashes && char === '/' && source[at + 1] === '*') {
      const end = source.indexOf('*/', at + 2)
      blank(at, end < 0 ? source.length : end + 2)
      at = end < 0 ? source.length : end + 1
    }
  }
  return out.length === source.length ? out.join('') : source
}

/** Offset of the quote that ends the string that begins at `at`; Python's triple quotes included. */
export const endOfString = (source: string, at: number): number => {
  const quote = source[at]!
  if (source.startsWith(quote.repeat(3), at) && quote !== '`') {
    const end = source.indexOf(quote.repeat(3), at + 3)
    return end < 0 ? source.length : end + 2
  }
  let end = at + 1
  while (end < source.length && source[end] !== quote) end += source[end] === '\\' ? 2 : 1
  return end
}

const deepest = 60

/** Whether brackets are open in each other, or never closed, beyond what anybody writes. */
export const nestsTooDeep = (source: string): boolean => {
  let depth = 0
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at]!
    if (char === '"' || char === "'" || char === '`') at = Math.min(endOfString(source, at), at + longestText)
    else if (char === '(' || char === '[' || char === '{') {
      if (++depth > deepest) return true
    } else if (char === ')' || char === ']' || char === '}') depth = Math.max(0, depth - 1)
  }
  return false
}

/** Characters of one text in quotes, and of one pair of brackets in a chain. */
const longestText = 30_000

/** Offset behind the bracket that closes the one at `at`; no further than `most` characters. */
export const endOfBracket = (source: string, at: number, most = Number.POSITIVE_INFINITY): number => {
  let depth = 0
  const until = Math.min(source.length, at + most)
  for (let index = at; index < until; index += 1) {
    const char = source[index]!
    if (char === '"' || char === "'" || char === '`') index = endOfString(source, index)
    else if (char === '(' || char === '[' || char === '{') depth += 1
    else if (char === ')' || char === ']' || char === '}') {
      depth -= 1
      if (depth === 0) return index + 1
    }
  }
  return until
}

/** Arguments cut at the commas of the outermost level. */
export const splitArguments = (text: string): string[] => {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]!
    if (char === '"' || char === "'" || char === '`') at = endOfString(text, at)
    else if (char === '(' || char === '[' || char === '{') at = endOfBracket(text, at) - 1
    else if (char === ',') {
      parts.push(text.slice(from, at).trim())
      from = at + 1
    }
  }
  parts.push(text.slice(from).trim())
  return parts.filter(part => part !== '')
}

export type Call = { name: string; args: string[] /** Offset of the first character of the arguments. */; at: number }

/** `.first(a).second(b)` or `->first(a)` from an offset on: the calls of the chain, and where it ends. */
export const chainAt = (source: string, offset: number): { calls: Call[]; end: number } => {
  const calls: Call[] = []
  let at = offset
  for (;;) {
    const link = /^\s*(?:\??\.|->|::)\s*(\w+)\s*/.exec(source.slice(at, at + 400))
    if (!link) break
    at += link[0].length
    // A type argument stands between name and bracket.
    const generic = /^<[^<>()]*>/.exec(source.slice(at, at + 200))
    if (generic) at += generic[0].length
    if (source[at] === '(') {
      const end = endOfBracket(source, at, longestText)
      calls.push({ name: link[1]!, args: splitArguments(source.slice(at + 1, end - 1)), at: at + 1 })
      at = end
    } else calls.push({ name: link[1]!, args: [], at })
  }
  return { calls, end: at }
}

/** How deep calls may stand in each other, each being read anew: beyond that the rest is left. */
const mostNested = 16

/** Calls of functions that a pattern names, each with its arguments. The pattern must end before the bracket. */
export const callsOf = (source: string, pattern: RegExp): Call[] => {
  const found: Call[] = []
  let budget = mostNested * source.length + 10_000
  for (const match of source.matchAll(new RegExp(`(?:${pattern.source})\\s*\\(`, 'g'))) {
    const open = match.index + match[0].length - 1
    const end = endOfBracket(source, open)
    budget -= end - open
    if (budget < 0) break
    found.push({
      name: match[0].slice(0, -1).trim(),
      args: splitArguments(source.slice(open + 1, end - 1)),
      at: open + 1,
    })
  }
  return found
}

/** Text of a string literal; null for anything else. Template literals keep their expressions. */
export const literal = (text: string | undefined): string | null => {
  if (text === undefined) return null
  const trimmed = text.trim().replace(/^[rbuf]{1,2}(?=["'])/i, '')
  const triple = /^("""|''')([\s\S]*)\1$/.exec(trimmed)
  if (triple) return triple[2]!
  const match = /^(["'`])([\s\S]*)\1$/.exec(trimmed)
  if (!match) return /^:(\w+)$/.exec(trimmed)?.[1] ?? null
  return endOfString(trimmed, 0) === trimmed.length - 1
    ? match[2]!.replace(/\\(["'`\\])/g, '$1').replaceAll('\\n', '\n')
    : null
}

/** Several literals: `'a'`, `['a', 'b']`, `[:a, :b]`, `%i[a b]`. */
export const literals = (text: string | undefined): string[] => {
  const one = literal(text)
  if (one !== null) return [one]
  if (text && /^%[iw]\[/.test(text)) return text.slice(3, -1).split(/\s+/).filter(Boolean)
  return text && /^[[({]/.test(text)
    ? splitArguments(text.slice(1, -1))
        .map(literal)
        .filter(item => item !== null)
    : []
}

/** `name=value` arguments (Python), `name: value` and `:name => value` (Ruby). */
export const named = (args: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    args.flatMap(arg => {
      const match = /^(?::?(\w+)\s*=>|(\w+)\s*(?:=(?!=)|:(?!:)))\s*([\s\S]*)$/.exec(arg)
      return match ? [[match[1] ?? match[2]!, match[3]!]] : []
    }),
  )

/** Line of an offset, for a reader that asks many times: the lines are found once. */
export const linesOf = (source: string): ((offset: number) => number) => {
  const starts = [0]
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1)
  return offset => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}

export const lineAt = (source: string, offset: number): number => linesOf(source.slice(0, offset))(offset)
