// Where in the repository a finding is shown: the file and line at fault, or else the line of the config that names its subject.
import { describe, expect, it } from 'vitest'
import { fileEvidence, textEvidence } from '../../src/core/evidence.ts'
import type { Finding } from '../../src/core/report.ts'
import { type Anchor, anchor } from '../../src/report/shared/anchor.ts'
import { sample } from './sample.ts'

const base: Finding = { ...sample.findings[0]!, stage: 'deploy', subject: 'repo' }
const at = (path: string, line?: number, more: Partial<Finding> = {}): Anchor =>
  anchor({ ...base, evidence: [fileEvidence(path, line, 'x')], fix: { ...base.fix, changes: [] }, ...more }, {})
const config = { path: 'launch-ready.config.yaml', line: 1, column: 1 }

describe('the file at fault', () => {
  it.each([
    ['.env', 2],
    ['main.go', 10],
    ['Dockerfile.web', 3],
    ['src/routes/+page.server.ts', 4],
    ['app/routes/$id.tsx', 3],
    ['app/[[...slug]]/(group)/page.tsx', 2],
    ['my app/index.php', 3],
    ['ünïcode/größe.py', 5],
  ])('%s:%i', (path, line) => {
    expect(at(path, line)).toEqual({ path, line, column: 1 })
  })

  it('is written with forward slashes from the root, at its first line where none is known', () => {
    expect(at('.\\src\\a.ts', 12)).toMatchObject({ path: 'src/a.ts', line: 12 })
    expect(at('./package.json')).toMatchObject({ path: 'package.json', line: 1 })
    expect(at('.ruby-version', 0)).toMatchObject({ path: '.ruby-version', line: 1 })
  })

  it.each(['https://example.com/a.ts', '/etc/passwd', '../outside.ts', 'a/../../outside.ts', 'C:\\secret.ts', ''])(
    'is none outside the repository: %s',
    path => {
      expect(at(path, 3)).toEqual(config)
    },
  )

  it('is never read from a label', () => {
    const finding = { ...base, evidence: [textEvidence('src/a.ts:3', 'x')], fix: { ...base.fix, changes: [] } }
    expect(anchor(finding, {})).toEqual(config)
  })

  it('is taken from the evidence of every stage, else from the file that the fix changes', () => {
    expect(at('src/a.ts', 3, { stage: 'audit' })).toMatchObject({ path: 'src/a.ts', line: 3 })
    const changes = [{ kind: 'file' as const, path: 'next.config.mjs', patch: '@@' }]
    expect(anchor({ ...base, evidence: [], fix: { ...base.fix, changes } }, {})).toMatchObject({
      path: 'next.config.mjs',
      line: 1,
    })
  })

  it('stands below the folder of the repository that was judged', () => {
    const finding = { ...base, evidence: [fileEvidence('src/a.ts', 3, '')] }
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
