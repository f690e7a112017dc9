// Whose page it is, and whom it speaks to, where a front page leads hardly anywhere: a product's own speaks to visitors of what it offers.
// What a hoster, a program or an installer puts in its place speaks to whoever keeps the site, of what the site stands on, and leads to its
// own maker's pages. No one of these signs says so alone; several together do, in words that nobody has listed.
import {
  courteous,
  deadSentence,
  deadWhereBare,
  failing,
  offering,
  speaksOfItself,
  teaching,
} from '../../data/dead-pages.ts'
import { keptPath, namelessTitle, ofThisDomain, settingUp, toOwner, worksKinds } from '../../data/operator-words.ts'
import { registrableDomain } from '../dns/registrable-domain.ts'
import type { PageDocument } from './document.ts'
import { bareWords, isReachable, mayRedraw, selling } from './life-signs.ts'

/** Up to how much a page may have and still be one that stands in the place of a product's. */
const most = { words: 900, lines: 6000, pages: 3, fields: 5, drawn: 8, links: 15 }

/** Paths of what programs ask, and not people. */
const interfacePath = /\.(?:asmx|ashx|svc|wsdl|json|xml|ya?ml)$|^\/graphql(?:\/|$)/i

/** What stands in the place of its own address where a page is read for what it says. */
export const addressName = 'this domain'

/** Weights from which on the page is held to be none of the product's (less where it holds nothing else), and from which on nobody can tell. */
export const enough = { found: 5, doubt: 4, bare: 4 }

const isLocalHost = (host: string): boolean => /^(?:localhost|127\.|0\.0\.0\.0$|\[::1\]$)/.test(host)

const squeezed = (words: string): string => words.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')

/** The name by which a host is known: `wagtail` of docs.wagtail.org. */
const nameOf = (host: string): string => squeezed(registrableDomain(host)?.split('.')[0] ?? '')

/** Whether the title or the heading bears the name of another site that the page leads to, and not that of its own. */
const isNamedForAnother = ({ url, title, headings, away }: PageDocument): boolean => {
  const said = `${title} ${headings[0] ?? ''}`
  const bare = squeezed(said.replace(/\b(?:for|with|on|via|from) (?:the )?[\w-]+/gi, ' '))
  const own = squeezed(new URL(url).hostname)
  return away.some(host => {
    const name = nameOf(host)
    return name.length >= 4 && !ofPeople.test(name) && bare.includes(name) && !own.includes(name)
  })
}

/** Whether it says that it stands at another site, leads there alone, and bears nothing of the name that it is asked for by. */
const standsElsewhere = (page: PageDocument): boolean => {
  const { url, canonical, title, headings, away, pages } = page
  if (canonical === null || pages > 0 || away.length === 0 || !/^https?:/.test(canonical)) return false
  const there = nameOf(new URL(canonical).hostname)
  const own = nameOf(new URL(url).hostname)
  const isKin = there.includes(own) || own.includes(there) || squeezed(`${title} ${headings.join(' ')}`).includes(own)
  return own !== '' && there !== '' && !isKin && away.every(host => nameOf(host) === there)
}

/** Where people keep what they make, and where they are met: who links there speaks of the own. */
const ofPeople =
  /^(?:github|gitlab|codeberg|bitbucket|sourcehut|npmjs|pypi|crates|instagram|facebook|linkedin|youtube|twitter|tiktok|bandcamp|soundcloud|spotify|apple|google|discord|telegram|itch|etsy|patreon|substack|medium|steampowered|dribbble|behance|vimeo|flickr)$/

/** Whether it leads to one other site alone, and speaks of that by its name: "Powered by Petal". */
const isOfAnother = (page: PageDocument): boolean => {
  const [name = '', ...more] = [...new Set(page.away.map(nameOf))]
  return (
    visited(page) === 0 &&
    more.length === 0 &&
    name.length >= 4 &&
    !ofPeople.test(name) &&
    squeezed(page.text).includes(name)
  )
}

/** Whether all that it leads to is how something works: manuals and help of others. */
const leadsToManuals = ({ away, pages, paths }: PageDocument): boolean =>
  away.length > 0 &&
  (pages === 0 || paths.every(path => keptPath.test(path))) &&
  away.every(host => /^(?:docs?|support|help|kb|learn|developers?|wiki|guides?|console|panel|my|status)\./.test(host))

/** Whether it is named for its address alone, as pages are that nobody named: "example.com". */
const isNamedForAddress = ({ url, title, headings }: PageDocument): boolean => {
  const own = new URL(url).hostname.replace(/^www\./, '')
  return [title, headings[0] ?? title].every(words => words.toLowerCase().replace(/^www\./, '') === own)
}

/** Whether it leads to one other site and nowhere else, by several links: advertisements. */
const isOfLinks = ({ away, pages, links, contacts }: PageDocument): boolean =>
  away.length >= 3 && pages === 0 && contacts === 0 && links - away.length <= 1 && new Set(away.map(nameOf)).size === 1

/** A program and its version as a title: "MediaWiki 1.41.0". */
const programTitle = /^[A-Z][\w. -]{1,30} v?\d+\.\d+(?:\.\d+){0,2}(?:[ -]\w{1,12})?$/

