// The files by which programs run on servers of one's own: Compose, Kubernetes, systemd, PM2.
import { isRecord, list, record, text, texts } from '../workflow/model.ts'
import { readYaml, type YamlFile } from '../workflow/yaml-lines.ts'
import {
  add,
  jsonOf,
  lineOf,
  nothing,
  type PhaseCommand,
  type PlatformFile,
  type PlatformReader,
  yamlOf,
} from './platform-file.ts'

const readCompose = (source: string): PlatformFile => {
  const yaml = yamlOf(source)
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
    // A container with a name of its own is one, for there cannot be two of that name.
    else if (text(service['container_name']) && (service['command'] ?? service['entrypoint'])) read.instances ??= 1
  }
  return read
}

/** A container's command; a shell's script stands for the shell. */
const containerCommand = (container: Record<string, unknown>): string | null => {
  const words = [...texts(container['command']), ...texts(container['args'])]
  const script = words.findIndex(word => /\s/.test(word))
  if (words.length === 0) return null
  return script >= 0 && /^\S*sh$/.test(words[0]!) ? words[script]! : words.join(' ')
}

/** What one manifest runs: jobs once, everything else in every instance; `line` is where the manifest begins. */
const readManifest = (yaml: YamlFile, line: number): Pick<PlatformFile, 'commands' | 'instances'> => {
  const root = record(yaml.value)
  const spec = record(root['spec'])
  const { kind } = root
  const replicas = kind === 'Deployment' && typeof spec['replicas'] === 'number' ? { instances: spec['replicas'] } : {}
  if (kind === 'CronJob') return { commands: [], ...replicas }
  const pod = record(record(spec['template'])['spec'])
  const commands = ['initContainers', 'containers'].flatMap(key =>
    list(pod[key])
      .map(record)
      .flatMap((container, index): PhaseCommand[] => {
        const command = containerCommand(container)
        if (command === null) return []
        const field = container['command'] ? 'command' : 'args'
        return [
          {
            phase: kind === 'Job' ? 'release' : 'start',
            process: text(container['name']) ?? key,
            line: line - 1 + yaml.lineOf(['spec', 'template', 'spec', key, index, field]),
            text: command,
          },
        ]
      }),
  )
  return { commands, ...replicas }
}

/** Manifests of Kubernetes: what containers run, jobs that run once, probes. Templates of charts are no YAML; their probes are seen all the same. */
const readKubernetes = (source: string): PlatformFile => {
  const read = nothing()
  let line = 1
  for (const part of source.split(/^---.*$/m)) {
    const yaml = readYaml(part)
    const probe =
      /^[ \t]*(?:- )?(?:readiness|liveness)Probe\b/m.exec(part) ?? /\b(?:readiness|liveness)Probe\s*:/.exec(part)
    if (probe)
      read.health.push({ line: line + part.slice(0, probe.index).split('\n').length - 1, text: probe[0].trim() })
    if (!('problem' in yaml)) {
      const { commands, instances } = readManifest(yaml, line)
      read.commands.push(...commands)
      if (instances !== undefined) read.instances = Math.max(read.instances ?? 0, instances)
    }
    line += part.split('\n').length - 1
  }
  const images = [
    ...source.matchAll(/^[ \t]*(?:-[ \t]+)?image:[ \t]*["']?([\w./:@-]{1,300})["']?[ \t]*(?:#[^\n]*)?$/gm),
  ]
  return { ...read, images: images.map(match => ({ line: lineOf(source, match[0]), text: match[1]! })) }
}

const readUnit = (source: string): PlatformFile => ({
  commands: source.split('\n').flatMap((row, index): PhaseCommand[] => {
    const match = /^Exec(Start|StartPre)\s*=\s*[-@+!:]*(.+)$/.exec(row.trim())
    return match ? [{ phase: 'start', process: 'service', line: index + 1, text: match[2]! }] : []
  }),
  health: [],
})

const ofDevelopment = /\b(?:NODE_ENV|APP_ENV|ENVIRONMENT|ENV)["']?\s*:\s*["'](?:dev|development|local)["']/

/** PM2's ecosystem file is a program; `script` and `args` stand in it as text all the same. */
const readEcosystem = (source: string): PlatformFile => {
  const read = nothing()
  for (const match of source.matchAll(/\bscript["']?\s*:\s*(["'`])([^"'`\n]+)\1/g)) {
    const end = source.indexOf('}', match.index)
    const around = source.slice(match.index, end < 0 ? undefined : end)
    // What names its environment one of development is started on a laptop.
    if (ofDevelopment.test(around) && !/\benv_production\b/.test(around)) continue
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

/**
 * What Dokku does by app.json: it asks a new container before it takes traffic, and runs commands before and after.
 * https://dokku.com/docs/deployment/zero-downtime-deploys/ , https://dokku.com/docs/advanced-usage/deployment-tasks/
 */
const readDokku = (source: string): PlatformFile => {
  const app = jsonOf(source)
  const read = nothing()
  const tasks = record(record(app['scripts'])['dokku'])
  for (const [name, phase] of [
    ['predeploy', 'release'],
    ['postdeploy', 'after'],
  ] as const)
    add(read, source, phase, name, tasks[name])
  if (Object.keys(record(app['healthchecks'])).length)
    read.health.push({ line: lineOf(source, '"healthchecks"'), text: 'healthchecks' })
  return read
}

/** Readers by the name of the platform (data/platforms.ts). */
export const serverReaders: Readonly<Record<string, PlatformReader>> = {
  compose: readCompose,
  dokku: readDokku,
  systemd: readUnit,
  pm2: readEcosystem,
  kubernetes: readKubernetes,
}
