// Variables that are read through a helper of the product's own: `mustEnv("STRIPE_KEY")`, `required('STRIPE_KEY')`. A helper is a function that
// reads the variable which its first parameter names; who calls it with a name reads that variable.

/** A function of the product that reads a variable by name; `strict` where it refuses to go on without one. */
export type EnvironmentHelper = { name: string; language: string; strict: boolean }

/** A call of some function with the name of a variable; `second` where another argument follows. */
export type NamingCall = { helper: string; language: string; variable: string; line: number; second: boolean }

type Language = { name: string; files: RegExp; heads: RegExp; reads: (parameter: string) => string[]; raising: RegExp }

const ends = /throw\b|\braise\b|\bpanic\(|Fatal|\babort\b|\bexit\(|invariant\(|assert/

/** How each language writes a function, and how it reads a variable whose name it was given. */
const languages: readonly Language[] = [
  {
    name: 'javascript',
    files: /\.(?:[cm]?[jt]sx?|vue|svelte)$/,
    heads:
      /(?:\bfunction\s{1,9}([\w$]{1,80})|\b(?:const|let)\s{1,9}([\w$]{1,80})\s{0,9}=)[^(\n]{0,80}\(\s{0,9}([\w$]{1,80})/g,
    reads: name => [`env[${name}]`, `env.get(${name}`],
    raising: ends,
  },
  {
    name: 'go',
    files: /\.go$/,
    heads: /\bfunc\s{1,9}()(\w{1,80})\(\s{0,9}(\w{1,80})/g,
    reads: name => [`os.Getenv(${name})`, `os.LookupEnv(${name})`],
    raising: ends,
  },
  {
    name: 'python',
    files: /\.py$/,
    heads: /\bdef\s{1,9}()(\w{1,80})\(\s{0,9}(\w{1,80})/g,
    reads: name => [`environ[${name}]`, `environ.get(${name}`, `getenv(${name}`],
    raising: new RegExp(`${ends.source}|environ\\[`),
  },
  {
    name: 'ruby',
    files: /\.(?:rb|ru|rake)$/,
    heads: /\bdef\s{1,9}()(?:self\.)?(\w{1,80})\(\s{0,9}(\w{1,80})/g,
    reads: name => [`ENV[${name}]`, `ENV.fetch(${name}`],
    raising: new RegExp(`${ends.source}|ENV\\.fetch`),
  },
  {
    name: 'php',
    files: /\.php$/,
    heads: /\bfunction\s{1,9}()(\w{1,80})\(\s{0,9}(?:\??\w{1,80}\s{1,9})?(\$\w{1,80})/g,
    reads: name => [`getenv(${name}`, `$_ENV[${name}]`],
    raising: ends,
  },
  {
    name: 'elixir',
    files: /\.exs?$/,
    heads: /\bdefp?\s{1,9}()(\w{1,80})\(\s{0,9}(\w{1,80})/g,
    reads: name => [`System.get_env(${name}`, `System.fetch_env!(${name}`, `System.fetch_env(${name}`],
    raising: new RegExp(`${ends.source}|fetch_env!`),
  },
]

/** Characters of a function in which it reads what it was asked for. */
const longestHelper = 600

/** What a framework brings: `config.getOrThrow('STRIPE_KEY')` of Nest, in files that name what it is called on. */
const brought: readonly (EnvironmentHelper & { of: RegExp })[] = [
  { name: 'getOrThrow', language: 'javascript', strict: true, of: /\bConfigService\b|@nestjs\/config/ },
]
export const broughtHelpers: readonly EnvironmentHelper[] = brought

const languageOf = (path: string): Language | undefined => languages.find(({ files }) => files.test(path))

/** Functions of a file that read the variable which they are given. */
export const helpersIn = (path: string, text: string): EnvironmentHelper[] => {
  const language = languageOf(path)
  if (!language || !/env/i.test(text)) return []
  return [...text.matchAll(language.heads)].flatMap(match => {
    const name = match[1] || match[2]
    const from = match.index + match[0].length
    const body = text.slice(from, from + longestHelper).split(/\n(?:\}|end\b|def |func |function )/, 1)[0]!
    const reads = name && language.reads(match[3]!).some(read => body.includes(read))
    return reads ? [{ name, language: language.name, strict: language.raising.test(body) }] : []
  })
}

const named = /\(\s{0,9}["'`]([A-Z][A-Z0-9]{0,60}(?:_[A-Z0-9]{1,60}){1,8})["'`]\s{0,9}([,)])/g
const mostCalls = 200
/** What stands before a call on its row where the call is told of and not made. */
const commented = /^\s*(?:#|\/?\*)|(?:^|\s)\/[/*]/

/** Calls of a file that name a variable. */
export const namingCallsIn = (path: string, text: string): NamingCall[] => {
  const language = languageOf(path)?.name
  if (!language) return []
  const calls: NamingCall[] = []
  for (const match of text.matchAll(named)) {
    const helper = /([\w$]{1,80})(?:<[^<>()]{0,40}>)?$/.exec(
      text.slice(Math.max(0, match.index - 122), match.index),
    )?.[1]
    if (!helper) continue
    if (calls.length >= mostCalls) break
    if (brought.some(({ name, of }) => name === helper && !of.test(text))) continue
    const row = text.slice(text.lastIndexOf('\n', match.index) + 1, match.index)
    if (commented.test(row)) continue
    const line = text.slice(0, match.index).split('\n').length
    calls.push({ helper, language, variable: match[1]!, line, second: match[2] === ',' })
  }
  return calls
}
