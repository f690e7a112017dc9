// Where code reads environment variables: JavaScript and TypeScript through a parser, where a quick look says that it pays; the other
// languages by their idioms. Also which schema validates them, and whether that can be switched off.
import type { parse as Parse, ParserPlugin } from '@babel/parser'
import { publicPrefixOf } from '../../data/public-prefixes.ts'

/** `browser`: the value ends up in what the visitor loads. */
export type EnvironmentRead = {
  name: string
  line: number
  side: 'server' | 'browser'
  hasDefault: boolean
  strict: boolean
}

/** A variable that a schema names. */
export type SchemaVariable = { name: string; line: number; optional: boolean }

/** `skipped`: how validation is switched off: always, in production, or by a variable. */
export type EnvironmentSchema = {
  tool: string
  line: number
  variables: SchemaVariable[]
  skipped: { when: 'always' | 'production' | 'variable'; by: string; line: number } | null
}

export type EnvironmentUsage = {
  reads: EnvironmentRead[]
  schemas: EnvironmentSchema[]
  dynamic: number
  problem: string | null
}

const nothing = (problem: string | null = null): EnvironmentUsage => ({ reads: [], schemas: [], dynamic: 0, problem })
const named = /^[A-Za-z_][A-Za-z0-9_]*$/
const upper = /^[A-Z][A-Z0-9_]*$/

