// Does what makes the product send a mail: the request that the config names, as a browser would make it (cookies kept, hidden fields
// and the token against forgery sent along). Values that were sent are in nothing that is kept.
import { type Fact, missing, observed } from '../../core/fact.ts'
import { formFields, metaToken } from '../../formats/html/flow-form.ts'
import { type HtmlPage, isHtml, readHtml } from '../../formats/html/html.ts'
import type { TriggerTexts } from '../../formats/mail/nonce.ts'
import { type Cookies, createCookies } from '../../net/cookies.ts'
import { type HttpHop, headerOf } from '../../net/network.ts'
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

/** A URL without its query, which may hold a token or an address. */
const bare = (url: string): string => `${new URL(url).origin}${new URL(url).pathname}`

/** What a trigger does, in words: also printed before it is done. */
export const triggerInWords = (trigger: TriggerTexts): string => {
  const url = trigger.post ?? trigger.get ?? ''
  const fields =
    trigger.form !== undefined
      ? Object.keys(trigger.form)
      : trigger.json && typeof trigger.json === 'object'
        ? Object.keys(trigger.json)
        : []
  return `${trigger.post ? 'POST' : 'GET'} ${bare(url)}${fields.length ? ` (${fields.join(', ')})` : ''}`
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : value && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []

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

/** Runs the trigger. Missing: nothing says that it is broken, and it could not be done. */
export const pullTrigger = async (
  trigger: TriggerTexts & { expectStatus?: number[] | undefined },
  context: CollectContext,
): Promise<Fact<Triggered>> => {
  const what = triggerInWords(trigger)
  const sent = textsIn([trigger.form, trigger.json, trigger.headers]).filter(text => text.length > 2)
  const hide = (text: string): string => sent.reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
  const cookies = createCookies()
  const pageHeaders = { accept: 'text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8' }
  const failed = (problem: string, hop?: HttpHop): Fact<Triggered> =>
    observed({ what, status: hop?.status ?? 0, problem, words: hop ? wordsOf(hop, hide) : '', guarded: false }, '')

  const first = trigger.post ? (trigger.get ?? (trigger.form ? trigger.post : undefined)) : undefined
  let page: HtmlPage | null = null
  let guarded = false
  if (first !== undefined) {
    const answer = await context.net.http({
      url: first,
      follow: 10,
      cookies,
      headers: { ...pageHeaders, ...trigger.headers },
    })
    const hop = answer.ok ? answer.value.hops.at(-1) : undefined
    if (hop && hop.status < 400 && isHtml(headerOf(hop, 'content-type'))) {
      page = readHtml(hop.body, hop.url)
      guarded = captchas.test(hop.body)
    }
  }
  const url = trigger.post ?? trigger.get!
  const names = Object.keys(trigger.form ?? {})
  const forms = page?.forms ?? []
  const form =
    forms.find(item => item.action === new URL(url).href) ??
    forms.find(item => names.every(name => item.inputs.some(input => input.name === name))) ??
    null
  const token = page ? metaToken(page) : null
  const answer = await context.net.http({
    url,
    // Many products hand the mail over before they answer.
    timeoutMs: 3 * context.timeoutMs,
    method: trigger.post ? 'POST' : 'GET',
    follow: 10,
    cookies,
    headers: {
      ...pageHeaders,
      ...(trigger.post ? { origin: new URL(url).origin } : {}),
      ...(page && first ? { referer: first } : {}),
      ...(token ? { 'x-csrf-token': token } : {}),
      ...(trigger.post ? tokenOfCookie(cookies) : {}),
      ...(trigger.post && trigger.json !== undefined ? { 'content-type': 'application/json' } : {}),
      ...(trigger.post && trigger.form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      ...trigger.headers,
    },
    ...(trigger.post
      ? {
          body:
            trigger.json !== undefined
              ? JSON.stringify(trigger.json)
              : new URLSearchParams(formFields(form, trigger.form ?? {})).toString(),
        }
      : {}),
  })
  if (!answer.ok) return answer.reason === 'refused' ? failed(answer.message) : answer
  const { hops, ended, next } = answer.value
  if (ended === 'loop' || ended === 'too-many-redirects') return failed('it redirects in a circle', hops.at(-1))
  const hop = hops.at(-1)
  const fits = trigger.expectStatus?.length
    ? hops.some(item => trigger.expectStatus?.includes(item.status))
    : hop !== undefined && hop.status < 400
  if (!hop || (ended !== 'answer' && !fits))
    return missing('unreachable', `${what}: ${next?.why ?? 'its redirects lead nowhere'}`)
  if (hop.status === 429 && !fits) return missing('rate-limited', `${what}: it limits requests from here (429)`)
  if (!fits && headerOf(hop, 'cf-mitigated') === 'challenge')
    return missing('forbidden', `${what}: Cloudflare asks this program to prove that it is a person`)
  if (!fits && guarded)
    return missing(
      'forbidden',
      `${what}: the form asks for a captcha, which only a person passes (status ${hop.status})`,
    )
  if (!fits)
    return failed(
      `status ${hop.status}${trigger.expectStatus?.length ? ` instead of ${trigger.expectStatus.join(' or ')}` : ''}`,
      hop,
    )
  return observed({ what, status: hop.status, problem: null, words: wordsOf(hop, hide), guarded }, '')
}

const wordsOf = (hop: HttpHop, hide: (text: string) => string): string => {
  const page = isHtml(headerOf(hop, 'content-type')) ? readHtml(hop.body, hop.url) : null
  return hide(page ? `${page.title}: ${page.text}` : hop.body)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}
