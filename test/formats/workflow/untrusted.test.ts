// A stranger's text one step away from a script, and secrets that the log cannot mask.
import { describe, expect, it } from 'vitest'
import { actionFaults, handedOn, safetyFaults } from '../../../src/formats/workflow/safety.ts'
import { parseCompositeAction, parseWorkflow } from '../../../src/formats/workflow/workflow.ts'

const faults = (steps: string, job = ''): string[] =>
  parseWorkflow(
    'github',
    '.github/workflows/a.yml',
    `on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n${job}    steps:\n${steps}`,
  )
    .pipelines.flatMap(safetyFaults)
    .map(({ fault }) => fault)

const title = '${{ github.event.pull_request.title }}'

describe('a stranger’s text', () => {
  it.each([
    [
      'through the variable of the step',
      `      - env: { TITLE: "${title}" }\n        run: ./a.sh "\${{ env.TITLE }}"\n`,
    ],
    ['by brackets', `      - run: echo "\${{ github['event'].pull_request["title"] }}"\n`],
    ['in a whole object', "      - run: echo '${{ toJSON(github.event.comment) }}'\n"],
    [
      'in the output of a script',
      '      - id: t\n        uses: actions/github-script@v7\n        with: { script: "return context.payload.issue.title" }\n      - run: echo "${{ steps.t.outputs.result }}"\n',
    ],
    [
      'in the output of a command',
      `      - id: t\n        env: { B: "\${{ github.head_ref }}" }\n        run: echo "branch=$B" >> $GITHUB_OUTPUT\n      - run: ./a.sh \${{ steps.t.outputs.branch }}\n`,
    ],
    [
      'in the output of an action that names files',
      '      - id: f\n        uses: tj-actions/changed-files@v44\n      - run: lint ${{ steps.f.outputs.all_changed_files }}\n',
    ],
    [
      'behind a comparison',
      `      - run: echo "\${{ github.event.issue.title != '' && github.event.issue.title || 'none' }}"\n`,
    ],
    [
      'in code that another action runs',
      `      - uses: azure/cli@v2\n        with: { inlineScript: "echo ${title}" }\n`,
    ],
  ])('%s', (_name, steps) => expect(faults(steps)).toContain('script-injection'))

  it('through the variable of the job', () =>
    expect(faults('      - run: echo ${{ env.TITLE }}\n', `    env: { TITLE: "${title}" }\n`)).toContain(
      'script-injection',
    ))

  it.each([
    ['as a variable of the shell', `      - env: { TITLE: "${title}" }\n        run: ./a.sh "$TITLE"\n`],
    ['compared', `      - run: echo "\${{ github.event.pull_request.title == 'x' }}"\n`],
    ['asked whether it holds a word', `      - run: echo "\${{ contains(github.event.comment.body, '/run') }}"\n`],
    ['a number', `      - run: echo "\${{ github['event']['issue']['number'] }}"\n`],
    [
      'the outcome of a step',
      '      - id: f\n        uses: tj-actions/changed-files@0123456789012345678901234567890123456789\n      - run: echo ${{ steps.f.outcome }}\n',
    ],
    ['the input of who starts it', '      - run: echo ${{ github.event.inputs.version }}\n'],
  ])('is not: %s', (_name, steps) => expect(faults(steps)).not.toContain('script-injection'))
})

describe('a secret that no log masks', () => {
  const env = '        env: { TOKEN: "${{ secrets.NPM_TOKEN }}" }\n'
  it.each([
    ['in base64', `      - run: echo "$TOKEN" | base64\n${env}`],
    ['turned round', `      - run: echo "$TOKEN" | rev\n${env}`],
    [
      'a part of one that is JSON',
      '      - run: deploy\n        env: { KEY: "${{ fromJSON(secrets.CONFIG).key }}" }\n',
    ],
  ])('%s', (_name, steps) => expect(faults(steps)).toEqual(['secret-echoed']))
  it.each([
    ['decoded into a file', `      - run: echo "$TOKEN" | base64 -d > key.json\n${env}`],
    ['handed to a program', `      - run: echo "$TOKEN" | docker login --password-stdin\n${env}`],
    ['the number of a zone', '      - run: echo "$ZONE"\n        env: { ZONE: "${{ secrets.ZONE_ID }}" }\n'],
  ])('is not: %s', (_name, steps) => expect(faults(steps)).toEqual([]))
})

it('a workflow of the repository itself is pinned with it', () => {
  const text = 'on: push\npermissions: {}\njobs:\n  a:\n    uses: $/.github/workflows/b.yml\n'
  expect(parseWorkflow('github', '.github/workflows/a.yml', text).pipelines.flatMap(safetyFaults)).toEqual([])
})

