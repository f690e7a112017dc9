// Whether a route's page lives: what its words say, and whether the scripts, styles and frames that it needs are there and used by browsers.
import { isIP } from 'node:net'
import pLimit from 'p-limit'
import { type Fact, notApplicable, observed } from '../../core/fact.ts'
import { isMeasuringScript, isPackageFile, isServiceSnippet, isVendorScript } from '../../data/script-vendors.ts'
import { isTenantBuild } from '../../data/tenant-hosts.ts'
import {
  headImports,
  type ImportMap,
  joinImportMaps,
  readImportMap,
  resolveModule,
} from '../../formats/bundle/imports.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { dataErrorWords } from '../../formats/html/answer-words.ts'
import { type PageAsset, type PageDocument, readDocument } from '../../formats/html/document.ts'
import { saysNotFound } from '../../formats/html/error-page.ts'
import { isCurtain } from '../../formats/html/hidden.ts'
import { isUndrawn } from '../../formats/html/life-signs.ts'
import { holdsMarkup, isSentAsXml, pageKind } from '../../formats/html/page-kind.ts'
import {
  type BrokenAsset,
  drawingScripts,
  isEntryScript,
  type PageLife,
  staysEmpty,
} from '../../formats/html/page-life.ts'
import {
  errorWords,
  isConsentWall,
  passwordWords,
  sessionWords,
  showsNothing,
  unscriptedWords,
  upkeepWords,
} from '../../formats/html/page-words.ts'
import { sideScripts } from '../../formats/html/side-scripts.ts'
import { xmlFault, xmlFaultWords } from '../../formats/html/xml-form.ts'
import { type AssetRequest, assetFault, isMalformedIntegrity } from '../../formats/http/asset-use.ts'
import { turnedAway } from '../../formats/http/bot-wall.ts'
import { type CspPolicy, enforcedPolicies, upgradesInsecure } from '../../formats/http/csp.ts'
import { blockingDirective } from '../../formats/http/csp-sources.ts'
import { framingOf } from '../../formats/http/framing.ts'
import { headerValue, headerValues } from '../../formats/http/headers.ts'
import { isForNode } from '../../formats/http/script-text.ts'
import type { HttpHop } from '../../net/network.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import { readFile } from './bundle-files.ts'
import { walk } from './fetch.ts'
import { answered, doorWords, isFrontDoor, thinOf } from './front-door-life.ts'
import { type AssetRecord, assetRecord, inlineImports, requestFile, textOf } from './page-assets.ts'

export type { PageLife } from '../../formats/html/page-life.ts'

/** Files of one page that are looked at: a page that lives has its entry among the first. */
const most = { assets: 60, modules: 40, depth: 3, atOnce: 4, pinned: 10 }

/** One page's reading. */
type Reading = {
  page: PageDocument
  context: CollectContext
  policies: CspPolicy[]
  origin: string
  isSecure: boolean
  quirks: boolean
  /** Its policy lets browsers ask by https for what it names by http. */
  upgrades: boolean
  shell: boolean
  map: ImportMap | null
  broken: BrokenAsset[]
  untold: PageLife['untold']
  refused: PageLife['refused']
  insecure: Set<string>
  /** Files and modules that were looked at, by URL. */
  seen: Set<string>
}

const kindOf = (asset: PageAsset): BrokenAsset['kind'] => (asset.kind === 'style' ? 'style' : 'script')

const isLocal = (url: string): boolean =>
  /^(?:localhost|.*\.localhost|127\..*|\[::1\]|0\.0\.0\.0)$/.test(new URL(url).hostname)

/** Whether a file belongs to what the page lives by: its own site's, a package's, or whatever a shell loads; no service's. */
const isNeeded = (url: string, asset: PageAsset, { page, shell }: Reading): boolean => {
  if (!/^https?:$/.test(new URL(url).protocol) || isVendorScript(url) || isMeasuringScript(url, asset.attributes))
    return false
  const home = new URL(page.url).hostname
  const { hostname } = new URL(url)
  const registered = registrableDomain(home)
  const isOwn =
    hostname === home || (registered !== null && isIP(hostname) === 0 && registrableDomain(hostname) === registered)
  return isOwn || isLocal(url) || isTenantBuild(url) || isPackageFile(url) || shell
}

