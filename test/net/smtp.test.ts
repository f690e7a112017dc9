import type { Socket } from 'node:net'
import tls from 'node:tls'
import { describe, expect, it } from 'vitest'
import { parseConnectTo } from '../../src/net/connect-to.ts'
import type { NetworkOptions } from '../../src/net/network.ts'
import { leaf, testRoot } from '../support/certificates.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { makeNetwork, tcpServer, until } from './support.ts'

const certificate = leaf(['mx.example'])

/** Answers each command by its verb; `null` closes the connection. */
const mailServer = (answers: Record<string, string | null>, banner = '220 mx.example ESMTP\r\n', seen: string[] = []) =>
  tcpServer(socket => {
    socket.write(banner)
    let text = ''
    const onData = (chunk: Buffer) => {
      text += chunk.toString()
      for (let at = text.indexOf('\r\n'); at >= 0; at = text.indexOf('\r\n')) {
        const line = text.slice(0, at)
        text = text.slice(at + 2)
        seen.push(line)
        const verb = line.split(' ')[0]!
        const answer = answers[verb]
        if (answer === null) return void socket.destroy()
        if (answer !== undefined) socket.write(answer)
        if (verb === 'STARTTLS' && answer?.startsWith('220 ') && certificate) {
          socket.off('data', onData)
          const secure = new tls.TLSSocket(socket as Socket, { isServer: true, ...certificate })
          secure.on('error', () => {})
          secure.on('data', data => seen.push(`tls:${data.toString().trim()}`))
        }
      }
    }
    socket.on('data', onData)
  })

const probe = async (server: { port: number }, given: Partial<NetworkOptions> = {}) =>
  makeNetwork({
    connectTo: [parseConnectTo(`mx.example:25:127.0.0.1:${server.port}`)],
    ca: [testRoot],
    timeoutMs: 600,
    ...given,
  }).smtp({ host: 'mx.example' })

const ehlo = '250-mx.example\r\n250-size 1000\r\n250-STARTTLS\r\n250 8BITMIME\r\n'

describe('smtp', () => {
  it('sees banner, extensions and the chain behind STARTTLS, and sends no mail', async () => {
    const seen: string[] = []
    const got = await probe(
      await mailServer({ EHLO: ehlo, STARTTLS: '220 go\r\n' }, '220-hello\r\n220 mx.example ESMTP\r\n', seen),
    )
    expect(got).toMatchObject({
      ok: true,
      value: {
        banner: 'hello\nmx.example ESMTP',
        extensions: ['SIZE 1000', 'STARTTLS', '8BITMIME'],
        starttls: 'ok',
        tls: { version: 'TLSv1.3', authorized: true, error: null },
      },
    })
    expect(got.ok && got.value.tls!.chain.length).toBeGreaterThanOrEqual(2)
    expect(seen.slice(0, 2)).toEqual(['EHLO [127.0.0.1]', 'STARTTLS'])
    expect(seen.some(line => /MAIL|RCPT|DATA/.test(line))).toBe(false)
  })
  it('tells a certificate that does not verify', async () => {
    expect(await probe(await mailServer({ EHLO: ehlo, STARTTLS: '220 go\r\n' }), { ca: [] })).toMatchObject({
      ok: true,
      value: { starttls: 'ok', tls: { authorized: false, error: expect.any(String) } },
    })
  })
  it.each([
    [{ EHLO: '250 mx.example\r\n' }, 'not-offered'],
    [{ EHLO: '502 what\r\n' }, 'not-offered'],
    [{ EHLO: ehlo, STARTTLS: '454 not now\r\n' }, 'refused'],
    [{ EHLO: ehlo, STARTTLS: null }, 'failed'],
    [{ EHLO: ehlo, STARTTLS: '220 go\r\n250 injected\r\n' }, 'failed'],
  ])('%j is STARTTLS %s', async (answers, starttls) => {
    expect(await probe(await mailServer(answers))).toMatchObject({ ok: true, value: { starttls, tls: null } })
  })
  it('names why there is no conversation', async () => {
    expect(await probe({ port: 1 })).toMatchObject({ ok: false, reason: 'refused' })
    expect(await probe(await mailServer({}, '554 go away\r\n'))).toMatchObject({ ok: false, reason: 'refused' })
    expect(await probe(await mailServer({}, 'HTTP/1.1 400 Bad\r\n'))).toMatchObject({ ok: false, reason: 'malformed' })
    expect(await probe(await mailServer({ EHLO: null }))).toMatchObject({ ok: false, reason: 'unreachable' })
  })
  it('bounds lines, replies and time', async () => {
    expect(await probe(await mailServer({}, `220 ${'x'.repeat(5_000)}`))).toMatchObject({
      ok: false,
      reason: 'too-large',
    })
    expect(await probe(await mailServer({ EHLO: '250-x\r\n'.repeat(500) }))).toMatchObject({
      ok: false,
      reason: 'too-large',
    })
    const clock = fakeClock()
    const silent = await mailServer({}, '')
    const result = probe(silent, { clock })
    await until(() => silent.connections() === 1)
    await clock.turn(600)
    await until(() => silent.connections() === 2)
    await clock.turn(1_200)
    expect(await result).toMatchObject({ ok: false, reason: 'timeout' })
  })
  it('ends at once when the run is interrupted', async () => {
    const controller = new AbortController()
    const clock = fakeClock()
    const silent = await mailServer({}, '')
    const result = probe(silent, { clock, signal: controller.signal })
    await until(() => silent.connections() === 1)
    controller.abort()
    expect(await result).toMatchObject({ ok: false, reason: 'internal', message: 'interrupted' })
    expect(clock.elapsed()).toBe(0)
  })
})
