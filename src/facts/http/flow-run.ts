// Walks a flow of the config over HTTP as a customer's browser would: cookies kept, redirects followed, hidden fields sent along. It
// posts; it runs because the config names it. Values that were sent are in nothing that is kept.
import { missing, notApplicable, observed } from '../../core/fact.ts'
import { chooseForm, formFields, metaToken } from '../../formats/html/flow-form.ts'
import { type HtmlPage, isHtml, readHtml } from '../../formats/html/html.ts'
import { createCookies } from '../../net/cookies.ts'
import { type HttpHop, headerOf } from '../../net/network.ts'
import { isAsked, notAsked } from '../asked.ts'
import type { FactDefinition } from '../definition.ts'

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

/** A URL without its query, which may hold a token. */
const bare = (url: string): string => `${new URL(url).origin}${new URL(url).pathname}`

type Did = { hop: HttpHop; milliseconds: number } | { problem: string } | { untold: string }

const fact: FactDefinition<FlowRun> = {
  on: 'flow',
  deadlines: 20,
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
    const cookies = createCookies()
    const secrets = flow.steps
      .flatMap(step => Object.values({ ...step.form, ...step.fill, ...step.json }))
      .filter(text => text.length > 2)
    const hide = (text: string): string => secrets.reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
    const steps: FlowStep[] = []
    /** Where the customer is. */
    const here: { at: HttpHop | null; page: HtmlPage | null } = { at: null, page: null }
    let filled: Record<string, string> = {}

    const send = async (
      url: string,
      fields: [string, string][] | null,
      method: 'GET' | 'POST',
      json?: Readonly<Record<string, string>>,
    ): Promise<Did> => {
      const token = here.page && method === 'POST' ? metaToken(here.page) : null
      const asked = new URL(url)
      if (method === 'GET') for (const [name, value] of fields ?? []) asked.searchParams.set(name, value)
      const answer = await context.net.http({
        url: asked.href,
        method,
        follow: 10,
        cookies,
        headers: {
          accept: 'text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8',
          ...(here.at ? { referer: here.at.url } : {}),
          ...(method === 'POST'
            ? {
                'content-type': json ? 'application/json' : 'application/x-www-form-urlencoded',
                origin: here.at ? new URL(here.at.url).origin : asked.origin,
              }
            : {}),
          ...(token ? { 'x-csrf-token': token } : {}),
        },
        ...(method === 'POST'
          ? { body: json ? JSON.stringify(json) : new URLSearchParams(fields ?? []).toString() }
          : {}),
      })
      if (!answer.ok) return answer.reason === 'refused' ? { problem: answer.message } : { untold: answer.message }
      if (answer.value.ended === 'loop' || answer.value.ended === 'too-many-redirects')
        return { problem: 'it redirects in a circle' }
      const hop = answer.value.hops.at(-1)
      if (!hop || answer.value.ended !== 'answer')
        return { untold: answer.value.next?.why ?? 'its redirects lead nowhere' }
      if (hop.status === 429) return { untold: 'it limits requests from here (429)' }
      return { hop, milliseconds: Math.round(answer.value.hops.reduce((sum, item) => sum + item.timing.total, 0)) }
    }

    for (const step of flow.steps) {
      if (step.fill) filled = { ...filled, ...step.fill }
      const given = { ...filled, ...step.form }
      const names = Object.keys({ ...given, ...step.json }).join(', ')
      let what = `look at ${here.at ? bare(here.at.url) : 'the page'}`
      let did: Did | null = null
      if (step.get) {
        what = `GET ${bare(step.get)}`
        did = await send(step.get, null, 'GET')
      } else if (step.post) {
        what = `POST ${bare(step.post)} (${names})`
        const target = new URL(step.post).href
        const form = here.page?.forms.find(item => item.action === target) ?? null
        did = await send(step.post, formFields(form, given), 'POST', step.json)
        filled = {}
      } else if (step.submit !== undefined) {
        const form = here.page ? chooseForm(here.page, step.submit, Object.keys(given)) : null
        what = form ? `${form.method.toUpperCase()} ${bare(form.action)} (${names})` : `submit ${step.submit}`
        did = form
          ? await send(form.action, formFields(form, given), form.method === 'post' ? 'POST' : 'GET')
          : { problem: `the page has no form "${step.submit}"${names ? ` with ${names}` : ''}` }
        filled = {}
      } else if (step.click !== undefined) {
        const wanted = step.click.trim().toLowerCase()
        const link = here.page?.links.find(
          item => item.text.toLowerCase() === wanted || new URL(item.url).pathname === step.click,
        )
        what = `follow "${step.click}"`
        did = link ? await send(link.url, null, 'GET') : { problem: `the page has no link "${step.click}"` }
      }
      if (did && 'untold' in did) {
        steps.push({ what: hide(what), status: 0, milliseconds: 0, problem: null, words: '' })
        return observed(
          {
            kind: flow.kind,
            steps,
            planned: flow.steps.length,
            totalMs: steps.reduce((sum, item) => sum + item.milliseconds, 0),
            slowMs: flow.slow ?? 10_000,
            untold: `${hide(what)}: ${did.untold}`,
            screenshot: null,
          },
          context.now(),
        )
      }
      let problem = did && 'problem' in did ? did.problem : null
      if (did && 'hop' in did) {
        here.at = did.hop
        here.page = isHtml(headerOf(here.at, 'content-type')) ? readHtml(here.at.body, here.at.url) : null
      }
      if (!problem) problem = here.at ? expectation(step, here.at, here.page) : 'no page was asked for yet'
      steps.push({
        what: hide(what),
        status: here.at?.status ?? 0,
        milliseconds: did && 'hop' in did ? did.milliseconds : 0,
        problem: problem === null ? null : hide(problem),
        words:
          problem === null
            ? ''
            : hide(`${here.page?.title ?? ''}: ${here.page?.text ?? here.at?.body ?? ''}`).slice(0, 300),
      })
      if (problem !== null) break
    }
    return observed(
      {
        kind: flow.kind,
        steps,
        planned: flow.steps.length,
        totalMs: steps.reduce((sum, item) => sum + item.milliseconds, 0),
        slowMs: flow.slow ?? 10_000,
        untold: null,
        screenshot: null,
      },
      context.now(),
    )
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
