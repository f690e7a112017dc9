// The step of a pipeline that runs the smoke test after every deploy, as text: a workflow of its own for GitHub, a job in a file of its own
// for GitLab, so that nothing which stands there has to be rewritten.

export type CiProvider = 'github' | 'gitlab'

export type CiStep = {
  provider: CiProvider
  path: string
  content: string
  /** GitLab reads one file alone: what has to be added there, and where; null where nothing has to. */
  include: { path: string; content: string } | null
}

export type CiStepInput = {
  /** Workflows that deploy, by the name that GitHub knows them by. Empty: the platform deploys what is pushed, and says so. */
  deployers: readonly string[]
  defaultBranch: string
  /** Config relative to the root, where it is not found by itself. */
  config: string | null
  /** Text of .gitlab-ci.yml; null where there is none. */
  gitlab: string | null
}

const command = (config: string | null): string =>
  `npx --yes launch-ready deploy smoke --deadline 5m${config ? ` -c ${config}` : ''} --report terminal --report junit:smoke.xml`

const budgetCommand = (config: string | null): string =>
  `npx --yes launch-ready perf budget${config ? ` -c ${config}` : ''} --report terminal --report junit:perf.xml`
const eventCommand = (config: string | null): string =>
  `npx --yes launch-ready monitor event deploy${config ? ` -c ${config}` : ''}`

const head = (config: string | null): string =>
  `# After every deploy: does the running product work? What is asked stands under deploy.smoke in ${config ?? 'launch-ready.config.yaml'}.\n`

const github = ({ deployers, defaultBranch, config }: CiStepInput): CiStep => {
  const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`
  const follows = deployers.length > 0
  const trigger = follows
    ? `  workflow_run:\n    workflows: [${deployers.map(quote).join(', ')}]\n    types: [completed]\n    branches: [${quote(defaultBranch)}]\n`
    : '  deployment_status:\n'
  const condition = follows
    ? "github.event_name == 'workflow_dispatch' || github.event.workflow_run.conclusion == 'success'"
    : "github.event_name == 'workflow_dispatch' || (github.event.deployment_status.state == 'success' && !contains(github.event.deployment_status.environment, 'preview'))"
  const commit = follows
    ? '${{ github.event.workflow_run.head_sha || github.sha }}'
    : '${{ github.event.deployment.sha || github.sha }}'
  return {
    provider: 'github',
    path: '.github/workflows/smoke-test.yml',
    include: null,
    content: `${head(config)}name: Smoke test
on:
${trigger}  workflow_dispatch:
permissions:
  contents: read
jobs:
  smoke:
    if: ${condition}
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: 24
      - name: Smoke test
        run: ${command(config)}
        env:
          DEPLOY_COMMIT: ${commit}
          # Secrets that the config names:
          # SMOKE_TOKEN: \${{ secrets.SMOKE_TOKEN }}
      # Compares with the intervals that \`launch-ready perf baseline\` wrote; without that file it is left out.
      - name: Performance budgets
        if: hashFiles('launch-ready.perf.json') != ''
        run: ${budgetCommand(config)}
      # Deploys stand on the dashboard and in the alerts, also those that failed (docs: launch-ready monitor event --help).
      - name: Tell the monitor
        if: always()
        continue-on-error: true
        run: ${eventCommand(config)} --status \${{ job.status == 'success' && 'success' || 'failure' }}
        env:
          DEPLOY_COMMIT: ${commit}
          # Secrets that monitor.alerts or monitor.token name:
          # DASHBOARD_TOKEN: \${{ secrets.DASHBOARD_TOKEN }}
      - if: always()
        uses: actions/upload-artifact@v5
        with:
          name: smoke-test
          path: |
            smoke.xml
            perf.xml
          if-no-files-found: ignore
`,
  }
}

/** The file with one more include. A list is lengthened; a single one becomes a list; without any, one is put on top. */
const withInclude = (text: string, path: string): string => {
  const lines = text.split('\n')
  const at = lines.findIndex(line => /^include:/.test(line))
  if (at < 0) return `include:\n  - local: ${path}\n\n${text}`
  const rest = lines[at]!.slice('include:'.length).trim()
  if (rest === '' || rest.startsWith('#')) {
    const next = lines.findIndex((line, index) => index > at && line.trim() !== '' && !line.trim().startsWith('#'))
    const indent = /^(\s*)- /.exec(lines[next] ?? '')?.[1]
    if (indent === undefined) {
      // A mapping (`include:` over `local: a.yml`) becomes the first item of a list.
      let end = next
      while (end < lines.length && /^\s+\S/.test(lines[end]!)) end += 1
      const own = /^\s*/.exec(lines[next] ?? '')![0].length
      const items = lines.slice(next, end).map((line, index) => `${index === 0 ? '  - ' : '    '}${line.slice(own)}`)
      return [...lines.slice(0, next), ...items, `  - local: ${path}`, ...lines.slice(end)].join('\n')
    }
    return [...lines.slice(0, at + 1), `${indent}- local: ${path}`, ...lines.slice(at + 1)].join('\n')
  }
  const items = rest.startsWith('[') ? rest.replace(/\]\s*$/, `, { local: ${path} }]`) : `[${rest}, { local: ${path} }]`
  return [...lines.slice(0, at), `include: ${items}`, ...lines.slice(at + 1)].join('\n')
}

const gitlab = ({ config, gitlab: text }: CiStepInput): CiStep => {
  const path = '.gitlab/smoke-test.yml'
  return {
    provider: 'gitlab',
    path,
    include:
      text === null
        ? { path: '.gitlab-ci.yml', content: `include:\n  - local: ${path}\n` }
        : text.includes(path)
          ? null
          : { path: '.gitlab-ci.yml', content: withInclude(text, path) },
    content: `${head(config)}# Secrets that the config names come from Settings > CI/CD > Variables.
smoke test:
  stage: .post
  image: node:24-slim
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
    - ${command(config)}
  after_script:
    - ${eventCommand(config)} --status "$([ "$CI_JOB_STATUS" = success ] && echo success || echo failure)" || true
  artifacts:
    when: always
    reports:
      junit: smoke.xml

# Compares with the intervals that \`launch-ready perf baseline\` wrote; without that file it is left out.
performance budgets:
  stage: .post
  image: node:24-slim
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
      exists: [launch-ready.perf.json]
  script:
    - ${budgetCommand(config)}
  artifacts:
    when: always
    reports:
      junit: perf.xml
`,
  }
}

/** What to write for a provider. */
export const ciStep = (provider: CiProvider, input: CiStepInput): CiStep =>
  provider === 'github' ? github(input) : gitlab(input)
