// Pipelines that strangers cannot use: no text of theirs in scripts, no code of theirs beside secrets, fixed actions, few rights, no secret printed.
import { defineCheck, skip } from '../../core/check.ts'
import { evidenceOf, exampleJob, examplePipelines, exampleWorkflow, filesIn, type Place, stepsAt } from './places.ts'

type Data = { places: Place[]; files: string; count: number }

const data = (places: Place[]): Data => ({ places, files: filesIn(places), count: places.length })
const fault = (
  kind: 'script-injection' | 'pull-request-target' | 'unpinned-action' | 'write-all' | 'secret-echoed',
  line: number,
  what: string,
  deploys = false,
) => ({ fault: kind, file: '.github/workflows/ci.yml', line, job: 'build', what, deploys })
const workflow = exampleWorkflow([exampleJob('build', [])])
const actionOf = (text: string): { name: string; ref: string } => {
  const [name = '', ref = ''] = text.split('@')
  return { name: name.split('/').slice(0, 2).join('/'), ref }
}

export default defineCheck<Data>()({
  id: 'ci-safety',
  stage: 'deploy',
  on: 'repo',
  title: 'Strangers cannot use the pipeline to reach secrets or production',
  why: 'A pipeline holds the keys to production. Text that a stranger writes (a branch name, a title) becomes shell code when an expression pastes it into a script; pull_request_target with the head checked out runs a stranger’s code beside the secrets; a tag of an action can be moved by whoever owns it.',
  impact: { journey: 'data', owner: 'Somebody without access could take the keys to your production systems.' },
  needs: ['pipelines'],
  checklist: { section: 'tests', order: 3, line: 'Strangers cannot use the pipeline' },
  outcomes: {
    'script-injection': {
      status: 'fail',
      severity: 'high',
      title: 'A stranger’s text runs as code in {files}',
      fix: ({ places }) => ({
        summary: 'Hand the value over as an environment variable.',
        steps: stepsAt(
          places,
          ({ text }) =>
            `put \`env: { VALUE: "${text}" }\` on the step and write "$VALUE" in the script instead of the expression.`,
        ),
        changes: places.map(({ file, line, text }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: move ${text} into env and use "$VALUE"`,
        })),
        effortMinutes: 15,
      }),
    },
    'pull-request-target': {
      status: 'fail',
      severity: 'high',
      title: 'A stranger’s code runs beside your secrets in {files}',
      fix: ({ places }) => ({
        summary: 'Run foreign code without secrets.',
        steps: [
          ...stepsAt(
            places,
            ({ text }) => `remove the ${text}, or change the trigger to \`pull_request\`, which has no secrets.`,
          ),
          'What needs secrets (comments, labels) goes into a workflow of its own that checks nothing out.',
        ],
        changes: places.map(({ file, line }) => ({
          kind: 'manual' as const,
          step: `${file}:${line}: trigger on pull_request instead of pull_request_target`,
        })),
        effortMinutes: 30,
      }),
    },
    'secret-echoed': {
      status: 'fail',
      severity: 'high',
      title: 'A secret is printed into the log of {files}',
      fix: ({ places }) => ({
        summary: 'Do not print it.',
        steps: [
          ...stepsAt(
            places,
            ({ text }) => `delete this line (${text}); to see whether it is set: \`[ -n "$NAME" ] && echo set\`.`,
          ),
          'Rotate the secret where logs can be read by others, or are kept elsewhere.',
        ],
        changes: places.map(({ file, line }) => ({ kind: 'command' as const, run: `sed -i '${line}d' ${file}` })),
        effortMinutes: 15,
      }),
    },
    'write-all': {
      status: 'fail',
      severity: 'medium',
      title: 'Every job may change everything in the repository: {files}',
      fix: ({ places }) => ({
        summary: 'Give read access, and more only to the job that needs it.',
        steps: stepsAt(
          places,
          () => 'write `permissions: { contents: read }`, and on the job that publishes the one scope it needs.',
        ),
        changes: [...new Set(places.map(({ file }) => file))].map(file => ({
          kind: 'command' as const,
          run: `sed -i 's/permissions: *write-all/permissions: { contents: read }/' ${file}`,
        })),
        effortMinutes: 10,
      }),
    },
    'unpinned-action': {
      status: 'fail',
      severity: 'low',
      title: 'Actions of others can change under you: {files}',
      fix: ({ places }) => ({
        summary: 'Pin actions of others to a commit.',
        steps: [...new Set(places.map(({ text }) => text))].slice(0, 12).map(text => {
          const { name, ref } = actionOf(text)
          return `${text}: \`gh api repos/${name}/commits/${ref} --jq .sha\`, then write \`uses: ${text.split('@')[0]}@<that commit> # ${ref}\`.`
        }),
        changes: [...new Set(places.map(({ text }) => text))].slice(0, 12).map(text => ({
          kind: 'command' as const,
          run: `gh api repos/${actionOf(text).name}/commits/${actionOf(text).ref} --jq .sha`,
        })),
        effortMinutes: 15,
      }),
    },
    safe: { status: 'pass', title: 'Strangers cannot use the pipelines' },
  },
  references: [
    'https://docs.github.com/actions/reference/security/secure-use',
    'https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/',
  ],
  judge({ pipelines }) {
    if (pipelines.pipelines.length === 0) return skip('no pipeline that can be read')
    const kinds = ['script-injection', 'pull-request-target', 'secret-echoed', 'write-all', 'unpinned-action'] as const
    const holds = kinds.flatMap(outcome => {
      const faults = pipelines.safety.filter(one => one.fault === outcome)
      if (faults.length === 0) return []
      const places = faults.map(({ file, line, what }) => ({ file, line, text: what }))
      const raised =
        outcome === 'unpinned-action' && faults.some(({ deploys }) => deploys) ? { severity: 'medium' as const } : {}
      return [{ outcome, data: data(places), evidence: evidenceOf(places), ...raised }]
    })
    return holds.length
      ? holds
      : {
          outcome: 'safe',
          data: data([]),
          evidence: [{ label: 'read', value: [...new Set(pipelines.pipelines.map(({ file }) => file))].join(', ') }],
        }
  },
  examples: [
    { name: 'nothing foreign', facts: { pipelines: examplePipelines({ pipelines: [workflow] }) }, expect: 'safe' },
    {
      name: 'a title in a script',
      facts: {
        pipelines: examplePipelines({
          pipelines: [workflow],
          safety: [fault('script-injection', 14, '${{ github.event.issue.title }}')],
        }),
      },
      expect: 'script-injection',
    },
    {
      name: 'the head checked out',
      facts: {
        pipelines: examplePipelines({
          pipelines: [workflow],
          safety: [fault('pull-request-target', 12, 'checkout of ${{ github.event.pull_request.head.sha }}')],
        }),
      },
      expect: 'pull-request-target',
    },
    {
      name: 'a tag in a deploy job',
      facts: {
        pipelines: examplePipelines({
          pipelines: [workflow],
          safety: [fault('unpinned-action', 20, 'superfly/flyctl-actions/setup-flyctl@master', true)],
        }),
      },
      expect: 'unpinned-action',
    },
    {
      name: 'all rights',
      facts: {
        pipelines: examplePipelines({
          pipelines: [workflow],
          safety: [fault('write-all', 1, 'permissions: write-all')],
        }),
      },
      expect: 'write-all',
    },
    {
      name: 'a token in the log',
      facts: {
        pipelines: examplePipelines({
          pipelines: [workflow],
          safety: [fault('secret-echoed', 22, 'echo of secrets.NPM_TOKEN')],
        }),
      },
      expect: 'secret-echoed',
    },
  ],
})
