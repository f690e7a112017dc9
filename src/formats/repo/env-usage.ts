// Where code reads environment variables: JavaScript and TypeScript through a parser, where a quick look says that it pays; the other
// languages by their idioms. Also which schema validates them, and whether that can be switched off.
import { idioms, readByIdiom, symfony } from './env-idioms.ts'
import { readJavascript } from './env-javascript.ts'
import { type EnvironmentSchema, type EnvironmentUsage, nothingRead } from './env-reads.ts'
import type { JavascriptParser } from './javascript-nodes.ts'

/** What builds give `import.meta.env` by themselves. */
const builtInJavascript = new Set(['MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL'])

/** Fields of pydantic settings classes: each is a variable in capitals, behind the class's prefix. */
const pydantic = (source: string): EnvironmentSchema[] => {
  const schemas: EnvironmentSchema[] = []
  for (const match of source.matchAll(
    /^class\s+\w+\((?:[\w., ]*\.)?BaseSettings\b[^)]*\):\n((?:[ \t]+[^\n]*\n|\s*\n)*)/gm,
  )) {
    const body = match[1]!
    const prefix = /env_prefix\s*=\s*["'](\w*)["']/.exec(body)?.[1] ?? ''
    const first = source.slice(0, match.index).split('\n').length
    const variables = [...body.matchAll(/^(?: {4}|\t)([a-zA-Z_]\w*)\s*:\s*([^=\n]+?)(?:\s*=\s*([^\n]+))?$/gm)]
      .filter(field => field[1] !== 'model_config' && !field[2]!.includes('ClassVar'))
      .map(field => ({
        name: (/(?:alias|env)\s*=\s*["'](\w+)["']/.exec(field[3] ?? '')?.[1] ?? prefix + field[1]!).toUpperCase(),
        line: first + body.slice(0, field.index).split('\n').length,
        optional:
          (field[3] !== undefined &&
            !/Field\(\s*(?:\.\.\.|(?:alias|env|validation_alias|description)\s*=)/.test(field[3])) ||
          /Optional\[|\|\s*None/.test(field[2]!),
      }))
    if (variables.length) schemas.push({ tool: 'pydantic-settings', line: first, variables, skipped: null })
  }
  return schemas
}

const libraries: readonly [RegExp, string][] = [
  [/^[ \t]*(?:import environ\b|from environs? import|import environs?\b)/m, 'environs'],
  [/^[ \t]*from decouple import/m, 'decouple'],
  [
    /"github\.com\/(?:caarlos0\/env|kelseyhightower\/envconfig|sethvargo\/go-envconfig|ilyakaznacheev\/cleanenv)/,
    'envconfig',
  ],
  [/->required\(\s*\[/, 'phpdotenv'],
  [/Dotenv\.require_keys|Anyway::Config|Envied/, 'dotenv'],
]

/** Extensions that are looked at. */
export const readsEnvironment =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|py|rb|erb|rake|ru|php|go|exs?|heex|rs|java|kt|cs|prisma)$/

/** Extensions of files that may read variables although they are no program's text. */
export const mayReadEnvironment = /\.ya?ml$/

/** Settings of Symfony that hold for development or for tests alone, taken out; every line stays where it is. */
const withoutLaptops = (source: string): string => {
  let isLeftOut = false
  return source
    .split('\n')
    .map(line => {
      if (/^\S/.test(line)) isLeftOut = /^["']?when@(?:dev|test|local)\b/.test(line)
      return isLeftOut ? '' : line
    })
    .join('\n')
}

/** Every read of an environment variable in a file, and the schemas that it declares. `parse` is what `loadParser` gives. */
export const environmentUsage = (parse: JavascriptParser, path: string, source: string): EnvironmentUsage => {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  if (/^(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(extension)) {
    const usage = readJavascript(parse, path, source)
    usage.reads = usage.reads.filter(read => !(builtInJavascript.has(read.name) && source.includes('import.meta.env')))
    return usage
  }
  // YAML that a program fills in: ERB in Rails, %env(…)% in Symfony. Elsewhere it reads nothing.
  if (extension === 'yml' || extension === 'yaml') {
    if (/(?:^|\/)config\/(?:packages|routes)\/(?:dev|test)\//.test(path)) return nothingRead()
    const list = [...(source.includes('<%') ? idioms.rb! : []), ...(source.includes('%env(') ? symfony : [])]
    return list.length ? readByIdiom(path, withoutLaptops(source), list) : nothingRead()
  }
  const list = idioms[extension]
  if (!list) return nothingRead()
  const usage = readByIdiom(path, source, list)
  if (extension === 'py' && source.includes('BaseSettings')) usage.schemas.push(...pydantic(source))
  const library = libraries.find(([pattern]) => pattern.test(source))
  if (library && usage.schemas.length === 0 && usage.reads.length)
    usage.schemas.push({ tool: library[1], line: 1, variables: [], skipped: null })
  return usage
}
