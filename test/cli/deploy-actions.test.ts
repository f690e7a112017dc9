// deploy secrets, deploy env and deploy ai through their modules: what they print, write and exit with.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { callOf } from '../../src/cli/call.ts'
import * as ai from '../../src/cli/commands/deploy-ai.ts'
import * as env from '../../src/cli/commands/deploy-env.ts'
import * as secrets from '../../src/cli/commands/deploy-secrets.ts'
import { secretHash } from '../../src/core/redact.ts'
import { verifySecrets } from '../../src/facts/repo/secrets-verify.ts'
import tree, { type Tree } from '../../src/facts/repo/tree.ts'
import { systemClock } from '../../src/net/clock.ts'
import type { HttpRequest, Network } from '../../src/net/network.ts'
import { makeUp } from '../support/made-up-secrets.ts'
import { collectFact, makeRepo, observedValue, type TestRepo } from '../support/repo.ts'
import { hearing } from '../support/run-program.ts'
import { secretSentence, startWeakAssistant } from '../support/weak-assistant.ts'

const made: TestRepo[] = []
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const stripe = makeUp('sk_~live_{A24}')
const repo = (files: Record<string, string>): TestRepo => {
  const one = makeRepo(files)
  made.push(one)
  one.commit('first')
  return one
}
const outside = (cwd: string) =>
  hearing({
    cwd,
    env: { PATH: process.env.PATH },
    columns: 80,
    clock: { ...systemClock, now: () => Date.UTC(2026, 10, 25) },
  })

describe('deploy secrets', () => {
  it('judges secrets alone, says how much it read, and shows no value', async () => {
    const one = repo({ 'a.ts': `const k = '${stripe}'` })
    const { io, said } = outside(one.root)
    expect(await secrets.run(callOf([], { color: false, progress: false }, io, '0.0.0'))).toBe(1)
    expect(said.out).toContain('Stripe live secret key stands in a.ts')
    expect(said.err).toContain('1 of 1 commits')
    expect(said.out + said.err).not.toContain(stripe)
  })

  it('--record writes the ledger, keeps what was there, and wants every part', async () => {
    const one = repo({ 'a.ts': '1' })
    const { io, said } = outside(one.root)
    const hash = secretHash(stripe)
    expect(
      await secrets.run(callOf([], { record: hash, by: 'Anna', evidence: 'revoked', name: 'Stripe' }, io, '0')),
    ).toBe(0)
    expect(
      await secrets.run(
        callOf([], { record: 'b'.repeat(64), by: 'Ben', evidence: 'gone', expires: '2027-01-01' }, io, '0'),
      ),
    ).toBe(0)
    const text = readFileSync(join(one.root, 'secret-rotations.yaml'), 'utf8')
    expect(text).toContain(hash)
    expect(text).toContain('2027-01-01')
    expect(said.out).toContain('rotated 2026-11-25 by Anna')
    await expect(secrets.run(callOf([], { record: hash }, io, '0'))).rejects.toThrow('--by')
    await expect(secrets.run(callOf([], { record: 'abc', by: 'a', evidence: 'b' }, io, '0'))).rejects.toThrow('SHA-256')
    writeFileSync(join(one.root, 'secret-rotations.yaml'), 'a: [')
    await expect(secrets.run(callOf([], { record: hash, by: 'a', evidence: 'b' }, io, '0'))).rejects.toThrow(
      'put it right first',
    )
  })

  it('--verify tells works, refused and cannot-tell, asks each provider itself over verified TLS, and shows no value', async () => {
    const github = makeUp('github_~pat_{A22}_{A59}')
    const one = repo({
      'a.ts': `'${stripe}'; '${github}'; SMTP_PASSWORD = '${makeUp('Winter{d4}!{A4}')}'`,
      '.gitignore': '.env',
    })
    one.write({ '.env': `RESEND_API_KEY=${makeUp('re_~{A8}_{A24}')}\n` })
    const asked: HttpRequest[] = []
    const net = {
      http: async (request: HttpRequest) => {
        asked.push(request)
        if (request.url.includes('resend'))
          return { ok: false, reason: 'timeout', message: 'no answer', retryable: true }
        const hop = {
          url: request.url,
          method: 'GET',
          status: request.url.includes('stripe') ? 200 : 401,
          headers: [],
          body: '',
          httpVersion: '1.1',
        }
        return { ok: true, at: '', value: { hops: [hop], ended: 'answer' } }
      },
    } as unknown as Network
    const value = observedValue(await collectFact<Tree>(one.root, { tree }, 'tree'))
    const list = await verifySecrets(
      value,
      { env: { PATH: process.env.PATH }, signal: new AbortController().signal },
      net,
    )
    expect(list.map(item => [item.provider, item.state])).toEqual([
      ['Stripe', 'works'],
      ['Resend', 'cannot-tell'],
      ['your application', 'cannot-tell'],
      ['GitHub', 'refused'],
    ])
    expect(asked.map(request => [new URL(request.url).host, request.verify, request.follow]).sort()).toEqual([
      ['api.github.com', 'strict', 0],
      ['api.resend.com', 'strict', 0],
      ['api.stripe.com', 'strict', 0],
    ])
    expect(JSON.stringify(list) + secrets.printVerifications(list)).not.toContain(stripe)
    expect(secrets.printVerifications(list)).toContain('1 still work, 1 are refused, 2 cannot be told')
  })
})

