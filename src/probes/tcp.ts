// A port that takes connections.
import { textEvidence } from '../core/evidence.ts'
import type { DialRequest, Network } from '../net/network.ts'
import { ofMissing, ok, type ProbeResult } from './probe.ts'

/** Connects and hangs up. */
export const probeTcp = async (request: DialRequest, net: Network): Promise<ProbeResult> => {
  const dialled = await net.dial(request)
  if (!dialled.ok) return ofMissing(dialled)
  const { socket, address, port, elapsedMs } = dialled.value
  socket.destroy()
  const evidence = [textEvidence(`${request.host}:${port}`, `${address} takes connections`)]
  return ok(`connected in ${Math.round(elapsedMs)} ms`, { latencyMs: elapsedMs, evidence })
}
