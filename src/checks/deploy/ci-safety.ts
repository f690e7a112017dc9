// Pipelines that strangers cannot use: no text of theirs in scripts, no code of theirs beside secrets, fixed actions, few rights, no secret printed.
import { defineCheck, high, low, medium, pass, skip } from '../../core/check.ts'
import { command, fix } from '../../core/fixes.ts'
import { unsafe } from '../../facts/repo/pipelines.example.ts'
import { safetyFaultKinds } from '../../formats/workflow/safety.ts'
import type { Place } from '../../formats/workflow/seen.ts'
import { evidenceOf, filesIn, filesRead, fixAt, stepsAt } from './places.ts'

type Data = { places: Place[]; files: string; count: number }

const data = (places: Place[]): Data => ({ places, files: filesIn(places), count: places.length })

const separate = 'What needs secrets (comments, labels) goes into a workflow of its own that checks nothing out.'
const rotate = 'Rotate the secret where logs can be read by others, or are kept elsewhere.'
const least = 'write `permissions: { contents: read }`, and on the job that publishes the one scope it needs.'
const lessRights = (file: string) =>
  command(`sed -i 's/permissions: *write-all/permissions: { contents: read }/' ${file}`)

const actions = (places: readonly Place[]): { uses: string; path: string; ref: string; ask: string }[] =>
  [...new Set(places.map(({ text }) => text))].slice(0, 12).map(uses => {
    const [path = '', ref = ''] = uses.split('@')
    const repository = path.split('/').slice(0, 2).join('/')
    return { uses, path, ref, ask: `gh api repos/${repository}/commits/${ref} --jq .sha` }
  })

export default defineCheck<Data>()({
  id: 'ci-safety',
  stage: 'deploy',
  on: 'repo',
  title: 'Strangers cannot use the pipeline to reach secrets or production',
  why: 'A pipeline holds the keys to production. Text that a stranger writes (a branch name, a title) becomes shell code when an expression pastes it into a script; pull_request_target with the head checked out runs a stranger’s code beside the secrets; a tag of an action can be moved by whoever owns it.',
  impact: { journey: 'data', owner: 'Somebody without access could take the keys to your production systems.' },
  needs: ['pipelines'],
  signals: { 'data-exposed': ['script-injection', 'pull-request-target', 'secret-echoed'] },
  checklist: { section: 'tests', order: 3, line: 'Strangers cannot use the pipeline' },
  outcomes: {
    'script-injection': high('A stranger’s text runs as code in {files}', ({ places }) =>
      fixAt(
        'Hand the value over as an environment variable.',
        places,
        ({ text }) => `move ${text} into env and use "$VALUE"`,
        ({ text }) =>
          `put \`env: { VALUE: "${text}" }\` on the step and write "$VALUE" in the script instead of the expression.`,
      ),
    ),
    'pull-request-target': high('A stranger’s code runs beside your secrets in {files}', ({ places }) =>
      fixAt(
        'Run foreign code without secrets.',
        places,
        () => 'trigger on pull_request instead of pull_request_target',
        ({ text }) => `remove the ${text}, or change the trigger to \`pull_request\`, which has no secrets.`,
        { minutes: 30, after: [separate] },
      ),
    ),
    'secret-echoed': high(
      'A secret can be read in the log of {files}',
      ({ places }) => {
        const removed = places.map(({ file, line }) => command(`sed -i '${line}d' ${file}`))
        const look = '`[ -n "$NAME" ] && echo set`'
        return fix('Do not print it.', removed, [
          ...stepsAt(places, ({ text }) => `delete this line (${text}); to see whether it is set: ${look}.`),
          rotate,
        ])
      },
      { why: 'Whoever may read the log can read the secret.' },
    ),
    'write-all': medium(
      'Every job may change everything in the repository: {files}',
      ({ places }) => {
        const files = [...new Set(places.map(({ file }) => file))]
        const steps = stepsAt(places, () => least)
        return fix('Give read access, and more only to the job that needs it.', files.map(lessRights), steps, 10)
      },
      { why: 'Code that gets into any one job can change the repository and its releases.' },
    ),
    'unpinned-action': low(
      'Actions of others can change under you: {files}',
      ({ places }) => {
        const asked = actions(places).map(({ ask }) => command(ask))
        const steps = actions(places).map(
          ({ uses, path, ref, ask }) => `${uses}: \`${ask}\`, then write \`uses: ${path}@<that commit> # ${ref}\`.`,
        )
        return fix('Pin actions of others to a commit.', asked, steps)
      },
      { why: 'Whoever takes over the account behind an action runs code in your pipeline.' },
    ),
    safe: pass('Strangers cannot use the pipelines'),
  },
  references: [
    'https://docs.github.com/actions/reference/security/secure-use',
    'https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/',
  ],
  judge({ pipelines }) {
    if (pipelines.pipelines.length === 0) return skip('no pipeline that can be read')
    const found = safetyFaultKinds.flatMap(outcome => {
      const all = pipelines.safety.filter(({ fault }) => fault === outcome)
      if (all.length === 0) return []
      // A run for a fork has no secrets and may only read: beside places where a stranger gains something, it is not told;
      // so it is with a secret that the log shows as asterisks.
      const gaining = all.filter(({ reach }) => reach === undefined)
      const faults = gaining.length ? gaining : all
      const places = faults.map(({ file, line, what }) => ({ file, line, text: what }))
      const isRaised = outcome === 'unpinned-action' && faults.some(({ deploys }) => deploys)
      return [
        {
          outcome,
          data: data(places),
          evidence: evidenceOf(places),
          ...(isRaised ? { severity: 'medium' as const } : {}),
          ...(gaining.length ? {} : { confidence: 'possible' as const }),
        },
      ]
    })
    return found.length ? found : { outcome: 'safe', data: data([]), evidence: [filesRead(pipelines.pipelines)] }
  },
  examples: [
    { name: 'nothing foreign', facts: {}, expect: 'safe' },
    { name: 'a title in a script', facts: { pipelines: unsafe('script-injection') }, expect: 'script-injection' },
    {
      name: 'the head checked out',
      facts: { pipelines: unsafe('pull-request-target') },
      expect: 'pull-request-target',
    },
    { name: 'a moving tag', facts: { pipelines: unsafe('unpinned-action') }, expect: 'unpinned-action' },
    { name: 'all rights', facts: { pipelines: unsafe('write-all') }, expect: 'write-all' },
    { name: 'a token in the log', facts: { pipelines: unsafe('secret-echoed') }, expect: 'secret-echoed' },
  ],
})
