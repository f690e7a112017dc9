// Whether production sets a value of its own in place of one that stands in shared settings: a module of Django that takes all of another and
// assigns the name anew, a class of Flask, `runtime.exs` of Elixir, `production` beside `default` of node-config.
import { fileName } from '../repo/paths.ts'
import { isLaptopCompose } from './path-kind.ts'

/** A value in a file, by the name that it is given to. */
export type Placed = { path: string; line: number; variable: string | null }

/** Texts of a repository, by path; null where there is none. */
export type Texts = { paths: readonly string[]; read: (path: string) => string | null }

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)
const stemOf = (path: string): string => fileName(path).replace(/\.\w+$/, '')

const forProduction =
  /(?:^|_)(?:prod|production|live|deploy\w{0,5}|server|heroku|docker|container|aws|gcp|fly|render|railway)(?:_|$)/i
/** Settings modules of one package that are read. */
const mostModules = 40

/** The modules of which a module takes everything, as it names them: `.common`, `shop.settings.common`. */
const takenWhole = (text: string): string[] =>
  [...text.matchAll(/^[ \t]*from[ \t]+([.\w]{1,200})[ \t]+import[ \t]+\*/gm)].map(([, from]) => from!)

const lastName = (module: string): string => module.replace(/^.*\./, '')

const assigns = (text: string, name: string): boolean =>
  new RegExp(`^[ \\t]*${name.replace(/\W/g, '')}[ \\t]*(?::[^=\\n]{1,60})?=(?!=)`, 'm').test(text)

/** Whether a module of production in the same folder takes all of this one, straight or through others, and assigns the name anew. */
const byModule = ({ path, variable }: Placed, { paths, read }: Texts): boolean => {
  const folder = folderOf(path)
  const texts = new Map(
    paths
      .filter(one => one.endsWith('.py') && folderOf(one) === folder)
      .slice(0, mostModules)
      .map(one => [stemOf(one), read(one) ?? '']),
  )
  const base = stemOf(path)
  const standsOn = (first: string): boolean => {
    const seen = new Set([first])
    for (const name of seen) for (const from of takenWhole(texts.get(name) ?? '')) seen.add(lastName(from))
    return seen.has(base)
  }
  return [...texts].some(
    ([name, text]) => name !== base && forProduction.test(name) && standsOn(name) && assigns(text, variable!),
  )
}

/** Settings that an image or a server is given in the place of those in git: a file of `docker/`, one for production to copy. */
const isGivenToServers = (path: string): boolean =>
  /\.py(?:\.[\w.-]{1,40})?$/.test(path) &&
  path
    .split('/')
    .slice(-2)
    .some(part => forProduction.test(part.replace(/\W/g, '_')))

/** Whether settings for production that lie elsewhere, or to be copied, take all of this module and assign the name anew. */
const byGivenSettings = ({ path, variable }: Placed, { paths, read }: Texts): boolean => {
  const module = `.${path.replace(/\.py$/, '').replaceAll('/', '.')}`
  const takes = (from: string): boolean =>
    from.startsWith('.') ? lastName(from) === stemOf(path) : module.endsWith(`.${from}`)
  return paths
    .filter(one => one !== path && isGivenToServers(one))
    .slice(0, mostModules)
    .some(one => {
      const text = read(one) ?? ''
      return assigns(text, variable!) && takenWhole(text).some(takes)
    })
}

