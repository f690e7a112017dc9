// Walks a flow of the config over HTTP as a customer's browser would: cookies kept, redirects followed, hidden fields sent along. It
// posts; it runs because the config names it. Values that were sent are in nothing that is kept.
import type { Config } from '../../config/schema.ts'
import { missing, notApplicable, observed } from '../../core/fact.ts'
import { chooseForm, formFields, formSubmission, metaToken } from '../../formats/html/flow-form.ts'
import { type HtmlPage, isHtml, readHtml } from '../../formats/html/html.ts'
import { bareUrl } from '../../formats/http/bare-url.ts'
import { type Cookies, createCookies } from '../../net/cookies.ts'
import { type HttpHop, type HttpRequest, headerOf } from '../../net/network.ts'
import { isAsked, notAsked } from '../asked.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'

export type FlowStep = {
  /** What was done: `POST https://app.example.com/session (email, password)`. */
  what: string
  status: number
  milliseconds: number
  /** What was not as expected; null when the step went well. */
  problem: string | null
  /** The page's own words where it failed, the values that were sent taken out. */
  words: string
}

export type FlowRun = {
  kind: 'signup' | 'login' | 'billing' | 'other'
  /** Steps done, in order; the last one may have failed. */
  steps: FlowStep[]
  planned: number
  totalMs: number
  /** From here on the flow is slow: the config's, else ten seconds. */
  slowMs: number
  /** Why the flow could not be walked to its end although nothing says that it is broken; null otherwise. */
  untold: string | null
  /** The page where it failed, as a JPEG in base64, what was typed taken out; null over HTTP and where nothing failed. */
  screenshot: string | null
}

type Flow = NonNullable<Config['flows']>[number]
type Step = Flow['steps'][number]

/** What came of a step: an answer, what is wrong with the product, or what kept us from seeing it. */
type Did = { hop: HttpHop; milliseconds: number } | { problem: string } | { untold: string }

/** Where the customer is, and what was filled in and not sent yet. */
type Walk = {
  net: CollectContext['net']
  cookies: Cookies
  at: HttpHop | null
  page: HtmlPage | null
  filled: Record<string, string>
}

/** What a step sends: fields of a form, or JSON. */
type Sending = { url: string; fields?: [string, string][]; json?: Readonly<Record<string, string>> | undefined }

const redirectsFollowed = 10
const slowUnlessGiven = 10_000

/** Asks for a page as the customer's browser would, and says where that led. */
const ask = async ({ net, cookies, at }: Walk, request: HttpRequest): Promise<Did> => {
  const answer = await net.http({
    ...request,
    follow: redirectsFollowed,
    cookies,
    headers: {
      accept: 'text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8',
      ...request.headers,
      ...(at ? { referer: at.url } : {}),
    },
  })
  if (!answer.ok) return answer.reason === 'refused' ? { problem: answer.message } : { untold: answer.message }
  const { ended, hops, next } = answer.value
  if (ended === 'loop' || ended === 'too-many-redirects') return { problem: 'it redirects in a circle' }
  if (ended === 'kept-back') return { problem: next?.why ?? 'it leads away with what was sent' }
  const hop = hops.at(-1)
  if (!hop || ended !== 'answer') return { untold: next?.why ?? 'its redirects lead nowhere' }
  if (hop.status === 429) return { untold: 'it limits requests from here (429)' }
  return { hop, milliseconds: Math.round(hops.reduce((sum, item) => sum + item.timing.total, 0)) }
}

const get = (walk: Walk, { url, fields = [] }: Sending): Promise<Did> => {
  const asked = new URL(url)
  for (const [name, value] of fields) asked.searchParams.set(name, value)
  return ask(walk, { url: asked.href })
}

