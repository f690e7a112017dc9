// A logger's own list of what it takes out, tried on canaries: without running the program, by the list's documented meaning.
import { replacementPatch } from '../patch.ts'

export type RedactList = {
  logger: 'pino' | 'rails' | 'own'
  /** Paths of pino, or names of Rails. */
  entries: string[]
}

/** An object with canaries, as paths: what may stand in a log object of a web product. */
export const canaryPaths: readonly (readonly string[])[] = [
  ...['password', 'token'].flatMap(name => [
    [name],
    ['user', name],
    ['req', 'body', name],
    ['data', 'user', 'profile', name],
    ['users', '0', name],
  ]),
  ['req', 'headers', 'authorization'],
  ['req', 'headers', 'cookie'],
  ['res', 'headers', 'set-cookie'],
  ['headers', 'x-api-key'],
  ['err', 'cause', 'config', 'headers', 'authorization'],
]

/** The segments of a pino path: `a.b`, `a["x-y"]`, `a[*].b`, `*.b`. */
export const segmentsOf = (path: string): string[] =>
  Array.from(
    path.matchAll(/\[\s*(?:"([^"]*)"|'([^']*)'|`([^`]*)`|(\*|\d+))\s*\]|([^.[\]]+)/g),
    match => match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? '',
  )

/** A path of pino covers what it names and all below; `*` stands for one step. */
const pinoCovers = (entry: string, canary: readonly string[]): boolean => {
  const segments = segmentsOf(entry)
  return (
    segments.length > 0 &&
    segments.length <= canary.length &&
    segments.every((segment, at) => segment === '*' || segment === canary[at])
  )
}

/** Rails compares each key, at any depth, with each name as a part of it, without case. An entry in slashes is a regular expression of letters. */
const railsCovers = (entry: string, canary: readonly string[]): boolean => {
  const name = entry.replace(/^[/\\A^]+|[/\\z$i]+$/g, '').toLowerCase()
  return (
    name.length > 1 && canary.some(key => key.toLowerCase().replaceAll('-', '_').includes(name.replaceAll('-', '_')))
  )
}

/** The canaries that the list lets through. */
const uncovered = ({ logger, entries }: RedactList): (readonly string[])[] => {
  if (logger === 'own') return []
  const covers = logger === 'pino' ? pinoCovers : railsCovers
  // Rails filters parameters; headers are not logged by it.
  const canaries = logger === 'rails' ? canaryPaths.filter(path => !path.includes('headers')) : canaryPaths
  return canaries.filter(path => !entries.some(entry => covers(entry, path)))
}

/** Paths of the canaries that the list lets through. */
export const leaksOf = (list: RedactList): string[] => uncovered(list).map(path => path.join('.'))

/** A path as pino reads it: a name that is no identifier stands in brackets. */
const pinoPath = (path: readonly string[]): string =>
  path.map((name, at) => (/^(?:\*|[A-Za-z_$][\w$]*)$/.test(name) ? `${at ? '.' : ''}${name}` : `["${name}"]`)).join('')

/** What takes a canary out: headers where they stand, anything else at any object of its depth. */
const pinoEntry = (canary: readonly string[]): string =>
  pinoPath(canary.includes('headers') ? canary : canary.map((name, at) => (at < canary.length - 1 ? '*' : name)))

/** Entries that the list lacks, as they are written in it. */
const lackingEntries = (list: RedactList): string =>
  [
    ...new Set(uncovered(list).map(path => (list.logger === 'rails' ? `:${path.at(-1)}` : `'${pinoEntry(path)}'`))),
  ].join(', ')

/** A diff that puts something in at this place of a text. */
const putIn = (file: string, text: string, at: number, added: string): string | null => {
  const from = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  const line = `${text.slice(from, at)}${added}${text.slice(at, end < 0 ? undefined : end)}`
  return replacementPatch(file, text, text.slice(0, at).split('\n').length, line)
}

/** A diff that adds to a list what it lacks; null where the list does not stand in brackets. */
export const fullerList = (file: string, text: string, list: RedactList & { opens: number | null }): string | null =>
  list.opens === null ? null : putIn(file, text, list.opens + 1, `${lackingEntries(list)}, `)

/** A diff that gives pino a list where it is made without one; null where its options stand elsewhere. */
export const firstList = (file: string, text: string): string | null => {
  const match = /\bpino\(\s{0,20}([{)])/.exec(text)
  if (!match) return null
  const option = `redact: [${lackingEntries({ logger: 'pino', entries: [] })}]`
  const at = match.index + match[0].length
  return match[1] === '{' ? putIn(file, text, at, ` ${option},`) : putIn(file, text, at - 1, `{ ${option} }`)
}

const strings = (text: string): string[] =>
  Array.from(
    text.matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`([^`$]*)`/g),
    match => match[1] ?? match[2] ?? match[3] ?? '',
  )

/** The text of a bracket that opens at `at`, up to its partner. */
const bracketAt = (text: string, at: number): string => {
  let depth = 0
  for (let to = at; to < Math.min(text.length, at + 20_000); to++) {
    if ('[{('.includes(text[to]!)) depth++
    else if (']})'.includes(text[to]!) && --depth === 0) return text.slice(at, to + 1)
  }
  return ''
}

/** A list as it stands in a file: where it is handed over, and where its bracket opens. */
type FoundList = { at: number; opens: number | null; entries: string[] }

/** Where the bracket of pino's list opens: behind `redact:` or `paths:`, or in a constant of the same file. */
const opensAt = (text: string, from: number, given: string): number | null => {
  const body = given === '{' ? bracketAt(text, from) : ''
  const paths = /\bpaths\s*:\s*([\w.]+|\[)/.exec(body)
  if (given === '[') return from
  if (paths?.[1] === '[') return from + paths.index + paths[0].length - 1
  const named = given === '{' ? paths?.[1] : given
  if (named === undefined) return null
  const defined = new RegExp(
    `\\b(?:const|let|var)\\s+${named.replace(/[.$]/g, '\\$&')}\\s*(?::[^=\\n]+)?=\\s*\\[`,
  ).exec(text)
  return defined ? defined.index + defined[0].length - 1 : null
}

/** pino's `redact`, as an array or with `paths`; an array that stands in a constant of the same file is followed. */
export const pinoList = (text: string): FoundList | null => {
  const match = /\bredact\s*:\s*([[{]|[\w.]+)/.exec(text)
  if (!match) return null
  const opens = opensAt(text, match.index + match[0].length - match[1]!.length, match[1]!)
  const entries = opens === null ? [] : strings(bracketAt(text, opens))
  return entries.length ? { at: match.index, opens, entries } : null
}

/** Rails' filter_parameters: symbols and strings. */
export const railsList = (text: string): FoundList | null => {
  const match = /filter_parameters\s*(?:\+=|=|<<|\.concat\()\s*/.exec(text)
  if (!match) return null
  const from = match.index + match[0].length
  const body = text[from] === '[' ? bracketAt(text, from) : text.slice(from, text.indexOf('\n', from) >>> 0)
  const entries = [
    ...Array.from(body.matchAll(/(?<![\w:]):"?([A-Za-z_]\w*)/g), found => found[1]!),
    ...strings(body),
    ...Array.from(body.matchAll(/\/([^/\n]{1,60})\//g), found => found[1]!),
  ]
  return entries.length ? { at: match.index, opens: text[from] === '[' ? from : null, entries } : null
}

/** A function that takes out what it finds, run over all that is logged: a hook, a formatter, a serializer. */
export const ownRedaction =
  /Written by `launch-ready monitor redact|streamWrite\s*:|\b(?:redact|scrub|sanitize|mask|filter)\w*(?:Format|Formatter|Processor|Filter|Secrets|Sensitive|Log|Hooks)\b|format\(\s*(?:redact|mask|scrub|sanitize)|formatters\s*:\s*\{[^}]*\b(?:redact|mask|scrub|sanitize)|class \w*(?:Redact|Sanitiz|Scrub|Sensitive)\w*\((?:logging\.)?(?:Filter|Formatter)/i

/** A logger that is handed objects: pino, winston, bunyan, structlog and their calls. */
export const makesLogger =
  /\bpino\(|\bpinoHttp\(|createLogger\(\s*\{|bunyan\.createLogger|LoggerModule\.forRoot|\bstructlog\.(?:configure|get_logger)|logger\s*:\s*(?:true|\{)/
export const logsObjects =
  /\b(?:log|logger|\w+Logger)\.(?:trace|debug|info|warn|error|fatal)\(\s*(?:\{(?!\s*\})|[\w.]+\s*,\s*['"`])|\.info\(\s*['"`][^'"`]*['"`]\s*,\s*\{/

const log =
  '(?:console|log|logger|\\w*[lL]ogger|Log|logging|Rails\\.logger|this\\.logger|req\\.log|request\\.log|app\\.log)(?:\\.|::|->)(?:log|trace|debug|info|warn|warning|error|fatal|notice)'
/** A whole request body that is handed to a log. */
export const logsBodies = new RegExp(
  `\\b${log}\\(?\\s*(?:[^\\n;]{0,120}[,({\\s+$])?(?:(?:req|request|ctx\\.request|event)\\.(?:body|rawBody|POST|data)\\b(?![.?[\\w]|\\s*(?:===?|!==?|\\?|&&|\\|\\|))|\\$request->(?:all|input|post)\\(\\)|params\\.(?:inspect|to_unsafe_h|to_json)|JSON\\.stringify\\(\\s*(?:req|request)\\.body\\s*[,)]|await (?:req|request)\\.(?:json|text)\\(\\))`,
)

/** A body that is handed to a log as it came, not within a text. */
const wholeBody = /(?<=[(,]\s{0,20})\b(req|request)\.(?:body|rawBody)(?=\s{0,20}[,)])/

/** A diff that logs the route in place of the body; null where the file does so on several lines, or in another way. */
export const withoutBody = (file: string, text: string): string | null => {
  const lines = text.split('\n')
  const found = lines.flatMap((line, at) => (logsBodies.test(line) ? [at] : []))
  const [at] = found
  const line = at === undefined || found.length > 1 || !/\.[cm]?[jt]s$/.test(file) ? null : lines[at]!
  if (line === null || !wholeBody.test(line)) return null
  return replacementPatch(file, text, at! + 1, line.replace(wholeBody, '{ method: $1.method, url: $1.url }'))
}
