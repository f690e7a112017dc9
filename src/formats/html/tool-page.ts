// Whether a page is that of a program which a team runs for itself: a database's console, a server's panel, a description of an interface.
import { toolTitles } from '../../data/tool-pages.ts'
import type { PageDocument } from './document.ts'

const beside = '(?:(?:log ?in|sign ?in|welcome|dashboard|admin|console|home)(?: to)?\\W{1,3})?'
const behind = '(?:\\W{1,3}(?:log ?in|sign ?in|dashboard|admin|console|home))?'
const title = new RegExp(`^${beside}(?:${toolTitles.join('|')})${behind}$`, 'i')

/** Pages of its own from which on a site that bears such a name is taken for its maker's. */
const madeByThem = 3

/** The title of such a program, or of its installation, which asks for a database; null for any other page. Its makers' own site bears the name in its host, and leads to pages. */
export const toolOf = (page: PageDocument): string | null => {
  if (page.databases >= 2 && page.passwords > 0 && page.pages < madeByThem)
    return page.title || page.headings[0] || 'Install'
  if (page.pages >= madeByThem || !title.test(page.title)) return null
  const { hostname } = new URL(page.url)
  const named = (page.title.toLowerCase().match(/[a-z][a-z0-9]{3,}/g) ?? []).filter(
    word => !/^(?:site|admin|login|sign|console|home|page|dashboard|server)$/.test(word),
  )
  return named.some(word => hostname.includes(word)) ? null : page.title
}
