// A sound TLS-RPT record.
import type { TlsRpt } from './tls-rpt.ts'

/** Reports go to a mailbox of the domain. */
export const example: TlsRpt = {
  texts: ['v=TLSRPTv1; rua=mailto:tls@coachdash.example'],
  record: { rua: ['mailto:tls@coachdash.example'], faults: [] },
}
