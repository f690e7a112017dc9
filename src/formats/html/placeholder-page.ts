// Whether an answer is a page that stands where a product should: a platform's notice, a server's default, parking, a construction sign.
import { type PlaceholderPage, placeholderPages } from '../../data/placeholder-pages.ts'
import { readDocument } from './document.ts'
import { readHtml } from './html.ts'
import { isOnSale } from './own-content.ts'
import { isPage } from './page-kind.ts'

type Answer = { url: string; status: number; headers: [string, string][]; body: string }

/** Characters of visible text, and links, up to which a page holds hardly anything. */
const bareText = 500
const bareLinks = 5

/** Other pages of its own from which on a site has more than a sign to show, and more than the words of what was installed. */
const builtPages = { sign: 4, installed: 2 }

/** Title and visible text of a page that holds hardly anything, empty for any other; how many other pages it leads to, and whether it asks for something, and sells something that is there. */
const bareWords = (answer: Answer): { bare: string; pages: number; asks: boolean; sells: boolean } => {
  if (!isPage(answer) || answer.body.length > 200_000) return { bare: '', pages: 0, asks: false, sells: false }
  const page = readDocument(answer.body, answer.url)
  const { title, text, links, fields, pages } = page
  const isBare = text.length <= bareText && links <= bareLinks
  return { bare: isBare ? `${title} ${text}`.trim() : '', pages, asks: fields > 0, sells: isOnSale(page) }
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
): PlaceholderPage | null => {
  const headers = new Map(answer.headers)
  const title = titleOf(answer)
  const { bare, pages, asks, sells } = bareWords(answer)
  const isBuilt = ({ kind, bare: words }: PlaceholderPage): boolean =>
    pages >= (kind === 'default-page' && words ? builtPages.installed : builtPages.sign)
  return (
    placeholderPages.find(
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
    ) ?? null
  )
}
