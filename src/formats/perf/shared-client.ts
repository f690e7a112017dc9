// The diff by which a file makes its database client once, at its top, in place of once for each request.
import { movedLinePatch } from '../patch.ts'

const imports = /^(?:import\s.*|\}\s*from\s.*|(?:const|let|var)\s.*\brequire\(.*\).*)["')];?\s*$/
/** A whole statement on one line, which needs nothing of its request: no argument, or variables of the environment alone. */
const alone = /^\s+(?:const|let|var)\s+(\w+)\s*=\s*new\s+(?:PrismaClient|Pool)\(\s*(?:\{[^{}]*\})?\s*\);?\s*$/
const known = /^(?:true|false|\d+|process\.env(?:\.\w+|\[["']\w+["']\])!?|["'][^"'`]*["'])$/

const isKnown = (line: string): boolean =>
  (/\{([^{}]*)\}/.exec(line)?.[1] ?? '')
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
    .every(part => known.test(part.slice(part.indexOf(':') + 1).trim()) && part.includes(':'))

/** Null where it is not one line that can go, where the handler closes what it made, or where the name is taken at the top. */
export const sharedClient = (path: string, source: string, line: number): string | null => {
  const lines = source.split('\n')
  const text = lines[line - 1] ?? ''
  const name = alone.exec(text)?.[1]
  if (name === undefined || !isKnown(text)) return null
  if (new RegExp(`\\b${name}\\s*\\.\\s*(?:\\$disconnect|end)\\(`).test(source)) return null
  if (lines.some(other => new RegExp(`^(?:export\\s+)?(?:const|let|var|function|class)\\s+${name}\\b`).test(other)))
    return null
  const last = lines.slice(0, line - 1).findLastIndex(one => imports.test(one))
  return last < 0 ? null : movedLinePatch(path, source, { from: line, after: last + 1, text: text.trim() })
}
