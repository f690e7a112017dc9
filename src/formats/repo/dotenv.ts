// Dotenv files as they are written in the wild: `export`, every quoting, values over several lines, comments, references, and lines that
// are none of it. Also what a value is: a secret, a test key, made to be public, a placeholder, encrypted, plain, or unclear.
import type { SecretHit } from '../secrets/hit.ts'
import { isSecretName } from '../secrets/names.ts'
import { scanText } from '../secrets/scan.ts'
import { isEncrypted, isPlaceholder } from '../secrets/values.ts'
import { fileName } from './paths.ts'

export type DotenvQuote = 'single' | 'double' | 'backtick' | 'none'

/** `reference`: the value takes another variable's (`${OTHER}`). `commented`: the line is commented out and only shows the name. */
export type DotenvEntry = {
  name: string
  value: string
  line: number
  quote: DotenvQuote
  reference: boolean
  commented: boolean
}

export type Dotenv = { entries: DotenvEntry[]; problems: { line: number; what: string }[] }

const start = /^[ \t]*(#[ \t]*)?(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*(?:=|:[ \t])[ \t]*/
const quotes: Record<string, DotenvQuote> = { '"': 'double', "'": 'single', '`': 'backtick' }
/** Entries read from one file. */
const maxEntries = 5000

/** Finds the quote that closes the one at `from`; a backslash protects it, except within single quotes. */
const closing = (text: string, from: number, quote: string): number => {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') at++
    else if (text[at] === quote) return at
  }
  return -1
}

