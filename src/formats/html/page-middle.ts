// The middle of a page as people read it, line by line, and where it leads on to: what tells a product's own page from an error in its frame.
import { registrableDomain } from '../dns/registrable-domain.ts'
import type { PageParts } from './page-parts.ts'

/** Words of one block; `level` of its heading, 0 for none; `isLink` where all of it is a link. */
export type Line = { words: string; level: number; isLink: boolean }

export type PageMiddle = {
  lines: Line[]
  /** Paths of the same site that it leads to. */
  onward: string[]
  /** Fields of the page for a mailbox. */
  asks: number
}

/** Lines while a page is read, with whether each stands in an element for the middle. */
export type Lines = {
  done: (Line & { inMain: boolean })[]
  /** Lines of what stands around the middle. */
  around: string[]
  ways: { path: string; inMain: boolean }[]
  asks: number
  open: { parts: string[]; level: number; isLink: boolean; inMain: boolean; isAround: boolean }
}

const most = { lines: 300, around: 150, words: 1000, ways: 100 }

const newLine = (level = 0, { aroundAt, middleAt }: Pick<PageParts, 'aroundAt' | 'middleAt'>): Lines['open'] => ({
  parts: [],
  level,
  isLink: true,
  inMain: middleAt > 0,
  isAround: aroundAt > 0 && middleAt === 0,
})

export const blankLines = (): Lines => ({
  done: [],
  around: [],
  ways: [],
  asks: 0,
  open: newLine(0, { aroundAt: 0, middleAt: 0 }),
})

/** Elements within a line. */
const inline = new Set(
  'a abbr b bdi bdo cite code data del dfn em font i img ins kbd mark q s samp small span strong sub sup svg time tt u var wbr'.split(
    ' ',
  ),
)

const end = ({ done, around, open }: Lines): void => {
  const words = open.parts.join('').replace(/\s+/g, ' ').trim().slice(0, most.words)
  if (words !== '' && open.isAround && around.length < most.around) around.push(words)
  if (words === '' || open.isAround || done.length >= most.lines) return
  done.push({ words, level: open.level, isLink: open.isLink, inMain: open.inMain })
}

/** Ends the line before an element that begins or ends here, where it is none within a line. */
export const beginsLine = (lines: Lines, name: string, parts: PageParts): void => {
  // Around the middle, links stand in a row without being a sentence.
  const isRow = name === 'a' && parts.aroundAt > 0 && parts.middleAt === 0
  if (inline.has(name) && !isRow) return
  end(lines)
  lines.open = newLine(/^h[1-6]$/.test(name) ? Number(name[1]) : 0, parts)
}

/** Adds words to the line. */
export const say = ({ open }: Lines, words: string, isLink: boolean): void => {
  open.parts.push(words)
  if (!isLink && /[\p{L}\p{N}]/u.test(words)) open.isLink = false
}

/** Keeps where a link of the middle leads to on the same site, whichever its host. */
export const noteWay = ({ ways }: Lines, { aroundAt, middleAt }: PageParts, own: URL, there: URL): void => {
  if (ways.length >= most.ways || (aroundAt > 0 && middleAt === 0)) return
  const isOwn =
    there.host === own.host ||
    (registrableDomain(own.hostname) !== null && registrableDomain(own.hostname) === registrableDomain(there.hostname))
  if (isOwn) ways.push({ path: there.pathname, inMain: middleAt > 0 })
}

/** The middle: what an element for it holds where the page has one, else all but its head, its navigation and its foot. */
export const middleOf = (lines: Lines, { held }: PageParts): PageMiddle => {
  end(lines)
  const isIn = ({ inMain }: { inMain: boolean }): boolean => inMain || !held.hasMiddle
  return {
    lines: lines.done.filter(isIn).map(({ words, level, isLink }) => ({ words, level, isLink })),
    onward: [...new Set(lines.ways.filter(isIn).map(({ path }) => path))],
    asks: lines.asks,
  }
}
