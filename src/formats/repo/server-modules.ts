// Which modules of Next.js run on the server alone: what is read there is in no bundle of the browser, whatever its prefix.
import { usesClient } from './javascript-nodes.ts'
import { type ModuleWorld, moduleImports, resolveImport } from './module-imports.ts'

/** Files that the framework itself starts with; without a word of theirs they run on the server. */
const serverEntry =
  /(?:^|\/)app\/(?:.*\/)?(?:page|layout|template|route|loading|not-found|default|sitemap|robots|opengraph-image)\.[jt]sx?$|(?:^|\/)(?:middleware|proxy|instrumentation)\.[jt]s$/
/** Pages of the older router go to browsers with what they import. */
const clientPage = /(?:^|\/)pages\/(?!api\/)/
const action = /^\s*(?:\/\*[\s\S]{0,2000}?\*\/\s*|\/\/[^\n]*\n\s*)*['"]use server['"]/

/** Modules that are followed from one. */
const mostModules = 2000

/**
 * A test whether a module runs on the server alone: every way to it, through whoever imports it, begins at an entry of the server. Where a
 * way begins at nothing that is known, nobody can tell.
 */
export const serverAlone = (
  code: readonly string[],
  world: ModuleWorld,
  read: (path: string) => string,
): ((path: string) => boolean) => {
  const importers = new Map<string, string[]>()
  for (const path of code)
    for (const one of moduleImports(path, read(path)))
      for (const file of resolveImport(path, one, world)) {
        const known = importers.get(file)
        if (known) known.push(path)
        else importers.set(file, [path])
      }
  return start => {
    const seen = new Set([start])
    const open = [start]
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const text = read(path)
      if (usesClient(text) || clientPage.test(path) || seen.size > mostModules) return false
      const isStart = serverEntry.test(path) || action.test(text.slice(0, 20_000))
      const users = importers.get(path) ?? []
      if (!isStart && users.length === 0) return false
      // An action is called from browsers, and not sent to them.
      if (action.test(text.slice(0, 20_000))) continue
      for (const user of users)
        if (!seen.has(user)) {
          seen.add(user)
          open.push(user)
        }
    }
    return true
  }
}
