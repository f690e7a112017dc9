// A page that people open: it answers 200 with something in it, that is no error page.
import type { Network } from '../net/network.ts'
import { answerOf, isResult, ok, type ProbeResult, seenIn, unexpected, within } from './probe.ts'

export type PageRequest = {
  url: string
  headers?: Readonly<Record<string, string>>
  /** 200 unless given. */
  expectStatus?: number
  /** Text that the body must hold. */
  expectBody?: string
}

/** Characters below which a page has nothing in it. */
const emptyBelow = 20
/** Characters within which an error page says so; longer pages may quote such words. */
const errorPageAtMost = 20_000
const errorWords = /application error|internal server error|deployment_not_found|site not found/i

const lacks = (body: string): string | null => {
  if (body.trim().length < emptyBelow) return 'the page is empty'
  return body.length < errorPageAtMost && errorWords.test(body) ? 'the page says that the application failed' : null
}

/** Opens a page, redirects followed, as a browser without a history would. */
export const probePage = async (request: PageRequest, net: Network): Promise<ProbeResult> => {
  const { url, expectStatus = 200, expectBody } = request
  const answer = await answerOf(net, { url, follow: 5, headers: { accept: 'text/html,*/*;q=0.8', ...request.headers } })
  if (isResult(answer)) return answer
  const { hop } = answer
  if (hop.status !== expectStatus) return unexpected(`${within(hop)} at ${hop.url}`, answer)
  const fault = lacks(hop.body)
  if (fault !== null) return unexpected(fault, answer)
  return expectBody === undefined || hop.body.includes(expectBody)
    ? ok(within(hop), seenIn(answer))
    : unexpected(`${within(hop)}, but the page lacks "${expectBody}"`, answer)
}
