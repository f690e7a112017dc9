import { describe, expect, it } from 'vitest'
import { type CiProvider, ciProviderOf } from '../../../src/data/ci-systems.ts'
import { takesBranch, before as waitsFor } from '../../../src/formats/workflow/model.ts'
import { safetyFaults } from '../../../src/formats/workflow/safety.ts'
import { parseCompositeAction, parseWorkflow } from '../../../src/formats/workflow/workflow.ts'
import { processorTime } from '../../support/processor-time.ts'

const read = (provider: CiProvider, text: string) => parseWorkflow(provider, 'ci.yml', text).pipelines
const github = (text: string) => read('github', text)[0]!

describe('workflow files', () => {
  it('are known by their path', () => {
    expect(
      [
        '.github/workflows/ci.yml',
        '.gitlab-ci.yml',
        'bitbucket-pipelines.yml',
        '.circleci/config.yml',
        'azure-pipelines.yml',
        '.buildkite/pipeline.yml',
        'docs/.github/workflows/ci.yml',
        'ci.yml',
      ].map(ciProviderOf),
    ).toEqual(['github', 'gitlab', 'bitbucket', 'circleci', 'azure', 'buildkite', null, null])
  })

  it('of GitHub: triggers, needs, environment, concurrency, steps with their lines', () => {
    const pipeline = github(`name: CI
on:
  push:
    branches: [main, 'release/**']
    paths-ignore: [docs/**]
  pull_request:
permissions: read-all
jobs:
  test:
    runs-on: ubuntu-latest
    defaults:
      run:
        working-directory: api
    steps:
      - uses: actions/checkout@v5
      - name: Test
        run: |
          npm ci
          npm test
        env: { A: b }
  deploy:
    needs: [test]
    if: github.ref == 'refs/heads/main'
    environment: { name: production, url: https://a.example }
    concurrency: x
    steps:
      - run: fly deploy
        continue-on-error: true
`)
    expect(pipeline.triggers).toMatchObject({
      push: true,
      branches: ['main', 'release/**'],
      pullRequest: true,
      tags: false,
    })
    expect(pipeline.permissions).toBe('read-all')
    expect(pipeline.jobs[0]!.steps[1]).toMatchObject({
      line: 16,
      runLine: 18,
      run: 'npm ci\nnpm test\n',
      env: { A: 'b' },
      folder: 'api',
    })
    expect(pipeline.jobs[1]).toMatchObject({
      needs: ['test'],
      environment: 'production',
      concurrency: true,
      branches: ['main'],
    })
    expect(pipeline.jobs[1]!.steps[0]!.mayFail).toBe(true)
  })

  it('of GitHub: a step may be a program of another language', () => {
    const steps = (shell: string) =>
      read('github', `on: push\njobs:\n  a:\n    steps:\n      - shell: ${shell}\n        run: now = 1\n`)[0]!.jobs[0]!
        .steps
    expect(steps('python').map(({ isProgram }) => isProgram === true)).toEqual([true])
    expect(steps('bash -e {0}').map(({ isProgram }) => isProgram === true)).toEqual([false])
  })
  it('of GitHub: events in every spelling', () => {
    expect(github('on: push\njobs: { a: {} }').triggers).toMatchObject({ push: true, branches: null })
    expect(github('on: [push, pull_request]\njobs: { a: {} }').triggers).toMatchObject({
      push: true,
      pullRequest: true,
    })
    expect(github('"on":\n  push: { tags: ["v*"] }\njobs: { a: {} }').triggers).toMatchObject({
      push: false,
      tags: true,
    })
    expect(
      github('on:\n  workflow_run: { workflows: [CI], types: [completed] }\njobs: { a: {} }').triggers.after,
    ).toEqual(['CI'])
    expect(github('on:\n  push: { branches-ignore: [wip/*] }\njobs: { a: {} }').triggers.branches).toEqual([
      '**',
      '!wip/*',
    ])
  })

  it('of GitLab: stages order jobs, needs override, extends and anchors are laid under', () => {
    const [pipeline] = read(
      'gitlab',
      `stages: [test, build, deploy]
default:
  before_script: [npm ci]
.base:
  stage: test
  image: node:24
unit:
  extends: .base
  script:
    - npm test
pack:
  stage: build
  script: docker build .
live:
  stage: deploy
  environment: { name: production }
  resource_group: production
  script: [./deploy.sh]
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
early:
  stage: deploy
  needs: []
  script: [./early.sh]
  allow_failure: true
  when: manual
`,
    )
    expect(pipeline!.jobs.map(({ id }) => id)).toEqual(['unit', 'pack', 'live', 'early'])
    expect(pipeline!.jobs[0]).toMatchObject({
      image: 'node:24',
      steps: [{ run: 'npm ci' }, { run: 'npm test', runLine: 10 }],
    })
    expect(waitsFor(pipeline!, 'live').map(({ id }) => id)).toEqual(['unit', 'pack'])
    expect(waitsFor(pipeline!, 'early')).toEqual([])
    expect(pipeline!.jobs[2]).toMatchObject({
      environment: 'production',
      concurrency: true,
      branches: ['main', 'master'],
    })
    expect(pipeline!.jobs[3]).toMatchObject({ mayFail: true, manual: true })
  })

  it('of GitLab: local includes are laid under, others are named', () => {
    const files: Record<string, string> = { 'ci/test.yml': 'unit:\n  stage: test\n  script: [npm test]\n' }
    const { pipelines } = parseWorkflow(
      'gitlab',
      '.gitlab-ci.yml',
      'stages: [test, deploy]\ninclude:\n  - local: /ci/test.yml\n  - template: Security/SAST.gitlab-ci.yml\nship:\n  stage: deploy\n  script: [./ship.sh]\n',
      path => files[path] ?? null,
    )
    expect(pipelines[0]!.jobs.map(({ id, line, needs }) => [id, line, needs])).toEqual([
      ['unit', 2, []],
      ['ship', 5, ['unit']],
    ])
    expect(pipelines[0]!.includes).toEqual(['Security/SAST.gitlab-ci.yml'])
  })

  it('of GitHub: composite actions give their steps', () => {
    expect(
      parseCompositeAction(
        'runs:\n  using: composite\n  steps:\n    - run: npm ci\n      shell: bash\n    - uses: actions/cache@v4\n',
      ).map(({ run, uses }) => run ?? uses),
    ).toEqual(['npm ci', 'actions/cache@v4'])
    expect(parseCompositeAction('runs:\n  using: node24\n  main: index.js\n')).toEqual([])
    expect(parseCompositeAction('- [')).toEqual([])
  })

  it('of Bitbucket: one pipeline a trigger, steps in a row, parallel ones together', () => {
    const pipelines = read(
      'bitbucket',
      `image: node:24
pipelines:
  default:
    - step: { script: [npm test] }
  branches:
    main:
      - parallel:
          - step: { name: unit, script: [npm test] }
          - step: { name: lint, script: [npm run lint] }
      - step:
          name: ship
          deployment: production
          trigger: manual
          script:
            - pipe: atlassian/ssh-run:0.8.1
`,
    )
    expect(pipelines.map(({ name, triggers }) => [name, triggers.branches])).toEqual([
      ['default', null],
      ['main', ['main']],
    ])
    const main = pipelines[1]!
    expect(waitsFor(main, main.jobs[2]!.id).map(({ name }) => name)).toEqual(['unit', 'lint'])
    expect(main.jobs[2]).toMatchObject({
      environment: 'production',
      manual: true,
      steps: [{ uses: 'atlassian/ssh-run:0.8.1', line: 15 }],
    })
  })

  it('of CircleCI: workflows, requires, filters, commands of the file', () => {
    const [pipeline] = read(
      'circleci',
      `version: 2.1
commands:
  prepare:
    steps: [checkout, { run: npm ci }]
jobs:
  test:
    docker: [{ image: cimg/node:24.1 }]
    steps:
      - prepare
      - run: { name: t, command: npm test }
  ship:
    docker: [{ image: cimg/base:stable }]
    steps: [{ run: fly deploy }]
workflows:
  main:
    jobs:
      - test
      - ship:
          requires: [test]
          context: production
          filters: { branches: { only: main } }
      - node/test
`,
    )
    expect(pipeline!.jobs[0]!.steps.map(({ run, uses }) => run ?? uses)).toEqual(['checkout', 'npm ci', 'npm test'])
    expect(pipeline!.jobs[1]).toMatchObject({ needs: ['test'], branches: ['main'], environment: 'production' })
    expect(pipeline!.jobs[2]).toMatchObject({ uses: 'node/test' })
  })

  it('of Azure: stages depend on the one before, deployment jobs have an environment', () => {
    const [pipeline] = read(
      'azure',
      `trigger: [main]
pr: none
stages:
  - stage: T
    jobs:
      - job: test
        steps:
          - script: npm test
          - task: Npm@1
            inputs: { command: ci }
  - stage: D
    jobs:
      - deployment: web
        environment: production.web
        strategy: { runOnce: { deploy: { steps: [{ bash: ./ship.sh }] } } }
`,
    )
    expect(pipeline!.triggers).toMatchObject({ push: true, branches: ['main'], pullRequest: false })
    expect(pipeline!.jobs[1]).toMatchObject({
      id: 'web',
      needs: ['test'],
      environment: 'production',
      steps: [{ run: './ship.sh' }],
    })
    const limited = (condition: string) =>
      read('azure', `stages:\n  - stage: P\n    condition: ${condition}\n    jobs: [{ job: a }]\n`)[0]!.jobs[0]!
        .branches
    expect(limited("eq(variables['Build.SourceBranch'], 'refs/heads/live')")).toEqual(['live'])
    expect(limited("startsWith(variables['Build.SourceBranch'], 'refs/tags/')")).toEqual([])
    expect(limited("ne(variables['Build.SourceBranch'], 'refs/heads/live')")).toBeNull()
    expect(limited('succeeded()')).toBeNull()
    expect(read('azure', 'steps:\n  - script: make test\n')[0]!.jobs[0]!.steps[0]!.run).toBe('make test')
  })

  it('of Buildkite: wait and block make later steps wait', () => {
    const [pipeline] = read(
      'buildkite',
      `steps:
  - label: test
    command: npm test
  - wait
  - label: ship
    key: ship
    commands: [a, b]
    branches: main
    concurrency: 1
    concurrency_group: ship
  - block: sure?
  - label: last
    command: c
    soft_fail: true
`,
    )
    expect(
      pipeline!.jobs.map(({ id, needs, concurrency, manual, mayFail }) => [id, needs, concurrency, manual, mayFail]),
    ).toEqual([
      ['test', [], false, false, false],
      ['ship', ['test'], true, false, false],
      ['last', ['test', 'ship'], false, true, true],
    ])
  })

  it('are refused with their line when they are no YAML, and when anchors multiply', () => {
    expect(parseWorkflow('github', 'ci.yml', 'on: push\njobs:\n  a: [\n').problem).toMatchObject({
      line: expect.any(Number),
    })
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(',')}]`).join('\n')}\non: push\njobs: { t: { steps: *j } }\n`
    const begun = processorTime()
    expect(parseWorkflow('github', 'ci.yml', bomb).problem?.text).toMatch(/anchors multiply/)
    expect(processorTime() - begun).toBeLessThan(1000)
    expect(parseWorkflow('github', 'ci.yml', 'x'.repeat(600_000)).problem?.text).toMatch(/larger than/)
    expect(parseWorkflow('github', 'ci.yml', '').pipelines).toEqual([])
    expect(parseWorkflow('gitlab', 'ci.yml', '- just\n- a list\n').pipelines).toEqual([])
    expect(parseWorkflow('github', 'ci.yml', 'on: push\njobs: nonsense\n').pipelines).toEqual([])
  })

  it('match branches by glob and by expression', () => {
    expect(takesBranch(null, 'main')).toBe(true)
    expect(takesBranch(['release/**'], 'release/1/2')).toBe(true)
    expect(takesBranch(['release/*'], 'release/1/2')).toBe(false)
    expect(takesBranch(['**', '!main'], 'main')).toBe(false)
    expect(takesBranch(['/^ma.*$/'], 'main')).toBe(true)
    expect(takesBranch(['/((a+)+)+$/'], 'aaaa!')).toBe(false)
  })
})

