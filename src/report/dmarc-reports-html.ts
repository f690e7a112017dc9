// What DMARC, TLS and failure reports say, as one self-contained HTML document.

import { clean } from '../core/clean.ts'
import type { ReportsRead } from '../facts/email/report-reading.ts'
import { reportsBody } from './shared/dmarc-chart.ts'
import { escapeHtml } from './shared/escape.ts'
import { htmlPage } from './shared/html-page.ts'
import { style } from './shared/html-style.ts'
import { longDate, plural } from './shared/words.ts'

const text = (from: string, limit = 300): string => escapeHtml(clean(from, limit), limit + 60)
const section = (id: string, title: string, body: string): string =>
  body ? `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>\n${body}</section>` : ''
const list = (rows: readonly string[]): string =>
  rows.length ? `<ul>${rows.map(row => `<li>${row}</li>`).join('')}</ul>` : ''

/** One HTML document; nothing from outside in it is markup. `at` is the instant of the run, ISO 8601. */
export const reportsDocument = (
  { summary, tls, failures, complaints, problems, files }: ReportsRead,
  at: string,
): string => {
  const verdict = !summary.reports
    ? ['incomplete', 'No report could be read']
    : summary.verdict.ready
      ? ['ready', 'Ready to enforce: the policy can be tightened']
      : ['not-ready', 'Not ready to enforce']
  const about = text(summary.domains.join(', ') || 'no domain')
  return htmlPage(
    `DMARC reports of ${about}, ${longDate(at)}`,
    style,
    `<a class="skip" href="#main">To the reports</a>
<header class="cover">
<p class="kind">DMARC reports</p>
<h1>${about}</h1>
<div class="verdict ${verdict[0]}"><strong>${verdict[1]}</strong>
<p>${plural(files, 'file')}: ${plural(summary.reports, 'aggregate report')}, ${plural(tls.length, 'TLS report')}, ${plural(failures.length, 'failure report')}, read on ${longDate(at)}.</p></div>
</header>
<main id="main">
${section('sources', 'Who sends in your name', summary.reports ? reportsBody(summary) : '')}
${section(
  'tls',
  'Encryption on the way in',
  list(
    tls
      .slice(0, 200)
      .map(
        item =>
          `${text(item.organization)} for ${text(item.domains.join(', '))}: ${item.succeeded} sessions succeeded, ${item.failed} failed${item.failures.length ? ` (${text(item.failures.map(failure => `${failure.type} ${failure.count}`).join(', '))})` : ''}`,
      ),
  ),
)}
${section(
  'failures',
  'Single failures',
  list(
    failures
      .slice(0, 200)
      .map(item => `${text(item.domain)} from ${text(item.sourceIp)}: ${text(item.failure)} ${text(item.arrival)}`),
  ),
)}
${section(
  'complaints',
  'Complaints of readers and the like (they say nothing of authentication)',
  list(
    complaints
      .slice(0, 200)
      .map(item => `${text(item.domain)} from ${text(item.sourceIp)}: ${text(item.type)} ${text(item.arrival)}`),
  ),
)}
${section(
  'problems',
  'Could not be read, or only in part',
  list(
    problems
      .slice(0, 500)
      .map(
        item =>
          `<code>${text(item.file)}</code>: ${text(item.reason)}${item.used ? ' (what could be read was counted)' : ''}`,
      ),
  ),
)}
</main>`,
  )
}
