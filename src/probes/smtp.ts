// A mail server that greets, and encrypts with a certificate that verifies.
import { textEvidence } from '../core/evidence.ts'
import type { Network } from '../net/network.ts'
import { failed, ofMissing, ok, type ProbeResult } from './probe.ts'

export type SmtpProbeRequest = {
  host: string
  /** 25 unless given. */
  port?: number
  address?: string
  /** What STARTTLS must give: nothing unless given, `encrypted`, or `verified` with a certificate for the host. */
  tls?: 'encrypted' | 'verified'
}

/** Greets, asks, tries STARTTLS and quits; sends no mail. */
export const probeSmtp = async ({ tls: wanted, ...request }: SmtpProbeRequest, net: Network): Promise<ProbeResult> => {
  const { clock } = net.options
  const started = clock.elapsed()
  const probe = await net.smtp(request)
  if (!probe.ok) return ofMissing(probe)
  const { starttls, tls, banner, address } = probe.value
  const where = `${request.host}:${request.port ?? 25}`
  const evidence = [textEvidence(where, `${address}: ${banner}`), textEvidence('STARTTLS', starttls)]
  const seen = { latencyMs: clock.elapsed() - started, evidence }
  if (wanted && starttls !== 'ok') return failed(`STARTTLS is ${starttls.replace('-', ' ')}`, seen)
  if (wanted === 'verified' && !tls?.authorized)
    return failed(`the certificate does not verify (${tls?.error ?? 'none was sent'})`, seen)
  return ok(tls ? `greets, ${tls.version}` : 'greets', seen)
}
