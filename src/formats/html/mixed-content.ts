// Which resources of a secure page are asked for without encryption (W3C Mixed Content §3 and §4).
import type { HtmlPage } from './html.ts'
import { formActions } from './login-form.ts'

/** `lesser`: what browsers block and the page runs without, such as a picture that they do not upgrade, or a hint to load ahead. */
export type MixedResource = { kind: 'active' | 'passive' | 'form'; element: string; url: string; lesser?: true }

/** Loads that a browser blocks (active) or shows with a broken padlock or upgrades (passive). */
const passiveKinds = new Set(['image', 'media', 'icon'])
const activeKinds = new Set(['script', 'stylesheet', 'frame', 'object', 'manifest', 'font'])

/** What becomes of an element of this kind that is loaded without encryption. */
export const insecureKindOf = (kind: string): 'active' | 'passive' => (passiveKinds.has(kind) ? 'passive' : 'active')

const imageSetUrl = /(?<!type\(\s{0,8})["'(]\s{0,8}([a-z]+:\/\/[^"')\s]{1,2000})/gi

/** Insecure URLs in CSS text, resolved against the sheet's own URL: `url(…)` and `@import`. */
export const cssInsecureUrls = (css: string, base: string): { url: string; kind: 'active' | 'passive' }[] => {
  const found: { url: string; kind: 'active' | 'passive' }[] = []
  const text = css.replace(/\/\*(?:[\s\S]*?\*\/|[\s\S]*$)/g, '')
  const rule =
    /@import\s+(?:url\(\s*)?["']?([^"')\s;]+)|(@font-face\s*\{[^{}]*\})|url\(\s*(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^)"'\s]{1,2000}))\s*\)|image-set\(([^{};]{0,2000})/gi
  // No sheet has a longer address; it is read again with each of its URLs.
  const sheet = base.length <= 8192 && URL.canParse(base) ? base : null
  const add = (written: string, kind: 'active' | 'passive'): void => {
    if (!sheet || !URL.canParse(written, sheet)) return
    const url = new URL(written, sheet)
    if (url.protocol === 'http:') found.push({ url: url.href, kind })
  }
  for (const match of text.matchAll(rule)) {
    if (match[1]) add(match[1], 'active')
    else if (match[2]) for (const inner of match[2].matchAll(/url\(\s*["']?([^"')\s]+)/gi)) add(inner[1]!, 'active')
    // Strings of an image-set are addresses too (CSS Images 4 §2.4); its `url()` likewise.
    else if (match[6]) for (const [, one] of match[6].matchAll(imageSetUrl)) add(one!, 'passive')
    else add(match[3] ?? match[4] ?? match[5] ?? '', 'passive')
  }
  return found
}

/** What stands behind a comment's mark on its line is not run. */
const isCommented = (text: string, index: number): boolean =>
  /(?:^|[\s;{}])\/\//.test(text.slice(Math.max(text.lastIndexOf('\n', index) + 1, index - 400), index))

/** `fetch("http://…")` and its like in inline scripts, where the URL stands as a literal. */
const scriptCalls = (text: string): string[] =>
  [
    ...text.matchAll(
      /(?:fetch\(|\.open\(\s*["'][A-Z]+["']\s*,|new (?:EventSource|(?:Shared)?Worker|WebSocket|Request)\(|(?:\.ajax|\baxios|\brequest)\(\s*\{(?:[^{}]{0,200}[,\s])?["']?url["']?\s*:|import\(|\bimport|\bfrom|\.sendBeacon\(|\bimportScripts\(|\baxios(?:\.\w+)?\(|(?:\$|\bjQuery)\.(?:get|post|getJSON|getScript)\(|\baxios\.create\(\s*\{\s*baseURL\s*:)\s*["'`]((?:http|ws):\/\/[^"'`\s]{3,300})["'`]/g,
    ),
  ]
    .filter(({ index }) => !isCommented(text, index))
    .map(match => match[1]!)

/** What an element that a script makes loads, by the element's name; what it is for is told by the address where it has none. */
const madeKinds: Readonly<Record<string, MixedResource['kind']>> = {
  script: 'active',
  iframe: 'active',
  link: 'active',
  embed: 'active',
  img: 'passive',
  video: 'passive',
  audio: 'passive',
}
const kindByEnding = (url: string): MixedResource['kind'] | null => {
  if (/\.(?:m?js|css|html?|php)(?:[?#]|$)/i.test(url)) return 'active'
  return /\.(?:png|jpe?g|gif|webp|avif|svg|ico|mp4|webm|mp3)(?:[?#]|$)/i.test(url) ? 'passive' : null
}

/** `s.src = "http://…"` in inline scripts: `s` is what `createElement` or `new Image` made. */
const scriptLoads = (text: string): { url: string; kind: MixedResource['kind'] }[] => {
  const made = new Map(
    [
      ...text.matchAll(
        /([\w$]{1,60})\s{0,8}=\s{0,8}(?:new (Image|Audio)\b|[\w$.]{1,60}\.createElement\(\s{0,8}["'`](\w{1,20})["'`])/g,
      ),
    ].map(([, name, object, element]) => [
      name!,
      object ? 'passive' : Object.hasOwn(madeKinds, element!.toLowerCase()) ? madeKinds[element!.toLowerCase()] : null,
    ]),
  )
  const loads = text.matchAll(
    /(?:([\w$]{1,60})|(new Image)(?:\(\))?\)?)\.(?:src|href)\s{0,8}=\s{0,8}["'`](http:\/\/[^"'`\s]{3,300})["'`]/g,
  )
  return [...loads].flatMap(({ 1: name = '', 2: image, 3: url = '', index }) => {
    const kind = image ? 'passive' : made.has(name) ? made.get(name) : kindByEnding(url)
    // `location.href` and links that people follow load nothing.
    return kind && !isCommented(text, index) && !/^(?:location|document|window|self|top|parent)$/.test(name)
      ? [{ url, kind }]
      : []
  })
}

/** Elements that a script writes into the page as text: `document.write('<script src="http://…">')`. */
const writtenElements = (text: string): { url: string; kind: MixedResource['kind'] }[] =>
  [
    ...text.matchAll(
      /(?:\.write(?:ln)?\(|\.insertAdjacentHTML\(|\.(?:inner|outer)HTML\s{0,4}\+?=|\.(?:html|append|prepend|before|after)\()[^;]{0,400}?<(script|iframe|link|img|embed|video|audio)\b[^>]{0,300}?\b(?:src|href)\s{0,4}=\s{0,4}\\?["']?(http:\/\/[^"'`\\\s>]{3,300})/gi,
    ),
  ]
    .filter(({ index }) => !isCommented(text, index))
    .map(([, element, url]) => ({ url: url!, kind: madeKinds[element!.toLowerCase()] ?? 'passive' }))

/** Where a service worker would come from: the page runs without. */
const registered = (text: string): string[] =>
  [...text.matchAll(/\bserviceWorker\s{0,4}\.register\(\s{0,8}["'`](http:\/\/[^"'`\s]{3,300})["'`]/g)]
    .filter(({ index }) => !isCommented(text, index))
    .map(match => match[1]!)

/** Loopback addresses, and names that cannot be anything else (Secure Contexts §3.1): `localhost.example.com` is a host like any other. */
const isLoopback = (url: string): boolean =>
  URL.canParse(url) &&
  /^(?:localhost\.?|(?:[\w-]+\.)+localhost\.?|127(?:\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname)

/** Whether a hint loads ahead what is upgraded as its own element is: pictures and media that are no candidates. */
const isUpgradedHint = ({ written, attributes }: HtmlPage['resources'][number]): boolean =>
  /^(?:image|video|audio|track)$/i.test(attributes['as'] ?? '') && written === attributes['href']

/** Everything insecure on a page served over https, in the order of the document; loopback is secure (W3C Secure Contexts §3.1). */
export const mixedContent = (page: HtmlPage, sheets: readonly { url: string; text: string }[]): MixedResource[] => {
  const found: MixedResource[] = []
  const add = (kind: MixedResource['kind'], element: string, url: string, lesser = false): void => {
    if (!/^(?:http|ws):/.test(url)) return
    if (isLoopback(url)) return
    if (!found.some(item => item.kind === kind && item.url === url))
      found.push({ kind, element, url, ...(lesser ? { lesser: true as const } : {}) })
  }
  for (const item of page.resources) {
    // Candidates of srcset are never upgraded (Mixed Content §3.1).
    const isCandidate =
      item.kind === 'image' && item.attributes['srcset'] !== undefined && item.written !== item.attributes['src']
    if (isCandidate) add('active', 'srcset', item.url, true)
    // What is loaded ahead is asked for again by what needs it.
    else if (item.kind === 'preload') add(isUpgradedHint(item) ? 'passive' : 'active', 'preload', item.url, true)
    // Subtitles are no candidates for an upgrade (Mixed Content §3.1): they are blocked, and the film runs without.
    else if (item.kind === 'track') add('active', 'track', item.url, true)
    else if (passiveKinds.has(item.kind)) add('passive', item.kind, item.url)
    else if (activeKinds.has(item.kind)) add('active', item.kind, item.url)
  }
  // A form of a dialog closes it and sends nothing (HTML Standard §4.10.21.3).
  for (const form of page.forms)
    if (form.method !== 'script' && form.method !== 'dialog')
      for (const action of formActions(form)) add('form', 'form', action)
  for (const style of page.inlineStyles)
    for (const { url, kind } of cssInsecureUrls(style, page.base)) add(kind, 'style', url)
  for (const sheet of sheets)
    for (const { url, kind } of cssInsecureUrls(sheet.text, sheet.url)) add(kind, 'stylesheet', url)
  for (const { text } of page.inlineScripts) {
    for (const url of scriptCalls(text)) add('active', 'fetch', url)
    for (const { url, kind } of [...scriptLoads(text), ...writtenElements(text)]) add(kind, 'script', url)
    for (const url of registered(text)) add('active', 'service worker', url, true)
  }
  return found
}

/** What the page asks for as served, and beside it what its scripts asked for while it ran; a browser names that without the query. */
export const withRequested = (
  served: readonly MixedResource[],
  requested: readonly MixedResource[],
): MixedResource[] => [
  ...served,
  ...requested.filter(
    item => !served.some(other => other.kind === item.kind && other.url.split(/[?#]/)[0] === item.url),
  ),
]

/**
 * What Chromium says in its console of an insecure load: `Mixed Content: The page at '…' was loaded over HTTPS, but requested an insecure
 * script '…'`. An image or a video ("element") is upgraded or shown, everything else blocked. Null for any other message.
 */
export const mixedInConsole = (message: string): MixedResource | null => {
  const found =
    /^Mixed Content: [\s\S]{0,2000}?(?:insecure|targets an insecure) ([\w -]{2,40}?)(?: endpoint)? '((?:http|ws):[^']{3,2000})'/.exec(
      message.slice(0, 4_000),
    )
  if (!found || !URL.canParse(found[2]!)) return null
  const [, what = '', url = ''] = found
  if (/contains a form|form that targets/.test(message)) return { kind: 'form', element: 'form', url }
  const isPassive = /element|image|video|audio|favicon/i.test(what) && !/blocked/.test(message)
  return { kind: isPassive ? 'passive' : 'active', element: what.toLowerCase(), url }
}
