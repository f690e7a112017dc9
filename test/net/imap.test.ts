// What keeps a mailbox from being read: silence, an interrupt, a certificate that does not verify before anything was sent.
import tls from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parseConnectTo } from '../../src/net/connect-to.ts'
import { type ImapRequest, openImap } from '../../src/net/imap.ts'
import type { NetworkOptions } from '../../src/net/network.ts'
import { leaf, testRoot } from '../support/certificates.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { makeNetwork, tcpServer, until } from './support.ts'

const request = (given: Partial<ImapRequest> = {}): ImapRequest => ({
  host: 'imap.example',
  port: 143,
  secure: false,
  user: 'canary@example.com',
  password: 'never-in-the-clear',
  plaintext: false,
  ...given,
})
const open = (port: number, given: Partial<NetworkOptions> = {}, asked: Partial<ImapRequest> = {}) =>
  openImap(
    makeNetwork({
      connectTo: [parseConnectTo(`imap.example::127.0.0.1:${port}`)],
      timeoutMs: 60_000,
      ca: [testRoot],
      ...given,
    }),
    request(asked),
  )

describe('a mailbox', () => {
  it('that never greets costs three deadlines of the clock', async () => {
    const clock = fakeClock()
    const silent = await tcpServer(() => {})
    const opened = open(silent.port, { clock })
    await until(() => silent.connections() === 1)
    // Its library is loaded meanwhile, however long that takes.
    let isOver = false
    void opened.then(() => {
      isOver = true
    })
    while (!isOver) await clock.turn(180_000)
    expect(await opened).toMatchObject({ ok: false, reason: 'timeout', message: 'imap.example:143 does not answer' })
  })

  it('is left at once when the run is interrupted', async () => {
    const clock = fakeClock()
    const controller = new AbortController()
    const silent = await tcpServer(() => {})
    const opened = open(silent.port, { clock, signal: controller.signal })
    await until(() => silent.connections() === 1)
    controller.abort()
    expect(await opened).toMatchObject({ ok: false })
    expect(clock.elapsed()).toBe(0)
  })

  it.each([
    ['of another name', ['other.example'], [testRoot], /ERR_TLS_CERT_ALTNAME_INVALID/],
    ['of an unknown root', ['imap.example'], [], /UNABLE_TO/],
  ])('behind a certificate %s is sent nothing', async (_, names, ca, message) => {
    let seen = ''
    const server = tls.createServer(leaf(names), socket => {
      socket.on('error', () => {})
      socket.on('data', chunk => {
        seen += chunk
      })
      socket.write('* OK ready\r\n')
    })
    server.on('tlsClientError', () => {})
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    expect(await open(port, { ca }, { secure: true, port: 993 })).toMatchObject({
      ok: false,
      reason: 'tls-handshake',
      message: expect.stringMatching(message),
    })
    expect(seen).toBe('')
  })

  it('that speaks another protocol, refuses, or hangs up says so', async () => {
    const hangsUp = await tcpServer(socket => void socket.end('* BYE busy\r\n'))
    expect(await open(hangsUp.port)).toMatchObject({ ok: false })
    expect(await open(1)).toMatchObject({ ok: false, reason: 'refused' })
  })
})
