// Reads HTML as served: links, forms, resources, metadata. Tolerant as browsers are, bounded against hostile nesting.

import { Parser } from 'htmlparser2'
import { beginsBody, isBodyText } from './head.ts'
import { linkKinds, resourceOf } from './resource-elements.ts'
import { srcsetUrls } from './srcset.ts'

export type HtmlLink = { url: string; text: string; rel: string }
export type HtmlInput = {
  type: string
  name: string
  value: string
  onpaste: string
  autocomplete: string
  /** Where and how a button sends its form instead, absolute and in lower case; absent where it says nothing. */
  formAction?: string
  formMethod?: string
}
/** `written` are the attributes as they stand in the HTML: a script may decide otherwise at run time. */
export type HtmlForm = { action: string; method: string; inputs: HtmlInput[]; written: Record<string, string> }
/** `kind` is the element: script, stylesheet, image, frame, media, object, font, preload, manifest, icon, form … `url` is absolute. */
export type HtmlResource = {
  kind: string
  url: string
  /** The attribute as written. */
  written: string
  integrity: string
  attributes: Record<string, string>
}

export type HtmlPage = {
  /** Where the page was served. */
  url: string
  title: string
  lang: string
  /** Base URL after `<base href>`. */
  base: string
  links: HtmlLink[]
  forms: HtmlForm[]
  resources: HtmlResource[]
  /** name or property or http-equiv (lower case) → content; the first of each. */
  metas: { name: string; content: string; httpEquiv: boolean }[]
  canonical: string
  inlineScripts: { text: string; type: string; id: string; nonce: string }[]
  inlineStyles: string[]
  /** Visible text, blanks folded, at most 20,000 characters. */
  text: string
  /** Elements seen; parsing stops at the bound. */
  elements: number
}

/** The parser's work grows with the square of the depth; no page that people read is nested a tenth as deep. */
const bounds = {
  elements: 100_000,
  depth: 5000,
  links: 2000,
  resources: 2000,
  forms: 100,
  inputs: 500,
  inline: 200,
  /** Characters. */
  text: 20_000,
  title: 500,
  linkText: 200,
}

const absolute = (written: string, base: string): string | null => {
  try {
    return new URL(written.trim(), base).href
  } catch {
    return null
  }
}

/** Pages read last, by URL: a dozen checks read the same page, and a hostile one is large. Bounded; the same text gives the same page. */
const lately = new Map<string, { html: string; page: HtmlPage }>()
const keptPages = 32

/** Reads a page served at `url`. Never throws; what is beyond the bounds is left out. The same page is read once. */
export const readHtml = (html: string, url: string): HtmlPage => {
  const known = lately.get(url)
  if (known?.html === html) return known.page
  const page = parseHtml(html, url)
  if (lately.size >= keptPages) lately.delete(lately.keys().next().value!)
  lately.set(url, { html, page })
  return page
}

type Attributes = Record<string, string>

/** What is open while a page is read. */
type Reading = {
  page: HtmlPage
  /** Only the first `<base href>` counts (HTML Standard §4.2.3). */
  baseSeen: boolean
  inBody: boolean
  link: HtmlLink | null
  form: HtmlForm | null
  /** Fields that belong to a form by its id, wherever they stand. */
  elsewhere: { id: string; input: HtmlInput }[]
  /** The script or style whose text is being read. */
  inline: { name: string; attributes: Attributes; text: string } | null
  inTitle: boolean
  /** How many elements are open whose text is not shown. */
  hidden: number
  /** Open templates, and whether each is inert. */
  templates: boolean[]
  depth: number
  text: string[]
  textLength: number
}

const emptyPage = (url: string): HtmlPage => ({
  url,
  title: '',
  lang: '',
  base: url,
  links: [],
  forms: [],
  resources: [],
  metas: [],
  canonical: '',
  inlineScripts: [],
  inlineStyles: [],
  text: '',
  elements: 0,
})

const addResource = (page: HtmlPage, kind: string, written: string | undefined, attributes: Attributes): void => {
  if (!written || page.resources.length >= bounds.resources) return
  const url = absolute(written, page.base)
  if (url) page.resources.push({ kind, url, written, integrity: attributes['integrity'] ?? '', attributes })
}

