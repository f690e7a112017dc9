// After every deploy something asks the running product whether it works, and a no stops or takes back the release.
import { defineCheck, skip } from '../../core/check.ts'
import type { PipelineCommand, Pipelines } from '../../facts/repo/pipelines.ts'
import {
  deployJobs,
  evidenceOf,
  exampleCommand,
  exampleDeployment,
  exampleJob,
  examplePipelines,
  exampleWorkflow,
  filesIn,
  jobsBefore,
  type Place,
  stepsAt,
} from './places.ts'

type Data = { places: Place[]; files: string; provider: string }

/** A look that ends well whatever comes back: curl without --fail, unless its status is compared. */
const blind = ({ text }: PipelineCommand): boolean =>
  /(?:^|→ )\s*curl\b/.test(text) &&
  !/\s(?:-\w*f\w*|--fail(?:-with-body|-early)?)(?=\s|$)|http_code|\bgrep\b|\bjq -e/.test(text)

const step: Readonly<Record<string, string>> = {
  github:
    '      - name: Smoke test\n        run: npx launch-ready deploy smoke --report junit:smoke.xml\n        env:\n          SMOKE_TOKEN: ${{ secrets.SMOKE_TOKEN }}\n',
  gitlab: 'smoke:\n  stage: .post\n  script:\n    - npx launch-ready deploy smoke --report junit:smoke.xml\n',
}

const looks = (pipelines: Pipelines, itself: boolean): (Place & { fails: boolean })[] => {
  const found = new Map<string, Place & { fails: boolean }>()
  const keep = (file: string, command: PipelineCommand, mayFail: boolean): void => {
    found.set(`${file}:${command.line}`, {
      file,
      line: command.line,
      text: command.text,
      fails: !mayFail && !command.mayFail && !blind(command),
    })
  }
  for (const { pipeline, job } of deployJobs(pipelines)) {
    const deploy = job.commands.find(({ kind }) => kind === 'deploy')!
    for (const command of job.commands)
      if (
        (command.kind === 'smoke' || command.kind === 'test') &&
        (command.step > deploy.step || (command.step === deploy.step && command.line > deploy.line))
      )
        keep(pipeline.file, command, job.mayFail)
    for (const later of pipeline.jobs.filter(other => jobsBefore(pipeline, other).some(({ id }) => id === job.id)))
      for (const command of later.commands)
        if (command.kind === 'smoke' || command.kind === 'test') keep(pipeline.file, command, later.mayFail)
    for (const other of pipelines.pipelines.filter(
      ({ triggers }) => triggers.after.includes(pipeline.name) || triggers.after.includes(pipeline.file),
    ))
      for (const inner of other.jobs)
        for (const command of inner.commands) if (command.kind === 'smoke') keep(other.file, command, inner.mayFail)
  }
  // A platform that deploys by itself says so with an event.
  for (const pipeline of pipelines.pipelines.filter(({ triggers }) => triggers.deployment))
    for (const job of pipeline.jobs)
      for (const command of job.commands)
        if (command.kind === 'smoke' || command.kind === 'test') keep(pipeline.file, command, job.mayFail)
  // Where the platform deploys what is pushed, a job that waits and looks after a push comes after the deploy.
  if (itself && deployJobs(pipelines).length === 0)
    for (const pipeline of pipelines.pipelines.filter(({ triggers }) => triggers.push || triggers.after.length > 0))
      for (const job of pipeline.jobs)
        for (const command of job.commands) if (command.kind === 'smoke') keep(pipeline.file, command, job.mayFail)
  return [...found.values()]
}

const after = (...commands: PipelineCommand[]) =>
  examplePipelines({
    pipelines: [exampleWorkflow([exampleJob('deploy', [exampleCommand('deploy', 24, 'flyctl deploy'), ...commands])])],
  })

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
    none: {
      status: 'fail',
      severity: 'high',
      title: 'Nothing checks the product after a deploy',
      fix: ({ provider, places }) => ({
        summary: 'Run a smoke test behind the deploy.',
        steps: [
          'Configure it once under `deploy.smoke` (homepage, login, health, webhook, version); `launch-ready init` writes it, and the step.',
          ...stepsAt(places, () => 'add `npx launch-ready deploy smoke` as the step behind this one.'),
          ...(places.length ? [] : ['Run it on the event `deployment_status` of the platform.']),
        ],
        changes: [{ kind: 'manual', step: `Behind the deploy:\n${step[provider] ?? step['github']!}` }],
        effortMinutes: 45,
      }),
    },
    'cannot-fail': {
      status: 'fail',
      severity: 'high',
      title: 'The check after a deploy cannot fail: {files}',
      fix: ({ places }) => ({
        summary: 'Let a bad answer fail the job.',
        steps: stepsAt(places, ({ text }) =>
          /\bcurl\b/.test(text)
            ? `\`${text}\`: add \`--fail --show-error --retry 5 --retry-all-errors\`, and remove \`|| true\`.`
            : `\`${text}\`: remove \`|| true\`, continue-on-error and allow_failure.`,
        ),
        changes: places.map(({ file, line, text }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: let \`${text}\` fail`,
        })),
        effortMinutes: 10,
      }),
    },
    gates: { status: 'pass', title: 'A check that can fail follows every deploy' },
  },
  references: [
    'https://curl.se/docs/manpage.html#-f',
    'https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#deployment_status',
  ],
  judge({ pipelines, deployment }) {
    const jobs = deployJobs(pipelines)
    const itself = deployment.platforms.some(({ byPush }) => byPush)
    if (jobs.length === 0 && !itself) return skip('nothing here deploys by itself: see deploy-path')
    const found = looks(pipelines, itself)
    const deploys = jobs.map(({ pipeline, job }) => ({
      file: pipeline.file,
      line: job.line,
      text: job.commands.find(({ kind }) => kind === 'deploy')?.text ?? job.id,
    }))
    const data = (places: Place[]): Data => ({
      places,
      files: filesIn(places),
      provider: jobs[0]?.pipeline.provider ?? 'github',
    })
    if (found.length === 0)
      return {
        outcome: 'none',
        data: data(deploys),
        evidence: deploys.length
          ? evidenceOf(deploys)
          : [{ label: 'deployed by', value: deployment.platforms.map(({ name }) => name).join(', ') }],
      }
    const gating = found.filter(({ fails }) => fails)
    return gating.length
      ? { outcome: 'gates', data: data(gating), evidence: evidenceOf(gating) }
      : { outcome: 'cannot-fail', data: data(found), evidence: evidenceOf(found) }
  },
  examples: [
    {
      name: 'smoke test behind the deploy',
      facts: {
        pipelines: after(exampleCommand('smoke', 26, 'npx launch-ready deploy smoke')),
        deployment: exampleDeployment(),
      },
      expect: 'gates',
    },
    {
      name: 'nothing behind the deploy',
      facts: { pipelines: after(), deployment: exampleDeployment() },
      expect: 'none',
    },
    {
      name: 'curl without --fail',
      facts: {
        pipelines: after(exampleCommand('smoke', 26, 'curl -s https://app.example.com/health')),
        deployment: exampleDeployment(),
      },
      expect: 'cannot-fail',
    },
  ],
})
