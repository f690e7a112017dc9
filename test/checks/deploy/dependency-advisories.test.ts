import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import check from '../../../src/checks/deploy/dependency-advisories.ts'
import { notApplicable } from '../../../src/core/fact.ts'
import { systemClock } from '../../../src/net/clock.ts'
import { createNetwork } from '../../../src/net/create-network.ts'
import type { Network } from '../../../src/net/network.ts'
import { judgeFiles, outcomesIn } from '../../support/deploy.ts'

const open: Server[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(server => new Promise(done => server.close(done))))
})

type Vulnerability = Record<string, unknown>
const asked: { name: string; version: string; ecosystem: string }[] = []

/** A server that speaks OSV's interface: package name → advisories. */
const osv = async (known: Record<string, Vulnerability[]>, fault?: 'down' | 'short' | 'garbage'): Promise<string> => {
  asked.length = 0
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    if (fault === 'down') return void response.writeHead(503).end()
    if (fault === 'garbage') return void response.end('<html>')
    if (request.url === '/v1/querybatch') {
      const { queries } = JSON.parse(Buffer.concat(parts).toString()) as {
        queries: { version: string; package: { name: string; ecosystem: string } }[]
      }
      asked.push(...queries.map(one => ({ ...one.package, version: one.version })))
      const results = queries.map(one =>
        known[one.package.name] ? { vulns: known[one.package.name]!.map(({ id }) => ({ id })) } : {},
      )
      return void response.end(JSON.stringify({ results: fault === 'short' ? [] : results }))
    }
    const id = decodeURIComponent((request.url ?? '').replace('/v1/vulns/', ''))
    response.end(
      JSON.stringify(
        Object.values(known)
          .flat()
          .find(one => one['id'] === id) ?? {},
      ),
    )
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  open.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const lock = JSON.stringify(
  {
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { send: '0.17.1' } },
      'node_modules/send': { version: '0.17.1' },
      'node_modules/jest': { version: '1.0.0', dev: true },
    },
  },
  null,
  1,
)
const files = { 'package.json': '{"dependencies":{"send":"0.17.1"}}', 'package-lock.json': lock }
const judge = async (url: string | false | undefined, repo: Record<string, string> = files, env = {}) => {
  const net = createNetwork({
    clock: systemClock,
    resolvers: [],
    connectTo: [],
    ca: [],
    timeoutMs: 2000,
    concurrency: 8,
    userAgent: 'test',
    signal: new AbortController().signal,
    ownHosts: ['127.0.0.1'],
  })
  try {
    return await judgeFiles(check, repo, { net, env, config: url === undefined ? {} : { deploy: { advisories: url } } })
  } finally {
    await net.close()
  }
}
const advisory = (id: string, severity: unknown, more = {}): Vulnerability => ({
  id,
  summary: 'reads files',
  ...(typeof severity === 'string' ? { database_specific: { severity } } : { severity }),
  affected: [
    {
      package: { name: 'send' },
      ranges: [{ events: [{ introduced: '0' }, { fixed: '0.16.9' }, { fixed: '0.19.0' }] }],
    },
  ],
  ...more,
})

describe('dependency-advisories', () => {
  it("finds 'critical' and 'high' by name and by vector, with the version that repairs, and leaves development packages out", async () => {
    const found = await judge(
      await osv({
        send: [
          advisory('GHSA-1', 'CRITICAL'),
          advisory('GHSA-2', [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }]),
          advisory('GHSA-3', 'MODERATE'),
          advisory('GHSA-4', 'CRITICAL', { withdrawn: '2026-01-01' }),
        ],
      }),
    )
    expect(outcomesIn(found)).toEqual(['critical', 'high'])
    expect(asked).toEqual([{ name: 'send', ecosystem: 'npm', version: '0.17.1' }])
    expect(found.findings[0]!.evidence).toEqual([
      {
        kind: 'file',
        path: 'package-lock.json',
        line: 9,
        label: 'package-lock.json:9',
        value: 'send 0.17.1: GHSA-1, reads files (repaired in 0.19.0)',
      },
    ])
    expect(found.findings[0]!.fix.changes).toEqual([{ kind: 'command', run: 'npm update send' }])
  })

  it("is 'clean' when nothing serious is known", async () => {
    expect(outcomesIn(await judge(await osv({ send: [advisory('GHSA-3', 'MODERATE')] })))).toEqual(['clean'])
    expect(
      outcomesIn(
        await judge(await osv({}), {
          Gemfile: "gem 'rails'\n",
          'Gemfile.lock': 'GEM\n  specs:\n    rails (8.0.0)\n\nDEPENDENCIES\n  rails\n',
        }),
      ),
    ).toEqual(['clean'])
    expect(asked).toEqual([{ name: 'rails', ecosystem: 'RubyGems', version: '8.0.0' }])
  })

  it('cannot tell when nobody answers, when the answer does not fit, or when the config forbids to ask; never a pass', async () => {
    for (const fault of ['down', 'short', 'garbage'] as const)
      expect(outcomesIn(await judge(await osv({}, fault)))[0]).toMatch(/^unknown: /)
    expect(outcomesIn(await judge('http://127.0.0.1:1'))[0]).toMatch(/^unknown: .*127\.0\.0\.1/)
    expect(outcomesIn(await judge(false))[0]).toMatch(/^unknown: .*deploy\.advisories/)
    expect(outcomesIn(await judge(undefined, files, { LAUNCH_READY_OFFLINE: '1' }))[0]).toMatch(
      /^unknown: .*LAUNCH_READY_OFFLINE/,
    )
  })

  it('cannot tell, and does not skip, where the name of the server does not exist', async () => {
    const net = { http: async () => notApplicable('api.osv.dev does not exist') } as unknown as Network
    const judged = await judgeFiles(check, files, {
      net,
      env: {},
      config: { deploy: { advisories: 'https://api.osv.dev' } },
    })
    expect(outcomesIn(judged)[0]).toMatch(/^unknown: api\.osv\.dev could not be asked/)
  })

  it('skips a repository without locked packages', async () => {
    expect(outcomesIn(await judge(await osv({}), { 'index.html': '<p>' }))[0]).toMatch(/^skip/)
  })
})
