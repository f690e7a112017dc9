// Does what makes the product send a mail: the request that the config names, as a browser would make it (cookies kept, hidden fields
// and the token against forgery sent along). Values that were sent are in nothing that is kept.
import { type Fact, type Missing, missing, observed } from '../../core/fact.ts'
import { formFields, metaToken } from '../../formats/html/flow-form.ts'
import { type HtmlPage, isHtml, readHtml } from '../../formats/html/html.ts'
import { bareUrl } from '../../formats/http/bare-url.ts'
import type { TriggerTexts } from '../../formats/mail/nonce.ts'
import { textsIn } from '../../formats/texts-in.ts'
import { type Cookies, createCookies } from '../../net/cookies.ts'
import { type HttpHop, type HttpRequest, headerOf } from '../../net/network.ts'
import type { CollectContext } from '../definition.ts'

export type Triggered = {
  /** What was done: `POST https://app.example.com/forgot (email)`. */
  what: string
  status: number
  /** What was not as expected; null when the product took it. */
  problem: string | null
  /** The page's own words, the values that were sent taken out. */
  words: string
  /** The page asks for a captcha, which only a person passes. */
  guarded: boolean
}

/** What a trigger does, in words: also printed before it is done. */
export const triggerInWords = (trigger: TriggerTexts): string => {
  const url = trigger.post ?? trigger.get ?? ''
  const fields =
    trigger.form !== undefined
      ? Object.keys(trigger.form)
      : trigger.json && typeof trigger.json === 'object'
        ? Object.keys(trigger.json)
        : []
  return `${trigger.post ? 'POST' : 'GET'} ${bareUrl(url)}${fields.length ? ` (${fields.join(', ')})` : ''}`
}

const captchas =
  /challenges\.cloudflare\.com\/turnstile|google\.com\/recaptcha|recaptcha\.net\/|js\.hcaptcha\.com|friendlycaptcha|captcha\.eu\//i

/** Cookies that frameworks want back as a header, because other sites cannot read them. */
const tokenOfCookie = (cookies: Cookies): Record<string, string> => {
  const all = cookies.pairs().join('; ')
  const value = (name: string): string | null => new RegExp(`(?:^|;\\s*)${name}=([^;]+)`).exec(all)?.[1] ?? null
  const xsrf = value('XSRF-TOKEN')
  const django = value('csrftoken')
  return {
    ...(xsrf ? { 'x-xsrf-token': decodeURIComponent(xsrf.replace(/%(?![0-9a-f]{2})/gi, '%25')) } : {}),
    ...(django ? { 'x-csrftoken': django } : {}),
  }
}

type Trigger = TriggerTexts & { expectStatus?: number[] | undefined }

const pageHeaders = { accept: 'text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8' }

/** The page that a person would see first, with its form: where the trigger names one, or posts a form. */
type FirstPage = { url: string | undefined; page: HtmlPage | null; guarded: boolean }

const openFirst = async (
  { post, get, form, headers }: Trigger,
  cookies: Cookies,
  context: CollectContext,
): Promise<FirstPage> => {
  const url = post ? (get ?? (form ? post : undefined)) : undefined
  if (url === undefined) return { url, page: null, guarded: false }
  const answer = await context.net.http({ url, follow: 10, cookies, headers: { ...pageHeaders, ...headers } })
  const hop = answer.ok ? answer.value.hops.at(-1) : undefined
  if (!hop || hop.status >= 400 || !isHtml(headerOf(hop, 'content-type'))) return { url, page: null, guarded: false }
  return { url, page: readHtml(hop.body, hop.url), guarded: captchas.test(hop.body) }
}

