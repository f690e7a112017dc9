// Whether an answer is a page that stands where a product should: a platform's notice, a server's default, parking, a construction sign.
import { type PlaceholderPage, placeholderPages } from '../../data/placeholder-pages.ts'
import { readHtml } from './html.ts'
import { isPage } from './page-kind.ts'

type Answer = { url: string; status: number; headers: [string, string][]; body: string }

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
  return (
    placeholderPages.find(
      page =>
        !(page.notApi && isApi) &&
        (!page.starter || page.starter.test(starter ?? '')) &&
        (!page.status || page.status.includes(answer.status)) &&
        (!page.header || page.header[1].test(headers.get(page.header[0]) ?? '')) &&
        (!page.title || page.title.test(title)) &&
        (!page.body || page.body.test(answer.body)),
    ) ?? null
  )
}