const readAsset = async (reading: Reading, url: string, origin: string | null): Promise<Fact<AssetRecord>> => {
  const { context, page } = reading
  if (origin === null) {
    const isOwn = (host: string): boolean => registrableDomain(host) === registrableDomain(new URL(page.url).hostname)
    const file = await readFile(context, { url, mapOf: null }, isOwn)
    if (file.asset) return observed(file.asset, context.now())
  }
  return context.once(`page-life: ${origin ?? ''} ${url}`, async () => {
    const answer = await requestFile(context, url, origin === null ? {} : { origin })
    if (!answer.ok) return answer
    const last = answer.value.hops.at(-1)
    if (!last || answer.value.ended !== 'answer')
      return notApplicable(answer.value.next?.why ?? 'its redirects lead nowhere')
    return observed(assetRecord(answer.value, textOf(last)), context.now())
  })
}

const addBroken = (reading: Reading, asset: PageAsset, url: string, words: string): null => {
  const isEntry = isEntryScript({ ...asset, url }, reading.shell)
  reading.broken.push({ url: url.slice(0, 300), kind: kindOf(asset), words, isEntry })
  return null
}

/** Looks at one file as the page asks for it; returns what came where browsers use it. */
const lookAt = async (reading: Reading, asset: PageAsset, url: string): Promise<AssetRecord | null> => {
  const { origin, quirks, policies, page, isSecure } = reading
  const { nonce = '', integrity = '' } = asset.attributes
  // What a secure page asks for in the clear is mixed content, whatever its policy says, and has a check of its own; without its only script
  // a page stays empty, too.
  if (isSecure && url.startsWith('http:') && !isLocal(url)) {
    const isAll = reading.shell && asset.kind !== 'style' && drawingScripts(page).every(each => each.url === url)
    return isAll && !reading.upgrades ? addBroken(reading, asset, url, 'over http, which browsers block') : null
  }
  const directive = blockingDirective(policies, { kind: asset.kind, url, text: '', nonce, integrity }, page.url)
  if (directive) return addBroken(reading, asset, url, `the page’s own policy (${directive}) does not allow it`)
  if (isLocal(url) && !isLocal(page.url)) return addBroken(reading, asset, url, 'on the developer’s machine')
  const isCross = new URL(url).origin !== origin
  const cors = asset.kind === 'module' || asset.attributes['crossorigin'] !== undefined
  const answer = await readAsset(reading, url, isCross && cors ? origin : null)
  if (!answer.ok) {
    // Refused, or sent in a way that no browser reads (an encoding that is not the one named).
    if (['refused', 'malformed'].includes(answer.reason) || answer.because)
      addBroken(reading, asset, url, answer.because ?? answer.message)
    else reading.untold.push({ url: url.slice(0, 300), message: answer.message })
    return null
  }
  const record = answer.value
  if (isSecure && record.insecure) reading.insecure.add(record.insecure.slice(0, 300))
  const wall = turnedAway(url, { status: record.status, headers: record.headers, body: record.start })
  if (wall) {
    reading.untold.push({ url: url.slice(0, 300), message: wall.text })
    return null
  }
  const isNamed = asset.attributes['src'] !== undefined
  const request: AssetRequest = { kind: asset.kind, integrity, cors, quirks, isCross, isNamed }
  const fault = assetFault(request, record, origin)
  if (fault?.kind === 'integrity') reading.refused.push({ url: url.slice(0, 300), words: fault.words })
  if (asset.kind === 'style' && isCurtain(record.start)) page.curtained = true
  if (isSecure && record.insecure)
    return addBroken(reading, asset, url, `redirected to ${record.insecure}, which browsers block`)
  if (fault) return addBroken(reading, asset, url, fault.words)
  // Where another script stands beside it, that one may bring what it asks for.
  if (asset.kind === 'script' && isForNode(record.start) && drawingScripts(page).length === 1)
    return addBroken(reading, asset, url, 'written for Node: browsers have no require and no exports')
  return record
}

/** Files of others that the page pins: whether they still are what was pinned. The page lives by its own. */
const lookAtPinned = async (reading: Reading): Promise<void> => {
  const own = new Set(reading.seen)
  const pinned = reading.page.assets.filter(({ url, attributes: { integrity = '' } }) =>
    Boolean(
      url && /^https?:/.test(url) && !own.has(url) && integrity.trim() !== '' && !isMalformedIntegrity(integrity),
    ),
  )
  const apart: Reading = { ...reading, broken: [], untold: [], insecure: new Set() }
  for (const asset of pinned.slice(0, most.pinned)) await lookAt(apart, asset, asset.url!)
}

