// Static files: what kind they are, whether their name changes with their content, and how well they are kept.
import { fileName } from '../repo/paths.ts'
import { cachingOf, hasValidator, varyOf } from './cache-control.ts'
import { type Headers, headerValue } from './headers.ts'

export type StaticKind = 'script' | 'style' | 'font' | 'image'

const kinds: readonly [RegExp, StaticKind][] = [
  [/\.[cm]?js$/i, 'script'],
  [/\.css$/i, 'style'],
  [/\.(?:woff2?|ttf|otf|eot)$/i, 'font'],
  [/\.(?:png|jpe?g|gif|webp|avif|svg|ico|bmp)$/i, 'image'],
]

/** The kind of file by its path; null where it is none that pages load. */
export const staticKind = (url: string): StaticKind | null => {
  const path = URL.canParse(url) ? new URL(url).pathname : url
  return kinds.find(([pattern]) => pattern.test(path))?.[1] ?? null
}

/** Folders whose files bear a hash whatever they are called. */
const hashedFolders =
  /\/(?:_next\/static\/(?!development)|_nuxt\/|_astro\/|_app\/immutable\/|_build\/assets\/|_remix\/)/

/** Whether a part of a name is a hash rather than a word: hexadecimal, a time, or mixed letters as tools write them. */
export const looksHashed = (part: string): boolean => {
  if (part.length < 8 || part.length > 64) return false
  if (/^[0-9a-f]+$/i.test(part)) return /\d/.test(part)
  if (!/^[\w-]+$/.test(part)) return false
  const digits = part.match(/\d/g)?.length ?? 0
  // Letters of both cases with a digit among them, or with capitals where no word has them.
  const isMixed = /[a-z]/.test(part) && /[A-Z]/.test(part)
  if (digits > 0) return isMixed || digits > 1 ? !/^[a-z]+\d{1,3}$/i.test(part) : false
  return isMixed && part.length <= 12 && (part.match(/[a-z][A-Z]/g)?.length ?? 0) > 1
}

/** `hashed`: the name changes with the content. `versioned`: its query or a number in its name does. `plain`: it stays. */
export type Naming = 'hashed' | 'versioned' | 'plain'

export const namingOf = (url: string): Naming => {
  const { pathname, search } = new URL(url)
  if (hashedFolders.test(pathname)) return 'hashed'
  const name = fileName(pathname)
  const parts = name
    .replace(/\.(?:min|bundle|chunk|module)(?=\.)/gi, '')
    .split('.')
    .slice(0, -1)
  const pieces = parts.flatMap(part => [part, ...part.split('-').slice(1), ...part.split('_').slice(1)])
  const folders = pathname.split('/').slice(1, -1)
  if (pieces.some(looksHashed)) return 'hashed'
  // Vite's hashes are eight letters that may hold a dash themselves.
  if (/-[\w-]{8}\.\w+$/.test(name) && looksHashed(name.replace(/^.*-([\w-]{8})\.\w+$/, '$1'))) return 'hashed'
  if (folders.some(folder => /^[0-9a-f]{8,64}$/i.test(folder) && /\d/.test(folder))) return 'hashed'
  if (/[?&](?:v|ver|version|h|hash|id|t|_)=[\w.-]+/.test(search) || /^\?[\w.-]{3,64}$/.test(search)) return 'versioned'
  return /[-_.@/]v?\d+\.\d+(?:\.\d+)?(?=[-_.@/])/.test(pathname) ? 'versioned' : 'plain'
}

export type StaticFault = 'not-cached' | 'short' | 'unhashed-immutable' | 'no-validator' | 'no-vary'

const month = 30 * 86_400

/** What is wrong with how a file is kept; empty where nothing is. */
export const staticFaults = (url: string, answer: { headers: Headers }): StaticFault[] => {
  const caching = cachingOf(answer)
  const naming = namingOf(url)
  const seconds = caching.browserSeconds
  const validated = hasValidator(answer)
  const faults: StaticFault[] = []
  const isAnew = caching.noStore || (!validated && (seconds === null || seconds === 0))
  if (isAnew) faults.push('not-cached')
  else if (naming === 'hashed') {
    if ((seconds ?? 0) < month) faults.push('short')
  } else if (naming === 'plain') {
    if (caching.immutable) faults.push('unhashed-immutable')
    if (!validated) faults.push('no-validator')
  }
  const coding = headerValue(answer, 'content-encoding') ?? ''
  const vary = varyOf(answer)
  const isShared = !caching.noStore && !caching.private
  if (
    /\b(?:gzip|br|zstd|deflate)\b/i.test(coding) &&
    isShared &&
    !vary.includes('accept-encoding') &&
    !vary.includes('*')
  )
    faults.push('no-vary')
  return faults
}
