// Reads of environment variables in JavaScript and TypeScript, components included, through a parser.
import { publicPrefixOf } from '../../data/public-prefixes.ts'
import { literally } from '../literally.ts'
import { overVariables, rememberHanded } from './env-handed.ts'
import { javascriptIdioms, readByIdiom } from './env-idioms.ts'
import { type Libraries, libraryReads, namesLibrary, rememberLibrary } from './env-libraries.ts'
import { type EnvironmentSchema, type EnvironmentUsage, nothingRead, type SchemaVariable } from './env-reads.ts'
import {
  identifier,
  isMember,
  isNode,
  type JavascriptParser,
  lineOf,
  type Node,
  parseProgram,
  textOf,
  usesClient,
  walk,
} from './javascript-nodes.ts'

const named = /^[A-Za-z_][A-Za-z0-9_]*$/
const upper = /^[A-Z][A-Z0-9_]*$/

/** Markup whose comments are blank, at its own lines. */
const withoutComments = (source: string): string => {
  let out = ''
  let at = 0
  for (let start = source.indexOf('<!--'); start >= 0; start = source.indexOf('<!--', at)) {
    const end = source.indexOf('-->', start)
    if (end < 0) break
    out += source.slice(at, start) + source.slice(start, end + 3).replace(/[^\n]/g, ' ')
    at = end + 3
  }
  return out + source.slice(at)
}

/** The source within `<script>` tags of a component file, at its own lines. */
const scriptsOf = (given: string): string => {
  const source = withoutComments(given)
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

/** What stands in every text that `quick` fits: words are looked for ten times as fast. */
const signs = ['env', 'Env', 'cloudflare:workers', 'class-validator', "process'", 'process"']
const quick =
  /process\s*(?:\?\.|\.)\s*env|import\.meta\.env|\bDeno\.env|\bBun\.env|\$env\/|astro:env|createEnv|cleanEnv|cloudflare:workers|class-validator|process'\)?\.env|from ['"](?:node:)?process['"]/

const saysEnvironment = (text: string): boolean => signs.some(sign => text.includes(sign)) && quick.test(text)

/** Characters of a file that a parser reads: longer ones are made by programs, and would take seconds. */
const mostCharacters = 300_000

/** One file while it is read. `aliases` are names that stand for the environment: `const env = process.env`. */
type Reading = {
  source: string
  client: boolean
  /** A helper of the project's own reads process.env[name]: its calls name the variables. */
  usesDynamic: boolean
  aliases: Set<string>
  /** Names that stand for a library which reads the environment by names that it is given. */
  libraries: Libraries
  /** Objects that names stand for: a schema is often written down before it is handed over. */
  objects: Map<string, Node>
  /** Objects of a schema of which one has to fit: none of their fields is demanded. */
  alternatives: Set<unknown>
  /** Variables that entries of objects are given, by the names of the entries. */
  handed: Parameters<typeof rememberHanded>[0]
  usage: EnvironmentUsage
}

type Read = { hasDefault?: boolean; side?: 'server' | 'browser'; strict?: boolean }

const addRead = ({ usage, client }: Reading, name: string, node: Node, read: Read = {}): void => {
  if (!named.test(name)) return
  usage.reads.push({
    name,
    line: lineOf(node),
    side: read.side ?? (publicPrefixOf(name) || client ? 'browser' : 'server'),
    hasDefault: read.hasDefault ?? false,
    strict: read.strict ?? false,
  })
}

const typeWrappers = new Set(['TSNonNullExpression', 'TSAsExpression', 'TSSatisfiesExpression'])

/** `process.env`, `Bun.env`, `import.meta.env`, `globalThis.process.env`, or a name that stands for one. */
const isEnvironment = (reading: Reading, node: unknown): boolean => {
  const name = identifier(node)
  if (name) return reading.aliases.has(name)
  if (!isMember(node)) return isNode(node) && typeWrappers.has(node.type) && isEnvironment(reading, node.expression)
  if (textOf(node.property) !== 'env') return false
  const object = node.object as Node
  if (['process', 'Bun'].includes(identifier(object) ?? '')) return true
  if (object.type === 'MetaProperty') return true
  return isMember(object) && textOf(object.property) === 'process'
}

const textAt = (source: string, node: Node): string => source.slice(node.start ?? 0, node.end ?? 0)

