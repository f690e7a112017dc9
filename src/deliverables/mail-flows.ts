// mail-flows.md: each mail that the product sends by itself: sent, arrived, delay, folder, authentication, links, and what to do.
import type { Fact } from '../core/fact.ts'
import type { Finding } from '../core/report.ts'
import type { MailFlow } from '../facts/email/mail-flow.ts'
import type { MessageEvidence } from '../formats/message/evidence.ts'
import { instructions } from '../report/shared/changes.ts'
import { escapeMarkdown, markdownBlock, markdownCode } from '../report/shared/escape.ts'
import { type Deliverable, factsOf } from './deliverable.ts'

const cell = (text: string): string => escapeMarkdown(text, 300)
const code = (text: string): string => markdownCode(text, { inTable: true, limit: 200 })
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map(row => `| ${row.join(' | ')} |`),
  '',
]

const authentication = (message: MessageEvidence): string => {
  const keys = message.dkim.filter(item => item.result === 'pass')
  return [
    `SPF ${message.spf.result}`,
    keys.length
      ? `DKIM pass (${keys.map(item => item.domain).join(', ')})`
      : message.dkim.length
        ? `DKIM ${message.dkim[0]!.result}`
        : 'not signed',
    `DMARC ${message.dmarc.result}`,
  ].join(', ')
}

const links = (message: MessageEvidence): string => {
  const followed = message.links.filter(link => link.state !== 'not-followed')
  const works = followed.filter(link => link.state === 'works').length
  const expected = message.expectedLink
  const rest = followed.length ? `${works} of ${followed.length} work` : 'none followed'
  return expected
    ? `${expected.state === 'works' ? 'the expected one works' : `the expected one: ${expected.state}`}; ${rest}`
    : rest
}

const row = (name: string, fact: Fact<MailFlow>): string[] => {
  if (!fact.ok) return [cell(name), 'could not be told', '', '', '', '']
  const { trigger, mail, message, allowedSeconds, waitedSeconds } = fact.value
  const evidence = message?.ok ? message.value : null
  return [
    cell(name),
    trigger.problem === null ? `yes (${trigger.status})` : cell(`no: ${trigger.problem}`),
    mail
      ? `after ${mail.seconds} s of ${allowedSeconds} s`
      : trigger.problem === null
        ? `not within ${waitedSeconds} s`
        : '',
    mail ? cell(mail.spam ? `${mail.folder} (spam)` : mail.folder) : '',
    evidence ? cell(authentication(evidence)) : '',
    evidence ? cell(links(evidence)) : '',
  ]
}

const linkRows = (message: MessageEvidence): string[][] =>
  message.links
    .slice(0, 40)
    .map(link => [
      code(link.url),
      link.expected ? 'expected' : link.where,
      cell(
        link.state === 'works' || link.state === 'dead'
          ? `${link.state}${link.status ? ` (${link.status})` : ''}`
          : link.message || link.state,
      ),
      link.endedAt ? code(link.endedAt.host) : '',
    ])

