// Whether a page is a template that nobody filled in: its own words are mostly those that templates come with, of several kinds. A page that
// shows such words on purpose (a builder, a shop of templates, an example in a card) says what it offers in words of its own beside them.
import {
  type FillerKind,
  fillerBeginning,
  fillers,
  fillerTitle,
  fillerWords,
  makersOfFillers,
} from '../../data/template-fillers.ts'
import type { PageDocument } from './page-document.ts'

/** Words of a line from which on it says something; shares of a page's words; lines of its own. */
const bounds = { line: 4, longest: 400, lines: 300, shown: 4 }

/** A line as it is looked up: in small letters, without marks around it, a year and a sign of copyright. */
const plainLine = (words: string): string =>
  words
    .slice(0, bounds.longest)
    .toLowerCase()
    .replace(/©|\(c\)|\bcopyright\b|\ball rights reserved\b|\b(?:19|20)\d\d\b/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[^\p{L}\p{N}$€£+(]+|[^\p{L}\p{N}€$£)]+$/gu, '')

const wordsIn = (line: string): string[] => line.split(/[^\p{L}\p{N}]+/u).filter(Boolean)

/** Whether a line is Latin of no meaning, or begins as texts do that stand for nothing. */
const isLatin = (line: string): boolean => {
  if (fillerBeginning.test(line)) return true
  const words = wordsIn(line)
  return words.length >= 3 && words.filter(word => fillerWords.has(word)).length > words.length / 2
}

/** Of what kind a filler is; null for words of somebody's own. */
export const fillerKind = (words: string): FillerKind | null => {
  const line = plainLine(words)
  if (line === '') return null
  const found = fillers.find(({ whole, within }) => whole?.test(line) || within?.test(line))
  // A long sentence may name John Doe.
  if (found && (found.kind === 'builder' || found.kind === 'headline' || wordsIn(line).length <= 12)) return found.kind
  return isLatin(line) ? 'latin' : null
}

const titleParts = (title: string): string[] => title.split(/\s+[|–—·-]\s+/).filter(Boolean)

const isFillerTitle = (title: string): boolean =>
  fillerTitle.test(title.toLowerCase()) ||
  titleParts(title).some(part => fillerTitle.test(part.toLowerCase()) || ![null, 'latin'].includes(fillerKind(part)))

const squeezed = (words: string): string => words.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** Whether a page is that of a template's maker: it bears the template's name in its host. */
const isDemo = ({ url, title }: PageDocument): boolean => {
  const [name = ''] = titleParts(title).flatMap(part => part.split(':'))
  const squeezedName = squeezed(name)
  return (
    squeezedName.length >= 4 &&
    squeezed(new URL(url).hostname).includes(squeezedName) &&
    fillerTitle.test(title.toLowerCase())
  )
}

type Count = { kinds: Map<FillerKind, string>; filled: number; own: number; ownLines: number }

const countOf = (lines: readonly string[]): Count => {
  const count: Count = { kinds: new Map(), filled: 0, own: 0, ownLines: 0 }
  for (const line of lines) {
    const kind = fillerKind(line)
    const length = wordsIn(line).length
    if (kind !== null) {
      count.filled += length
      if (!count.kinds.has(kind)) count.kinds.set(kind, line)
    } else if (length >= bounds.line) {
      count.own += length
      count.ownLines++
    }
  }
  return count
}

/** The fillers, one of each kind, of which a page mostly consists; null where it says something of its own. */
export const unfilledTemplate = (page: PageDocument): string[] | null => {
  const { title, headings, middle, around } = page
  const lines = [...new Set([...around, ...middle.lines.map(({ words }) => words)])].slice(0, bounds.lines)
  const { kinds, filled, own, ownLines } = countOf(lines)
  if (kinds.size < 2) return null
  const isNamed = (words: string): boolean => makersOfFillers.test(words) && [null, 'latin'].includes(fillerKind(words))
  if (isNamed(headings[0] ?? '') || (isNamed(title) && !isFillerTitle(title)) || isDemo(page)) return null
  const isUnnamed = isFillerTitle(title) || (headings[0] !== undefined && fillerKind(headings[0]) !== null)
  const share = filled / (filled + own)
  const isSilent = ownLines <= 1
  // Long texts that stand for nothing are as good as a third kind where the title was not written, or nothing was.
  const isLong = (kinds.has('latin') || kinds.has('builder')) && (isFillerTitle(title) || isSilent)
  const isMost = isUnnamed
    ? (kinds.size >= 3 && share >= 0.5) || (isLong && share >= 0.7)
    : kinds.size >= 3 && share >= 0.75 && isSilent
  if (!isMost) return null
  const shown = isFillerTitle(title) ? [title, ...kinds.values()] : [...kinds.values()]
  return shown.slice(0, bounds.shown).map(words => words.slice(0, 60))
}
