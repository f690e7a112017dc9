// Changes to a running world do what they say, and what cannot be done says so.
import { execFileSync } from 'node:child_process'
import { promises as dnsPromises } from 'node:dns'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'

const text = `
name: change
domain: c.example
zones:
  c.example:
    servers: [192.0.2.53, { address: 198.51.100.53, fault: lame }]
    delegation: "@ NS old"
    records: |
      @ NS ns1
      ns1 A 192.0.2.53
      @ TXT v=spf1 a -all
      @ TXT other
      @ A 192.0.2.10
      @ MX 10 Mail.C.Example.
hosts:
  c.example: { http: closed, certificate: expired, routes: { /.env: { body: SECRET=1 }, /: { body: <p>x</p> } } }
files: { .gitignore: "", .env: A=1 }
`
let world: RunningWorld
let resolver: dnsPromises.Resolver
beforeAll(async () => {
  world = await startWorld(loadWorld(text))
  resolver = new dnsPromises.Resolver()
  resolver.setServers([world.resolver])
})
afterAll(() => world.close())

const dns = (action: 'add' | 'replace' | 'remove', type: string, data: string, was?: string) =>
  world.apply({ kind: 'dns', action, name: 'c.example.', type, data, was, ttl: 300 })
const texts = async () => (await resolver.resolveTxt('c.example')).map(strings => strings.join('')).sort()
const hasPort = (rule: string) => world.connectTo.some(item => item.startsWith(rule))

describe('dns', () => {
  test('replace with `was` leaves the rest of the set', async () => {
    await dns('replace', 'TXT', 'v=spf1 -all', 'v=spf1 a -all')
    expect(await texts()).toEqual(['other', 'v=spf1 -all'])
  })
  test('add, and remove in another spelling; the serial goes up', async () => {
    const before = (await resolver.resolveSoa('c.example')).serial
    await dns('add', 'TXT', 'more')
    await dns('remove', 'TXT', '"mo" "re"')
    await dns('remove', 'MX', '10 mail.c.example.')
    expect(await texts()).toEqual(['other', 'v=spf1 -all'])
    await expect(resolver.resolveMx('c.example')).rejects.toMatchObject({ code: 'ENODATA' })
    expect((await resolver.resolveSoa('c.example')).serial).toBe(before + 3)
  })
  test('removing what is not there, or a name of no zone, throws', async () => {
    await expect(dns('remove', 'TXT', 'never')).rejects.toThrow('no record')
    await expect(
      world.apply({ kind: 'dns', action: 'add', name: 'a.other.', type: 'A', data: '192.0.2.1' }),
    ).rejects.toThrow('no zone')
  })
})

describe('settings', () => {
  test('a port is opened', async () => {
    expect(hasPort('192.0.2.10:80:')).toBe(false)
    expect(
      await world.apply({ kind: 'setting', provider: 'web-server', path: 'c.example', value: { listen: 80 } }),
    ).toBe('applied')
    expect(hasPort('192.0.2.10:80:')).toBe(true)
  })
  test('a lame server learns its zone; the registrar lists other servers', async () => {
    await world.apply({
      kind: 'setting',
      provider: 'name-server',
      path: '198.51.100.53',
      value: { serves: 'c.example' },
    })
    const server = new dnsPromises.Resolver()
    server.setServers([
      `127.0.0.1:${world.connectTo
        .find(rule => rule.startsWith('198.51.100.53:53:'))!
        .split(':')
        .at(-1)}`,
    ])
    expect(await server.resolve4('c.example')).toEqual(['192.0.2.10'])
    await world.apply({
      kind: 'setting',
      provider: 'registrar',
      path: 'c.example/nameservers',
      value: ['ns1.c.example'],
    })
    const parent = new dnsPromises.Resolver()
    parent.setServers([
      `127.0.0.1:${world.connectTo
        .find(rule => rule.startsWith('192.0.2.250:53:'))!
        .split(':')
        .at(-1)}`,
    ])
    // A referral has no answer section: node:dns says ENODATA, so the glue is asked for.
    await expect(parent.resolveNs('c.example')).rejects.toMatchObject({ code: 'ENODATA' })
  })
  test('what the lab does not know throws', async () => {
    await expect(world.apply({ kind: 'setting', provider: 'nobody', path: 'x', value: 1 })).rejects.toThrow(
      'no provider nobody',
    )
    await expect(world.apply({ kind: 'setting', provider: 'tls', path: 'c.example/colour', value: 1 })).rejects.toThrow(
      'no TLS setting',
    )
    await expect(
      world.apply({ kind: 'http-header', action: 'set', host: 'z.example', name: 'a', value: 'b' }),
    ).rejects.toThrow('no host z.example')
  })
})

describe('files, commands, steps', () => {
  test('a file is written, patched and committed; what becomes ignored leaves the index', async () => {
    await world.apply({ kind: 'file', path: '.gitignore', content: '.env\n' })
    await world.apply({ kind: 'file', path: 'note.txt', content: 'one\n' })
    await world.apply({
      kind: 'file',
      path: 'note.txt',
      patch: '--- a/note.txt\n+++ b/note.txt\n@@ -1 +1 @@\n-one\n+two\n',
    })
    expect(readFileSync(`${world.repo}/note.txt`, 'utf8')).toBe('two\n')
    expect(execFileSync('git', ['ls-files'], { cwd: world.repo!, encoding: 'utf8' }).trim().split('\n')).toEqual([
      '.gitignore',
      'note.txt',
    ])
    await expect(world.apply({ kind: 'file', path: '../x', content: '' })).rejects.toThrow('outside')
  })
  test('commands and manual steps are not done, and said so', async () => {
    expect(await world.apply({ kind: 'command', run: 'rm -rf /' })).toBe('command')
    expect(await world.apply({ kind: 'manual', step: 'call somebody' })).toBe('manual')
  })
})
