// How the repository reaches production: platform files, their build, release and start commands, health checks, and what its documents say
// about deploying, rolling back, backing up and restoring.
import { parse as parseToml } from 'smol-toml'
import { observed } from '../../core/fact.ts'
import { stripJsonComments } from '../../formats/repo/lockfile.ts'
import { parseProcfile } from '../../formats/repo/procfile.ts'
import { type Deed, deedsOf } from '../../formats/workflow/commands.ts'
import { isRecord, list, record, text, texts } from '../../formats/workflow/model.ts'
import { readYaml } from '../../formats/workflow/yaml-lines.ts'
import type { FactDefinition } from '../definition.ts'
import { maskCommand } from './pipelines.ts'
import { filesOf, readerOf, worldOf } from './script-world.ts'

export type Phase = 'install' | 'build' | 'release' | 'start' | 'after'

/** One command that a platform runs. `release`: once, before traffic; `start`: in every instance. */
export type DeployCommand = {
  platform: string
  phase: Phase
  process: string
  file: string
  line: number
  text: string
  deeds: (Pick<Deed, 'kind' | 'text'> & { manager: string | null; frozen: boolean | null; instead: string | null })[]
}

export type DeployDocument = {
  file: string
  line: number
  topic: 'rollback' | 'deploy' | 'backup' | 'restore'
  text: string
  rehearsed: string | null
}

export type Deployment = {
  /** Platforms by evidence; `byPush`: it deploys what is pushed without a pipeline of ours. */
  platforms: { name: string; file: string; byPush: boolean }[]
  commands: DeployCommand[]
  healthChecks: { file: string; line: number; text: string }[]
  /** More than one instance may run: null where nothing says so. */
  instances: number | null
  documents: DeployDocument[]
  /** Scripts made to deploy or roll back by hand. */
  scripts: { file: string; line: number; name: string; does: 'deploy' | 'rollback' | 'backup' | 'restore' }[]
  unreadable: { file: string; why: string }[]
}

/** Platforms that build and deploy on a push to the branch they watch. */
const byPush = new Set([
  'vercel',
  'netlify',
  'render',
  'railway',
  'amplify',
  'digitalocean',
  'app-runner',
  'cloudflare-pages',
  'zeabur',
  'koyeb',
  'platform-sh',
])

/** Dependencies that only make sense on one platform. */
const platformDependencies: readonly [RegExp, string][] = [
  [
    /^@vercel\/(?:analytics|speed-insights|blob|kv|postgres|edge-config|og|functions|otel|config)$|^@sveltejs\/adapter-vercel$|^@astrojs\/vercel$/,
    'vercel',
  ],
  [/^@netlify\/|^@sveltejs\/adapter-netlify$|^@astrojs\/netlify$/, 'netlify'],
  [
    /^@opennextjs\/cloudflare$|^@cloudflare\/(?:next-on-pages|workers-types|vite-plugin)$|^@sveltejs\/adapter-cloudflare$|^@astrojs\/cloudflare$/,
    'cloudflare',
  ],
]

type Found = { phase: Phase; process: string; line: number; text: string }
type Read = { commands: Found[]; health: { line: number; text: string }[]; instances?: number }

const lineOf = (source: string, needle: string | RegExp): number => {
  const at = typeof needle === 'string' ? source.indexOf(needle) : source.search(needle)
  return at < 0 ? 1 : source.slice(0, at).split('\n').length
}

const nothing = (): Read => ({ commands: [], health: [] })

const add = (read: Read, source: string, phase: Phase, process: string, value: unknown): void => {
  const command = Array.isArray(value) ? texts(value).join(phase === 'start' ? ' ' : '\n') : text(value)
  if (command)
    read.commands.push({ phase, process, line: lineOf(source, command.split('\n')[0]!.slice(0, 60)), text: command })
}

const jsonOf = (source: string): Record<string, unknown> => record(JSON.parse(stripJsonComments(source)))

