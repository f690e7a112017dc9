// `init`: asks, discovers, and writes a config that loads. With --yes, or where nobody can be asked, it takes what it discovers. In a
// repository it also writes the pipeline's step that runs the smoke test after every deploy.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UsageError } from '../../config/errors.ts'
import { loadConfig } from '../../config/load.ts'
import { configSchema } from '../../config/schema.ts'
import type { Fact } from '../../core/fact.ts'
import { wayWithin } from '../../core/paths.ts'
import { bareTarget } from '../../core/target.ts'
import type { Facts } from '../../facts/index.generated.ts'
import { gitTextNow } from '../../facts/repo/git.ts'
import { domainSubject } from '../../facts/subjects.ts'
import { withCollection } from '../../run/open.ts'
import type { Call } from '../call.ts'
import { type CiProvider, ciStep } from '../ci-step.ts'
import { configText } from '../config-template.ts'
import { exitCodes } from '../exit-code.ts'
import { fitted } from '../fitted.ts'
import type { Io } from '../io.ts'
import { type Ask, createAsk } from '../questions.ts'
import { writeText } from '../reports.ts'
import { gitRoot, readDomain } from '../settings.ts'

const providers = ['github', 'gitlab', 'none'] as const

/** The CI that runs the repository's pipelines: by its files, else by where it is pushed to. */
const providerOf = (root: string, env: Io['env']): CiProvider | null => {
  if (existsSync(join(root, '.github/workflows'))) return 'github'
  if (existsSync(join(root, '.gitlab-ci.yml'))) return 'gitlab'
  const remote = gitTextNow(root, ['config', '--get', 'remote.origin.url'], env) ?? ''
  return /github\./i.test(remote) ? 'github' : /gitlab/i.test(remote) ? 'gitlab' : null
}

/** What `init` learnt of the repository; null where there is none, or nobody wants a step. */
type StepPlan = { root: string; provider: CiProvider; deployers: string[]; defaultBranch: string }

const writeStep = (plan: StepPlan, config: string, force: boolean, io: Io): void => {
  const from = wayWithin(plan.root, config) ?? config
  const gitlabFile = join(plan.root, '.gitlab-ci.yml')
  const step = ciStep(plan.provider, {
    ...plan,
    config: from === 'launch-ready.config.yaml' ? null : from,
    gitlab: existsSync(gitlabFile) ? readFileSync(gitlabFile, 'utf8') : null,
  })
  const path = join(plan.root, step.path)
  if (existsSync(path) && !force) {
    io.out(`${step.path} exists and was left as it is; --force writes it anew.\n`)
    return
  }
  writeText(io, path, step.content)
  if (step.include) writeText(io, join(plan.root, step.include.path), step.include.content)
  const when =
    plan.provider === 'gitlab'
      ? 'at the end of every pipeline of the default branch'
      : plan.deployers.length
        ? `after ${plan.deployers.map(name => `"${name}"`).join(', ')}`
        : 'after every deploy that the platform reports to GitHub'
  io.out(
    `Wrote ${step.path}${step.include ? `, included by ${step.include.path}` : ''}: the smoke test runs ${when}.\n`,
  )
}

type Discovered = Pick<Facts, 'hosts' | 'routes'> & {
  pipelines: Facts['pipelines'] | null
  /** Whether the domain has an address: else nothing can be taken for granted. */
  answers: boolean
}

const valueOr = <T>(fact: Fact<T> | null, fallback: T): T => (fact?.ok ? fact.value : fallback)

/** Looks at the domain, and at the pipelines of the repository where there is one. */
const discover = async ({ io, network }: Call, domain: string, root: string | null): Promise<Discovered> => {
  io.err(`Looking at ${domain} …\n`)
  const opening = { target: bareTarget({ domain, repo: root }), config: configSchema.parse({}) }
  const ways = { network, clock: io.clock, env: io.env, signal: io.signal }
  return withCollection(opening, ways, async collection => {
    const [repo] = root === null ? [] : collection.early('repo')
    const host = { kind: 'host' as const, name: domain, parent: domainSubject(domain) }
    const [hosts, routes, pipelines, addresses, near] = await Promise.all([
      collection.need('hosts', domainSubject(domain)),
      collection.need('routes', domainSubject(domain)),
      repo ? collection.need('pipelines', repo) : null,
      collection.need('addresses', host),
      collection.need('nearNames', host),
    ])
    if (addresses.ok && addresses.value.status === 'NXDOMAIN')
      io.err(
        `${domain} does not exist${near.ok && near.value.exists.length ? `: is it spelt right? ${near.value.exists.join(', ')} exists` : ''}.\n`,
      )
    if (!hosts.ok) io.err(`Hosts could not be found: ${hosts.message}\n`)
    return {
      hosts: valueOr(hosts, { hosts: [] } as unknown as Facts['hosts']),
      routes: valueOr(routes, { routes: [] } as unknown as Facts['routes']),
      pipelines: pipelines?.ok ? pipelines.value : null,
      answers: addresses.ok && addresses.value.status === 'NOERROR',
    }
  })
}

