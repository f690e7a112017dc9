// People hear of each deploy, of one that failed above all.
import { ask, defineCheck, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { fix, patchOr } from '../../core/fixes.ts'
import { deployedBy } from '../../core/target.ts'
import { exampleDeployment } from '../../facts/repo/deployment.example.ts'
import { signs } from '../../facts/repo/monitor-signs.example.ts'
import { noPipelines } from '../../facts/repo/pipelines.example.ts'
import { stepPatch } from '../../formats/workflow/edit.ts'
import { deployJobs } from '../../formats/workflow/jobs.ts'
import { notifyStep } from './fixes.ts'
import { isStageAsked } from './seeing.ts'

type Data = { file: string; patch: string | null }

const notice = signs({}).notices[0]!
const question = {
  id: 'deploy-notification',
  text: 'Who hears when a deploy is done, and when one failed?',
  answer: 'deploy.by',
}
const platform = exampleDeployment({ platforms: [{ name: 'vercel', file: 'vercel.json', byPush: true }] })

export default defineCheck<Data>()({
  id: 'deploy-notification',
  stage: 'monitor',
  on: 'repo',
  title: 'People hear of each deploy, of a failed one above all',
  why: 'The first question in an outage is what changed. A message for each deploy answers it; a step that runs only when all went well is silent exactly when it matters (`if: always()` or `failure()` in GitHub Actions).',
  impact: {
    journey: 'operate',
    owner: 'When a deploy breaks the product, people look for the cause elsewhere first.',
  },
  needs: ['monitorSigns', 'pipelines', 'deployment'],
  outcomes: {
    none: medium('Nobody is told when a deploy is done', ({ file, patch }) =>
      fix(
        'Tell the channel in which alerts arrive.',
        [patchOr(file, patch, `As the last step of the deploy job in ${file}:\n${notifyStep.join('\n')}`)],
        [
          `Put this behind the deploy in ${file}:\n${notifyStep.join('\n')}`,
          'Store the address of the channel as the secret SLACK_WEBHOOK, and name it in the config: `monitor.alerts`.',
        ],
        15,
      ),
    ),
    'success-only': medium('Nobody is told when a deploy has failed', ({ file, patch }) =>
      fix(
        'Let the step run whatever happened.',
        [patchOr(file, patch, `${file}: if: always()`)],
        [`In ${file}: give the step \`if: always()\`, and let it say whether the job failed.`],
        5,
      ),
    ),
    on: pass('People hear of each deploy'),
  },
  references: [
    'https://docs.github.com/actions/reference/workflows-and-actions/expressions#always',
    'https://dora.dev/capabilities/monitoring-and-observability/',
  ],
  judge({ monitorSigns: { notices }, pipelines, deployment }, { target }) {
    if (deployedBy(target) === 'users') return skip('each user runs it on a host of their own')
    const jobs = deployJobs(pipelines)
    const [job] = jobs
    const file = job?.pipeline.file ?? ''
    const deploying = notices.filter(({ place }) => jobs.some(({ pipeline }) => pipeline.file === place.file))
    const told = deploying.length
      ? deploying
      : notices.filter(({ place }) => /deploy|release|production/i.test(`${place.file} ${place.text}`))
    if (told.length) {
      const evidence = told.slice(0, 4).map(({ place }) => fileEvidence(place.file, place.line, place.text))
      const data = { file: told[0]!.place.file, patch: told[0]!.patch ?? null }
      return told.some(({ onFailure }) => onFailure)
        ? { outcome: 'on', data, evidence }
        : { outcome: 'success-only', data, evidence, confidence: 'likely' }
    }
    if (job)
      return {
        outcome: 'none',
        data: { file, patch: stepPatch(job, notifyStep) },
        evidence: [textEvidence('read', `${file}: no step that tells anybody`)],
        confidence: 'likely',
      }
    const pushed = deployment.platforms.find(({ byPush }) => byPush)
    if (pushed && isStageAsked(target))
      return ask(question, `${pushed.name} deploys what is pushed, and may tell you itself`, 'medium')
    return skip(
      pushed
        ? `${pushed.name} deploys what is pushed, and may tell you itself`
        : 'nothing here deploys by itself: see deploy-path',
    )
  },
  examples: [
    { name: 'whatever happened', facts: {}, expect: 'on' },
    { name: 'no step', facts: { monitorSigns: signs({ notices: [] }) }, expect: 'none' },
    {
      name: 'when all went well',
      facts: { monitorSigns: signs({ notices: [{ ...notice, onFailure: false }] }) },
      expect: 'success-only',
    },
    {
      name: 'a platform',
      facts: { monitorSigns: signs({ notices: [] }), pipelines: noPipelines, deployment: platform },
      expect: 'skip',
    },
  ],
})
