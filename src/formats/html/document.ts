// A page as a browser with scripts takes it: what people see of it, what it loads to live, where it sends them on. What stands in
// noscript, in templates and in hidden elements is left out. Tolerant as browsers are, bounded against hostile nesting.
import { Parser } from 'htmlparser2'
import { beginsBody, isBodyText } from './head.ts'
import { hiddenBy, isCurtain, isHidden } from './hidden.ts'
import { blankPage, type PageAsset, type PageDocument } from './page-document.ts'
import { beginsLine, blankLines, type Lines, middleOf, noteWay, say } from './page-middle.ts'
import { blankParts, hold, isFrameAlone, isHollow, leavePart, openPart, type PageParts } from './page-parts.ts'

export type { PageAsset, PageDocument } from './page-document.ts'

const bounds = { elements: 100_000, depth: 5000, assets: 300, text: 20_000, inline: 2_000_000, headings: 30 }

type Attributes = Record<string, string>

const isProgram =
  /^(?:|module|systemjs-module|(?:text|application)\/(?:x-)?(?:java|ecma)script(?:1\.\d)?|text\/(?:jscript|livescript))$/i
const drawing = new Set([
  'img',
  'svg',
  'canvas',
  'video',
  'audio',
  'object',
  'embed',
  'picture',
  'input',
  'button',
  'select',
  'textarea',
  'math',
])
const isFillable = (name: string, type = ''): boolean =>
  name === 'select' ||
  name === 'textarea' ||
  (name === 'input' && !/^(?:submit|button|reset|image|hidden)$/i.test(type))
const ofDatabase =
  /(?:^|[\W_])(?:db|database|mysql|pg|postgres)[\W_]?(?:name|user|username|pass|password|passwd|pwd|host|server|port|prefix)?(?:$|[\W_])/i
const chrome = new Set(['a', 'nav', 'footer'])
/** What stands there until a page is loaded draws nothing of it. */
const isWaiting = (attributes: Attributes): boolean =>
  attributes['aria-busy'] === 'true' ||
  attributes['role'] === 'progressbar' ||
  /(?:^|[\s_-])(?:spinner|preloader|loader|loading|skeleton)(?:$|[\s_-])/i.test(attributes['class'] ?? '')