const optional = /\.(?:optional|nullish|default|catch|prefault)\(|\bdefault:|optional:\s*true|v\.optional\(/

/** Ways of a schema that give a value where there is none: what comes in is changed first, and falls back. */
const givesValue =
  /\b(?:preprocess|transform)\((?=[\s\S]{0,2000}(?:\?\?|\|\||\breturn\s+(?:\[\]|\{\}|['"`\d]|undefined|null|false|true)))/

/** Longest part of a file that is read as what a name stands for. */
const mostOfName = 1500

/** What a field of a schema is made of: its text, with what the name stands for that it begins with. */
const madeOf = (source: string, field: string): string | null => {
  const name = /^([A-Za-z_$][\w$]*)(?=[.(]|$)/.exec(field)?.[1]
  if (name === undefined || /^(?:z|v|s|t|Type|yup|Joi|joi|zod|str|url|num|bool|port|host|email|json)$/.test(name))
    return field
  const at = source.search(
    new RegExp(`^[ \\t]*(?:export\\s+)?(?:const|let|var|function)\\s+${name.replace(/\$/g, '\\$')}\\b`, 'm'),
  )
  return at < 0
    ? null
    : `${field}\n${source.slice(at, at + mostOfName).split(/\n(?:\n|(?:export\s+)?(?:const|let|var|function)\s)/)[0]!}`
}

/** Libraries whose fields may lack unless they say otherwise. */
const lacksByDefault = /^(?:Joi|joi|yup|Yup)\b/

/** Whether a field may be left out. What a helper of another file makes of it cannot be told: it is not demanded. */
const mayLack = (source: string, field: string): boolean => {
  const made = madeOf(source, field)
  if (made === null || optional.test(made) || givesValue.test(made)) return true
  return lacksByDefault.test(field) && !/\.(?:required|exist)\(/.test(field)
}

/** Variables that an object of a schema names. */
const variablesOf = (source: string, object: unknown): SchemaVariable[] => {
  if (!isNode(object) || object.type !== 'ObjectExpression') return []
  return (object.properties as Node[]).flatMap(property => {
    const name = property.type === 'ObjectProperty' ? textOf(property.key) : null
    if (!name || !upper.test(name)) return []
    return [{ name, line: lineOf(property), optional: mayLack(source, textAt(source, property.value as Node)) }]
  })
}

/** How `skipValidation` switches a schema off, if it does: for good, in production, or by a variable. */
const skippedBy = (source: string, property: Node): EnvironmentSchema['skipped'] => {
  const value = textAt(source, property.value as Node)
  const line = lineOf(property)
  if (/^(?:true|!0|!!1)$/.test(value)) return { when: 'always', by: 'skipValidation: true', line }
  if (/NODE_ENV\s*={2,3}\s*['"]production['"]/.test(value)) return { when: 'production', by: value.slice(0, 80), line }
  const match = /process\.env\.(\w+)|process\.env\[['"](\w+)/.exec(value)
  const variable = match?.[1] ?? match?.[2]
  return variable !== undefined && variable !== 'NODE_ENV' ? { when: 'variable', by: variable, line } : null
}

const addSchema = (
  { source, usage, alternatives }: Reading,
  node: Node,
  tool: string,
  objects: readonly unknown[],
  options: Node | null = null,
): void => {
  const variables = objects.flatMap(object =>
    variablesOf(source, object).map(one => (alternatives.has(object) ? { ...one, optional: true } : one)),
  )
  if (variables.length === 0 && !options) return
  const skipped = ((options?.properties ?? []) as Node[])
    .filter(property => property.type === 'ObjectProperty' && textOf(property.key) === 'skipValidation')
    .map(property => skippedBy(source, property))
    .findLast(found => found !== null)
  usage.schemas.push({ tool, line: lineOf(node), variables, skipped: skipped ?? null })
}

type Call = { node: Node; callee: Node; args: Node[] }

const denoGet = (reading: Reading, { node, callee, args }: Call): void => {
  if (!isMember(callee) || !isMember(callee.object) || textOf(callee.object.property) !== 'env') return
  if (identifier(callee.object.object) !== 'Deno') return
  const variable = args[0]?.type === 'Identifier' ? null : textOf(args[0])
  if (variable) addRead(reading, variable, node)
}

const createEnv = (reading: Reading, { node, args: [options] }: Call): void => {
  if (options?.type !== 'ObjectExpression') return
  const parts = (options.properties as Node[])
    .filter(
      property =>
        property.type === 'ObjectProperty' && ['server', 'client', 'shared'].includes(textOf(property.key) ?? ''),
    )
    .map(property => property.value)
  addSchema(reading, node, 't3-env', parts, options)
}

const cleanEnv = (reading: Reading, { node, args }: Call): void => {
  const spec = reading.objects.get(identifier(args[1]) ?? '') ?? args[1]
  if (isEnvironment(reading, args[0])) addSchema(reading, node, 'envalid', [spec])
}

/** An object of a schema library of which most keys are names of variables. */
const schemaObject = (reading: Reading, { node, callee, args: [object] }: Call): void => {
  if (object?.type !== 'ObjectExpression') return
  const keys = (object.properties as Node[]).map(property =>
    property.type === 'ObjectProperty' ? (textOf(property.key) ?? '') : '',
  )
  if (keys.length === 0 || keys.filter(key => upper.test(key)).length < keys.length * 0.6) return
  const library = isMember(callee) ? identifier(callee.object) : null
  addSchema(reading, node, library === 'z' ? 'zod' : (library ?? 'schema'), [object])
}

/** `z.union([z.object({ … }), z.object({ … })])`. */
const schemaUnion = (reading: Reading, { args }: Call): void => {
  for (const list of args.filter(one => one.type === 'ArrayExpression'))
    for (const element of list.elements as (Node | null)[])
      if (element?.type === 'CallExpression') reading.alternatives.add((element.arguments as Node[])[0])
}

/** `Joi.object().keys({ … })`. */
const joiKeys = (reading: Reading, call: Call): void => {
  let from: unknown = call.callee
  while (isNode(from) && !identifier(from)) from = (from as Node).object ?? (from as Node).callee
  if (/^joi$/i.test(identifier(from) ?? '')) schemaObject(reading, call)
}

/** `requireEnv('NAME')`, where the file reads variables by a name of its own making. */
const ownHelper = (reading: Reading, { node, args }: Call): void => {
  const [first] = args
  if (!reading.usesDynamic || first?.type !== 'StringLiteral' || !upper.test(first.value as string)) return
  addRead(reading, first.value as string, node, { hasDefault: args.length > 1, strict: true })
}

const calls: ReadonlyMap<string, (reading: Reading, call: Call) => void> = new Map([
  ['get', denoGet],
  ['createEnv', createEnv],
  ['cleanEnv', cleanEnv],
  ['keys', joiKeys],
  ['union', schemaUnion],
  ['discriminatedUnion', schemaUnion],
  ...['object', 'strictObject', 'looseObject'].map(name => [name, schemaObject] as const),
  ...[
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
  ].map(name => [name, ownHelper] as const),
])

const visitCall = (reading: Reading, node: Node): void => {
  const callee = node.callee as Node
  const name = identifier(callee) ?? (isMember(callee) ? textOf(callee.property) : null)
  const args = node.arguments as Node[]
  calls.get(name ?? '')?.(reading, { node, callee, args })
  for (const read of libraryReads({ node, callee, args, source: reading.source }, reading.libraries))
    addRead(reading, read.name, read.node, read)
}

/** A read that falls back, or that only asks whether it is set or for one of its values: unset means no. */
const fallsBack = (node: Node, parent: Node | null): boolean =>
  (parent?.type === 'LogicalExpression' && parent.left === node) ||
  ((parent?.type === 'IfStatement' || parent?.type === 'ConditionalExpression') && parent.test === node) ||
  (parent?.type === 'BinaryExpression' && /^[!=]==?$/.test(parent.operator as string))

const visitMember = (reading: Reading, node: Node, parent: Node | null): void => {
  const byVariable = node.computed && (node.property as Node).type === 'Identifier'
  const name = byVariable ? null : textOf(node.property)
  const assigned = parent?.type === 'AssignmentExpression' && parent.left === node
  if (!name) reading.usage.dynamic++
  else if (!assigned) addRead(reading, name, node, { hasDefault: fallsBack(node, parent) })
}

/** `const { NAME, OTHER = 'x' } = process.env`, or a name that stands for the environment. */
const visitDeclaration = (reading: Reading, target: Node): void => {
  const alias = identifier(target)
  if (alias) reading.aliases.add(alias)
  if (target.type !== 'ObjectPattern') return
  for (const property of target.properties as Node[]) {
    const name = property.type === 'ObjectProperty' ? textOf(property.key) : null
    if (name) addRead(reading, name, property, { hasDefault: (property.value as Node).type === 'AssignmentPattern' })
  }
}

const rememberObject = ({ objects }: Reading, { id, init }: Node): void => {
  const name = identifier(id)
  if (name && isNode(init) && init.type === 'ObjectExpression') objects.set(name, init)
}

/** `$env/static/private` of SvelteKit, and `env` of `node:process`. */
const visitImport = (reading: Reading, node: Node): void => {
  const from = textOf(node.source) ?? ''
  const specifiers = node.specifiers as Node[]
  const svelte = /^\$env\/(static|dynamic)\/(private|public)$/.exec(from)
  if (svelte)
    for (const specifier of specifiers) {
      const imported = textOf(specifier.imported)
      if (svelte[1] === 'dynamic') reading.aliases.add(textOf(specifier.local) ?? 'env')
      else if (imported)
        addRead(reading, imported, node, { side: svelte[2] === 'public' ? 'browser' : 'server', strict: true })
    }
  if (/^(?:node:)?process$/.test(from))
    for (const specifier of specifiers)
      if (textOf(specifier.imported) === 'env') reading.aliases.add(textOf(specifier.local)!)
}

const decoratorsOf = (node: Node): string[] =>
  ((node.decorators ?? []) as Node[]).flatMap(({ expression }) => {
    const call = expression as Node
    return identifier(call.type === 'CallExpression' ? call.callee : call) ?? []
  })

/** A class of class-validator that the environment is held against: `validate(process.env, EnvironmentVariables)`. */
const visitClass = ({ source, usage }: Reading, node: Node): void => {
  const name = identifier(node.id)
  if (!name || !source.includes('class-validator')) return
  if (
    !new RegExp(`\\b(?:plainTo(?:Class|Instance)|validate\\w{0,40})\\([^()]{0,200}\\b${literally(name)}\\b`).test(
      source,
    )
  )
    return
  const variables = ((node.body as Node).body as Node[]).flatMap(field => {
    const own = field.type === 'ClassProperty' ? textOf(field.key) : null
    if (!own || !upper.test(own)) return []
    const lacks = decoratorsOf(field).some(one => /^(?:IsOptional|ValidateIf)$/.test(one))
    return [
      {
        name: own,
        line: lineOf(field.key as Node),
        optional: lacks || Boolean(field.optional) || Boolean(field.value),
      },
    ]
  })
  if (variables.length > 0)
    usage.schemas.push({ tool: 'class-validator', line: lineOf(node), variables, skipped: null })
}

const visit = (reading: Reading, node: Node, parent: Node | null): void => {
  if (node.type === 'ImportDeclaration' || node.type === 'VariableDeclarator') rememberLibrary(reading.libraries, node)
  if (isMember(node) && isEnvironment(reading, node.object)) visitMember(reading, node, parent)
  else if (node.type === 'VariableDeclarator') {
    if (isEnvironment(reading, node.init)) visitDeclaration(reading, node.id as Node)
    else rememberObject(reading, node)
  } else if (node.type === 'ImportDeclaration') visitImport(reading, node)
  else if (node.type === 'CallExpression') visitCall(reading, node)
  else if (node.type === 'ClassDeclaration') visitClass(reading, node)
  else if (node.type === 'ObjectProperty') rememberHanded(reading.handed, node, reading.source)
}

/** Reads in the markup of a component, which is no script. */
const addMarkup = ({ reads }: EnvironmentUsage, given: string): void => {
  for (const match of given.matchAll(/import\.meta\.env\.(\w+)/g)) {
    const name = match[1]!
    if (reads.some(read => read.name === name)) continue
    const line = given.slice(0, match.index).split('\n').length
    reads.push({ name, line, side: 'browser', hasDefault: false, strict: false })
  }
}

/** Reads of a file; by idiom where it is too long or cannot be parsed. */
export const readJavascript = (parse: JavascriptParser, path: string, given: string): EnvironmentUsage => {
  if (!saysEnvironment(given) && !namesLibrary.test(given)) return nothingRead()
  if (given.length > mostCharacters) return readByIdiom(path, given, javascriptIdioms)
  const component = /\.(?:vue|svelte|astro)$/.test(path)
  const source = component ? scriptsOf(given) : given
  const reading: Reading = {
    source,
    client: usesClient(source) || /\.(?:vue|svelte)$/.test(path),
    usesDynamic: /process\.env\[\s*[a-zA-Z_]\w*\s*\]/.test(source),
    aliases: new Set(),
    libraries: new Map(),
    objects: new Map(),
    alternatives: new Set(),
    handed: new Map(),
    usage: nothingRead(),
  }
  let program: Node
  try {
    program = parseProgram(parse, path, source)
  } catch (error) {
    const problem = `could not be parsed: ${String((error as Error).message).slice(0, 120)}`
    return readByIdiom(path, given, javascriptIdioms, problem)
  }
  walk(program, (node, parent) => visit(reading, node, parent))
  if (component) addMarkup(reading.usage, given)
  reading.usage.schemas = reading.usage.schemas.map(schema => overVariables(schema, reading.handed))
  return reading.usage
}
