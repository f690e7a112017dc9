// Several corrections of one record or header put together: a three-way merge over the parts of its grammar.
import type { TextGrammar } from './places.ts'

/** The parts of a text, each with the key by which it is recognised in another version. */
type Part = { key: string; text: string }

const partsOf = (text: string, grammar: TextGrammar): Part[] => {
  const pieces = grammar === 'terms' ? text.split(/\s+/) : text.split(';')
  return pieces
    .map(piece => piece.trim())
    .filter(Boolean)
    .map(piece => ({ key: keyOf(piece, grammar), text: piece }))
}

/** SPF has one `all` and one `redirect=`; a tag and a directive go by their name. */
const keyOf = (piece: string, grammar: TextGrammar): string => {
  const lower = piece.toLowerCase()
  if (grammar === 'tags') return lower.split('=')[0]!.trim()
  if (grammar === 'directives') return lower.split(/\s/)[0]!
  return /^[-+~?]?all$/.test(lower) ? 'all' : /^redirect=/.test(lower) ? 'redirect' : lower.replace(/^\+/, '')
}

/** `all` and `redirect=` end an SPF record, whatever came to it in between (RFC 7208 §5.1). */
const ordered = (parts: Part[], grammar: TextGrammar): Part[] =>
  grammar === 'terms'
    ? [
        ...parts.filter(({ key }) => key !== 'all' && key !== 'redirect'),
        ...parts.filter(({ key }) => key === 'redirect' || key === 'all'),
      ]
    : parts

/**
 * One text that carries every correction of `versions` to `base`: what one of them took away is gone, what one of them
 * added is there, and of two values for one part the earlier version's stands (callers order them by cost).
 */
export const mergeTexts = (base: string, versions: readonly string[], grammar: TextGrammar): string => {
  const before = partsOf(base, grammar)
  const known = new Map(before.map(({ key, text }) => [key, text]))
  const read = versions.map(version => partsOf(version, grammar))
  const taken = new Set(
    before.filter(({ key }) => read.some(parts => !parts.some(part => part.key === key))).map(({ key }) => key),
  )
  const merged = new Map(before.filter(({ key }) => !taken.has(key)).map(part => [part.key, part]))
  const changed = new Set<string>()
  for (const parts of read)
    for (const part of parts) {
      if (taken.has(part.key) || changed.has(part.key) || known.get(part.key) === part.text) continue
      changed.add(part.key)
      merged.set(part.key, part)
    }
  const joined = ordered([...merged.values()], grammar).map(({ text }) => text)
  return grammar === 'terms' ? joined.join(' ') : joined.join('; ')
}