/** What was found, a line each, so that it can be corrected where it is asked for or in the file. */
const foundLines = ({ hosts, routes }: Discovered): string[] => [
  ...hosts.hosts.filter(({ role }) => role !== 'other').map(({ role, name, how }) => `${role}: ${name} (${how})`),
  ...routes.routes.slice(0, 12).map(({ name, url }) => `page: ${name} ${url}`),
]

/** The text of the config: what was discovered, confirmed by whoever can be asked. */
const composeConfig = async (domain: string, found: Discovered, ask: Ask, io: Io): Promise<string> => {
  const { hosts, routes, answers } = found
  const hostOf = (role: string): string => hosts.hosts.find(host => host.role === role)?.name ?? ''
  const home = routes.routes.find(route => route.kind === 'home')?.url
  const canonical = await ask(
    'The one address that people should see?',
    home ? new URL(home).origin : answers ? `https://${hostOf('www') || domain}` : '',
  )
  if (canonical !== '' && !URL.canParse(canonical))
    throw new UsageError(`"${canonical}" is no address; write one such as https://${domain}.`)
  if (canonical === '')
    io.err(`${fitted(`${domain} does not answer: nothing is assumed of it; fill in the config by hand.`, io)}\n`)
  return configText({
    domain,
    canonical,
    app: await ask('Host of the app?', hostOf('app')),
    api: await ask('Host of the API?', hostOf('api')),
    home,
    login: routes.routes.find(route => route.kind === 'auth')?.url,
    pages: routes.routes.filter(route => route.kind !== 'home').map(({ name, url, kind }) => ({ name, url, kind })),
  })
}

/** Workflows that deploy, by the name that GitHub knows them by; a workflow without a name goes by its path. */
const deployersIn = (pipelines: Discovered['pipelines']): string[] => {
  const deploying = (pipelines?.pipelines ?? []).filter(
    one => one.provider === 'github' && one.jobs.some(({ deploys }) => deploys),
  )
  return [...new Set(deploying.map(one => (one.file.endsWith(`/${one.name}`) ? one.file : one.name)))]
}

/** Plans the pipeline's step, unless there is no place for it or nobody wants it. */
const planStep = async (
  { action: { ci }, io }: Call,
  root: string | null,
  { pipelines }: Discovered,
  ask: Ask,
): Promise<StepPlan | null> => {
  const provider = ci === 'none' || root === null ? null : ((ci as CiProvider | undefined) ?? providerOf(root, io.env))
  if (provider === null || root === null) return null
  const wanted = ci ?? (await ask('Write the CI step that runs the smoke test after a deploy?', 'yes'))
  if (/^n/i.test(wanted)) return null
  return { root, provider, deployers: deployersIn(pipelines), defaultBranch: pipelines?.defaultBranch ?? 'main' }
}

const checkCi = ({ action: { ci }, faults }: Call, root: string | null): void => {
  if (ci !== undefined && !(providers as readonly string[]).includes(ci))
    faults.add(`--ci ${ci}: expected github, gitlab or none.`)
  if (root === null && ci !== undefined && ci !== 'none')
    faults.add(`--ci ${ci}: the folder is in no git repository, so there is nowhere to write the step.`)
}

export const run = async (call: Call): Promise<number> => {
  const { io, action, operands, faults } = call
  const file = action.file ?? 'launch-ready.config.yaml'
  const path = resolve(io.cwd, file)
  if (existsSync(path) && !action.force)
    throw new UsageError(`${file} exists; take --force to overwrite it, or --file <file> to write elsewhere.`)
  const ask = createAsk(io.interactive && !action.yes, io.signal)
  const given = operands[0] ?? (await ask('Your domain?', ''))
  if (given === '') throw new UsageError('init needs a domain: launch-ready init example.com.')
  const domain = readDomain(given, io)
  const root = gitRoot(io.cwd)
  checkCi(call, root)
  faults.throwIfAny()
  const found = await discover(call, domain, root)
  for (const line of foundLines(found)) io.err(`  ${line}\n`)
  writeText(io, file, await composeConfig(domain, found, ask, io))
  await loadConfig(path, io.env)
  io.out(`Wrote ${file}. Next: launch-ready audit\n`)
  const plan = await planStep(call, root, found, ask)
  if (plan) writeStep(plan, path, action.force, io)
  return exitCodes.ok
}
