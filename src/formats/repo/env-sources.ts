// Where a repository sets environment variables beside its dotenv files: CI, Dockerfile, compose, platform files.

import { parse as parseToml } from 'smol-toml'
import { ciProviderOf } from '../../data/ci-systems.ts'
import { isRecord, recordsIn } from '../is-record.ts'
import { parseYaml } from '../yaml-bounds.ts'
import { type EnvironmentName, environmentOf } from './dotenv.ts'
import { saysDevelopment } from './image-purpose.ts'
import { parseJsonc } from './jsonc.ts'
import { fileName } from './paths.ts'

/** `code`: written into the settings of a framework. */
export type SettingKind = 'code' | 'ci' | 'dockerfile' | 'compose' | 'platform'

/** `value` is null where only the name stands (a secret kept by the platform, a value made or asked for there). */
export type Setting = {
  name: string
  file: string
  line: number
  kind: SettingKind
  environment: EnvironmentName
  value: string | null
}

/** `complete`: environments of which the file names every variable, so that one that is absent is not set. */
export type Settings = { settings: Setting[]; complete: EnvironmentName[]; problem: string | null }

/** Aliases that explode are refused; the place of an error is not worth its search in a hostile file. */

type Record_ = Record<string, unknown>
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/
const plain = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null

/** First line on which a name stands as a word. */
const lineIn = (text: string, name: string): number => {
  const at = text.search(new RegExp(`(?<![\\w])${name}(?![\\w])`))
  return at < 0 ? 1 : text.slice(0, at).split('\n').length
}

const pairs = (value: unknown): [string, string | null][] => {
  if (isRecord(value)) return Object.entries(value).map(([name, given]) => [name, plain(given)])
  if (!Array.isArray(value)) return []
  return value.flatMap((item): [string, string | null][] => {
    if (typeof item === 'string')
      return [[item.split('=')[0]!, item.includes('=') ? item.slice(item.indexOf('=') + 1) : null]]
    return []
  })
}

