// After every deploy something asks the running product whether it works, and a no stops or takes back the release.
import { ask, defineCheck, high, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { fix, patchOr } from '../../core/fixes.ts'
import { byHand, exampleDeployment } from '../../facts/repo/deployment.example.ts'
import { deployThen, exampleCommand, noPipelines } from '../../facts/repo/pipelines.example.ts'
import { productionOf } from '../../formats/repo/production.ts'
import { stepPatch } from '../../formats/workflow/edit.ts'
import { checksAfterDeploy, deployPlaces, deploysItself, serverDeploys } from '../../formats/workflow/jobs.ts'
import type { Place } from '../../formats/workflow/seen.ts'
import { assuming, evidenceOf, filesIn, fixAt, type Mendable, stepsAt, unshown } from './places.ts'

type Data = { places: Mendable[]; files: string; provider: string; step: string | null }

const githubStep = [
  '- name: Smoke test',
  '  run: npx launch-ready deploy smoke --report junit:smoke.xml',
  '  env:',
  '    SMOKE_TOKEN: ${{ secrets.SMOKE_TOKEN }}',
]
const gitlabJob = 'smoke:\n  stage: .post\n  script:\n    - npx launch-ready deploy smoke --report junit:smoke.xml\n'

const question = {
  id: 'smoke-test',
  text: 'What asks the running product after each deploy whether it works?',
  answer: 'deploy.smoke',
}
const byPush = exampleDeployment({ platforms: [{ name: 'netlify', file: 'netlify.toml', byPush: true }] })
const said = textEvidence('config', 'deploy.smoke')

/** A platform that waits for a healthy release, a monitor and a person who looks leave no trace in the repository. */
const unseenLook = 'whether the platform, a monitor or somebody looks at it after a deploy'

const letFail = ({ text }: Place): string =>
  /\bcurl\b/.test(text)
    ? `\`${text}\`: add \`--fail --show-error --retry 5 --retry-all-errors\`, and remove \`|| true\`.`
    : `\`${text}\`: remove \`|| true\`, continue-on-error and allow_failure.`

export default defineCheck<Data>()({
  id: 'smoke-test',
  stage: 'deploy',
  on: 'repo',
  title: 'After every deploy the running product is asked whether it works',
  why: 'A deploy that ends without an error says that a program started, not that a customer can log in. The look afterwards has to be able to fail: curl without --fail, `|| true` and continue-on-error end well whatever comes back.',
  impact: { journey: 'operate', owner: 'You learn from customers that the last deploy broke the login.' },
  needs: ['pipelines', 'deployment'],
  signals: ['bad-deploy'],
  checklist: { section: 'release', order: 2, line: 'The running product is asked after every deploy' },
  outcomes: {
    none: high('Nothing checks the product after a deploy', ({ provider, places, step }) =>
      fix(
        'Run a smoke test behind the deploy.',
        [
          patchOr(
            places[0]?.file ?? '',
            step,
            `Behind the deploy:\n${provider === 'gitlab' ? gitlabJob : githubStep.join('\n')}`,
          ),
        ],
        [
          'Configure it once under `deploy.smoke` (homepage, login, health, webhook, version); `launch-ready init` writes it, and the step.',
          ...stepsAt(places, () => 'add `npx launch-ready deploy smoke` as the step behind this one.'),
          ...(places.length ? [] : ['Run it on the event `deployment_status` of the platform.']),
        ],
        45,
      ),
    ),
    'cannot-fail': high('The check after a deploy cannot fail: {files}', ({ places }) =>
      fixAt('Let a bad answer fail the job.', places, ({ text }) => `let \`${text}\` fail`, letFail, { minutes: 10 }),
    ),
    gates: pass('A check that can fail follows every deploy'),
  },
  references: [
    'https://curl.se/docs/manpage.html#-f',
    'https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#deployment_status',
  ],
  judge({ pipelines, deployment }, { target }) {
    const { by, smoke } = (target.sections['deploy'] ?? {}) as { by?: string; smoke?: boolean | string }
    if (by === 'users') return skip('each user runs it on a host of their own')
    const jobs = serverDeploys(pipelines)
    const byPush = deployment.platforms.some(platform => platform.byPush)
    if (jobs.length === 0 && !byPush) return skip('nothing here deploys by itself: see deploy-path')
    const provider = jobs[0]?.pipeline.provider ?? 'github'
    const data = (places: Mendable[]): Data => ({
      places,
      files: filesIn(places),
      provider,
      // Without its section in the config the step would have nothing to ask.
      step: jobs[0] && smoke ? stepPatch(jobs[0], githubStep) : null,
    })
    const found = checksAfterDeploy(pipelines, byPush)
    if (found.length === 0) {
      const deploys = deployPlaces(jobs)
      // A platform that asks the new release for its health lets none take traffic that does not answer at all.
      const health = deployment.healthChecks
      if (jobs.length === 0 && health.length)
        return { outcome: 'gates', data: data(health), evidence: evidenceOf(health) }
      if (jobs.length === 0 && !smoke) return ask(question, 'The platform deploys it, and may ask the product itself')
      if (jobs.length === 0) return { outcome: 'gates', data: data([]), evidence: [said] }
      // Where a job only calls for a deploy, it does not know when it is done: whoever deploys may look.
      if (!jobs.some(deploysItself) && !smoke) return ask(question, 'What the deploy calls is not in the repository')
      const none = { outcome: 'none' as const, data: data(deploys), evidence: evidenceOf(deploys) }
      const isTheirs = productionOf({ pipelines, deployment }, by) === 'others'
      return assuming(none, isTheirs ? unshown.others : unseenLook)
    }
    const gating = found.filter(({ fails }) => fails)
    return gating.length
      ? { outcome: 'gates', data: data(gating), evidence: evidenceOf(gating) }
      : { outcome: 'cannot-fail', data: data(found), evidence: evidenceOf(found) }
  },
  examples: [
    { name: 'smoke test behind the deploy', facts: {}, expect: 'gates' },
    { name: 'nothing behind the deploy', facts: { pipelines: deployThen(), deployment: byHand }, expect: 'none' },
    {
      name: 'a platform deploys what is pushed',
      facts: { pipelines: noPipelines, deployment: byPush },
      expect: 'unknown',
    },
    {
      name: 'curl without --fail',
      facts: { pipelines: deployThen(exampleCommand('smoke', 26, 'curl -s https://app.example.com/health')) },
      expect: 'cannot-fail',
    },
  ],
})
