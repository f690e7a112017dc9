// The dns section of the config: what cannot be meant is refused before anything is asked.
import { expect, test } from 'vitest'
import { configSchema } from '../../src/config/schema.ts'

const faults = (dns: object): string[] => {
  const parsed = configSchema.safeParse({ domain: 'example.com', dns })
  return parsed.success ? [] : parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
}

test('trust anchors are DS or DNSKEY records, in any usual form', () => {
  const digest = 'E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D'
  for (const anchor of [
    `. IN DS 20326 8 2 ${digest}`,
    `example.com. 3600 IN DS 1 13 2 ${digest.slice(0, 56)} ${digest.slice(56)}`,
    'example.com DNSKEY 257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0d',
  ])
    expect(faults({ trustAnchors: [anchor] })).toEqual([])
  expect(faults({ trustAnchors: ['nonsense'] })[0]).toMatch(/^dns\.trustAnchors\.0: expected a DS or DNSKEY record/)
})

test('root servers are addresses', () => {
  expect(faults({ rootServers: ['198.41.0.4', '2001:503:ba3e::2:30'] })).toEqual([])
  expect(faults({ rootServers: ['a.root-servers.net'] })).toEqual([
    'dns.rootServers.0: expected an address such as 198.41.0.4',
  ])
})

test('expected records have a whole name and a type', () => {
  for (const key of ['www.example.com CNAME', 'WWW.Example.com. a', '_dmarc.example.com TXT', 'example.com TYPE65280'])
    expect(faults({ expected: { [key]: 'x' } })).toEqual([])
  for (const key of ['www.example.com', 'www CNAME', 'www.example.com FOO'])
    expect(faults({ expected: { [key]: 'x' } })).toHaveLength(1)
})
