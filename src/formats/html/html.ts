// Reads HTML as served: links, forms, resources, metadata. Tolerant as browsers are, bounded against hostile nesting.
import { Parser } from 'htmlparser2'

export type HtmlLink = { url: string; text: string; rel: string }
export type HtmlInput = { type: string; name: string; value: string; onpaste: string; autocomplete: string }
/** `written` are the attributes as they stand in the HTML: what a script decides at run time is told from what is said. */
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
const bounds = { elements: 100_000, depth: 5000, links: 2000, resources: 2000, text: 20_000, inline: 200 }

const resourceOf: Record<string, [kind: string, attribute: string][]> = {
  script: [['script', 'src']],
  img: [['image', 'src']],
  source: [['media', 'src']],
  video: [
    ['media', 'src'],
    ['image', 'poster'],
  ],
  audio: [['media', 'src']],
  track: [['media', 'src']],
  iframe: [['frame', 'src']],
  frame: [['frame', 'src']],
  embed: [['object', 'src']],
  object: [['object', 'data']],
  input: [['image', 'src']],
}

const linkKinds: Record<string, string> = {
  stylesheet: 'stylesheet',
  icon: 'icon',
  'shortcut icon': 'icon',
  'apple-touch-icon': 'icon',
  manifest: 'manifest',
  preload: 'preload',
  modulepreload: 'script',
  prefetch: 'prefetch',
}

/** Candidates of `srcset` (HTML Standard §4.8.4.2.1): the URLs. */
export const srcsetUrls = (value: string): string[] =>
  [...value.matchAll(/\s*([^\s,]\S*[^\s,]|[^\s,])(?:\s+[\d.]+[wxh])?\s*(?:,|$)/g)].map(match => match[1]!)

const absolute = (written: string, base: string): string | null => {
  try {
    return new URL(written.trim(), base).href
  } catch {
    return null
  }
}

/** Pages read last, by URL: a dozen checks read the same page, and a hostile one is large. */
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

const parseHtml = (html: string, url: string): HtmlPage => {
  const page: HtmlPage = {
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
  }
  let baseSeen = false
  let link: HtmlLink | null = null
  let form: HtmlForm | null = null
  let inline: { name: string; attributes: Record<string, string>; text: string } | null = null
  let inTitle = false
  let hidden = 0
  let depth = 0
  const text: string[] = []
  let textLength = 0

  const addResource = (kind: string, written: string | undefined, attributes: Record<string, string>): void => {
    if (!written || page.resources.length >= bounds.resources) return
    const at = absolute(written, page.base)
    if (at) page.resources.push({ kind, url: at, written, integrity: attributes['integrity'] ?? '', attributes })
  }

  const parser: Parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++page.elements > bounds.elements || ++depth > bounds.depth) {
          parser.pause()
          return
        }
        for (const [kind, attribute] of resourceOf[name] ?? []) {
          if (name === 'input' && attributes['type']?.toLowerCase() !== 'image') continue
          addResource(kind, attributes[attribute], attributes)
        }
        if ((name === 'img' || name === 'source') && attributes['srcset'])
          for (const candidate of srcsetUrls(attributes['srcset'])) addResource('image', candidate, attributes)
        if (name === 'template' || name === 'noscript') hidden++
        if (name === 'html') page.lang = attributes['lang'] ?? ''
        else if (name === 'base' && !baseSeen && attributes['href']) {
          baseSeen = true
          page.base = absolute(attributes['href'], url) ?? url
        } else if (name === 'title') inTitle = true
        else if (name === 'a' || name === 'area') {
          const at = attributes['href'] === undefined ? null : absolute(attributes['href'], page.base)
          link = at ? { url: at, text: attributes['aria-label'] ?? '', rel: attributes['rel'] ?? '' } : null
          if (link && page.links.length < bounds.links) page.links.push(link)
        } else if (name === 'link') {
          const rel = (attributes['rel'] ?? '').toLowerCase().trim()
          if (rel === 'canonical' && attributes['href'] && !page.canonical)
            page.canonical = absolute(attributes['href'], page.base) ?? ''
          const kind = linkKinds[rel] ?? (rel.split(/\s+/).includes('stylesheet') ? 'stylesheet' : undefined)
          if (kind) addResource(kind, attributes['href'], attributes)
        } else if (name === 'meta') {
          const key = attributes['name'] ?? attributes['property'] ?? attributes['http-equiv']
          if (key && page.metas.length < bounds.resources)
            page.metas.push({
              name: key.toLowerCase(),
              content: attributes['content'] ?? '',
              httpEquiv: attributes['http-equiv'] !== undefined,
            })
        } else if (name === 'form') {
          form = {
            action: absolute(attributes['action'] || url, page.base) ?? url,
            method: (attributes['method'] ?? 'get').toLowerCase(),
            inputs: [],
            written: attributes,
          }
          if (page.forms.length < 100) page.forms.push(form)
        } else if (name === 'input' || name === 'button' || name === 'select' || name === 'textarea') {
          const input: HtmlInput = {
            type: (attributes['type'] ?? (name === 'button' ? 'submit' : name)).toLowerCase(),
            name: attributes['name'] ?? '',
            value: attributes['value'] ?? '',
            onpaste: attributes['onpaste'] ?? '',
            autocomplete: attributes['autocomplete'] ?? '',
          }
          if (form && form.inputs.length < 500) form.inputs.push(input)
          else if (!form && input.type === 'password')
            page.forms.push({ action: url, method: 'script', inputs: [input], written: {} })
        } else if ((name === 'script' && attributes['src'] === undefined) || name === 'style')
          inline = { name, attributes, text: '' }
      },
      ontext(data) {
        if (inline) inline.text += data
        else if (inTitle) page.title = (page.title + data).slice(0, 500)
        else if (!hidden) {
          if (link && link.text.length < 200) link.text += data
          if (textLength < bounds.text) {
            text.push(data)
            textLength += data.length
          }
        }
      },
      onclosetag(name) {
        depth--
        if (name === 'title') inTitle = false
        else if (name === 'template' || name === 'noscript') hidden = Math.max(0, hidden - 1)
        else if (name === 'a' || name === 'area') link = null
        else if (name === 'form') form = null
        else if (inline && name === inline.name) {
          if (name === 'style') {
            if (page.inlineStyles.length < bounds.inline) page.inlineStyles.push(inline.text)
          } else if (page.inlineScripts.length < bounds.inline)
            page.inlineScripts.push({
              text: inline.text,
              type: inline.attributes['type'] ?? '',
              id: inline.attributes['id'] ?? '',
              nonce: inline.attributes['nonce'] ?? '',
            })
          inline = null
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: false },
  )
  parser.write(html)
  parser.end()
  page.text = text.join(' ').replace(/\s+/g, ' ').trim().slice(0, bounds.text)
  page.title = page.title.replace(/\s+/g, ' ').trim()
  for (const item of page.links) item.text = item.text.replace(/\s+/g, ' ').trim()
  return page
}

/** Whether an answer says that it is HTML. */
export const isHtml = (contentType: string | null): boolean =>
  /^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '')