const namesSettings = /DJANGO_SETTINGS_MODULE["']?\s{0,4}[,=:]\s{0,4}["']?([\w.]{1,200})/g
/** What sets the environment of a server, which outranks what the program falls back to. */
const setsEnvironment = /(?:^|\/)uwsgi[\w.-]*\.(?:ini|ya?ml)$|(?:^|\/)(?:Procfile|Dockerfile)$/
const fallsBack = /(?:^|\/)(?:wsgi|asgi)\.py$/

/** Whether the file is a module of settings that production names itself: then what stands in it counts. */
const isNamedForProduction = ({ path }: Placed, { paths, read }: Texts): boolean => {
  const module = path.replace(/\.py$/, '').replaceAll('/', '.')
  const namedIn = (files: RegExp): string[] =>
    paths
      .filter(one => files.test(one))
      .slice(0, mostModules)
      .flatMap(one => [...(read(one) ?? '').matchAll(namesSettings)].map(([, named]) => named!))
  const set = namedIn(setsEnvironment)
  return (set.length > 0 ? set : namedIn(fallsBack)).some(named => module === named || module.endsWith(`.${named}`))
}

/** Whether a class for production in the same file assigns the name that another class gives. */
const byClass = ({ line, variable }: Placed, text: string): boolean => {
  const lines = text.split('\n')
  const nameAt = (at: number): string | null => {
    for (let row = at; row >= 0 && row > at - 400; row--) {
      const name = /^class[ \t]+(\w{1,80})/.exec(lines[row]!)?.[1]
      if (name !== undefined) return name
      if (/^\S/.test(lines[row]!) && row !== at) return null
    }
    return null
  }
  const own = nameAt(line - 1)
  if (own === null || /prod|live/i.test(own)) return false
  const given = new RegExp(`^[ \\t]+${variable!.replace(/\W/g, '')}[ \\t]*=`)
  return lines.some((row, at) => given.test(row.slice(0, 200)) && /prod|live/i.test(nameAt(at) ?? ''))
}

/** `local_settings.py`, which each server has and git has not: Django's settings run it last. */
const localSettings =
  /\b(?:exec(?:file)?\(|open\(|from[ \t]+[.\w]{0,100}import\b|import\b|include\()[^\n]{0,200}\b(local_?settings|settings_?local)\b|from[ \t]+\.{0,2}[\w.]{0,80}\b(local_?settings|settings_?local)[ \t]+import/

/** Whether the settings run those of each server, which are not in git, behind the line of the value. */
const byServer = ({ path, line }: Placed, { paths, read }: Texts): boolean => {
  const after = (read(path) ?? '').split('\n').slice(line).join('\n')
  const match = localSettings.exec(after)
  const name = match?.[1] ?? match?.[2]
  return name !== undefined && !paths.includes(`${folderOf(path)}${name}.py`)
}

/** Files beside shared settings in which production has its own. */
const beside: readonly [shared: RegExp, own: RegExp][] = [
  [/(?:^|\/)config\/config\.exs$/, /^(?:runtime|prod|prod\.secret|releases)\.exs$/],
  [/(?:^|\/)config\/default\.\w+$/, /^(?:production|custom-environment-variables)\.\w+$/],
]

const byFile = ({ path, variable }: Placed, { paths, read }: Texts): boolean => {
  const own = beside.find(([shared]) => shared.test(path))?.[1]
  if (!own) return false
  const name = new RegExp(`(?<!\\w)${variable!.replace(/^.*[.$]/, '').replace(/\W/g, '')}["']?\\s{0,4}[:=,]`)
  return paths.some(
    one => folderOf(one) === folderOf(path) && own.test(one.slice(folderOf(one).length)) && name.test(read(one) ?? ''),
  )
}

/** Files that hand a server its variables. */
const handsOver =
  /(?:^|\/)(?:(?:docker-)?compose[\w.-]*\.ya?ml|fly\.toml|render\.yaml|app\.json|\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|(?:k8s|kubernetes|helm|charts?|manifests?|deploy\w*)\/.{1,200}\.ya?ml)$/
/** Such files that are read. */
const mostHanding = 60

/**
 * Whether what production is handed takes the place of a variable in a file of settings (Figaro's `application.yml`), which the environment
 * outranks. Not of a dotenv file: that is where compose takes its values from.
 */
const byEnvironment = ({ path, variable }: Placed, { paths, read }: Texts): boolean => {
  if (!/\.(?:ya?ml|json)$/.test(path) || handsOver.test(path)) return false
  const name = variable!.replace(/^.*[.$]/, '')
  if (!/^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(name)) return false
  const handed = new RegExp(`\\b${name}\\b["']?\\s{0,4}[:=]\\s{0,4}["']?\\$\\{`)
  return paths
    .filter(one => handsOver.test(one) && !isLaptopCompose(one))
    .slice(0, mostHanding)
    .some(one => handed.test(read(one) ?? ''))
}

/** Whether production sets another value in place of this one. */
export const isOverridden = (placed: Placed, texts: Texts): boolean => {
  if (placed.variable === null || placed.variable.length > 100) return false
  if (!placed.path.endsWith('.py')) return byFile(placed, texts) || byEnvironment(placed, texts)
  return (
    byServer(placed, texts) ||
    ((byModule(placed, texts) || byGivenSettings(placed, texts)) && !isNamedForProduction(placed, texts)) ||
    byClass(placed, texts.read(placed.path) ?? '')
  )
}
