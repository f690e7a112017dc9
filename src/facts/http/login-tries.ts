// Active: fails to log in, ten times in a row, with an address that cannot exist. Nothing is sent without --active.
import { missing, notApplicable, observed } from '../../core/fact.ts'
import { type HtmlForm, readHtml } from '../../formats/html/html.ts'
import { hasRiddle, type LoginTry, saysLimit } from '../../formats/http/login-tries.ts'
import { type Cookies, createCookies } from '../../net/cookies.ts'
import { headerOf } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

export type LoginTries = { url: string; riddle: boolean; tries: LoginTry[]; stopped: string | null }

type Request = { url: string; body: string; type: string; riddle: boolean; cookies: Cookies }

const usualTries = 10
const nobody = 'launch-ready-probe@launch-ready.invalid'

const fill = (form: HtmlForm): string => {
  const fields = new URLSearchParams()
  for (const input of form.inputs) {
    if (input.name === '' || ['submit', 'button', 'checkbox', 'radio', 'file', 'image'].includes(input.type)) continue
    const isName = input.type === 'email' || input.type === 'text' || input.type === 'input'
    fields.append(input.name, input.type === 'password' ? 'launch-ready-wrong-password' : isName ? nobody : input.value)
  }
  return fields.toString()
}

/** What is sent: the config's own request for its URL's route, else the form of the page. */
const requestFor = async (context: CollectContext, url: string): Promise<Request | string> => {
  const given = context.config.audit?.rateLimit
  if (given && new URL(given.url).href === url) {
    const isJson = given.json !== undefined
    return {
      url,
      body: isJson ? JSON.stringify(given.json) : new URLSearchParams(given.form ?? {}).toString(),
      type: isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      riddle: false,
      cookies: createCookies(),
    }
  }
  const cookies = createCookies()
  const answer = await context.net.http({ url, follow: 5, cookies })
  const last = answer.ok ? answer.value.hops.at(-1) : undefined
  if (!last) return 'the page did not answer'
  const form = readHtml(last.body, last.url).forms.find(
    item => item.method === 'post' && item.inputs.some(input => input.type === 'password' && input.name !== ''),
  )
  if (!form) return 'it has no form that works without scripts; name the request in the config: audit.rateLimit'
  if (new URL(form.action).hostname !== new URL(last.url).hostname) return 'its form posts to another host'
  return {
    url: form.action,
    body: fill(form),
    type: 'application/x-www-form-urlencoded',
    riddle: hasRiddle(last.body),
    cookies,
  }
}

/** What one try got, and whether a limit speaks of itself there; the reason where nothing was answered. */
const tryOnce = async (
  context: CollectContext,
  { url, body, type, cookies }: Request,
): Promise<{ got: LoginTry; isLimit: boolean } | string> => {
  const answer = await context.net.http({
    url,
    method: 'POST',
    headers: { 'content-type': type, origin: new URL(url).origin },
    body,
    cookies,
    maxBytes: 65_536,
  })
  if (!answer.ok) return answer.message
  const hop = answer.value.hops[0]
  if (!hop) return 'no answer'
  const isLimit = saysLimit(hop.body)
  const got = {
    status: hop.status,
    milliseconds: Math.round(hop.timing.total),
    retryAfter: headerOf(hop, 'retry-after') !== null,
    saysLimit: isLimit || hasRiddle(hop.body),
  }
  return { got, isLimit: isLimit || hop.status === 429 }
}

/** Tries in a row, until a limit is met, nothing is answered, or there were enough. */
const tryOften = async (
  context: CollectContext,
  request: Request,
  most: number,
): Promise<Omit<LoginTries, 'url' | 'riddle'>> => {
  const tries: LoginTry[] = []
  while (tries.length < most && !context.signal.aborted) {
    const answer = await tryOnce(context, request)
    if (typeof answer === 'string') return { tries, stopped: answer }
    tries.push(answer.got)
    if (answer.isLimit) break
  }
  return { tries, stopped: null }
}

const fact: FactDefinition<LoginTries> = {
  on: 'route',
  deadlines: 20,
  async collect(subject, context) {
    if (!context.target.active) return notApplicable('only tried with --active')
    const given = context.config.audit?.rateLimit
    const isGiven = given !== undefined && new URL(given.url).href === subject.name
    if (subject.details?.['kind'] !== 'auth' && !isGiven) return notApplicable('no login')
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const request = await requestFor(context, subject.name)
    if (typeof request === 'string') return notApplicable(request)
    const { url, riddle } = request
    if (riddle) return observed({ url, riddle, tries: [], stopped: null }, context.now())
    const { tries, stopped } = await tryOften(context, request, given?.tries ?? usualTries)
    if (tries.length === 0) return missing('unreachable', stopped ?? 'no try was answered')
    return observed({ url, riddle, tries, stopped }, context.now())
  },
}
export default fact
