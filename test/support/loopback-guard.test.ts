// The guard itself: what it lets through, and what it refuses in each way that a socket may be opened.
import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import dns from 'node:dns'
import { once } from 'node:events'
import http from 'node:http'
import { type AddressInfo, connect, createServer } from 'node:net'
import tls from 'node:tls'
import { expect, it, onTestFinished } from 'vitest'
import { isHere, refused } from './loopback-guard.ts'

const beyond = /goes beyond this machine/
/** The refusals of this test are what it looks for. */
const refusals = (): string[] => refused.splice(0)

it.each([
  ['127.0.0.1', true],
  ['127.9.8.7', true],
  ['::1', true],
  ['[::1]', true],
  ['localhost', true],
  ['app.localhost', true],
  ['::ffff:127.0.0.1', true],
  ['1.127.0.0', false],
  ['192.0.2.1', false],
  ['10.0.0.1', false],
  ['169.254.169.254', false],
  ['2001:db8::1', false],
  ['example.com', false],
  ['localhost.example.com', false],
  ['127.0.0.1.example.com', false],
])('%s is here: %s', (host, here) => {
  expect(isHere(host)).toBe(here)
})

it('refuses connections, however they are written', () => {
  expect(() => connect(80, '192.0.2.1')).toThrow(beyond)
  expect(() => connect({ port: 80, host: 'example.com' })).toThrow(beyond)
  expect(() => tls.connect(443, '192.0.2.1')).toThrow(beyond)
  expect(() => tls.connect({ port: 443, host: '2001:db8::1' })).toThrow(beyond)
  expect(refusals()).toEqual(['192.0.2.1:80', 'example.com:80', '192.0.2.1:443', '2001:db8::1:443'])
})

it('refuses what HTTP clients open', async () => {
  await expect(fetch('http://192.0.2.1/')).rejects.toThrow()
  await expect(
    new Promise((_, reject) => {
      http.get('http://198.51.100.2/').on('error', reject)
    }),
  ).rejects.toThrow(beyond)
  expect(refusals().map(where => where.replace(/:\d*$/, ''))).toEqual(['192.0.2.1', '198.51.100.2'])
})

it('refuses datagrams and look-ups', async () => {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  expect(() => socket.send('x', 53, '192.0.2.53')).toThrow(beyond)
  expect(() => socket.connect(53, '192.0.2.53')).toThrow(beyond)
  expect(() => dns.lookup('example.com', () => {})).toThrow(beyond)
  expect(() => dns.promises.lookup('example.com')).toThrow(beyond)
  expect(refusals()).toEqual(['192.0.2.53:53', '192.0.2.53:53', 'example.com:dns', 'example.com:dns'])
  expect(dns.getServers()).toEqual(['127.0.0.1:1'])
})

it('lets this machine through', async () => {
  const server = createServer(socket => socket.end('here')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  for (const socket of [connect(port, '127.0.0.1'), connect({ port, host: 'localhost', family: 4 })]) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    expect(chunk.toString()).toBe('here')
  }
  expect(refusals()).toEqual([])
})

it('holds in the processes that a test starts', () => {
  const script = "try { require('node:net').connect(80, '192.0.2.1') } catch (error) { console.log(error.message) }"
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' })
  expect([stdout, stderr]).toEqual([expect.stringMatching(beyond), ''])
})
