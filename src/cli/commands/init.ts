// `init`: asks, discovers, and writes a config that loads. With --yes, or where nobody can be asked, it takes what it discovers. In a
// repository it also writes the pipeline's step that runs the smoke test after every deploy.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { stringify } from 'yaml'
import { checkDomain } from '../../config/domain.ts'
import { UsageError } from '../../config/errors.ts'
import { loadConfig } from '../../config/load.ts'
import { configSchema } from '../../config/schema.ts'
import { bareTarget } from '../../core/target.ts'
import { createCollection } from '../../facts/collect.ts'
import { domainSubject } from '../../facts/subjects.ts'
import { createNetwork } from '../../net/create-network.ts'
import { type CiProvider, ciStep } from '../ci-step.ts'
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { writeText } from '../reports.ts'
import { createFaults, gitRoot, settleNetwork } from '../settings.ts'

type InitOptions = RunOptions & { yes?: boolean; force?: boolean; file?: string; ci?: string }

const templates = `
# What launch-ready cannot find by itself. Take away the # where it applies.
#
# routes:
#   - { name: dashboard, url: https://app.DOMAIN/api/dashboard, kind: dashboard, headers: { authorization: "Bearer \${SMOKE_TOKEN}" } }
#   - { name: stripe webhook, url: https://api.DOMAIN/webhooks/stripe, kind: webhook }
#
# email:
#   senders:
#     - { name: Postmark, spf: spf.mtasv.net, dkim: [20240101pm], from: hello@DOMAIN }
#   inboxes: { canary: { imap: "imaps://imap.example.net", user: "\${CANARY_USER}", password: "\${CANARY_PASSWORD}" } }
#   flows:
#     - name: password reset
#       kind: reset
#       trigger: { post: https://app.DOMAIN/forgot, form: { email: "\${CANARY_ADDRESS}" } }
#       inbox: canary
#       arrivesWithin: 60s
#       link: /reset
#   reports: imaps://imap.example.net/DMARC
#
# flows:
#   - name: signup
#     kind: signup
#     steps:
#       - { get: https://app.DOMAIN/signup, expectStatus: 200 }
#       - { submit: form, fill: { email: "\${CANARY_ADDRESS}", password: "\${CANARY_APP_PASSWORD}" }, expectText: Check your inbox }
#   - name: login
#     kind: login
#     steps:
#       - { get: https://app.DOMAIN/login }
#       - { submit: form, fill: { email: "\${SMOKE_USER}", password: "\${SMOKE_PASSWORD}" }, expectUrl: /dashboard }
#   - name: billing
#     kind: billing
#     browser: true
#     steps:
#       - { get: https://app.DOMAIN/login }
#       - { submit: form, fill: { email: "\${SMOKE_USER}", password: "\${SMOKE_PASSWORD}" }, expectUrl: /dashboard }
#       - { get: https://app.DOMAIN/billing, expectText: Subscribe }
#       - { click: Subscribe, expectUrl: checkout.stripe.com }
#
# suppress:
#   - { check: dnssec, outcome: missing, subject: DOMAIN, reason: "registrar cannot", until: 2027-03-01 }
`

const providers = ['github', 'gitlab', 'none'] as const

/** The CI that runs the repository's pipelines: by its files, else by where it is pushed to. */
const providerOf = (root: string): CiProvider | null => {
  if (existsSync(join(root, '.github/workflows'))) return 'github'
  if (existsSync(join(root, '.gitlab-ci.yml'))) return 'gitlab'
  try {
    const remote = execFileSync('git', ['config', '--get', 'remote.origin.url'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
      timeout: 5000,
    })
    return /github\./i.test(remote) ? 'github' : /gitlab/i.test(remote) ? 'gitlab' : null
  } catch {
    return null
  }
}

/** What `init` learnt of the repository; null where there is none, or nobody wants a step. */
type StepPlan = { root: string; provider: CiProvider; deployers: string[]; defaultBranch: string }

