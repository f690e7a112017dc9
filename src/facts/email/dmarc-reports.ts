// What the DMARC reports say that the config leads to (`email.reports`): a file, a directory or a mailbox of the last two months.
import { basename } from 'node:path'
import { type Fact, missing, notApplicable, observed } from '../../core/fact.ts'
import { providersOfInclude } from '../../data/mail-providers.ts'
import type { KnownSender, Summary } from '../../formats/dmarc/summary.ts'
import { treeNetworks } from '../../formats/spf/tree.ts'
import type { FactDefinition } from '../definition.ts'
import type { ReportsRead } from './report-reading.ts'

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

const fact: FactDefinition<DmarcReports> = {
  on: 'domain',
  deadlines: 60,
  async collect(subject, context) {
    const { email } = context.config
    const from = email?.reports
    if (from === undefined) return notApplicable('no DMARC reports are configured (email.reports)')
    const spf = await context.need('spf')
    // Servers that the domain's own SPF names by their address are its own; those behind an include are shared.
    const terms = (spf.ok ? (spf.value.names[0]?.tree?.root.terms ?? []) : []).filter(
      term => term.qualifier === '+' && !term.ignored,
    )
    const named = terms.filter(term => term.name !== 'include').flatMap(term => term.networks)
    const senders: KnownSender[] = [
      ...(email?.senders ?? []).map(({ name, dkim, ips }) => ({ name, dkim, ips })),
      ...(named.length ? [{ name: 'your own servers, by SPF', dkim: [], ips: named.slice(0, 200) }] : []),
      ...terms.flatMap(term =>
        term.name === 'include' && term.target !== null && term.node
          ? [
              {
                name: providersOfInclude(term.target)[0]?.name ?? `included as ${term.target}`,
                dkim: [],
                shared: treeNetworks(term.node).slice(0, 500),
              },
            ]
          : [],
      ),
    ]
    const about = { domain: subject.name, senders, signal: context.signal }
    const { readReportMailbox, readReportPath, reportsInbox } = await import('./report-reading.ts')
    const { imapPlace } = await import('./mailbox-imap.ts')
    const told = (place: string, kind: DmarcReports['kind'], read: Fact<ReportsRead>): Fact<DmarcReports> =>
      read.ok
        ? observed(
            {
              place,
              kind,
              summary: read.value.summary,
              tls: read.value.tls
                .slice(0, 200)
                .map(({ organization, domains, succeeded, failed }) => ({ organization, domains, succeeded, failed })),
              failures: read.value.failures.length,
              problems: read.value.problems.slice(0, 100),
              files: read.value.files,
              newest: read.value.newest,
              others: read.value.others,
            },
            context.now(),
          )
        : { ...read, message: `the DMARC reports in ${place}: ${read.message}` }
    if (!/^imaps?:/i.test(from)) {
      const { statSync } = await import('node:fs')
      const kind = statSync(from, { throwIfNoEntry: false })?.isFile() ? 'file' : 'directory'
      return told(basename(from), kind, await readReportPath(from, basename(from), about))
    }
    const access = reportsInbox(from, email)
    const place = imapPlace(from)
    if (!access)
      return missing(
        'needs-credential',
        `no inbox of email.inboxes has the host of ${place}; name one in email.reportsInbox`,
      )
    const since = new Date(Date.parse(context.now()) - daysBack * 86_400_000)
    return told(place, 'mailbox', await readReportMailbox(from, access, about, context.net, since))
  },
}
export default fact
