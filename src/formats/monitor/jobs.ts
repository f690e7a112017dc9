// Work that runs without anybody watching: schedules and queues; and what tells when it failed or never ran.
import { replacementPatch } from '../patch.ts'
import { plainPatch } from '../secrets/around.ts'
import { firstPlace, type Place } from './error-tracking.ts'

/** A kind of job; `auto`: an error tracker of the same program hears of its failures by itself; `patch`: the diff that lets it report in. */
export type JobSeen = { kind: string; auto: boolean; place: Place; patch?: string }

const languages: Readonly<Record<string, RegExp>> = {
  Celery: /\.py$/,
  APScheduler: /\.py$/,
  Sidekiq: /\.rb$/,
  'Active Job': /\.rb$/,
  'Laravel schedule': /\.php$/,
  Oban: /\.exs?$/,
}
const javascript = /\.[cm]?[jt]sx?$/

const inCode: readonly (readonly [string, boolean, RegExp])[] = [
  ['node-cron', false, /\bcron\.schedule\(|\bnew CronJob\(|\bnew Cron\(\s*['"`]|schedule\.scheduleJob\(|@Cron\(/],
  ['BullMQ', false, /\bnew Worker\(\s*(?:['"`]|[\w.]+,)|@Processor\(/],
  ['pg-boss', false, /\bboss\.(?:work|schedule)\(/],
  ['Agenda', false, /\bagenda\.(?:define|every)\(/],
  ['Celery', true, /@(?:\w+\.)?(?:shared_task|task|periodic_task)\b|beat_schedule\b|CELERY_BEAT_SCHEDULE|crontab\(/],
  ['APScheduler', false, /\b(?:Background|AsyncIO|Blocking)Scheduler\(|\.add_job\(/],
  ['Sidekiq', true, /\binclude Sidekiq::(?:Job|Worker)|Sidekiq::Cron/],
  ['Active Job', true, /<\s*(?:ApplicationJob|ActiveJob::Base)\b/],
  [
    'Laravel schedule',
    true,
    /\$schedule->(?:command|job|call)\(|Schedule::(?:command|job|call)\(|implements ShouldQueue/,
  ],
  ['Oban', true, /\buse Oban\.(?:Worker|Pro)/],
]

const inFiles: readonly (readonly [string, boolean, RegExp, RegExp])[] = [
  ['Vercel cron', false, /(?:^|\/)vercel\.json$/, /"crons"\s*:\s*\[\s*\{/],
  [
    'crontab',
    false,
    /(?:^|\/)(?:crontab|cron\.d\/[\w.-]+|[\w.-]*\.cron)$/,
    /^\s*(?:[\d*][\d*,/-]*\s+){4}[\d*\w][\w*,/-]*\s+\S/m,
  ],
  ['Kubernetes CronJob', false, /\.ya?ml$/, /^kind:\s*CronJob\s*$/m],
  ['Render cron', false, /(?:^|\/)render\.ya?ml$/, /type:\s*cron\b/],
  ['whenever', true, /(?:^|\/)config\/schedule\.rb$/, /^\s*every\s/m],
  ['recurring jobs', true, /(?:^|\/)config\/(?:recurring|sidekiq_cron|schedule)\.ya?ml$/, /cron:|schedule:|every/],
  ['Cloudflare cron', false, /(?:^|\/)wrangler\.(?:toml|jsonc?)$/, /crons\s*["=:]+\s*\[\s*["']/],
]

/** What a job asks for when it has run; the address is a secret of whoever runs it. */
export const beat = 'curl -fsS -m 10 --retry 3 "$HEARTBEAT_URL"'

const cronLine = inFiles.find(([kind]) => kind === 'crontab')![3]

/** The diff by which the one job of a crontab reports in when it ended well; null where several share the file, or its end is not clear. */
const reportingCrontab = (file: string, text: string): string | null => {
  const lines = text.split('\n')
  const [at, second] = lines.flatMap((line, index) => (cronLine.test(line) ? [index] : []))
  if (at === undefined || second !== undefined || /[;|#&%]\s*$|;|\|\||\s#/.test(lines[at]!)) return null
  return plainPatch(file, replacementPatch(file, text, at + 1, `${lines[at]!.trimEnd()} && ${beat}`))
}

/** Jobs that this file defines, each kind once. */
export const jobsIn = (file: string, text: string): JobSeen[] => {
  const seen: JobSeen[] = []
  for (const [kind, auto, name, pattern] of inFiles) {
    const place = name.test(file) ? firstPlace(file, text, pattern) : null
    if (!place) continue
    const patch = kind === 'crontab' ? reportingCrontab(file, text) : null
    seen.push({ kind, auto, place, ...(patch === null ? {} : { patch }) })
  }
  for (const [kind, auto, pattern] of inCode) {
    if (!(languages[kind] ?? javascript).test(file)) continue
    const place = firstPlace(file, text, pattern)
    if (place) seen.push({ kind, auto, place })
  }
  return seen
}

/** What calls an outside service when a job has run or failed. */
const heartbeat =
  /hc-ping\.com|healthchecks\.io\/ping|HEALTHCHECKS?_(?:PING_)?URL|cronitor|betterstack\.com\/api\/v1\/heartbeat|heartbeat\.uptimerobot|deadmanssnitch|nosnch\.in|DEAD_?MANS?|\/beat\/|withMonitor\(|captureCheckIn\(|monitor_slug|Sentry::Cron|sentryMonitor\(|pingOnSuccess|pingOnFailure|thenPing\(|emailOutputOnFailure|onFailure\(|cronMonitors|automaticVercelMonitors|HEARTBEAT_URL|opsgenie\.com\/v2\/heartbeats/

const failedHandler =
  /\.on\(\s*['"]failed['"]|@OnWorkerEvent\(\s*['"]failed|@OnQueueFailed|retry_on|discard_on|sidekiq_retries_exhausted|death_handlers|task_failure\.connect|Queue::failing|public function failed\(|job_failure|on_failure_callback|rescue_from/
const tells =
  /capture_?exception|captureMessage|slack|discord|telegram|sendMail|mailer|notify|alert|webhook|pagerduty|Sentry|Bugsnag|Rollbar|Honeybadger/i

/** Where failures of jobs are told; null where nothing in this file does. */
export const jobAlertIn = (file: string, text: string): Place | null => {
  const beat = firstPlace(file, text, heartbeat)
  if (beat) return beat
  const handler = failedHandler.exec(text)
  return handler && tells.test(text.slice(handler.index, handler.index + 1500))
    ? firstPlace(file, text, failedHandler)
    : null
}
