// Where in the repository a finding is shown: the file and line at fault, or else the line of the config that names its subject.
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/core/report.ts'
import { type Anchor, anchor } from '../../src/report/shared/anchor.ts'
import { sample } from './sample.ts'

const base: Finding = { ...sample.findings[0]!, stage: 'deploy', subject: 'repo' }
const at = (label: string, more: Partial<Finding> = {}): Anchor =>
  anchor({ ...base, evidence: [{ kind: 'text', label, value: 'x' }], fix: { ...base.fix, changes: [] }, ...more }, {})
const config = { path: 'launch-ready.config.yaml', line: 1, column: 1 }

describe('the file at fault', () => {
  it.each([
    ['.env:2', '.env', 2],
    ['main.go:10', 'main.go', 10],
    ['go.mod:7', 'go.mod', 7],
    ['Procfile:1', 'Procfile', 1],
    ['Dockerfile.web:3', 'Dockerfile.web', 3],
    ['.ruby-version', '.ruby-version', 1],
    ['requirements.txt:1 without an exact version', 'requirements.txt', 1],
    ['src/routes/+page.server.ts:4', 'src/routes/+page.server.ts', 4],
    ['app/routes/$id.tsx:3', 'app/routes/$id.tsx', 3],
    ['app/[[...slug]]/(group)/page.tsx:2', 'app/[[...slug]]/(group)/page.tsx', 2],
    ['my app/index.php:3', 'my app/index.php', 3],
    ['ünïcode/größe.py:5', 'ünïcode/größe.py', 5],
    ['.\\src\\a.ts:12', 'src/a.ts', 12],
    ['./package.json', 'package.json', 1],
  ])('%s', (label, path, line) => {
    expect(at(label)).toMatchObject({ path, line })
  })

  it('has a column where one is known', () => {
    expect(at('src/a.ts:12:5')).toEqual({ path: 'src/a.ts', line: 12, column: 5 })
  })

  it.each([
    'db.example.com:5432',
    '127.0.0.1:5432',
    'localhost:3000',
    'https://example.com/a.ts:3',
    '/etc/passwd:1',
    '../outside.ts:1',
    'a/../../outside.ts:1',
    'C:\\secret.ts:1',
    'looked for',
    'application/json',
    'GET /api/clients',
    'v=spf1 a/24',
    'first',
    'coachdash.example',
    'getlaunch.sh',
    'crates.rs',
  ])('is no such thing: %s', label => {
    expect(at(label)).toEqual(config)
    expect(at('seen', { subject: label })).toEqual(config)
  })

  it('is looked for in findings of the repository alone', () => {
    expect(at('src/a.ts:3', { stage: 'audit' })).toEqual(config)
  })

  it('stands below the folder of the repository that was judged', () => {
    const finding = { ...base, evidence: [{ kind: 'text' as const, label: 'src/a.ts:3', value: '' }] }
    expect(anchor(finding, { repoFolder: 'packages/web' })).toMatchObject({ path: 'packages/web/src/a.ts', line: 3 })
    expect(anchor(finding, { repoFolder: '../elsewhere' })).toMatchObject({ path: 'src/a.ts', line: 3 })
  })
})

describe('the line of the config', () => {
  const configText = `# audits app.coachdash.example
domain: coachdash.example
hosts:
  app: app.coachdash.example
routes:
  - { name: login, url: https://app.coachdash.example/login, kind: auth }
  - { name: shop, url: https://shop.coachdash.example/ }
`
  const options = { configFile: 'launch-ready.config.yaml', configText }
  it.each([
    ['coachdash.example', 2],
    ['app.coachdash.example', 4],
    ['https://app.coachdash.example/login', 6],
    ['https://app.coachdash.example/signup', 4],
    ['https://shop.coachdash.example/', 7],
    ['www.coachdash.example', 2],
    ['mx.elsewhere.example', 2],
    ['', 2],
    ['(((', 2],
  ])('%s', (subject, line) => {
    expect(anchor({ ...base, stage: 'audit', subject, evidence: [] }, options)).toMatchObject({ line })
  })

  it('is the first where the config names nothing', () => {
    expect(anchor({ ...base, stage: 'audit' }, { ...options, configText: 'hosts: {}\n' })).toMatchObject({ line: 1 })
  })
})