const addResources = (page: HtmlPage, name: string, attributes: Attributes): void => {
  if (name === 'input' && attributes['type']?.toLowerCase() !== 'image') return
  for (const [kind, attribute] of Object.hasOwn(resourceOf, name) ? resourceOf[name]! : [])
    addResource(page, kind, attributes[attribute], attributes)
  if ((name === 'img' || name === 'source') && attributes['srcset'])
    for (const candidate of srcsetUrls(attributes['srcset'])) addResource(page, 'image', candidate, attributes)
  if (attributes['style']?.includes('url(') && page.inlineStyles.length < bounds.inline)
    page.inlineStyles.push(`x{${attributes['style']}}`)
  // What a frame has in its attribute is loaded by the page; one inside another is left out.
  if (name === 'iframe' && attributes['srcdoc'] && page.resources.length < bounds.resources) {
    const inner = parseHtml(attributes['srcdoc'].replace(/srcdoc/gi, 'data-srcdoc'), page.base)
    page.resources.push(...inner.resources)
    page.inlineStyles.push(...inner.inlineStyles)
    page.inlineScripts.push(...inner.inlineScripts)
  }
}

const openBase = (reading: Reading, attributes: Attributes): void => {
  if (reading.baseSeen || !attributes['href']) return
  const { page } = reading
  reading.baseSeen = true
  page.base = absolute(attributes['href'], page.url) ?? page.url
}

const openAnchor = (reading: Reading, attributes: Attributes): void => {
  const { links, base } = reading.page
  const url = attributes['href'] === undefined ? null : absolute(attributes['href'], base)
  reading.link = url ? { url, text: attributes['aria-label'] ?? '', rel: attributes['rel'] ?? '' } : null
  if (reading.link && links.length < bounds.links) links.push(reading.link)
}

const openLinkElement = ({ page }: Reading, attributes: Attributes): void => {
  const rel = (attributes['rel'] ?? '').toLowerCase().trim()
  if (rel === 'canonical' && attributes['href'] && !page.canonical)
    page.canonical = absolute(attributes['href'], page.base) ?? ''
  const isSheet = rel.split(/\s+/).includes('stylesheet')
  const kind = Object.hasOwn(linkKinds, rel) ? linkKinds[rel] : isSheet ? 'stylesheet' : undefined
  if (kind) addResource(page, kind, attributes['href'], attributes)
  if (kind === 'preload')
    for (const candidate of srcsetUrls(attributes['imagesrcset'] ?? '')) addResource(page, kind, candidate, attributes)
}

const openMeta = ({ page, inBody }: Reading, attributes: Attributes): void => {
  // A policy counts in the head alone (HTML Standard §4.2.5.3).
  if (inBody && attributes['http-equiv']?.toLowerCase() === 'content-security-policy') return
  const key = attributes['name'] ?? attributes['property'] ?? attributes['http-equiv']
  if (key && page.metas.length < bounds.resources)
    page.metas.push({
      name: key.toLowerCase(),
      content: attributes['content'] ?? '',
      httpEquiv: attributes['http-equiv'] !== undefined,
    })
}

const openForm = (reading: Reading, attributes: Attributes): void => {
  const { url, base, forms } = reading.page
  reading.form = {
    action: absolute(attributes['action'] || url, base) ?? url,
    method: (attributes['method'] ?? 'get').toLowerCase(),
    inputs: [],
    written: attributes,
  }
  if (forms.length < bounds.forms) forms.push(reading.form)
}

/** A password outside of any form is a form of its own, which a script sends. */
const openInput = (reading: Reading, attributes: Attributes, name: string): void => {
  const { page, form, elsewhere } = reading
  const sends = attributes['formaction'] ? absolute(attributes['formaction'], page.base) : null
  const input: HtmlInput = {
    type: (attributes['type'] ?? (name === 'button' ? 'submit' : name)).toLowerCase(),
    name: attributes['name'] ?? '',
    value: attributes['value'] ?? '',
    onpaste: attributes['onpaste'] ?? '',
    autocomplete: attributes['autocomplete'] ?? '',
    ...(sends ? { formAction: sends } : {}),
    ...(attributes['formmethod'] ? { formMethod: attributes['formmethod'].toLowerCase() } : {}),
  }
  const id = attributes['form']
  if (id !== undefined && elsewhere.length < bounds.inputs) elsewhere.push({ id, input })
  else if (!form) {
    if (input.type === 'password') page.forms.push({ action: page.url, method: 'script', inputs: [input], written: {} })
  } else if (form.inputs.length < bounds.inputs) form.inputs.push(input)
}

const openInline = (reading: Reading, attributes: Attributes, name: string): void => {
  if (name === 'style' || attributes['src'] === undefined) reading.inline = { name, attributes, text: '' }
}

