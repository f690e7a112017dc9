// `init` in a repository writes the CI step of the smoke test; what it writes is what the check smoke-test wants to see.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import smokeTest from '../../src/checks/deploy/smoke-test.ts'
import { ciStep } from '../../src/cli/ci-step.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { judgeFolder } from '../support/deploy.ts'
import { makeRepo, type TestRepo } from '../support/repo.ts'
import { type Ran, runProgram } from '../support/run-program.ts'

const domain = 'coachdash.example'
const pack = JSON.stringify({
  name: 'a',
  private: true,
  scripts: { build: 'next build' },
  dependencies: { next: '16' },
})
const githubDeploy = `name: Ship it
on: { push: { branches: [main] } }
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: npm test
      - run: flyctl deploy
`
const gitlabDeploy = (include: string): string => `${include}stages: [test, deploy]
test: { stage: test, script: [npm test] }
deploy: { stage: deploy, script: [flyctl deploy], environment: production }
`

let world: RunningWorld
const repos: TestRepo[] = []
const outside = mkdtempSync(join(tmpdir(), 'launch-ready-init-'))
beforeAll(async () => {
  world = await startWorld(loadWorld(join(import.meta.dirname, '../../fixtures/worlds/healthy-coach.yaml')))
})
afterAll(async () => {
  await world.close()
  for (const repo of repos) repo.dispose()
  rmSync(outside, { recursive: true, force: true })
})

const repoOf = (files: Record<string, string>): TestRepo => {
  const repo = makeRepo({ 'package.json': pack, ...files })
  repo.commit('first')
  repos.push(repo)
  return repo
}

const init = (cwd: string, ...more: string[]): Promise<Ran> =>
  runProgram(['init', domain, '--yes', ...more, ...world.ways()], { cwd })

const verdict = async (root: string): Promise<(string | null)[]> =>
  (await judgeFolder(root, [smokeTest]))['smoke-test']!.results.map(({ outcome }) => outcome)

describe('init writes the CI step of the smoke test', () => {
  it.each([
    ['GitHub, behind the workflow that deploys', { '.github/workflows/ship.yml': githubDeploy }, 'github'],
    [
      'GitHub, behind a workflow without a name',
      { '.github/workflows/ship.yml': githubDeploy.replace('name: Ship it\n', '') },
      'github',
    ],
    [
      'GitHub, where the platform deploys',
      { '.github/workflows/ci.yml': githubDeploy.replace('flyctl deploy', 'npm run lint'), 'vercel.json': '{}' },
      'github',
    ],
    ['GitLab', { '.gitlab-ci.yml': gitlabDeploy('') }, 'gitlab'],
    [
      'GitLab, beside a list of includes',
      { '.gitlab-ci.yml': gitlabDeploy('include:\n  - template: Jobs/SAST.gitlab-ci.yml\n\n') },
      'gitlab',
    ],
    [
      'GitLab, beside one include',
      { '.gitlab-ci.yml': gitlabDeploy('include: ci/base.yml\n\n'), 'ci/base.yml': '{}' },
      'gitlab',
    ],
    [
      'GitLab, beside an include that is a mapping',
      { '.gitlab-ci.yml': gitlabDeploy('include:\n  local: ci/base.yml\n  rules: []\n\n'), 'ci/base.yml': '{}' },
      'gitlab',
    ],
    [
      'GitLab, beside a list on one line',
      { '.gitlab-ci.yml': gitlabDeploy('include: [ci/base.yml]\n\n'), 'ci/base.yml': '{}' },
      'gitlab',
    ],
  ] as const)('%s', async (name, files, provider) => {
    const repo = repoOf(files)
    // What a platform asks after its own deploys is not in a repository: a question.
    expect(await verdict(repo.root)).toEqual([name === 'GitHub, where the platform deploys' ? null : 'none'])
    const before = '.gitlab-ci.yml' in files ? (parse(files['.gitlab-ci.yml']) as Record<string, unknown>) : {}
    const ran = await init(repo.root)
    expect(ran).toMatchObject({ exit: 0 })
    const path = provider === 'github' ? '.github/workflows/smoke-test.yml' : '.gitlab/smoke-test.yml'
    expect(ran.out).toContain(`Wrote ${path}`)
    const step = readFileSync(join(repo.root, path), 'utf8')
    expect(step).toContain('launch-ready deploy smoke')
    expect(() => parse(step)).not.toThrow()
    const config = parse(readFileSync(join(repo.root, 'launch-ready.config.yaml'), 'utf8')) as {
      deploy: { smoke: Record<string, string> }
    }
    expect(config.deploy.smoke).toMatchObject({
      homepage: expect.stringContaining('https://'),
      login: expect.stringContaining('/login'),
    })
    if (provider === 'gitlab') {
      const after = parse(readFileSync(join(repo.root, '.gitlab-ci.yml'), 'utf8')) as Record<string, unknown>
      const { include: had = [], ...kept } = before
      const { include, ...rest } = after
      expect(rest).toEqual(kept)
      const all = [had].flat() as unknown[]
      expect(include).toHaveLength(all.length + 1)
      expect(include).toEqual(expect.arrayContaining([...all, { local: path }]))
    }
    repo.commit('second')
    expect(await verdict(repo.root)).toEqual(['gates'])
  })

  it('names the config where it is not found by itself', async () => {
    const repo = repoOf({ '.github/workflows/ship.yml': githubDeploy })
    expect((await init(repo.root, '--file', 'ops/lr.yaml')).exit).toBe(0)
    expect(readFileSync(join(repo.root, '.github/workflows/smoke-test.yml'), 'utf8')).toContain(
      'deploy smoke --deadline 5m -c ops/lr.yaml',
    )
  })

  it('leaves alone what exists, writes anew with --force, and nothing where nobody wants it', async () => {
    const file = '.github/workflows/smoke-test.yml'
    const repo = repoOf({ '.github/workflows/ship.yml': githubDeploy, [file]: 'mine' })
    expect((await init(repo.root)).out).toContain(`${file} exists and was left as it is`)
    expect(readFileSync(join(repo.root, file), 'utf8')).toBe('mine')
    expect((await init(repo.root, '--force')).exit).toBe(0)
    expect(readFileSync(join(repo.root, file), 'utf8')).toContain('workflow_run')
    const other = repoOf({ '.github/workflows/ship.yml': githubDeploy })
    expect((await init(other.root, '--ci', 'none')).exit).toBe(0)
    expect(existsSync(join(other.root, file))).toBe(false)
    expect((await init(other.root, '--force', '--ci', 'gitlab')).exit).toBe(0)
    expect(readFileSync(join(other.root, '.gitlab-ci.yml'), 'utf8')).toBe(
      'include:\n  - local: .gitlab/smoke-test.yml\n',
    )
  })

  it('refuses a provider that it does not know, and a step without a repository', async () => {
    const wrong = await init(outside, '--ci', 'jenkins')
    expect(wrong).toMatchObject({
      exit: 2,
      err: expect.stringContaining('--ci jenkins: expected github, gitlab or none'),
    })
    expect(await init(outside, '--ci', 'github')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('in no git repository'),
    })
    expect((await init(outside)).exit).toBe(0)
    expect(existsSync(join(outside, '.github'))).toBe(false)
  })

  it('a step written twice includes itself once', () => {
    const text = 'include:\n  - local: .gitlab/smoke-test.yml\n'
    expect(ciStep('gitlab', { deployers: [], defaultBranch: 'main', config: null, gitlab: text }).include).toBeNull()
  })
})
