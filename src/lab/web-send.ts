// Sends an answer: its headers as host, route and applied fixes make them, its body compressed and revalidated as asked for.
import { createHash, randomBytes } from 'node:crypto'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { answerFor, type Chosen } from './web-answer.ts'
import { bodyOf, drip, type Sink, sendBytes, streamBytes } from './web-bodies.ts'
import type { Fields, HostState, Kept, Request, Response, WebContext } from './web-types.ts'
import type { AnswerSpec } from './world.ts'

/** One request of a host, the `nth` of its route. */
export type Asked = {
  context: WebContext
  host: HostState
  scheme: 'http' | 'https'
  request: Request
  url: URL
  nth: number
  /** Answered with this: what the route needs cannot be had. */
  instead?: AnswerSpec
}

const etagOf = (body: Buffer): string => `"${createHash('sha1').update(body).digest('hex').slice(0, 16)}"`

/** `{{random}}` in a value is another one in each answer. */
const withRandom = (value: string): string =>
  value.includes('{{random}}') ? value.replaceAll('{{random}}', randomBytes(16).toString('hex')) : value

/** An empty list takes a header away. */
const put = (fields: Fields, given: Record<string, string | string[]>): void => {
  for (const [name, value] of Object.entries(given)) {
    if (Array.isArray(value) && value.length === 0) fields.delete(name.toLowerCase())
    else fields.set(name.toLowerCase(), Array.isArray(value) ? value.map(withRandom) : withRandom(value))
  }
}

/** Headers of an answer, but for what depends on the request's own (encoding, length). */
const headersOf = (
  { host, scheme, url }: Asked,
  { answer, isRedirectOnly }: Chosen,
  body: { type: string; empty: boolean; etag: string | null },
): Fields => {
  const fields: Fields = new Map()
  const codings = answer.compress ?? host.spec.compress
  if (!body.empty) put(fields, { 'content-type': body.type })
  if (codings.length > 0 && !body.empty) put(fields, { vary: 'accept-encoding' })
  if (body.etag !== null) put(fields, { etag: body.etag })
  // A bare redirect from port 80 is the platform's own answer: the application's headers are not on it.
  if (!isRedirectOnly) put(fields, host.spec.headers)
  if (answer.type) put(fields, { 'content-type': answer.type })
  if (answer.redirect) put(fields, { location: answer.redirect.replace('$path', `${url.pathname}${url.search}`) })
  put(fields, answer.headers ?? {})
  for (const change of host.headerChanges) {
    const isMeant = change.exact ? url.pathname === change.path : url.pathname.startsWith(change.path)
    if (!isMeant) continue
    if (change.value === null) fields.delete(change.name)
    else if (scheme === 'https' || host.spec.http === 'serve') fields.set(change.name, change.value)
  }
  const cookies = [fields.get('set-cookie') ?? []].flat().map(cookie => withAttributes(cookie, host))
  if (cookies.length) fields.set('set-cookie', cookies)
  return fields
}

/** A cookie as a server before the application sends it on. */
const withAttributes = (cookie: string, { cookieChanges }: HostState): string =>
  cookieChanges
    .filter(change => cookie.startsWith(`${change.cookie}=`))
    .reduce((text, { attribute, value }) => {
      const kept = text.split(/;\s*/).filter(part => part.split('=')[0]!.toLowerCase() !== attribute.toLowerCase())
      return [...kept, value === null ? attribute : `${attribute}=${value}`].join('; ')
    }, cookie)

const compressed = (body: Buffer, coding: string | undefined): Buffer => {
  if (coding === 'br') return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
  return coding === 'gzip' ? gzipSync(body) : body
}

/** Whether the client has this version already (RFC 9110 §13.1.2). */
const isFresh = (request: Request, etag: string | null): boolean =>
  etag !== null &&
  String(request.headers['if-none-match'] ?? '')
    .split(/,\s*/)
    .includes(etag)

/** Writes the body as the answer's behaviour says; status and headers stand. */
const write = (
  response: Response,
  { answer }: Chosen,
  payload: Buffer,
  isHead: boolean,
  coding: 'br' | 'gzip' | undefined,
): void => {
  const status = response.statusCode
  if (answer.bytes !== undefined) sendBytes(answer.bytes, coding ?? (answer.bomb ? 'gzip' : null), isHead, response)
  else if (answer.behaviour === 'endless-body' && !isHead) streamBytes(response as Sink, Number.POSITIVE_INFINITY)
  else if (status === 204 || status === 304) response.end()
  else {
    response.setHeader('content-length', String(payload.length))
    if (isHead) response.end()
    else if (answer.drip !== undefined) drip(response as Sink, payload, answer.drip)
    else (response as Sink).end(payload)
  }
}

/** Whether a cache before the host may keep an answer (RFC 9111 §3), as far as the lab's answers go. */
const mayBeKept = (fields: Fields, cache: boolean | 'no-cookies'): boolean => {
  const said = String(fields.get('cache-control') ?? '')
  const isOneVisitors = cache === 'no-cookies' && fields.has('set-cookie')
  return !/no-store|private|no-cache/.test(said) && /(?:s-maxage|max-age)=[1-9]/.test(said) && !isOneVisitors
}

/** What the cache before the host does with an answer: gives the one that it has, whoever asks, or keeps this one. */
const throughCache = ({ host, url, request }: Asked, own: Kept): Kept => {
  if (!host.spec.cache || request.method === 'POST') return own
  const key = `${url.pathname}${url.search}`
  const kept = host.kept.get(key)
  if (kept) return { ...kept, fields: new Map([...kept.fields, ['age', '1'], ['x-cache', 'HIT']]) }
  if (own.status === 200 && mayBeKept(own.fields, host.spec.cache)) host.kept.set(key, own)
  return { ...own, fields: new Map([...own.fields, ['x-cache', 'MISS']]) }
}

export const send = (asked: Asked, response: Response): void => {
  const { context, host, scheme, request, url, nth } = asked
  const usual = answerFor(host, scheme, request, url)
  const chosen = asked.instead ? { ...usual, answer: asked.instead } : usual
  const { answer } = chosen
  const { body, type } = bodyOf(answer, context)
  const empty = body.length === 0
  const status = answer.statuses?.[nth % answer.statuses.length] ?? answer.status ?? (answer.redirect ? 302 : 200)
  const etag = (answer.etag ?? host.spec.etag) && status === 200 && !empty ? etagOf(body) : null
  const fields = headersOf(asked, chosen, { type, empty, etag })
  const accepted = String(request.headers['accept-encoding'] ?? '')
  const codings = answer.compress ?? host.spec.compress
  const coding = empty && answer.bytes === undefined ? undefined : codings.find(name => accepted.includes(name))
  if (coding) fields.set('content-encoding', coding)
  const sent = throughCache(asked, { status, fields, etag, payload: empty ? body : compressed(body, coding) })
  response.statusCode = !answer.ignoresValidators && isFresh(request, sent.etag) ? 304 : sent.status
  for (const [name, value] of sent.fields) response.setHeader(name, value)
  write(response, chosen, sent.payload, request.method === 'HEAD', coding)
}
