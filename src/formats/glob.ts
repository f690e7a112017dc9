// Globs matched in time that grows with pattern × text and no faster, whatever the pattern: a set of places in the pattern is carried
// along the text, nothing is tried twice. `*` and `?` stay within a folder, `**` does not.

const longestPattern = 500
const longestText = 4096

type Token = { kind: 'one' | 'segment' | 'any'; character: string }

const tokensOf = (pattern: string): Token[] =>
  (pattern.match(/\*\*\/?|\*|\?|\\[\s\S]|[\s\S]/g) ?? []).flatMap((piece): Token[] => {
    if (piece === '**/') return [{ kind: 'any', character: '/' }]
    if (piece === '**') return [{ kind: 'any', character: '' }]
    if (piece === '*') return [{ kind: 'segment', character: '' }]
    return [{ kind: 'one', character: piece }]
  })

const fits = (token: Token, character: string): boolean =>
  token.character === '?'
    ? character !== '/'
    : (token.character.length > 1 ? token.character[1] : token.character) === character

/** Places after one more character. A `**` with a slash behind it ends at a slash, or is empty where a folder begins. */
const step = (tokens: readonly Token[], places: ReadonlySet<number>, character: string): Set<number> => {
  const next = new Set<number>()
  for (const place of places) {
    const token = tokens[place]
    if (!token) continue
    if (token.kind === 'one') {
      if (fits(token, character)) next.add(place + 1)
    } else if (token.kind === 'any' || character !== '/') next.add(place)
  }
  return next
}

/** Places behind each `**` with a slash hold only where the text stands behind a slash. */
const settled = (tokens: readonly Token[], places: Set<number>, before: string): Set<number> => {
  const all = new Set<number>()
  for (const place of places) {
    all.add(place)
    let at = place
    while (tokens[at] && tokens[at]!.kind !== 'one' && (tokens[at]!.character !== '/' || before === '/')) all.add(++at)
  }
  return all
}

/** Whether the glob takes the whole text. What is longer than any path or pattern takes nothing. */
export const matchesGlob = (pattern: string, text: string): boolean => {
  if (pattern.length > longestPattern || text.length > longestText) return false
  const tokens = tokensOf(pattern)
  let places = settled(tokens, new Set([0]), '/')
  for (const character of text) {
    places = settled(tokens, step(tokens, places, character), character)
    if (places.size === 0) return false
  }
  return places.has(tokens.length)
}

const longestBranch = 100
/** So many repetitions one after the other are tried on a name, and on a page. */
const mostInName = 4
const mostInPage = 2

/** A regular expression that somebody else wrote, for a short text; null where it repeats too often to be tried at all. */
export const simpleRegExp = (source: string, most = mostInPage): RegExp | null => {
  const bare = source.replace(/\\[\s\S]/g, '').replace(/\[[^\]]*\]/g, 'x')
  // Nothing repeated that holds a choice or a repetition, and few repetitions one after the other.
  if (source.length > 200 || /\)(?:[*+?]|\{)/.test(bare) || (bare.match(/[*+]|\{\d/g) ?? []).length > most) return null
  if (/\\[1-9k]|\(\?(?!:)/.test(source)) return null
  try {
    return new RegExp(source)
  } catch {
    return null
  }
}

/** Whether such an expression takes a branch or tag. */
export const takesName = (source: string, name: string): boolean =>
  name.length <= longestBranch && simpleRegExp(source, mostInName)?.test(name) === true
