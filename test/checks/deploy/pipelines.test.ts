// continuous-integration, deploy-path, smoke-test, frozen-install and rollback on pipelines of several shapes, beyond those of fixtures/repos.
import { describe, expect, it } from 'vitest'
import safety from '../../../src/checks/deploy/ci-safety.ts'
import ci from '../../../src/checks/deploy/continuous-integration.ts'
import deployPath from '../../../src/checks/deploy/deploy-path.ts'
import frozen from '../../../src/checks/deploy/frozen-install.ts'
import rollback from '../../../src/checks/deploy/rollback.ts'
import smoke from '../../../src/checks/deploy/smoke-test.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { judgeFiles, outcomesIn } from '../../support/deploy.ts'

const app = { 'package.json': '{"name":"a","scripts":{"test":"vitest run"},"dependencies":{"express":"1.0.0"}}' }
const outcomes = async (check: AnyCheck, files: Record<string, string>, config?: unknown) =>
  outcomesIn(await judgeFiles(check, { ...app, ...files }, { config }))
const workflow = (name: string, text: string) => ({ [`.github/workflows/${name}.yml`]: text })

const asked = 'unknown: Nothing in the repository deploys it, and platforms need no file there'

describe('pipelines', () => {
  it.each([
    ['coverage', { Makefile: 'ci:\n\t@python -m coverage run --source=. --module manage test\n' }, 'make ci'],
    [
      'a package of the workspace',
      {
        'package.json': '{"scripts":{"e2e:ci":"yarn workspace @acme/e2e run look:ci"},"dependencies":{"express":"1"}}',
        'e2e/package.json': '{"name":"@acme/e2e","scripts":{"look:ci":"cypress run"}}',
      },
      'yarn run e2e:ci',
    ],
  ])('find tests by %s', async (_name, files, run) => {
    const on = workflow('ci', `on: push\njobs:\n  t:\n    steps:\n      - run: ${run}\n`)
    expect(await outcomes(ci, { ...files, ...on })).toEqual(['runs'])
  })

  it('follow reusable workflows and composite actions', async () => {
    const files = {
      ...workflow(
        'main',
        'on:\n  push:\n    branches: [main]\njobs:\n  test:\n    uses: ./.github/workflows/test.yml\n  deploy:\n    needs: test\n    environment: production\n    concurrency: p\n    steps:\n      - uses: ./.github/actions/ship\n      - run: npx launch-ready deploy smoke\n',
      ),
      ...workflow('test', 'on: workflow_call\njobs:\n  unit:\n    steps:\n      - run: npm test\n'),
      '.github/actions/ship/action.yml':
        'runs:\n  using: composite\n  steps:\n    - run: flyctl deploy\n      shell: bash\n',
    }
    expect(await outcomes(ci, files)).toEqual(['runs'])
    expect(await outcomes(deployPath, files)).toEqual(['automatic'])
    expect(await outcomes(smoke, files)).toEqual(['gates'])
  })

  it('paste what strangers wrote into a script of a composite action too', async () => {
    const files = (run: string) => ({
      ...workflow(
        'triage',
        'on: issues\npermissions: {}\njobs:\n  a:\n    steps:\n      - uses: ./.github/actions/greet\n',
      ),
      '.github/actions/greet/action.yml': `runs:\n  using: composite\n  steps:\n    - run: ${run}\n      shell: bash\n`,
    })
    expect(await outcomes(safety, files('echo "${{ github.event.issue.title }}"'))).toEqual(['script-injection'])
    expect(await outcomes(safety, files('echo "$TITLE"'))).toEqual(['safe'])
  })

  it.each([
    ['a job without a condition', '', '', ['unprotected-environment']],
    ['a job for what was pushed', "    if: github.event_name == 'push'\n", '', ['automatic']],
    ['a step for the main branch', '', "        if: github.ref == 'refs/heads/main'\n", ['automatic']],
  ])('deploy pull requests, too: %s', async (_name, ofJob, ofStep, expected) => {
    const text = `on:\n  push: { branches: [main] }\n  pull_request:\njobs:\n  deploy:\n${ofJob}    environment: production\n    concurrency: p\n    steps:\n      - run: npm test\n      - run: bundle exec kamal deploy\n${ofStep}`
    const judged = await judgeFiles(deployPath, { ...app, ...workflow('ship', text) })
    expect(outcomesIn(judged)).toEqual(expected)
    for (const { title, fix } of judged.findings) {
      expect(title).toContain('Pull requests deploy with the production secrets')
      expect(JSON.stringify(fix.changes)).toContain("+    if: github.event_name != 'pull_request'")
    }
  })

  it('stop nothing by tests whose failure is ignored', async () => {
    const on = (step: string) => workflow('ci', `on: push\njobs:\n  t:\n    steps:\n      - run: ${step}\n`)
    expect(await outcomes(ci, on('npm test || true'))).toEqual(['no-tests'])
    expect(await outcomes(ci, on('npm test\n        continue-on-error: true'))).toEqual(['no-tests'])
    expect(await outcomes(ci, on('npm test'))).toEqual(['runs'])
  })

  it('wait for what a workflow without a name does, by its path', async () => {
    const files = {
      ...workflow(
        'ship',
        'on:\n  push:\n    branches: [main]\njobs:\n  a:\n    steps:\n      - run: npm test\n      - run: flyctl deploy\n',
      ),
      ...workflow(
        'smoke',
        'on:\n  workflow_run:\n    workflows: [.github/workflows/ship.yml]\n    types: [completed]\njobs:\n  a:\n    steps:\n      - run: npx launch-ready deploy smoke\n',
      ),
    }
    expect(await outcomes(smoke, files)).toEqual(['gates'])
  })

  it('that look after a push count where the platform deploys it, and only there', async () => {
    const files = workflow(
      'ci',
      'on:\n  push:\n    branches: [main]\njobs:\n  a:\n    steps:\n      - run: sleep 120 && curl -f https://app.example.org/\n',
    )
    expect(await outcomes(smoke, { ...files, 'netlify.toml': '[build]\ncommand = "x"\n' })).toEqual(['gates'])
    expect((await outcomes(smoke, files))[0]).toMatch(/^skip/)
  })

  it('of systems that are not read are unknown, never absent', async () => {
    expect((await outcomes(ci, { Jenkinsfile: 'pipeline {}' }))[0]).toMatch(/^unknown: Jenkinsfile/)
    const stale = workflow('stale', 'on: schedule\njobs:\n  a:\n    steps:\n      - uses: actions/stale@v9\n')
    expect((await outcomes(ci, { ...stale, Jenkinsfile: 'pipeline {}' }))[0]).toMatch(/^unknown: Jenkinsfile/)
    expect(await outcomes(ci, { '.azure-pipelines/ci.yml': 'pr: [main]\nsteps:\n  - script: npm test\n' })).toEqual([
      'runs',
    ])
    expect(
      (await outcomes(ci, { '.gitlab-ci.yml': 'include:\n  - project: group/ci\n    file: all.yml\n' }))[0],
    ).toMatch(/^unknown: .*group\/ci/)
  })

  it('that deploy after another workflow are gated by it; a person who starts one is a gate; a preview is no deploy', async () => {
    const test = workflow(
      'test',
      'name: Tests\non: [push, pull_request]\njobs:\n  t:\n    steps:\n      - run: npm test\n',
    )
    const deploy = (on: string, more = '') => ({
      ...test,
      ...workflow(
        'deploy',
        `on:\n  ${on}\njobs:\n  d:\n    environment: production\n    concurrency: p\n${more}    steps:\n      - run: vercel deploy --prod\n`,
      ),
    })
    expect(await outcomes(deployPath, deploy('workflow_run: { workflows: [Tests], types: [completed] }'))).toEqual([
      'automatic',
    ])
    expect(await outcomes(deployPath, deploy('push: { branches: [main] }'))).toEqual(['not-gated'])
    expect(await outcomes(deployPath, deploy('push: { branches: [release] }'))).toEqual(['automatic'])
    expect(await outcomes(deployPath, deploy('workflow_dispatch: {}'))).toEqual(['automatic'])
    expect(
      await outcomes(deployPath, {
        ...test,
        ...workflow('preview', 'on: pull_request\njobs:\n  d:\n    steps:\n      - run: vercel deploy --prebuilt\n'),
      }),
    ).toEqual([asked])
  })

  it('what a queue merges was tested; a matrix runs each of its values; what stays on the machine is no deploy', async () => {
    const ship = workflow(
      'ship',
      'on:\n  push:\n    branches: [main]\njobs:\n  d:\n    environment: production\n    concurrency: p\n    steps:\n      - run: vercel deploy --prod\n',
    )
    const tests = (on: string) =>
      workflow(
        'test',
        `on: ${on}\njobs:\n  t:\n    strategy: { matrix: { task: [build, test] } }\n    steps:\n      - run: npm run \${{ matrix.task }}\n`,
      )
    expect(await outcomes(deployPath, { ...ship, ...tests('[pull_request]') })).toEqual(['not-gated'])
    expect(await outcomes(deployPath, { ...ship, ...tests('[pull_request, merge_group]') })).toEqual(['automatic'])
    expect(await outcomes(ci, tests('[push, pull_request]'))).toEqual(['runs'])
    const upgrade = (host: string) =>
      workflow(
        'upgrade',
        `on: [workflow_dispatch]\njobs:\n  u:\n    steps:\n      - run: docker service update --image acme/shop:2 shop\n      - run: until curl -sf http://${host}:3000; do sleep 1; done\n`,
      )
    expect((await outcomes(smoke, upgrade('localhost')))[0]).toMatch(/^skip/)
    expect((await outcomes(smoke, upgrade('shop.example.org')))[0]).not.toMatch(/^skip/)
  })

  it('without a look of their own may be looked at by a platform or a person', async () => {
    const ship = workflow(
      'ship',
      'on:\n  push:\n    branches: [main]\njobs:\n  d:\n    steps:\n      - run: rsync -az dist/ shop:/srv\n',
    )
    const { findings } = await judgeFiles(smoke, { ...app, ...ship })
    expect(findings.map(({ outcome, severity }) => `${outcome} ${severity}`)).toEqual(['none medium'])
    expect(findings[0]!.evidence.at(-1)).toMatchObject({ label: 'not shown here' })
  })

  it('that deploy to where a release is tried are no way around the tests, nor surely those that are tried afterwards', async () => {
    const ship = (run: string, job = '', more = '') =>
      workflow(
        'ship',
        `on:\n  push:\n    branches: [main]\njobs:\n  d:\n    concurrency: p\n${job}    steps:\n      - run: ${run}\n${more}`,
      )
    const severities = async (files: Record<string, string>) =>
      (await judgeFiles(deployPath, { ...app, ...files })).findings
        .filter(({ outcome }) => outcome === 'not-gated')
        .map(({ severity }) => severity)
    const server = 'rsync -az dist/ deploy@web1:/srv/app'
    const make = { Makefile: `deploy.staging.main:\n\t${server}\ndeploy.prod.main:\n\t${server}\n` }
    const tests = workflow('test', 'on: push\njobs:\n  t:\n    steps:\n      - run: npm test\n')
    const shipped = (files: Record<string, string>) => severities({ ...tests, ...files })
    expect(await shipped({ ...make, ...ship('make deploy.staging.main') })).toEqual([])
    expect(await shipped({ ...make, ...ship('make deploy.prod.main') })).toEqual(['high'])
    expect(await shipped(ship(server, '    environment: staging\n'))).toEqual([])
    // One job for both: the second deploy is where customers are.
    const both = { Makefile: `staging:\n\t${server}\nship:\n\t${server}\n` }
    expect(await shipped({ ...both, ...ship('make staging && make ship') })).not.toEqual([])
    expect(await shipped(ship(server, '    environment: production\n'))).toEqual(['high'])
    const later = (run: string) => ship(server, '', `  look:\n    needs: d\n    steps:\n      - run: ${run}\n`)
    expect(await shipped(later('npx playwright test'))).toEqual(['medium'])
    expect(await shipped(later('npm test'))).toEqual(['high'])
  })

  it('do not wait for tests where these run for the same push; of pull requests a branch may ask for them', async () => {
    const ship = workflow(
      'ship',
      'on:\n  push:\n    branches: [main]\njobs:\n  d:\n    steps:\n      - run: fly deploy\n',
    )
    const tests = (on: string) => workflow('test', `on: ${on}\njobs:\n  t:\n    steps:\n      - run: npm test\n`)
    const told = async (files: Record<string, string>) =>
      (await judgeFiles(deployPath, { ...app, ...ship, ...files })).findings
        .filter(({ outcome }) => outcome === 'not-gated')
        .map(({ severity, confidence }) => `${severity} ${confidence}`)
    expect(await told(tests('push'))).toEqual(['high certain'])
    expect(await told(tests('[push, pull_request]'))).toEqual(['high certain'])
    expect(await told(tests('pull_request'))).toEqual(['medium possible'])
    expect(await told({})).toEqual(['medium possible'])
  })

  it('that deploy nothing leave a question; the config answers it, or a script that deploys', async () => {
    expect(await outcomes(deployPath, {})).toEqual([asked])
    expect(await outcomes(deployPath, {}, { deploy: { rollback: 'vercel' } })).toEqual(['automatic'])
    expect(await outcomes(deployPath, {}, { deploy: { by: 'coolify' } })).toEqual(['automatic'])
    expect(await outcomes(deployPath, {}, { deploy: { by: 'hand' } })).toEqual(['manual'])
    expect((await outcomes(deployPath, {}, { deploy: { by: 'users' } }))[0]).toMatch(/^skip/)
    expect(await outcomes(deployPath, { 'render.yaml': 'services: []\n' })).toEqual(['automatic'])
    const script = (text: string) => ({ 'bin/deploy': `#!/bin/sh\n${text}\n` })
    expect(await outcomes(deployPath, script('rsync -az dist/ deploy@web1:/srv/app'))).toEqual(['manual'])
    expect(await outcomes(deployPath, script('npm version patch && git push --tags'))).toEqual([asked])
    const packaged = (text: string) => ({ 'tools/package.json': JSON.stringify({ scripts: { deploy: text } }) })
    const severity = async (text: string) =>
      (await judgeFiles(deployPath, { ...app, ...packaged(text) })).findings[0]?.severity
    expect(await severity('vite build && wrangler deploy')).toBe('medium')
    expect(await severity('rsync -az dist/ deploy@web1:/srv/app')).toBe('medium')
    const named = {
      'tools/package.json': JSON.stringify({ scripts: { 'deploy:production': 'git push production main' } }),
    }
    expect((await judgeFiles(deployPath, { ...app, ...named })).findings[0]?.severity).toBe('medium')
    expect(await outcomes(deployPath, script('docker run -d --name app acme/app'))).toEqual(['manual'])
    expect(await outcomes(deployPath, script('docker run --rm -v "$PWD:/work" acme/builder release'))).toEqual([asked])
  })

  it('that publish a manual, a catalogue of components or a preview deploy no product', async () => {
    const files = (name: string, step: string) =>
      workflow(name, `on:\n  push:\n    branches: [main]\njobs:\n  publish:\n    steps:\n      - ${step}\n`)
    for (const [name, step] of [
      ['docs', 'run: npx wrangler pages deploy docs/dist'],
      ['pages', 'uses: peaceiris/actions-gh-pages@v3'],
      ['demo-deploy', 'run: curl -X POST "$RENDER_DEPLOY_HOOK"'],
      ['ci', 'run: aws s3 cp coverage.tar.gz s3://acme-ci/coverage.tar.gz'],
      ['ci', 'run: pnpm db:deploy'],
    ] as const)
      expect(await outcomes(deployPath, files(name, step)), `${name} ${step}`).toEqual([asked])
    expect(await outcomes(deployPath, files('ship', 'run: npx wrangler deploy'))).toContain('not-gated')
  })

  it('that call a workflow deploy where it says, with what they hand in', async () => {
    const called = workflow(
      'ship',
      'on:\n  workflow_call:\n    inputs:\n      place: { type: string }\njobs:\n  d:\n    environment: ${{ inputs.place }}\n    steps:\n      - run: npx wrangler deploy\n',
    )
    const caller = (place: string) =>
      workflow(
        'release',
        `on:\n  push:\n    branches: [main]\njobs:\n  r:\n    uses: ./.github/workflows/ship.yml\n    with: { place: ${place} }\n`,
      )
    const found = async (place: string) => outcomes(deployPath, { ...app, ...called, ...caller(place) })
    expect(await found('production')).toEqual(['not-gated', 'no-concurrency-guard'])
    expect(await found('staging')).toEqual([asked])
  })

  it('that publish pages beside a server deploy no product', async () => {
    const pages = workflow(
      'spec',
      'on: push\njobs:\n  spec:\n    steps:\n      - uses: JamesIves/github-pages-deploy-action@v4\n        with: { repository-name: acme/specs, folder: out }\n',
    )
    const api = { 'composer.json': '{"require":{"php":"^8.3","nyholm/psr7":"^1.8"}}', 'public/index.php': '<?php\n' }
    expect(outcomesIn(await judgeFiles(smoke, { ...api, ...pages }))[0]).toMatch(/^skip/)
    expect(outcomesIn(await judgeFiles(smoke, pages))).toEqual(['none'])
  })

  it('a look that cannot fail is told from one that can', async () => {
    const behind = (step: string) =>
      workflow('d', `on: push\njobs:\n  d:\n    steps:\n      - run: fly deploy\n      - ${step}\n`)
    expect(await outcomes(smoke, behind('run: curl --fail https://a.example/health'))).toEqual(['gates'])
    expect(await outcomes(smoke, behind('run: curl -sSf https://a.example/health'))).toEqual(['gates'])
    expect(await outcomes(smoke, behind('run: curl -sS https://a.example/health'))).toEqual(['cannot-fail'])
    expect(await outcomes(smoke, behind('run: curl --fail https://a.example/health || true'))).toEqual(['cannot-fail'])
    expect(await outcomes(smoke, behind('{ run: "curl --fail https://a.example", continue-on-error: true }'))).toEqual([
      'cannot-fail',
    ])
    expect(
      await outcomes(smoke, behind('run: test "$(curl -s -o /dev/null -w "%{http_code}" https://a.example)" = 200')),
    ).toEqual(['gates'])
    expect(await outcomes(smoke, behind('run: echo done'))).toEqual(['none'])
    expect(await outcomes(smoke, behind('uses: acme/http-status-code@1.0.0'))).toEqual(['gates'])
    expect(await outcomes(smoke, behind('uses: acme/status-badge@1.0.0'))).toEqual(['none'])
  })

  it('a step that installs is judged by its lock, and not where there is none', async () => {
    const lock = { 'package-lock.json': '{"lockfileVersion":3,"packages":{"":{"dependencies":{"express":"1.0.0"}}}}' }
    const install = workflow('ci', 'on: push\njobs:\n  t:\n    steps:\n      - run: npm install\n')
    expect(await outcomes(frozen, { ...lock, ...install })).toEqual(['not-frozen'])
    expect((await outcomes(frozen, install))[0]).toMatch(/^skip/)
    expect(
      await outcomes(frozen, { ...lock, 'netlify.toml': '[build]\ncommand = "npm ci && npm run build"\n' }),
    ).toEqual(['frozen'])
  })

  it('releases that are kept under their commit can be taken back', async () => {
    const push = (tag: string, deploy = 'ssh host docker compose up -d') =>
      workflow(
        'd',
        `on: push\njobs:\n  d:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          tags: ${tag}\n      - run: ${deploy}\n`,
      )
    const document = { 'docs/rollback.md': '# Rollback\n\nRehearsed on: 2026-05-01\n' }
    const manifest = (tag: string) => ({
      'k8s/api.yaml': `apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - image: ghcr.io/a/b:${tag}\n`,
      ...push('ghcr.io/a/b:${{ github.sha }}', 'kubectl apply -f k8s'),
      ...document,
    })
    expect(await outcomes(rollback, manifest('latest'))).toEqual(['mutable-artifact'])
    expect(await outcomes(rollback, manifest('1.4.2'))).toEqual(['ready'])
    expect(await outcomes(rollback, { ...push('ghcr.io/a/b:${{ github.sha }}'), ...document })).toEqual(['ready'])
    expect(await outcomes(rollback, { ...push('ghcr.io/a/b:latest'), ...document })).toEqual(['mutable-artifact'])
    expect(await outcomes(rollback, push('localhost:5000/a/b'))).toEqual(['mutable-artifact'])
    expect(await outcomes(rollback, { ...push('${{ steps.meta.outputs.tags }}'), ...document })).toEqual(['ready'])
  })

  it('what only a change of the manual deploys is not the product', async () => {
    const of = (paths: string) =>
      workflow(
        'ship',
        `on:\n  push:\n    branches: [main]\n    paths: [${paths}]\njobs:\n  d:\n    steps:\n      - run: npx wrangler deploy\n`,
      )
    const found = async (paths: string) => outcomes(deployPath, { ...app, ...of(paths) })
    expect(await found("'src/**'")).toContain('not-gated')
    expect(await found("'docs/**', '.github/workflows/ship.yml'")).not.toContain('not-gated')
  })

  it.each<[string, Record<string, string>, string]>([
    [
      'files copied over those before',
      { 'scripts/deploy.sh': 'rsync -a . shop:/srv\nssh shop systemctl restart shop\n' },
      'none medium',
    ],
    [
      'files that a pipeline copies over those before',
      workflow('ship', 'on: push\njobs:\n  d:\n    steps:\n      - run: rsync -a . shop:/srv\n'),
      'none medium',
    ],
    ['what the server takes out of git', { 'scripts/deploy.sh': 'git pull\nsudo systemctl restart shop\n' }, ''],
    [
      'a script on the server',
      workflow('ship', 'on: push\njobs:\n  d:\n    steps:\n      - run: ssh shop ./deploy.sh\n'),
      'none medium',
    ],
  ])('what keeps the release before: %s', async (_name, files, expected) => {
    const { findings } = await judgeFiles(rollback, { ...app, ...files })
    expect(findings.map(({ outcome, severity }) => `${outcome} ${severity}`).join()).toBe(expected)
  })

  it('a Procfile with services of a developer’s machine is no production; rollback follows what really deploys', async () => {
    const local = {
      Procfile: 'api: npm run dev\nredis: redis-server\ntunnel: ngrok start acme\n',
      'fly.toml': 'app = "acme"\n',
    }
    const found = await judgeFiles(rollback, { ...app, ...local })
    expect(found.findings[0]).toMatchObject({ outcome: 'undocumented', evidence: [{ value: 'Fly.io' }] })
    const both = {
      ...app,
      'vercel.json': '{}',
      ...workflow(
        'ship',
        'on:\n  push:\n    branches: [main]\njobs:\n  d:\n    steps:\n      - run: npx wrangler deploy\n',
      ),
    }
    const real = await judgeFiles(rollback, both)
    expect(real.findings[0]).toMatchObject({ outcome: 'undocumented', evidence: [{ value: 'Cloudflare Workers' }] })
  })
})