/** Modules that a script needs before it runs, and those that they need, a few levels deep. */
const lookAtModules = async (
  reading: Reading,
  asset: PageAsset,
  names: readonly string[],
  base: string,
  depth: number,
): Promise<void> => {
  if (depth > most.depth) return
  for (const name of names) {
    const url = resolveModule(name, base, reading.map)
    if (url === null) {
      addBroken(reading, asset, base, `it imports "${name.slice(0, 60)}", a name that browsers cannot resolve`)
      continue
    }
    if (reading.seen.has(url) || reading.seen.size >= most.assets + most.modules) continue
    reading.seen.add(url)
    const module: PageAsset = { kind: 'module', url, text: '', attributes: {} }
    // An import map, or a module, may name what no element does.
    if (reading.isSecure && url.startsWith('http:') && !isLocal(url)) reading.insecure.add(url.slice(0, 300))
    if (!isNeeded(url, module, reading)) continue
    const record = await lookAt(reading, module, url)
    if (record) await lookAtModules(reading, module, record.imports, record.url, depth + 1)
  }
}

/** A script in the page itself: whether it runs, and what it loads. */
const lookAtInline = async (reading: Reading, asset: PageAsset): Promise<void> => {
  // What a call imports may be a trial: bundlers ask for a name that does not exist to learn what a browser knows.
  const needed = asset.kind === 'module' ? headImports(asset.text) : []
  const names = inlineImports(asset.text).filter(
    name => needed.includes(name) || resolveModule(name, reading.page.base, reading.map) !== null,
  )
  const starts =
    names.length > 0 ||
    /\b(?:__NEXT_|__next_f|__NUXT__|__remixContext|__reactRouterContext|__sveltekit_|hydrateRoot|createRoot|createApp)\b/.test(
      asset.text,
    )
  const draws = starts || (reading.shell && drawingScripts(reading.page).every(script => script.url === null))
  const isOwnModule = asset.kind === 'module' && !isServiceSnippet(asset.text)
  if (!draws && !isOwnModule) return
  const nonce = asset.attributes['nonce'] ?? ''
  const directive = blockingDirective(
    reading.policies,
    { kind: asset.kind, url: null, text: asset.text, nonce, integrity: '' },
    reading.page.url,
  )
  const refusal = `a script in the page itself, which its own policy (${directive}) does not allow`
  if (directive)
    reading.broken.push({ url: reading.page.url, kind: 'script', words: refusal, isEntry: draws || reading.shell })
  else await lookAtModules(reading, asset, names, reading.page.base, 1)
}

/** A page that is nothing but a frame lives by what the frame shows. */
const lookAtFrame = async (reading: Reading): Promise<void> => {
  const { page, context } = reading
  const [frame] = page.frames
  if (frame === undefined || page.text !== '' || drawingScripts(page).length > 0 || !/^https?:/.test(frame)) return
  const asset: PageAsset = { kind: 'module', url: frame, text: '', attributes: {} }
  const say = (words: string): void => {
    reading.broken.push({ ...asset, url: frame.slice(0, 300), kind: 'frame', words, isEntry: true })
  }
  const answer = await walk(context, frame)
  if (!answer.ok)
    return ['refused', 'malformed'].includes(answer.reason) || answer.because
      ? say(answer.message)
      : void reading.untold.push({ url: frame, message: answer.message })
  const last = answer.value.hops.at(-1)!
  const isCross = new URL(last.url).origin !== reading.origin
  const policies = headerValues(last, 'content-security-policy')
  const words = errorWords(readDocument(last.body, last.url), last.body)
  if (last.status >= 400) say(`status ${last.status}`)
  else if (isCross && framingOf(policies, headerValues(last, 'x-frame-options')).limited)
    say('its server does not let other sites show it in a frame')
  else if (words !== null) say(`it says "${words}"`)
}

/** What browsers say in the place of a page that they cannot read as the XML that it is sent as. */
const xmlWords = (hop: HttpHop): string | null => {
  const fault = isSentAsXml(hop) ? xmlFault(hop.body, !hop.truncated) : null
  return fault && xmlFaultWords(fault)
}

/** Pages for everybody: who is not logged in has no session there that could be over. */
const isOpen = (kind: unknown): boolean => ['home', 'pricing', 'signup', 'page'].includes(String(kind))

/** Whether a page that consists of pictures has none that is there. */
const isPictureless = async ({ page, context, untold }: Reading): Promise<boolean> => {
  const { text, code, images, drawn, frames } = page
  if (text.length + code.length > 20 || images.length === 0 || drawn > images.length || frames.length > 0) return false
  if (drawingScripts(page).length > 0) return false
  for (const url of images.slice(0, 5)) {
    if (!/^https?:/.test(url)) return false
    const answer = await context.net.http({ url, follow: 3, maxBytes: 65_536, bytes: true })
    const status = answer.ok && answer.value.ended === 'answer' ? answer.value.hops.at(-1)!.status : null
    if (status === null && !answer.ok && answer.reason !== 'refused' && !answer.because) {
      untold.push({ url: url.slice(0, 300), message: answer.message })
      return false
    }
    if (status !== null && status < 400) return false
  }
  return true
}

