// Reads of environment variables by the idioms of each language, where no parser is at hand.
import { publicPrefixOf } from '../../data/public-prefixes.ts'
import { type EnvironmentUsage, nothingRead } from './env-reads.ts'

export type Idiom = { pattern: RegExp; strict?: boolean; default?: boolean }

export const javascriptIdioms: Idiom[] = [
  {
    pattern:
      /(?:process\.env|import\.meta\.env|Bun\.env)\??(?:\.([A-Za-z_]\w*)|\[["'](\w+)["']\])(?<tail>\s*(?:\|\||\?\?))?/g,
  },
]
const byLanguage: Record<string, Idiom[]> = {
  py: [
    { pattern: /os\.environ\[\s*["'](\w+)["']\s*\](?!\s*=[^=])/g, strict: true },
    {
      pattern:
        /(?:os\.environ\.get|os\.getenv|getenv|environ\.get)\(\s*["'](\w+)["']\s*(?<tail>,|\)\s*(?:==|!=|or\b))?/g,
    },
    // environs, django-environ and decouple raise where there is no default.
    {
      pattern:
        /\b(?:env|config)(?:\.(?:str|bool|int|float|list|url|db|json|dict|cache|path|decimal|email_url|db_url|cache_url|dj_db_url|read|log_level|timedelta))?\(\s*["']([A-Z][A-Z0-9_]*)["']\s*(?<tail>,(?:[^()]|\([^()]{0,200}\)){0,400}?\bdefault\b|,\s*(?!\w+\s*=(?!=))[^\s)])?/g,
      strict: true,
    },
  ],
  rb: [
    {
      pattern:
        /ENV\[\s*["'](\w+)["']\s*\](?!\s*=[^=~])(?<tail>\s*(?:\|\|(?!\s*raise\b)|&&|\?(?=\s)|==|!=|\.presence\s*\|\||\.present\?|\.blank\?|\.nil\?))?/g,
    },
    { pattern: /(?<=\b(?:Dotenv|Figaro)\.require_keys\([^)\n]{0,400})["'](\w+)["']/g, strict: true },
    { pattern: /ENV\.fetch\(\s*["'](\w+)["']\s*(?<tail>,|\)\s*(?:\{|do\b))?/g, strict: true },
  ],
  php: [
    { pattern: /\benv\(\s*["'](\w+)["']\s*(?<tail>,)?/g },
    { pattern: /getenv\(\s*["'](\w+)["']/g },
    { pattern: /\$_ENV\[\s*["']([A-Z][A-Z0-9_]*)["']\s*\](?<tail>\s*\?\?)?/g },
    // Most of what stands there is of the request: the names of CGI (RFC 3875) and of PHP.
    {
      pattern:
        /\$_SERVER\[\s*["'](?!(?:HTTPS?_|REQUEST_|REMOTE_|SERVER_|SCRIPT_|CONTENT_|DOCUMENT_|PATH_|ORIG_|REDIRECT_|GATEWAY_|AUTH_TYPE|QUERY_STRING|CONTEXT_|UNIQUE_ID|PHP_(?:SELF|AUTH)|HTTPS["']|SSL_|FCGI_|USER["']|HOME["']))([A-Z][A-Z0-9_]*)["']\s*\](?<tail>\s*\?\?)?/g,
    },
  ],
  go: [
    { pattern: /os\.(?:Getenv|LookupEnv)\(\s*"(\w+)"\s*\)/g },
    { pattern: /\.BindEnv\(\s*"[^"\n]*"\s*,\s*"(\w+)"/g },
    // A tag demands its variable only where it says so; without, the field stays empty. What validates the field later sees its default.
    {
      pattern:
        /`[^`]*\benv(?:config)?:"(\w+)(?:,[^"`]*\b(?:required|notEmpty)\b[^"`]*"|"[^`]*\brequired:"true")[^`]*`/g,
      strict: true,
    },
    {
      pattern:
        /`[^`]*\benv(?:config)?:"(\w+)(?<tail>)(?!,[^"`]*\b(?:required|notEmpty)\b|"[^`]*\brequired:"true")[^`]*`/g,
    },
  ],
  ex: [
    { pattern: /System\.fetch_env!\(\s*"(\w+)"/g, strict: true },
    { pattern: /"(\w+)"\s*\|>\s*System\.get_env\((?<tail>\s*["\w])?/g },
    {
      pattern: /(?<!\|>\s{0,8})System\.get_env\(\s*"(\w+)"\s*(?<tail>,|\)\s*(?:\|\|(?!\s*raise\b)|==|!=|in\b|do\b))?/g,
    },
  ],
  rs: [
    { pattern: /env::var(?:_os)?\(\s*"(\w+)"\s*\)(?<tail>\s*\.unwrap_or)?/g },
    { pattern: /\benv!\(\s*"(\w+)"/g, strict: true },
  ],
  cs: [{ pattern: /Environment\.GetEnvironmentVariable\(\s*"(\w+)"\s*\)(?<tail>\s*\?\?)?/g }],
  java: [{ pattern: /System\.getenv\(\s*"(\w+)"\s*\)/g }],
  // The shadow database serves `migrate dev` alone.
  prisma: [{ pattern: /(?<!\bshadowDatabaseUrl\s{0,20}=\s{0,20})\benv\(\s*"(\w+)"\s*\)/g, strict: true }],
}
/** By extension of a file. A group `tail` that takes part says that the read falls back. */
export const idioms: Readonly<Record<string, readonly Idiom[]>> = {
  ...byLanguage,
  exs: byLanguage.ex!,
  heex: byLanguage.ex!,
  erb: byLanguage.rb!,
  rake: byLanguage.rb!,
  ru: byLanguage.rb!,
  kt: byLanguage.java!,
}
/** `%env(NAME)%` in the YAML of Symfony. */
export const symfony: Idiom[] = [{ pattern: /%env\((?:\w+:)*([A-Z][A-Z0-9_]*)\)%/g, strict: true }]
/** The language of a file by its name; templates and tasks of Ruby, YAML filled in by it, are Ruby. */
const extensionOf = (path: string): string => {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  return /^(?:erb|rake|ru|ya?ml)$/.test(extension) ? 'rb' : extension
}

/** Asking whether a variable is there at all, by extension: who asks does without. */
const presence: Readonly<Record<string, RegExp>> = {
  py: /["'](\w+)["']\s+(?:not\s+)?in\s+(?:os\.)?environ\b/g,
  rb: /\bENV\.(?:key|has_key|include|member)\?\(?\s*["'](\w+)["']/g,
  php: /\b(?:isset|empty)\(\s*\$_(?:ENV|SERVER)\[\s*["'](\w+)["']|\barray_key_exists\(\s*["'](\w+)["']\s*,\s*\$_(?:ENV|SERVER)/g,
}
/** Variables whose presence a text asks for. */
const askedFor = (extension: string, source: string): Set<string> =>
  new Set([...source.matchAll(presence[extension] ?? /(?!)/g)].map(match => match[1] ?? match[2]!))

/** How a line begins what runs only where a condition holds. */
const conditions: Readonly<Record<string, RegExp>> = {
  py: /^\s*(?:if|elif|else|try|except)\b/,
  rb: /^\s*(?:(?:@{0,2}\w{1,60}\s{0,4}=\s{0,4})?(?:if|unless|case)|elsif|else|when|in|rescue)\b(?!.*production)/,
}

/** Lines that run only where a condition holds: a read there raises for those who want that part alone. */
const conditionalLines = (source: string, condition: RegExp): Set<number> => {
  const inside = new Set<number>()
  let from = -1
  source.split('\n').forEach((row, at) => {
    if (/^\s*(?:#|$)/.test(row)) return
    const indent = row.length - row.trimStart().length
    if (from !== -1 && indent > from) inside.add(at + 1)
    // A condition over several lines ends with a bracket of its own.
    else if (indent !== from || !row.trimStart().startsWith(')')) from = condition.test(row) ? indent : -1
  })
  return inside
}

/** Whether a statement of Ruby ends with the condition under which alone it runs. */
const hasModifier = (extension: string, source: string, index: number): boolean => {
  if (extension !== 'rb') return false
  const end = source.indexOf('\n', index)
  return /\s(?:if|unless)\s(?!.*production)/.test(source.slice(index, end < 0 ? undefined : end))
}

/** Names that a scheme of django-environ gives defaults: `env = environ.Env(PAGE_SIZE=(int, 20))`. */
const schemeDefaults = (extension: string, source: string): Set<string> =>
  new Set(
    extension === 'py' && /\bEnv\(/.test(source)
      ? [...source.matchAll(/^[ \t]+([A-Z][A-Z0-9_]{0,80})=\(\w{1,20},/gm)].map(([, name]) => name!)
      : [],
  )

/** What stands before a read that only asks whether the variable is set: unset means no. */
const switches = /(?:\b(?:if|unless|elsif|elif|not|bool)|&&|!)\s*\(?$/
/** Reads of a text by a list of idioms, sorted by line. */
export const readByIdiom = (
  path: string,
  source: string,
  list: readonly Idiom[],
  problem: string | null = null,
): EnvironmentUsage => {
  const usage = nothingRead(problem)
  const extension = extensionOf(path)
  const asked = askedFor(extension, source)
  const defaults = schemeDefaults(extension, source)
  let conditional: Set<number> | undefined
  // Only a read that raises asks for the conditions around it.
  const isConditional = (line: number): boolean => {
    const condition = conditions[extension]
    if (!condition) return false
    conditional ??= conditionalLines(source, condition)
    return conditional.has(line)
  }
  for (const { pattern, strict } of list)
    for (const match of source.matchAll(pattern)) {
      const name = match[1] ?? match[2]
      if (!name || usage.reads.length > 5000) continue
      const start = source.lastIndexOf('\n', match.index) + 1
      // A line that is commented out reads nothing.
      if (/^\s*(?:#|\/\/|\*|<!--)/.test(source.slice(start, match.index))) continue
      const line = source.slice(0, match.index).split('\n').length
      usage.reads.push({
        name,
        line,
        side: /\.[jt]sx?$/.test(path) && publicPrefixOf(name) ? 'browser' : 'server',
        hasDefault:
          match.groups?.tail !== undefined ||
          asked.has(name) ||
          defaults.has(name) ||
          (!strict && switches.test(source.slice(start, match.index))),
        strict: strict === true && !isConditional(line) && !hasModifier(extension, source, match.index),
      })
    }
  usage.reads.sort((a, b) => a.line - b.line || (a.name < b.name ? -1 : 1))
  return usage
}
