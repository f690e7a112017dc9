// What the words of a page say of its life: an error in place of the page, its source in place of its output, nothing at all.

import {
  askingToWait,
  behindPassword,
  blankValue,
  courteous,
  deadSentence,
  deadWhereBare,
  failing,
  failureText,
  failureWords,
  interjection,
  makesPassword,
  namesTheSite,
  namesThing,
  nothingHere,
  offering,
  ofTheSite,
  sessionOver,
  teaching,
  textKey,
  unfilled,
  unfilledHeading,
  upkeep,
  waiting,
  wantsScripts,
} from '../../data/dead-pages.ts'
import { percentDecoded } from '../percent.ts'
import { directoryListing } from './directory-listing.ts'
import type { PageDocument } from './document.ts'
import { hasOwnMiddle, isLeftBehind } from './own-content.ts'
import { bytesWords } from './said-kind.ts'
import { isNumberedStatus, isStatusPhrase } from './status-line.ts'

/** Characters of visible text up to which a page may consist of its error alone; an article about errors is longer. */
const shortText = 1_200
const shortestArticle = 2_500

export const cutWords = (words: string): string => (words.length > 120 ? `${words.slice(0, 119)}…` : words)

/** Source that a server or a build should have run: browsers show it, or swallow it. */
const unrunSource =
  /^\s*(?:<\?(?:php\b|=)|<%[@=\s]|\{%-?\s*(?:extends|block|load|import|include|set|layout)\b|@extends\(|#!\s?\/\S*(?:perl|python|php|ruby|node)\b|import\s[^;'"]{1,200}\sfrom\s*["']|(?:export default|module\.exports)\b|<template>[\s\S]{0,4000}<\/template>\s*<(?:script|style)\b|<script\b[^>]*\b(?:setup|lang=["']ts["'])|!!!\s*\r?\n%|doctype html\r?\nhtml\b|---\r?\n(?:(?:import|const)\s|[a-z]\w{1,30}:)|version https:\/\/git-lfs\.)/
/** Markdown: a heading, and behind it another, a list or a link. */
const unrunMarkdown = /^\s*#{1,2} \S[^\n<]{0,200}\r?\n[^<]{0,2000}(?:\n#{1,4} \S|\n[*-] \S|\]\()/

const firstSentence = (text: string): string => /^.{3,160}?(?:[.!?…](?=\s|$)|$)/u.exec(text)?.[0] ?? text.slice(0, 160)

const sentencesOf = (text: string): string[] => text.split(/(?<=[.!?。!?])\s+/)

/** Characters up to which a heading or a title is read: what says that a page is broken says it in fewer. */
const longestHeading = 400
const readable = (words: string | undefined): string | undefined =>
  words === undefined || words.length <= longestHeading ? words : ''

/** A page about failures, by its title or its heading. */
const isLesson = ({ title, headings }: PageDocument): boolean => teaching.test(`${title} ${headings[0] ?? ''}`)

/** A page that holds hardly anything: a product has more to show than this. */
const isBare = ({ text, links, drawn }: PageDocument): boolean => text.length <= 400 && links <= 3 && drawn <= 3

/** A condition names what may be: "When your site is down, say so". */
const conditional =
  /^(?:when(?:ever)?|if|while|before|until|once|should|wenn|falls|bevor|sobald|quand|si|lorsque|cuando|antes|se|quando|als|wanneer|när|om|når|hvis|jeśli|gdy|kiedy|když|pokud|ha|dacă|если|когда|якщо|коли)[\s,]/i

/** A question, or a condition, is what an offer begins with, not a notice. */
const isAsked = (words: string): boolean => /[?？؟]/.test(words) || conditional.test(words)

const saysMore = (rest: string): boolean => {
  const said = sentencesOf(rest)
    .filter(sentence => !/[?？؟]/.test(sentence))
    .join(' ')
  return failing.test(said) || upkeep.test(said) || courteous.test(said) || deadWhereBare.test(said)
}

/** Whether a page asks for something, or offers it, and says nothing more of what its heading says. */
const isOffer = ({ title, text, fields }: PageDocument, words: string): boolean => {
  const rest = text.replace(words, '').trim()
  return rest.length > 25 && !saysMore(rest) && (fields > 0 || offering.test(rest) || offering.test(title))
}

/** What a bare page says beside some words of it: nothing, or more of the same (an apology, what failed, when to come again). */
const isBorneOut = (page: PageDocument, words: string): boolean => {
  const { title, text, links } = page
  if (isOffer(page, words) || (offering.test(title) && !ofTheSite.test(words))) return false
  const rest = text.replace(words, '').trim()
  if (rest.length <= (ofTheSite.test(words) ? 40 : links > 0 ? 12 : 25) && !offering.test(text)) return true
  return saysMore(rest)
}

/** The same of a page with more on it: of its own, beside links, it has hardly anything else to say. */
const isAlone = ({ own }: PageDocument, words: string): boolean => {
  const rest = own.replace(words, '').trim()
  return rest.length <= 60 || saysMore(rest)
}

/** Beside links, all that a page has of its own says what a number in its heading stands for. */
const saysWhatFailed = ({ own }: PageDocument, words: string): boolean => {
  const rest = own.replace(words, '').trim()
  return rest.length <= 200 && (nothingHere.test(rest) || failing.test(rest))
}

/** A title may bear the product's name beside what it says. */
const titleParts = (title: string): string[] =>
  readable(title)!
    .split(/\s+[|–—·-]\s+/)
    .map(part => part.trim())

/** A sentence below the heading of a page that holds hardly anything and offers nothing: what it says of the site itself. */
const saidOfTheSite = (page: PageDocument, isTold: (sentence: string) => boolean): string | undefined => {
  const { text, headings } = page
  if (text.length > 300 || offering.test(text) || isLesson(page)) return undefined
  const below = text.replace(headings[0] ?? '', '').trim()
  return sentencesOf(below).find(sentence => namesTheSite.test(sentence) && isTold(sentence) && !isAsked(sentence))
}

/** What stands still has nothing new to show to whoever loads it again. */
const toldToReload = (text: string): string | undefined =>
  sentencesOf(text).find(sentence =>
    /\bplease (?:reload|refresh)\b|\b(?:reload|refresh) (?:the|this) page\b/i.test(sentence),
  )

/** A heading or a title says the error, or a short page begins with it. */
const saidByWords = (page: PageDocument): string | null => {
  const { title, text, headings, links, drawn, pages } = page
  if (text.length > shortText || isLesson(page)) return null
  const bare = isBare(page)
  // A word such as "Maintenance" may be what a small firm offers; a whole sentence is none.
  const isDead = (words: string): boolean =>
    (deadSentence.test(words) && (bare ? !isOffer(page, words) : isAlone(page, words))) ||
    (bare && isNumberedStatus(words)) ||
    (/^\W*(?:error )?[45]\d\d\W*$/i.test(words) && saysWhatFailed(page, words)) ||
    (bare &&
      (deadWhereBare.test(words) ||
        isStatusPhrase(words) ||
        (namesTheSite.test(words) && failing.test(words) && !isAsked(words)) ||
        (words.length <= 80 && nothingHere.test(words))) &&
      isBorneOut(page, words))
  const [heading, second] = [readable(headings[0]), readable(headings[1])]
  // Where hardly anything else stands, the second heading may say what the first, a number or "Error", leaves open.
  if (heading !== undefined && isDead(heading)) return bare && second !== undefined && isDead(second) ? second : heading
  // A title that is the phrase of a status says what the heading, whatever stands around it, only regrets.
  const titled = titleParts(title).find(
    part => isNumberedStatus(part) || (/\d{3}/.test(part) && deadSentence.test(part)),
  )
  if (titled !== undefined && heading !== undefined && (deadWhereBare.test(heading) || interjection.test(heading)))
    return titled
  const ofIt =
    pages <= 1 ? saidOfTheSite(page, sentence => deadSentence.test(sentence) && !/^your\b/i.test(sentence)) : undefined
  if (ofIt !== undefined) return ofIt
  // Without a heading of its own, the page is what it says first; a product's page has more to show.
  if (links > 8 || drawn > 8) return null
  const lines = heading === undefined ? [text.slice(0, 400), firstSentence(text)] : []
  return [...lines, ...(bare ? titleParts(title) : [])].find(isDead) ?? null
}

/**
 * A page that holds hardly anything says in its first words that something fails, and beside it when to come again or whom to tell:
 * there are more ways to say so than anybody has listed.
 */
const saidByMood = (page: PageDocument, mood: Pick<RegExp, 'test'>): string | null => {
  const { title, text, code, headings, fields } = page
  if (!isBare(page) || fields > 0) return null
  const all = `${title} ${text} ${code}`
  if (offering.test(all) || isLesson(page)) return null
  const [heading] = headings
  const first = [heading, headings[1], ...(heading === undefined ? [firstSentence(text)] : []), ...titleParts(title)]
  const said = first.find(words => words !== undefined && words !== '' && mood.test(words) && !isAsked(words))
  // What failed may also be said below a heading that only says that it did.
  const isWaiting = mood === upkeep && askingToWait.test(heading ?? '') && failing.test(text)
  const below = (interjection.test(heading ?? '') && (mood.test(text) || courteous.test(text))) || isWaiting
  const told = (sentence: string): boolean => failing.test(sentence)
  const beneath = mood === failing ? (page.pages === 0 && saidOfTheSite(page, told)) || toldToReload(text) : undefined
  const words = said ?? (below ? firstSentence(text) : beneath) ?? null
  if (words === null) return null
  // What a page says beside a heading bears it out; a heading alone may be what an article is about.
  const beside = all.replaceAll(words, '').trim()
  if (courteous.test(words === heading && beside.length > 40 ? beside : all)) return words
  return ofTheSite.test(words) && failing.test(beside) ? words : null
}

/** Words of its own, beside links to pages of its own, up to which a page says nothing but what stands in its code. */
const mostBesideSample = 40

/** What a failing program left in the text. In code blocks it counts where the page holds nothing else, as manuals do not. */
const saidByProgram = ({ text, own, code, headings, links, pages, drawn }: PageDocument): string | null => {
  const inText =
    text.length < shortestArticle * 4 ? failureText.map(pattern => pattern.exec(text)?.[0]).find(Boolean) : undefined
  if (inText) return inText
  const all = `${text} ${code}`
  if (all.length < shortText && headings.length <= 2 && links <= 3 && drawn <= 3) {
    const words = failureWords.map(pattern => pattern.exec(all)?.[0]).find(Boolean)
    if (words) return words
  }
  // A product shows samples beside the links to its pages.
  if (text.length + code.length > shortestArticle * 2 || headings.length > 2 || text.length > 500 || pages > 3)
    return null
  if (pages > 0 && own.length > mostBesideSample) return null
  return failureText.map(pattern => pattern.exec(code)?.[0]).find(Boolean) ?? null
}

/** Whether a text is what is left of compressed or encrypted bytes: control characters, and such that are none. */
const isGarbled = (text: string): boolean => {
  // A page in the letters of Base64 is one word.
  if (/^[A-Za-z0-9+/=]{120}/.test(text)) return true
  const start = text.slice(0, 400)
  const odd = start.match(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ufffd]/g)?.length ?? 0
  return odd >= 4 && odd > start.length / 20
}

/** Whether markup was read two bytes at a time: letters of the East without a blank, a stop or an element. */
const isMisread = (source: string): boolean => {
  const start = source.slice(0, 400)
  const far = start.match(/[\u2000-\u9fff]/g)?.length ?? 0
  return (
    start.length >= 100 &&
    far > start.length / 2 &&
    !/[<>\s、。，．]/.test(start.replace(/[\u2000-\u200f]/g, '').slice(0, 100))
  )
}

/** Names between brackets that a plugin should have drawn, and the ends of what they begin: `[vc_row] … [/vc_row]`. */
const showsShortcodes = ({ own }: PageDocument): string | null => {
  const ends = new Set(Array.from(own.matchAll(/\[\/([a-z]+(?:_[a-z]+)+)\]/g), ([, name]) => name!))
  return ends.size >= 2 ? `[${[...ends][0]}]` : null
}

/** Keys of texts in the place of the texts, beside a head and a foot that may have theirs. */
const showsKeys = ({ headings: [heading = ''], text, own }: PageDocument): boolean => {
  if (!textKey.test(heading)) return false
  const [group] = heading.split('.')
  const tokens = (own || text).split(' ')
  const keys = tokens.filter(word => word.startsWith(`${group}.`) && textKey.test(word))
  return new Set(keys).size >= 2 && keys.length >= tokens.length / 2
}

/** Markup that was escaped twice, so that people read its tags. */
const showsTags = ({ headings, text, code }: PageDocument): boolean =>
  // A field that was never closed holds the rest of the page.
  (text === '' && /<\/(?:main|header|footer|nav|section|body)>/i.test(code.slice(0, 20_000))) ||
  (headings.length === 0 &&
    /^<\s?(?:!doctype|html|h[1-6]|div|p|section|main|header)\b[^<>]{0,200}>[\s\S]{0,4000}<\s?\/\w/i.test(text))

/** What a build should have written into the address that all others of the page begin with. */
const unfilledAddress =
  /\$\{?[A-Z][A-Z_]{3,40}\}?|\{\{[^{}]{1,60}\}\}|<%=?[^<>]{1,60}%>|%[A-Z][A-Z_]{3,40}%|__[A-Z][A-Z_]{2,40}__/

/** What a program says that failed on its way through the page: the last words of a document without an end. */
const leftBehind = (source: string): string | null => {
  const [, words = ''] = />\s*([^<>]{5,200}?)\s*$/.exec(source.slice(-300)) ?? []
  return deadSentence.test(words) || isStatusPhrase(words) || isNumberedStatus(words) ? words : null
}

/** The words by which a page says that it does not work; null when it says no such thing. `source` is its HTML. */
export const errorWords = (page: PageDocument, source: string): string | null => {
  if (unrunSource.test(source) || unrunMarkdown.test(source)) return cutWords(source.trim().slice(0, 60))
  const left = leftBehind(source)
  if (left !== null) return cutWords(left)
  if (directoryListing(source)) return cutWords(page.title || 'a list of files')
  if (blankValue.test(page.text) && page.drawn === 0) return page.text
  if (isGarbled(page.text) || isMisread(source)) return bytesWords
  const isStill = page.assets.every(asset => asset.kind === 'style')
  const placeholder = isStill ? page.headings.find(words => unfilled.test(words)) : undefined
  if (placeholder !== undefined) return cutWords(placeholder)
  const base = unfilledAddress.exec(percentDecoded(page.base))?.[0]
  if (base !== undefined) return cutWords(base)
  if (page.untranslated >= 2) return cutWords(`translation missing: ${page.headings[0] ?? page.text}`)
  const shortcode = showsShortcodes(page)
  if (shortcode !== null) return shortcode
  if (showsKeys(page) || showsTags(page)) return cutWords(page.headings[0] ?? (page.text || page.code))
  if (isBare(page) && unfilledHeading.test(page.headings[0] ?? '')) return page.headings[0]!
  const said = saidByProgram(page) ?? saidByWords(page) ?? saidByMood(page, failing)
  // Who sells something against errors quotes them.
  if (said === null || (hasOwnMiddle(page, said) && !isLeftBehind(source, page, said))) return null
  return cutWords(said.replace(/\s+/g, ' '))
}

/**
 * The words by which a page that only scripts draw says to browsers without them that it does not work, and not that they lack scripts;
 * null when it says no such thing.
 */
export const unscriptedWords = (page: PageDocument): string | null => {
  const { unscripted: text } = page
  if (text === '' || /script|\bjs\b/i.test(text)) return null
  return errorWords({ ...page, title: '', text, own: text, headings: [], assets: [] }, '')
}

/** The words by which a page that holds hardly anything probably says that it is being worked on; null when it says no such thing. */
export const upkeepWords = (page: PageDocument): string | null => {
  const said = saidByMood(page, upkeep)
  // Whoever keeps lifts or heating in repair says whom to call.
  if (said !== null && page.contacts > 0 && !namesThing.test(said)) return null
  return said === null || hasOwnMiddle(page, said) ? null : cutWords(said.replace(/\s+/g, ' '))
}

/** The first words of what holds hardly anything, where they say that something fails; null when they say no such thing. */
export const failingWords = (page: PageDocument): string | null => {
  const words = firstSentence(page.text)
  return isBare(page) && failing.test(words) ? cutWords(words) : null
}

/** The words by which a page that holds hardly anything says that the visitor's session is over; null when it says no such thing. */
export const sessionWords = (page: PageDocument): string | null => {
  const said = [page.headings[0], firstSentence(page.text)].find(
    words => words !== undefined && sessionOver.test(words),
  )
  return said !== undefined && isBare(page) && page.fields === 0 ? cutWords(said) : null
}

/** The words by which a page asks for a password alone, as sites do that are kept from strangers; null where it does not. */
export const passwordWords = (page: PageDocument): string | null => {
  const { title, text, headings, fields, passwords } = page
  if (passwords !== 1 || fields !== 1 || !isBare(page)) return null
  if (makesPassword.test(`${title} ${headings[0] ?? ''}`)) return null
  const said = [headings[0], ...titleParts(title), firstSentence(text)].find(
    words => words !== undefined && behindPassword.test(words) && !isAsked(words),
  )
  return said === undefined ? null : cutWords(said)
}

/** Whether people see nothing of a page as served: no words but those of waiting, nothing drawn, no frame. */
export const showsNothing = ({ text, code, drawn, frames }: PageDocument): boolean =>
  frames.length === 0 &&
  code === '' &&
  drawn === 0 &&
  (waiting.test(text) || (wantsScripts.test(text) && text.length < 300))

const consent =
  /\bcookies?\b|\bconsent\b|privacy|datenschutz|einwilligung|confidentialit|consenso|consentimiento|zgod[aęy]/i
const agreement =
  /\b(?:accept|agree|allow|continue|reject|manage|akzeptieren|zustimmen|ablehnen|accepter|refuser|aceptar|accetta|akkoord)\b/i

const consentHeading =
  /cookie|consent|privacy|before you|bevor sie|avant de|vie priv|privatsph|datenschutz|privacidad|riservatezza|prywatno|integritet|personvern|datos|dati/i

/** Whether a page asks for consent and shows nothing else: what customers get stands behind it. */
export const isConsentWall = ({ text, headings, title, drawn, links }: PageDocument): boolean =>
  text.length > 40 &&
  text.length < 900 &&
  drawn > 0 &&
  links <= 6 &&
  headings.length <= 1 &&
  consent.test(text) &&
  agreement.test(text) &&
  (headings.length === 1 ? consentHeading.test(headings[0]!) : /consent|cookie|before you continue/i.test(title))
