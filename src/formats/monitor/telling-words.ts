// Words by which a monitor tells a page from an error page: a heading that stands in what is sent, as it stands there.
import { readDocument } from '../html/document.ts'

const bounds = { least: 4, most: 80 }

/** The first heading that may be compared; null where a script draws them all, or they change (numbers, characters written as entities). */
export const tellingWords = (html: string, url: string): string | null =>
  readDocument(html, url)
    .headings.map(heading => heading.trim())
    .find(
      text =>
        text.length >= bounds.least &&
        text.length <= bounds.most &&
        !/\d/.test(text) &&
        // Where it is broken over lines, or its characters are escaped, the text of the answer does not hold it.
        html.includes(text),
    ) ?? null