const readFly = (source: string): Read => {
  const toml = record(parseToml(source))
  const read = nothing()
  add(read, source, 'release', 'release', record(toml['deploy'])['release_command'])
  for (const [name, command] of Object.entries(record(toml['processes']))) add(read, source, 'start', name, command)
  const services = [...list(toml['services']), toml['http_service']].map(record)
  for (const service of services) {
    for (const check of [
      ...list(service['checks']),
      ...list(service['http_checks']),
      ...list(service['tcp_checks']),
    ].map(record))
      read.health.push({ line: lineOf(source, /checks/), text: text(check['path']) ?? 'check' })
    const least = service['min_machines_running']
    if (typeof least === 'number' && least > 1) read.instances = least
  }
  for (const name of Object.keys(record(toml['checks'])))
    read.health.push({ line: lineOf(source, /\[checks/), text: name })
  return read
}

const readRender = (source: string): Read => {
  const yaml = readYaml(source)
  if ('problem' in yaml) throw new Error(yaml.problem)
  const read = nothing()
  for (const [index, value] of list(record(yaml.value)['services']).entries()) {
    const service = record(value)
    const name = text(service['name']) ?? `service ${index + 1}`
    const put = (phase: Phase, key: string): void => {
      if (text(service[key]))
        read.commands.push({
          phase,
          process: name,
          line: yaml.textLineOf(['services', index, key]),
          text: text(service[key])!,
        })
    }
    put('build', 'buildCommand')
    put('release', 'preDeployCommand')
    put('start', 'startCommand')
    put('start', 'dockerCommand')
    if (text(service['healthCheckPath']))
      read.health.push({
        line: yaml.lineOf(['services', index, 'healthCheckPath']),
        text: text(service['healthCheckPath'])!,
      })
    if (typeof service['numInstances'] === 'number') read.instances = service['numInstances']
  }
  return read
}

const readRailway = (source: string, file: string): Read => {
  const config = file.endsWith('.toml') ? record(parseToml(source)) : jsonOf(source)
  const read = nothing()
  add(read, source, 'build', 'build', record(config['build'])['buildCommand'])
  const deploy = record(config['deploy'])
  add(read, source, 'release', 'release', deploy['preDeployCommand'])
  add(read, source, 'start', 'web', deploy['startCommand'])
  if (text(deploy['healthcheckPath']))
    read.health.push({ line: lineOf(source, 'healthcheckPath'), text: text(deploy['healthcheckPath'])! })
  if (typeof deploy['numReplicas'] === 'number') read.instances = deploy['numReplicas']
  return read
}

const readVercel = (source: string): Read => {
  const config = jsonOf(source)
  const read = nothing()
  add(read, source, 'install', 'install', config['installCommand'])
  add(read, source, 'build', 'build', config['buildCommand'])
  return read
}

const readNetlify = (source: string): Read => {
  const toml = record(parseToml(source))
  const read = nothing()
  add(read, source, 'build', 'build', record(toml['build'])['command'])
  add(read, source, 'build', 'production', record(record(record(toml['context'])['production']))['command'])
  return read
}

const readProcfile = (source: string): Read => ({
  commands: parseProcfile(source).map(({ name, command, line }) => ({
    phase: name === 'release' ? ('release' as const) : ('start' as const),
    process: name,
    line,
    text: command,
  })),
  health: [],
})

const readHeroku = (source: string): Read => {
  const yaml = readYaml(source)
  if ('problem' in yaml) throw new Error(yaml.problem)
  const read = nothing()
  const root = record(yaml.value)
  add(read, source, 'release', 'release', record(root['release'])['command'])
  for (const [name, command] of Object.entries(record(root['run'])))
    add(read, source, 'start', name, isRecord(command) ? command['command'] : command)
  return read
}

const readDigitalOcean = (source: string): Read => {
  const yaml = readYaml(source)
  if ('problem' in yaml) throw new Error(yaml.problem)
  const read = nothing()
  const root = record(yaml.value)
  for (const service of [...list(root['services']), ...list(root['workers']), ...list(root['static_sites'])].map(
    record,
  )) {
    add(read, source, 'build', text(service['name']) ?? 'service', service['build_command'])
    add(read, source, 'start', text(service['name']) ?? 'service', service['run_command'])
    if (service['health_check'] !== undefined)
      read.health.push({
        line: lineOf(source, 'health_check'),
        text: text(record(service['health_check'])['http_path']) ?? 'health_check',
      })
    if (typeof service['instance_count'] === 'number') read.instances = service['instance_count']
  }
  for (const job of list(root['jobs']).map(record))
    add(
      read,
      source,
      job['kind'] === 'PRE_DEPLOY' ? 'release' : 'after',
      text(job['name']) ?? 'job',
      job['run_command'],
    )
  return read
}

const readKamal = (source: string): Read => {
  const yaml = readYaml(source)
  if ('problem' in yaml) throw new Error(yaml.problem)
  const root = record(yaml.value)
  const read = nothing()
  // kamal-proxy asks /up before it lets traffic through, unless told otherwise.
  read.health.push({
    line: yaml.lineOf(['proxy']),
    text: text(record(record(root['proxy'])['healthcheck'])['path']) ?? '/up',
  })
  const servers = isRecord(root['servers']) ? root['servers'] : { web: root['servers'] }
  for (const [role, value] of Object.entries(servers)) {
    if (isRecord(value)) add(read, source, 'start', role, value['cmd'])
    const hosts = isRecord(value) ? texts(value['hosts']) : texts(value)
    if (role === 'web') read.instances = hosts.length
  }
  return read
}

const readNixpacks = (source: string): Read => {
  const toml = record(parseToml(source))
  const read = nothing()
  for (const [name, phase] of Object.entries(record(toml['phases'])))
    add(read, source, name === 'install' ? 'install' : 'build', name, record(phase)['cmds'])
  add(read, source, 'start', 'web', record(toml['start'])['cmd'])
  return read
}

const readWrangler = (source: string, file: string): Read => {
  const config = file.endsWith('.toml') ? record(parseToml(source)) : jsonOf(source)
  const read = nothing()
  add(read, source, 'build', 'build', record(config['build'])['command'])
  return read
}

const readAppEngine = (source: string): Read => {
  const yaml = readYaml(source)
  if ('problem' in yaml) throw new Error(yaml.problem)
  const read = nothing()
  add(read, source, 'start', 'web', record(yaml.value)['entrypoint'])
  if (isRecord(record(yaml.value)['readiness_check']))
    read.health.push({
      line: yaml.lineOf(['readiness_check']),
      text: text(record(record(yaml.value)['readiness_check'])['path']) ?? 'readiness_check',
    })
  return read
}

const readCompose = (source: string): Read => {
  const yaml = readYaml(source)
  if ('problem' in yaml) throw new Error(yaml.problem)
  const read = nothing()
  for (const [name, value] of Object.entries(record(record(yaml.value)['services']))) {
    const service = record(value)
    for (const key of ['entrypoint', 'command']) {
      const command = Array.isArray(service[key]) ? texts(service[key]).join(' ') : text(service[key])
      if (command)
        read.commands.push({
          phase: 'start',
          process: name,
          line: yaml.textLineOf(['services', name, key]),
          text: command.replace(/^(?:\/bin\/)?(?:ba)?sh -c /, ''),
        })
    }
    if (isRecord(service['healthcheck']) && service['healthcheck']['disable'] !== true)
      read.health.push({ line: yaml.lineOf(['services', name, 'healthcheck']), text: name })
    const replicas = record(service['deploy'])['replicas']
    if (typeof replicas === 'number') read.instances = replicas
  }
  return read
}

/** Manifests of Kubernetes: what containers run, jobs that run once, probes. Templates of charts are no YAML; their probes are seen all the same. */
const readKubernetes = (source: string): Read => {
  const read = nothing()
  let line = 1
  for (const part of source.split(/^---.*$/m)) {
    const yaml = readYaml(part)
    const probe =
      /^[ \t]*(?:- )?(?:readiness|liveness)Probe\b/m.exec(part) ?? /\b(?:readiness|liveness)Probe\s*:/.exec(part)
    if (probe)
      read.health.push({ line: line + part.slice(0, probe.index).split('\n').length - 1, text: probe[0].trim() })
    if (!('problem' in yaml)) {
      const root = record(yaml.value)
      const spec = record(root['spec'])
      const once = root['kind'] === 'Job'
      const template = record(
        record((root['kind'] === 'CronJob' ? record(spec['jobTemplate'])['spec'] : spec) as unknown)['template'],
      )
      if (root['kind'] === 'Deployment' && typeof spec['replicas'] === 'number')
        read.instances = Math.max(read.instances ?? 0, spec['replicas'])
      const pod = record(template['spec'])
      for (const key of ['initContainers', 'containers'])
        for (const [index, container] of list(pod[key]).map(record).entries()) {
          const words = [...texts(container['command']), ...texts(container['args'])]
          if (words.length === 0 || root['kind'] === 'CronJob') continue
          const script = words.findIndex(word => /\s/.test(word))
          read.commands.push({
            phase: once ? 'release' : 'start',
            process: text(container['name']) ?? key,
            line:
              line -
              1 +
              yaml.lineOf(['spec', 'template', 'spec', key, index, container['command'] ? 'command' : 'args']),
            text: script >= 0 && /^\S*sh$/.test(words[0]!) ? words[script]! : words.join(' '),
          })
        }
    }
    line += part.split('\n').length - 1
  }
  return read
}

const readUnit = (source: string): Read => ({
  commands: source.split('\n').flatMap((row, index): Found[] => {
    const match = /^Exec(Start|StartPre)\s*=\s*[-@+!:]*(.+)$/.exec(row.trim())
    return match ? [{ phase: 'start', process: 'service', line: index + 1, text: match[2]! }] : []
  }),
  health: [],
})

/** PM2's ecosystem file is a program; `script` and `args` stand in it as text all the same. */
const readEcosystem = (source: string): Read => {
  const read = nothing()
  for (const match of source.matchAll(/\bscript["']?\s*:\s*(["'`])([^"'`\n]+)\1/g)) {
    const end = source.indexOf('}', match.index)
    const around = source.slice(match.index, end < 0 ? undefined : end)
    const args = /\bargs["']?\s*:\s*(["'`])([^"'`\n]+)\1/.exec(around)?.[2]
    const script = match[2]!
    const command = /\.(?:[cm]?js|ts)$/.test(script) ? `node ${script}` : script
    read.commands.push({
      phase: 'start',
      process: 'web',
      line: source.slice(0, match.index).split('\n').length,
      text: args ? `${command} ${args}` : command,
    })
  }
  return read
}

const readers: readonly [RegExp, string, (source: string, file: string) => Read][] = [
  [/(?:^|\/)vercel\.json$/, 'vercel', readVercel],
  [/(?:^|\/)netlify\.toml$/, 'netlify', readNetlify],
  [/(?:^|\/)fly(?:\.[\w-]+)?\.toml$/, 'fly', readFly],
  [/(?:^|\/)render\.ya?ml$/, 'render', readRender],
  [/(?:^|\/)railway\.(?:json|toml)$/, 'railway', readRailway],
  [/(?:^|\/)Procfile$/, 'heroku', readProcfile],
  [/(?:^|\/)heroku\.yml$/, 'heroku', readHeroku],
  [/(?:^|\/)\.do\/app\.ya?ml$/, 'digitalocean', readDigitalOcean],
  [/(?:^|\/)config\/deploy\.ya?ml$/, 'kamal', readKamal],
  [/(?:^|\/)wrangler\.(?:toml|jsonc?)$/, 'cloudflare', readWrangler],
  [/(?:^|\/)nixpacks\.toml$/, 'nixpacks', readNixpacks],
  [/(?:^|\/)app\.ya?ml$/, 'app-engine', readAppEngine],
  [/(?:^|\/)(?:docker-)?compose\.(?:prod|production|deploy)\.ya?ml$/, 'compose', readCompose],
  [/(?:^|\/)[\w@.-]+\.service$/, 'systemd', readUnit],
  [/(?:^|\/)(?:ecosystem|pm2)(?:\.config)?\.(?:c?js|mjs|json)$/, 'pm2', readEcosystem],
  [/(?:^|\/)(?:k8s|kubernetes|kube|manifests|helm|charts?)\/.+\.ya?ml$/, 'kubernetes', readKubernetes],
]
const platformsByFile: readonly [RegExp, string][] = [
  [/(?:^|\/)amplify\.yml$/, 'amplify'],
  [/(?:^|\/)apprunner\.yaml$/, 'app-runner'],
  [/(?:^|\/)serverless\.ya?ml$/, 'serverless'],
  [/(?:^|\/)sst\.config\.[mc]?ts$/, 'sst'],
  [/(?:^|\/)firebase\.json$/, 'firebase'],
  [/(?:^|\/)\.platform\.app\.yaml$/, 'platform-sh'],
  [/(?:^|\/)captain-definition$/, 'caprover'],
  [/(?:^|\/)(?:deployer|deploy)\.php$/, 'deployer'],
  [/(?:^|\/)config\/deploy\.rb$/, 'capistrano'],
  [/(?:^|\/)(?:.*\.tf)$/, 'terraform'],
]

const documentFile =
  /(?:^|\/)(?:readme|contributing|deploy(?:ment|ing)?|rollback|runbook|operations?|ops|backups?|restore|disaster[-_]recovery|recovery|handover|release|releasing|production|infrastructure|hosting|incident[\w-]*|launch-ready\/[\w-]+|deployment-checklist)(?:[-_.][\w-]+)*\.(?:md|mdx|rst|txt|adoc)$|(?:^|\/)(?:docs?|runbooks?|ops|operations)\/[^\n]+\.(?:md|mdx|rst|adoc)$/i
const topics: readonly [DeployDocument['topic'], RegExp][] = [
  [
    'rollback',
    /\broll(?:ing|ed)?[ -]?back\b|\brevert(?:ing)? (?:the |a )?(?:deploy|release)|previous (?:release|deployment|version) (?:back|again)/i,
  ],
  ['backup', /\bbackups?\b|\bback(?:ed|ing)? up\b|point[- ]in[- ]time|\bPITR\b|\bpg_dump|\bmysqldump|\blitestream\b/i],
  ['restore', /\brestor(?:e|ed|ing)\b|\bpg_restore\b/i],
  ['deploy', /\bdeploy(?:s|ed|ing|ment)?\b/i],
]
/** A date beside words that say it was done: `Rehearsed on 2026-10-02`, `last restore test: 3 Nov 2026`. */
const rehearsal =
  /(?:rehears\w*|tested|exercis\w*|practi[sc]ed|drill\w*|verified|last (?:test|run|drill|done)|dry[- ]run|tried)[^\n]{0,60}?(\d{4}-\d{2}-\d{2}|\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d{1,2},? \d{4})/i

/** Passages of a document on each topic: the heading's line or the first line that names it, and the date of a rehearsal within its section. */
export const documentTopics = (file: string, source: string): DeployDocument[] => {
  const lines = source.split('\n').slice(0, 5000)
  const found: DeployDocument[] = []
  const headingLevel = (row: string): number => /^(#{1,6})\s/.exec(row)?.[1]?.length ?? 0
  for (const [topic, pattern] of topics) {
    const named = new RegExp(topic, 'i').test(file)
    const heading = lines.findIndex(row => headingLevel(row) > 0 && pattern.test(row))
    const mention =
      heading >= 0 ? heading : lines.findIndex(row => pattern.test(row) && !/\]\([^)]*\)\s*$/.test(row.trim()))
    if (mention < 0) continue
    const level = headingLevel(lines[mention]!)
    let end = lines.length
    if (heading >= 0 && !named) {
      const next = lines.findIndex(
        (row, index) => index > mention && headingLevel(row) > 0 && headingLevel(row) <= level,
      )
      if (next > 0) end = next
    }
    const section = lines.slice(named ? 0 : mention, named || heading >= 0 ? end : Math.min(end, mention + 12))
    found.push({
      file,
      line: mention + 1,
      topic,
      text: lines[mention]!.trim().slice(0, 160),
      rehearsed: section.map(row => rehearsal.exec(row)?.[1] ?? null).find(date => date !== null) ?? null,
    })
  }
  return found
}

const scriptWords: readonly [Deployment['scripts'][number]['does'], RegExp][] = [
  ['rollback', /roll-?_?back|revert[-_]?deploy/i],
  ['restore', /(?:^|[-_/:])restore/i],
  ['backup', /(?:^|[-_/:])backups?(?:$|[-_.:])|pg_?dump/i],
  ['deploy', /(?:^|[-_/:])(?:deploy|release|ship)(?:$|[-_.:])/i],
]

const fact: FactDefinition<Deployment> = {
  on: 'repo',
  deadlines: 6,
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = readerOf(tree.value)
    const world = worldOf(tree.value)
    const result: Deployment = {
      platforms: [],
      commands: [],
      healthChecks: [],
      instances: null,
      documents: [],
      scripts: [],
      unreadable: [],
    }
    const files = filesOf(tree.value).filter(
      path => !/(?:^|\/)(?:node_modules|vendor|fixtures?|__fixtures__|testdata|examples?|templates?)\//.test(path),
    )
    for (const file of files) {
      const known = readers.find(([pattern]) => pattern.test(file))
      const named = known?.[1] ?? platformsByFile.find(([pattern]) => pattern.test(file))?.[1]
      if (named && !result.platforms.some(({ name }) => name === named))
        result.platforms.push({ name: named, file, byPush: byPush.has(named) })
      if (!known) continue
      const source = reader.maybe(file, { maxBytes: 256 << 10 })
      if (source === null) continue
      try {
        const read = known[2](source, file)
        const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : ''
        for (const { phase, process, line, text: command } of read.commands) {
          const deeds = deedsOf(command, world, { folder }).map(({ kind, text: run, manager, frozen, instead }) => ({
            kind,
            text: maskCommand(run),
            manager: manager ?? null,
            frozen: frozen ?? null,
            instead: instead ?? null,
          }))
          result.commands.push({ platform: known[1], phase, process, file, line, text: maskCommand(command), deeds })
        }
        result.healthChecks.push(...read.health.map(({ line, text: path }) => ({ file, line, text: path })))
        if (read.instances !== undefined) result.instances = Math.max(result.instances ?? 0, read.instances)
      } catch (error) {
        result.unreadable.push({
          file,
          why: String((error as Error).message)
            .split('\n')[0]!
            .slice(0, 160),
        })
      }
    }
    const stack = await context.need('stack')
    for (const entry of stack.ok ? stack.value.packages : []) {
      for (const name of Object.keys({ ...entry.devDependencies, ...entry.dependencies })) {
        const platform = platformDependencies.find(([pattern]) => pattern.test(name))?.[1]
        if (platform && !result.platforms.some(found => found.name === platform))
          result.platforms.push({
            name: platform,
            file: entry.manifest ?? 'package.json',
            byPush: byPush.has(platform),
          })
      }
    }
    // Platforms run scripts of package.json by their names: to build, and to start where nothing else says how.
    const builders = result.platforms.filter(({ byPush, name }) => byPush || name === 'heroku')
    const starter = result.platforms.find(({ name }) =>
      /^(?:heroku|render|railway|digitalocean|koyeb|zeabur)$/.test(name),
    )
    const started = result.commands.some(({ phase }) => phase === 'start')
    for (const entry of builders.length && stack.ok ? stack.value.packages : []) {
      const { manifest, scripts, path } = entry
      if (!manifest?.endsWith('package.json')) continue
      const source = reader.maybe(manifest) ?? ''
      for (const name of ['vercel-build', 'build', 'heroku-postbuild', 'postinstall', 'prestart', 'start']) {
        const start = /start$/.test(name)
        if (scripts[name] === undefined || (start && (!starter || started))) continue
        const deeds = deedsOf(scripts[name], world, { folder: path })
          .filter(({ kind }) => kind === 'migrate' || kind === 'push-schema' || (start && kind === 'dev-server'))
          .map(({ kind, text: run, instead }) => ({
            kind,
            text: maskCommand(run),
            manager: null,
            frozen: null,
            instead: instead ?? null,
          }))
        if (deeds.length)
          result.commands.push({
            platform: start ? starter!.name : builders[0]!.name,
            phase: start ? 'start' : 'build',
            process: name,
            file: manifest,
            line: lineOf(source, `"${name}"`),
            text: maskCommand(scripts[name]),
            deeds,
          })
      }
    }
    // Hooks of Kamal run around a deploy.
    for (const [path, source] of Object.entries(world.files)) {
      const hook = /(?:^|\/)\.kamal\/hooks\/(pre-deploy|pre-build|post-deploy)$/.exec(path)?.[1]
      if (!hook) continue
      const deeds = deedsOf(source, world).map(({ kind, text: run, manager, frozen, instead }) => ({
        kind,
        text: maskCommand(run),
        manager: manager ?? null,
        frozen: frozen ?? null,
        instead: instead ?? null,
      }))
      result.commands.push({
        platform: 'kamal',
        phase: hook === 'post-deploy' ? 'after' : 'release',
        process: hook,
        file: path,
        line: 1,
        text: hook,
        deeds,
      })
    }
    // A script that deploys does so on a server: what it does before the restart comes before traffic.
    for (const [path, source] of Object.entries(world.files)) {
      const does = /^(?:deploy|deployment)\//.test(path)
        ? 'deploy'
        : scriptWords.find(([, words]) => words.test(path))?.[0]
      if (does !== 'deploy' || /\.kamal\//.test(path)) continue
      const deeds = deedsOf(source, world, { remote: true })
      const live = deeds.findIndex(({ kind }) => kind === 'restart')
      for (const [index, { kind, text: run, manager, frozen, instead, offset }] of deeds.entries())
        if (kind === 'migrate' || kind === 'push-schema' || kind === 'install')
          result.commands.push({
            platform: 'script',
            phase: kind === 'install' ? 'install' : live >= 0 && index > live ? 'after' : 'release',
            process: path,
            file: path,
            line: offset + 1,
            text: maskCommand(run),
            deeds: [
              {
                kind,
                text: maskCommand(run),
                manager: manager ?? null,
                frozen: frozen ?? null,
                instead: instead ?? null,
              },
            ],
          })
    }
    for (const file of files
      .filter(path => documentFile.test(path) && !/(?:^|\/)changelog/i.test(path))
      .slice(0, 200)) {
      result.documents.push(...documentTopics(file, reader.maybe(file, { maxBytes: 256 << 10 }) ?? ''))
    }
    const note = (file: string, line: number, name: string): void => {
      const does = scriptWords.find(([, pattern]) => pattern.test(name))?.[0]
      if (does) result.scripts.push({ file, line, name, does })
    }
    for (const [folder, scripts] of Object.entries(world.scripts)) {
      const file = folder ? `${folder}/package.json` : 'package.json'
      const source = reader.maybe(file) ?? ''
      for (const name of Object.keys(scripts)) note(file, lineOf(source, `"${name}"`), name)
    }
    for (const name of Object.keys(world.targets)) note('Makefile', 1, name)
    for (const path of files.filter(
      path =>
        /^(?:[\w-]+\/)?(?:bin|scripts?|ops|deploy|tools|infra)\/[^/]+$|^[\w-]+\.(?:sh|py|rb)$/.test(path) &&
        !/^src\/|\.(?:md|ya?ml|json|ts|tsx|jsx|css|html)$/.test(path),
    ))
      note(path, 1, path)
    return observed(result, context.now())
  },
}
export default fact
