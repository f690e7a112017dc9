// A logger's own list of what it takes out, tried on canaries: without running the program, by the list's documented meaning.

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

/** Paths of the canaries that the list lets through. */
export const leaksOf = ({ logger, entries }: RedactList): string[] => {
  if (logger === 'own') return []
  const covers = logger === 'pino' ? pinoCovers : railsCovers
  // Rails filters parameters; headers are not logged by it.
  const canaries = logger === 'rails' ? canaryPaths.filter(path => !path.includes('headers')) : canaryPaths
  return canaries.filter(path => !entries.some(entry => covers(entry, path))).map(path => path.join('.'))
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

/** pino's `redact`, as an array or with `paths`; an array that stands in a constant of the same file is followed. */
export const pinoList = (text: string): { at: number; entries: string[] } | null => {
  const match = /\bredact\s*:\s*([[{]|[\w.]+)/.exec(text)
  if (!match) return null
  const at = match.index
  const from = at + match[0].length - match[1]!.length
  let body = /^[[{]/.test(match[1]!) ? bracketAt(text, from) : ''
  const named = body.startsWith('{') ? /\bpaths\s*:\s*([\w.]+|\[)/.exec(body)?.[1] : body ? undefined : match[1]
  if (named && named !== '[') {
    const defined = new RegExp(
      `\\b(?:const|let|var)\\s+${named.replace(/[.$]/g, '\\$&')}\\s*(?::[^=\\n]+)?=\\s*\\[`,
    ).exec(text)
    body = defined ? bracketAt(text, defined.index + defined[0].length - 1) : ''
  } else if (body.startsWith('{')) body = bracketAt(body, body.indexOf('[', body.indexOf('paths')))
  const entries = strings(body)
  return entries.length ? { at, entries } : null
}

/** Rails' filter_parameters: symbols and strings. */
export const railsList = (text: string): { at: number; entries: string[] } | null => {
  const match = /filter_parameters\s*(?:\+=|=|<<|\.concat\()\s*/.exec(text)
  if (!match) return null
  const from = match.index + match[0].length
  const body = text[from] === '[' ? bracketAt(text, from) : text.slice(from, text.indexOf('\n', from) >>> 0)
  const entries = [
    ...Array.from(body.matchAll(/(?<![\w:]):"?([A-Za-z_]\w*)/g), found => found[1]!),
    ...strings(body),
    ...Array.from(body.matchAll(/\/([^/\n]{1,60})\//g), found => found[1]!),
  ]
  return entries.length ? { at: match.index, entries } : null
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