type Node = {
  type: string
  loc?: { start: { line: number } } | null
  start?: number | null
  end?: number | null
  [key: string]: unknown
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
const lineOf = (node: Node): number => node.loc?.start.line ?? 1

const textOf = (node: unknown): string | null => {
  if (!isNode(node)) return null
  if (node.type === 'StringLiteral') return node.value as string
  if (node.type === 'TemplateLiteral') {
    const quasis = node.quasis as { value: { cooked?: string | null } }[]
    return quasis.length === 1 ? (quasis[0]!.value.cooked ?? null) : null
  }
  return node.type === 'Identifier' ? (node.name as string) : null
}

const isMember = (node: unknown): node is Node =>
  isNode(node) && (node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression')
const identifier = (node: unknown): string | null =>
  isNode(node) && node.type === 'Identifier' ? (node.name as string) : null

/** Whether a module says `'use client'` before its first statement; comments may stand before it. */
export const usesClient = (source: string): boolean => {
  const at = source.slice(0, 20_000).search(/['"]use client['"]/)
  if (at < 0) return false
  const before = source
    .slice(0, at)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\/\/[^\n]*/g, '')
  return before.trim() === ''
}

/** The source within `<script>` tags of a component file, at its own lines. */
const scriptsOf = (source: string): string => {
  let out = ''
  let at = 0
  for (const match of source.matchAll(/<script\b[^>]*>([\s\S]*?)<\/script>|^---\r?\n([\s\S]*?)\r?\n---/gm)) {
    const body = match[1] ?? match[2] ?? ''
    const start = match.index + match[0].indexOf(body)
    out += source.slice(at, start).replace(/[^\n]/g, '') + body
    at = start + body.length
  }
  return out
}

const quick =
  /process\s*(?:\?\.|\.)\s*env|import\.meta\.env|\bDeno\.env|\bBun\.env|\$env\/|astro:env|createEnv|cleanEnv|cloudflare:workers|process'\)?\.env|from ['"](?:node:)?process['"]/

const pluginsOf = (path: string): ParserPlugin[] => {
  const typescript = /\.[cm]?tsx?$|\.(?:vue|svelte|astro)$/.test(path)
  const jsx = /\.(?:[jt]sx|m?js|cjs)$/.test(path)
  return [
    ...(typescript ? (['typescript'] as const) : (['flow'] as const)),
    ...(jsx ? (['jsx'] as const) : []),
    'decorators-legacy',
    'explicitResourceManagement',
    'topLevelAwait' as ParserPlugin,
  ]
}

let parse: typeof Parse | null = null

/** Loads the parser of JavaScript, which is large: once, before `environmentUsage` is asked. */
export const loadParser = async (): Promise<void> => {
  if (parse) return
  const module = (await import('@babel/parser')) as unknown as {
    parse?: typeof Parse
    default?: { parse: typeof Parse }
  }
  // Bundled, what a CommonJS module exports stands under its default.
  parse = module.parse ?? module.default!.parse
}

/** Reads of JavaScript and TypeScript, components included. */
const readJavascript = (path: string, given: string): EnvironmentUsage => {
  if (!quick.test(given)) return nothing()
  // Longer files are made by programs; a parser would take seconds over them.
  if (given.length > 300_000) return readByIdiom(path, given, javascriptIdioms)
  const component = /\.(?:vue|svelte|astro)$/.test(path)
  const source = component ? scriptsOf(given) : given
  if (!parse) throw new Error('loadParser was not awaited')
  let tree: Node
  try {
    tree = parse(source, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      allowImportExportEverywhere: true,
      allowUndeclaredExports: true,
      plugins: pluginsOf(path),
    }) as unknown as Node
  } catch (error) {
    return readByIdiom(
      path,
      given,
      javascriptIdioms,
      `could not be parsed: ${String((error as Error).message).slice(0, 120)}`,
    )
  }
  const usage = nothing()
  const client = usesClient(source) || /\.(?:vue|svelte)$/.test(path)
  const aliases = new Set<string>()
  const add = (
    name: string,
    node: Node,
    hasDefault: boolean,
    side: 'server' | 'browser' | null = null,
    strict = false,
  ): void => {
    if (!named.test(name)) return
    usage.reads.push({
      name,
      line: lineOf(node),
      side: side ?? (publicPrefixOf(name) || client ? 'browser' : 'server'),
      hasDefault,
      strict,
    })
  }
  const isEnvironment = (node: unknown): boolean => {
    if (identifier(node)) return aliases.has(identifier(node)!)
    if (!isMember(node))
      return isNode(node) &&
        (node.type === 'TSNonNullExpression' || node.type === 'TSAsExpression' || node.type === 'TSSatisfiesExpression')
        ? isEnvironment(node.expression)
        : false
    if (textOf(node.property) !== 'env') return false
    const object = node.object as Node
    if (['process', 'Bun'].includes(identifier(object) ?? '')) return true
    if (object.type === 'MetaProperty') return true
    return isMember(object) && textOf(object.property) === 'process'
  }
  const schemaOf = (node: Node, tool: string, objects: readonly unknown[], options: Node | null): void => {
    const variables: SchemaVariable[] = []
    for (const object of objects) {
      if (!isNode(object) || object.type !== 'ObjectExpression') continue
      for (const property of object.properties as Node[]) {
        const name = property.type === 'ObjectProperty' ? textOf(property.key) : null
        if (!name || !upper.test(name)) continue
        const value = source.slice((property.value as Node).start ?? 0, (property.value as Node).end ?? 0)
        variables.push({
          name,
          line: lineOf(property),
          optional:
            /\.(?:optional|nullish|default|catch|prefault)\(|\bdefault:|devDefault|optional:\s*true|v\.optional\(/.test(
              value,
            ),
        })
      }
    }
    if (variables.length === 0 && !options) return
    let skipped: EnvironmentSchema['skipped'] = null
    for (const property of (options?.properties ?? []) as Node[]) {
      if (property.type !== 'ObjectProperty' || textOf(property.key) !== 'skipValidation') continue
      const value = source.slice((property.value as Node).start ?? 0, (property.value as Node).end ?? 0)
      const variable = /process\.env\.(\w+)|process\.env\[['"](\w+)/.exec(value)
      const line = lineOf(property)
      if (/^(?:true|!0|!!1)$/.test(value)) skipped = { when: 'always', by: 'skipValidation: true', line }
      else if (/NODE_ENV\s*={2,3}\s*['"]production['"]/.test(value))
        skipped = { when: 'production', by: value.slice(0, 80), line }
      else if (variable && (variable[1] ?? variable[2]) !== 'NODE_ENV')
        skipped = { when: 'variable', by: (variable[1] ?? variable[2])!, line }
    }
    usage.schemas.push({ tool, line: lineOf(node), variables, skipped })
  }
  const visitCall = (node: Node): void => {
    const callee = node.callee as Node
    const args = node.arguments as Node[]
    const name = identifier(callee) ?? (isMember(callee) ? textOf(callee.property) : null)
    if (
      name === 'get' &&
      isMember(callee) &&
      isMember(callee.object) &&
      textOf(callee.object.property) === 'env' &&
      identifier(callee.object.object) === 'Deno'
    ) {
      const variable = args[0]?.type === 'Identifier' ? null : textOf(args[0])
      if (variable) add(variable, node, false)
    }
    if (name === 'createEnv' && args[0]?.type === 'ObjectExpression') {
      const parts = (args[0].properties as Node[])
        .filter(
          property =>
            property.type === 'ObjectProperty' && ['server', 'client', 'shared'].includes(textOf(property.key) ?? ''),
        )
        .map(property => property.value)
      schemaOf(node, 't3-env', parts, args[0])
    }
    if (name === 'cleanEnv' && isEnvironment(args[0])) schemaOf(node, 'envalid', [args[1]], null)
    if (
      (name === 'object' || name === 'strictObject' || name === 'looseObject') &&
      args[0]?.type === 'ObjectExpression'
    ) {
      const keys = (args[0].properties as Node[]).map(property =>
        property.type === 'ObjectProperty' ? (textOf(property.key) ?? '') : '',
      )
      if (keys.length > 0 && keys.filter(key => upper.test(key)).length >= keys.length * 0.6)
        schemaOf(
          node,
          isMember(callee)
            ? identifier(callee.object) === 'z'
              ? 'zod'
              : (identifier(callee.object) ?? 'schema')
            : 'schema',
          [args[0]],
          null,
        )
    }
    if (
      [
        'str',
        'requireEnv',
        'getEnv',
        'requiredEnv',
        'mustEnv',
        'env',
        'envVar',
        'getEnvVar',
        'assertEnv',
        'required',
      ].includes(name ?? '') &&
      args[0]?.type === 'StringLiteral' &&
      upper.test(args[0].value as string) &&
      usesDynamic
    )
      add(args[0].value as string, node, args.length > 1, null, true)
  }
  // A helper of the project's own that reads process.env[name]: its calls name the variables.
  const usesDynamic = /process\.env\[\s*[a-zA-Z_]\w*\s*\]/.test(source)
  const patternOf = (pattern: Node): void => {
    for (const property of pattern.properties as Node[]) {
      if (property.type !== 'ObjectProperty') continue
      const name = textOf(property.key)
      if (name) add(name, property, (property.value as Node).type === 'AssignmentPattern')
    }
  }
  const visit = (node: Node, parent: Node | null): void => {
    if (isMember(node) && isEnvironment(node.object)) {
      const name = node.computed
        ? (node.property as Node).type === 'Identifier'
          ? null
          : textOf(node.property)
        : textOf(node.property)
      const assigned = parent?.type === 'AssignmentExpression' && parent.left === node
      const fallback =
        (parent?.type === 'LogicalExpression' && parent.left === node) ||
        // A read that only asks whether it is set, or for one of its values, is a switch: unset means no.
        ((parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') && parent.test === node) ||
        (parent?.type === 'BinaryExpression' && /^[!=]==?$/.test(parent.operator as string))
      if (name && !assigned) add(name, node, fallback, null, parent?.type === 'TSNonNullExpression')
      else if (!name) usage.dynamic++
    } else if (node.type === 'VariableDeclarator' && isEnvironment(node.init)) {
      const target = node.id as Node
      if (target.type === 'ObjectPattern') patternOf(target)
      else if (identifier(target)) aliases.add(identifier(target)!)
    } else if (node.type === 'ImportDeclaration') {
      const from = textOf(node.source) ?? ''
      const match = /^\$env\/(static|dynamic)\/(private|public)$/.exec(from)
      if (match)
        for (const specifier of node.specifiers as Node[]) {
          const imported = textOf(specifier.imported)
          if (match[1] === 'dynamic') aliases.add(textOf(specifier.local) ?? 'env')
          else if (imported) add(imported, node, false, match[2] === 'public' ? 'browser' : 'server', true)
        }
      if (/^(?:node:)?process$/.test(from))
        for (const specifier of node.specifiers as Node[])
          if (textOf(specifier.imported) === 'env') aliases.add(textOf(specifier.local)!)
    } else if (node.type === 'CallExpression') visitCall(node)
  }
  // A stack of our own: generated code nests deeper than a call stack.
  const stack: [Node, Node | null][] = [[(tree.program as Node | undefined) ?? tree, null]]
  let steps = 0
  while (stack.length && steps++ < 2_000_000) {
    const [node, parent] = stack.pop()!
    visit(node, parent)
    const below: [Node, Node | null][] = []
    for (const key of Object.keys(node)) {
      if (key === 'loc' || key.endsWith('Comments') || key === 'errors' || key === 'tokens') continue
      const value = node[key]
      if (isNode(value)) below.push([value, node])
      else if (Array.isArray(value)) for (const item of value) if (isNode(item)) below.push([item, node])
    }
    for (const item of below.reverse()) stack.push(item)
  }
  if (component)
    for (const match of given.matchAll(/import\.meta\.env\.(\w+)/g))
      if (!usage.reads.some(read => read.name === match[1]))
        usage.reads.push({
          name: match[1]!,
          line: given.slice(0, match.index).split('\n').length,
          side: 'browser',
          hasDefault: false,
          strict: false,
        })
  return usage
}

type Idiom = { pattern: RegExp; strict?: boolean; default?: boolean }

const javascriptIdioms: Idiom[] = [
  {
    pattern:
      /(?:process\.env|import\.meta\.env|Bun\.env)\??(?:\.([A-Za-z_]\w*)|\[["'](\w+)["']\])(?<tail>\s*(?:\|\||\?\?))?/g,
  },
]
const idioms: Record<string, Idiom[]> = {
  py: [
    { pattern: /os\.environ\[\s*["'](\w+)["']\s*\](?!\s*=[^=])/g, strict: true },
    {
      pattern:
        /(?:os\.environ\.get|os\.getenv|getenv|environ\.get)\(\s*["'](\w+)["']\s*(?<tail>,|\)\s*(?:==|!=|or\b))?/g,
    },
    // environs, django-environ and decouple raise where there is no default.
    {
      pattern:
        /\b(?:env|config)(?:\.(?:str|bool|int|float|list|url|db|json|dict|cache|path|decimal|email_url|db_url|cache_url|dj_db_url|read|log_level|timedelta))?\(\s*["']([A-Z][A-Z0-9_]*)["']\s*(?<tail>,[^)]*default|,\s*[^)\s=]+\s*\))?/g,
      strict: true,
    },
  ],
  rb: [
    {
      pattern:
        /ENV\[\s*["'](\w+)["']\s*\](?!\s*=[^=~])(?<tail>\s*(?:\|\|(?!\s*raise\b)|==|!=|\.presence\s*\|\||\.present\?|\.blank\?|\.nil\?))?/g,
    },
    { pattern: /ENV\.fetch\(\s*["'](\w+)["']\s*(?<tail>,|\)\s*(?:\{|do\b))?/g, strict: true },
  ],
  php: [
    { pattern: /\benv\(\s*["'](\w+)["']\s*(?<tail>,)?/g },
    { pattern: /getenv\(\s*["'](\w+)["']/g },
    { pattern: /\$_(?:ENV|SERVER)\[\s*["']([A-Z][A-Z0-9_]*)["']\s*\](?<tail>\s*\?\?)?/g },
  ],
  go: [
    { pattern: /os\.(?:Getenv|LookupEnv)\(\s*"(\w+)"\s*\)/g },
    {
      pattern: /`[^`]*\benv(?:config)?:"(\w+)(?:,[^"]*)?"[^`]*?(?<tail>(?:envDefault|default):")?[^`]*`/g,
      strict: true,
    },
  ],
  ex: [
    { pattern: /System\.fetch_env!\(\s*"(\w+)"/g, strict: true },
    { pattern: /System\.get_env\(\s*"(\w+)"\s*(?<tail>,|\)\s*(?:\|\|(?!\s*raise\b)|==|!=|in\b|do\b))?/g },
  ],
  rs: [
    { pattern: /env::var(?:_os)?\(\s*"(\w+)"\s*\)(?<tail>\s*\.unwrap_or)?/g },
    { pattern: /\benv!\(\s*"(\w+)"/g, strict: true },
  ],
  cs: [{ pattern: /Environment\.GetEnvironmentVariable\(\s*"(\w+)"\s*\)(?<tail>\s*\?\?)?/g }],
  java: [{ pattern: /System\.getenv\(\s*"(\w+)"\s*\)/g }],
  prisma: [{ pattern: /\benv\(\s*"(\w+)"\s*\)/g, strict: true }],
}
for (const [alias, of] of [
  ['exs', 'ex'],
  ['heex', 'ex'],
  ['erb', 'rb'],
  ['rake', 'rb'],
  ['ru', 'rb'],
  ['kt', 'java'],
] as const)
  idioms[alias] = idioms[of]!
const symfony: Idiom[] = [{ pattern: /%env\((?:\w+:)*([A-Z][A-Z0-9_]*)\)%/g, strict: true }]
/** What stands before a read that only asks whether the variable is set: unset means no. */
const switches = /(?:\b(?:if|unless|elsif|elif)|&&|!)\s*\(?$/
const builtInJavascript = new Set(['MODE', 'DEV', 'PROD', 'SSR', 'BASE_URL'])

const readByIdiom = (
  path: string,
  source: string,
  list: readonly Idiom[],
  problem: string | null = null,
): EnvironmentUsage => {
  const usage = nothing(problem)
  for (const { pattern, strict } of list)
    for (const match of source.matchAll(pattern)) {
      const name = match[1] ?? match[2]
      if (!name || usage.reads.length > 5000) continue
      const start = source.lastIndexOf('\n', match.index) + 1
      // A line that is commented out reads nothing.
      if (/^\s*(?:#|\/\/|\*|<!--)/.test(source.slice(start, match.index))) continue
      usage.reads.push({
        name,
        line: source.slice(0, match.index).split('\n').length,
        side: /\.[jt]sx?$/.test(path) && publicPrefixOf(name) ? 'browser' : 'server',
        hasDefault: match.groups?.tail !== undefined || (!strict && switches.test(source.slice(start, match.index))),
        strict: strict === true,
      })
    }
  usage.reads.sort((a, b) => a.line - b.line || (a.name < b.name ? -1 : 1))
  return usage
}

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

/** Every read of an environment variable in a file, and the schemas that it declares. */
export const environmentUsage = (path: string, source: string): EnvironmentUsage => {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  if (/^(?:[cm]?[jt]sx?|vue|svelte|astro)$/.test(extension)) {
    const usage = readJavascript(path, source)
    usage.reads = usage.reads.filter(read => !(builtInJavascript.has(read.name) && source.includes('import.meta.env')))
    return usage
  }
  // YAML that a program fills in: ERB in Rails, %env(…)% in Symfony. Elsewhere it reads nothing.
  if (extension === 'yml' || extension === 'yaml') {
    const list = [...(source.includes('<%') ? idioms.rb! : []), ...(source.includes('%env(') ? symfony : [])]
    return list.length ? readByIdiom(path, source, list) : nothing()
  }
  const list = idioms[extension]
  if (!list) return nothing()
  const usage = readByIdiom(path, source, list)
  if (extension === 'py' && source.includes('BaseSettings')) usage.schemas.push(...pydantic(source))
  const library = libraries.find(([pattern]) => pattern.test(source))
  if (library && usage.schemas.length === 0 && usage.reads.length)
    usage.schemas.push({ tool: library[1], line: 1, variables: [], skipped: null })
  return usage
}