describe('outputs of steps', () => {
  const script = (text: string, output: string): string =>
    `      - id: t\n        uses: actions/github-script@v7\n        with:\n          script: |\n            ${text}\n      - run: echo "\${{ steps.t.outputs.${output} }}"\n`
  it.each([
    [
      'a word of our own',
      script("if (context.payload.comment.body.includes('/x')) core.setOutput('outcome', 'merged')", 'outcome'),
    ],
    [
      'whether paths changed',
      '      - id: t\n        uses: dorny/paths-filter@v3\n      - run: echo ${{ steps.t.outputs.backend }}\n',
    ],
  ])('%s: no stranger speaks', (_what, steps) => expect(faults(steps)).not.toContain('script-injection'))
  it.each([
    [
      'a variable out of the event',
      script("const said = context.payload.comment.body; core.setOutput('said', said.trim())", 'said'),
    ],
    [
      'names of files',
      '      - id: t\n        uses: dorny/paths-filter@v3\n      - run: echo ${{ steps.t.outputs.backend_files }}\n',
    ],
  ])('%s: a stranger speaks', (_what, steps) => expect(faults(steps)).toContain('script-injection'))
})

describe('outputs of a job before', () => {
  const pipeline = (value: string, output: string, condition = 'true'): string[] =>
    parseWorkflow(
      'github',
      '.github/workflows/a.yml',
      `on: issues\njobs:\n  read:\n    if: ${condition}\n    runs-on: u\n    outputs: { said: "\${{ ${value} }}", id: "1" }\n    steps:\n      - id: t\n        env: { T: "\${{ github.event.issue.title }}" }\n        run: echo "said=$T" >> $GITHUB_OUTPUT\n  hand:\n    needs: read\n    runs-on: u\n    outputs: { on: "\${{ needs.read.outputs.said }}" }\n    steps: [{ run: "true" }]\n  tell:\n    needs: [read, hand]\n    runs-on: u\n    steps: [{ run: 'echo "\${{ needs.${output} }}"' }]\n`,
    )
      .pipelines.flatMap(safetyFaults)
      .map(({ fault }) => fault)

  it.each([
    ['a title', 'github.event.issue.title', 'read.outputs.said', true],
    ['a title by a step', 'steps.t.outputs.said', 'read.outputs.said', true],
    ['a title that another job hands on', 'github.event.issue.title', 'hand.outputs.on', true],
    ['a number', 'github.event.issue.number', 'read.outputs.said', false],
    ['another output', 'github.event.issue.title', 'read.outputs.id', false],
  ])('%s: %s', (_what, value, output, expected) =>
    expect(pipeline(value, output).includes('script-injection')).toBe(expected),
  )
  it('of one that keeps strangers out is no stranger’s', () => {
    const members = `contains(fromJSON('["OWNER"]'), github.event.issue.author_association)`
    expect(pipeline('steps.t.outputs.said', 'read.outputs.said', members)).not.toContain('script-injection')
  })
})

describe('inputs of what the repository calls itself', () => {
  const caller = (rest: string, on = 'issues') =>
    parseWorkflow('github', '.github/workflows/a.yml', `on: ${on}\njobs:\n  a:\n${rest}`).pipelines.flatMap(handedOn)
  const title = '{ title: "${{ github.event.issue.title }}", number: "${{ github.event.issue.number }}" }'
  const step = `    runs-on: u\n    steps: [{ uses: ./.github/actions/say, with: ${title} }]\n`

  it.each<[string, ReturnType<typeof caller>, object[]]>([
    ['an action', caller(step), [{ to: '.github/actions/say', input: 'title' }]],
    [
      'a workflow',
      caller(`    uses: ./.github/workflows/say.yml\n    with: ${title}\n`),
      [{ to: '.github/workflows/say.yml', input: 'title' }],
    ],
    ['an action of others', caller(step.replace('./.github/actions/say', 'acme/say@v1')), []],
    ['members alone', caller(`    if: github.event.issue.author_association == 'OWNER'\n${step}`), []],
    ['a run that gains nothing', caller(step.replaceAll('issue.', 'pull_request.'), 'pull_request'), []],
  ])('%s', (_what, found, expected) => expect(found).toEqual(expected))

  it('are followed into its script', () => {
    const steps = (script: string) =>
      parseCompositeAction(`runs:\n  using: composite\n  steps:\n    - shell: bash\n      ${script}\n`)
    const faults = (script: string) =>
      actionFaults('action.yml', steps(script), new Set(['title'])).map(({ fault }) => fault)
    expect(faults('run: echo "${{ inputs.title }}"')).toEqual(['script-injection'])
    expect(faults('run: echo "${{ inputs.number }}"')).toEqual([])
    expect(faults('env: { T: "${{ inputs.title }}" }\n      run: echo "$T"')).toEqual([])
  })
})

