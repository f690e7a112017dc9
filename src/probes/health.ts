// An address that a product answers itself with whether it is well: status and a mark in the body.
import type { Network } from '../net/network.ts'
import { answerOf, isResult, ok, type ProbeResult, seenIn, unexpected, within } from './probe.ts'

export type HealthRequest = {
  url: string
  headers?: Readonly<Record<string, string>> | undefined
  /** 200 unless given. */
  expectStatus?: number | undefined
  /** Text that the body must hold. */
  expectBody?: string | undefined
}

/** Asks once; redirects are not followed: an API that redirects is not well. */
export const probeHealth = async (request: HealthRequest, net: Network): Promise<ProbeResult> => {
  const { url, expectStatus = 200, expectBody } = request
  const answer = await answerOf(net, { url, headers: { accept: 'application/json', ...request.headers } })
  if (isResult(answer)) return answer
  const { hop } = answer
  if (hop.status !== expectStatus) return unexpected(`${within(hop)}, expected ${expectStatus}`, answer)
  return expectBody === undefined || hop.body.includes(expectBody)
    ? ok(within(hop), seenIn(answer))
    : unexpected(`${within(hop)}, but the answer lacks "${expectBody}"`, answer)
}
