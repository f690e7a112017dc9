// DNSSEC against BIND, Knot and NSD: zones signed by BIND's own tools, sound ones and eighteen kinds of fault, each served by all three.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import dnssec from '../../src/checks/dns/dnssec.ts'
import { configSchema } from '../../src/config/schema.ts'
import { judge } from '../../src/core/judge.ts'
import { bareTarget } from '../../src/core/target.ts'
import { createCollection } from '../../src/facts/collect.ts'
import { domainSubject } from '../../src/facts/subjects.ts'
import type { Network } from '../../src/net/network.ts'
import { networkTo, type Running, startBind, startKnot, startNsd, type ZoneFile } from '../support/name-servers.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-dnssec-'))
const run = (command: string, args: string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

type Signing = {
  algorithm?: string
  bits?: string
  flags?: string[]
  records?: string
  unsigned?: boolean
  /** A further key of each kind is published and signs nothing: it is about to be used. */
  spare?: boolean
}
type Variant = {
  expect: string
  sign?: Signing
  /** Changes the signed zone's text (one record a line). */
  edit?: (lines: string[]) => string[]
  /** What the parent says: lines, from the DS set made while signing. */
  ds?: (lines: string[]) => string[]
  /** Knot ends itself over a zone that says NSEC3 and has none: it serves the sound version. */
  notKnot?: boolean
  /** Records of an unsigned zone `sub.…` that the same servers serve. */
  below?: string
  /** Only NSD serves this edited version; the others serve the sound one. */
  onlyNsd?: (lines: string[]) => string[]
}

const without = (pattern: RegExp) => (lines: string[]) => lines.filter(line => !pattern.test(line))
const change = (pattern: RegExp, from: RegExp | string, to: string) => (lines: string[]) =>
  lines.map(line => (pattern.test(line) ? line.replace(from, to) : line))
const nsec3 = ['-3', 'ab12', '-H', '0']

const variants: Record<string, Variant> = {
  'sound-rsa': { expect: 'valid', sign: { algorithm: 'RSASHA256', bits: '2048' } },
  'sound-p256': { expect: 'valid' },
  'sound-p256-nsec3': { expect: 'valid', sign: { flags: nsec3 } },
  'sound-p384': { expect: 'valid', sign: { algorithm: 'ECDSAP384SHA384' } },
  'sound-ed25519': { expect: 'valid', sign: { algorithm: 'ED25519' } },
  'sound-rsa512': { expect: 'valid', sign: { algorithm: 'RSASHA512', bits: '2048' } },
  'sound-wildcard': { expect: 'valid', sign: { records: '* 300 IN A 192.0.2.77' } },
  'sound-wildcard-nsec3': { expect: 'valid', sign: { records: '* 300 IN A 192.0.2.77', flags: nsec3 } },
  'sound-optout': { expect: 'valid', sign: { flags: [...nsec3, '-A'] } },
  'sound-second-ds': {
    expect: 'valid',
    // A key that is announced and not used yet, and one with a digest that nobody can compute.
    ds: lines => [
      ...lines,
      lines[0]!.replace(/DS\s+(\d+)/, (_, tag: string) => `DS ${(Number(tag) + 7) % 65_536}`),
      lines[0]!.replace(/ 2 ([0-9A-F]+)$/, ' 9 $1'),
    ],
  },
  'sound-spare-key': {
    expect: 'valid',
    sign: { spare: true },
  },
  'sound-stale-signature': {
    expect: 'valid',
    // A signature that ended beside the one that holds (RFC 4035 §5.3.3: one is enough).
    edit: lines =>
      lines.flatMap(line =>
        /\sRRSIG\s+MX\s/.test(line)
          ? [line.replace(/(MX \d+ \d+ \d+) \d+ \d+/, '$1 20200201000000 20200101000000'), line]
          : [line],
      ),
  },
  'sound-delegation': {
    expect: 'valid',
    sign: { records: 'www IN A 192.0.2.80\napp IN NS ns1.elsewhere.example.' },
  },
  'sound-delegation-optout': {
    expect: 'valid',
    sign: { records: 'www IN A 192.0.2.80\napp IN NS ns1.elsewhere.example.', flags: [...nsec3, '-A'] },
  },
  'sound-below': {
    expect: 'valid',
    sign: {
      records:
        'www IN CNAME host.sub.sound-below.example.\napp IN CNAME app.sub.sound-below.example.\nsub IN NS ns1.example.',
    },
    below: 'host IN A 192.0.2.80\napp IN A 192.0.2.80',
  },
  'sound-alias-elsewhere': {
    expect: 'valid',
    sign: { records: 'www IN CNAME other.sound-unsigned.example.\napp IN CNAME target.unknown.test.' },
  },
  'sound-dname': { expect: 'valid', sign: { records: 'www IN A 192.0.2.80\nold IN DNAME new.example.' } },
  'sound-unsigned': { expect: 'missing', sign: { unsigned: true }, ds: () => [] },
  // the eighteen faults
  expired: { expect: 'bogus', sign: { flags: ['-s', 'now-40d', '-e', 'now-2d'] } },
  'not-yet-valid': { expect: 'bogus', sign: { flags: ['-s', 'now+2d', '-e', 'now+30d'] } },
  'keys-expired': { expect: 'bogus', sign: { flags: ['-s', 'now-40d', '-e', 'now+20d', '-X', 'now-1d'] } },
  'wrong-key': { expect: 'bogus', edit: without(/\sDNSKEY\s+256\s/) },
  'missing-ds': { expect: 'missing', ds: () => [] },
  'ds-without-key': { expect: 'ds-without-key', edit: without(/\s(RRSIG|NSEC|DNSKEY)\s/) },
  'ds-of-another-key': {
    expect: 'ds-without-key',
    ds: lines => lines.map(line => line.replace(/DS\s+(\d+)/, (_, tag: string) => `DS ${(Number(tag) + 1) % 65_536}`)),
  },
  'ds-wrong-digest': {
    expect: 'ds-without-key',
    ds: lines => lines.map(line => line.replace(/[0-9A-F]{4}$/i, last => (last === '0000' ? 'FFFF' : '0000'))),
  },
  'algorithm-mismatch': {
    expect: 'ds-without-key',
    ds: lines => lines.map(line => line.replace(/DS\s+(\d+) 13 /, 'DS $1 8 ')),
  },
  'record-changed': { expect: 'bogus', edit: change(/\sA\s+192\.0\.2\.80/, '192.0.2.80', '192.0.2.81') },
  'signature-missing': { expect: 'bogus', edit: without(/\sRRSIG\s+A\s/) },
  'key-signature-missing': { expect: 'bogus', edit: without(/\sRRSIG\s+DNSKEY\s/) },
  'signature-changed': { expect: 'bogus', edit: change(/\sRRSIG\s+MX\s/, /(\S{8})(=*)$/, 'AAAAAAAA$2') },
  'foreign-signer': {
    expect: 'bogus',
    edit: change(/\sRRSIG\s+A\s/, /(\d+) foreign-signer\.example\. /, '$1 other.example. '),
  },
  'nsec-missing': { expect: 'bogus', edit: without(/\s(NSEC|RRSIG\s+NSEC)\s/) },
  'wrong-nsec': {
    expect: 'bogus',
    edit: change(/^wrong-nsec\.example\.\s+\d+\s+IN\s+NSEC\s/, /NSEC\s+\S+/, 'NSEC zzz.wrong-nsec.example.'),
  },
  'nsec3-missing': {
    expect: 'bogus',
    notKnot: true,
    sign: { flags: nsec3 },
    edit: without(/\s(NSEC3|RRSIG\s+NSEC3)\s/),
  },
  'stale-at-one-server': { expect: 'bogus', onlyNsd: change(/\sA\s+192\.0\.2\.80/, '192.0.2.80', '192.0.2.99') },
  'one-host-changed': {
    expect: 'bogus',
    sign: { records: 'www IN A 192.0.2.80\napp IN A 192.0.2.82' },
    edit: change(/\sA\s+192\.0\.2\.82/, '192.0.2.82', '192.0.2.83'),
  },
  'alias-signature-missing': {
    expect: 'bogus',
    sign: { records: 'www IN CNAME @' },
    edit: without(/\sRRSIG\s+CNAME\s/),
  },
  'almost-expired': { expect: 'signature-expiring', sign: { flags: ['-s', 'now-29d', '-e', 'now+1d'] } },
  'sha1-signatures': { expect: 'weak-algorithm', sign: { algorithm: 'RSASHA1', bits: '2048' } },
  'hashed-too-often': { expect: 'weak-algorithm', sign: { flags: ['-3', 'ab12', '-H', '120'] } },
}

const keygen = (where: string, zone: string, signing: Signing): string[] =>
  [['-f', 'KSK'], []].map(extra =>
    run(
      'dnssec-keygen',
      [
        '-q',
        '-a',
        signing.algorithm ?? 'ECDSAP256SHA256',
        ...(signing.bits ? ['-b', signing.bits] : []),
        ...extra,
        '-n',
        'ZONE',
        zone || '.',
      ],
      where,
    ).trim(),
  )

/** Signs a zone in a folder of its own; returns its lines and its DS set. */
const sign = (zone: string, text: string, signing: Signing): { lines: string[]; ds: string[] } => {
  const where = join(folder, `sign-${zone || 'root'}`)
  mkdirSync(where, { recursive: true })
  if (signing.unsigned) return { lines: text.split('\n'), ds: [] }
  const keys = keygen(where, zone, signing)
  const published = [...keys, ...(signing.spare ? keygen(where, zone, signing) : [])]
    .map(key => readFileSync(join(where, `${key}.key`), 'utf8'))
    .join('')
  writeFileSync(join(where, 'zone'), `${text}\n${published}`)
  run(
    'dnssec-signzone',
    ['-q', '-P', '-x', '-O', 'full', '-o', zone || '.', '-f', 'signed', ...(signing.flags ?? []), 'zone', ...keys],
    where,
  )
  const dsset = readdirSync(where).find(name => name.startsWith('dsset-'))!
  return {
    lines: readFileSync(join(where, 'signed'), 'utf8').split('\n'),
    ds: readFileSync(join(where, dsset), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map(line => line.replace(/([0-9A-F]) ([0-9A-F]+)$/, '$1$2')),
  }
}

const servers: Running[] = []
let network: Network
let anchors: string[] = []

const childZone = (name: string, records = ''): string => `$ORIGIN ${name}.example.
$TTL 300
@ IN SOA ns1.example. hostmaster.example. 2026112501 7200 3600 1209600 300
@ IN NS ns1.example.
@ IN NS ns2.example.
@ IN NS ns3.example.
@ IN A 192.0.2.80
@ IN MX 10 mx.example.
@ IN TXT "v=spf1 -all"
${records ? '' : 'www IN A 192.0.2.80'}
${records}`

beforeAll(async () => {
  const zones: ZoneFile[] = []
  const stale: ZoneFile[] = []
  const forKnot: ZoneFile[] = []
  const delegations: string[] = []
  const put = (name: string, lines: string[]): string => {
    const file = join(folder, name)
    writeFileSync(file, `${lines.join('\n')}\n`)
    return file
  }
  for (const [name, variant] of Object.entries(variants)) {
    const { lines, ds } = sign(`${name}.example`, childZone(name, variant.sign?.records), variant.sign ?? {})
    const file = put(`${name}.zone`, variant.edit ? variant.edit(lines) : lines)
    zones.push({ zone: `${name}.example`, file })
    if (variant.below !== undefined) {
      const below = {
        zone: `sub.${name}.example`,
        file: put(`sub.${name}.zone`, childZone(`sub.${name}`, variant.below).split('\n')),
      }
      zones.push(below)
      forKnot.push(below)
      stale.push(below)
    }
    forKnot.push({ zone: `${name}.example`, file: variant.notKnot ? put(`${name}.sound`, lines) : file })
    stale.push({ zone: `${name}.example`, file: variant.onlyNsd ? put(`${name}.stale`, variant.onlyNsd(lines)) : file })
    delegations.push(
      ...['ns1', 'ns2', 'ns3'].map(server => `${name} IN NS ${server}.example.`),
      ...(variant.ds ? variant.ds(ds) : ds),
    )
  }
  const parent = sign(
    'example',
    `$ORIGIN example.\n$TTL 300\n@ IN SOA a.example. hostmaster.example. 1 7200 3600 1209600 300\n@ IN NS a.example.\na IN A 192.0.2.1\nns1 IN A 192.0.2.11\nns2 IN A 192.0.2.12\nns3 IN A 192.0.2.13\nmx IN A 192.0.2.25\n${delegations.join('\n')}`,
    {},
  )
  const root = sign(
    '',
    `$ORIGIN .\n$TTL 300\n@ IN SOA a.example. hostmaster.example. 1 7200 3600 1209600 300\n@ IN NS a.example.\nexample. IN NS a.example.\na.example. IN A 192.0.2.1\n${parent.ds.join('\n')}`,
    {},
  )
  anchors = root.ds
  const above = await startBind(join(folder, 'above'), [
    { zone: '', file: put('root.zone', root.lines) },
    { zone: 'example', file: put('example.zone', parent.lines) },
  ])
  servers.push(
    above,
    await startBind(join(folder, 'bind'), zones),
    await startKnot(join(folder, 'knot'), forKnot),
    await startNsd(join(folder, 'nsd'), stale),
  )
  network = networkTo(above.port, {
    '192.0.2.1': above.port,
    '192.0.2.11': servers[1]!.port,
    '192.0.2.12': servers[2]!.port,
    '192.0.2.13': servers[3]!.port,
  })
})

afterAll(async () => {
  await network?.close()
  await Promise.all(servers.map(server => server.stop()))
  rmSync(folder, { recursive: true, force: true })
})

describe('dnssec against BIND, Knot and NSD', () => {
  test.each(Object.entries(variants))('%s', async (name, variant) => {
    const domain = `${name}.example`
    const collection = createCollection({
      target: bareTarget({ domain, hosts: { app: `app.${domain}` } }),
      config: configSchema.parse({ domain, dns: { rootServers: ['192.0.2.1'], trustAnchors: anchors } }),
      net: network,
      env: {},
      signal: new AbortController().signal,
      timeoutMs: 3000,
      now: () => new Date().toISOString(),
    })
    const known = await collection.need('nameServers', domainSubject(domain))
    expect(known.ok && known.value.servers.map(server => [server.name, server.udp.state])).toEqual(
      ['ns1', 'ns2', 'ns3'].map(server => [`${server}.example`, 'answers']),
    )
    const fact = await collection.need('dnssecChain', domainSubject(domain))
    const judged = judge({
      check: dnssec as never,
      subject: domainSubject(domain),
      facts: { dnssecChain: fact },
      now: Date.now(),
      target: bareTarget({ domain }),
      options: {},
      severities: {},
    })
    expect(judged.results.map(result => result.outcome ?? result.reason)).toEqual([variant.expect])
    expect(judged.defect).toBeNull()
    if (variant.onlyNsd) expect(JSON.stringify(judged.findings[0]!.evidence)).toContain('ns3.example')
  })
})
