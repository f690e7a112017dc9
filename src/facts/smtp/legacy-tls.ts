// A second try of STARTTLS with the versions that clients have given up: tells "only outdated versions" from "broken".

import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import type { Network } from '../../net/network.ts'

/** Bytes of answers read before STARTTLS; honest servers need a few hundred. */
const answerBytes = 65_536

/** Sends a line and waits for the last line of the answer (`250 `). Null when the answer is not as expected or does not come. */
const say = (socket: Duplex, line: string | null, code: string, timeoutMs: number): Promise<boolean> =>
  new Promise(resolve => {
    let seen = ''
    const finish = (ok: boolean): void => {
      clearTimeout(timer)
      socket.off('data', onData)
      socket.off('close', onEnd)
      socket.off('error', onEnd)
      resolve(ok)
    }
    const onEnd = (): void => finish(false)
    const onData = (chunk: Buffer): void => {
      seen += chunk.toString('latin1')
      if (seen.length > answerBytes) finish(false)
      const last = seen.split(/\r?\n/).find(text => /^\d{3}(?: |$)/.test(text))
      if (last !== undefined && seen.endsWith('\n')) finish(last.startsWith(code))
    }
    const timer = setTimeout(onEnd, timeoutMs)
    socket.on('data', onData)
    socket.on('close', onEnd)
    socket.on('error', onEnd)
    if (line !== null) socket.write(`${line}\r\n`)
  })

/** The version agreed when only TLS 1.0 and 1.1 are offered to the server; null when it does not take these either. */
export const legacyStartTls = async (net: Network, host: string, timeoutMs: number): Promise<string | null> => {
  const dialled = await net.dial({ host, port: 25, timeoutMs })
  if (!dialled.ok) return null
  const { socket } = dialled.value
  socket.on('error', () => {})
  try {
    const ready =
      (await say(socket, null, '220', timeoutMs)) &&
      (await say(socket, 'EHLO launch-ready.invalid', '250', timeoutMs)) &&
      (await say(socket, 'STARTTLS', '220', timeoutMs))
    if (!ready) return null
    return await new Promise<string | null>(resolve => {
      const secured = connect({
        socket,
        servername: host,
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'ALL:@SECLEVEL=0',
        rejectUnauthorized: false,
      })
      const timer = setTimeout(() => resolve(null), timeoutMs)
      secured.once('secureConnect', () => resolve(secured.getProtocol()))
      secured.once('error', () => resolve(null))
      secured.once('close', () => {
        clearTimeout(timer)
        resolve(null)
      })
    })
  } finally {
    socket.destroy()
  }
}
