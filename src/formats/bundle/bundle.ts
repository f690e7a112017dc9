// Reads what a site's scripts say of further files: lazy chunks of webpack, Vite and Next.js, and source maps with the sources in them.
import { isRecord } from '../is-record.ts'

/** Chunks taken from one text: bundlers of large products list a few hundred. */
const mostChunks = 400

const absolute = (written: string, base: string): string | null => {
  if (written.length > 300 || !URL.canParse(written, base)) return null
  const url = new URL(written, base)
  url.hash = ''
  return /^https?:$/.test(url.protocol) ? url.href : null
}

/** `{12:"ab34",main:"cd56"}` → pairs. */
const pairsOf = (body: string): [string, string][] =>
  [...body.slice(0, 60_000).matchAll(/["']?([\w~@./-]{1,100})["']?\s*:\s*["']([\w~@./-]{1,100})["']/g)].map(match => [
    match[1]!,
    match[2]!,
  ])

/** A chunk as written, and the URL that it is relative to (the script's own where it is null). */
type Written = { written: string; base: string | null }

/** `import("./x.js")`, `from "./x.js"`. */
function* importedIn(text: string): Generator<Written> {
  for (const match of text.matchAll(
    /(?:\bimport\s*\(?|\bfrom)\s*(?:\/\*[^*]{0,80}\*\/\s*)?["'`]((?:\.{1,2}\/|\/)[\w./~@%+-]{1,200}\.m?js)["'`]/g,
  ))
    yield { written: match[1]!, base: null }
}

/** Vite names its chunks from the site's base: `assets/x.js`, where the script itself is `<base>assets/y.js`. */
function* viteChunksIn(text: string, path: string): Generator<Written> {
  const folder = /^(.*\/)([\w-]+)\/[^/]*$/.exec(path)
  if (!folder) return
  const literal = `"${folder[2]}/`
  for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) {
    const end = text.indexOf('"', at + 1)
    const written = end === -1 || end - at > 200 ? '' : text.slice(at + 1, end)
    if (/^[\w./~@%+-]+\.m?js$/.test(written)) yield { written: folder[1]! + written, base: null }
  }
}

/** Next.js's manifests: `static/chunks/x.js` below `/_next/`. */
function* nextChunksIn(text: string, path: string): Generator<Written> {
  const next = path.indexOf('/_next/')
  if (next === -1) return
  for (const match of text.matchAll(/["']((?:\/_next\/)?static(?:\/|\\u002F)[\w./~@%+\\()[\]-]{1,200}\.js)["']/g)) {
    const written = match[1]!.replaceAll('\\u002F', '/')
    yield { written: written.startsWith('/') ? written : `${path.slice(0, next)}/_next/${written}`, base: null }
  }
}

/** webpack: `"static/js/" + ({12:"pay"}[e] || e) + "." + {12:"ab34"}[e] + ".chunk.js"`. */
function* webpackChunksIn(text: string, url: string): Generator<Written> {
  const webpack =
    /["']([\w./-]{0,60})["']\s*\+\s*(?:\(\s*\{([^{}]{0,60000})\}\s*\[(\w+)\]\s*\|\|\s*\3\s*\)|\(?(\w+)\)?)\s*\+\s*["']([.-])["']\s*\+\s*\{([^{}]{1,60000})\}\s*\[\w+\]\s*\+\s*["'](\.[\w.]{0,30}js)["']/g
  for (const match of text.matchAll(webpack)) {
    const names = new Map(pairsOf(match[2] ?? ''))
    const base = publicPath(text, url, match[1]!)
    for (const [id, hash] of pairsOf(match[6]!))
      yield { written: `${match[1]!}${names.get(id) ?? id}${match[5]!}${hash}${match[7]!}`, base }
  }
}

/** Parcel: `new URL("pay.1a2b3c4d.js", import.meta.url)`, and the runtime's manifest `JSON.parse('["aB1c2","pay.1a2b3c4d.js",…]')`. */
function* parcelChunksIn(text: string): Generator<Written> {
  for (const match of text.matchAll(/\bnew URL\(\s*["'`]([\w./~@%-]{1,200}\.m?js)["'`]\s*,\s*import\.meta\.url/g))
    yield { written: match[1]!, base: null }
  for (const { 1: list = '' } of text.matchAll(
    /\.register\(\s*(?:[\w$.]{1,60}\(["'`][\w$]{1,20}["'`]\)\s*,\s*)?JSON\.parse\(\s*["'`]([[{][^'`]{1,60000}?[\]}])["'`]/g,
  ))
    for (const [, name] of list.matchAll(/\\?"([\w./~@%-]{1,200}\.m?js)\\?"/g)) yield { written: name!, base: null }
}

/** Workers, service workers and what these load: `new Worker(new URL("./w.js", import.meta.url))`, `register("/sw.js")`. */
function* workersIn(text: string): Generator<Written> {
  for (const match of text.matchAll(
    /(?:\bnew (?:Shared)?Worker\(|\bserviceWorker\.register\(|\bimportScripts\()\s*(?:new URL\(\s*)?(?:\/\*[^*]{0,80}\*\/\s*)?["'`]([^"'`\s$]{1,200})["'`]/g,
  ))
    yield { written: match[1]!, base: null }
}

/** Settings that the page fetches when it starts: `fetch("/config.json")`, `axios.get("assets/env.json")`. */
function* settingsIn(text: string): Generator<Written> {
  for (const match of text.matchAll(
    /(?:\bfetch|\baxios(?:\.get)?|\.get(?:JSON)?|\bofetch|\.open\(\s*["']GET["']\s*,|\bloadConfig)\(?\s*["'`]((?:\.{0,2}\/)?[\w./-]{0,100}(?:config|conf|env|environment|settings?|runtime|firebase|appsettings|secrets?|credentials)[\w.-]{0,40}\.json)(?:\?[^"'`]{0,60})?["'`]/gi,
  ))
    yield { written: match[1]!, base: null }
}

/**
 * Scripts that a script loads later, as absolute URLs, sorted. Read are `import("./x.js")` and `from "./x.js"`, Vite's list of
 * dependencies (`assets/x.js`), Next.js's manifests (`static/chunks/x.js`) and webpack's chunk file names
 * (`"static/js/" + e + "." + {12:"ab34"}[e] + ".chunk.js"`), Parcel's manifests, workers, and the settings that are fetched as JSON. What is put together in another way is not found.
 */
export const chunkUrls = (text: string, url: string): string[] => {
  const path = new URL(url).pathname
  const found = new Set<string>()
  const readers = [
    importedIn(text),
    viteChunksIn(text, path),
    nextChunksIn(text, path),
    webpackChunksIn(text, url),
    parcelChunksIn(text),
    workersIn(text),
    settingsIn(text),
  ]
  for (const reader of readers)
    for (const { written, base } of reader) {
      const at = absolute(written, base ?? url)
      if (at && at !== url) found.add(at)
      if (found.size >= mostChunks) return [...found].sort()
    }
  return [...found].sort()
}

/** Where webpack's chunk names begin: its public path where that is a literal, else the script's own folder less the shared part. */
const publicPath = (text: string, url: string, prefix: string): string => {
  const literal = /\b\w+\.p\s*=\s*["']([\w:/.-]{1,200})["']/.exec(text)?.[1]
  if (literal && URL.canParse(literal, url)) return new URL(literal, url).href
  const path = new URL(url).pathname
  const shared = prefix ? path.lastIndexOf(`/${prefix}`) : -1
  return shared === -1 ? url : new URL(path.slice(0, shared + 1), url).href
}

/** The source map that a script or stylesheet names in its last lines, as written; null when it names none. */
export const sourceMapReference = (text: string): string | null => {
  const tail = text.lastIndexOf('sourceMappingURL=')
  if (tail === -1 || !/[#@]\s*$/.test(text.slice(Math.max(0, tail - 3), tail))) return null
  const written = /^[^\s'"*]+/.exec(text.slice(tail + 17, tail + 17 + 32 * 1024 * 1024))?.[0] ?? ''
  return written || null
}

/** A source that a map holds in full. `own`: not of a package or of the bundler's runtime. */
export type MappedSource = { name: string; text: string; own: boolean }

const foreign =
  /(?:^|[/\\])(?:node_modules|bower_components|\.yarn|\.pnpm|vendor)[/\\]|^webpack[/\\]|webpack\/(?:runtime|bootstrap)|^(?:\0|vite[/:]|rollup)|\(webpack\)|^external /

/** Sources, and sections, read of one map. */
const mostSources = 5000

/** The maps in a source map: itself, or those of its sections; null when the text is none. */
const mapsIn = (text: string): unknown[] | null => {
  let map: unknown
  try {
    // Some servers put a line before it that keeps it from being run as a script.
    map = JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, ''))
  } catch {
    return null
  }
  if (!isRecord(map) || map['version'] !== 3) return null
  if (Array.isArray(map['sections']))
    return map['sections'].slice(0, mostSources).map(section => (isRecord(section) ? section['map'] : null))
  return typeof map['mappings'] === 'string' ? [map] : null
}

/** The sources that one map holds in full. */
function* sourcesOf(map: unknown): Generator<MappedSource> {
  if (!isRecord(map) || !Array.isArray(map['sources']) || !Array.isArray(map['sourcesContent'])) return
  const names = map['sources'] as unknown[]
  for (const [at, content] of (map['sourcesContent'] as unknown[]).entries()) {
    const name = names[at]
    if (typeof content !== 'string' || content.trim() === '' || typeof name !== 'string') continue
    yield {
      name: name.replace(/^(?:webpack|turbopack|vite|ng|parcel):\/\/\/?/, '').slice(0, 200),
      text: content,
      own: !foreign.test(name) && !foreign.test(name.replace(/^[\w-]+:\/\/\/?[^/]*\//, '')),
    }
  }
}

/**
 * The sources inside a source map (ECMA-426: version 3, `sources`, `sourcesContent`, `sections`). Null when the text is no
 * source map; an empty list when it is one without sources. At most 5,000 sources are read.
 */
export const mappedSources = (text: string): MappedSource[] | null => {
  const maps = mapsIn(text)
  if (!maps) return null
  const found: MappedSource[] = []
  for (const map of maps)
    for (const source of sourcesOf(map)) {
      if (found.length >= mostSources) return found
      found.push(source)
    }
  return found
}

/** What only the page that a starter template draws says; its title alone is kept by many products. */
const starters: readonly [framework: string, ...words: RegExp[]][] = [
  ['Create React App', /Learn React/, /and save to reload/],
  ['Vite', /Click on the [\w ]{2,40} logos? to learn more|and save to test `?HMR/],
  ['Vite (Vue)', /You['’]ve successfully created a project with/],
  ['Angular', /Congratulations! Your app is running\./, /Explore the Docs/],
]

/** The framework whose starter page this script draws; null when none is recognised. */
export const starterOf = (text: string): string | null =>
  starters.find(([, ...words]) => words.every(word => word.test(text)))?.[0] ?? null
