// A page without the words that it shows, its comments and its scripts: its elements with their attributes, entities decoded.
import { Parser } from 'htmlparser2'

const mostCharacters = 2_000_000

/** Each opening tag on a line of its own, `<button data-key="…">`; at most 2 million characters. */
export const markupOf = (html: string): string => {
  const lines: string[] = []
  let length = 0
  const parser: Parser = new Parser({
    onopentag(name, attributes) {
      const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${value}"`)
      const line = `<${name}${pairs.join('')}>`
      length += line.length
      if (length > mostCharacters) parser.pause()
      else lines.push(line)
    },
  })
  parser.write(html)
  parser.end()
  return lines.join('\n')
}
