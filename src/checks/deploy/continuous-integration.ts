// Something other than a person runs the tests whenever the code changes.

import { defineCheck, skip, unknown } from '../../core/check.ts'
import type { Pipelines } from '../../facts/repo/pipelines.ts'
import { noTriggers } from '../../formats/workflow/model.ts'
import { evidenceOf, exampleDeed, exampleJob, examplePipelines, exampleWorkflow, jobsOf, type Place } from './places.ts'

type Data = { places: Place[]; file: string; branch: string; test: string; install: string; hasTests: boolean }

/** How this repository's language installs and tests, for the workflow that the fix writes. */
const commands: Readonly<Record<string, { setup: string; install: string; test: string; build?: string }>> = {
  javascript: {
    setup: '      - uses: actions/setup-node@v6\n        with: { node-version-file: package.json }\n',
    install: 'npm ci',
    test: 'npm test',
    build: 'npm run build --if-present',
  },
  python: {
    setup: '      - uses: actions/setup-python@v6\n        with: { python-version-file: .python-version }\n',
    install: 'pip install -r requirements.txt',
    test: 'pytest',
  },
  ruby: { setup: '', install: 'bundle install', test: 'bin/rails test' },
  php: { setup: '', install: 'composer install --no-interaction', test: 'php artisan test' },
  go: {
    setup: '      - uses: actions/setup-go@v6\n        with: { go-version-file: go.mod }\n',
    install: 'go mod download',
    test: 'go test ./...',
  },
  elixir: { setup: '', install: 'mix deps.get --check-locked', test: 'mix test' },
}

const workflowFor = (language: string, branch: string): string => {
  const { setup, install, test, build } = commands[language] ?? commands['javascript']!
  return `name: CI\non:\n  push: { branches: [${branch}] }\n  pull_request:\npermissions: { contents: read }\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n${setup}      - run: ${install}\n      - run: ${test}\n${build ? `      - run: ${build}\n` : ''}`
}

const noStack = {
  packages: [],
  platforms: [],
  ci: [],
  containers: [],
  orms: [],
  databases: [],
  languages: ['javascript' as const],
  monorepo: false,
  unreadable: [],
}

const lookedFor =
  '.github/workflows, .gitlab-ci.yml, bitbucket-pipelines.yml, .circleci, azure-pipelines.yml, .buildkite'

/** Why it cannot be said whether tests run; null when it can. */
const unreadable = ({ pipelines, others, problems }: Pipelines, tests: boolean): string | null => {
  if (pipelines.length === 0 && others.length) return `${others[0]} belongs to a system that is not read here`
  const problem = problems[0]
  if (pipelines.length === 0 && problem) return `${problem.file}:${problem.line} cannot be read: ${problem.text}`
  const included = tests ? undefined : pipelines.find(({ includes }) => includes.length > 0)
  return included ? `${included.file} takes in ${included.includes[0]}, which is not in the repository` : null
}

