import { defineCheck } from '../../core/check.ts'
import type { Fact } from '../../core/fact.ts'
import type { DmarcReports } from '../../facts/email/dmarc-reports.ts'
import type { ReportTarget, ReportTargets } from '../../facts/email/report-targets.ts'
import { parseDmarc, rewriteDmarc } from '../../formats/dmarc/dmarc.ts'
import {
  dmarcChange,
  emailSectionOf,
  evidence,
  type Held,
  inWords,
  manual,
  recordFix,
  sendsNothing,
} from './mail-records.ts'

type Data = {
  alias: string | null
  place: string
  since: string
  at: string
  text: string
  address: string
  target: string
  authorisation: string
  wanted: string
  count: number
}

const replace = (held: Data) =>
  held.wanted && held.wanted !== held.text
    ? recordFix(
        `Send the reports to an address that receives them`,
        [dmarcChange(held.at, held.wanted, held.text, held.alias)],
        10,
        held.authorisation
          ? [`Or ask the owner of ${held.target} to publish TXT "v=DMARC1" at ${held.authorisation}`]
          : [],
      )
    : recordFix(
        'Give reports a mailbox',
        [manual('Make a mailbox for reports (dmarc@ your domain), or take a report service, and name it in rua=')],
        20,
      )

export default defineCheck<Data>()({
  id: 'dmarc-reports',
  stage: 'email',
  on: 'domain',
  title: 'DMARC reports reach somebody',
  why: 'Reports are the only way to see which of your own mails fail before you refuse them. Receivers send reports to another domain only when that domain says so at <yours>._report._dmarc.<theirs> (RFC 9990 §4); to a domain without a mail server they cannot send at all. More than two addresses are often cut. Where the config leads to the reports (email.reports), the newest is at most a week old.',
  impact: { journey: 'email', owner: 'You would refuse your own mails without ever seeing it.' },
  needs: ['reportTargets'],
  wants: ['mx', 'spf', 'dmarcReports'],
  outcomes: {
    'no-address': {
      status: 'fail',
      severity: 'medium',
      title: 'Nobody receives the DMARC reports of {at}',
      fix: replace,
    },
    unauthorised: {
      status: 'fail',
      severity: 'high',
      title: '{target} has not agreed to receive your DMARC reports',
      fix: replace,
    },
    'address-without-mail': {
      status: 'fail',
      severity: 'high',
      title: 'DMARC reports go to {target}, which has no mail server',
      fix: replace,
    },
    'not-arriving': {
      status: 'fail',
      severity: 'medium',
      title: 'No DMARC report has arrived in {place} {since}',
      fix: data =>
        recordFix(
          'Find out where the reports go',
          [
            manual(
              `Send a mail to ${data.address} and see whether it arrives in ${data.place}; repair the mailbox, its forwarding or the filter that files the reports`,
            ),
          ],
          20,
          [
            'Receivers send reports once a day, and only while mail in your name reaches them; two days after the record was published the first ones are there.',
            `What ${data.address} receives has to get to ${data.place}: the same mailbox, or a program that saves its attachments there.`,
          ],
        ),
    },
    'too-many': {
      status: 'fail',
      severity: 'low',
      title: 'DMARC reports go to {count} addresses; many stop at two',
      fix: replace,
    },
    received: { status: 'pass', title: 'DMARC reports have an address that takes mail' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc9989#section-4.7',
    'https://www.rfc-editor.org/rfc/rfc9990#section-4',
    'https://www.rfc-editor.org/rfc/rfc7489#section-7.1',
  ],
  judge: ({ reportTargets: found, mx, spf, dmarcReports: read }, { subject, target, now }) => {
    const receives = mx.ok && mx.value.hosts.some(host => host.state === 'resolves')
    const own = receives ? `mailto:dmarc@${subject.name}` : null
    const data = dataOf(found)
    const seen = [
      evidence(`_dmarc.${found.at} TXT`, found.record),
      ...found.targets.map(item => evidence(`${item.tag} ${item.address}`, describe(item))),
    ]
    if (found.rua === 0 && sendsNothing(target, spf))
      return { skip: 'this domain sends no mail, so there is nothing to report' }
    const bad = found.targets.filter(item => item.authorised === false || item.receives === false)
    const wanted = withReports(found, item => !bad.includes(item), own)
    const two = withReports(found, (item, at) => !bad.includes(item) && at < 2, own)
    const list: Held<Outcome, Data>[] = [
      ...(found.rua === 0 ? [{ outcome: 'no-address' as const, data: { ...data, wanted }, evidence: seen }] : []),
      ...bad.map(item => ({ ...badTarget(item, data, wanted), evidence: seen })),
      ...(found.rua > 2 ? [{ outcome: 'too-many' as const, data: { ...data, wanted: two }, evidence: seen }] : []),
      ...found.targets.filter(isUnasked).map(unasked),
      // Where no address takes reports, none arrive: that is said already.
      ...(bad.length || found.rua === 0 || emailSectionOf(target).reports === undefined
        ? []
        : arrival(read, now, data, found)),
    ]
    if (list.length) return list
    return {
      outcome: 'received',
      data: { ...data, address: inWords(found.targets.map(item => item.address)) },
      evidence: seen,
    }
  },
  examples: [
    {
      name: 'an address of the domain itself',
      facts: {
        reportTargets: {
          record: 'v=DMARC1; p=reject; rua=mailto:dmarc@coachdash.example',
          at: 'coachdash.example',
          alias: null,
          rua: 1,
          targets: [
            {
              tag: 'rua',
              address: 'dmarc@coachdash.example',
              domain: 'coachdash.example',
              external: false,
              authorised: null,
              authorisation: null,
              receives: true,
            },
          ],
        },
      },
      expect: 'received',
    },
    {
      name: 'none has come for three weeks',
      target: { sections: { email: { reports: 'imaps://imap.example.net/Reports' } } },
      facts: {
        reportTargets: {
          record: 'v=DMARC1; p=none; rua=mailto:dmarc@coachdash.example',
          at: 'coachdash.example',
          alias: null,
          rua: 1,
          targets: [
            {
              tag: 'rua',
              address: 'dmarc@coachdash.example',
              domain: 'coachdash.example',
              external: false,
              authorised: null,
              authorisation: null,
              receives: true,
            },
          ],
        },
        dmarcReports: {
          ok: true,
          at: '2026-11-25T00:00:00Z',
          value: {
            place: 'imap.example.net/Reports',
            kind: 'mailbox',
            summary: {
              domains: ['coachdash.example'],
              names: [],
              reports: 4,
              duplicates: 0,
              messages: 80,
              passing: 80,
              days: [],
              sources: [],
              policy: 'none',
              verdict: { ready: false, because: [] },
            },
            tls: [],
            failures: 0,
            problems: [],
            files: 4,
            newest: '2026-11-04T00:00:00.000Z',
            others: [],
          },
        },
      },
      expect: 'not-arriving',
    },
    {
      name: 'no address',
      facts: {
        reportTargets: { record: 'v=DMARC1; p=reject', at: 'coachdash.example', alias: null, rua: 0, targets: [] },
      },
      expect: 'no-address',
    },
    {
      name: 'a service that was never told',
      facts: {
        reportTargets: {
          record: 'v=DMARC1; p=reject; rua=mailto:x@reports.example',
          at: 'coachdash.example',
          alias: null,
          rua: 1,
          targets: [
            {
              tag: 'rua',
              address: 'x@reports.example',
              domain: 'reports.example',
              external: true,
              authorised: false,
              authorisation: 'coachdash.example._report._dmarc.reports.example',
              receives: true,
            },
          ],
        },
      },
      expect: 'unauthorised',
    },
  ],
})

const describe = (item: ReportTarget): string =>
  [
    item.receives === null ? 'mail server not asked' : item.receives ? 'takes mail' : 'takes no mail',
    ...(item.external
      ? [
          item.authorised === null
            ? 'consent not asked'
            : item.authorised
              ? 'agreed to receive reports'
              : `no record at ${item.authorisation}`,
        ]
      : []),
  ].join(', ')

/** The record with the report addresses that are kept; `own` where none is left. */
const withReports = (
  found: ReportTargets,
  keep: (item: ReportTarget, at: number) => boolean,
  own: string | null,
): string => {
  const record = parseDmarc(found.record)
  const kept = (tag: 'rua' | 'ruf'): string[] =>
    found.targets
      .filter(item => item.tag === tag)
      .filter(keep)
      .map(item => `mailto:${item.address}`)
  const rua = kept('rua')
  // Addresses that only lack their "mailto:" are those that were meant.
  const meant =
    found.rua === 0 ? parseDmarc(rewriteDmarc(record, {})).rua.flatMap(uri => (uri.domain === null ? [] : uri.uri)) : []
  const to = rua.length ? rua : meant
  return to.length || own
    ? rewriteDmarc(record, { rua: to.length ? to.join(',') : own, ruf: kept('ruf').join(',') || null })
    : ''
}

type Outcome = 'no-address' | 'unauthorised' | 'address-without-mail' | 'too-many' | 'not-arriving'

/** Receivers report every day; a week without one is no accident of a quiet day. */
const quietDays = 7

/** Whether reports arrive where the config says that they do; a single file is no such place. */
const arrival = (
  read: Fact<DmarcReports>,
  now: number,
  data: Data,
  found: ReportTargets,
): Held<'not-arriving', Data>[] => {
  if (!read.ok)
    return read.because === undefined
      ? [{ unknown: `whether reports arrive could not be told: ${read.message}`, couldBe: 'medium' }]
      : []
  const { kind, place, newest, files, problems, summary } = read.value
  if (kind === 'file' || (newest !== null && Date.parse(newest) >= now - quietDays * 86_400_000)) return []
  if (newest === null && problems.some(item => !item.used))
    return [{ unknown: `no report in ${place} could be read: ${problems[0]?.reason}`, couldBe: 'medium' }]
  const since = newest === null ? 'so far' : `since ${newest.slice(0, 10)}`
  const address = found.targets.find(item => item.tag === 'rua')?.address ?? 'the address in rua'
  return [
    {
      outcome: 'not-arriving',
      data: { ...data, place, since, address },
      evidence: [
        evidence(`_dmarc.${found.at} TXT`, found.record),
        evidence(
          place,
          `${files} looked into, ${summary.reports} reports of this domain, ${newest ? `the last one of ${newest.slice(0, 10)}` : 'none'}`,
        ),
      ],
    },
  ]
}

const isUnasked = (item: ReportTarget): boolean => item.receives === null || (item.external && item.authorised === null)

const badTarget = (item: ReportTarget, data: Data, wanted: string) => {
  const closed = item.receives === false
  return {
    outcome: closed ? ('address-without-mail' as const) : ('unauthorised' as const),
    key: `${item.tag} ${item.address}`,
    data: {
      ...data,
      address: item.address,
      target: item.domain,
      authorisation: closed ? '' : (item.authorisation ?? ''),
      wanted,
    },
  }
}

const dataOf = (found: ReportTargets): Data => ({
  alias: found.alias,
  place: '',
  since: '',
  at: found.at,
  text: found.record,
  address: '',
  target: '',
  authorisation: '',
  wanted: '',
  count: found.rua,
})

const unasked = (item: ReportTarget) => ({
  unknown: `whether ${item.domain} takes your reports could not be asked for`,
  couldBe: 'high' as const,
})