/** The request that sends the mail, with the tokens that the first page and its cookies gave. */
const requestOf = (
  trigger: Trigger,
  { url: first, page }: FirstPage,
  cookies: Cookies,
  timeoutMs: number,
): HttpRequest => {
  const url = trigger.post ?? trigger.get!
  // Many products hand the mail over before they answer.
  const common = { url, timeoutMs: 3 * timeoutMs, follow: 10, cookies }
  if (!trigger.post) return { ...common, method: 'GET', headers: { ...pageHeaders, ...trigger.headers } }
  const names = Object.keys(trigger.form ?? {})
  const forms = page?.forms ?? []
  const form =
    forms.find(item => item.action === new URL(url).href) ??
    forms.find(item => names.every(name => item.inputs.some(input => input.name === name))) ??
    null
  const token = page ? metaToken(page) : null
  const isJson = trigger.json !== undefined
  return {
    ...common,
    method: 'POST',
    headers: {
      ...pageHeaders,
      origin: new URL(url).origin,
      ...(page && first ? { referer: first } : {}),
      ...(token ? { 'x-csrf-token': token } : {}),
      ...tokenOfCookie(cookies),
      ...(isJson ? { 'content-type': 'application/json' } : {}),
      ...(trigger.form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      ...trigger.headers,
    },
    body: isJson ? JSON.stringify(trigger.json) : new URLSearchParams(formFields(form, trigger.form ?? {})).toString(),
  }
}

/** Why an answer that does not fit says nothing of the product: it turns programs away. Null where it says something. */
const turnedAway = (hop: HttpHop, guarded: boolean, what: string): Missing | null => {
  if (hop.status === 429) return missing('rate-limited', `${what}: it limits requests from here (429)`)
  if (headerOf(hop, 'cf-mitigated') === 'challenge')
    return missing('forbidden', `${what}: Cloudflare asks this program to prove that it is a person`)
  if (!guarded) return null
  const why = `the form asks for a captcha, which only a person passes (status ${hop.status})`
  return missing('forbidden', `${what}: ${why}`)
}

/** Runs the trigger. Missing: nothing says that it is broken, and it could not be done. */
export const pullTrigger = async (trigger: Trigger, context: CollectContext): Promise<Fact<Triggered>> => {
  const what = triggerInWords(trigger)
  const sent = textsIn([trigger.form, trigger.json, trigger.headers]).filter(text => text.length > 2)
  const hide = (text: string): string => sent.reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
  const failed = (problem: string, hop?: HttpHop): Fact<Triggered> =>
    observed({ what, status: hop?.status ?? 0, problem, words: hop ? wordsOf(hop, hide) : '', guarded: false }, '')
  const cookies = createCookies()
  const first = await openFirst(trigger, cookies, context)
  const answer = await context.net.http(requestOf(trigger, first, cookies, context.timeoutMs))
  if (!answer.ok) return answer.reason === 'refused' ? failed(answer.message) : answer
  const { hops, ended, next } = answer.value
  const hop = hops.at(-1)
  if (ended === 'loop' || ended === 'too-many-redirects') return failed('it redirects in a circle', hop)
  if (ended === 'kept-back') return failed(next?.why ?? 'it leads away with what was sent', hop)
  const wanted = trigger.expectStatus ?? []
  const fits = wanted.length ? hops.some(item => wanted.includes(item.status)) : hop !== undefined && hop.status < 400
  if (!hop || (ended !== 'answer' && !fits))
    return missing('unreachable', `${what}: ${next?.why ?? 'its redirects lead nowhere'}`)
  if (!fits)
    return (
      turnedAway(hop, first.guarded, what) ??
      failed(`status ${hop.status}${wanted.length ? ` instead of ${wanted.join(' or ')}` : ''}`, hop)
    )
  const { guarded } = first
  return observed({ what, status: hop.status, problem: null, words: wordsOf(hop, hide), guarded }, '')
}

const wordsOf = (hop: HttpHop, hide: (text: string) => string): string => {
  const page = isHtml(headerOf(hop, 'content-type')) ? readHtml(hop.body, hop.url) : null
  return hide(page ? `${page.title}: ${page.text}` : hop.body)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}
