// The steps that `deploy smoke` takes for a config: each is a probe with a name.
import type { z } from 'zod'
import type { smokeSchema } from '../config/sections/deploy.ts'
import { probeHealth } from '../probes/health.ts'
import { probePage } from '../probes/http.ts'
import type { Look } from '../probes/repeat.ts'
import { probeSignIn } from '../probes/sign-in.ts'
import { probeVersion } from '../probes/version.ts'
import { probeWebhook } from '../probes/webhook.ts'

export type SmokeConfig = z.infer<typeof smokeSchema>

export type SmokeStep = { name: string; url: string; look: Look }

/** The steps that a config asks for, in the order a customer would meet them. `commit` is null when nobody knows what was deployed. */
export const smokeSteps = (config: SmokeConfig, commit: string | null): SmokeStep[] => {
  const step = <T extends { url: string }>(
    name: string,
    request: T | undefined,
    probe: (request: T, net: Parameters<Look>[0]) => ReturnType<Look>,
  ): SmokeStep[] => (request ? [{ name, url: request.url, look: net => probe(request, net) }] : [])
  const page = (url: string | undefined) => (url ? { url } : undefined)
  const version = config.version && commit !== null ? { ...config.version, commit } : undefined
  return [
    ...step('version is the commit deployed', version, probeVersion),
    ...step('homepage', page(config.homepage), probePage),
    ...step('login route', page(config.login), probePage),
    ...step('dashboard API health', config.health, probeHealth),
    ...step('signed test webhook', config.webhook, probeWebhook),
    ...step('sign-in of the test user', config.auth, probeSignIn),
  ]
}

/** Variables in which CI systems and platforms say which commit they work on, the most certain first. */
export const commitVariables = [
  'DEPLOY_COMMIT',
  'GITHUB_SHA',
  'CI_COMMIT_SHA',
  'BITBUCKET_COMMIT',
  'CIRCLE_SHA1',
  'BUILD_SOURCEVERSION',
  'BUILDKITE_COMMIT',
  'VERCEL_GIT_COMMIT_SHA',
  'RENDER_GIT_COMMIT',
  'RAILWAY_GIT_COMMIT_SHA',
  'COMMIT_REF',
  'HEROKU_SLUG_COMMIT',
  'KAMAL_VERSION',
] as const

/** The commit that was deployed: the config's word, the CI's, HEAD of the repository. */
export const deployedCommit = (
  config: SmokeConfig,
  env: Readonly<Record<string, string | undefined>>,
  head: string | null,
): string | null =>
  config.version?.commit ||
  commitVariables.map(name => env[name]).find(value => value !== undefined && /^[0-9a-f]{7,64}$/i.test(value)) ||
  head