const firstOf = ({ text, code }: PageDocument): string =>
  /^[^.!?。！？]{1,200}[.!?。！？]?/u.exec(text || code)?.[0] ?? ''

/** What the page says first: in its title, its headings, its first sentence. */
const firstSaid = (page: PageDocument): string[] =>
  [page.title, ...page.headings.slice(0, 2), firstOf(page)].filter(Boolean)

const isState = (words: string): boolean =>
  deadWhereBare.test(words) || speaksOfItself.test(words) || failing.test(words)

const count = (tests: readonly { test(words: string): boolean }[], words: string): number =>
  tests.filter(each => each.test(words)).length

/** How many pages of its own it leads to that visitors have something of. */
const visited = ({ paths }: PageDocument): number =>
  paths.filter(path => !keptPath.test(path) && !interfacePath.test(path)).length

/** Whether a page may be one that somebody else put in a product's place: it leads hardly anywhere and offers nothing. */
const mayBeForeign = (page: PageDocument): boolean => {
  if (standsElsewhere(page)) return true
  const length = page.text.length + page.code.length
  const isRead = length > 0 && length <= (page.away.some(isLocalHost) ? most.lines : most.words)
  const isSmall = page.fields <= most.fields && page.drawn <= most.drawn && page.links <= most.links
  return isRead && isSmall && visited(page) <= most.pages
}

/** How much speaks for a page that is none of the product's. */
const weightOf = (page: PageDocument, all: string, isRenamed: boolean): number => {
  const { title, text, code, away, fields, passwords, drawn, care } = page
  const first = firstSaid(page)
  const own = new URL(page.url).hostname.replace(/^www\./, '')
  const isStated = first.some(isState)
  const isOfAddress = (words: string): boolean => words.toLowerCase().includes(own) || words.includes(addressName)
  const signs: readonly (readonly [holds: boolean, weight: number])[] = [
    [toOwner.test(all), 4],
    [isNamedForAnother(page), 3],
    [standsElsewhere(page), 6],
    [page.paths.length > 0 && page.paths.every(path => interfacePath.test(path)), 5],
    [isOfAnother(page), 2],
    [page.own === '' && isOfAnother(page), 3],
    [leadsToManuals(page), 2],
    [away.some(isLocalHost), 3],
    [isNamedForAddress(page), 2],
    [isOfLinks(page), 2],
    [programTitle.test(title), 2],
    [passwords > 0 && worksKinds[2]!.test(all), 3],
    // Whoever comes first is asked to become the one who keeps it.
    [passwords > 0 && /\b(?:first|initial) (?:\w+ )?(?:admin\w*|owner|user)\b/i.test(all), 3],
    [isStated, 2],
    [!isStated && (failing.test(all) || speaksOfItself.test(all)), 1],
    [courteous.test(all), 1],
    [!isRenamed && ofThisDomain.test(all), 3],
    [isOfAddress(text), 1],
    [first.some(each => isOfAddress(each) && squeezed(each) !== squeezed(own)), 1],
    [/\bHTTP(?:\/[\d.]+)? \d{3} [A-Z]/.test(`${text} ${code}`), 4],
    [namelessTitle.test(title), 1],
    [care === 0, 1],
    [drawn > 3, -1],
    [fields > 0 && passwords === 0, -1],
    [mayRedraw(page), -1],
    [page.contacts > 0 || isReachable(text), -2],
    [teaching.test(title), -2],
    [offering.test(all), -2],
    [selling.test(all), -2],
  ]
  const kinds = Math.min(count(worksKinds, all), 3)
  const begun = Math.min(count(settingUp, all), 2) * 2
  return signs.reduce(
    (sum, [holds, weight]) => sum + (holds ? weight : 0),
    kinds + begun - Math.max(visited(page) * 2 - 1, 0),
  )
}

/** Of a page that leads hardly anywhere: what it says first, and how much speaks for its being somebody else's; null where it cannot be. `isRenamed`: its own
 * address was replaced by `addressName`. */
export const foreignSigns = (page: PageDocument, isRenamed = false): { words: string; weight: number } | null => {
  const all = `${page.title} ${page.text} ${page.code}`.trim()
  if (!mayBeForeign(page)) return null
  const told = firstSaid(page)
  const words = told.find(each => deadSentence.test(each) || isState(each)) ?? page.headings[0] ?? told[0] ?? ''
  return { words, weight: weightOf(page, all, isRenamed) }
}

/** What a page says first that is none of the product's; null where it may be the product's own. */
export const foreignWords = (page: PageDocument, isRenamed = false): string | null => {
  const signs = foreignSigns(page, isRenamed)
  // Where nothing else stands, and nothing leads on, less is enough.
  const needed = bareWords(page, true) === null ? enough.found : enough.bare
  return signs !== null && signs.weight >= needed ? signs.words : null
}

/** Of a page that scripts have drawn: its few words, where something speaks against their being meant so. An app may be as small as it likes. */
export const doubtfulWords = (page: PageDocument): string | null => {
  const few = bareWords(page, true)
  return few !== null && (foreignSigns(page)?.weight ?? 0) >= 2 ? few : null
}
