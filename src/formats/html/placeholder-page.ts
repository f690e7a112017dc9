// Whether an answer is a page that stands where a product should: a platform's notice, a server's default, parking, a construction sign.
import { type PlaceholderPage, placeholderPages } from '../../data/placeholder-pages.ts'
import { readDocument } from './document.ts'
import { gamblingSpam } from './gambling-spam.ts'
import { readHtml } from './html.ts'
import { isOnSale } from './own-content.ts'
import type { PageDocument } from './page-document.ts'
import { isPage } from './page-kind.ts'
import { unfilledTemplate } from './template-fillers.ts'

export type Placeholder = Pick<PlaceholderPage, 'kind' | 'name'>

type Answer = { url: string; status: number; headers: [string, string][]; body: string }

/** Characters of visible text, and links, up to which a page holds hardly anything. */
const bareText = 500
const bareLinks = 5

/** Other pages of its own from which on a site has more than a sign to show, and more than the words of what was installed. */
const builtPages = { sign: 4, installed: 2 }

/** Characters up to which the whole of a page is read. */
const longest = 200_000

const readAnswer = (answer: Answer): PageDocument | null =>
  isPage(answer) && answer.body.length <= longest ? readDocument(answer.body, answer.url) : null

/** Title and visible text of a page that holds hardly anything, empty for any other; how many other pages it leads to, and whether it asks for something, and sells something that is there. */
const bareWords = (page: PageDocument | null): { bare: string; pages: number; asks: boolean; sells: boolean } => {
  if (page === null) return { bare: '', pages: 0, asks: false, sells: false }
  const { title, text, links, fields, pages } = page
  const isBare = text.length <= bareText && links <= bareLinks
  return { bare: isBare ? `${title} ${text}`.trim() : '', pages, asks: fields > 0, sells: isOnSale(page) }
}

/** What a page is by all of its words, where it is known by no mark. */
const byItsWords = (page: PageDocument): Placeholder | null => {
  const gambling = gamblingSpam(page)
  if (gambling !== null) return { kind: 'spam', name: `gambling under another name ("${gambling.slice(0, 100)}")` }
  const left = unfilledTemplate(page)
  return left && { kind: 'template', name: `a template with ${left.map(words => `"${words}"`).join(', ')}` }
}

/** Title of a page, empty when it is not HTML. */
export const titleOf = (answer: Answer): string => (isPage(answer) ? readHtml(answer.body, answer.url).title : '')

/**
 * The placeholder that an answer is recognised as, null for a page of one's own. `starter`: the framework whose starter page the
 * page's scripts draw; `isApi`: whether the host is an API's, which may have nothing at /.
 */
export const placeholderOf = (
  answer: Answer,
  { starter = null, isApi = false }: { starter?: string | null; isApi?: boolean } = {},
): Placeholder | null => {
  const headers = new Map(answer.headers)
  const title = titleOf(answer)
  const page = readAnswer(answer)
  const { bare, pages, asks, sells } = bareWords(page)
  const isBuilt = ({ kind, bare: words }: PlaceholderPage): boolean =>
    pages >= (kind === 'default-page' && words ? builtPages.installed : builtPages.sign)
  const known = placeholderPages.find(
    page =>
      !(page.notApi && isApi) &&
      !(page.sign && (isBuilt(page) || (asks && page.kind === 'parked'))) &&
      // What is on sale is there, whatever it is called.
      !(sells && page.kind === 'coming-soon') &&
      (!page.starter || page.starter.test(starter ?? '')) &&
      (!page.status || page.status.includes(answer.status)) &&
      (!page.header || page.header[1].test(headers.get(page.header[0]) ?? '')) &&
      (!page.title || page.title.test(title)) &&
      (!page.bare || page.bare.test(bare)) &&
      (!page.body || page.body.test(answer.body)),
  )
  // What only a few words speak for is told by all of them.
  const byAll = page && answer.status === 200 && (!known || known.sign) ? byItsWords(page) : null
  return byAll ?? known ?? null
}
