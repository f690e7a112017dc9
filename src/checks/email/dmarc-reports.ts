// Whether DMARC reports reach somebody.
import { defineCheck, high, low, medium, pass } from '../../core/check.ts'
import { dnsEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fact } from '../../core/fact.ts'
import type { DmarcReports } from '../../facts/email/dmarc-reports.ts'
import { example as sound } from '../../facts/email/report-targets.example.ts'
import {
  arrivalFault,
  describeTarget,
  isLost,
  isUnasked,
  type ReportTargets,
  withReports,
} from '../../formats/dmarc/report-addresses.ts'
import { emailSectionOf, sendsNothing } from '../../formats/mail/direction.ts'
import { inWords } from '../../formats/mail/in-words.ts'
import { replaceReports, traceReports } from './mail-fixes.ts'

type Data = {
  found: ReportTargets
  at: string
  count: number
  wanted: string
  address: string
  target: string
  /** Where the other domain would have to agree; empty where that is not the matter. */
  authorisation: string
  place: string
  since: string
}

const open = (unknown: string) => ({ unknown, couldBe: 'medium' as const })

/** Whether reports arrive where the config says that they do. */
const arrival = (read: Fact<DmarcReports>, now: number, data: Data) => {
  if (!read.ok && read.because !== undefined) return []
  if (!read.ok) return [open(`whether reports arrive could not be told: ${read.message}`)]
  const { place, files, summary, newest } = read.value
  const fault = arrivalFault(read.value, now)
  if (!fault) return []
  if ('unknown' in fault) return [open(fault.unknown)]
  const address = data.found.targets.find(item => item.tag === 'rua')?.address ?? 'the address in rua'
  const last = newest ? `the last one of ${newest.slice(0, 10)}` : 'none'
  const evidence = [
    dnsEvidence(`_dmarc.${data.at}`, 'TXT', data.found.record),
    textEvidence(place, `${files} looked into, ${summary.reports} reports of this domain, ${last}`),
  ]
  return [{ outcome: 'not-arriving' as const, data: { ...data, place, since: fault.since, address }, evidence }]
}

export default defineCheck<Data>()({
  id: 'dmarc-reports',
  stage: 'email',
  on: 'domain',
  title: 'DMARC reports reach somebody',
  why: 'Reports are the only way to see which of your own mails fail before you refuse them. Receivers send reports to another domain only when that domain says so at <yours>._report._dmarc.<theirs> (RFC 9990 §4); to a domain without a mail server they cannot send at all. More than two addresses are often cut. Where the config leads to the reports (email.reports), the newest is at most a week old.',
  impact: { journey: 'email', owner: 'You cannot see which of your own mails fail before you have them refused.' },
  needs: ['reportTargets'],
  wants: ['mx', 'spf', 'dmarcReports'],
  outcomes: {
    'no-address': medium('Nobody receives the DMARC reports of {at}', replaceReports),
    unauthorised: high('{target} has not agreed to receive your DMARC reports', replaceReports),
    'address-without-mail': high('DMARC reports go to {target}, which has no mail server', replaceReports),
    'not-arriving': medium('No DMARC report has arrived in {place} {since}', traceReports),
    'too-many': low('DMARC reports go to {count} addresses; many stop at two', replaceReports, {
      why: 'Receivers that stop at two send nothing to the other addresses.',
    }),
    received: pass('DMARC reports have an address that takes mail'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.7',
    'https://www.rfc-editor.org/rfc/rfc9990#section-4',
    'https://www.rfc-editor.org/rfc/rfc7489#section-7.1',
  ],
  judge: ({ reportTargets: found, mx, spf, dmarcReports: read }, { subject, target, now }) => {
    const { at, rua, targets, record } = found
    const bare = { found, at, count: rua, address: '', target: '', authorisation: '', place: '', since: '' }
    if (rua === 0 && sendsNothing(target, spf))
      return { skip: 'this domain sends no mail, so there is nothing to report' }
    const receives = mx.ok && mx.value.hosts.some(host => host.state === 'resolves')
    const own = receives ? `mailto:dmarc@${subject.name}` : null
    const data: Data = { ...bare, wanted: withReports(found, item => !isLost(item), own) }
    const two = withReports(found, (item, place) => !isLost(item) && place < 2, own)
    const evidence = [
      dnsEvidence(`_dmarc.${at}`, 'TXT', record),
      ...targets.map(item => textEvidence(`${item.tag} ${item.address}`, describeTarget(item))),
    ]
    const lost = targets.filter(isLost).map(({ tag, address, domain, authorisation, receives: takesMail }) => ({
      outcome: takesMail === false ? ('address-without-mail' as const) : ('unauthorised' as const),
      key: `${tag} ${address}`,
      data: { ...data, address, target: domain, authorisation: (takesMail !== false && authorisation) || '' },
      evidence,
    }))
    // Where no address takes reports, none arrive: that is reported already.
    const isLed = emailSectionOf(target).reports !== undefined && lost.length === 0 && rua > 0
    const list = [
      ...(rua === 0 ? [{ outcome: 'no-address' as const, data, evidence }] : []),
      ...lost,
      ...(rua > 2 ? [{ outcome: 'too-many' as const, data: { ...data, wanted: two }, evidence }] : []),
      ...targets.filter(isUnasked).map(item => ({
        unknown: `whether ${item.domain} takes your reports could not be asked for`,
        couldBe: 'high' as const,
      })),
      ...(isLed ? arrival(read, now, data) : []),
    ]
    const address = inWords(targets.map(item => item.address))
    return list.length ? list : { outcome: 'received', data: { ...data, address }, evidence }
  },
  examples: [
    { name: 'an address of the domain itself', facts: {}, expect: 'received' },
    {
      name: 'no address',
      facts: { reportTargets: { ...sound, record: 'v=DMARC1; p=reject', rua: 0, targets: [] } },
      expect: 'no-address',
    },
  ],
})
