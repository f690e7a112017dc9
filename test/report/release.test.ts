// What leaves the house: the package, its workflows, the image, and the recipes that the README promises.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { parseReports } from '../../src/cli/reports.ts'
import { configSchema } from '../../src/config/schema.ts'
import { stages } from '../../src/core/stage.ts'
import { gitlab } from '../../src/report/gitlab.ts'
import { doubtful, empty, large, sample } from './sample.ts'

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  version: string
  repository: { url: string }
  bugs: string
  homepage: string
}
const readme = readFileSync('README.md', 'utf8')
const workflow = (name: string) =>
  parse(readFileSync(join('.github/workflows', name), 'utf8')) as {
    on: Record<string, unknown>
    jobs: Record<
      string,
      {
        'runs-on': string
        permissions?: Record<string, string>
        strategy?: { matrix: { os: string[]; node: string[] } }
        steps: { run?: string; if?: string }[]
      }
    >
  }

describe('the package', () => {
  // Without its build: what npm would take of the checkout. The linked files alone are asked for.
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const held = (JSON.parse(stdout) as { files: { path: string }[] }[])[0]!.files.map(({ path }) => path)

  it('holds every file to which its documents link', () => {
    const documents = held.filter(path => path.endsWith('.md') && !path.startsWith('dist/'))
    expect(documents.length).toBeGreaterThan(10)
    for (const document of documents)
      for (const [, to] of readFileSync(document, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(?:https?:|mailto:|#)/.test(to!)) continue
        expect(held, `${document} leads to ${to}`).toContain(join(dirname(document), to!.split('#')[0]!))
      }
  })

  it('holds no test, no source and no world of the lab beside what is built', () => {
    expect(held.filter(path => /^(?:test|fixtures|scripts|\.github|\.ci)\/|^src\/.*\.ts$|\.env/.test(path))).toEqual([])
  })

  it('says where it comes from', () => {
    for (const url of [manifest.repository.url, manifest.bugs, manifest.homepage])
      expect(url).toContain('https://github.com/launch-ready/launch-ready')
  })

  it('is told of in the changelog, by version', () => {
    const heads = [...readFileSync('CHANGELOG.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, head]) => head!)
    expect(heads[0] === 'Unreleased' || heads[0]!.startsWith(`${manifest.version} `)).toBe(true)
    for (const head of heads.filter(one => one !== 'Unreleased'))
      expect(head).toMatch(/^\d+\.\d+\.\d+ \(\d{4}-\d{2}-\d{2}\)$/)
  })
})

describe('the workflows', () => {
  it('run the tests and the demo on three systems with the oldest Node and the pinned one', () => {
    const { strategy, steps } = workflow('ci.yml').jobs['test']!
    expect(strategy!.matrix).toEqual({ os: ['ubuntu-latest', 'macos-latest', 'windows-latest'], node: ['22.19', '24'] })
    const runs = steps.flatMap(({ run }) => run ?? [])
    expect(runs).toEqual(['npm ci', 'npm test', 'npm run demo -- --fail-on never'])
  })

  it('rehearse the release before it, sign where it was built, and publish for a tag alone', () => {
    const { on, jobs } = workflow('release.yml')
    expect(Object.keys(on)).toEqual(['push', 'workflow_dispatch'])
    const { steps, permissions } = jobs['publish']!
    expect(permissions).toEqual({ contents: 'read', 'id-token': 'write' })
    const publishing = steps.filter(({ run }) => run?.startsWith('npm publish'))
    expect(publishing.map(({ run }) => run)).toEqual([
      'npm publish --dry-run --provenance --access public',
      'npm publish --provenance --access public',
    ])
    expect(publishing[1]!.if).toBe("github.event_name == 'push'")
  })
})

describe('the image', () => {
  const lines = readFileSync('Dockerfile', 'utf8')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter(line => /^[A-Z]+ /.test(line))
  const of = (word: string): string[] => lines.filter(line => line.startsWith(`${word} `))

  it('starts from a version of the pinned Node, runs as nobody special, installs from the lock file alone', () => {
    for (const from of of('FROM')) expect(from).toMatch(/^FROM (?:node:24-bookworm-slim|build)(?: AS \w+)?$/)
    expect(of('USER')).toEqual(['USER node'])
    expect(lines.findIndex(line => line.startsWith('USER'))).toBeGreaterThan(
      lines.findLastIndex(line => line.startsWith('RUN')),
    )
    expect(of('ADD')).toEqual([])
    const installs = of('RUN').filter(line => /\bnpm (?!prune)/.test(line))
    expect(installs.length).toBeGreaterThan(0)
    for (const run of installs) expect(run).toContain('npm ci --ignore-scripts')
    for (const run of of('RUN').filter(line => line.includes('apt-get install')))
      expect(run).toMatch(/apt-get update.*--no-install-recommends.*chromium.*git.*rm -rf \/var\/lib\/apt\/lists/)
    expect(of('ENV').join(' ')).toContain('CHROME_PATH=/usr/bin/chromium')
  })

  it('copies what is there, and no secret or history', () => {
    for (const copy of of('COPY').filter(line => !line.includes('--from=')))
      for (const path of copy.split(/\s+/).slice(1, -1)) expect(existsSync(path), path).toBe(true)
    const ignored = readFileSync('.dockerignore', 'utf8').split('\n')
    for (const path of ['.git', 'node_modules', '.env*']) expect(ignored).toContain(path)
    // The demo's worlds are built in.
    expect(ignored).not.toContain('fixtures')
  })

  it('is built and run by the gate where a container runtime is there', () => {
    const gate = readFileSync('.ci/run', 'utf8')
    expect(gate).toMatch(/if docker info[\s\S]*docker build[\s\S]*docker run --rm[\s\S]*\.Size/)
  })
})

describe('GitLab', () => {
  const [, recipe] = /```yaml\n(launch-ready:\n {2}image:[\s\S]*?)```/.exec(readme)!
  const jobs = parse(recipe!) as Record<string, Record<string, unknown>>

  it('recipe of the README: one job with keywords of its documentation alone, whose reports are those it writes', () => {
    expect(Object.keys(jobs)).toEqual(['launch-ready'])
    const job = jobs['launch-ready']!
    // https://docs.gitlab.com/ci/yaml/
    const keywords = [
      'image',
      'stage',
      'variables',
      'script',
      'allow_failure',
      'artifacts',
      'rules',
      'needs',
      'before_script',
    ]
    for (const key of Object.keys(job)) expect(keywords).toContain(key)
    expect(['.pre', 'build', 'test', 'deploy', '.post']).toContain(job['stage'])
    const script = job['script'] as string[]
    expect(script.every(line => typeof line === 'string')).toBe(true)
    for (const value of Object.values(job['variables'] as object)) expect(typeof value).toBe('string')
    const artifacts = job['artifacts'] as { when: string; paths: string[]; reports: Record<string, string> }
    expect(artifacts.when).toBe('always')
    const asked = [...script.join(' ').matchAll(/--report (\S+)/g)].map(([, one]) => one!)
    const written = parseReports({ reports: asked, json: false }).flatMap(({ format, file }) =>
      file ? [[format, file]] : [],
    )
    expect(Object.fromEntries(written)).toEqual({
      gitlab: artifacts.reports['codequality'],
      junit: artifacts.reports['junit'],
      html: artifacts.paths[0],
    })
    expect(job['allow_failure']).toEqual({ exit_codes: [3] })
  })

  // https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
  const valid = new Ajv({ allErrors: true }).compile({
    type: 'array',
    items: {
      type: 'object',
      required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
      properties: {
        description: { type: 'string', minLength: 1 },
        check_name: { type: 'string', minLength: 1 },
        fingerprint: { type: 'string', minLength: 1 },
        severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
        location: {
          type: 'object',
          required: ['path', 'lines'],
          properties: {
            path: { type: 'string', pattern: '^(?!\\./|/)' },
            lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
          },
        },
      },
    },
  })

  it.each([
    ['the sample', sample],
    ['doubts', doubtful],
    ['nothing', empty],
    ['much', large(200)],
  ])('Code Quality of %s is what its documentation says, each finding by its own fingerprint', (_, report) => {
    const read = JSON.parse(gitlab(report)) as { fingerprint: string }[]
    valid(read)
    expect(valid.errors).toBeNull()
    const ids = report.findings.filter(({ suppressed }) => !suppressed).map(({ id }) => id)
    expect(read.map(({ fingerprint }) => fingerprint)).toEqual(ids)
  })
})

describe('the README', () => {
  it('tells of every stage: its command, its checks, its documents', () => {
    for (const stage of stages) {
      expect(readme).toMatch(new RegExp(`^\\| \`${stage} \\[`, 'm'))
      expect(readme).toContain(`src/checks/${stage}/README.md`)
    }
  })

  it('shows configs that are valid', () => {
    const configs = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)]
      .map(([, text]) => parse(text!) as Record<string, unknown>)
      .filter(one => !('jobs' in one) && !('launch-ready' in one))
    expect(configs.length).toBeGreaterThan(4)
    for (const one of configs) {
      const read = configSchema.safeParse({ domain: 'example.com', ...one })
      expect(read.error?.issues ?? [], Object.keys(one).join()).toEqual([])
    }
  })

  it('begins with what holds before publication: a clone, its build, its own program', () => {
    const [, first] = /```\n([\s\S]*?)```/.exec(readme)!
    expect(first).toMatch(
      /^git clone .*\nnpm ci && npm run build\nnpx node bin\/launch-ready\.js audit example\.com\n$/,
    )
  })

  it('names scripts of the package, and files, that are there', () => {
    const scripts = Object.keys((JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts)
    for (const text of [readme, readFileSync('CONTRIBUTING.md', 'utf8')]) {
      for (const [, name] of text.matchAll(/npm run ([\w:-]+)/g)) expect(scripts).toContain(name)
      // The check that CONTRIBUTING adds as its example is not there.
      for (const [, path] of text.matchAll(/`((?:src|test|fixtures|scripts|\.ci)\/[\w./-]+)`/g))
        if (!path!.includes('favicon')) expect(existsSync(path!), path).toBe(true)
    }
  })
})
