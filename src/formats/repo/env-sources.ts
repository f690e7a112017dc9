// Where a repository sets environment variables beside its dotenv files: CI, Dockerfile, compose, platform files.
import { parse as parseToml } from 'smol-toml'
import { parse as parseYaml } from 'yaml'
import { isRecord } from '../is-record.ts'
import { type EnvironmentName, environmentOf } from './dotenv.ts'
import { parseJsonc } from './stack-detect.ts'

export type SettingKind = 'ci' | 'dockerfile' | 'compose' | 'platform'

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
const yamlBounds = { maxAliasCount: 50, prettyErrors: false } as const

type Record_ = Record<string, unknown>
const variable = /^[A-Za-z_][A-Za-z0-9_]*$/
const plain = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

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
export const setsEnvironment = (path: string): SettingKind | null => {
  const name = base(path)
  if (
    /^\.github\/workflows\/[^/]+\.ya?ml$|^\.gitlab-ci\.ya?ml$|^bitbucket-pipelines\.yml$|^\.circleci\/config\.ya?ml$|^azure-pipelines[\w.-]*\.ya?ml$|^\.buildkite\/[^/]+\.ya?ml$/.test(
      path,
    )
  )
    return 'ci'
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

/** Variables that a file sets or names. */
export const environmentSettings = (path: string, text: string): Settings => {
  const kind = setsEnvironment(path)
  const out: Settings = { settings: [], complete: [], problem: null }
  if (!kind) return out
  if (text.length > 256 << 10) return { ...out, problem: 'is too large to be read as settings' }
  const add = (name: string, value: string | null, environment: EnvironmentName): void => {
    if (
      !variable.test(name) ||
      out.settings.length > 2000 ||
      out.settings.some(one => one.name === name && one.environment === environment)
    )
      return
    out.settings.push({ name, file: path, line: lineIn(text, name), kind, environment, value })
  }
  const named = environmentOf(
    `.${base(path)
      .replace(/\.(?:ya?ml|toml|jsonc?)$/, '')
      .replace(/^docker-compose/, 'compose')}`,
  )
  try {
    if (kind === 'ci') {
      // A value that is kept elsewhere is secret where the provider says so; variables and what the run knows of itself are not.
      for (const match of text.matchAll(/\$\{\{\s*(secrets|vars)\.(\w+)/g))
        if (match[2] !== 'GITHUB_TOKEN') add(match[2]!, match[1] === 'secrets' ? null : '', 'test')
      const collect = (node: unknown, depth: number): void => {
        if (depth > 12) return
        if (Array.isArray(node)) for (const item of node) collect(item, depth + 1)
        else if (isRecord(node))
          for (const [key, value] of Object.entries(node)) {
            if (key === 'env' || key === 'variables' || key === 'environment')
              for (const [name, given] of pairs(value))
                if (name === name.toUpperCase())
                  add(name, given?.includes('${{') ? (/\bsecrets\b/.test(given) ? null : '') : given, 'test')
            collect(value, depth + 1)
          }
      }
      collect(parseYaml(text, { ...yamlBounds }), 0)
    } else if (kind === 'dockerfile') {
      const runs = named === 'development' || named === 'test' ? named : 'production'
      const stages = [...text.matchAll(/^[ \t]*FROM[ \t]/gim)]
      const last = stages.at(-1)?.index ?? 0
      // What an earlier stage sets holds while the image is built, not where it runs.
      for (const [part, environment] of [
        [text.slice(last), runs],
        [text.slice(0, last), 'test'],
      ] as const) {
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
    } else if (kind === 'compose') {
      const environment = named === 'default' ? 'development' : named
      const services = (parseYaml(text, { ...yamlBounds, merge: true }) as Record_ | null)?.services
      if (isRecord(services))
        for (const service of Object.values(services))
          if (isRecord(service)) for (const [name, value] of pairs(service.environment)) add(name, value, environment)
    } else platform(path, text, add, out)
  } catch (error) {
    out.problem = String((error as Error).message)
      .split('\n')[0]!
      .slice(0, 160)
  }
  return out
}

const platform = (
  path: string,
  text: string,
  add: (name: string, value: string | null, environment: EnvironmentName) => void,
  out: Settings,
): void => {
  const name = base(path)
  const all = (value: unknown, environment: EnvironmentName): void => {
    for (const [key, given] of pairs(value)) add(key, given, environment)
  }
  if (name === 'vercel.json') {
    const json = parseJsonc(text) as Record_
    all(json.env, 'production')
    if (isRecord(json.build)) all(json.build.env, 'production')
  } else if (name === 'netlify.toml') {
    const toml = parseToml(text) as Record_
    if (isRecord(toml.build)) all(toml.build.environment, 'production')
    if (isRecord(toml.context))
      for (const [context, value] of Object.entries(toml.context))
        if (isRecord(value))
          all(
            value.environment,
            context === 'production' ? 'production' : context === 'dev' ? 'development' : 'preview',
          )
  } else if (/^fly/.test(name))
    all(
      (parseToml(text) as Record_).env,
      name === 'fly.toml' ? 'production' : environmentOf(name) === 'preview' ? 'preview' : 'production',
    )
  else if (name === 'render.yaml') {
    const yaml = parseYaml(text, { ...yamlBounds }) as Record_ | null
    let grouped = false
    const list = (value: unknown): void => {
      if (!Array.isArray(value)) return
      for (const item of value) {
        if (!isRecord(item)) continue
        if (typeof item.key === 'string') add(item.key, plain(item.value), 'production')
        else grouped = true
      }
    }
    for (const service of Array.isArray(yaml?.services) ? yaml.services : [])
      if (isRecord(service)) list(service.envVars)
    for (const group of Array.isArray(yaml?.envVarGroups) ? yaml.envVarGroups : [])
      if (isRecord(group)) list(group.envVars)
    // A blueprint lists what a service gets; a group made elsewhere may hold more.
    if (out.settings.length && !grouped) out.complete.push('production')
  } else if (/^wrangler/.test(name)) {
    const config = (name.endsWith('.toml') ? parseToml(text) : parseJsonc(text)) as Record_
    all(config.vars, 'production')
    if (isRecord(config.env))
      for (const [environment, value] of Object.entries(config.env))
        if (isRecord(value))
          all(value.vars, environmentOf(`.${environment}`) === 'default' ? 'preview' : environmentOf(`.${environment}`))
  } else if (name === 'app.json') {
    const json = JSON.parse(text) as Record_
    if (isRecord(json.env))
      for (const [key, value] of Object.entries(json.env))
        add(key, isRecord(value) ? plain(value.value) : plain(value), 'production')
  } else if (name === 'app.yaml' && !path.includes('.do/'))
    all((parseYaml(text, { ...yamlBounds }) as Record_ | null)?.env_variables, 'production')
  else if (/^serverless/.test(name)) {
    const provider = (parseYaml(text, { ...yamlBounds }) as Record_ | null)?.provider
    if (isRecord(provider)) all(provider.environment, 'production')
  } else if (/(?:^|\/)config\/deploy/.test(path)) {
    const environment = (parseYaml(text, { ...yamlBounds }) as Record_ | null)?.env
    if (isRecord(environment)) {
      const target: EnvironmentName =
        environmentOf(`.${name.replace(/\.ya?ml$/, '')}`) === 'preview' ? 'preview' : 'production'
      all(environment.clear ?? (environment.secret ? {} : environment), target)
      for (const secret of Array.isArray(environment.secret) ? environment.secret : [])
        if (typeof secret === 'string') add(secret.split(':')[0]!, null, target)
      if (out.settings.length && target === 'production') out.complete.push('production')
    }
  } else if (path.includes('.do/')) {
    const yaml = parseYaml(text, { ...yamlBounds }) as Record_ | null
    const list = (value: unknown): void => {
      if (Array.isArray(value))
        for (const item of value)
          if (isRecord(item) && typeof item.key === 'string') add(item.key, plain(item.value), 'production')
    }
    list(yaml?.envs)
    for (const service of Array.isArray(yaml?.services) ? yaml.services : []) if (isRecord(service)) list(service.envs)
  }
}
