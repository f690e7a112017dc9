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

/** Reads the HTML of a mail. Never throws; what is beyond the bounds is left out. */
export const readMailHtml = (html: string): MailHtml => {
  const text: string[] = []
  const code: string[] = []
  const anchors: MailAnchor[] = []
  const images: string[] = []
  let size = 0
  let elements = 0
  let depth = 0
  let hidden = 0
  let sample = 0
  let anchor: MailAnchor | null = null
  const parser: Parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++elements > bounds.elements || ++depth > bounds.depth) {
          parser.pause()
          return
        }
        if (silent.has(name)) hidden++
        if (samples.has(name)) sample++
        if (!inline.has(name)) text.push('\n')
        if ((name === 'a' || name === 'area') && attributes['href'] !== undefined) {
          anchor = { href: attributes['href'].trim(), text: '' }
          if (anchors.length < bounds.anchors) anchors.push(anchor)
        } else if (attributes['background'] && images.length < bounds.images)
          images.push(attributes['background'].trim())
        else if (name === 'img') {
          if (attributes['src'] && images.length < bounds.images) images.push(attributes['src'].trim())
          if (anchor && attributes['alt']) anchor.text += ` ${attributes['alt'].slice(0, 200)}`
        }
      },
      ontext(data) {
        if (hidden || size > bounds.text) return
        size += data.length
        ;(sample ? code : text).push(data)
        if (anchor && anchor.text.length < 500) anchor.text += data
      },
      onclosetag(name) {
        depth--
        if (silent.has(name)) hidden = Math.max(0, hidden - 1)
        if (samples.has(name)) sample = Math.max(0, sample - 1)
        if (!inline.has(name)) text.push('\n')
        if (name === 'a' || name === 'area') anchor = null
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: false },
  )
  parser.write(html)
  parser.end()
  for (const item of anchors) item.text = readable(item.text).slice(0, 300)
  return {
    text: text
      .join('')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n[\n ]*/g, '\n')
      .trim(),
    code: code.join(' '),
    anchors,
    images,
  }
}

/** Blanks folded, characters without width taken out. */
const readable = (text: string): string =>
  text
    .replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
