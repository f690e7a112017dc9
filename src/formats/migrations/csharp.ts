// What readers of migrations in C# share: texts of every spelling, and the method that brings the schema forward.
import { blankComments, endOfBracket, literal } from './calls.ts'

/** The text of a string: `"…"`, `@"…"`, `$"…"`, `"""…"""`; null for anything else. */
export const csharpText = (given: string | undefined): string | null => {
  const bare = given?.trim().replace(/^[$@]{1,3}(?=")/, '')
  const verbatim = given?.trim().startsWith('@') ? bare?.replaceAll('""', '\\"') : bare
  return verbatim?.startsWith('"') ? literal(verbatim) : null
}

/** Arguments by name: `name: "Note"`. Those without one have none. */
export const csharpNamed = (args: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    args.flatMap(arg => {
      const match = /^(\w+)\s*:(?!:)\s*([\s\S]*)$/.exec(arg)
      return match ? [[match[1]!, match[2]!]] : []
    }),
  )

/** Several texts: `"a"`, `new[] { "a", "b" }`, `["a", "b"]`. */
export const csharpTexts = (given: string | undefined): string[] => {
  const one = csharpText(given)
  if (one !== null) return [one]
  return [...(given ?? '').matchAll(/"([^"\\\n]{0,200})"/g)].map(match => match[1]!)
}

/** The body of `Up`, everything else blanked: offsets and lines stay. */
export const upMethod = (original: string): string => {
  const source = blankComments(original, 'javascript')
  const head = /\bvoid\s{1,20}Up\s{0,20}\(/.exec(source)
  if (!head) return ''
  const open = source.indexOf('{', endOfBracket(source, head.index + head[0].length - 1))
  if (open < 0) return ''
  const before = source.slice(0, open).replace(/[^\n]/g, ' ')
  return before + source.slice(open, endOfBracket(source, open))
}
