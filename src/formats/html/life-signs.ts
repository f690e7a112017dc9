// Signs that a page is somebody's product: pages of its own to follow, something to fill in, somebody to reach. What has hardly any of them
// is judged by far fewer words than a page that has: there are more ways to say that nothing is here than anybody has listed.
import {
  courteous,
  deadSentence,
  failing,
  namesTheSite,
  namesThing,
  namesWorks,
  nothingHere,
  offering,
  speaksOfItself,
  speaksOfWorks,
  stoppedHere,
  teaching,
  unpaid,
  upkeep,
} from '../../data/dead-pages.ts'
import type { PageDocument } from './document.ts'
import { hasOwnMiddle, isWritten } from './own-content.ts'
import { drawingScripts } from './page-life.ts'

/** Up to how much a page without signs of life has of words, of links to others, and of pictures and buttons. */
const most = { words: 500, links: 3, drawn: 3, note: 60 }

/** A way to reach somebody that is written out: a mailbox, a telephone, a street and its number. */
const contact =
  /\b[\w.+-]{1,60}@[\w-]{1,60}\.[a-z]{2,}|(?:\+|\b0)\d[\d ()/.-]{6,20}\d|\b\d{1,4}[a-z]? (?:[a-z][\w’'-]{1,20} ){1,3}(?:street|road|avenue|lane|square|drive|quay)\b|(?:stra(?:ß|ss)e|str\.|gade|gatan|allee|platz|laan|straat|ulica|ul\.) ?\d|\b(?:rue|calle|avenida|rua|piazza|plaza) [\p{L}’' ]{2,40},? \d/iu

/** Mailboxes of whoever keeps a server, which its errors name. */
const keepers = /\b(?:webmaster|hostmaster|postmaster|root|admin|administrator|no-?reply|you)@/i

/** Whether a text says where to go on, or whom to reach. */
export const isReachable = (text: string): boolean =>
  (contact.test(text) && !keepers.test(text)) || /\bhttps?:\/\/\S/.test(text)

/** Who offers something says what they do, for whom, and since when; who apologises says other things of themselves. */
export const selling =
  /(?<!while |until |as |before )\bwe (?!(?:are|will|have|could|can|cannot|were|had|do|did|apologi[sz]e|encountered|detected|experienced|regret|use|need|require|expect|hope|appreciate|thank|look|ask|recommend|suggest|noticed|think|just|currently|temporarily|may|must|might|should|received|moved|closed|stopped|zijn|werken|komen|hebben|kunnen|gaan)\b)[a-z]{3,20}\b|\b(?:an?|the) (?:[\w-]{2,20} ){0,2}(?:that|which|who|for) \w|\bfor (?:people|teams|companies|everyone|those|small|busy)\b|\b(?:since|seit|est\.?|established|founded) (?:1[89]|20)\d\d\b|\bmade (?:in|by|with)\b|\b(?:iphone|ipad|android|app ?store|google play|hardback|paperback|memoir|issue \d|bookshop)\b|\b(?:a|the) (?:story|novel|film|play|podcast|magazine|game|band|bar|caf[ée]|studio|exhibition|poem)\b/i

const wordsOf = ({ title, text, code }: PageDocument): string => `${title} ${text} ${code}`.trim()

/** Whether a page holds hardly any sign of life: nowhere to go on, nothing to fill in, nobody to reach, hardly anything to see. */
export const isLifeless = (page: PageDocument): boolean =>
  page.pages === 0 &&
  page.text.length + page.code.length <= most.words &&
  page.fields === 0 &&
  page.contacts === 0 &&
  page.frames.length === 0 &&
  page.links <= most.links &&
  !(contact.test(page.text) && !keepers.test(page.text)) &&
  page.drawn <= most.drawn

/** Whether scripts may put something else in the place of what is sent. */
export const mayRedraw = (page: PageDocument): boolean =>
  drawingScripts(page).some(
    ({ url, kind, text }) =>
      url !== null ||
      kind === 'module' ||
      /innerHTML|createElement|document\.write|textContent|innerText|appendChild|\.append\(|render|mount|insertAdjacent|\bimport\s*\(/.test(
        text,
      ),
  )

const firstSentence = (text: string): string => /^.{1,160}?(?:[.!?…](?=\s|$)|$)/u.exec(text)?.[0] ?? text.slice(0, 120)

/** What a page without signs of life says first. */
const saidFirst = ({ headings: [heading], text, code, title }: PageDocument): string =>
  heading ?? (firstSentence(text) || firstSentence(code) || title)

/** What says that something is still to come. */
const stillWaiting =
  /^(?:loading|starting|preparing|initiali[sz]ing|connecting|authenticating|verifying|redirecting|sign(?:ing)? (?:you )?in|logging (?:you )?in|please wait|just a (?:moment|second)|one moment|hang on|wird geladen|chargement|cargando|carregando|caricamento|laden|загрузка)\b[^.!?]{0,60}[.…!\s]*$/i

/**
 * The sentence of a page without signs of life that speaks of a state: its own, its server's, its account's; null where it has none.
 * `hasRun`: its scripts have, and what they left is all that visitors see.
 */
export const stateWords = (page: PageDocument, hasRun = false): string | null => {
  if (!isLifeless(page) || (!hasRun && mayRedraw(page))) return null
  const all = wordsOf(page)
  if (hasRun && stillWaiting.test(page.text)) return page.text
  if (offering.test(all) || selling.test(all) || teaching.test(`${page.title} ${page.headings[0] ?? ''}`)) return null
  const sentences = [
    page.headings[0] ?? '',
    ...`${page.text} ${page.code}`.split(/(?<=[.!?。!?])\s+/),
    // A title of one word is a name where a heading says more.
    ...(page.headings[0] === undefined || page.title.includes(' ') ? [page.title] : []),
  ]
  // Who asks of such things teaches them.
  const isQuiz = /[?？؟]\s*$/.test(page.headings[0] ?? '')
  const isTold = (sentence: string): boolean =>
    speaksOfItself.test(sentence) ||
    deadSentence.test(sentence) ||
    isWritten.test(sentence) ||
    speaksOfWorks.test(sentence) ||
    unpaid.test(sentence) ||
    stoppedHere.test(sentence) ||
    ((failing.test(sentence) || (upkeep.test(sentence) && courteous.test(all))) &&
      (namesTheSite.test(sentence) || namesThing.test(sentence))) ||
    (all.length - page.title.length <= most.note && !isQuiz && namesWorks.test(sentence))
  return sentences.find(sentence => isTold(sentence) && !/[?？؟]\s*$/.test(sentence)) ?? null
}

/** Of a page without any sign of life: its few words; null where it has more to show, or somebody to reach. */
export const bareWords = (page: PageDocument, hasRun = false): string | null => {
  const all = wordsOf(page)
  if (
    !isLifeless(page) ||
    (!hasRun && mayRedraw(page)) ||
    page.links > 0 ||
    page.drawn > 0 ||
    contact.test(all) ||
    all === ''
  )
    return null
  return saidFirst(page)
}

/** What scripts have to draw before anybody can tell: few words, and a script that may put others in their place. */
export const isUndrawn = (page: PageDocument): boolean => (isLifeless(page) || page.hollow) && mayRedraw(page)

/** What a template engine should have filled in. */
const mark =
  /\{\{[^{}]{1,120}\}\}|\{%[^{}%]{1,120}%\}|<%[=-]?[^<>%]{1,120}%>|[$#]\{[^{}]{1,120}\}|\[\[[^[\]]{1,80}\]\]|@(?:yield|section|include|extends|csrf)\b(?:\([^()]{0,80}\))?|<\?(?:php|=)[^<>]{0,120}\?>|%[A-Z][A-Z_]{2,40}%|__[A-Z][A-Z_]{2,40}__|\[(?:[Yy]our|[Ii]nsert|[Ee]nter|[Aa]dd|[Cc]ompany|[Cc]all to action|[Hh]eadline|[Tt]agline|[Pp]laceholder)\b[^[\]]{0,40}\]|\{[a-z_][\w.]{1,40}\}|\[(?:missing|translation missing)[^\][]{1,80}\]/g

/** What parts a title into its names. */
const titleBreak = /\s+[|–—·-]\s+|:\s/

/** Whether words are unfilled places and nothing beside them. */
const isMark = (words: string): boolean => words.trim() !== '' && !/[\p{L}\p{N}]/u.test(words.replace(mark, ''))

/** The first of a page's unfilled places, where they make up most of what it says or stand in its title; null where they do not. */
export const unfilledMark = (page: PageDocument): string | null => {
  if (mayRedraw(page) || teaching.test(page.title)) return null
  const found = page.text.match(mark) ?? []
  const inTitle = page.title.match(mark) ?? []
  const length = found.reduce((sum, each) => sum + each.length, 0)
  // A link that was not filled in leads nowhere, whatever stands beside it.
  const leads = page.paths.some(path => /%7B%7B|%3C%25|\$%7B/i.test(path))
  if (leads && found.length > 0) return found[0]!
  const isMost = found.length >= 2 && length * 3 >= page.text.length
  // Who sells what fills such places in writes of them in the midst of a sentence.
  const isMeant = !page.title.split(titleBreak).some(isMark) && hasOwnMiddle(page, found[0] ?? '')
  return isMost || (inTitle.length > 0 && found.length > 0 && !isMeant) ? found[0]! : null
}

/** What a list says that has nothing in it. */
const nothingYet =
  /\bclick (?:here )?to edit\b|\bdrag (?:an? )?(?:widgets?|elements?|blocks?) here\b|^(?:your|insert|enter|add) (?:\w+ )?(?:title|headline|heading|text) here\b|^this is a paragraph\b|\bedit this (?:text|page|section)\b|\badd your (?:own )?(?:text|content)\b|^(?:sorry,? |there (?:is|are) |we have )?(?:currently )?(?:nothing|no [\w-]{2,20}(?: [\w-]{2,20}){0,2}) (?:were |was |have been |has been )?(?:yet|found|here|available|published|posted|to (?:show|display|see))\b|^nichts gefunden|^keine (?:\S{2,20} ){0,2}(?:gefunden|vorhanden|verf[üu]gbar)|^aucun\S* (?:\S{2,20} ){0,2}(?:trouv|disponible|publi)|^no hay (?:\S{2,20} ){1,3}(?:todav[íi]a|disponible|publicad)|^nessun\S* (?:\S{2,20} ){0,2}(?:trovat|disponibil|pubblicat)|^nenhum\S* (?:\S{2,20} ){0,2}(?:encontrad|dispon|publicad)|^geen (?:\S{2,20} ){0,2}(?:gevonden|beschikbaar)/i

/** The Latin of no meaning that templates come with, where it is more than half of what a page says. */
const latin =
  /^(?:lorem|ipsum|dolor|sit|amet|consectetur|adipisc?ing|elit|sed|do|eiusmod|tempor|incididunt|ut|labore|et|dolore|magna|aliqua|enim|ad|minima?|veniam|quis|nostrud|exercitation|ullamco|laboris|nisi|aliquip|ex|ea|commodo|consequat|duis|aute|irure|in|reprehenderit|voluptate|velit|esse|cillum|fugiat|nulla|pariatur|excepteur|sint|occaecat|cupidatat|non|proident|sunt|culpa|qui|officia|deserunt|mollit|anim|id|est|laborum)$/i
const isFiller = (own: string): boolean => {
  if (!/\blorem ipsum\b/i.test(own)) return false
  const words = own.split(/[^\p{L}]+/u).filter(Boolean)
  return words.length >= 8 && words.filter(word => latin.test(word)).length > words.length / 2
}

/** A heading that a template left to be filled. */
const fillerHeading =
  /^(?:your|insert|enter|add) (?:\w+ ){0,2}(?:title|headline|heading|text|tagline|slogan|name) (?:goes )?here[.!]?$/i

/** A heading that says so and nothing more. */
const nothingAtAll =
  /^(?:sorry,? )?(?:nothing (?:here|found|yet|to (?:see|show|display)(?: here)?)|no (?:[\w-]{2,20} ){1,2}(?:found|yet|available))[\s.!…]*$/i

/** A page, in the languages that small products are written in. */
const namesPage =
  /\bpage\b|\btopic\b|\barticle\b|\bentry\b|seite\b|p[áa]gina|pagina|stron[aęy]|страниц|сторінк|\bsivu|\bsid[ea]n?\b|str[áa]nk|oldal|sayfa|ページ|页面|頁面|페이지|trang|halaman|صفحة|דף/i

/** The sentence by which a page with a frame around it says that its middle holds nothing; null where it says more. */
export const emptyMiddle = (page: PageDocument): string | null => {
  if ((page.own.length > 240 && !isFiller(page.own)) || page.fields > 2 || mayRedraw(page)) return null
  const [heading = ''] = page.headings
  if (isFiller(page.own)) return page.own
  if (fillerHeading.test(heading)) return heading
  const rest = page.own.replace(heading, '').trim()
  const said = rest.split(/(?<=[.!?。!?])\s+/).find(sentence => sentence.length <= 70 && nothingYet.test(sentence))
  if (said !== undefined && !selling.test(rest) && !offering.test(rest)) return said
  // What was looked for and not found is told in other words below; what somebody sells is told there, too.
  const isPlain = !selling.test(rest) && !offering.test(rest)
  if (nothingYet.test(heading) && (rest.length <= 20 || (isPlain && nothingAtAll.test(heading)))) return heading
  // A page that is not there says so in its heading, and hardly anything below.
  const gone = page.headings.slice(0, 2).find(words => nothingHere.test(words) && namesPage.test(words))
  return gone !== undefined && (!selling.test(rest) || nothingHere.test(rest)) && !offering.test(page.own) ? gone : null
}

const isJson = (text: string): boolean => {
  try {
    return typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

/** Whether what is sent as a page is data for a program. */
export const isBareData = (body: string): boolean =>
  /^\s*[[{]/.test(body.slice(0, 100)) && body.length < 100_000 && isJson(body)
