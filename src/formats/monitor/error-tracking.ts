// Which service hears of errors in production, by dependencies and by code, and what is set there.

import { replacementPatch } from '../patch.ts'
import { isJavaScript } from '../repo/paths.ts'

export type Place = { file: string; line: number; text: string }

/** `release` and `environment`: whether an error says which release and which environment it is of, by code, build or platform. */
export type TrackerSeen = {
  tool: string
  place: Place
  release: boolean
  environment: boolean
  /** Diffs that say them where it begins; absent where nothing is known to say. */
  patches?: { release?: string; environment?: string }
  /** Where personal data is let through, and the diff that stops it. */
  personal: (Place & { patch?: string }) | null
}

/** Name of a dependency → what it is. */
const byDependency: readonly (readonly [RegExp, string])[] = [
  [
    /^@sentry\/|^sentry-(?:sdk|ruby|rails|sidekiq|laravel|raven)$|^sentry\/|^sentry$|getsentry\/sentry-go|^raven(?:-js)?$|^sentry_sdk$/,
    'Sentry',
  ],
  [/^@?bugsnag(?:\/|-|$)/, 'Bugsnag'],
  [/^rollbar(?:\/|$)|^pyrollbar$/, 'Rollbar'],
  [/^@honeybadger-io\/|^honeybadger$|honeybadger-io\//, 'Honeybadger'],
  [/^airbrake|^@airbrake\//, 'Airbrake'],
  [/^@appsignal\/|^appsignal$/, 'AppSignal'],
  [/^newrelic(?:_rpm|-rpm)?$|^@newrelic\/|newrelic\/go-agent/, 'New Relic'],
  [/^dd-trace$|^ddtrace$|^@datadog\/browser-(?:rum|logs)|^datadog$/, 'Datadog'],
  [/^elastic-apm|^@elastic\/apm/, 'Elastic APM'],
  [/^raygun/, 'Raygun'],
  [/^@highlight-run\/|^highlight\.run$/, 'Highlight'],
  [/^exception_notification$|^solid_errors$|^exception-track$/, 'mail on errors'],
  [/^spatie\/(?:laravel-)?(?:ignition-pro|flare)|^@flareapp\//, 'Flare'],
  [/^@axiomhq\/|^next-axiom$/, 'Axiom'],
  [/^@baselime\/|^@logtail\/|^logtail$/, 'Better Stack'],
  [/^posthog-(?:node|js|ruby)$|^posthog$|^posthog-python$/, 'PostHog'],
  [/^error_tracker$|^honeybadger$|^tower$/, 'ErrorTracker'],
  [
    /^@google-cloud\/error-reporting$|^applicationinsights$|^@azure\/monitor-opentelemetry$/,
    'the cloud’s error reporting',
  ],
  [/^scout_apm|^skylight$|^laravel\/nightwatch$|^laravel\/telescope$|^inspector-apm\//, 'an error monitor'],
]

/** The tool that a dependency belongs to; null where it is none. PostHog counts where code hands it exceptions. */
export const trackerOfDependency = (name: string): string | null =>
  byDependency.find(([pattern]) => pattern.test(name))?.[1] ?? null

const begins =
  /\bSentry\.init\(|sentry_sdk\.init\(|\bSentry\\init\(|sentry\.Init\(|sentry::init\(|Bugsnag\.(?:start|configure)|bugsnag\.configure|new Rollbar\(|Rollbar\.(?:init|configure)|rollbar\.init|Honeybadger\.configure|Airbrake\.configure|Raven\.configure|datadogRum\.init\(|captureException\(|\bcapture_exception\s*[(?]|mail_admins|AdminEmailHandler|ExceptionNotification|Rails\.error\.subscribe|LOGGLY|config :sentry|onRequestError/

const byCode: readonly (readonly [RegExp, string])[] = [
  [/bugsnag/i, 'Bugsnag'],
  [/rollbar/i, 'Rollbar'],
  [/honeybadger/i, 'Honeybadger'],
  [/airbrake/i, 'Airbrake'],
  [/datadog/i, 'Datadog'],
  [/posthog/i, 'PostHog'],
  [/mail_admins|AdminEmail|ExceptionNotif/, 'mail on errors'],
  [/sentry|\bRaven\b/i, 'Sentry'],
]

/** The tool that a piece of code names; null where it names none. */
export const trackerNamed = (code: string): string | null => byCode.find(([pattern]) => pattern.test(code))?.[1] ?? null

/** Whether code begins a tracker, or hands errors to one. */
export const beginsTracker = (text: string): boolean => begins.test(text)

const personal =
  /\b(?:sendDefaultPii|send_default_pii)\s*[:=]\s*(?:true|True)\b|['"]send_default_pii['"]\s*=>\s*true|\bmaskAllText\s*:\s*false|\bsend_pii\s*=\s*(?:true|True)/

const isCommented = (text: string, at: number): boolean => {
  const line = text.slice(text.lastIndexOf('\n', at) + 1, at)
  // The slashes of an address are none of a comment.
  return /^\s*(?:\/\/|#|\*)/.test(line) || /(?<![:"'`])\/\/[^"'`/]*$/.test(line.slice(-200))
}

const placeAt = (file: string, text: string, at: number): Place => {
  const from = text.lastIndexOf('\n', at) + 1
  const end = text.indexOf('\n', at)
  return {
    file,
    line: text.slice(0, at).split('\n').length,
    text: text
      .slice(from, end === -1 ? undefined : end)
      .trim()
      .slice(0, 160),
  }
}

/** The first place of a pattern that is no comment. */
export const firstPlace = (file: string, text: string, pattern: RegExp): Place | null => {
  const all = new RegExp(pattern.source, pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`)
  for (const match of text.matchAll(all)) if (!isCommented(text, match.index)) return placeAt(file, text, match.index)
  return null
}

export const trackerPlace = (file: string, text: string): Place | null => firstPlace(file, text, begins)
/** Each way to say it → the same the other way round. */
const turned = (found: string): string => found.replace(/true$/, 'false').replace(/True$/, 'False')

export const personalPlace = (file: string, text: string): TrackerSeen['personal'] => {
  const place = firstPlace(file, text, personal)
  const line = place ? text.split('\n')[place.line - 1] : undefined
  const found = line?.match(personal)?.[0]
  if (!place || line === undefined || found === undefined) return place
  const changed = line.replace(found, /maskAllText/.test(found) ? found.replace(/false$/, 'true') : turned(found))
  const patch = replacementPatch(file, text, place.line, changed)
  return patch === null ? place : { ...place, patch }
}

/** Something in this file says which release an error is of: the option, the variable, a build plugin, a step of the pipeline. */
export const saysRelease = (text: string): boolean =>
  /\b(?:SENTRY_RELEASE|BUGSNAG_APP_VERSION|appVersion|code_version|codeVersion|withSentryConfig|sentryVitePlugin|sentryWebpackPlugin|sentryEsbuildPlugin|sentryRollupPlugin|sentry-cli|action-release|@sentry\/react-native|@sentry\/(?:webpack|vite|rollup|esbuild|nextjs|nuxt|sveltekit|astro|remix)-?plugin?)\b|\brelease\s*[:=](?!=)|config\.release\b|['"]release['"]\s*=>/.test(
    text,
  )

/** Likewise for the environment. */
export const saysEnvironment = (text: string): boolean =>
  /\b(?:SENTRY_ENVIRONMENT|releaseStage|release_stage)\b|\benvironment\s*[:=](?!=)|config\.environment\b|['"]environment['"]\s*=>|environment_name/.test(
    text,
  )

/** What each tracker calls them. */
const options: Readonly<Record<string, { release: string; environment: string }>> = {
  Sentry: { release: 'release', environment: 'environment' },
  Bugsnag: { release: 'appVersion', environment: 'releaseStage' },
  Rollbar: { release: 'codeVersion', environment: 'environment' },
}

const opening = /(?:\bSentry\.init|Bugsnag\.start|new Rollbar|Rollbar\.init)\(\s{0,20}\{/

/** Code that runs in browsers has no variables of a server. */
const inBrowser = /@sentry\/(?:browser|react|vue|svelte|angular|solid)\b|@bugsnag\/browser|^.use client\b/m

/**
 * Diffs that say release and environment where a tracker begins, in JavaScript that a server runs. `said` are the expressions that give
 * them; the release null where the platform does not tell it.
 */
export const optionPatches = (
  file: string,
  text: string,
  tool: string,
  said: { release: string | null; environment: string },
): NonNullable<TrackerSeen['patches']> => {
  const names = options[tool]
  const match = names && isJavaScript(file) && !inBrowser.test(text) ? opening.exec(text) : null
  if (!match || !names) return {}
  const at = match.index + match[0].length
  const line = text.slice(0, at).split('\n').length
  const from = text.lastIndexOf('\n', at - 1) + 1
  const whole = text.split('\n')[line - 1]!
  const say = (name: string, value: string): string =>
    replacementPatch(file, text, line, `${whole.slice(0, at - from)} ${name}: ${value},${whole.slice(at - from)}`)!
  return {
    ...(said.release === null ? {} : { release: say(names.release, said.release) }),
    environment: say(names.environment, said.environment),
  }
}

/** Platforms whose variables Sentry reads by itself: the release by HEROKU_SLUG_COMMIT, VERCEL_GIT_COMMIT_SHA, COMMIT_REF, CF_PAGES_COMMIT_SHA. */
export const platformsWithRelease: readonly string[] = [
  'vercel',
  'heroku',
  'netlify',
  'cloudflare',
  'cloudflare-pages',
  'cloudflare-workers',
]
/** And the environment: VERCEL_ENV. */
export const platformsWithEnvironment: readonly string[] = ['vercel']

/** Ruby's and Python's Sentry read the release from git or a REVISION file by themselves; Ruby's and Laravel's know the environment. */
export const ownDefaults = (file: string): { release: boolean; environment: boolean } => ({
  release: /\.(?:rb|py)$|Gemfile|requirements|pyproject/.test(file),
  environment: /\.(?:rb|py|php)$|Gemfile|requirements|pyproject|composer/.test(file),
})
