// The diff by which a health handler asks the database before it says ok, where its file holds the client already.
import { regionPatch } from '../patch.ts'

/** How a database is asked whether it is there, by how its client is made in the file, or by the name under which it is imported. */
const clients: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/\b(?:const|let|var) (\w{1,60}) = new (?:pg\.)?(?:Pool|Client)\(/, name => `${name}.query('SELECT 1')`],
  [/\b(?:const|let|var) (\w{1,60}) = new PrismaClient\(/, name => `${name}.$queryRaw\`SELECT 1\``],
  [/^import (?:\{[^{}\n]{0,200}\b)?(pool)\b[^\n]{0,200}? from ['"]\.{1,2}\//m, name => `${name}.query('SELECT 1')`],
  [
    /^import (?:\{[^{}\n]{0,200}\b)?(prisma)\b[^\n]{0,200}? from ['"]\.{1,2}\//m,
    name => `${name}.$queryRaw\`SELECT 1\``,
  ],
  [/^import (?:\{[^{}\n]{0,200}\b)?(knex)\b[^\n]{0,200}? from ['"]\.{1,2}\//m, name => `${name}.raw('SELECT 1')`],
  [/^import (?:\{[^{}\n]{0,200}\b)?(sequelize)\b[^\n]{0,200}? from ['"]\.{1,2}\//m, name => `${name}.authenticate()`],
]

/** A route of Express or Fastify with its handler's head: what stands before the handler, and its parameters. */
const head =
  /^(\s{0,40}[\w.]{1,60}\(\s?['"`]\/[\w/-]{0,80}['"`], )(?:async )?(\([\w, :.]{0,120}\) =>|\w{1,40} =>|function ?\w{0,40}\([\w, :.]{0,120}\)) /
/** An answer on a line of its own: `res.json({ status: 'ok' })`. */
const answer =
  /^(?:return )?(res|response|reply|_?rep)\.(?:json|send|sendStatus|status\(200\)\.(?:json|send))\([^;\n]{0,200}\)$/

const longestHandler = 6

/** Where the answer stands: behind the head on its line, or below it with nothing but a comment between; null for any other form. */
const answerOf = (lines: readonly string[], at: number, rest: string): { text: string; to: number } | null => {
  const one = /^(?:\{ ?)?([^{}\n][^\n]{0,300}?)(?:;? ?\})?\);?\s*$/.exec(rest)
  if (one) return { text: one[1]!.replace(/;$/, '').trim(), to: at }
  if (rest.trim() !== '{') return null
  const below = lines.slice(at + 1, at + longestHandler)
  const found = below.findIndex(line => !/^\s*(?:\/\/[^\n]*)?$/.test(line))
  const closes = found < 0 ? -1 : at + 2 + found
  return found >= 0 && /^\s*\}\);?\s*$/.test(lines[closes] ?? '')
    ? { text: below[found]!.trim().replace(/;$/, ''), to: closes }
    : null
}

/** Null where no client of a database is at hand, or the handler is more than an answer. `line`: where the route begins, from 1. */
export const askingHealth = (path: string, text: string, line: number): string | null => {
  const asked = clients.flatMap(([pattern, ask]) => {
    const name = pattern.exec(text)?.[1]
    return name === undefined ? [] : [ask(name)]
  })[0]
  const lines = text.split('\n')
  const begun = lines[line - 1] ?? ''
  const [all, before, parameters] = head.exec(begun) ?? []
  if (asked === undefined || all === undefined || before === undefined || parameters === undefined) return null
  const found = answerOf(lines, line - 1, begun.slice(all.length))
  const to = found && answer.exec(found.text)?.[1]
  if (!found || !to) return null
  const indent = /^\s*/.exec(before)![0]
  const end = /;\s*$/.test(lines[found.to]!) ? ';' : ''
  const failed = `${found.text.startsWith('return ') ? 'return ' : ''}${to}.status(503).send({ status: 'down' })`
  const body = ['try {', `  await ${asked}${end}`, `  ${found.text}${end}`, '} catch {', `  ${failed}${end}`, '}']
  const written = [`${before}async ${parameters} {`, ...body.map(row => `${indent}  ${row}`), `${indent}})${end}`]
  return regionPatch(path, text, { from: line, to: found.to + 1 }, written)
}
