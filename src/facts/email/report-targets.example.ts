// Where the DMARC reports of a sound domain go.
import type { ReportTarget, ReportTargets } from '../../formats/dmarc/report-addresses.ts'

/** An address of the domain itself, with what is given changed. */
export const reportTargetWith = (given: Partial<ReportTarget> = {}): ReportTarget => ({
  tag: 'rua',
  address: 'dmarc@coachdash.example',
  domain: 'coachdash.example',
  external: false,
  authorised: null,
  authorisation: null,
  receives: true,
  ...given,
})

/** One address, which takes mail. */
export const example: ReportTargets = {
  record: 'v=DMARC1; p=reject; rua=mailto:dmarc@coachdash.example',
  at: 'coachdash.example',
  alias: null,
  rua: 1,
  targets: [reportTargetWith()],
}

/** An address at a report service that has not agreed to receive the reports of this domain. */
export const unauthorised: ReportTarget = reportTargetWith({
  address: 'x@reports.example',
  domain: 'reports.example',
  external: true,
  authorised: false,
  authorisation: 'coachdash.example._report._dmarc.reports.example',
})
