// A web address that answers as it should: status, words, a place in JSON, a header, a redirect.
import { headersOf, type Network } from '../net/network.ts'
import { type Answer, answerOf, isResult, ok, type ProbeResult, seenIn, unexpected, within } from './probe.ts'

export type JsonScalar = string | number | boolean | null

export type EndpointRequest = {
  url: string
  headers?: Readonly<Record<string, string>>
  /** 200 to 299 unless given; with `redirect` 300 to 399. */
  status?: readonly number[]
  text?: string
  notText?: string
  /** Path → value; a path may hold list places: `checks.0.status`. */
  json?: Readonly<Record<string, JsonScalar>>
  /** Name → text that one of its values contains. */
  header?: Readonly<Record<string, string>>
  /** Where its Location leads, as it stands there or made absolute; it is not followed. */
  redirect?: string
  timeoutMs?: number
}

const shown = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}…` : text)

/** What stands at a path; undefined where nothing does. A key may itself hold dots. */
const atPath = (value: unknown, path: string): unknown => {
  if (value === null || typeof value !== 'object') return undefined
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path]
  const [key = '', ...rest] = path.split('.')
  if (rest.length === 0 || !Object.hasOwn(value, key)) return undefined
  return atPath((value as Record<string, unknown>)[key], rest.join('.'))
}

const jsonFault = (body: string, wanted: NonNullable<EndpointRequest['json']>): string | null => {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return 'but the answer is no JSON'
  }
  for (const [path, expected] of Object.entries(wanted)) {
    const found = atPath(value, path)
    if (found === expected) continue
    const is = found === undefined ? 'is not there' : `is ${shown(JSON.stringify(found) ?? '?')}`
    return `but ${path} in the answer ${is}, expected ${JSON.stringify(expected)}`
  }
  return null
}

const headerFault = (answer: Answer, wanted: NonNullable<EndpointRequest['header']>): string | null => {
  for (const [name, text] of Object.entries(wanted)) {
    const values = headersOf(answer.hop, name)
    if (values.length === 0) return `but without the header ${name}`
    if (!values.some(value => value.includes(text))) return `but ${name} is ${shown(values[0]!)}, expected ${text}`
  }
  return null
}

const redirectFault = ({ hop }: Answer, wanted: string): string | null => {
  const location = headersOf(hop, 'location')[0]
  if (location === undefined) return `but leads nowhere, expected ${wanted}`
  const absolute = (text: string): string => (URL.canParse(text, hop.url) ? new URL(text, hop.url).href : text)
  return location === wanted || absolute(location) === absolute(wanted)
    ? null
    : `but leads to ${shown(location)}, expected ${wanted}`
}

const faultIn = (request: EndpointRequest, answer: Answer): string | null => {
  const { status, text, notText, json, header, redirect } = request
  const { hop } = answer
  const usual = redirect === undefined ? hop.status >= 200 && hop.status < 300 : hop.status >= 300 && hop.status < 400
  if (status ? !status.includes(hop.status) : !usual)
    return status ? `, expected ${status.join(' or ')}` : redirect === undefined ? '' : ', expected a redirect'
  const fault =
    (redirect === undefined ? null : redirectFault(answer, redirect)) ??
    (header ? headerFault(answer, header) : null) ??
    (text !== undefined && !hop.body.includes(text) ? `but the page lacks "${shown(text)}"` : null) ??
    (notText !== undefined && hop.body.includes(notText) ? `but the page says "${shown(notText)}"` : null) ??
    (json ? jsonFault(hop.body, json) : null)
  return fault === null ? null : `, ${fault}`
}

/** Asks once, redirects followed unless one is expected. */
export const probeEndpoint = async (request: EndpointRequest, net: Network): Promise<ProbeResult> => {
  const { url, headers = {}, redirect, timeoutMs } = request
  const answer = await answerOf(net, {
    url,
    follow: redirect === undefined ? 5 : 0,
    headers: { accept: '*/*', 'cache-control': 'no-cache', ...headers },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  })
  if (isResult(answer)) return answer
  const fault = faultIn(request, answer)
  return fault === null ? ok(within(answer.hop), seenIn(answer)) : unexpected(`${within(answer.hop)}${fault}`, answer)
}
