// `dns map`, `dns snapshot`, `dns drift` and the documents of the stage, through the real program in a world of the lab.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { withoutBusyLine } from '../support/busy-line.ts'
import { type Ran, runProgram } from '../support/run-program.ts'

let world: RunningWorld
let cwd: string

const run = (...argv: string[]): Promise<Ran> => runProgram([...argv, ...world.args()], { cwd })

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'launch-ready-dns-'))
  world = await startWorld(loadWorld(new URL('../../fixtures/worlds/healthy-coach.yaml', import.meta.url).pathname))
})
afterAll(async () => {
  await world.close()
  rmSync(cwd, { recursive: true, force: true })
})

const domain = 'coachdash.example'

describe('the actions of dns', () => {
  test('a map or a snapshot that cannot be written is one sentence and exit 2, not a defect', async () => {
    writeFileSync(join(cwd, 'a-file'), '')
    const map = await run('dns', 'map', domain, '--out', 'a-file/map')
    expect(map).toMatchObject({ exit: 2, err: expect.stringMatching(/^a-file\/map\/dns-map\.md: cannot be written: /) })
    const snapshot = await run('dns', 'snapshot', domain, '--file', 'a-file/zone')
    expect(snapshot.exit).toBe(2)
    expect(snapshot.err).toContain('a-file/zone: cannot be written: ')
  })

  test('map says every host, its provider, its certificate and the diagram; twice the same', async () => {
    const first = await run('dns', 'map', domain)
    expect(first.exit).toBe(0)
    for (const part of [
      'www.coachdash.example',
      'cname.vercel-dns.com',
      'Vercel',
      "Let's Encrypt",
      '```mermaid',
      'who may send mail in your name',
    ])
      expect(first.out).toContain(part)
    expect((await run('dns', 'map', domain)).out).toBe(first.out)
  })
  test('map --out writes the document and the zone file', async () => {
    expect((await run('dns', 'map', domain, '--out', 'map')).exit).toBe(0)
    expect(readFileSync(join(cwd, 'map/coachdash.example.zone'), 'utf8')).toContain('$ORIGIN coachdash.example.')
    expect(readFileSync(join(cwd, 'map/dns-map.md'), 'utf8')).toContain('## Name servers')
  })
  test('snapshot, then drift: as it says, then what changed, in words, exit 1', async () => {
    expect((await run('dns', 'snapshot', domain)).exit).toBe(0)
    expect(readFileSync(join(cwd, 'dns-snapshot.zone'), 'utf8')).toContain('$ORIGIN coachdash.example.')
    const first = await run('dns', 'drift', domain)
    expect([first.exit, withoutBusyLine(first.err)]).toEqual([0, ''])
    await world.apply({
      kind: 'dns',
      action: 'replace',
      name: `${domain}.`,
      type: 'MX',
      ttl: 3600,
      data: '10 evil.example.net.',
    })
    await world.apply({
      kind: 'dns',
      action: 'remove',
      name: `api.${domain}.`,
      type: 'CNAME',
      data: 'cname.vercel-dns.com.',
    })
    const drifted = await run('dns', 'drift', domain)
    expect(drifted.exit).toBe(1)
    expect(drifted.out).toContain('coachdash.example MX is changed: mail goes to another server')
    expect(drifted.out).toContain('api.coachdash.example CNAME is gone: people do not arrive any more')
    const json = JSON.parse((await run('dns', 'drift', domain, '--json')).out) as { drifts: { kind: string }[] }
    expect(json.drifts.map(drift => drift.kind).sort()).toEqual(['changed', 'missing'])
  })
  test('the snapshot that the config names (dns.snapshot) is what the check dns-drift expects', async () => {
    writeFileSync(
      join(cwd, 'launch-ready.config.yaml'),
      'domain: coachdash.example\ndns: { snapshot: dns-snapshot.zone, certificateTransparency: false }\n',
    )
    const { out } = await run('dns', domain, '--only', 'dns-drift', '--json')
    const report = JSON.parse(out) as { findings: { outcome: string; subject: string; severity: string }[] }
    expect(report.findings.map(finding => `${finding.outcome} ${finding.subject} ${finding.severity}`)).toEqual([
      'changed coachdash.example MX blocker',
      'missing api.coachdash.example CNAME high',
    ])
    rmSync(join(cwd, 'launch-ready.config.yaml'))
  })
  test('a file with a fault says where; a file of another domain and one that is not there are wrong usage', async () => {
    writeFileSync(join(cwd, 'bad.zone'), '$ORIGIN coachdash.example.\nwww 300 IN A 192.0.2.999\n')
    const bad = await run('dns', 'drift', domain, 'bad.zone')
    expect(bad.exit).toBe(2)
    expect(bad.err).toContain('bad.zone:2:14: expected an IPv4 address')
    writeFileSync(join(cwd, 'other.zone'), '$ORIGIN other.example.\n@ 300 IN SOA ns1 host 1 2 3 4 5\n')
    const other = await run('dns', 'drift', domain, 'other.zone')
    expect(other.exit).toBe(2)
    expect(other.err).toContain('other.zone is of other.example, not of coachdash.example')
    expect((await run('dns', 'drift', domain, 'none.zone')).exit).toBe(2)
  })
  test('the stage writes the map, the zone file and the rules of six platforms', async () => {
    await run('dns', domain, '--out', 'papers')
    expect(readFileSync(join(cwd, 'papers/dns-map.md'), 'utf8')).toContain('# DNS map of coachdash')
    expect(readFileSync(join(cwd, 'papers/redirects/README.md'), 'utf8')).toContain('Vercel: use `vercel.json`')
    for (const file of ['cloudflare-rules.json', '_redirects', 'nginx.conf', 'Caddyfile', 'apache.conf'])
      expect(readFileSync(join(cwd, 'papers/redirects', file), 'utf8')).toContain('coachdash.example')
  })
})
