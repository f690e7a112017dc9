// How a host delivers: its pages' sizes on the wire, and a few of their static files asked for once, again as a browser does that has them
// already, and once more where the delivery network did not answer from its cache. Scripts and styles are those that the audit reads anyway.
import { type Fact, notApplicable, observed } from '../../core/fact.ts'
import { isMeasuringScript, isPackageFile, isVendorScript } from '../../data/script-vendors.ts'
import { readHtml } from '../../formats/html/html.ts'
import { validatorsOf } from '../../formats/http/cache-control.ts'
import { cdnWord } from '../../formats/http/cdn-words.ts'
import { frontDoor } from '../../formats/http/front-door.ts'
import { type StaticKind, staticKind } from '../../formats/http/static-file.ts'
import type { HttpHop } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { domainSubject } from '../subjects.ts'
import { readFile } from './bundle-files.ts'
import { ownHosts, pagesOf } from './bundles.ts'
import { requestFile } from './page-assets.ts'
import { walledOff } from './web.ts'

export type Delivered = {
  url: string
  status: number
  headers: [string, string][]
  /** Bytes on the wire, and after decoding. */
  encodedBytes: number
  decodedBytes: number
}

export type StaticFile = Delivered & {
  kind: StaticKind
  /** Asked for with its validators; null where it has none, or no answer came. */
  conditional: { status: number; headers: [string, string][] } | null
  /** A plain second request; null where none was needed. */
  again: { status: number; headers: [string, string][] } | null
}

export type Delivery = {
  /** Pages and other text that this host answers with. */
  pages: Delivered[]
  files: StaticFile[]
  /** Scripts of its own that its front page loads at once; `estimated` where they did not come in Brotli. */
  firstLoad: { path: string; bytes: number; estimated: boolean }[]
}

/** Files of each kind that are looked at: what is true of three scripts is true of the fourth. */
const most: Readonly<Record<StaticKind, number>> = { script: 3, style: 2, font: 1, image: 2 }
const pagesRead = 4
const otherBytes = 4 * 1024 * 1024

const deliveredOf = ({ url, status, headers, encodedBytes, decodedBytes }: HttpHop): Delivered => ({
  url,
  status,
  headers,
  encodedBytes,
  decodedBytes,
})

/** Static files of these pages that this host, or a host of its own that is nothing but a store, serves. */
const filesOf = (
  pages: readonly HttpHop[],
  isServed: (host: string) => boolean,
): { url: string; kind: StaticKind }[] => {
  const found = new Map<string, StaticKind>()
  const count: Record<StaticKind, number> = { script: 0, style: 0, font: 0, image: 0 }
  for (const page of pages)
    for (const { kind: element, url } of readHtml(page.body, page.url).resources) {
      if (!/^https?:/.test(url) || !isServed(new URL(url).hostname)) continue
      if (isVendorScript(url) || isPackageFile(url) || isMeasuringScript(url, {})) continue
      const kind = element === 'stylesheet' ? 'style' : element === 'script' ? 'script' : staticKind(url)
      const isLoaded = ['script', 'stylesheet', 'image', 'icon', 'preload', 'font'].includes(element)
      if (kind === null || !isLoaded || found.has(url) || count[kind] >= most[kind]) continue
      found.set(url, kind)
      count[kind]++
    }
  return [...found].map(([url, kind]) => ({ url, kind }))
}

/** The file as it was first given. */
const firstOf = async (
  context: CollectContext,
  host: string,
  url: string,
  kind: StaticKind,
): Promise<Delivered | null> => {
  if (kind === 'script' || kind === 'style') {
    const { asset, state } = await readFile(context, { url, mapOf: null }, ownHosts(host))
    if (!asset || state !== 'read' || asset.status !== 200 || asset.url !== url) return null
    const headers = asset.headers.map(([name, value]): [string, string] => [name, value])
    return { url, status: 200, headers, encodedBytes: asset.encodedBytes, decodedBytes: asset.decodedBytes }
  }
  const answer = await requestFile(context, url)
  const hop = answer.ok && answer.value.hops.length === 1 ? answer.value.hops[0]! : null
  const isFile =
    hop?.status === 200 && !/^text\/html/i.test(hop.headers.find(([name]) => name === 'content-type')?.[1] ?? '')
  return hop && isFile ? deliveredOf(hop) : null
}

const onceMore = async (
  context: CollectContext,
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: [string, string][] } | null> => {
  const answer = await context.net.http({ url, headers, bytes: true, maxBytes: otherBytes })
  const hop = answer.ok ? answer.value.hops[0] : undefined
  return hop ? { status: hop.status, headers: hop.headers } : null
}

