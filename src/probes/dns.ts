// A name that resolves, to what it should.
import { recordsEvidence } from '../core/evidence.ts'
import type { Network } from '../net/network.ts'
import { failed, ofMissing, ok, type ProbeResult } from './probe.ts'

export type DnsProbeRequest = {
  name: string
  /** Mnemonic: A, AAAA, MX, TXT … */
  type: string
  /** Data of the records in presentation format, in any order; any unless given. */
  expect?: readonly string[]
}

const normal = (data: string): string => data.toLowerCase().replace(/\.$/, '')

/** Asks the resolver; its answers are kept for the network's life, so each look needs a network of its own. */
export const probeDns = async ({ name, type, expect }: DnsProbeRequest, net: Network): Promise<ProbeResult> => {
  const started = net.options.clock.elapsed()
  const found = await net.dns.lookup(name, type)
  const latencyMs = net.options.clock.elapsed() - started
  if (!found.ok) return ofMissing(found)
  const { status, records } = found.value
  const values = records.map(record => record.data)
  const seen = { latencyMs, evidence: recordsEvidence(name, type, values) }
  if (status === 'NXDOMAIN') return failed(`${name} does not exist`, seen)
  if (status === 'NODATA') return failed(`${name} has no ${type} record`, seen)
  const [is, should] = [values, expect ?? values].map(list => list.map(normal).sort().join(', '))
  if (is !== should) return failed(`${name} ${type} is ${is}, expected ${should}`, seen)
  return ok(`${values.length} ${values.length === 1 ? 'record' : 'records'}`, seen)
}