const unescape_ = (value: string): string =>
  value.replace(/\\([nrt"\\$`])/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter)

/** Reads a dotenv file. A name that is given twice is kept twice: the last one wins, as in every implementation. */
export const parseDotenv = (source: string): Dotenv => {
  const text = source.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  const entries: DotenvEntry[] = []
  const problems: Dotenv['problems'] = []
  let line = 1
  let at = 0
  while (at < text.length && entries.length < maxEntries) {
    let end = text.indexOf('\n', at)
    if (end < 0) end = text.length
    const here = text.slice(at, end)
    const match = here.length <= 65_536 ? start.exec(here) : null
    if (!match) {
      const bare = here.trim()
      if (bare !== '' && !bare.startsWith('#') && problems.length < 100)
        problems.push({ line, what: 'is no NAME=value' })
      at = end + 1
      line++
      continue
    }
    const commented = match[1] !== undefined
    const name = match[2]!
    const from = at + match[0].length
    const quote = text[from]
    let value: string
    let kind: DotenvQuote = 'none'
    let next = end
    const close = quote && quotes[quote] ? closing(commented ? text.slice(0, end) : text, from, quote) : -1
    if (quote && quotes[quote] && close > 0) {
      kind = quotes[quote]
      const inner = text.slice(from + 1, close)
      value = kind === 'double' ? unescape_(inner) : inner
      const after = text.indexOf('\n', close)
      next = after < 0 ? text.length : after
    } else {
      if (quote && quotes[quote] && !commented && problems.length < 100)
        problems.push({ line, what: `${name} opens a quote that nothing closes` })
      // Unquoted: up to a comment that stands behind white space.
      value = text
        .slice(from, end)
        .replace(/(?:^|\s)#.*$/, '')
        .trim()
    }
    // Prose behind a `#` is no example of a variable; NAME=value in capitals is.
    if (!commented || (/^[A-Z][A-Z0-9_]*$/.test(name) && /^[ \t]*#[ \t]*(?:export[ \t]+)?[A-Z0-9_]+=/.test(here)))
      entries.push({
        name,
        value,
        line,
        quote: kind,
        reference: kind !== 'single' && /\$\{?[A-Za-z_]/.test(value),
        commented,
      })
    for (let step = text.indexOf('\n', at); step !== -1 && step <= next; step = text.indexOf('\n', step + 1)) line++
    at = next + 1
  }
  return { entries, problems }
}

/** `secret`: opens something live. `unclear`: its name says secret, its value does not say what. `plain`: configuration. */
export type EnvironmentValueClass =
  | 'secret'
  | 'test-secret'
  | 'public'
  | 'placeholder'
  | 'encrypted'
  | 'plain'
  | 'unclear'

const longestValue = 10_000

/** What a variable's value is, and the hit that says so. */
export const classifyValue = (name: string, whole: string): { class: EnvironmentValueClass; hit: SecretHit | null } => {
  // What is longer is a file in a variable; its beginning says which.
  const value = whole.slice(0, longestValue)
  if (value.trim() === '') return { class: 'placeholder', hit: null }
  // dotenv-vault keeps whole files encrypted in one value; dotenvx names its public key.
  if (/^DOTENV_VAULT(?:_|$)/.test(name) || isEncrypted(value)) return { class: 'encrypted', hit: null }
  const hits = scanText(`${name}="${value}"`, { path: '.env', where: 'repo' })
  const order = ['live', 'test', 'encrypted', 'public', 'documentation', 'placeholder']
  const [hit] = hits.sort((a, b) => order.indexOf(a.class) - order.indexOf(b.class))
  const classes = {
    live: 'secret',
    test: 'test-secret',
    encrypted: 'encrypted',
    public: 'public',
    documentation: 'placeholder',
    placeholder: 'placeholder',
  } as const
  if (hit) return { class: classes[hit.class], hit }
  if (isPlaceholder(value)) return { class: 'placeholder', hit: null }
  // A number, a switch, an address or a single word is configuration, whatever its name.
  if (!isSecretName(name) || /^(?:true|false|on|off|yes|no|\d+[smhd]?|https?:\/\/[^@]*|[a-z]{1,12})$/i.test(value))
    return { class: 'plain', hit: null }
  return { class: 'unclear', hit: null }
}

/** Environments that files and platforms know; `default` holds for all of them. */
export type EnvironmentName = 'development' | 'test' | 'preview' | 'production' | 'default' | 'example'

const byWord: readonly [RegExp, EnvironmentName][] = [
  [/(?:^|[._-])(?:example|examples|sample|template|tpl|tmpl|dist|defaults?|schema|skel)(?:[._-]|$)/i, 'example'],
  [/(?:^|[._-])(?:production|prod|live)(?:[._-]|$)/i, 'production'],
  [/(?:^|[._-])(?:staging|stage|preview|preprod|uat|qa)(?:[._-]|$)/i, 'preview'],
  [
    /(?:^|[._-])(?:tests?|testing|unittests?|ci|e2e|specs?|cypress|playwright|dusk|jest|vitest|phpunit|pest|pytest|rspec|behat|codeception|mocks?|fake|stub|storybook|schemathesis|newman|k6|load-?tests?|bench(?:mark)?)(?:[._-]|$)/i,
    'test',
  ],
  [/(?:^|[._-])(?:development|develop|dev|local|docker)(?:[._-]|$)/i, 'development'],
]

/** The environment that a dotenv file is for, by its name: `.env.production.local` → production, `.env` → default. */
export const environmentOf = (path: string): EnvironmentName => {
  const name = fileName(path)
  if (/^\.dev\.vars/.test(name)) return 'development'
  return byWord.find(([pattern]) => pattern.test(name))?.[1] ?? 'default'
}

const environmentFile =
  /^(?:\.env(?:[._ -].*)?|.*\.env(?:\.(?:example|sample|template|dist))?|[\w.-]*env[._-](?:example|sample|template|dist)(?:[._-][\w-]+)*|\.envrc|\.dev\.vars(?:\..*)?|\.flaskenv)$/i

/** Whether a file name (the last part of a path) is that of a dotenv file, an example included. */
export const isEnvironmentFile = (name: string): boolean =>
  environmentFile.test(name) && !/\.(?:d\.ts|tsx?|mts|m?jsx?|py|rb|php|go|md)$/i.test(name)
