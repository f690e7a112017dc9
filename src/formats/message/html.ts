// The HTML of a mail: what people read, with code samples apart, and where it leads. Bounded against hostile nesting.
import { Parser } from 'htmlparser2'

/** `href` as written, blanks at its ends taken off. */
export type MailAnchor = { href: string; text: string }

export type MailHtml = {
  /** Visible text without code samples; one space between elements. */
  text: string
  /** Text of `code`, `pre`, `kbd` and `samp`. */
  code: string
  anchors: MailAnchor[]
  images: string[]
}

const bounds = { elements: 100_000, depth: 2_000, anchors: 2_000, images: 2_000, text: 400_000 }
const silent = new Set(['style', 'script', 'title', 'template', 'noscript'])
const samples = new Set(['code', 'pre', 'kbd', 'samp'])
const inline = new Set([
  'a',
  'b',
  'strong',
  'i',
  'em',
  'u',
  's',
  'span',
  'font',
  'small',
  'big',
  'sub',
  'sup',
  'wbr',
  'mark',
  'abbr',
])

/** A page that is being read. */
type Reading = {
  text: string[]
  code: string[]
  anchors: MailAnchor[]
  images: string[]
  /** Characters of text so far. */
  size: number
  elements: number
  depth: number
  /** How many silent and sample elements are open. */
  hidden: number
  sample: number
  /** The link that is open. */
  anchor: MailAnchor | null
}

const addImage = ({ images }: Reading, url: string | undefined): void => {
  if (url && images.length < bounds.images) images.push(url.trim())
}

/** True while the page is within its bounds. */
const open = (page: Reading, name: string, attributes: Readonly<Record<string, string>>): boolean => {
  if (++page.elements > bounds.elements || ++page.depth > bounds.depth) return false
  if (silent.has(name)) page.hidden++
  if (samples.has(name)) page.sample++
  if (!inline.has(name)) page.text.push('\n')
  if ((name === 'a' || name === 'area') && attributes['href'] !== undefined) {
    page.anchor = { href: attributes['href'].trim(), text: '' }
    if (page.anchors.length < bounds.anchors) page.anchors.push(page.anchor)
  } else if (attributes['background'] && page.images.length < bounds.images) addImage(page, attributes['background'])
  else if (name === 'img') {
    addImage(page, attributes['src'])
    if (page.anchor && attributes['alt']) page.anchor.text += ` ${attributes['alt'].slice(0, 200)}`
  }
  return true
}

const say = (page: Reading, data: string): void => {
  if (page.hidden || page.size > bounds.text) return
  page.size += data.length
  ;(page.sample ? page.code : page.text).push(data)
  if (page.anchor && page.anchor.text.length < 500) page.anchor.text += data
}

const close = (page: Reading, name: string): void => {
  page.depth--
  if (silent.has(name)) page.hidden = Math.max(0, page.hidden - 1)
  if (samples.has(name)) page.sample = Math.max(0, page.sample - 1)
  if (!inline.has(name)) page.text.push('\n')
  if (name === 'a' || name === 'area') page.anchor = null
}

/** Reads the HTML of a mail. Never throws; what is beyond the bounds is left out. */
export const readMailHtml = (html: string): MailHtml => {
  const page: Reading = {
    text: [],
    code: [],
    anchors: [],
    images: [],
    ...{ size: 0, elements: 0, depth: 0, hidden: 0, sample: 0, anchor: null },
  }
  const parser: Parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (!open(page, name, attributes)) parser.pause()
      },
      ontext: data => say(page, data),
      onclosetag: name => close(page, name),
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: false },
  )
  parser.write(html)
  parser.end()
  const { anchors, images, code } = page
  for (const item of anchors) item.text = readable(item.text).slice(0, 300)
  const text = page.text
    .join('')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\n ]*/g, '\n')
    .trim()
  return { text, code: code.join(' '), anchors, images }
}

/** Blanks folded, characters without width taken out. */
const readable = (text: string): string =>
  text
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
