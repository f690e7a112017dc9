// Somebody hears when a job failed, or never ran.
import { defineCheck, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence } from '../../core/evidence.ts'
import { fix, manual, patchFile } from '../../core/fixes.ts'
import { deployedBy } from '../../core/target.ts'
import { signs } from '../../facts/repo/monitor-signs.example.ts'
import { beat } from '../../formats/monitor/jobs.ts'

type Data = { kind: string; file: string; patch: string | undefined }

const sidekiq = {
  kind: 'Sidekiq',
  auto: true,
  place: { file: 'app/jobs/invoice_job.rb', line: 2, text: 'include Sidekiq::Job' },
}

export default defineCheck<Data>()({
  id: 'job-failure-alert',
  stage: 'monitor',
  on: 'repo',
  title: 'Somebody hears when a job failed, or never ran',
  why: 'Nobody looks at a page that a nightly job makes. It fails without a customer noticing until the invoices are missing. A heartbeat tells when a job did not run at all; the tracker of Sidekiq, Celery, Active Job, Laravel and Oban tells when it failed.',
  impact: {
    journey: 'operate',
    owner: 'When a job stops, you learn it from what is missing: invoices, reminders, backups.',
  },
  needs: ['monitorSigns'],
  outcomes: {
    none: medium('Nobody hears when a job fails: {kind}', ({ kind, file, patch }) =>
      fix(
        'Let each job report in, and alert when it does not.',
        [
          patch
            ? patchFile(file, patch)
            : manual(`monitor:\n  monitors:\n    - { name: nightly job, heartbeat: nightly, every: 24h, grace: 30m }`),
        ],
        [
          `For each job of ${kind} (${file}): add a heartbeat monitor to \`monitor.monitors\`; \`launch-ready monitor status --beats\` prints its URL.`,
          patch
            ? 'Put that URL into the environment of the job as HEARTBEAT_URL.'
            : `At its end let the job ask for that URL, and for the same with /fail where it failed: \`${beat}\`.`,
          'Or hand its errors to your error tracker.',
        ],
        30,
      ),
    ),
    on: pass('Failures of jobs are told'),
  },
  references: ['https://healthchecks.io/docs/', 'https://docs.sentry.io/product/crons/'],
  judge({ monitorSigns: { jobs, jobAlerts, trackers } }, { target }) {
    const first = jobs[0]
    if (!first) return skip('no jobs here')
    if (deployedBy(target) === 'users') return skip('each user runs it on a host of their own')
    const data: Data = {
      kind: [...new Set(jobs.map(({ kind }) => kind))].slice(0, 2).join(', '),
      file: first.place.file,
      // One diff mends one job: where there are several kinds, each needs its own word.
      patch: jobs.length === 1 ? first.patch : undefined,
    }
    const shown = jobs.slice(0, 4).map(({ place }) => fileEvidence(place.file, place.line, place.text))
    if (jobAlerts.length)
      return {
        outcome: 'on',
        data,
        evidence: jobAlerts.slice(0, 4).map(place => fileEvidence(place.file, place.line, place.text)),
      }
    // The tracker of these frameworks hears of a job that raises, without a line of code.
    if (trackers.length && jobs.some(({ auto }) => auto))
      return {
        outcome: 'on',
        data,
        evidence: [fileEvidence(trackers[0]!.place.file, trackers[0]!.place.line, trackers[0]!.place.text)],
      }
    return { outcome: 'none', data, evidence: shown, confidence: trackers.length ? 'possible' : 'likely' }
  },
  examples: [
    { name: 'a heartbeat', facts: {}, expect: 'on' },
    { name: 'nothing', facts: { monitorSigns: signs({ jobAlerts: [] }) }, expect: 'none' },
    { name: 'its tracker', facts: { monitorSigns: signs({ jobAlerts: [], jobs: [sidekiq] }) }, expect: 'on' },
    { name: 'no jobs', facts: { monitorSigns: signs({ jobs: [] }) }, expect: 'skip' },
  ],
})
