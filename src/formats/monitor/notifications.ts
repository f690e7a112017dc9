// Steps of a pipeline that tell people about a deploy.
import { conditionPatch } from '../workflow/edit.ts'
import type { Job, Pipeline, Step } from '../workflow/model.ts'
import type { Place } from './error-tracking.ts'

export type NotificationSeen = {
  place: Place
  onFailure: boolean
  onSuccess: boolean
  /** The diff that lets it run whatever happened before; absent where none could be made. */
  patch?: string
}

const action =
  /slack|discord|telegram|teams|notify|notification|mattermost|google-chat|msteams|matrix-message|pushover|ntfy|action-release|opsgenie|pagerduty|send-mail|create-or-update-comment|newrelic\/deployment|datadog.*deploy|grafana.*annotation/i
const command =
  /hooks\.slack\.com|slack\.com\/api|discord(?:app)?\.com\/api\/webhooks|api\.telegram\.org|webhook\.office\.com|ntfy\.sh|(?:SLACK|DISCORD|TEAMS|TELEGRAM|NTFY|MATTERMOST)_\w*(?:WEBHOOK|URL|TOKEN)|launch-ready monitor event deploy|sentry-cli (?:releases )?deploys|api\.pagerduty|gh api .*statuses|gotify|apprise|notify\.sh|notify-deploy/i

const isNotice = ({ uses, run, with: given, name }: Step): boolean =>
  (uses !== null && action.test(uses)) ||
  (run !== null && command.test(run)) ||
  (name !== null &&
    /\b(?:notify|notification|announce)\b/i.test(name) &&
    (run !== null || Object.keys(given).length > 0))

const place = ({ file }: Pipeline, { line, name, uses, run }: Step): Place => ({
  file,
  line,
  text: (name ?? uses ?? run ?? '').split('\n')[0]!.slice(0, 120),
})

/** When a step runs: by its own condition, else when all before it went well. */
const whenOf = (condition: string | null, text: string): Pick<NotificationSeen, 'onFailure' | 'onSuccess'> => {
  const given = condition ?? ''
  if (/always\(\)|!\s*cancelled\(\)|!\s*canceled\(\)/.test(given)) {
    const isSuccess = /==\s*'success'/.test(given) && !/failure/.test(given)
    return { onFailure: !isSuccess, onSuccess: !/==\s*'failure'/.test(given) }
  }
  if (/failure\(\)|==\s*'failure'|on_failure|failed\(\)/.test(given))
    return { onFailure: true, onSuccess: /success/.test(given) }
  return { onFailure: /status\s*:\s*custom|job\.status/.test(text) && /always/.test(given), onSuccess: true }
}

const jobNotices = (pipeline: Pipeline, job: Job, text: string): NotificationSeen[] =>
  job.steps.filter(isNotice).map(step => {
    const own = whenOf(step.condition, JSON.stringify(step.with))
    const ofJob = (job as { condition?: string | null }).condition ?? null
    const outer = ofJob ? whenOf(ofJob, '') : null
    const onFailure = own.onFailure || outer?.onFailure === true
    const patch =
      onFailure || pipeline.provider !== 'github' || step.condition !== null
        ? null
        : conditionPatch(pipeline.file, text, step.line, 'always()')
    return {
      place: place(pipeline, step),
      onFailure,
      onSuccess: own.onSuccess && (outer?.onSuccess ?? true),
      ...(patch === null ? {} : { patch }),
    }
  })

/** Every step that tells people, in the pipelines of a file and its text. */
export const noticesIn = (pipelines: readonly Pipeline[], text: string): NotificationSeen[] =>
  pipelines.flatMap(pipeline => pipeline.jobs.flatMap(job => jobNotices(pipeline, job, text)))
