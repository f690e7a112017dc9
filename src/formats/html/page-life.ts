// Whether a page that answers lives: what its words say, whether anything shows, and whether what it loads to live is there. The tables of
// what browsers do stand in the rules that are put together here.
import { isServiceSnippet, isVendorScript } from '../../data/script-vendors.ts'
import type { PageAsset, PageDocument } from './document.ts'
import type { PageKind } from './page-kind.ts'
import { showsNothing } from './page-words.ts'
import { bytesWords } from './said-kind.ts'

/** A script, stylesheet or frame without which the page does not live as it should, and why browsers do not use it. */
export type BrokenAsset = {
  url: string
  kind: 'script' | 'style' | 'frame'
  words: string
  /** Whether the page's own code or its only one stands in it, so that without it nothing works. */
  isEntry: boolean
  /** Whether it stands at the side of a page that is whole without it. */
  isSide?: true
}

/**
 * A page without signs of life: `foreign`, what a server, a platform or a registrar shows; `tool`, the console of a program; `data`, an answer for programs; `hollow`, a frame
 * around nothing; `bare`, a few words that may be meant as they are; `doubtful`, what may be somebody else's notice.
 */
export type Thin = { how: 'foreign' | 'tool' | 'data' | 'hollow' | 'bare' | 'doubtful'; words: string }

/** What is known of a page's life; `shell` is a page that shows nothing until its scripts draw it. */
export type PageLife = {
  url: string
  status: number
  kind: PageKind
  /** As sent. */
  type: string
  /** HTML by its content, however it is sent. */
  markup: boolean
  shell: boolean
  /** Hardly anything shows, or nothing in its middle, and its scripts may draw the rest. */
  undrawn: boolean
  /** Nothing shows, and no script is there that could draw it. */
  empty: boolean
  /** The words by which it says that it does not work; null when it says no such thing. */
  words: string | null
  /** Words by which it probably says so. */
  doubtful: string | null
  /** What it is where hardly a sign of life is left, and the words that it has; null where a customer finds something to use. */
  thin: Thin | null
  consentWall: boolean
  /** Its words say that nothing is here. */
  saysNotFound: boolean
  /** Scripts, stylesheets and frames looked at. */
  looked: number
  broken: BrokenAsset[]
  untold: { url: string; message: string }[]
  /** Files that the page pins by integrity and browsers therefore refuse, and why; those of others too. */
  refused: { url: string; words: string }[]
  /** Where files of a secure page are redirected to without encryption. */
  insecure: string[]
  /** Stylesheets of the page, and how many of them browsers do not use. */
  styles: number
}

/** What shows once a page rests: words, how many pictures, fields and other things that are drawn, the words of an error, certain or not, and whether its middle is empty. */
export type Shown = {
  text: string
  drawn: number
  words: string | null
  doubtful: string | null
  hollow: boolean
  /** Whether it shows no more than the head or the foot of a site. */
  framed: boolean
  /** Its few words, where it shows nothing else and they may be no product's. */
  bare: string | null
}

/** What a browser showed of it, where there is one: its words (none while it waits), how much else is drawn, and what was kept from it. */
export type Rendering = {
  shown: Omit<Shown, 'framed' | 'bare'> & Partial<Shown>
  withheld: number
  untold: readonly unknown[]
}

const isScript = (asset: PageAsset): boolean => asset.kind !== 'style'

/** Scripts that may draw the page: not the services' own, nor the snippets that call them. */
export const drawingScripts = (page: PageDocument): PageAsset[] =>
  page.assets.filter(
    asset => isScript(asset) && (asset.url === null ? !isServiceSnippet(asset.text) : !isVendorScript(asset.url)),
  )

/** A script that does nothing but take all of the page away. */
const emptying =
  /^\s*(?:document\.(?:body|documentElement)\.(?:(?:innerHTML|innerText|textContent)\s*=\s*(?:""|''|``)|remove\(\)|replaceChildren\(\))|document\.open\(\)\s*;?\s*document\.close\(\))\s*;?\s*$/

/** Nothing shows, and nothing will. */
export const staysEmpty = (page: PageDocument): boolean =>
  (page.assets.some(
    asset => asset.kind === 'script' && asset.url === null && emptying.test(asset.text.slice(0, 300)),
  ) &&
    drawingScripts(page).length === 1) ||
  (showsNothing(page) && drawingScripts(page).length === 0) ||
  (page.curtained && !page.assets.some(isScript))

/** A name that a bundler gave: of its build folders, or with a hash in it. */
const builtName =
  /\/(?:_next|_nuxt|_astro|_app\/immutable|_build|build|assets|static\/js|dist)\/|[.-][A-Za-z0-9_-]{8,}\.m?js$|\/(?:main|index|app|bundle|entry|polyfills|runtime|start|client)(?:[.-][\w-]+)?\.m?js$/

