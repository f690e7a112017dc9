// Which scripts a browser loads before it can react to anything, by what each tool leaves behind when it builds.

import { readHtml } from '../html/html.ts'
import { isRecord } from '../is-record.ts'

/** Reads a file below the package's folder; null where there is none. */
export type ReadBuilt = (path: string) => string | null

export type FirstLoad = { tool: string; from: string /** Below the package's folder. */; files: string[] }

const parsed = (source: string | null): Record<string, unknown> | null => {
  if (source === null) return null
  try {
    const value: unknown = JSON.parse(source)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
const scripts = (files: readonly string[]): string[] =>
  [...new Set(files.filter(file => /\.[cm]?js$/.test(file)))].sort()

/** The names that one script imports at once, whatever else it may import later. */
const importedAtOnce = /(?:\bfrom|\bimport)\s?["']((?:\.{1,2})?\/[\w./@~$%+-]{1,200}\.m?js)["']/g
const mostFollowed = 300

/** These scripts and all that they import at once. Paths below the package's folder; `folder` is the root of the site. */
const withImports = (read: ReadBuilt, folder: string, files: readonly string[]): string[] => {
  const found = new Set<string>()
  const open = [...files]
  while (open.length > 0 && found.size < mostFollowed) {
    const file = open.pop()!
    const source = found.has(file) ? null : read(`${folder}/${file}`)
    if (source === null) continue
    found.add(file)
    for (const [, name] of source.matchAll(importedAtOnce)) {
      const url = new URL(name!, `https://built.invalid/${file}`)
      open.push(url.pathname.slice(1))
    }
  }
  return scripts([...found])
}

/** Whether a browser of today loads it. */
const isLoaded = ({ kind, attributes }: { kind: string; attributes: Record<string, string> }): boolean =>
  kind === 'script' && attributes['nomodule'] === undefined

/** The scripts that a page of the site names, and what it preloads as modules: paths below the root of the site. */
const namedBy = (html: string): string[] =>
  readHtml(html, 'https://built.invalid/index.html')
    .resources.filter(resource => isLoaded(resource) && resource.url.startsWith('https://built.invalid/'))
    .map(({ url }) => new URL(url).pathname.slice(1))

const belowNext = (file: string): string[] => {
  const at = file.indexOf('static/')
  return at < 0 ? [] : [`.next/${file.slice(at)}`]
}

/** The front page of the app router: as it was rendered ahead, else as the server's own manifest names its scripts. */
const nextApp = (read: ReadBuilt, main: readonly string[]): FirstLoad | null => {
  const from = '.next/server/app/index.html'
  const html = read(from)
  if (html !== null) {
    const named = readHtml(html, 'https://built.invalid/').resources.filter(isLoaded)
    const paths = named.map(({ url }) => new URL(url).pathname).filter(path => path.includes('/_next/'))
    const files = scripts(paths.flatMap(belowNext))
    if (files.length > 0) return { tool: 'next', from, files }
  }
  const app = parsed(read('.next/app-build-manifest.json'))
  const pages = isRecord(app?.['pages']) ? app['pages'] : {}
  const isFront = (key: string): boolean => /^\/(?:\([^)]*\)\/)*(?:\[[^\]]*\]\/)?page$/.test(key)
  const own = Object.keys(pages).find(isFront)
  if (own)
    return {
      tool: 'next',
      from: '.next/app-build-manifest.json',
      files: scripts([...main, ...strings(pages[own]), ...strings(pages['/layout'])]).flatMap(belowNext),
    }
  const page = Object.keys(parsed(read('.next/app-path-routes-manifest.json')) ?? {}).find(isFront)
  if (page === undefined) return null
  const at = `.next/server/app${page}_client-reference-manifest.js`
  const source = read(at) ?? ''
  const entries = parsed(source.slice(source.indexOf('{"')).replace(/;?\s{0,9}$/, ''))?.['entryJSFiles']
  if (!isRecord(entries)) return null
  const files = Object.entries(entries).flatMap(([key, list]) => (/\/(?:page|layout)$/.test(key) ? strings(list) : []))
  return { tool: 'next', from: at, files: scripts([...main, ...files]).flatMap(belowNext) }
}

/** Next.js: what the front page loads, of the app router or of pages. */
const next = (read: ReadBuilt): FirstLoad | null => {
  const from = '.next/build-manifest.json'
  const build = parsed(read(from))
  if (!build) return null
  const main = strings(build['rootMainFiles'])
  const pages = isRecord(build['pages']) ? build['pages'] : {}
  if (pages['/'] === undefined && main.length > 0) {
    const app = nextApp(read, main)
    return app ?? { tool: 'next', from, files: scripts(main).flatMap(belowNext) }
  }
  const files = [...strings(pages['/_app']), ...strings(pages['/'])]
  return { tool: 'next', from, files: scripts(files).flatMap(belowNext) }
}

/** A manifest of Vite: entries by the tests of their names, with all that they import at once. */
const fromManifest = (
  manifest: Record<string, unknown>,
  isEntry: (key: string, chunk: Record<string, unknown>) => boolean,
): string[] => {
  const found = new Set<string>()
  const take = (key: string, depth: number): void => {
    const chunk = manifest[key]
    if (!isRecord(chunk) || typeof chunk['file'] !== 'string' || found.has(chunk['file']) || depth > 50) return
    found.add(chunk['file'])
    for (const imported of strings(chunk['imports'])) take(imported, depth + 1)
  }
  for (const [key, chunk] of Object.entries(manifest)) if (isRecord(chunk) && isEntry(key, chunk)) take(key, 0)
  return scripts([...found])
}

const manifestOf = (read: ReadBuilt, folder: string): { at: string; manifest: Record<string, unknown> } | null => {
  for (const at of [`${folder}/.vite/manifest.json`, `${folder}/manifest.json`]) {
    const manifest = parsed(read(at))
    if (manifest) return { at, manifest }
  }
  return null
}

/** Numbers of the parts that SvelteKit puts together for the front page; null where its table is not there. */
const svelteNodes = (read: ReadBuilt): string[] | null => {
  const table = read('.svelte-kit/generated/client-optimized/app.js') ?? ''
  const found = /"\/(?:\([\w-]{1,80}\)\/?){0,5}": ?\[~?(\d{1,4})(?:,\[([\d,]{0,100})\])?/.exec(table)
  return found ? ['0', found[1]!, ...(found[2] ?? '').split(',').filter(Boolean)] : null
}

const svelte = (read: ReadBuilt): FirstLoad | null => {
  const found = manifestOf(read, '.svelte-kit/output/client')
  if (!found) return null
  const nodes = svelteNodes(read) ?? ['0', '2']
  const isFirst = (key: string): boolean =>
    /(?:client\/(?:entry|start)|\/start|entry\/start|entry\/app|client-optimized\/app|client\/app)\.js$/.test(key) ||
    nodes.some(number => key.endsWith(`nodes/${number}.js`))
  return {
    tool: 'sveltekit',
    from: found.at,
    files: fromManifest(found.manifest, isFirst).map(file => `.svelte-kit/output/client/${file}`),
  }
}

type RouterPart = { module?: unknown; imports?: unknown; index?: unknown; path?: unknown; parentId?: unknown }

/** The manifest that React Router and Remix send to the browser; the page or the server names it. */
const sentManifest = (read: ReadBuilt): { from: string; manifest: Record<string, unknown> } | null => {
  for (const place of ['build/server/index.js', 'build/client/index.html']) {
    const name = /["'](\/[\w./-]{0,200}manifest-[\w-]{1,40}\.js)["']/.exec(read(place) ?? '')?.[1]
    if (name === undefined) continue
    const from = `build/client${name.slice(name.lastIndexOf('/assets/'))}`
    const source = read(from) ?? ''
    const manifest = parsed(source.slice(source.indexOf('{'), source.lastIndexOf('}') + 1))
    if (manifest) return { from, manifest }
  }
  return null
}

/** The index route and those that it stands in, none of which adds to the address. */
const frontRoutes = (routes: Record<string, unknown>): RouterPart[] => {
  for (const route of Object.values(routes)) {
    if (!isRecord(route) || route['index'] !== true) continue
    const chain: RouterPart[] = []
    for (let at: unknown = route; isRecord(at) && chain.length < 20; at = routes[String(at['parentId'])]) chain.push(at)
    if (chain.every(({ path }) => path === undefined || path === '')) return chain
  }
  return isRecord(routes['root']) ? [routes['root']] : []
}

const router = (read: ReadBuilt): FirstLoad | null => {
  const sent = sentManifest(read)
  if (sent) {
    const { entry, routes } = sent.manifest
    const parts = [...(isRecord(entry) ? [entry] : []), ...frontRoutes(isRecord(routes) ? routes : {})] as RouterPart[]
    const named = parts.flatMap(({ module, imports }) => [...strings([module]), ...strings(imports)])
    const files = named.map(path => path.slice(path.lastIndexOf('/assets/')))
    return { tool: 'react-router', from: sent.from, files: scripts(files).map(file => `build/client${file}`) }
  }
  const found = manifestOf(read, 'build/client')
  if (!found) return null
  const isFirst = (key: string): boolean =>
    /(?:entry\.client|(?:^|\/)root|routes\/(?:_index|home|index|_layout|_marketing\S{0,40}_index))\.[jt]sx?(?:\?.*)?$/.test(
      key,
    )
  return {
    tool: 'react-router',
    from: found.at,
    files: fromManifest(found.manifest, isFirst).map(file => `build/client/${file}`),
  }
}

/** Scripts of Astro's islands that come to life as soon as the page stands. */
const islandScripts = (html: string): string[] =>
  html
    .split('<astro-island')
    .slice(1, 200)
    .map(part => part.slice(0, 4000))
    .filter(part => /\bclient="(?:load|idle|only)"/.test(part))
    .flatMap(part => [...part.matchAll(/\b(?:component|renderer)-url="\/([^"]{1,300})"/g)].map(([, path]) => path!))

/** The page itself: the scripts that it names, what it preloads as modules, and what these import at once. */
const fromPage = (read: ReadBuilt, tool: string, folder: string): FirstLoad | null => {
  const from = `${folder}/index.html`
  const html = read(from)
  if (html === null) return null
  const named = [...namedBy(html), ...islandScripts(html)]
  return { tool, from, files: withImports(read, folder, named).map(file => `${folder}/${file}`) }
}

/** What the front page is made of beside the entry. */
const nuxtFront = /(?:^|\/)(?:pages\/index|layouts\/default)\.vue$/

/** Files of a manifest of Nuxt that is written as a module: each chunk is one object without another in it. */
const nuxtFiles = (source: string): string[] =>
  source
    .split(/[{}]/)
    .filter(
      chunk => /\bisEntry:(?:!0|true)/.test(chunk) || nuxtFront.test(/\bsrc:"([^"]{1,300})"/.exec(chunk)?.[1] ?? ''),
    )
    .flatMap(chunk => /\bfile:"([\w./-]{1,200}\.m?js)"/.exec(chunk)?.[1] ?? [])

/** Nuxt without a page that was rendered ahead: its entry, as the server's manifest names it. */
const nuxt = (read: ReadBuilt): FirstLoad | null => {
  const rendered = fromPage(read, 'nuxt', '.output/public')
  if (rendered) return rendered
  const module = '.nuxt/dist/server/client.manifest.mjs'
  const source = read(module)
  const from = source === null ? '.nuxt/dist/server/client.manifest.json' : module
  const manifest = source === null ? parsed(read(from)) : null
  const files =
    source !== null
      ? nuxtFiles(source)
      : manifest
        ? fromManifest(manifest, (key, chunk) => chunk['isEntry'] === true || nuxtFront.test(key))
        : []
  const all = withImports(
    read,
    '.output/public',
    files.map(file => `_nuxt/${file}`),
  )
  return all.length ? { tool: 'nuxt', from, files: all.map(file => `.output/public/${file}`) } : null
}

const vite = (read: ReadBuilt, framework: string | null): FirstLoad | null => {
  const tool = framework === 'astro' ? 'astro' : framework === 'angular' ? 'angular' : 'vite'
  for (const folder of ['dist', 'dist/client', 'build', 'out', 'www']) {
    const found = fromPage(read, tool, folder)
    if (found) return found
  }
  const found = manifestOf(read, 'dist')
  return found
    ? {
        tool,
        from: found.at,
        files: fromManifest(found.manifest, (_key, chunk) => chunk['isEntry'] === true).map(file => `dist/${file}`),
      }
    : null
}

/** What the front page of a built package loads first; null where nothing was built. `outputs` are Angular's folders. */
export const firstLoadOf = (
  read: ReadBuilt,
  framework: string | null,
  outputs: readonly string[] = [],
): FirstLoad | null => {
  for (const one of [next, svelte, router, nuxt]) {
    const found = one(read)
    if (found && found.files.length > 0) return found
  }
  for (const folder of outputs) {
    const found = fromPage(read, 'angular', `${folder}/browser`) ?? fromPage(read, 'angular', folder)
    if (found) return found
  }
  return vite(read, framework)
}
