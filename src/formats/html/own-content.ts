// Whether the middle of a page is a product's own, whatever error it speaks of: what somebody sells, in sentences of their own, and a way on
// to it. An error in the frame of a site has the frame's links and hardly a sentence that does not speak of what failed.
import {
  courteous,
  deadSentence,
  deadWhereBare,
  failing,
  interjection,
  nothingHere,
  speaksOfItself,
  upkeep,
} from '../../data/dead-pages.ts'
import { keptPath } from '../../data/operator-words.ts'
import type { PageDocument } from './page-document.ts'
import type { Line } from './page-middle.ts'

/** What only programs write: an error's class, a place in a file, an address in memory, a refused connection. */
export const isWritten =
  /^(?:array|object|string|int|bool|float) ?\(|^error ?: \w|\b\w+(?:\.|::)?(?:Error|Exception|Panic)\b|\b[A-Z]\w+(?:::|\.)[a-z]\w*\(|\b[\w/.-]+\.(?:py|rb|js|ts|go|rs|java|php|ex|exs|cs|erb|kt|pl|c|cpp|sql):\d+|\bon line \d+|\bline \d+, in \w|\b0x[0-9a-f]{6,}\b|\bconnection (?:refused|reset|timed out)\b|\b(?:econn|enoent|eacces|etimedout|eaddr)\w*|\bexit (?:code|status) \d|\bsegfault\b|\bsig(?:kill|term|segv)\b/i

/** Sentences of its own by which a middle is a product's: alone, or beside headings of sections or a price. */
const least = { alone: 4, beside: 2, headings: 2, words: 4 }

/** Pages that an error leads to as well. */
const anywhere =
  /^\/(?:[a-z]{2}(?:-[a-z]{2})?\/?)?$|^\/(?:[a-z]{2}(?:-[a-z]{2})?\/)?(?:(?:index|default|home)(?:\.\w{2,5})?|contact[\w-]*|kontakt|contacto|help|hilfe|aide|ayuda|support|status|search|suche|sitemap|faqs?|log-?in|sign-?in|log-?out|anmelden|connexion|account|my|privacy[\w-]*|datenschutz\w*|terms[\w-]*|agb|legal[\w-]*|imprint|impressum|mentions-legales|cookies?[\w-]*|about|blog|news|report[\w-]*|feedback)(?:[/.]|$)/i

const price = /\d ?(?:€|eur\b|usd\b|\$|£|zł|kr\b)|[€$£] ?\d/i

/** Where a template is filled. */
const mark = /\{\{|\{%|<%|\$\{/

/** Whether a sentence speaks of what failed, or is what a program wrote. */
const isOfFailure = (sentence: string): boolean =>
  [deadSentence, deadWhereBare, failing, interjection, nothingHere, speaksOfItself, upkeep, courteous, isWritten].some(
    each => each.test(sentence),
  )

const sentencesOf = (words: string): string[] => words.split(/(?<=[.!?。！？])\s+/)

const wordsIn = (sentence: string): number => sentence.split(/\s+/).filter(each => /[\p{L}\p{N}]/u.test(each)).length

/** Sentences of some words that speak of other things than a failure. */
const ownSentences = (lines: readonly Line[], said: string): string[] => {
  const all = lines.filter(({ isLink }) => !isLink).flatMap(({ words }) => sentencesOf(words))
  // What is said again is said once.
  return [...new Set(all)].filter(
    each =>
      wordsIn(each) >= least.words && (said === '' || !each.includes(said)) && !isOfFailure(each) && !mark.test(each),
  )
}

/** Whether a middle leads on to something that a visitor may want: no page that an error leads to as well, or a field for a mailbox. */
const leadsOn = ({ middle }: PageDocument): boolean =>
  middle.asks > 0 || middle.onward.some(path => !anywhere.test(path) && !keptPath.test(path))

/** Whether a page has a price, a way on and sentences of its own: it sells something that is there. */
export const isOnSale = (page: PageDocument): boolean =>
  leadsOn(page) &&
  page.middle.onward.length > 0 &&
  page.middle.lines.some(({ words }) => price.test(words)) &&
  ownSentences(page.middle.lines, '').length >= least.beside

/** Whether its first heading, and the line below, speak of a failure alone and quote nobody: what stands below is offered in place of a page. */
const isAnnounced = (lines: readonly Line[]): boolean => {
  const at = lines.findIndex(({ level }) => level === 1 || level === 2)
  const below = lines.slice(at + 1).find(({ isLink }) => !isLink)
  if (at < 0 || below === undefined || /["“”„«»]/.test(`${lines[at]!.words} ${below.words}`)) return false
  return [lines[at]!, below].every(({ words }) => sentencesOf(words).every(isOfFailure))
}

/** Whether the middle of a page is a product's own beside the words that it says of an error. */
export const hasOwnMiddle = (page: PageDocument, said: string): boolean => {
  const { lines } = page.middle
  if (!leadsOn(page) || isAnnounced(lines)) return false
  const count = ownSentences(lines, said).length
  const headings = lines.filter(
    ({ level, words }) => level >= 2 && level <= 4 && !/[?？؟]\s*$/.test(words) && !isOfFailure(words),
  )
  return (
    count >= least.alone ||
    (count >= least.beside && (headings.length >= least.headings || lines.some(({ words }) => price.test(words))))
  )
}

/** What PHP writes where it stands: before and behind its words, and its place in bold. */
const phpNotice = /<b>(?:Warning|Notice|Deprecated|(?:Recoverable |Catchable )?[Ff]atal error|Parse error)<\/b>\s?:/

/** Whether an error was left in a page by what sent it, and not put there: before its beginning, in PHP's own form, or as the last of what never ended. */
export const isLeftBehind = (source: string, page: PageDocument, said: string): boolean => {
  if (source === '') return false
  if (phpNotice.test(source)) return true
  const start = source.search(/<(?:!doctype|html|head|body)\b/i)
  const head = said.slice(0, 20)
  if (start > 0 && source.slice(0, start).includes(head)) return true
  if (/<\/(?:body|html)\s*>\s*(?:<!--[^>]{0,500}-->\s*)?$/i.test(source.slice(-1000))) return false
  const last = page.middle.lines.findLastIndex(({ words }) => words.includes(head))
  return last >= 0 && ownSentences(page.middle.lines.slice(last + 1), said).length < least.beside
}