describe('faults of safety', () => {
  const faults = (text: string, provider: CiProvider = 'github') =>
    read(provider, text)
      .flatMap(safetyFaults)
      .map(({ fault, line, what }) => `${fault} ${line} ${what}`)

  it('finds text of strangers pasted into scripts, and leaves what is handed over as a variable alone', () => {
    expect(
      faults(`on: issues
jobs:
  a:
    steps:
      - run: |
          echo hello
          echo "\${{ github.event.issue.title }}"
      - run: echo "$TITLE"
        env: { TITLE: "\${{ github.event.issue.title }}" }
      - uses: actions/github-script@v8
        with: { script: "console.log('\${{ github.head_ref }}')" }
      - if: contains(github.event.issue.title, 'x')
        run: echo \${{ contains(github.event.comment.body, 'y') }} \${{ github.sha }} \${{ github.event.pull_request.number }}
`),
    ).toEqual(['script-injection 7 ${{ github.event.issue.title }}', 'script-injection 10 ${{ github.head_ref }}'])
  })

  it('finds foreign code beside secrets, not a checkout of the base', () => {
    const target = (step: string) =>
      faults(`on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n${step}`)
    expect(target('        with: { ref: "${{ github.event.pull_request.head.sha }}" }\n')).toHaveLength(1)
    expect(target('')).toEqual([])
    const reach = (step: string) =>
      safetyFaults(
        read(
          'github',
          `on: pull_request_target\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n        with: { ref: "\${{ github.head_ref }}", path: pr }\n      - ${step}\n`,
        )[0]!,
      ).find(({ fault }) => fault === 'pull-request-target')?.reach
    expect(reach('run: rsync -a pr/locale/ base/locale/ && make -C base check')).toBe('harmless')
    expect(reach('run: make -C pr check')).toBeUndefined()
    expect(reach('{ run: make check, working-directory: pr/app }')).toBeUndefined()
    const job = (keys: string, steps: string) =>
      safetyFaults(
        read(
          'github',
          `on: pull_request_target\njobs:\n  ask:\n    environment: strangers\n    steps: [{ run: echo }]\n  a:\n${keys}    steps:\n${steps}      - uses: actions/checkout@v5\n        with: { ref: "\${{ github.head_ref }}" }\n      - run: npm ci\n`,
        )[0]!,
      ).find(({ fault }) => fault === 'pull-request-target')?.reach
    expect(job('', '')).toBeUndefined()
    expect(job("    if: needs.look.outputs.is_trusted == 'true'\n", '')).toBe('gated')
    expect(job("    if: needs.look.outputs.changed == 'true'\n", '')).toBeUndefined()
    expect(job('    needs: [ask]\n', '')).toBe('gated')
    expect(job('', '      - uses: acme/repo-permission-check@v2\n')).toBe('gated')
    const labelled = (events: string, condition: string) =>
      faults(
        `on: [${events}]\njobs:\n  a:\n    if: ${condition}\n    steps:\n      - uses: actions/checkout@v5\n        with: { ref: "\${{ github.head_ref }}" }\n      - run: npm ci\n`,
      ).filter(one => one.startsWith('pull-request-target'))
    const asked = "github.event_name != 'pull_request_target' || github.event.label.name == 'approved'"
    expect(labelled('pull_request, pull_request_target', asked)).toEqual([])
    expect(labelled('pull_request, pull_request_target, issue_comment', asked)).toHaveLength(1)
    expect(labelled('pull_request, pull_request_target', "github.event_name == 'pull_request_target'")).toHaveLength(1)
    const behind = (condition: string) =>
      faults(
        `on: { workflow_run: { workflows: [CI] } }\njobs:\n  a:\n    if: ${condition}\n    steps:\n      - uses: actions/checkout@v5\n        with: { ref: "\${{ github.event.workflow_run.head_sha }}" }\n`,
      ).filter(one => one.startsWith('pull-request-target'))
    expect(behind("github.event.workflow_run.event != 'pull_request'")).toEqual([])
    expect(behind("github.event.workflow_run.conclusion == 'success'")).toHaveLength(1)
    const own = "github.event.workflow_run.event != 'pull_request'"
    const branch = "github.event.workflow_run.head_branch == 'live'"
    expect(behind(`${own} && (${branch} || github.ref == 'refs/heads/main')`)).toEqual([])
    expect(behind(`${own} || ${branch}`)).toHaveLength(1)
    expect(behind(`(${own} || ${branch})`)).toHaveLength(1)
    expect(behind(`(${own} && true) || ${branch}`)).toHaveLength(1)
    expect(behind(`(${own} && true || ${branch}) && success()`)).toHaveLength(1)
    expect(
      faults(
        'on: pull_request\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n        with: { ref: "${{ github.head_ref }}" }\n',
      ),
    ).toEqual([])
  })

  it('finds moving actions of others, and all rights', () => {
    const sha = 'a'.repeat(40)
    expect(
      faults(
        `on: push\npermissions: write-all\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n      - uses: other/thing@v1\n      - uses: other/pinned@${sha}\n      - uses: ./local\n      - uses: docker://alpine:3\n`,
      ),
    ).toEqual([
      'write-all 1 permissions: write-all',
      'unpinned-action 7 other/thing@v1',
      'unpinned-action 10 docker://alpine:3',
    ])
  })

  it('finds secrets that are printed, not those that are piped, written or only tested for', () => {
    expect(
      faults(`on: push
jobs:
  a:
    env: { TOKEN: "\${{ secrets.NPM_TOKEN }}" }
    steps:
      - run: |
          echo "\${{ secrets.KEY }}" | docker login --password-stdin
          echo "//registry/:_authToken=$TOKEN" > .npmrc
          echo "\${TOKEN:+set}"
          echo "$TOKEN"
          echo "::add-mask::$TOKEN"
          echo "$GITHUB_SHA"
`),
    ).toEqual(['secret-echoed 10 echo of $TOKEN (secrets.NPM_TOKEN)'])
    expect(faults('test:\n  script:\n    - echo $DATABASE_URL\n    - echo $CI_COMMIT_SHA\n', 'gitlab')).toEqual([
      'secret-echoed 3 echo of $DATABASE_URL',
    ])
    expect(faults('steps:\n  - script: echo $(Build.SourceVersionMessage)\n', 'azure')).toEqual([
      'script-injection 2 $(Build.SourceVersionMessage)',
    ])
  })
})