const read = async (hop: HttpHop, context: CollectContext, kind: unknown): Promise<PageLife> => {
  const isDoor = isFrontDoor(hop, context, kind)
  const page = readDocument(hop.body, hop.url)
  const shell = showsNothing(page)
  const reading: Reading = {
    page,
    context,
    policies: enforcedPolicies(headerValues(hop, 'content-security-policy'), page.policies),
    origin: new URL(hop.url).origin,
    isSecure: hop.url.startsWith('https:'),
    quirks: !/^\s*(?:<!--[\s\S]{0,2000}?-->\s*)*<!doctype html/i.test(hop.body.slice(0, 4096)),
    upgrades: upgradesInsecure([...headerValues(hop, 'content-security-policy'), ...page.policies]),
    shell,
    map: joinImportMaps(page.importMaps.map(text => readImportMap(text, page.base))),
    broken: [],
    untold: [],
    refused: [],
    insecure: new Set(),
    seen: new Set(),
  }
  const limit = pLimit(most.atOnce)
  const needed = page.assets
    .filter(asset => asset.url !== null && isNeeded(asset.url, asset, reading))
    .slice(0, most.assets)
  for (const { url } of needed) reading.seen.add(url!)
  await Promise.all(
    needed.map(asset =>
      limit(async () => {
        const record = await lookAt(reading, asset, asset.url!)
        if (record && asset.kind === 'module') await lookAtModules(reading, asset, record.imports, record.url, 1)
      }),
    ),
  )
  for (const asset of page.assets) if (asset.url === null) await lookAtInline(reading, asset)
  await lookAtFrame(reading)
  await lookAtPinned(reading)
  const beside = sideScripts(page, reading.broken)
  const broken = reading.broken.map(
    (asset): BrokenAsset => (beside.has(asset.url) ? { ...asset, isSide: true } : asset),
  )
  const byUrl = (a: { url: string }, b: { url: string }): number => (a.url < b.url ? -1 : 1)
  return {
    ...bare(hop),
    shell,
    undrawn: shell || (isDoor && isUndrawn(page)),
    empty: staysEmpty(page) || (await isPictureless(reading)),
    words:
      xmlWords(hop) ?? dataErrorWords(hop.body) ?? errorWords(page, hop.body) ?? (shell ? unscriptedWords(page) : null),
    doubtful:
      upkeepWords(page) ??
      (isOpen(kind) ? (sessionWords(page) ?? passwordWords(page)) : null) ??
      (isDoor ? doorWords(page) : null),
    thin: isDoor ? thinOf(hop, page) : null,
    consentWall: isConsentWall(page),
    saysNotFound: saysNotFound(`${page.title} ${page.text.slice(0, 2000)}`),
    looked: reading.seen.size,
    broken: broken.sort(byUrl).slice(0, 30),
    untold: reading.untold.sort(byUrl).slice(0, 30),
    refused: reading.refused.sort(byUrl).slice(0, 30),
    insecure: [...reading.insecure].sort().slice(0, 30),
    styles: needed.filter(asset => asset.kind === 'style').length,
  }
}

/** What an answer's status and type say, without a look at what it loads. */
const bare = (hop: HttpHop): PageLife => ({
  url: hop.url,
  status: hop.status,
  kind: pageKind(hop),
  type: headerValue(hop, 'content-type') ?? '',
  markup: holdsMarkup(hop),
  shell: false,
  undrawn: false,
  empty: false,
  words: null,
  doubtful: null,
  thin: null,
  consentWall: false,
  saysNotFound: false,
  looked: 0,
  broken: [],
  untold: [],
  refused: [],
  insecure: [],
  styles: 0,
})

const fact: FactDefinition<PageLife> = {
  on: 'route',
  deadlines: 8,
  async collect(subject, context) {
    const page = await context.need('page', subject)
    if (!page.ok) return page
    const last = page.value.hops.at(-1)!
    if (page.value.ended !== 'answer' || last.status >= 500) return notApplicable('it answers with no page')
    const kind = subject.details?.['kind']
    // An API answers in data whatever it says, or with nothing.
    const isForPeople = kind !== 'api' && kind !== 'webhook'
    // Browsers stay where they are when nothing comes (HTML Standard §7.4.6).
    if (isForPeople && (last.status === 204 || last.status === 205))
      return observed({ ...bare(last), kind: 'page', empty: true }, context.now())
    if (pageKind(last) === 'page') return observed(await read(last, context, kind), context.now())
    return observed(
      isForPeople ? { ...bare(last), ...answered(last, isFrontDoor(last, context, kind)) } : bare(last),
      context.now(),
    )
  },
}
export default fact
