// What one mail server says on port 25: STARTTLS, version, certificate. Port 25 is closed towards many places: said once, as one cause.
import { missing, nameGone, observed } from '../../core/fact.ts'
import type { SmtpProbe } from '../../net/network.ts'
import type { FactDefinition } from '../definition.ts'
import { legacyStartTls } from './legacy-tls.ts'

export type MxSmtp = {
  /** Null when it does not answer although another mail server of the domain does (so the way out is open). */
  probe: SmtpProbe | null
  /** Why there is no probe. */
  message: string | null
  /** The server takes nothing newer than TLS 1.1. */
  obsolete: boolean
  /** The version that a second try with outdated versions agreed on; null when there was none or it failed. */
  legacy: string | null
}

const closed = 'no mail server answers on port 25: the network this runs in lets no mail out'

const fact: FactDefinition<MxSmtp> = {
  on: 'mx-host',
  async collect(subject, context) {
    const mx = await context.need('mx')
    const own = mx.ok ? mx.value.hosts.find(host => host.exchange === subject.name) : undefined
    if (own && own.state !== 'resolves')
      return own.state === 'unknown'
        ? missing('servfail', own.message ?? 'its addresses could not be asked for')
        : nameGone(subject.name, `${subject.name} has no address`)
    if (own?.addresses.every(item => item.private))
      return nameGone(subject.name, `${subject.name} has private addresses only`)
    const probe = await context.net.smtp({ host: subject.name })
    if (probe.ok) {
      const look = probe.value.starttls === 'failed' ? await legacyStartTls(context, subject.name) : null
      if (look && !look.ok) return look
      const legacy = look?.value ?? null
      const obsolete = legacy !== null || ['SSLv3', 'TLSv1', 'TLSv1.1'].includes(probe.value.tls?.version ?? '')
      return observed({ probe: probe.value, message: null, obsolete, legacy }, context.now())
    }
    if (!['timeout', 'unreachable', 'refused'].includes(probe.reason)) return probe
    // Somebody else's silence or ours? A mail server of the domain that does answer settles it.
    const mapped = own?.addresses.some(item => context.net.isMapped(subject.name, item.address, 25)) ?? false
    const others = (mx.ok ? mx.value.hosts : [])
      .filter(host => host.exchange !== subject.name && host.state === 'resolves')
      .slice(0, 3)
    const dialled = await Promise.all(others.map(host => context.net.dial({ host: host.exchange, port: 25 })))
    for (const answer of dialled) if (answer.ok) answer.value.socket.destroy()
    if (mapped || dialled.some(answer => answer.ok))
      return observed({ probe: null, message: probe.message, obsolete: false, legacy: null }, context.now())
    return missing(probe.reason, `${subject.name} does not answer on port 25`, {
      cause: { kind: 'network', lacks: 'port-25', text: closed },
    })
  },
}
export default fact