/** Whether the page's own code stands in a script: a module, a bundler's file, or the only script of a page that is a shell. */
export const isEntryScript = (asset: PageAsset, isShell: boolean): boolean =>
  isShell || asset.kind === 'module' || (asset.url !== null && builtName.test(new URL(asset.url).pathname))

export type LifeFault = {
  outcome: 'empty' | 'error-text' | 'broken-assets' | 'side-script' | 'downloads'
  /** What is wrong, in words for a title. */
  what: string
  /** Whether customers certainly meet it; else it is held to be high. */
  isCertain: boolean
  /** Whether it is the console of a program. */
  isTool?: true
}

const kindWords: Readonly<Record<PageKind, string>> = {
  page: '',
  text: 'show its source as text',
  data: 'show it as data',
  picture: 'show a broken picture',
  download: 'save it as a file',
}

/** What a page loses most by, first: its own code, its frame, other scripts, its looks. */
const byLoss = (broken: readonly BrokenAsset[]): BrokenAsset[] => {
  const weight = ({ kind, isEntry }: BrokenAsset): number => (kind === 'style' ? 3 : 0) + (isEntry ? 0 : 1)
  return [...broken].sort((a, b) => weight(a) - weight(b))
}

/** The name of a file for a title; of a frame, the host that should fill it. */
const nameOf = ({ url, kind }: BrokenAsset, life: PageLife): string => {
  if (url === life.url && kind === 'script') return 'a script'
  const { pathname, hostname } = new URL(url)
  return kind === 'frame' ? hostname : pathname.split('/').at(-1) || pathname
}

/** Whether the page got everything that it asked for. */
const isWhole = ({ withheld, untold }: Rendering): boolean => withheld === 0 && untold.length === 0

const thinFault = (life: PageLife, seen: Rendering | null): LifeFault[] => {
  const { thin } = life
  if (thin?.how === 'tool') return [{ outcome: 'error-text', what: thin.words, isCertain: false, isTool: true }]
  if (thin?.how === 'data') return [{ outcome: 'empty', what: ` but for "${thin.words}"`, isCertain: false }]
  const isFrame = seen !== null && life.undrawn && seen.shown.framed === true
  const isHollow = seen ? (seen.shown.hollow || isFrame) && isWhole(seen) : thin?.how === 'hollow'
  return isHollow ? [{ outcome: 'empty', what: ' between its head and its foot', isCertain: false }] : []
}

/** Files that browsers do not use and the page needs, and those at its side. */
const neededOf = ({ broken }: PageLife): BrokenAsset[] => byLoss(broken.filter(({ isSide }) => !isSide))
const besideOf = ({ broken }: PageLife): BrokenAsset[] => broken.filter(({ isSide }) => isSide)

/** Of the files that browsers do not use, those that an outcome is about. */
export const brokenOf = (outcome: LifeFault['outcome'], life: PageLife): BrokenAsset[] =>
  outcome === 'side-script' ? besideOf(life) : neededOf(life)

/** What is lost beside a page that lives; null where nothing is. */
export const sideFault = (life: PageLife): LifeFault | null => {
  const [first] = besideOf(life)
  return first ? { outcome: 'side-script', what: nameOf(first, life), isCertain: true } : null
}

/** What is wrong with the life of a page, worst first; empty where it lives. */
export const lifeFaults = (life: PageLife, seen: Rendering | null): LifeFault[] => {
  if (life.kind !== 'page' && life.words !== null) return [{ outcome: 'error-text', what: life.words, isCertain: true }]
  if (life.kind !== 'page' && life.doubtful !== null)
    return [{ outcome: 'error-text', what: life.doubtful, isCertain: false }]
  if (life.kind !== 'page' && life.thin && life.thin.how !== 'doubtful')
    return [{ outcome: 'downloads', what: kindWords[life.kind], isCertain: false }]
  if (life.kind !== 'page')
    return life.markup || life.kind === 'download'
      ? [{ outcome: 'downloads', what: kindWords[life.kind], isCertain: life.markup }]
      : []
  // What was kept from the page may be what it complains about.
  const drawn = seen !== null && isWhole(seen) ? seen.shown : null
  const words = life.words ?? drawn?.words ?? null
  if (words !== null) return [{ outcome: 'error-text', what: words, isCertain: true }]
  const doubtful = life.doubtful ?? (life.undrawn ? (drawn?.doubtful ?? null) : null)
  if (doubtful !== null) return [{ outcome: 'error-text', what: doubtful, isCertain: false }]
  const seesNothing = seen !== null && seen.shown.text === '' && seen.shown.drawn === 0
  const faults: LifeFault[] = []
  const [first] = neededOf(life)
  if (first) {
    const needed = neededOf(life)
    const lostStyles = life.styles > 0 && needed.filter(asset => asset.kind === 'style').length === life.styles
    const lostEntry = needed.some(asset => asset.isEntry && asset.kind !== 'style')
    // A browser that shows the page all the same has the last word on what kills it.
    const isDrawn = seen !== null && life.shell && !seesNothing
    const isCertain = !isDrawn && (lostEntry || lostStyles)
    faults.push({ outcome: 'broken-assets', what: nameOf(first, life), isCertain })
  } else if (life.empty) faults.push({ outcome: 'empty', what: '', isCertain: true })
  else if (seesNothing && isWhole(seen)) faults.push({ outcome: 'empty', what: '', isCertain: true })
  else faults.push(...thinFault(life, seen))
  return faults
}

