// A second try of STARTTLS with the versions that clients have given up: tells "only outdated versions" from "broken".

import type { Duplex } from 'node:stream'
import { connect } from 'node:tls'
import type { Clock } from '../../core/clock.ts'
import { type Fact, missing, observed } from '../../core/fact.ts'
import type { CollectContext } from '../definition.ts'

/** Bytes of answers read before STARTTLS; honest servers need a few hundred. */
const answerBytes = 65_536

type Wait = { clock: Clock; timeoutMs: number }

/** Sends a line and waits for the last line of the answer (`250 `). */
const say = (
  socket: Duplex,
  line: string | null,
  code: string,
  { clock, timeoutMs }: Wait,
): Promise<'as expected' | 'other' | 'late'> =>
  new Promise(resolve => {
    let seen = ''
    const finish = (how: 'as expected' | 'other' | 'late'): void => {
      cancel()
      socket.off('data', onData)
      socket.off('close', onEnd)
      socket.off('error', onEnd)
      resolve(how)
    }
    const onEnd = (): void => finish('other')
    const onData = (chunk: Buffer): void => {
      seen += chunk.toString('latin1')
      if (seen.length > answerBytes) finish('other')
      const last = seen.split(/\r?\n/).find(text => /^\d{3}(?: |$)/.test(text))
      if (last !== undefined && seen.endsWith('\n')) finish(last.startsWith(code) ? 'as expected' : 'other')
    }
    const cancel = clock.after(timeoutMs, () => finish('late'))
    socket.on('data', onData)
    socket.on('close', onEnd)
    socket.on('error', onEnd)
    if (line !== null) socket.write(`${line}\r\n`)
  })

/** The version agreed with outdated ones alone; null where the server takes none of them, `late` where it says nothing in time. */
const agree = (
  socket: Duplex,
  host: string,
  { clock, timeoutMs }: Wait,
): Promise<{ version: string | null } | 'late'> =>
  new Promise(resolve => {
    const secured = connect({
      socket,
      servername: host,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL:@SECLEVEL=0',
      rejectUnauthorized: false,
    })
    const end = (how: { version: string | null } | 'late'): void => {
      cancel()
      resolve(how)
    }
    const cancel = clock.after(timeoutMs, () => end('late'))
    secured.once('secureConnect', () => end({ version: secured.getProtocol() }))
    secured.on('error', () => end({ version: null }))
    secured.once('close', () => end({ version: null }))
  })

const greeting: readonly [line: string | null, code: string][] = [
  [null, '220'],
  ['EHLO launch-ready.invalid', '250'],
  ['STARTTLS', '220'],
]

const look = async (net: CollectContext['net'], host: string, timeoutMs: number): Promise<Fact<string | null>> => {
  const { clock } = net.options
  const at = new Date(clock.now()).toISOString()
  const late = missing('timeout', `${host} did not answer in time to an offer of outdated TLS versions`)
  const dialled = await net.dial({ host, port: 25, timeoutMs })
  if (!dialled.ok) return dialled.reason === 'refused' ? observed(null, at) : dialled
  const { socket } = dialled.value
  socket.on('error', () => {})
  try {
    for (const [line, code] of greeting) {
      const said = await say(socket, line, code, { clock, timeoutMs })
      if (said !== 'as expected') return said === 'late' ? late : observed(null, at)
    }
    const agreed = await agree(socket, host, { clock, timeoutMs })
    return agreed === 'late' ? late : observed(agreed.version, at)
  } finally {
    socket.destroy()
  }
}

/** The version agreed when only TLS 1.0 and 1.1 are offered to the server; null when it does not take these either. */
export const legacyStartTls = ({ net, timeoutMs }: CollectContext, host: string): Promise<Fact<string | null>> =>
  net.secondLook({ key: `smtp ${host}`, timeoutMs }, within => look(net, host, within))