describe('deploy env', () => {
  it('judges, and prints the matrix as Markdown or JSON', async () => {
    const one = repo({ 'src/a.ts': 'process.env.SHOP_KEY', '.env.example': 'SHOP_KEY=\n', '.gitignore': '.env\n' })
    const judged = outside(one.root)
    expect(await env.run(callOf([], { color: false, progress: false }, judged.io, '0'))).toBe(0)
    const matrix = outside(one.root)
    expect(await env.run(callOf([one.root], { matrix: true }, matrix.io, '0'))).toBe(0)
    expect(matrix.said.out).toContain('| `SHOP_KEY` | secret | `src/a.ts:1`, server | `.env.example:1` |')
    const json = outside(one.root)
    await env.run(callOf([one.root], { matrix: true, json: true }, json.io, '0'))
    expect((JSON.parse(json.said.out) as { name: string }[]).map(row => row.name)).toEqual(['SHOP_KEY'])
  })
})

describe('deploy ai', () => {
  it('says what it will do and cost before it starts, then reports; a weak assistant fails the run', async () => {
    const assistant = await startWeakAssistant()
    try {
      assistant.weak.add('system-prompt')
      const one = repo({
        'a.ts': '1',
        'launch-ready.config.yaml': `ai:\n  endpoint: ${assistant.url}\n  interval: 0ms\n  canaries: ['${secretSentence}']\n  costPerRequest: 0.001\n`,
      })
      const dry = outside(one.root)
      expect(await ai.run(callOf([], { dryRun: true }, dry.io, '0'))).toBe(0)
      expect(dry.said.out).toMatch(
        /^70 probes, 84 requests to 127\.0\.0\.1:\d+, at most one every 0 ms; cost at most 0\.084\.\n$/,
      )
      expect(assistant.requests).toHaveLength(0)
      const { io, said } = outside(one.root)
      expect(await ai.run(callOf([], { color: false, progress: false }, io, '0'))).toBe(1)
      expect(said.err).toContain('84 requests')
      expect(said.out).toContain('gives away what it must keep')
      expect(said.out).not.toContain(secretSentence)
      assistant.weak.clear()
      const holds = outside(one.root)
      expect(await ai.run(callOf([], { color: false, progress: false }, holds.io, '0'))).toBe(0)
    } finally {
      await assistant.close()
    }
  })

  it('without a config says which one to write', async () => {
    const one = repo({ 'a.ts': '1' })
    await expect(ai.run(callOf([], {}, outside(one.root).io, '0'))).rejects.toThrow('ai.endpoint')
  })
})
