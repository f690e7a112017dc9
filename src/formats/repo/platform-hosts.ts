// The files of hosting platforms: what they build, release, start and ask.
import { parse as parseToml } from 'smol-toml'
import { isRecord, list, record, text, texts } from '../workflow/model.ts'
import {
  add,
  jsonOf,
  lineOf,
  nothing,
  type Phase,
  type PlatformFile,
  type PlatformReader,
  yamlOf,
} from './platform-file.ts'
import { parseProcfile } from './procfile.ts'

const readFly = (source: string): PlatformFile => {
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
      read.health.push({ line: lineOf(source, /checks/), text: text(check['path']) ?? 'TCP connection' })
    const least = service['min_machines_running']
    if (typeof least === 'number' && least > 1) read.instances = least
  }
  for (const name of Object.keys(record(toml['checks'])))
    read.health.push({ line: lineOf(source, /\[checks/), text: name })
  return read
}

const readRender = (source: string): PlatformFile => {
  const yaml = yamlOf(source)
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

const readRailway = (source: string, file: string): PlatformFile => {
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

const readVercel = (source: string): PlatformFile => {
  const config = jsonOf(source)
  const read = nothing()
  add(read, source, 'install', 'install', config['installCommand'])
  add(read, source, 'build', 'build', config['buildCommand'])
  return read
}

const readNetlify = (source: string): PlatformFile => {
  const toml = record(parseToml(source))
  const read = nothing()
  add(read, source, 'build', 'build', record(toml['build'])['command'])
  add(read, source, 'build', 'production', record(record(record(toml['context'])['production']))['command'])
  return read
}

const readProcfile = (source: string): PlatformFile => ({
  commands: parseProcfile(source).map(({ name, command, line }) => ({
    // Scalingo calls it `postdeploy`: it runs once, before the new code answers.
    phase: /^(?:release|postdeploy)$/.test(name) ? ('release' as const) : ('start' as const),
    process: name,
    line,
    text: command,
  })),
  health: [],
})

const readHeroku = (source: string): PlatformFile => {
  const yaml = yamlOf(source)
  const read = nothing()
  const root = record(yaml.value)
  add(read, source, 'release', 'release', record(root['release'])['command'])
  for (const [name, command] of Object.entries(record(root['run'])))
    add(read, source, 'start', name, isRecord(command) ? command['command'] : command)
  return read
}

const readDigitalOcean = (source: string): PlatformFile => {
  const yaml = yamlOf(source)
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

const readKamal = (source: string): PlatformFile => {
  const yaml = yamlOf(source)
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

const readNixpacks = (source: string): PlatformFile => {
  const toml = record(parseToml(source))
  const read = nothing()
  for (const [name, phase] of Object.entries(record(toml['phases'])))
    add(read, source, name === 'install' ? 'install' : 'build', name, record(phase)['cmds'])
  add(read, source, 'start', 'web', record(toml['start'])['cmd'])
  return read
}

const readWrangler = (source: string, file: string): PlatformFile => {
  const config = file.endsWith('.toml') ? record(parseToml(source)) : jsonOf(source)
  const read = nothing()
  add(read, source, 'build', 'build', record(config['build'])['command'])
  return read
}

const readAppEngine = (source: string): PlatformFile => {
  const yaml = yamlOf(source)
  const read = nothing()
  add(read, source, 'start', 'web', record(yaml.value)['entrypoint'])
  if (isRecord(record(yaml.value)['readiness_check']))
    read.health.push({
      line: yaml.lineOf(['readiness_check']),
      text: text(record(record(yaml.value)['readiness_check'])['path']) ?? 'readiness_check',
    })
  return read
}

const readHerokuFile: PlatformReader = (source, file) =>
  file.endsWith('heroku.yml') ? readHeroku(source) : readProcfile(source)

/** Readers by the name of the platform (data/platforms.ts). */
export const hostReaders: Readonly<Record<string, PlatformReader>> = {
  vercel: readVercel,
  netlify: readNetlify,
  fly: readFly,
  render: readRender,
  railway: readRailway,
  heroku: readHerokuFile,
  digitalocean: readDigitalOcean,
  // A file of one destination (deploy.staging.yml) only says what differs there.
  kamal: (source, file) => (/(?:^|\/)deploy\.ya?ml$/.test(file) ? readKamal(source) : nothing()),
  cloudflare: readWrangler,
  nixpacks: readNixpacks,
  'app-engine': readAppEngine,
}
