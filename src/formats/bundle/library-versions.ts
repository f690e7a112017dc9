// Which JavaScript libraries a script holds, and in which version: known by the banner that minifiers keep, by a marker that only
// one library has, or by the URL where a public CDN serves it. A library whose version is not known is not named.
import { type VulnerableLibrary, vulnerableLibraries } from '../../data/vulnerable-libraries.ts'
import { compareVersions, parseVersion } from '../repo/version-range.ts'

export type LibraryVersion = { library: string; version: string }

const number = '(\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})(?![\\d.]|-?(?:alpha|beta|rc|pre|canary))'

/** Banner or marker; `with` must stand in the text too, where the version literal alone proves nothing. */
const banners: readonly { library: string; pattern: RegExp; with?: string }[] = [
  { library: 'jquery', pattern: new RegExp(`/\\*! jQuery v${number} [^\\n]{0,40}\\(c\\)`, 'g') },
  { library: 'jquery', pattern: new RegExp(`jQuery JavaScript Library v${number}`, 'g') },
  { library: 'jquery-ui', pattern: new RegExp(`/\\*! jQuery UI - v${number}`, 'g') },
  {
    library: 'bootstrap',
    pattern: new RegExp(`\\*\\s+Bootstrap(?:\\.js)? v${number} (?:by|\\(https://getbootstrap)`, 'g'),
  },
  { library: 'bootstrap', pattern: new RegExp(`Bootstrap: tooltip\\.js v${number}`, 'g') },
  { library: 'angular', pattern: new RegExp(`AngularJS v${number}`, 'g') },
  { library: 'lodash', pattern: /=["'](4\.17\.\d{1,2})["']/g, with: '__lodash_hash_undefined__' },
  { library: 'underscore', pattern: new RegExp(`Underscore\\.js ${number}\\s`, 'g') },
  { library: 'moment', pattern: new RegExp(`//! moment\\.js\\s+//! version : ${number}`, 'g') },
  { library: 'moment', pattern: /\.version\s*=\s*["'](2\.\d{1,2}\.\d{1,2})["'][,;][^"']{0,60}\.fn\s*=/g },
  { library: 'handlebars', pattern: new RegExp(`@license\\s[\\s*]{0,20}handlebars v${number}`, 'g') },
  { library: 'dompurify', pattern: new RegExp(`@license DOMPurify ${number} `, 'g') },
  { library: 'axios', pattern: new RegExp(`/\\*!? [Aa]xios v${number} `, 'g') },
  { library: 'next', pattern: new RegExp(`window\\.next\\s*=\\s*\\{\\s*version:\\s*["']${number}["']`, 'g') },
  { library: 'vue', pattern: new RegExp(`\\* Vue\\.js v${number}\\s`, 'g') },
  {
    library: 'react-dom',
    pattern: new RegExp(`React v${number}\\s+\\*\\s+react-dom(?:\\.production)?(?:\\.min)?\\.js`, 'g'),
  },
  { library: 'knockout', pattern: new RegExp(`Knockout JavaScript library v${number}`, 'g') },
  { library: 'select2', pattern: new RegExp(`/\\*! Select2 ${number} `, 'g') },
  { library: 'chart.js', pattern: new RegExp(`\\* Chart\\.js v?${number}\\s`, 'g') },
]

/** File names of the same libraries, as CDNs and people write them. */
const fileNames: Record<string, string> = {
  jquery: 'jquery',
  'jquery-ui': 'jquery-ui',
  jqueryui: 'jquery-ui',
  bootstrap: 'bootstrap',
  'twitter-bootstrap': 'bootstrap',
  angular: 'angular',
  angularjs: 'angular',
  'angular.js': 'angular',
  lodash: 'lodash',
  'lodash.js': 'lodash',
  underscore: 'underscore',
  'underscore.js': 'underscore',
  moment: 'moment',
  'moment.js': 'moment',
  handlebars: 'handlebars',
  'handlebars.js': 'handlebars',
  dompurify: 'dompurify',
  axios: 'axios',
  vue: 'vue',
  'react-dom': 'react-dom',
  knockout: 'knockout',
  select2: 'select2',
  'chart.js': 'chart.js',
  prism: 'prismjs',
  prismjs: 'prismjs',
}

/** Libraries in a script's text, each version once. */
export const libraryVersions = (text: string): LibraryVersion[] => {
  const found = new Map<string, LibraryVersion>()
  for (const banner of banners) {
    if (banner.with && !text.includes(banner.with)) continue
    for (const match of text.matchAll(banner.pattern)) {
      found.set(`${banner.library} ${match[1]}`, { library: banner.library, version: match[1]! })
      if (found.size >= 50) break
    }
  }
  return [...found.values()]
}

const cdn =
  /^(?:cdnjs\.cloudflare\.com|cdn\.jsdelivr\.net|unpkg\.com|ajax\.googleapis\.com|code\.jquery\.com|ajax\.aspnetcdn\.com|(?:maxcdn|stackpath|netdna)\.bootstrapcdn\.com|cdn\.bootcdn\.net|esm\.sh)$/

/** The library that a URL names with its version: on the public CDNs by their paths, elsewhere by `jquery-3.4.1.min.js`. Null when it names none. */
export const libraryOfUrl = (url: string): LibraryVersion | null => {
  if (!URL.canParse(url)) return null
  const { hostname, pathname } = new URL(url)
  const file =
    /\/([a-z][a-z.-]{1,30}?)[-.@](\d{1,3}\.\d{1,3}\.\d{1,3})(?:\.(?:slim|min|bundle|prod|production))*\.js$/i.exec(
      pathname,
    )
  const byFile = file && fileNames[file[1]!.toLowerCase()]
  if (byFile) return { library: byFile, version: file[2]! }
  if (!cdn.test(hostname) || !/\.js$|@[\d.]+$/.test(pathname)) return null
  const path = /\/([a-z][a-z.-]{1,30}?)[@/](\d{1,3}\.\d{1,3}\.\d{1,3})(?:\/|$)/i.exec(pathname)
  const byPath = path && fileNames[path[1]!.toLowerCase()]
  return byPath ? { library: byPath, version: path[2]! } : null
}

/** Whether a script's file name says that it is a library as published, with or without its version. */
export const isLibraryFile = (url: string): boolean => {
  const name = /\/([a-z][a-z.-]{1,30}?)(?:[-.@]\d[\d.]*)?(?:\.(?:slim|min|bundle|prod|production))*\.m?js$/i.exec(
    URL.canParse(url) ? new URL(url).pathname : '',
  )
  return name !== null && name[1]!.toLowerCase() in fileNames
}

/** Advisories that name this version; none where it is sound or unknown. */
export const advisoriesOf = ({ library, version }: LibraryVersion): VulnerableLibrary[] => {
  const at = parseVersion(version)
  if (!at) return []
  return vulnerableLibraries.filter(
    row =>
      row.library === library &&
      compareVersions(at, parseVersion(row.from)!) >= 0 &&
      (row.fixed === null || compareVersions(at, parseVersion(row.fixed)!) < 0),
  )
}

/** The lowest version that mends all of these holes; null where one of them is never mended. */
export const fixedInAll = (rows: readonly { fixed: string | null }[]): string | null => {
  const fixes = rows.flatMap(row => row.fixed ?? [])
  return fixes.length < rows.length
    ? null
    : (fixes.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1) ?? null)
}
