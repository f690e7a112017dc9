// `init`: asks, discovers, and writes a config that loads. With --yes, or where nobody can be asked, it takes what it discovers.
import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
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
import { exitCodes } from '../exit-code.ts'
import type { Io } from '../io.ts'
import type { RunOptions } from '../options.ts'
import { createFaults, settleNetwork } from '../settings.ts'

type InitOptions = RunOptions & { yes?: boolean; force?: boolean; file?: string }

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
    const settings = settleNetwork(options, io, version, faults)
    faults.throwIfAny()
    io.err(`Looking at ${domain} …\n`)
    const net = createNetwork(settings)
    const collection = createCollection({
      target: bareTarget({ domain }),
      config: configSchema.parse({}),
      net,
      env: io.env,
      signal: io.signal,
      timeoutMs: settings.timeoutMs,
      now: () => new Date(io.now()).toISOString(),
    })
    const [hosts, routes] = await Promise.all([
      collection.need('hosts', domainSubject(domain)),
      collection.need('routes', domainSubject(domain)),
    ]).finally(() => net.close())
    if (!hosts.ok) io.err(`Hosts could not be found: ${hosts.message}\n`)
    const found = hosts.ok ? hosts.value.hosts : []
    const hostOf = (role: string): string => found.find(host => host.role === role)?.name ?? ''
    const home = routes.ok ? routes.value.routes.find(route => route.kind === 'home') : undefined
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
      ...(pages.length ? { routes: pages } : {}),
    }
    const text = `# yaml-language-server: $schema=https://unpkg.com/launch-ready/schema/config.json\n${stringify(config)}${
      // Where pages were found their list stands right above, and the template's lines carry on with it.
      (pages.length ? templates.replace('# routes:\n', '') : templates).replaceAll('DOMAIN', domain)
    }`
    writeFileSync(path, text)
    await loadConfig(path, io.env)
    io.out(`Wrote ${file}. Next: launch-ready audit\n`)
    return exitCodes.ok
  } finally {
    reader?.close()
  }
}
