// What is judged of the site's own front page alone: whether a sign of life is on it, and what stands there where none is.
import { doubtfulAnswer, insteadWords } from '../../formats/html/answer-words.ts'
import { type PageDocument, readDocument } from '../../formats/html/document.ts'
import {
  bareWords,
  emptyMiddle,
  isBareData,
  isReachable,
  stateWords,
  unfilledMark,
} from '../../formats/html/life-signs.ts'
import { hasOwnMiddle } from '../../formats/html/own-content.ts'
import { holdsMarkup, isSentAsXml, pageKind } from '../../formats/html/page-kind.ts'
import { drawingScripts, type PageLife, type Thin } from '../../formats/html/page-life.ts'
import { cutWords, isConsentWall } from '../../formats/html/page-words.ts'
import { placeholderOf } from '../../formats/html/placeholder-page.ts'
import { toolOf } from '../../formats/html/tool-page.ts'
import { addressName, enough, foreignSigns, foreignWords } from '../../formats/html/whose-page.ts'
import { headerValue } from '../../formats/http/headers.ts'
import type { HttpHop } from '../../net/network.ts'
import type { CollectContext } from '../definition.ts'

/** Whether a front page is the site's own, and not that of one host among others. */
export const isFrontDoor = (hop: HttpHop, { target }: CollectContext, kind: unknown): boolean => {
  const { hostname } = new URL(hop.url)
  const { domain, hosts } = target
  return kind === 'home' && (hostname === domain || hostname === `www.${domain}` || hostname === hosts['marketing'])
}

const cut = (words: string | null): string | null => words && cutWords(words.replace(/\s+/g, ' '))

/**
 * A page as it is read, and whether its words are others than on the page: where pictures are all that it has, by what they say of themselves;
 * its own address, of which registrars and platforms speak by its name, as what it is.
 */
const readable = (page: PageDocument): { read: PageDocument; isOther: boolean } => {
  const own = new URL(page.url).hostname.replace(/^www\./, '')
  const name = (words: string): string => {
    const small = words.toLowerCase()
    return small === own || !small.includes(own) ? words : words.split(own).join(addressName)
  }
  const title = name(page.title)
  const text = name(page.text === '' && page.code === '' ? page.alternatives : page.text)
  return {
    read: { ...page, title, headings: page.headings.map(name), text },
    isOther: title !== page.title || text !== page.text,
  }
}

/** Words of a page that was read so, as they stand on it. */
const asWritten = (words: string | null, { url }: PageDocument): string | null =>
  words?.replaceAll(addressName, new URL(url).hostname.replace(/^www\./, '')) ?? null

/** What a front page is where hardly a sign of life is left. */
export const thinOf = (hop: HttpHop, page: PageDocument): Thin | null => {
  const as = (how: Thin['how'], words: string): Thin => ({ how, words: cutWords(words.replace(/\s+/g, ' ')) })
  const placeholder = placeholderOf(hop)
  if (placeholder && ['default-page', 'parked', 'platform-404', 'template', 'spam'].includes(placeholder.kind))
    return as('foreign', page.title || page.headings[0] || page.text || placeholder.name)
  const tool = toolOf(page)
  if (tool !== null) return as('tool', tool)
  if (isBareData(hop.body)) return as('data', hop.body.trim())
  if (page.hollow && drawingScripts(page).length === 0) return as('hollow', '')
  const few = bareWords(page)
  if (few !== null) return as('bare', few)
  const { read, isOther } = readable(page)
  const signs = foreignSigns(read, isOther)
  return signs !== null && signs.weight >= enough.doubt && !hasOwnMiddle(read, signs.words)
    ? as('doubtful', signs.words)
    : null
}

/** The words by which a front page that has hardly a sign of life, or nothing in its middle, speaks of its state; null where it does not. */
export const doorWords = (given: PageDocument): string | null => {
  if (isConsentWall(given)) return null
  const { read, isOther } = readable(given)
  const said = stateWords(read) ?? emptyMiddle(read) ?? foreignWords(read, isOther)
  const words = unfilledMark(read) ?? (said !== null && hasOwnMiddle(read, said) ? null : said)
  return cut(isOther ? asWritten(words, given) : words)
}

/** Whether what comes is a file of the site, or of its repository, in the place of its page. */
const isSource = (hop: HttpHop): boolean =>
  /^\s*(?:text\/(?:css|javascript|markdown|x-[\w-]+)|application\/(?:javascript|x-[\w-]*(?:sh|php|python|yaml)))\b/i.test(
    headerValue(hop, 'content-type') ?? '',
  )

/** Whether what comes is XML that no stylesheet of its own turns into a page: a feed, a list of addresses. */
const isBareXml = (hop: HttpHop): boolean =>
  isSentAsXml(hop) && !/<\?xml-stylesheet\b/.test(hop.body.slice(0, 2000)) && hop.body.trim() !== ''

const feed = /^\ufeff?\s{0,50}(?:<\?xml[^>]{0,500}\?>)?\s{0,50}<(?:rss|feed|rdf:RDF)\b/i

/** Characters up to which plain text is a note, and no page to read. */
const shortestText = 200

/** What an answer that is no page says of itself. At the front door data is for nobody who comes by a browser, and neither are a few words. */
export const answered = (hop: HttpHop, isDoor: boolean): Pick<PageLife, 'words' | 'doubtful' | 'thin'> => {
  const isText = isDoor && pageKind(hop) === 'text' && !holdsMarkup(hop) && !isSentAsXml(hop)
  const page = isText ? readDocument(hop.body.slice(0, 8000), 'about:blank') : null
  const isForPrograms = isDoor && (pageKind(hop) === 'data' || isSource(hop) || isBareXml(hop))
  // A script that installs something is meant to be run by whoever asks for it.
  const isNote =
    page !== null &&
    !isForPrograms &&
    !hop.body.startsWith('#!') &&
    page.text.length <= shortestText &&
    !isReachable(page.text)
  return {
    words: insteadWords(hop),
    doubtful: doubtfulAnswer(hop) ?? (page && cut(stateWords(page) ?? (isNote ? page.text : null))),
    // Few visitors have a reader for feeds, and hardly a site is a picture; one may be meant so all the same.
    thin:
      isForPrograms || (isDoor && pageKind(hop) === 'picture')
        ? {
            how: isForPrograms && !feed.test(hop.body.slice(0, 8000)) ? 'data' : 'doubtful',
            words: cutWords(hop.body.trim()),
          }
        : null,
  }
}
