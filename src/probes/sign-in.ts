// Signs a test user in, by form or by API, and looks at a page that only users see.
import { formFields, formSubmission, passwordForm } from '../formats/html/flow-form.ts'
import { readHtml } from '../formats/html/html.ts'
import { type Cookies, createCookies } from '../net/cookies.ts'
import type { Network } from '../net/network.ts'
import { type Answer, answerOf, isResult, ok, type ProbeResult, seenIn, unexpected, within } from './probe.ts'

export type SignInRequest = {
  /** Where the form stands and is sent to, or the API's address. */
  url: string
  /** Fields of the form; hidden ones (the token against forgery) are taken from the page. */
  form?: Readonly<Record<string, string>> | undefined
  /** What an API is sent, where there is no form. */
  json?: unknown
  /** A page behind the sign-in. */
  page?: string | undefined
  /** Of the page where one is given, else of the answer to the sign-in. */
  expectStatus?: number | undefined
  expectBody?: string | undefined
}

/** A token that an API answers a sign-in with. */
const tokenOf = (body: string): string | null => {
  try {
    const json = JSON.parse(body) as Record<string, unknown>
    const inner = (json['data'] ?? json['session'] ?? {}) as Record<string, unknown>
    for (const name of ['access_token', 'accessToken', 'token', 'jwt', 'id_token'])
      for (const from of [json, inner]) if (typeof from[name] === 'string') return from[name]
  } catch {}
  return null
}

const sendForm = async (
  url: string,
  given: Readonly<Record<string, string>>,
  cookies: Cookies,
  net: Network,
): Promise<Answer | ProbeResult> => {
  const page = await answerOf(net, { url, follow: 5, cookies })
  if (isResult(page)) return page
  const form = page.hop.status === 200 ? passwordForm(readHtml(page.hop.body, page.hop.url)) : null
  return answerOf(net, { url, cookies, ...formSubmission(url, formFields(form, given), url) })
}

const sendJson = (url: string, json: unknown, cookies: Cookies, net: Network): Promise<Answer | ProbeResult> => {
  const headers = { 'content-type': 'application/json', accept: 'application/json' }
  return answerOf(net, { url, method: 'POST', headers, body: JSON.stringify(json ?? {}), cookies })
}

/** The page behind the sign-in, with the session's cookies or the token that the API gave. */
const lookInside = async (
  { url, expectStatus = 200, expectBody }: SignInRequest,
  page: string,
  token: string | null,
  cookies: Cookies,
  net: Network,
): Promise<ProbeResult> => {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {}
  const inside = await answerOf(net, { url: page, follow: 3, cookies, headers })
  if (isResult(inside)) return inside
  const { hop } = inside
  if (hop.status !== expectStatus) return unexpected(`${page} answered ${within(hop)} after the sign-in`, inside)
  // Sent back to the sign-in: the password or the session did not hold.
  const at = new URL(hop.url).pathname
  if (at !== new URL(page).pathname && at === new URL(url).pathname)
    return unexpected('the page led back to the sign-in', inside)
  return expectBody === undefined || hop.body.includes(expectBody)
    ? ok(`signed in, ${page} answered ${within(hop)}`, seenIn(inside))
    : unexpected(`${page} lacks "${expectBody}"`, inside)
}

/** What was sent is in nothing that the probe says. */
export const probeSignIn = async (request: SignInRequest, net: Network): Promise<ProbeResult> => {
  const { url, form, json, page, expectStatus, expectBody } = request
  const cookies = createCookies()
  const signedIn = await (form ? sendForm(url, form, cookies, net) : sendJson(url, json, cookies, net))
  if (isResult(signedIn)) return signedIn
  const { hop } = signedIn
  const expected = page === undefined ? expectStatus : undefined
  if (expected === undefined ? hop.status >= 400 : hop.status !== expected)
    return unexpected(`sign-in answered ${within(hop)}`, signedIn)
  if (page !== undefined) return lookInside(request, page, tokenOf(hop.body), cookies, net)
  return expectBody === undefined || hop.body.includes(expectBody)
    ? ok(within(hop), seenIn(signedIn))
    : unexpected(`sign-in answered ${hop.status}, but lacks "${expectBody}"`, signedIn)
}