const chapter = (
  name: string,
  fact: Fact<MailFlow>,
  findings: readonly Finding[],
  report: Parameters<Deliverable>[0]['report'],
): string[] => {
  const lines = [`## ${escapeMarkdown(name, 200)}`, '']
  if (!fact.ok)
    lines.push(`Could not be told: ${escapeMarkdown(fact.message, 600)}. Nothing is known of this flow.`, '')
  else {
    const { trigger, mail, message, inbox, where, waitedSeconds, others, nonce } = fact.value
    lines.push(
      `- sent: ${escapeMarkdown(trigger.what, 300)}, answered with ${trigger.status || 'nothing'}${trigger.problem === null || trigger.problem === `status ${trigger.status}` ? '' : ` (${escapeMarkdown(trigger.problem, 300)})`}`,
    )
    if (mail) {
      lines.push(
        `- arrived: after ${mail.seconds} s in the folder ${markdownCode(mail.folder)} of the mailbox ${escapeMarkdown(inbox)} (${escapeMarkdown(where)}), told by its ${mail.foundBy}`,
        `- from: ${markdownCode(mail.from || 'nobody')}`,
        `- subject: ${escapeMarkdown(mail.subject, 300)}`,
        ...(mail.deleted ? ['- deleted from the mailbox afterwards, as the config says'] : []),
      )
      if (message?.ok) {
        const { spf, dkim, dmarc, delivery } = message.value
        lines.push(
          `- SPF: ${spf.result}${spf.domain ? ` for ${escapeMarkdown(spf.domain)}` : ''}${spf.reason ? `; ${escapeMarkdown(spf.reason, 300)}` : ''}`,
          ...(dkim.length
            ? dkim.map(
                item =>
                  `- DKIM: ${item.result}, ${markdownCode(`${item.selector}._domainkey.${item.domain}`)}${item.reason ? `; ${escapeMarkdown(item.reason, 300)}` : ''}`,
              )
            : ['- DKIM: not signed']),
          `- DMARC: ${dmarc.result}${dmarc.reason ? `; ${escapeMarkdown(dmarc.reason, 300)}` : ''}`,
          `- encrypted on its last way: ${delivery.tls === null ? 'the mail does not tell' : delivery.tls ? 'yes' : 'no'}`,
          '',
        )
        if (message.value.links.length)
          lines.push(...table(['link', 'what', 'state', 'ends at'], linkRows(message.value)))
      } else if (message) lines.push(`- the mail itself could not be judged: ${escapeMarkdown(message.message, 400)}`)
    } else if (trigger.problem === null)
      lines.push(
        `- arrived: not within ${waitedSeconds} s in the mailbox ${escapeMarkdown(inbox)} (${escapeMarkdown(where)}), spam folder included${nonce ? ', looked for by a word in its address or text' : ''}`,
      )
    for (const other of others)
      lines.push(
        `- another mail came meanwhile: from ${markdownCode(other.from)}, ${escapeMarkdown(other.subject, 200)}`,
      )
    if (lines.at(-1) !== '') lines.push('')
  }
  if (findings.length) lines.push('### What to do', '')
  for (const finding of findings) {
    lines.push(
      `- [ ] **${escapeMarkdown(finding.title, 300)}** (${finding.severity}): ${escapeMarkdown(finding.fix.summary, 400)}`,
    )
    for (const step of finding.fix.steps) lines.push(`  - ${escapeMarkdown(step, 800)}`)
    for (const { intro, paste } of instructions(finding, report))
      if (paste !== null && !finding.fix.steps.includes(intro))
        lines.push('', `  ${escapeMarkdown(intro, 300)}:`, '', markdownBlock(paste, '', '  ', 4000))
  }
  if (findings.length) lines.push('')
  return lines
}

/** One document; none where no mail flow was proven. */
export const mailFlows: Deliverable = ({ report, facts, target }) => {
  const flows = factsOf(facts, 'mailFlow').filter(({ fact }) => fact.ok || fact.because === undefined)
  if (!flows.length) return []
  const of = (name: string): Finding[] =>
    report.findings.filter(
      finding =>
        !finding.suppressed &&
        ((finding.check === 'mail-flow' && finding.subject === name) ||
          (finding.check.startsWith('message-') && finding.subject === `mail of "${name.replace(/^mail of /, '')}"`)),
    )
  const lines = [
    `# Mails that ${escapeMarkdown(target.domain ?? 'the product')} sends by itself`,
    '',
    `Proven ${report.startedAt.slice(0, 16).replace('T', ' ')} UTC: each was triggered as a customer would, and waited for in a real mailbox.`,
    '',
    ...table(
      ['flow', 'sent', 'arrived', 'folder', 'authentication', 'links'],
      flows.map(({ subject, fact }) => row(subject, fact)),
    ),
    ...flows.flatMap(({ subject, fact }) => chapter(subject, fact, of(subject), report)),
    `Prove them again: ${markdownCode(`launch-ready email flows${target.domain ? ` ${target.domain}` : ''}`)}`,
    '',
  ]
  return [{ path: 'mail-flows.md', content: lines.join('\n') }]
}
