// What is known of a page that was read as a browser with scripts takes it.
import type { PageMiddle } from './page-middle.ts'

/** A script or stylesheet, in the order of the document. `url` is null for what stands in the page itself. */
export type PageAsset = {
  kind: 'script' | 'module' | 'style'
  url: string | null
  /** Text of an inline script. */
  text: string
  attributes: Record<string, string>
}

export type PageDocument = {
  url: string
  base: string
  title: string
  /** Visible text outside of code, blanks folded. */
  text: string
  /** Of `text`, what stands outside of links, navigation and the page's foot. */
  own: string
  /** Words of the middle between its head and its foot, line by line, and the ways on from there. */
  middle: PageMiddle
  /** Words around the middle, line by line: of its head, its navigation, its foot. */
  around: string[]
  /** What it says to browsers without scripts. */
  unscripted: string
  /** Visible text inside `pre`, `code`, `samp`, `kbd` and `textarea`. */
  code: string
  /** Visible words of `h1` and `h2`. */
  headings: string[]
  /** Elements that show something without text: pictures, drawings, media, fields, buttons. */
  drawn: number
  /** Of these, what can be filled in. */
  fields: number
  /** Of these, for a password. */
  passwords: number
  /** Of these, for the name, the user, the password or the host of a database. */
  databases: number
  images: string[]
  frames: string[]
  links: number
  /** Of these, to a mailbox, a telephone or a chat. */
  contacts: number
  /** What its pictures say of themselves to those who cannot see them. */
  alternatives: string
  /** Other pages of the same host that it links to. */
  pages: number
  /** Their paths, and the other hosts that it links to. */
  paths: string[]
  away: string[]
  /** Where it says that it stands, for search engines. */
  canonical: string | null
  /** Places in which a framework says that it has no text for them. */
  untranslated: number
  /** Signs that somebody made it: styles, an icon, a description, a name for search engines and shared links. */
  care: number
  /** Whether it has a head or a foot of a site and nothing between them: no words, no links, nothing drawn. */
  hollow: boolean
  /** Whether all that it shows stands in such a head or foot, and nothing of a middle is there. */
  framed: boolean
  /** Its own styles keep all of it from sight. */
  curtained: boolean
  assets: PageAsset[]
  /** Texts of the import maps, which browsers put together. */
  importMaps: string[]
  /** `content` of `<meta http-equiv=refresh>`. */
  refreshes: string[]
  /** `content` of `<meta http-equiv=content-security-policy>` in the head. */
  policies: string[]
}

/** A page of which nothing was read yet. */
export const blankPage = (url: string): PageDocument => ({
  url,
  base: url,
  title: '',
  text: '',
  own: '',
  middle: { lines: [], onward: [], asks: 0 },
  around: [],
  unscripted: '',
  code: '',
  headings: [],
  drawn: 0,
  fields: 0,
  passwords: 0,
  databases: 0,
  images: [],
  frames: [],
  links: 0,
  contacts: 0,
  alternatives: '',
  pages: 0,
  paths: [],
  away: [],
  canonical: null,
  untranslated: 0,
  care: 0,
  hollow: false,
  framed: false,
  curtained: false,
  assets: [],
  importMaps: [],
  refreshes: [],
  policies: [],
})
