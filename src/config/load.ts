// Reads the config: YAML, JSON, or a module where the user named one; secrets from the environment.
import { readFileSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { LineCounter, parseDocument, type YAMLError } from 'yaml'
import type { z } from 'zod'
import { showPath } from '../formats/show-path.ts'
import { yamlRefusal } from '../formats/yaml-bounds.ts'
import { nearest, UsageError } from './errors.ts'
import { isInside } from './find.ts'
import { literalSecrets } from './literal-secrets.ts'
import { type Config, configSchema } from './schema.ts'
import { type SecretUse, useOfSecret } from './secret-places.ts'

const most = 1_000_000

export type LoadedConfig = {
  config: Config
  /** Path of the file, null when there is none. */
  path: string | null
  /** Values that came from the environment: never to be printed. */
  secrets: string[]
  /** Which variable goes to whom. */
  sends: SecretUse[]
  /** Whether a file lies outside of the folder of a config that was found; absent where the config was named. */
  isOutside?: (path: string) => boolean
}

/** What was found, not named: the folder that it may not leave. */
export type Found = { root: string }

/** Reads and validates a config file. `${NAME}` is replaced from `env`. Throws UsageError with every fault, one a line. */
export const loadConfig = async (
  path: string | null,
  env: Readonly<Record<string, string | undefined>>,
  found: Found | null = null,
): Promise<LoadedConfig> => {
  if (path === null) return { config: configSchema.parse({}), path, secrets: [], sends: [] }
  const { value, lineOf } = await readFile(path)
  const filling: Filling = { env, whole: value, isFound: found !== null, secrets: [], sends: [], faults: [] }
  const filled = fillIn(filling, value, [])
  // A module reads the environment itself: what stands there now stood nowhere.
  const written = isModule(path) ? [] : literalSecrets(value)
  const faults = [
    ...written.map(({ path: at, text }) => `${lineOf(at) === null ? '' : `:${lineOf(at)}`}: ${text}`),
    ...filling.faults,
    ...(found ? outsideFaults(value, found.root) : []),
  ]
  if (faults.length) throw new UsageError(faults.map(fault => `${path}${fault}`).join('\n'))
  const parsed = configSchema.safeParse(filled)
  if (!parsed.success)
    // What is shown is what stands in the file: ${NAME}, not its value.
    throw new UsageError(parsed.error.issues.flatMap(issue => describeIssue(path, issue, value, lineOf)).join('\n'))
  const kept = found ? { isOutside: (file: string) => !isInside(found.root, file) } : {}
  return { config: parsed.data, path, secrets: filling.secrets, sends: filling.sends, ...kept }
}

type FileContent = { value: unknown; lineOf: (path: readonly PropertyKey[]) => number | null }

const readText = (path: string): string => {
  try {
    if (!statSync(path).isFile()) throw new Error('it is not a file')
    if (statSync(path).size > most) throw new Error('it is larger than 1 MB')
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new UsageError(`${path}: the config cannot be read: ${plain(error)}`)
  }
}

/** The default export of a module: its code runs. */
const readModule = async (path: string): Promise<FileContent> => {
  try {
    const module = (await import(pathToFileURL(resolve(path)).href)) as { default?: unknown }
    if (module.default === undefined)
      throw new Error('it has no default export; expected `export default { domain: … }`')
    return { value: module.default, lineOf: () => null }
  } catch (error) {
    throw new UsageError(`${path}: the config cannot be loaded: ${plain(error)}`)
  }
}

/** What is wrong with a document, in words that name the line. */
const syntaxFault = (path: string, text: string, fault: YAMLError, lines: LineCounter): string => {
  const { line } = lines.linePos(fault.pos[0])
  // The name of a key that stands twice: what is before its colon.
  const key = /^\s*["']?([^"':]+)/.exec(text.slice(fault.pos[0]))?.[1]?.trim()
  if (fault.code === 'DUPLICATE_KEY' && key) return `${path}:${line}: the key "${key}" stands twice; keep one`
  const said = fault.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')
  return `${path}:${line}: not valid ${isJson(path) ? 'JSON' : 'YAML'}: ${said}`
}

const isModule = (path: string): boolean => ['.ts', '.mts', '.mjs', '.js'].includes(extname(path))

const isJson = (path: string): boolean => extname(path) === '.json'

/** YAML or JSON. JSON is YAML too, so one reader gives positions for both. */
const readData = (path: string, text: string): FileContent => {
  const refusal = yamlRefusal(text)
  if (refusal !== null) throw new UsageError(`${path}: the config is not read: ${refusal}`)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true })
  const fault = document.errors[0]
  if (fault) throw new UsageError(syntaxFault(path, text, fault, lines))
  let value: unknown
  try {
    value = document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    throw new UsageError(`${path}: not valid YAML: ${plain(error)}`)
  }
  if (typeof value !== 'object' || Array.isArray(value))
    throw new UsageError(
      `${path}: expected a mapping such as "domain: example.com", found ${Array.isArray(value) ? 'a list' : JSON.stringify(value)}`,
    )
  const lineOf: FileContent['lineOf'] = at => {
    for (let depth = at.length; depth > 0; depth--) {
      const node = document.getIn(at.slice(0, depth) as string[], true) as
        | { range?: [number, number, number] }
        | undefined
      if (node?.range) return lines.linePos(node.range[0]).line
    }
    return null
  }
  return { value, lineOf }
}