const post = (walk: Walk, { url, fields = [], json }: Sending): Promise<Did> => {
  const submission = formSubmission(url, fields, walk.at?.url ?? null)
  const token = walk.page ? metaToken(walk.page) : null
  return ask(walk, {
    url,
    ...submission,
    ...(json ? { body: JSON.stringify(json) } : {}),
    headers: {
      ...submission.headers,
      ...(json ? { 'content-type': 'application/json' } : {}),
      ...(token ? { 'x-csrf-token': token } : {}),
    },
  })
}

/** A step in words, and what came of it; `did` is null where it only looks at the page. */
type Done = { what: string; did: Did | null }

/** Why a form is not sent: what was filled in would go out unencrypted. Null where it may be. */
const leadsAway = (page: string, action: string): string | null =>
  new URL(page).protocol === 'https:' && new URL(action).protocol === 'http:'
    ? `the form sends what is filled in over http, unencrypted, to ${new URL(action).host}; not sent`
    : null

const submit = async (walk: Walk, wanted: string, given: Record<string, string>, names: string): Promise<Done> => {
  const form = walk.page ? chooseForm(walk.page, wanted, Object.keys(given)) : null
  if (!form) {
    const problem = `the page has no form "${wanted}"${names ? ` with ${names}` : ''}`
    return { what: `submit ${wanted}`, did: { problem } }
  }
  const away = leadsAway(walk.at?.url ?? form.action, form.action)
  if (away !== null) return { what: `submit ${wanted}`, did: { problem: away } }
  const sending = { url: form.action, fields: formFields(form, given) }
  const did = await (form.method === 'post' ? post(walk, sending) : get(walk, sending))
  return { what: `${form.method.toUpperCase()} ${bareUrl(form.action)} (${names})`, did }
}

const click = async (walk: Walk, text: string): Promise<Done> => {
  const wanted = text.trim().toLowerCase()
  const link = walk.page?.links.find(item => item.text.toLowerCase() === wanted || new URL(item.url).pathname === text)
  const did = link ? await get(walk, { url: link.url }) : { problem: `the page has no link "${text}"` }
  return { what: `follow "${text}"`, did }
}

/** Does one step; what a form is sent is then no longer filled in. */
const take = async (walk: Walk, step: Step): Promise<Done> => {
  if (step.fill) walk.filled = { ...walk.filled, ...step.fill }
  const given = { ...walk.filled, ...step.form }
  const names = Object.keys({ ...given, ...step.json }).join(', ')
  if (step.get) return { what: `GET ${bareUrl(step.get)}`, did: await get(walk, { url: step.get }) }
  if (step.post) {
    walk.filled = {}
    const target = new URL(step.post).href
    const form = walk.page?.forms.find(item => item.action === target) ?? null
    const did = await post(walk, { url: step.post, fields: formFields(form, given), json: step.json })
    return { what: `POST ${bareUrl(step.post)} (${names})`, did }
  }
  if (step.submit !== undefined) {
    walk.filled = {}
    return submit(walk, step.submit, given, names)
  }
  if (step.click !== undefined) return click(walk, step.click)
  return { what: `look at ${walk.at ? bareUrl(walk.at.url) : 'the page'}`, did: null }
}

/** Where a step led, and what was not as it expects. */
const arrive = (walk: Walk, step: Step, did: Did | null): string | null => {
  if (did && 'hop' in did) {
    walk.at = did.hop
    walk.page = isHtml(headerOf(did.hop, 'content-type')) ? readHtml(did.hop.body, did.hop.url) : null
  }
  if (did && 'problem' in did) return did.problem
  return walk.at ? expectation(step, walk.at, walk.page) : 'no page was asked for yet'
}

const wordsOf = ({ page, at }: Walk): string => `${page?.title ?? ''}: ${page?.text ?? at?.body ?? ''}`

/** Takes out what was sent. */
const hider = (flow: Flow): ((text: string) => string) => {
  const secrets = flow.steps
    .flatMap(step => Object.values({ ...step.form, ...step.fill, ...step.json }))
    .filter(text => text.length > 2)
  return text => secrets.reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
}