const hide = (reading: Reading): void => {
  reading.hidden++
}

/** What stands in a template loads nothing until a script takes it out; one that declares a shadow root is drawn where it stands. */
const openTemplate = (reading: Reading, attributes: Attributes): void => {
  const isInert = attributes['shadowrootmode'] === undefined
  reading.templates.push(isInert)
  if (isInert) hide(reading)
}

/** What an opening tag begins, by element. */
const opened: Readonly<Record<string, (reading: Reading, attributes: Attributes, name: string) => void>> = {
  html: ({ page }, attributes) => {
    page.lang = attributes['lang'] ?? ''
  },
  base: openBase,
  title: reading => {
    reading.inTitle = true
  },
  a: openAnchor,
  area: openAnchor,
  link: openLinkElement,
  meta: openMeta,
  form: openForm,
  input: openInput,
  button: openInput,
  select: openInput,
  textarea: openInput,
  script: openInline,
  style: openInline,
  template: openTemplate,
  noscript: hide,
}

const closeInline = (reading: Reading, name: string): void => {
  const { inline, page } = reading
  if (inline?.name !== name) return
  reading.inline = null
  const { attributes, text } = inline
  if (name === 'style') {
    if (page.inlineStyles.length < bounds.inline) page.inlineStyles.push(text)
  } else if (page.inlineScripts.length < bounds.inline)
    page.inlineScripts.push({
      text,
      type: attributes['type'] ?? '',
      id: attributes['id'] ?? '',
      nonce: attributes['nonce'] ?? '',
    })
}

const show = (reading: Reading): void => {
  reading.hidden = Math.max(0, reading.hidden - 1)
}
const closeTemplate = (reading: Reading): void => {
  if (reading.templates.pop()) show(reading)
}
const closeAnchor = (reading: Reading): void => {
  reading.link = null
}

/** What a closing tag ends, by element. */
const closed: Readonly<Record<string, (reading: Reading, name: string) => void>> = {
  title: reading => {
    reading.inTitle = false
  },
  a: closeAnchor,
  area: closeAnchor,
  form: reading => {
    reading.form = null
  },
  script: closeInline,
  style: closeInline,
  template: closeTemplate,
  noscript: show,
}

const readText = (reading: Reading, data: string): void => {
  const { inline, page, link } = reading
  if (inline) inline.text += data
  else if (reading.inTitle) page.title = (page.title + data).slice(0, bounds.title)
  else if (!reading.hidden) {
    reading.inBody ||= isBodyText(data)
    if (link && link.text.length < bounds.linkText) link.text += data
    if (reading.textLength >= bounds.text) return
    reading.text.push(data)
    reading.textLength += data.length
  }
}

const folded = (text: string): string => text.replace(/\s+/g, ' ').trim()

const parseHtml = (html: string, url: string): HtmlPage => {
  const page = emptyPage(url)
  const reading: Reading = {
    page,
    baseSeen: false,
    inBody: false,
    link: null,
    form: null,
    elsewhere: [],
    inline: null,
    inTitle: false,
    hidden: 0,
    templates: [],
    depth: 0,
    text: [],
    textLength: 0,
  }
  const parser: Parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++page.elements > bounds.elements || ++reading.depth > bounds.depth) {
          parser.pause()
          return
        }
        reading.inBody ||= reading.hidden === 0 && beginsBody(name)
        const loads = !reading.templates.includes(true)
        if (loads) addResources(page, name, attributes)
        if ((loads || name !== 'link') && Object.hasOwn(opened, name)) opened[name]!(reading, attributes, name)
      },
      ontext: data => readText(reading, data),
      onclosetag(name) {
        reading.depth--
        if (Object.hasOwn(closed, name)) closed[name]!(reading, name)
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: false },
  )
  parser.write(html)
  parser.end()
  for (const { id, input } of reading.elsewhere) {
    const form = page.forms.find(item => item.written['id'] === id)
    if (form && form.inputs.length < bounds.inputs) form.inputs.push(input)
    else if (!form && input.type === 'password' && page.forms.length < bounds.forms)
      page.forms.push({ action: page.url, method: 'script', inputs: [input], written: {} })
  }
  page.text = folded(reading.text.join(' ')).slice(0, bounds.text)
  page.title = folded(page.title)
  for (const item of page.links) item.text = folded(item.text)
  return page
}

/** Whether an answer says that it is HTML. */
export const isHtml = (contentType: string | null): boolean =>
  /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '')