/** Asks again with what a browser that has the file sends; twice where the file is another one by then. */
const revalidated = async (
  context: CollectContext,
  { url, headers }: Delivered,
): Promise<StaticFile['conditional']> => {
  const sent = (answer: { headers: [string, string][] }): Record<string, string> => {
    const { etag, lastModified } = validatorsOf(answer)
    return {
      ...(etag === null ? {} : { 'if-none-match': etag }),
      ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
    }
  }
  const first = sent({ headers })
  if (Object.keys(first).length === 0) return null
  const answer = await onceMore(context, url, first)
  if (answer?.status !== 200) return answer
  const second = sent(answer)
  return second['if-none-match'] === first['if-none-match'] ? answer : onceMore(context, url, second)
}

const lookAt = async (context: CollectContext, host: string, url: string, kind: StaticKind): Promise<StaticFile[]> => {
  const first = await firstOf(context, host, url, kind)
  if (!first) return []
  const conditional = await revalidated(context, first)
  const isHit = [first, conditional].some(answer => answer !== null && cdnWord(answer).state === 'hit')
  const again = isHit ? null : await onceMore(context, url)
  const { url: at, status, headers, encodedBytes, decodedBytes } = first
  return [{ url: at, status, headers, encodedBytes, decodedBytes, kind, conditional, again }]
}

const mostScripts = 60

/** What a script weighs in Brotli: as it came, or what gzip and plain text shrink to as a rule. */
const weightOf = (encoded: number, decoded: number, coding: string): { bytes: number; estimated: boolean } =>
  /\bbr\b|\bzstd\b/.test(coding)
    ? { bytes: encoded, estimated: false }
    : { bytes: Math.round(/gzip|deflate/.test(coding) ? encoded * 0.87 : decoded * 0.28), estimated: true }

/** Scripts that the front page names, its own site's alone: read already by whoever scans them. */
const firstLoadOf = async (
  context: CollectContext,
  host: string,
  page: HttpHop | undefined,
): Promise<Delivery['firstLoad']> => {
  if (!page) return []
  const isOwn = ownHosts(host)
  const urls = readHtml(page.body, page.url)
    .resources.filter(
      ({ kind, url, attributes }) =>
        // What is for browsers without modules none of today loads.
        kind === 'script' &&
        attributes['nomodule'] === undefined &&
        /^https?:/.test(url) &&
        isOwn(new URL(url).hostname),
    )
    .map(({ url }) => url)
  const read = await Promise.all(
    [...new Set(urls)].slice(0, mostScripts).map(async url => {
      const { asset, state } = await readFile(context, { url, mapOf: null }, isOwn)
      if (!asset || state !== 'read') return []
      const coding = asset.headers.find(([name]) => name === 'content-encoding')?.[1] ?? ''
      return [{ path: url, ...weightOf(asset.encodedBytes, asset.decodedBytes, coding) }]
    }),
  )
  return read.flat()
}

const fact: FactDefinition<Delivery> = {
  on: 'host',
  deadlines: 16,
  async collect(subject, context) {
    const host = subject.name
    const web = await context.need('web', subject)
    if (!web.ok) return web
    const door = frontDoor(web.value)
    if (!door.ok) return door.reason === 'refused' ? notApplicable(`nothing answers on ${host}`) : door
    const walled = walledOff(web.value)
    if (walled) return walled
    const domain = context.target.domain ?? host
    const hosts = await context.need('hosts', domainSubject(domain))
    const known = new Set(hosts.ok ? hosts.value.hosts.map(({ name }) => name) : [])
    const isOwn = ownHosts(host)
    const served = (await pagesOf(host, context)).filter(hop => hop.status === 200)
    // A front door that is no page: an interface that answers in JSON.
    const end = door.value.ended === 'answer' ? door.value.hops.at(-1)! : null
    const front = end && new URL(end.url).hostname === host && served.every(({ url }) => url !== end.url) ? [end] : []
    const files = filesOf(served.slice(0, pagesRead), name => name === host || (isOwn(name) && !known.has(name)))
    const looked = await Promise.all(files.map(({ url, kind }) => lookAt(context, host, url, kind)))
    return observed(
      {
        pages: [...served.slice(0, pagesRead), ...front].map(deliveredOf),
        files: looked.flat(),
        firstLoad: await firstLoadOf(context, host, served[0]),
      },
      context.now(),
    ) satisfies Fact<Delivery>
  },
}
export default fact