const writeStep = (plan: StepPlan, config: string, force: boolean, io: Io): void => {
  const from = relative(plan.root, config)
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

/** What else the smoke test can ask; the lines carry on below `deploy.smoke`. */
const smokeTemplates = `    # What else it can ask. Take away the # where it applies.
    # health: { url: https://app.DOMAIN/api/dashboard, headers: { authorization: "Bearer \${SMOKE_TOKEN}" } }
    # webhook: { url: https://api.DOMAIN/webhooks/stripe, scheme: stripe, secret: "\${STRIPE_WEBHOOK_SECRET}" }
    # auth: { url: https://app.DOMAIN/login, form: { email: "\${SMOKE_USER}", password: "\${SMOKE_PASSWORD}" }, page: https://app.DOMAIN/dashboard }
    # version: { url: https://app.DOMAIN/api/version, json: commit }
`

export const run = async (operands: string[], options: InitOptions, io: Io, version: string): Promise<number> => {
  const file = options.file ?? 'launch-ready.config.yaml'
  const path = resolve(io.cwd, file)
  if (existsSync(path) && !options.force)
    throw new UsageError(`${file} exists; take --force to overwrite it, or --file <file> to write elsewhere.`)
  const asks = io.interactive && !options.yes
  const reader = asks ? createInterface({ input: process.stdin, output: process.stdout }) : null
  const ask = async (question: string, fallback: string): Promise<string> => {
    if (!reader) return fallback
    const answer = (await reader.question(`  ${question}${fallback ? ` [${fallback}]` : ''} `)).trim()
    return answer === '' ? fallback : answer
  }
  try {
    const given = operands[0] ?? (await ask('Your domain?', ''))
    if (given === '') throw new UsageError('init needs a domain: launch-ready init example.com.')
    const domain = checkDomain(given)
    const faults = createFaults()
    if (options.ci !== undefined && !(providers as readonly string[]).includes(options.ci))
      faults.add(`--ci ${options.ci}: expected github, gitlab or none.`)
    const root = gitRoot(io.cwd)
    if (root === null && options.ci !== undefined && options.ci !== 'none')
      faults.add(`--ci ${options.ci}: the folder is in no git repository, so there is nowhere to write the step.`)
    const settings = settleNetwork(options, io, version, faults)
    faults.throwIfAny()
    io.err(`Looking at ${domain} …\n`)
    const net = createNetwork(settings)
    const collection = createCollection({
      target: bareTarget({ domain, repo: root }),
      config: configSchema.parse({}),
      net,
      env: io.env,
      signal: io.signal,
      timeoutMs: settings.timeoutMs,
      now: () => new Date(io.now()).toISOString(),
    })
    const [repo] = root === null ? [] : collection.early('repo')
    const [hosts, routes, pipelines] = await Promise.all([
      collection.need('hosts', domainSubject(domain)),
      collection.need('routes', domainSubject(domain)),
      repo ? collection.need('pipelines', repo) : null,
    ]).finally(() => net.close())
    if (!hosts.ok) io.err(`Hosts could not be found: ${hosts.message}\n`)
    const found = hosts.ok ? hosts.value.hosts : []
    const hostOf = (role: string): string => found.find(host => host.role === role)?.name ?? ''
    const home = routes.ok ? routes.value.routes.find(route => route.kind === 'home') : undefined
    const login = routes.ok ? routes.value.routes.find(route => route.kind === 'auth') : undefined
    const canonical = await ask(
      'The one address that people should see?',
      home ? new URL(home.url).origin : `https://${hostOf('www') || domain}`,
    )
    const app = await ask('Host of the app?', hostOf('app'))
    const api = await ask('Host of the API?', hostOf('api'))
    const pages = (routes.ok ? routes.value.routes : [])
      .filter(route => route.kind !== 'home')
      .map(({ name, url, kind }) => ({ name, url, kind }))
    const config = {
      domain,
      canonical,
      ...(app || api ? { hosts: { ...(app ? { app } : {}), ...(api ? { api } : {}) } } : {}),
      deploy: { smoke: { homepage: home?.url ?? canonical, ...(login ? { login: login.url } : {}) } },
    }
    const text = `# yaml-language-server: $schema=https://unpkg.com/launch-ready/schema/config.json\n${stringify(config)}${smokeTemplates.replaceAll('DOMAIN', domain)}${pages.length ? stringify({ routes: pages }) : ''}${
      // Where pages were found their list stands right above, and the template's lines carry on with it.
      (pages.length ? templates.replace('# routes:\n', '') : templates).replaceAll('DOMAIN', domain)
    }`
    writeText(io, file, text)
    await loadConfig(path, io.env)
    io.out(`Wrote ${file}. Next: launch-ready audit\n`)
    const provider = options.ci === 'none' || root === null ? null : ((options.ci as CiProvider) ?? providerOf(root))
    if (provider !== null && root !== null) {
      const wanted = options.ci ?? (await ask('Write the CI step that runs the smoke test after a deploy?', 'yes'))
      const deployers = pipelines?.ok
        ? pipelines.value.pipelines.filter(one => one.provider === 'github' && one.jobs.some(({ deploys }) => deploys))
        : []
      // A workflow without a name goes by its path.
      const names = deployers.map(one => (one.file.endsWith(`/${one.name}`) ? one.file : one.name))
      if (!/^n/i.test(wanted))
        writeStep(
          {
            root,
            provider,
            deployers: [...new Set(names)],
            defaultBranch: pipelines?.ok ? pipelines.value.defaultBranch : 'main',
          },
          path,
          options.force ?? false,
          io,
        )
    }
    return exitCodes.ok
  } finally {
    reader?.close()
  }
}
