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

/** Next.js: what the front page loads, of the app router or of pages. */
const next = (read: ReadBuilt): FirstLoad | null => {
  const build = parsed(read('.next/build-manifest.json'))
  if (!build) return null
  const app = parsed(read('.next/app-build-manifest.json'))
  const appPages = isRecord(app?.['pages']) ? app['pages'] : {}
  const own = Object.keys(appPages).find(key => /^\/(?:\([^)]*\)\/)*(?:\[[^\]]*\]\/)?page$/.test(key))
  const pages = isRecord(build['pages']) ? build['pages'] : {}
  const files = own
    ? [...strings(build['rootMainFiles']), ...strings(appPages[own]), ...strings(appPages['/layout'])]
    : strings(build['rootMainFiles']).length && !pages['/']
      ? strings(build['rootMainFiles'])
      : [...strings(pages['/_app']), ...strings(pages['/'])]
  return { tool: 'next', from: '.next/build-manifest.json', files: scripts(files).map(file => `.next/${file}`) }
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

const svelte = (read: ReadBuilt): FirstLoad | null => {
  const found = manifestOf(read, '.svelte-kit/output/client')
  if (!found) return null
  const isFirst = (key: string): boolean =>
    /(?:client\/(?:entry|start)|\/start|entry\/start|entry\/app|client-optimized\/app|client\/app|nodes\/[02])\.js$/.test(
      key,
    )
  return {
    tool: 'sveltekit',
    from: found.at,
    files: fromManifest(found.manifest, isFirst).map(file => `.svelte-kit/output/client/${file}`),
  }
}

const router = (read: ReadBuilt): FirstLoad | null => {
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

/** The page itself: the scripts that it names, and what it preloads as modules. */
const fromPage = (read: ReadBuilt, tool: string, folder: string): FirstLoad | null => {
  const html = read(`${folder}/index.html`)
  if (html === null) return null
  const page = readHtml(html, 'https://built.invalid/index.html')
  const files = page.resources
    .filter(({ kind, url }) => kind === 'script' && url.startsWith('https://built.invalid/'))
    .map(({ url }) => new URL(url).pathname.slice(1))
  return { tool, from: `${folder}/index.html`, files: scripts(files).map(file => `${folder}/${file}`) }
}

/** Nuxt without a page that was rendered ahead: its entry, as the server's manifest names it. */
const nuxt = (read: ReadBuilt): FirstLoad | null => {
  const rendered = fromPage(read, 'nuxt', '.output/public')
  if (rendered) return rendered
  const manifest = parsed(read('.nuxt/dist/server/client.manifest.json'))
  if (!manifest) return null
  const files = fromManifest(manifest, (_key, chunk) => chunk['isEntry'] === true)
  return {
    tool: 'nuxt',
    from: '.nuxt/dist/server/client.manifest.json',
    files: files.map(file => `.output/public/_nuxt/${file}`),
  }
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