const readFile = async (path: string): Promise<FileContent> => {
  const text = readText(path)
  if (isModule(path)) return readModule(path)
  if (isJson(path))
    try {
      JSON.parse(text)
    } catch (error) {
      throw new UsageError(`${path}: not valid JSON: ${(error as Error).message}`)
    }
  return readData(path, text)
}

const plain = (error: unknown): string => {
  const { code, message } = error as { code?: string; message?: string }
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EACCES') return 'permission is denied'
  return message ?? String(error)
}

type Filling = {
  env: Readonly<Record<string, string | undefined>>
  whole: unknown
  isFound: boolean
  secrets: string[]
  sends: SecretUse[]
  faults: string[]
}

/** The value of a variable that stands at a place of the config; null where it may not stand there, or is not set. */
const variableAt = (filling: Filling, name: string, path: readonly (string | number)[]): string | null => {
  const { env, whole, isFound, secrets, sends, faults } = filling
  const key = showPath(path)
  const use = useOfSecret(name, path, whole, { key, isFound })
  if ('refused' in use) {
    faults.push(`: ${key}: ${use.refused}`)
    return null
  }
  const value = env[name]
  if (value === undefined) {
    faults.push(
      `: ${key}: the environment variable ${name} is not set; set it before you run launch-ready, or take \${${name}} out`,
    )
    return null
  }
  sends.push(use)
  if (value !== '') secrets.push(value)
  return value
}

const fillIn = (filling: Filling, value: unknown, path: readonly (string | number)[]): unknown => {
  if (typeof value === 'string')
    return value.replace(
      /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g,
      (whole, name: string) => variableAt(filling, name, path) ?? whole,
    )
  if (Array.isArray(value)) return value.map((item, at) => fillIn(filling, item, [...path, at]))
  if (value && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(filling, item, [...path, key])]))
  return value
}

/** Keys that name files: those of a config that was found lie in its repository. */
const fileKeys: readonly (readonly [string, string])[] = [
  ['dns', 'snapshot'],
  ['email', 'reports'],
  ['report', 'logo'],
  ['deploy', 'ledger'],
  ['monitor', 'store'],
]

const outsideFaults = (value: unknown, root: string): string[] =>
  fileKeys.flatMap(path => {
    const named = at(value, path)
    if (typeof named !== 'string' || /^(?:imaps?|postgres(?:ql)?):|^:memory:$/i.test(named) || isInside(root, named))
      return []
    return [`: ${showPath(path)}: ${named} lies outside of ${root}; name the config with --config where this is meant`]
  })

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, part) => (inner && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[part] : undefined),
    value,
  )

/** What stands there, without what people write for secrets: passwords, tokens, the log-in inside a URL. */
const shown = (value: unknown, at: PropertyKey = ''): string => {
  const hide = (key: string, inner: unknown): unknown =>
    /password|token|secret|authorization/i.test(key || String(at)) && inner !== null && typeof inner !== 'object'
      ? '…'
      : typeof inner === 'string'
        ? inner.replace(/(\/\/)[^/@\s]*@/g, '$1…@')
        : inner
  const text = JSON.stringify(value, hide) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

/** Types as people call them who write YAML. */
const kinds: Record<string, string> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list, one "- …" a line',
  object: 'a mapping such as "name: value"',
  record: 'a mapping such as "name: value"',
}

const describeIssue = (
  file: string,
  issue: z.core.$ZodIssue,
  value: unknown,
  lineOf: FileContent['lineOf'],
): string[] => {
  const line = lineOf(issue.path)
  const where = `${file}${line === null ? '' : `:${line}`}: ${issue.path.length ? `${showPath(issue.path)}: ` : ''}`
  if (issue.code === 'unrecognized_keys') {
    const valid = keysAt(issue.path)
    return issue.keys.map(key => {
      const near = nearest(key, valid)
      const keyLine = lineOf([...issue.path, key])
      const place = `${file}${keyLine === null ? '' : `:${keyLine}`}: `
      return `${place}unknown key "${showPath([...issue.path, key])}"${near ? `; did you mean "${near}"?` : valid.length ? `; expected one of ${valid.join(', ')}` : ''}`
    })
  }
  if (issue.code === 'invalid_union') {
    const inner = issue.errors.flat()[0]
    if (inner && inner.code === 'custom')
      return [`${where}found ${shown(at(value, issue.path), issue.path.at(-1))}: ${inner.message}`]
  }
  const found = at(value, issue.path)
  if (issue.code === 'invalid_type' && kinds[issue.expected] && found !== undefined)
    return [`${where}found ${shown(found, issue.path.at(-1))}: expected ${kinds[issue.expected]}`]
  return [
    `${where}${found === undefined ? 'missing' : `found ${shown(found, issue.path.at(-1))}`}: ${issue.message.replace(/^Invalid (input|option): /, '')}`,
  ]
}

/** Keys that the schema allows at a path of the config. */
const keysAt = (path: readonly PropertyKey[]): string[] => {
  type Node = {
    shape?: Record<string, Node>
    _zod?: { def?: { innerType?: Node; element?: Node; valueType?: Node; options?: Node[]; in?: Node } }
  }
  const open = (node: Node | undefined): Node | undefined => {
    let inner = node
    while (inner && !inner.shape && inner._zod?.def && (inner._zod.def.innerType ?? inner._zod.def.in))
      inner = inner._zod.def.innerType ?? inner._zod.def.in
    return inner
  }
  let node = open(configSchema as unknown as Node)
  for (const part of path) {
    const def = node?._zod?.def
    node = open(node?.shape?.[String(part)] ?? def?.element ?? def?.valueType)
  }
  return Object.keys(node?.shape ?? {})
}