const codeElements = new Set(['pre', 'code', 'samp', 'kbd', 'textarea'])
/** What asks for a program that no browser has any more: Flash, Silverlight, Java. */
const isForgotten = (name: string, { src = '', data = '', type = '' }: Attributes): boolean =>
  (name === 'object' || name === 'embed') &&
  (/\.(?:swf|xap|dcr|class|jar)(?:[?#]|$)/i.test(src || data) || /shockwave|silverlight|x-java|director/i.test(type))
/** What a stylesheet draws by itself: pictures behind, words before. */
const painting = /\bbackground(?:-image)?\s*:[^;{}]{0,200}\burl\(|\bcontent\s*:\s*["'][^"']/i

/** What is open while a page is read; depths at which a mode began, 0 for none. */
type Reading = {
  page: PageDocument
  textParts: string[]
  codeParts: string[]
  ownParts: string[]
  unscriptedParts: string[]
  lines: Lines
  linked: Set<string>
  length: number
  depth: number
  inertAt: number
  hiddenAt: number
  /** Classes that the page's own stylesheets hide, and names of elements behind `#`. */
  hiding: Set<string>
  codeAt: number
  chromeAt: number
  parts: PageParts
  /** Depth at which what browsers without scripts show began. */
  unscriptedAt: number
  linkAt: number
  waitingAt: number
  headingAt: number
  titleAt: number
  inline: { attributes: Attributes; kind: 'script' | 'module' | 'importmap' | 'style' | null; text: string } | null
  baseSeen: boolean
  inBody: boolean
}

const absolute = (written: string | undefined, base: string): string | null =>
  written !== undefined && URL.canParse(written.trim(), base) ? new URL(written.trim(), base).href : null

const addAsset = ({ page }: Reading, asset: PageAsset): void => {
  if (page.assets.length < bounds.assets) page.assets.push(asset)
}

const openScript = (reading: Reading, attributes: Attributes): void => {
  const type = (attributes['type'] ?? '').trim().toLowerCase()
  const isMap = type === 'importmap' || type === 'systemjs-importmap'
  const kind = type === 'module' ? 'module' : 'script'
  const isRun = isProgram.test(type) && !(kind === 'script' && attributes['nomodule'] !== undefined)
  const { src } = attributes
  reading.inline = { attributes, kind: isMap ? 'importmap' : isRun && src === undefined ? kind : null, text: '' }
  const url = absolute(src || undefined, reading.page.base)
  if (isRun && src !== undefined && url) addAsset(reading, { kind, url, text: '', attributes })
  // RequireJS starts the module that its own element names.
  const main = isRun ? absolute(attributes['data-main'], reading.page.base) : null
  if (main) addAsset(reading, { kind, url: /\.\w+$/.test(main) ? main : `${main}.js`, text: '', attributes: {} })
}

const isForScreens = (media: string | undefined): boolean =>
  !media || /all|screen|min-|max-|width|orientation|prefers/i.test(media)

/** A part of a page that Astro draws on the server and brings to life by modules that its element names. */
const openIsland = (reading: Reading, attributes: Attributes): void => {
  for (const name of ['component-url', 'renderer-url']) {
    const url = absolute(attributes[name] || undefined, reading.page.base)
    if (url) addAsset(reading, { kind: 'module', url, text: '', attributes: {} })
  }
}

const openLink = (reading: Reading, attributes: Attributes): void => {
  const words = (attributes['rel'] ?? '').toLowerCase().split(/\s+/)
  if (words.some(word => ['stylesheet', 'icon', 'canonical', 'manifest'].includes(word))) reading.page.care++
  if (words.includes('canonical'))
    reading.page.canonical ??= absolute(attributes['href'] || undefined, reading.page.base)
  if (!words.includes('stylesheet') || words.includes('alternate') || attributes['disabled'] !== undefined) return
  if (!isForScreens(attributes['media'])) return
  const url = absolute(attributes['href'] || undefined, reading.page.base)
  if (url) addAsset(reading, { kind: 'style', url, text: '', attributes })
}

const openMeta = ({ page, inBody }: Reading, attributes: Attributes): void => {
  const name = attributes['http-equiv']?.toLowerCase()
  if (/^(?:description|og:|twitter:)/i.test(attributes['name'] ?? attributes['property'] ?? '')) page.care++
  if (name === 'refresh') page.refreshes.push((attributes['content'] ?? '').slice(0, 2000))
  if (name === 'content-security-policy' && !inBody) page.policies.push(attributes['content'] ?? '')
}

/** An element that shows something without text. */
const show = (reading: Reading, name: string, attributes: Attributes): void => {
  const { page, depth } = reading
  const at = absolute(attributes['src'] || undefined, page.base)
  const isFilled = name === 'iframe' && (attributes['srcdoc'] ?? '').trim() !== ''
  if (isWaiting(attributes)) reading.waitingAt ||= depth
  const isDrawn =
    (drawing.has(name) && !isForgotten(name, attributes)) || isFilled || painting.test(attributes['style'] ?? '')
  if (isDrawn && !reading.waitingAt) {
    page.drawn++
    hold(reading.parts)
  }
  if (attributes['style']) page.care++
  if (/\btranslation[_ ]missing\b/.test(`${attributes['class'] ?? ''} ${attributes['title'] ?? ''}`))
    page.untranslated++
  if (isFillable(name, attributes['type'])) page.fields++
  if (name === 'input' && attributes['type']?.toLowerCase() === 'password') page.passwords++
  if (name === 'input' && attributes['type']?.toLowerCase() === 'email') reading.lines.asks++
  if (isFillable(name, attributes['type']) && ofDatabase.test(`${attributes['name']} ${attributes['id']}`))
    page.databases++
  if (name === 'img' && at && page.images.length < 20) page.images.push(at)
  if (name === 'img' && attributes['alt'] && page.alternatives.length < 500)
    page.alternatives = `${page.alternatives} ${attributes['alt']}`.trim().slice(0, 500)
  if ((name === 'iframe' || name === 'frame') && at && !at.startsWith('about:') && page.frames.length < 20)
    page.frames.push(at)
}

/** The front page, by the names of its file. */
const frontPath = /^\/(?:(?:index|default|home)\.\w{2,5})?$/i

const openAnchor = (reading: Reading, href: string): void => {
  const { page, linked } = reading
  page.links++
  // A link for those who cannot see leads over the frame to the middle.
  if (!href.startsWith('#')) hold(reading.parts)
  if (/^\s*(?:mailto|tel|sms|whatsapp|skype|tg):|^https?:\/\/(?:wa\.me|t\.me|m\.me)\//i.test(href)) page.contacts++
  const to = linked.size < 20 ? absolute(href, page.base) : null
  if (to === null) return
  const [own, there] = [new URL(page.url), new URL(to)]
  noteWay(reading.lines, reading.parts, own, there)
  const { host, hostname, pathname } = there
  if (host !== own.host) {
    if (hostname !== '' && page.away.length < 20) page.away.push(hostname)
    return
  }
  if (!frontPath.test(pathname) && pathname !== own.pathname) linked.add(pathname)
}

const open = (reading: Reading, name: string, attributes: Attributes): void => {
  const { page, depth } = reading
  // A template that declares a shadow root is drawn where it stands.
  const isInert = name === 'noscript' || (name === 'template' && attributes['shadowrootmode'] === undefined)
  if (isInert) reading.inertAt ||= depth
  if (name === 'noscript') reading.unscriptedAt ||= depth
  if (reading.inertAt) return
  reading.inBody ||= beginsBody(name)
  if (name === 'body' || name === 'html') page.curtained ||= isCurtain(`body{${attributes['style'] ?? ''}}`)
  if (isHidden(name, attributes, reading.hiding)) reading.hiddenAt ||= depth
  if (name === 'script') openScript(reading, attributes)
  else if (name === 'style') reading.inline = { attributes, kind: 'style', text: '' }
  else if (name === 'link') openLink(reading, attributes)
  else if (name === 'astro-island') openIsland(reading, attributes)
  else if (name === 'meta') openMeta(reading, attributes)
  else if (name === 'title') reading.titleAt ||= depth
  else if (name === 'base' && !reading.baseSeen && attributes['href']) {
    reading.baseSeen = true
    page.base = absolute(attributes['href'], page.url) ?? page.url
  }
  if (reading.hiddenAt || (name === 'input' && attributes['type']?.toLowerCase() === 'hidden')) return
  openPart(reading.parts, name, attributes, depth)
  beginsLine(reading.lines, name, reading.parts)
  show(reading, name, attributes)
  if ((name === 'iframe' || name === 'frame') && attributes['src']) hold(reading.parts)
  if (name === 'a' && attributes['href'] !== undefined) openAnchor(reading, attributes['href'])
  if (name === 'a') reading.linkAt ||= depth
  if (chrome.has(name)) reading.chromeAt ||= depth
  if (codeElements.has(name)) reading.codeAt ||= depth
  if ((name === 'h1' || name === 'h2') && page.headings.length < bounds.headings) {
    reading.headingAt ||= depth
    if (reading.headingAt === depth) page.headings.push('')
  }
}

const readText = (reading: Reading, data: string): void => {
  const { page, inline } = reading
  if (inline) {
    if (inline.text.length < bounds.inline) inline.text += data
    return
  }
  if (reading.unscriptedAt && reading.length < bounds.text) {
    reading.length += data.length
    reading.unscriptedParts.push(data)
  }
  if (reading.inertAt) return
  if (reading.titleAt) {
    page.title = (page.title + data).slice(0, 500)
    return
  }
  reading.inBody ||= isBodyText(data)
  if (reading.hiddenAt || reading.length >= bounds.text) return
  reading.length += data.length
  if (reading.headingAt) page.headings.push((page.headings.pop() ?? '') + data)
  const parts = reading.codeAt ? reading.codeParts : reading.textParts
  parts.push(data)
  if (!reading.codeAt) say(reading.lines, data, reading.linkAt > 0)
  if (!reading.codeAt && !reading.chromeAt) reading.ownParts.push(data)
  if (!reading.chromeAt && /[\p{L}\p{N}]/u.test(data)) hold(reading.parts)
}

/** What was begun at this depth ends. */
const leave = (reading: Reading, name: string): void => {
  const { depth, inline, page } = reading
  if (!reading.inertAt && !reading.hiddenAt) beginsLine(reading.lines, name, reading.parts)
  if (inline && (inline.kind === 'script' || inline.kind === 'module') && inline.text.trim() !== '' && !reading.inertAt)
    addAsset(reading, { kind: inline.kind, url: null, text: inline.text, attributes: inline.attributes })
  if (inline?.kind === 'importmap' && !reading.inertAt && page.importMaps.length < 20) page.importMaps.push(inline.text)
  if (inline?.kind === 'style' && !reading.inertAt && isForScreens(inline.attributes['media'])) {
    if (painting.test(inline.text)) page.drawn++
    for (const name of hiddenBy(inline.text)) reading.hiding.add(name)
    page.curtained ||= isCurtain(inline.text)
    if (inline.text.trim() !== '') page.care++
  }
  reading.inline = null
  if (reading.inertAt === depth) reading.inertAt = 0
  if (reading.hiddenAt === depth) reading.hiddenAt = 0
  if (reading.unscriptedAt === depth) reading.unscriptedAt = 0
  if (reading.codeAt === depth) reading.codeAt = 0
  if (reading.linkAt === depth) reading.linkAt = 0
  if (reading.chromeAt === depth) reading.chromeAt = 0
  page.curtained = leavePart(reading.parts, depth) || page.curtained
  if (reading.waitingAt === depth) reading.waitingAt = 0
  if (reading.headingAt === depth) reading.headingAt = 0
  if (reading.titleAt === depth) reading.titleAt = 0
}

/** Blanks, and what takes no room, folded. */
const folded = (text: string): string => text.replace(/[\s\u00a0\u200b-\u200d\ufeff\u00ad]+/g, ' ').trim()

/** Block elements part words, inline ones do not; a blank between all of them does no harm to reading. */
const joined = (parts: readonly string[]): string => folded(parts.join(' ')).slice(0, bounds.text)

/** Reads a page served at `url`. Never throws; what is beyond the bounds is left out. */
export const readDocument = (html: string, url: string): PageDocument => {
  const page = blankPage(url)
  const reading: Reading = {
    page,
    textParts: [],
    codeParts: [],
    ownParts: [],
    unscriptedParts: [],
    lines: blankLines(),
    linked: new Set(),
    length: 0,
    depth: 0,
    inertAt: 0,
    hiddenAt: 0,
    hiding: new Set(),
    codeAt: 0,
    chromeAt: 0,
    parts: blankParts(),
    unscriptedAt: 0,
    linkAt: 0,
    waitingAt: 0,
    headingAt: 0,
    titleAt: 0,
    inline: null,
    baseSeen: false,
    inBody: false,
  }
  let elements = 0
  const parser: Parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++elements > bounds.elements || ++reading.depth > bounds.depth) return parser.pause()
        open(reading, name, attributes)
      },
      ontext: data => readText(reading, data),
      onclosetag(name) {
        leave(reading, name)
        reading.depth--
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: false },
  )
  parser.write(html)
  parser.end()
  page.text = joined(reading.textParts)
  page.own = joined(reading.ownParts)
  page.pages = reading.linked.size
  page.paths = [...reading.linked]
  page.hollow = isHollow(reading.parts, page)
  page.framed = isFrameAlone(reading.parts)
  page.code = joined(reading.codeParts)
  page.unscripted = joined(reading.unscriptedParts)
  page.middle = middleOf(reading.lines, reading.parts)
  page.around = reading.lines.around
  page.title = folded(page.title)
  page.headings = page.headings.map(words => folded(words).slice(0, 300)).filter(Boolean)
  return page
}