/** A flow that was walked, with what it left: never part of a fact. */
export type Walked = Pick<FlowRun, 'steps' | 'untold'> & { cookies: Cookies; last: HttpHop | null }

/** Walks a flow over HTTP once, as one customer with a session of their own. `beforeStep` may make them wait. */
export const walkFlow = async (
  flow: Flow,
  net: CollectContext['net'],
  { beforeStep, onStep }: { beforeStep?: () => Promise<unknown>; onStep?: (step: FlowStep) => void } = {},
): Promise<Walked> => {
  const hide = hider(flow)
  const walk: Walk = { net, cookies: createCookies(), at: null, page: null, filled: {} }
  const steps: FlowStep[] = []
  const left = (untold: string | null): Walked => ({ steps, untold, cookies: walk.cookies, last: walk.at })
  const keep = (step: FlowStep): void => {
    steps.push(step)
    onStep?.(step)
  }
  for (const step of flow.steps) {
    await beforeStep?.()
    const { what, did } = await take(walk, step)
    if (did && 'untold' in did) {
      keep({ what: hide(what), status: 0, milliseconds: 0, problem: null, words: '' })
      return left(`${hide(what)}: ${did.untold}`)
    }
    const problem = arrive(walk, step, did)
    keep({
      what: hide(what),
      status: walk.at?.status ?? 0,
      milliseconds: did && 'hop' in did ? did.milliseconds : 0,
      problem: problem === null ? null : hide(problem),
      words: problem === null ? '' : hide(wordsOf(walk)).slice(0, 300),
    })
    if (problem !== null) break
  }
  return left(null)
}

/** The walk of a flow, made once in the run, whoever needs its steps or its session. */
export const walkOnce = (flow: Flow, context: CollectContext): Promise<Walked> =>
  context.once(`http/flow-run ${flow.name}`, () => walkFlow(flow, context.net))

const fact: FactDefinition<FlowRun> = {
  on: 'flow',
  deadlines: 60,
  async collect(subject, context) {
    if (subject.details?.['of'] !== 'pages') return notApplicable('a flow of mail, judged by its own check')
    const { domain } = context.config
    if (!isAsked(domain, context.target.domain)) return notApplicable(notAsked(domain))
    const flow = context.config.flows?.find(item => item.name === subject.name)
    if (!flow) return missing('internal', `the config has no flow "${subject.name}"`)
    if (flow.browser) {
      // Loaded where it is called for: most runs open no browser.
      const { walkInBrowser } = await import('../browser/walk.ts')
      return walkInBrowser(flow, context)
    }
    const { steps, untold } = await walkOnce(flow, context)
    const run: FlowRun = {
      kind: flow.kind,
      steps,
      planned: flow.steps.length,
      totalMs: steps.reduce((sum, item) => sum + item.milliseconds, 0),
      slowMs: flow.slow ?? slowUnlessGiven,
      untold,
      screenshot: null,
    }
    return observed(run, context.now())
  },
}
export default fact

/** What is not as the step expects; without an expected status, an error status is not. */
const expectation = (
  step: { expectStatus?: number | undefined; expectText?: string | undefined; expectUrl?: string | undefined },
  at: HttpHop,
  page: HtmlPage | null,
): string | null => {
  if (step.expectStatus !== undefined && at.status !== step.expectStatus)
    return `status ${at.status} instead of ${step.expectStatus}`
  if (step.expectStatus === undefined && at.status >= 400) return `status ${at.status}`
  if (step.expectUrl !== undefined && !at.url.includes(step.expectUrl))
    return `it ended at ${new URL(at.url).origin}${new URL(at.url).pathname} instead of ${step.expectUrl}`
  if (step.expectText !== undefined && !(page ? `${page.title} ${page.text}` : at.body).includes(step.expectText))
    return `the page does not say "${step.expectText}"`
  return null
}
