// A certificate that a client trusts, and that does not end soon.
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { certificateEvidence } from '../core/evidence.ts'
import { hostPort } from '../net/connect-to.ts'
import { createLife } from '../net/life.ts'
import type { Network } from '../net/network.ts'
import { authorizationErrorOf, createRoots, startTls } from '../net/tls-client.ts'
import { failed, ofMissing, ok, type ProbeResult } from './probe.ts'

export type TlsProbeRequest = {
  host: string
  /** 443 unless given. */
  port?: number
  /** One address of the host; else it is resolved. */
  address?: string
  /** Whole days that the certificate must still be valid; 0 unless given. */
  minDays?: number
}

const dayMs = 86_400_000

const judge = ({ host, port = 443, minDays = 0 }: TlsProbeRequest, socket: TLSSocket, ms: number, now: number) => {
  const { valid_to, issuer } = socket.getPeerCertificate()
  const fault = authorizationErrorOf(socket)
  const days = Math.floor((Date.parse(valid_to) - now) / dayMs)
  const until = `valid until ${new Date(valid_to).toISOString().slice(0, 10)}`
  const evidence = [
    certificateEvidence(host, `certificate of ${host}`, `${until}, issued by ${issuer?.O ?? issuer?.CN ?? '?'}`, port),
  ]
  const seen = { latencyMs: ms, evidence }
  if (fault !== null) return failed(`the certificate does not verify (${fault})`, seen)
  if (days < minDays) return failed(`the certificate ends in ${days} ${days === 1 ? 'day' : 'days'}`, seen)
  return ok(`${socket.getProtocol()}, ${until}`, seen)
}

/** One handshake with the roots of the network; the clock's day counts. */
export const probeTls = async (request: TlsProbeRequest, net: Network): Promise<ProbeResult> => {
  const { host, port = 443, address } = request
  const { timeoutMs, ca, signal, clock } = net.options
  const dialled = await net.dial({ host, port, ...(address === undefined ? {} : { address }) })
  if (!dialled.ok) return ofMissing(dialled)
  const life = createLife(signal)
  const secured = await startTls({
    socket: dialled.value.socket as Socket,
    host,
    secureContext: createRoots(ca)(),
    alpn: [],
    timeoutMs,
    life,
    clock,
    where: hostPort(host, port),
  })
  if (!secured.ok) {
    life.end()
    return ofMissing(secured)
  }
  const { socket, tlsMs } = secured.value
  const verdict = judge(request, socket, dialled.value.elapsedMs + tlsMs, clock.now())
  socket.destroy()
  life.end()
  return verdict
}
