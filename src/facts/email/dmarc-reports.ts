// What the DMARC reports say that the config leads to (`email.reports`): a file, a directory or a mailbox of the last two months.
import { basename } from 'node:path'
import { type Fact, missing, notApplicable, observed } from '../../core/fact.ts'
import { providersOfInclude } from '../../data/mail-providers.ts'
import type { KnownSender, Summary } from '../../formats/dmarc/summary.ts'
import { treeNetworks } from '../../formats/spf/tree.ts'
import type { CollectContext, FactDefinition } from '../definition.ts'
import type { ReportsRead } from './report-reading.ts'
import type { Spf } from './spf.ts'

export type DmarcReports = {
  /** Where they came from, without credentials; one file is no place in which reports arrive. */
  place: string
  kind: 'file' | 'directory' | 'mailbox'
  summary: Summary
  tls: { organization: string; domains: string[]; succeeded: number; failed: number }[]
  failures: number
  /** What could not be read, at most a hundred. */
  problems: { file: string; reason: string; used: boolean }[]
  files: number
  newest: string | null
  others: string[]
}

/** How far back a mailbox is read. */
const daysBack = 60

type EmailConfig = CollectContext['config']['email']

/** Senders by the config, and by the domain's own SPF: servers that it names by their address are its own, those behind an include are shared. */
const knownSenders = (email: EmailConfig, spf: Fact<Spf>): KnownSender[] => {
  const terms = (spf.ok ? (spf.value.names[0]?.tree?.root.terms ?? []) : []).filter(
    term => term.qualifier === '+' && !term.ignored,
  )
  const named = terms.filter(term => term.name !== 'include').flatMap(term => term.networks)
  return [
    ...(email?.senders ?? []).map(({ name, dkim, ips }) => ({ name, dkim, ips })),
    ...(named.length ? [{ name: 'your own servers, by SPF', dkim: [], ips: named.slice(0, 200) }] : []),
    ...terms.flatMap(term => {
      if (term.name !== 'include' || term.target === null || !term.node) return []
      const name = providersOfInclude(term.target)[0]?.name ?? `included as ${term.target}`
      return [{ name, dkim: [], shared: treeNetworks(term.node).slice(0, 500) }]
    }),
  ]
}

/** What was read, as the fact keeps it. */
const keptOf = (read: ReportsRead, place: string, kind: DmarcReports['kind']): DmarcReports => ({
  place,
  kind,
  summary: read.summary,
  tls: read.tls
    .slice(0, 200)
    .map(({ organization, domains, succeeded, failed }) => ({ organization, domains, succeeded, failed })),
  failures: read.failures.length,
  problems: read.problems.slice(0, 100),
  files: read.files,
  newest: read.newest,
  others: read.others,
})

const fact: FactDefinition<DmarcReports> = {
  on: 'domain',
  deadlines: 60,
  async collect(subject, context) {
    const { email } = context.config
    const from = email?.reports
    if (from === undefined) return notApplicable('no DMARC reports are configured (email.reports)')
    const senders = knownSenders(email, await context.need('spf'))
    const about = { domain: subject.name, senders, signal: context.signal }
    const { readReportMailbox, readReportPath, reportsInbox } = await import('./report-reading.ts')
    const { imapPlace } = await import('./mailbox-imap.ts')
    const factOf = (place: string, kind: DmarcReports['kind'], read: Fact<ReportsRead>): Fact<DmarcReports> =>
      read.ok
        ? observed(keptOf(read.value, place, kind), context.now())
        : { ...read, message: `the DMARC reports in ${place}: ${read.message}` }
    if (!/^imaps?:/i.test(from)) {
      const { statSync } = await import('node:fs')
      const kind = statSync(from, { throwIfNoEntry: false })?.isFile() ? 'file' : 'directory'
      return factOf(basename(from), kind, await readReportPath(from, basename(from), about))
    }
    const access = reportsInbox(from, email)
    const place = imapPlace(from)
    if (!access)
      return missing(
        'needs-credential',
        `no inbox of email.inboxes has the host of ${place}; name one in email.reportsInbox`,
      )
    const since = new Date(Date.parse(context.now()) - daysBack * 86_400_000)
    return factOf(place, 'mailbox', await readReportMailbox(from, access, about, context.net, since))
  },
}
export default fact
