// Repositories made to hurt the readers of environments and secrets: each is judged or told, nothing outside is read, nothing runs.
import { closeSync, existsSync, ftruncateSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import aiUse, { type AiUse } from '../../../src/facts/ai/ai-use.ts'
import deployment from '../../../src/facts/repo/deployment.ts'
import envFiles, { type EnvironmentFiles } from '../../../src/facts/repo/env-files.ts'
import envUsage, { type EnvironmentUsageFact } from '../../../src/facts/repo/env-usage.ts'
import pipelines from '../../../src/facts/repo/pipelines.ts'
import secretsHistory, { type SecretsHistory } from '../../../src/facts/repo/secrets-history.ts'
import secretsTree, { type SecretsTree } from '../../../src/facts/repo/secrets-tree.ts'
import stack, { type Stack } from '../../../src/facts/repo/stack.ts'
import tree from '../../../src/facts/repo/tree.ts'
import { makeUp } from '../../support/made-up-secrets.ts'
import { processorTime } from '../../support/processor-time.ts'
import { collectFact, makeRepo, observedValue, type TestRepo } from '../../support/repo.ts'

const collectors = { tree, stack, deployment, pipelines, envFiles, envUsage, secretsTree, secretsHistory, aiUse }
const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const repo = (files: Record<string, string | Uint8Array>): TestRepo => {
  const one = makeRepo(files)
  made.push(one)
  return one
}
const collect = async <T>(one: TestRepo, name: string): Promise<T> =>
  observedValue(await collectFact<T>(one.root, collectors, name))

describe('a hostile repository', () => {
  it('a file of 200 MB, a binary with a name of text, and a link loop cost nothing and are told', async () => {
    const one = repo({ 'a.ts': `const k = '${makeUp('sk_~live_{A24}')}'`, 'image.env': new Uint8Array([0, 1, 2]) })
    const file = openSync(join(one.root, 'dump.sql'), 'w')
    ftruncateSync(file, 200 << 20)
    closeSync(file)
    one.link('loop/a', '../loop')
    const started = processorTime()
    const secrets = await collect<SecretsTree>(one, 'secretsTree')
    expect(processorTime() - started).toBeLessThan(5000)
    expect(secrets.skipped).toMatchObject({ large: ['dump.sql'] })
    expect(secrets.secrets).toHaveLength(1)
    expect((await collect<EnvironmentFiles>(one, 'envFiles')).unreadable).toEqual([
      { path: 'image.env', why: 'binary' },
    ])
  })

  it('YAML whose anchors explode is named, and the rest is read', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
      .split('')
      .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[at]}`).join(',')}]`)
      .join('\n')}\nservices: *j\n`
    const one = repo({
      'docker-compose.yml': bomb,
      '.github/workflows/ci.yml': `${bomb}env: *j\n`,
      'fly.toml': '[env\nA = ',
      'vercel.json': '{',
      'render.yaml': 'services:\n - envVars:\n   - {key: A, value: b}\n',
      'a.ts': 'process.env.A',
    })
    const started = processorTime()
    const usage = await collect<EnvironmentUsageFact>(one, 'envUsage')
    expect(processorTime() - started).toBeLessThan(5000)
    expect(usage.problems.map(item => item.path)).toEqual(
      expect.arrayContaining(['docker-compose.yml', 'fly.toml', 'vercel.json']),
    )
    expect(usage.settings.map(setting => setting.file)).toEqual(['render.yaml'])
    expect(usage.variables.map(variable => variable.name)).toEqual(['A'])
    expect((await collect<Stack>(one, 'stack')).ci).toHaveLength(1)
  })

  it('files of line ends, brackets and quotes alone take no time', async () => {
    const lines = '\n'.repeat(200_000)
    const one = repo({
      'a.py': `import os${lines}os.environ["A"]`,
      'b.rb': `${lines}ENV["B"]`,
      'c.ts': `openai${lines}process.env.C`,
      'd.ts': `process.env.D;${'"'.repeat(250_000)}`,
      Gemfile: lines,
      'go.mod': lines,
      'requirements.txt': lines,
      'docker-compose.yml': ']'.repeat(100_000),
      'e.json': `"${'Server=A'.repeat(20_000)}`,
    })
    const started = processorTime()
    expect((await collect<EnvironmentUsageFact>(one, 'envUsage')).variables.map(variable => variable.name)).toEqual([
      'A',
      'B',
      'C',
      'D',
    ])
    await collect<AiUse>(one, 'aiUse')
    await collect<SecretsTree>(one, 'secretsTree')
    expect(processorTime() - started).toBeLessThan(10_000)
  })

  it('an environment file that links out is not read', async () => {
    const one = repo({ 'a.ts': '1' })
    one.link('.env', '/etc/passwd')
    one.link('sub/.env.production', '../../../../../../etc/hostname')
    const files = await collect<EnvironmentFiles>(one, 'envFiles')
    expect(files.files).toEqual([])
    expect(files.unreadable.map(item => item.why)).toEqual(['outside', 'outside'])
  })

  it('names that are JavaScript’s own, shell or patterns do no harm', async () => {
    const one = repo({
      '.env': '__proto__=1\nconstructor=2\nA.B=3\n$(touch x)=4\n(x+x+)+=5\n',
      'a.ts': "process.env['__proto__']; process.env.constructor; process.env['$(touch pwned)']",
      '--help.ts': 'process.env.DASH',
      ':(top).ts': 'process.env.MAGIC',
    })
    one.commit('first')
    const usage = await collect<EnvironmentUsageFact>(one, 'envUsage')
    expect(usage.variables.map(variable => variable.name)).toEqual(['DASH', 'MAGIC', '__proto__', 'constructor'])
    expect(await collect<SecretsHistory>(one, 'secretsHistory')).toMatchObject({ commits: { read: 1, total: 1 } })
    expect(existsSync(join(one.root, 'pwned'))).toBe(false)
  })

  it('an empty repository, and one whose index is broken', async () => {
    const one = repo({})
    expect(await collect<EnvironmentFiles>(one, 'envFiles')).toMatchObject({ files: [], unprotected: [] })
    expect(await collect<AiUse>(one, 'aiUse')).toMatchObject({ calls: [] })
    one.write({ '.git/index': 'not an index' })
    expect(await collectFact(one.root, collectors, 'tree')).toMatchObject({ ok: false, reason: 'malformed' })
  })

  it('git settings of the repository that name programs are not followed while its history is read', async () => {
    const one = repo({ 'a.ts': 'x', '.gitattributes': '* diff=evil filter=evil\n' })
    one.commit('first')
    const trap = join(one.root, '.git', 'trap')
    for (const setting of [
      'core.fsmonitor',
      'core.pager',
      'diff.evil.textconv',
      'diff.evil.command',
      'diff.external',
      'filter.evil.clean',
      'gpg.program',
      'core.alternateRefsCommand',
      'core.sshCommand',
      'alias.log',
    ])
      one.git('config', setting, setting === 'alias.log' ? `!touch ${trap}` : `touch ${trap}`)
    one.git('config', 'log.showSignature', 'true')
    await collect(one, 'secretsHistory')
    await collect(one, 'envFiles')
    expect(existsSync(trap)).toBe(false)
  })
})