/** Whether a file may set variables. */
export const setsEnvironment = (path: string): Exclude<SettingKind, 'code'> | null => {
  const name = fileName(path)
  if (ciProviderOf(path)) return 'ci'
  if (/(?:^|\/)\.devcontainer\//.test(path)) return null
  if (/^(?:Dockerfile|Containerfile)(?:\.[\w.-]+)?$|\.[Dd]ockerfile$/.test(name) && !name.endsWith('.dockerignore'))
    return 'dockerfile'
  if (/^(?:docker-)?compose(?:[.-][\w-]+)*\.ya?ml$/.test(name)) return 'compose'
  if (
    /^(?:vercel\.json|netlify\.toml|fly(?:\.[\w-]+)?\.toml|render\.yaml|wrangler\.(?:toml|jsonc?)|app\.json|app\.yaml|serverless\.ya?ml|railway\.(?:json|toml)|amplify\.yml|apprunner\.yaml)$/.test(
      name,
    )
  )
    return 'platform'
  return /(?:^|\/)config\/deploy(?:\.\w+)?\.ya?ml$|(?:^|\/)\.do\/app\.ya?ml$/.test(path) ? 'platform' : null
}

/** Notes a variable: `value` is null where it is kept elsewhere. The first of one name and environment counts. */
type Add = (name: string, value: string | null, environment: EnvironmentName) => void

/** A file while it is read; `complete` notes that it names every variable of production. */
type Reading = {
  path: string
  text: string
  add: Add
  named: EnvironmentName
  complete: () => void
  any: () => boolean
}

type Read = (reading: Reading) => void

const yamlOf = (text: string, more: { merge?: boolean } = {}): Record_ | null => parseYaml(text, more) as Record_ | null

const addAll = (add: Add, value: unknown, environment: EnvironmentName): void => {
  for (const [name, given] of pairs(value)) add(name, given, environment)
}

/** A value of a pipeline: kept elsewhere where it takes a secret, empty where it is computed. */
const pipelineValue = (given: string | null): string | null =>
  given?.includes('${{') ? (/\bsecrets\b/.test(given) ? null : '') : given

/** The blocks of variables of a pipeline, at any depth; names in capitals alone. */
const collectBlocks = (node: unknown, add: Add, depth = 0): void => {
  if (depth > 12) return
  if (Array.isArray(node)) for (const item of node) collectBlocks(item, add, depth + 1)
  if (!isRecord(node)) return
  for (const [key, value] of Object.entries(node)) {
    if (key === 'env' || key === 'variables' || key === 'environment')
      for (const [name, given] of pairs(value)) if (name === name.toUpperCase()) add(name, pipelineValue(given), 'test')
    collectBlocks(value, add, depth + 1)
  }
}

const pipeline: Read = ({ text, add }) => {
  // A value that is kept elsewhere is secret where the provider says so; variables and what the run knows of itself are not.
  for (const match of text.matchAll(/\$\{\{\s*(secrets|vars)\.(\w+)/g))
    if (match[2] !== 'GITHUB_TOKEN') add(match[2]!, match[1] === 'secrets' ? null : '', 'test')
  collectBlocks(yamlOf(text), add)
}

const stage = (part: string, environment: EnvironmentName, add: Add): void => {
  for (const match of part.replace(/\\\r?\n/g, ' ').matchAll(/^[ \t]*ENV[ \t]+([^\n]+)/gim)) {
    const rest = match[1]!
    if (/^\w+\s*=/.test(rest))
      for (const pair of rest.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g))
        add(pair[1]!, pair[2]!.replace(/^["']|["']$/g, ''), environment)
    else add(rest.split(/\s+/)[0]!, rest.replace(/^\S+\s*/, ''), environment)
  }
  for (const match of part.matchAll(/^[ \t]*ARG[ \t]+(\w+)(?:=(\S+))?/gim))
    add(match[1]!, match[2] ?? null, environment)
}

/** An image that says so, or whose environment and values beside it are those of laptops: `RAILS_ENV=development`, `DB_NAME=shop_development`. */
const isOfLaptops = (whole: string, text: string): boolean =>
  saysDevelopment(whole) ||
  (/\b(?:RAILS|RACK|NODE|APP|FLASK|MIX|DJANGO)_ENV[= ]["']?dev(?:elopment)?\b/.test(text) &&
    /(?:_NAME|_DB|DATABASE|_USER(?:NAME)?|_URL)[= ]["']?\S{0,200}[_-]dev(?:elopment)?\b/.test(text))

const dockerfile: Read = ({ text, add, named }) => {
  const last = [...text.matchAll(/^[ \t]*FROM[ \t]/gim)].at(-1)?.index ?? 0
  const environment = isOfLaptops(text, text.slice(last)) ? 'development' : named
  stage(text.slice(last), environment === 'development' || environment === 'test' ? environment : 'production', add)
  // What an earlier stage sets holds while the image is built, not where it runs.
  stage(text.slice(0, last), 'test', add)
}

const compose: Read = ({ text, add, named }) => {
  const services = yamlOf(text, { merge: true })?.services
  if (!isRecord(services)) return
  for (const service of recordsIn(Object.values(services)))
    addAll(add, service.environment, named === 'default' ? 'development' : named)
}

const vercel: Read = ({ text, add }) => {
  const json = parseJsonc(text) as Record_
  addAll(add, json.env, 'production')
  if (isRecord(json.build)) addAll(add, json.build.env, 'production')
}

const netlifyContexts: Readonly<Record<string, EnvironmentName>> = { production: 'production', dev: 'development' }

const netlify: Read = ({ text, add }) => {
  const toml = parseToml(text) as Record_
  if (isRecord(toml.build)) addAll(add, toml.build.environment, 'production')
  if (!isRecord(toml.context)) return
  for (const [context, value] of Object.entries(toml.context))
    if (isRecord(value))
      addAll(add, value.environment, Object.hasOwn(netlifyContexts, context) ? netlifyContexts[context]! : 'preview')
}

const fly: Read = ({ path, text, add }) =>
  addAll(
    add,
    (parseToml(text) as Record_).env,
    fileName(path) !== 'fly.toml' && environmentOf(fileName(path)) === 'preview' ? 'preview' : 'production',
  )

/** Lists of `key` and `value`, as Render and DigitalOcean write them. */
const addKeyed = (add: Add, value: unknown): void => {
  for (const item of recordsIn(value)) if (typeof item.key === 'string') add(item.key, plain(item.value), 'production')
}

const render: Read = ({ text, add, complete, any }) => {
  const yaml = yamlOf(text)
  const lists = [...recordsIn(yaml?.services), ...recordsIn(yaml?.envVarGroups)].map(({ envVars }) => envVars)
  for (const list of lists) addKeyed(add, list)
  // A blueprint lists what a service gets; a group made elsewhere may hold more.
  const grouped = lists.some(list => recordsIn(list).some(({ key }) => typeof key !== 'string'))
  if (any() && !grouped) complete()
}

const wrangler: Read = ({ path, text, add }) => {
  const config = (path.endsWith('.toml') ? parseToml(text) : parseJsonc(text)) as Record_
  addAll(add, config.vars, 'production')
  if (!isRecord(config.env)) return
  for (const [environment, value] of Object.entries(config.env)) {
    const known = environmentOf(`.${environment}`)
    if (isRecord(value)) addAll(add, value.vars, known === 'default' ? 'preview' : known)
  }
}

const heroku: Read = ({ text, add }) => {
  const { env } = JSON.parse(text) as Record_
  if (!isRecord(env)) return
  for (const [key, value] of Object.entries(env))
    add(key, isRecord(value) ? plain(value.value) : plain(value), 'production')
}

const appEngine: Read = ({ text, add }) => addAll(add, yamlOf(text)?.env_variables, 'production')

const serverless: Read = ({ text, add }) => {
  const provider = yamlOf(text)?.provider
  if (isRecord(provider)) addAll(add, provider.environment, 'production')
}

const kamal: Read = ({ path, text, add, complete, any }) => {
  const environment = yamlOf(text)?.env
  if (!isRecord(environment)) return
  const isPreview = environmentOf(`.${fileName(path).replace(/\.ya?ml$/, '')}`) === 'preview'
  const target: EnvironmentName = isPreview ? 'preview' : 'production'
  addAll(add, environment.clear ?? (environment.secret ? {} : environment), target)
  for (const secret of Array.isArray(environment.secret) ? environment.secret : [])
    if (typeof secret === 'string') add(secret.split(':')[0]!, null, target)
  if (any() && target === 'production') complete()
}

const digitalOcean: Read = ({ text, add }) => {
  const yaml = yamlOf(text)
  addKeyed(add, yaml?.envs)
  for (const service of recordsIn(yaml?.services)) addKeyed(add, service.envs)
}

/** By path; the first that holds. */
const platforms: readonly [RegExp, Read][] = [
  [/(?:^|\/)vercel\.json$/, vercel],
  [/(?:^|\/)netlify\.toml$/, netlify],
  [/(?:^|\/)fly[^/]*$/, fly],
  [/(?:^|\/)render\.yaml$/, render],
  [/(?:^|\/)wrangler[^/]*$/, wrangler],
  [/(?:^|\/)app\.json$/, heroku],
  [/^(?!.*\.do\/)(?:.*\/)?app\.yaml$/, appEngine],
  [/(?:^|\/)serverless[^/]*$/, serverless],
  [/(?:^|\/)config\/deploy/, kamal],
  [/\.do\//, digitalOcean],
]

const platform: Read = reading => platforms.find(([pattern]) => pattern.test(reading.path))?.[1](reading)

const readers: Readonly<Record<Exclude<SettingKind, 'code'>, Read>> = { ci: pipeline, dockerfile, compose, platform }

/** Folders that are for one environment by their whole name: `docker/local/Dockerfile`. */
const folders: Readonly<Record<string, EnvironmentName>> = {
  dev: 'development',
  devel: 'development',
  development: 'development',
  local: 'development',
  prod: 'production',
  production: 'production',
}

/** Images and containers of editors. */
const ofEditors = /(?:^|[/._-])(?:gitpod|codespaces?|devcontainer)(?=[/._-]|$)/i

/** The environment of the nearest folder that is for one. */
const byFolder = (path: string): EnvironmentName => {
  const names = path.toLowerCase().split('/').slice(0, -1).reverse()
  return names.map(name => (Object.hasOwn(folders, name) ? folders[name] : undefined)).find(Boolean) ?? 'default'
}

/** Variables kept of one file. */
const mostSettings = 2000

/** Variables that a file sets or names. */
export const environmentSettings = (path: string, text: string): Settings => {
  const kind = setsEnvironment(path)
  const out: Settings = { settings: [], complete: [], problem: null }
  if (!kind) return out
  if (text.length > 256 << 10) return { ...out, problem: 'is too large to be read as settings' }
  const add: Add = (name, value, environment) => {
    const known = out.settings.some(one => one.name === name && one.environment === environment)
    if (!variable.test(name) || out.settings.length > mostSettings || known) return
    out.settings.push({ name, file: path, line: lineIn(text, name), kind, environment, value })
  }
  const name = fileName(path).replace(/\.(?:ya?ml|toml|jsonc?)$/, '')
  const byName = environmentOf(`.${name.replace(/^docker-compose/, 'compose')}`)
  const named = ofEditors.test(path) ? 'development' : byName === 'default' ? byFolder(path) : byName
  const complete = (): void => {
    out.complete.push('production')
  }
  try {
    readers[kind]({ path, text, add, named, complete, any: () => out.settings.length > 0 })
  } catch (error) {
    out.problem = String((error as Error).message)
      .split('\n')[0]!
      .slice(0, 160)
  }
  return out
}