/** What could not be told, and how bad it could be. */
export type Gap = { why: string; couldBe: 'blocker' | 'high' | 'medium' }

/** Why a page that is sent cannot be told to live before a browser has run it, or somebody has looked at it; null when it can. */
export const unseenGap = (life: PageLife, seen: Rendering | null): Gap | null => {
  if (life.thin?.how === 'doubtful' && life.kind !== 'page')
    return { why: `it is sent as ${life.type}, and is no page`, couldBe: 'high' }
  if (life.kind !== 'page') return null
  if (seen === null && life.undrawn)
    return {
      why: 'its scripts draw the page, and none was run here: audit with --browser to see what visitors see',
      // They are there, of their type, and can be read: that they fail all the same is the exception, and no reason to stop each release.
      couldBe: 'medium',
    }
  const isComplaint = seen !== null && (seen.shown.words !== null || (life.undrawn && seen.shown.text === ''))
  if (seen !== null && isComplaint && !isWhole(seen))
    return {
      why: `what a browser showed of it ("${seen.shown.words ?? ''}") may come of requests that were not sent or gave no answer`,
      couldBe: 'blocker',
    }
  if (life.thin?.how === 'doubtful')
    return {
      why: `it says "${life.thin.words}", as pages do that a hoster, a program or an installer puts in a product's place. Where it is the product's own, name it in the config (routes[].expectStatus)`,
      couldBe: 'high',
    }
  // Small sites are meant as they are; whether this one is, no page says.
  const few = life.thin?.how === 'bare' ? life.thin.words : life.undrawn ? (seen?.shown.bare ?? null) : null
  if (few === null) return null
  return {
    why: `it says "${few}" and leads nowhere: no page of its own, nothing to fill in, nobody to reach. Where that is all that it should show, name it in the config (routes[].expectStatus)`,
    couldBe: 'high',
  }
}

/** Why it cannot be told whether the page lives; null when it can. */
export const lifeGap = (life: PageLife): string | null => {
  const [first] = life.untold
  if (first) return `${life.untold.length} files that the page loads gave no answer (${first.url}: ${first.message})`
  return life.consentWall ? 'it shows a request for consent; what stands behind it was not seen' : null
}

/** Whether nothing speaks against a page's life: it shows more than "not found", and what it loads is there. */
export const isLiving = (life: PageLife): boolean =>
  life.kind === 'page' && lifeFaults(life, null).length === 0 && lifeGap(life) === null && !life.saysNotFound

const thinProof: Readonly<Record<Thin['how'], string>> = {
  tool: 'the console of a program, and not a page for customers',
  foreign: 'what a server, a platform or a registrar shows',
  data: 'data for programs',
  hollow: 'no words, no links and no pictures between its head and its foot',
  bare: 'no page of its own to go on to, nothing to fill in, nobody to reach',
  doubtful: 'words for whoever keeps a site, and hardly anything to go on to',
}

/** What proves a fault, in pairs of label and value. */
export const lifeProofs = ({ outcome, what, isTool }: LifeFault, life: PageLife): [label: string, value: string][] => {
  switch (outcome) {
    case 'broken-assets':
    case 'side-script':
      return brokenOf(outcome, life)
        .slice(0, 5)
        .map(({ url, words }) => [url, words])
    case 'downloads':
      return [['content-type', life.type || 'not sent']]
    case 'error-text':
      if (isTool) return [['the page', thinProof.tool]]
      if (what === bytesWords) return [['the page', what]]
      return [[(life.words ?? life.doubtful) === null ? 'the page says, drawn by a browser' : 'the page says', what]]
    default:
      if (life.thin) return [['the page', thinProof[life.thin.how]]]
      return [['the page', 'no words, no pictures, and nothing that would draw them']]
  }
}