export default defineCheck<Data>()({
  id: 'continuous-integration',
  stage: 'deploy',
  on: 'repo',
  title: 'Tests run by themselves on every change',
  why: 'Tests that somebody has to remember are not run on the day that matters. Judged on the pipelines of GitHub, GitLab, Bitbucket, CircleCI, Azure and Buildkite: one of their jobs has to run tests on pushes to the main branch or on pull requests. Scripts that a step calls are followed.',
  impact: { journey: 'operate', owner: 'A change can break signup or billing and nobody notices before customers do.' },
  needs: ['pipelines', 'stack'],
  signals: ['deploys-by-hand', 'patched-by-hand'],
  checklist: { section: 'tests', order: 1, line: 'Tests run on every change' },
  outcomes: {
    none: {
      status: 'fail',
      severity: 'high',
      title: 'Nothing tests a change before it is shipped',
      fix: ({ test, branch }) => ({
        summary: 'Add a workflow that runs the tests.',
        steps: ['Commit this file.', 'Protect the main branch so that it has to be green before a merge.'],
        changes: [
          { kind: 'file', path: '.github/workflows/ci.yml', action: 'write', content: workflowFor(test, branch) },
        ],
        effortMinutes: 30,
      }),
    },
    'no-tests': {
      status: 'fail',
      severity: 'medium',
      title: 'The pipeline runs, but tests nothing: {file}',
      fix: ({ test, file }) => ({
        summary: 'Run the tests in the pipeline.',
        steps: [
          `Add a step \`${(commands[test] ?? commands['javascript']!).test}\` to a job of ${file} that later jobs need.`,
        ],
        changes: [
          {
            kind: 'manual',
            step: `${file}: add the step \`run: ${(commands[test] ?? commands['javascript']!).test}\``,
          },
        ],
        effortMinutes: 30,
      }),
    },
    'not-on-main': {
      status: 'fail',
      severity: 'medium',
      title: 'Tests do not run for {branch} or for pull requests',
      fix: ({ file, branch }) => ({
        summary: `Run the tests on ${branch} and on pull requests.`,
        steps: [`In ${file}, write \`on: { push: { branches: [${branch}] }, pull_request: {} }\`.`],
        changes: [{ kind: 'manual', step: `${file}: trigger on pushes to ${branch} and on pull requests` }],
        effortMinutes: 10,
      }),
    },
    runs: { status: 'pass', title: 'Tests run on every change' },
  },
  references: [
    'https://docs.github.com/actions/get-started/continuous-integration',
    'https://docs.gitlab.com/ci/yaml/',
  ],
  judge({ pipelines, stack }) {
    const language =
      stack.languages.map(name => (name === 'typescript' ? 'javascript' : name)).find(name => commands[name]) ??
      'static'
    const data = (places: Place[], file = ''): Data => ({
      places,
      file,
      branch: pipelines.defaultBranch,
      test: language,
      install: '',
      hasTests: false,
    })
    const tests = jobsOf(pipelines).flatMap(({ pipeline, job }) =>
      job.deeds
        .filter(({ kind }) => kind === 'test')
        .map(({ line, text }) => ({ file: pipeline.file, line, text, onMain: job.onMain })),
    )
    const why = unreadable(pipelines, tests.length > 0)
    if (why) return unknown(why, 'high')
    if (tests.length === 0) {
      const first = pipelines.pipelines[0]
      if (!first && stack.packages.length === 0) return skip('no program in this repository')
      if (language === 'static') return skip('a static site without a build has nothing to test')
      if (!first) return { outcome: 'none', data: data([]), evidence: [{ label: 'looked for', value: lookedFor }] }
      const read = [...new Set(pipelines.pipelines.map(({ file }) => file))].slice(0, 8).join(', ')
      return { outcome: 'no-tests', data: data([], first.file), evidence: [{ label: 'read', value: read }] }
    }
    const onMain = tests.filter(one => one.onMain)
    if (onMain.length === 0)
      return { outcome: 'not-on-main', data: data(tests, tests[0]!.file), evidence: evidenceOf(tests) }
    return { outcome: 'runs', data: data(tests), evidence: evidenceOf(onMain) }
  },
  examples: [
    {
      name: 'tests on main and pull requests',
      facts: {
        stack: noStack,
        pipelines: examplePipelines({
          pipelines: [exampleWorkflow([exampleJob('test', [exampleDeed('test', 14, 'npm test')])])],
        }),
      },
      expect: 'runs',
    },
    {
      name: 'no pipeline',
      facts: {
        stack: {
          ...noStack,
          packages: [
            {
              path: '',
              name: 'shop',
              language: 'javascript',
              framework: 'express',
              packageManager: 'npm',
              manifest: 'package.json',
              lockfiles: [],
              scripts: {},
              dependencies: {},
              devDependencies: {},
              platforms: [],
              orms: [],
              databases: [],
              workspaceRoot: false,
            },
          ],
        },
        pipelines: examplePipelines(),
      },
      expect: 'none',
    },
    {
      name: 'only lint',
      facts: {
        stack: noStack,
        pipelines: examplePipelines({ pipelines: [exampleWorkflow([exampleJob('lint', [])])] }),
      },
      expect: 'no-tests',
    },
    {
      name: 'only by hand',
      facts: {
        stack: noStack,
        pipelines: examplePipelines({
          pipelines: [
            exampleWorkflow([exampleJob('test', [exampleDeed('test', 9, 'pytest')], { onMain: false })], {
              triggers: { ...noTriggers, manual: true, events: ['workflow_dispatch'] },
            }),
          ],
        }),
      },
      expect: 'not-on-main',
    },
  ],
})