describe('a run that only those start who may write', () => {
  const reach = (types: string, run = 'npm ci'): (string | undefined)[] =>
    parseWorkflow(
      'github',
      '.github/workflows/a.yml',
      `on: { pull_request_target: { types: ${types} } }\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n        with: { ref: "\${{ github.event.pull_request.head.sha }}" }\n      - run: ${run}\n`,
    )
      .pipelines.flatMap(safetyFaults)
      .filter(({ fault }) => fault === 'pull-request-target' || fault === 'script-injection')
      .map(one => one.reach)
  it.each<[string, string | undefined]>([
    ['[review_requested]', 'gated'],
    ['[labeled, assigned]', 'gated'],
    ['labeled', 'gated'],
    ['[labeled, synchronize]', undefined],
    ['[opened]', undefined],
    ['[closed]', undefined],
  ])('%s', (types, expected) => {
    expect(reach(types)).toEqual([expected])
    expect(reach(types, 'npm ci "${{ github.event.pull_request.title }}"')).toEqual(
      expect.arrayContaining([expected, expected]),
    )
  })
})

describe('what a composite action is given', () => {
  const faults = (events: string[]) =>
    actionFaults(
      'action.yml',
      parseCompositeAction(
        'runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: echo "${{ github.head_ref }}"\n',
      ),
      new Set(),
      events,
    ).map(({ reach }) => reach)
  it('comes with the events of the pipelines that use it', () => {
    expect(faults([])).toEqual(['gated'])
    expect(faults(['push', 'pull_request'])).toEqual(['harmless'])
    expect(faults(['pull_request_target'])).toEqual([undefined])
    expect(faults(['push'])).toEqual(['never'])
    expect(faults(['workflow_call', 'push'])).toEqual([undefined])
  })
})

describe('a name that says secret of something else', () => {
  it.each(['SECRET_DETECTION_REPORT_FILE', 'TOKEN_PATH', 'AUTH_TYPE'])('%s', name =>
    expect(
      parseWorkflow('gitlab', '.gitlab-ci.yml', `a:\n  script:\n    - echo $${name}\n`).pipelines.flatMap(safetyFaults),
    ).toEqual([]),
  )
})

describe('every variable in a log', () => {
  const reach = (script: string): (string | undefined)[] =>
    parseWorkflow('gitlab', '.gitlab-ci.yml', `a:\n  script:\n    - env\n    - ${script}\n`)
      .pipelines.flatMap(safetyFaults)
      .map(one => one.reach)
  it('holds a secret where the pipeline has one of its own', () => {
    expect(reach('docker login -p $CI_JOB_TOKEN $CI_REGISTRY')).toEqual(['masked'])
    expect(reach('deploy --token $DEPLOY_TOKEN')).toEqual([undefined])
  })
})

describe('what a stranger gains', () => {
  const reach = (on: string, expression: string): (string | undefined)[] =>
    parseWorkflow(
      'github',
      '.github/workflows/a.yml',
      `on: ${on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "\${{ ${expression} }}"\n`,
    )
      .pipelines.flatMap(safetyFaults)
      .filter(({ fault }) => fault === 'script-injection')
      .map(one => one.reach)

  it.each([
    ['a branch in a run without secrets', 'pull_request', 'github.head_ref', 'harmless'],
    ['the same beside pushes', '[push, pull_request]', 'github.head_ref', 'harmless'],
    ['a title beside the secrets', '[pull_request, pull_request_target]', 'github.event.pull_request.title', undefined],
    ['words that no event of it has', '[push, release]', 'github.event.workflow_run.head_branch', 'never'],
    ['a message of a merged commit', 'push', 'github.event.head_commit.message', 'gated'],
    ['a comment', 'issue_comment', 'github.event.comment.body', undefined],
    ['called by others', '[workflow_call, pull_request]', 'github.head_ref', undefined],
  ])('%s', (_name, on, expression, expected) => expect(reach(on, expression)).toEqual([expected]))

  const checkout = (on: string, condition: string): string[] =>
    parseWorkflow(
      'github',
      '.github/workflows/a.yml',
      `on: ${on}\njobs:\n  a:\n    if: ${condition}\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n        with: { ref: "\${{ github.event.workflow_run.head_sha }}" }\n`,
    )
      .pipelines.flatMap(safetyFaults)
      .map(({ fault }) => fault)

  it.each([
    "github.event.workflow_run.event == 'push'",
    'github.event.workflow_run.head_repository.full_name == github.repository',
    "github.event.workflow_run.conclusion == 'success' && github.event.workflow_run.head_repository.fork == false",
    "github.event_name == 'workflow_dispatch' || github.event.workflow_run.event == 'push'",
    'github.event.pull_request',
    'github.event.pull_request != null',
    "github.event_name != 'workflow_run'",
  ])('a condition keeps forks out: %s', condition =>
    expect(checkout('{ workflow_run: { workflows: [CI] } }', condition)).toEqual([]),
  )

  it.each([
    "github.event.workflow_run.conclusion == 'success'",
    "github.event.workflow_run.head_branch == 'main'",
    '!github.event.pull_request',
    "github.event_name != 'issue_comment'",
    "github.event.workflow_run.event == 'push' || github.event.workflow_run.conclusion == 'success'",
  ])('a condition lets them in: %s', condition =>
    expect(checkout('{ workflow_run: { workflows: [CI] } }', condition)).toEqual(['pull-request-target']),
  )
})
