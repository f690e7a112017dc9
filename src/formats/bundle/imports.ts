// Which modules a script needs before it runs: the import statements at its head, inline `import()`, and import maps (HTML §8.1.5.2).
import { isRecord } from '../is-record.ts'

/** Blanks and comments between statements. */
const between = /(?:\s|\/\*[\s\S]{0,20000}?\*\/|\/\/[^\n]{0,2000}(?:\n|$)|["']use (?:strict|client)["'];?|;)*/y
const statement =
  /(?:import|export)\s*(?:(?:[\w$]{1,100}\s*(?:,\s*)?)?(?:(?:\*\s*as\s+[\w$]{1,100}|\{[^{}"'`;]{0,20000}\})\s*)?from\s*)?(["'])([^"'\n]{1,500})\1(?:\s*(?:with|assert)\s*\{[^{}]{0,200}\})?/y

/** What Vite writes above the imports of a script that loads others later: one line, the list of their files. */
const preamble = /(?:const|let|var) [\w$]{1,60}=[^\n`]{0,200000};\n(?=import\b)/y

const mostImports = 60

/** What the import statements at the head of a module name, as written. Bundlers put all of them there. */
export const headImports = (text: string): string[] => {
  const found: string[] = []
  preamble.lastIndex = 0
  let at = preamble.exec(text)?.[0].length ?? 0
  while (found.length < mostImports) {
    between.lastIndex = at
    const gap = between.exec(text)
    at += gap?.[0].length ?? 0
    statement.lastIndex = at
    const match = statement.exec(text)
    if (!match) break
    found.push(match[2]!)
    at += match[0].length
  }
  return [...new Set(found)]
}

/** `import("./x.js")` with a literal anywhere in an inline script: how SvelteKit, Astro and React Router start. */
export const callImports = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/\bimport\(\s*(?:\/\*[^*]{0,80}\*\/\s*)?(["'`])([^"'`\s$]{1,300})\1/g)]
      .slice(0, mostImports)
      .map(match => match[2]!),
  ),
]

/** Modules by the names that pages and scripts use for them; the values are URLs. */
export type ImportMap = ReadonlyMap<string, string>

/** Reads an import map; `base` is the page's. Null when browsers refuse it, which leaves all names without a module. */
export const readImportMap = (text: string, base: string): ImportMap | null => {
  let map: unknown
  try {
    map = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(map)) return null
  const found = new Map<string, string>()
  const scopes = isRecord(map['scopes']) ? Object.values(map['scopes']) : []
  for (const entries of [map['imports'], ...scopes])
    for (const [name, written] of isRecord(entries) ? Object.entries(entries).slice(0, 500) : [])
      if (
        typeof written === 'string' &&
        !found.has(name) &&
        /^(?:\.{0,2}\/|https?:)/.test(written) &&
        URL.canParse(written, base)
      )
        found.set(name, new URL(written, base).href)
  return found
}

/** Several import maps as one: of a name given twice the first counts (HTML §8.1.6.2). Null where browsers know none. */
export const joinImportMaps = (maps: readonly (ImportMap | null)[]): ImportMap | null => {
  const known = maps.filter(map => map !== null)
  return known.length ? new Map(known.toReversed().flatMap(map => [...map])) : null
}

/** The URL of a module as a script at `base` names it; null where browsers know none by that name. */
export const resolveModule = (written: string, base: string, map: ImportMap | null): string | null => {
  const own = map?.get(written)
  if (own) return own
  const prefix = [...(map?.keys() ?? [])]
    .filter(key => key.endsWith('/') && written.startsWith(key))
    .sort((a, b) => b.length - a.length)[0]
  if (prefix)
    return URL.canParse(written.slice(prefix.length), map!.get(prefix)!)
      ? new URL(written.slice(prefix.length), map!.get(prefix)!).href
      : null
  return /^(?:\.{0,2}\/|https?:|data:|blob:)/.test(written) && URL.canParse(written, base)
    ? new URL(written, base).href
    : null
}
