// mail-flows.md: each mail that the product sends by itself: sent, arrived, delay, folder, authentication, links, and what to do.
import type { Fact } from '../core/fact.ts'
import type { Finding } from '../core/report.ts'
import type { MailFlow } from '../facts/email/mail-flow.ts'
import type { MessageEvidence } from '../formats/message/evidence.ts'
import { instructions } from '../report/shared/changes.ts'
import { escapeMarkdown, markdownBlock, markdownCode } from '../report/shared/escape.ts'
import { type Sheet, sheetOf } from '../report/shared/sheet.ts'
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

/** How the mail authenticated itself, and what its links do. */
const messageLines = (message: MessageEvidence): string[] => {
  const { spf, dkim, dmarc, delivery } = message
  const because = (reason: string | null | undefined): string => (reason ? `; ${escapeMarkdown(reason, 300)}` : '')
  const signatures = dkim.map(
    item =>
      `- DKIM: ${item.result}, ${markdownCode(`${item.selector}._domainkey.${item.domain}`)}${because(item.reason)}`,
  )
  return [
    `- SPF: ${spf.result}${spf.domain ? ` for ${escapeMarkdown(spf.domain)}` : ''}${because(spf.reason)}`,
    ...(signatures.length ? signatures : ['- DKIM: not signed']),
    `- DMARC: ${dmarc.result}${because(dmarc.reason)}`,
    `- encrypted on its last way: ${delivery.tls === null ? 'the mail does not tell' : delivery.tls ? 'yes' : 'no'}`,
    '',
    ...(message.links.length ? table(['link', 'what', 'state', 'ends at'], linkRows(message)) : []),
  ]
}

/** The mail as it arrived, or that none did. */
const arrivalLines = ({ trigger, mail, message, inbox, where, waitedSeconds, nonce }: MailFlow): string[] => {
  if (mail)
    return [
      `- arrived: after ${mail.seconds} s in the folder ${markdownCode(mail.folder)} of the mailbox ${escapeMarkdown(inbox)} (${escapeMarkdown(where)}), told by its ${mail.foundBy}`,
      `- from: ${markdownCode(mail.from || 'nobody')}`,
      `- subject: ${escapeMarkdown(mail.subject, 300)}`,
      ...(mail.deleted ? ['- deleted from the mailbox afterwards, as the config says'] : []),
      ...(message?.ok ? messageLines(message.value) : []),
      ...(message && !message.ok
        ? [`- the mail itself could not be judged: ${escapeMarkdown(message.message, 400)}`]
        : []),
    ]
  if (trigger.problem !== null) return []
  return [
    `- arrived: not within ${waitedSeconds} s in the mailbox ${escapeMarkdown(inbox)} (${escapeMarkdown(where)}), spam folder included${nonce ? ', looked for by a word in its address or text' : ''}`,
  ]
}

const flowLines = (flow: MailFlow): string[] => {
  const { trigger, others } = flow
  const isNews = trigger.problem !== null && trigger.problem !== `status ${trigger.status}`
  const lines = [
    `- sent: ${escapeMarkdown(trigger.what, 300)}, answered with ${trigger.status || 'nothing'}${isNews ? ` (${escapeMarkdown(trigger.problem ?? '', 300)})` : ''}`,
    ...arrivalLines(flow),
    ...others.map(
      other => `- another mail came meanwhile: from ${markdownCode(other.from)}, ${escapeMarkdown(other.subject, 200)}`,
    ),
  ]
  return lines.at(-1) === '' ? lines : [...lines, '']
}

const toDo = (finding: Finding, sheet: Sheet): string[] => [
  `- [ ] **${escapeMarkdown(finding.title, 300)}** (${finding.severity}): ${escapeMarkdown(finding.fix.summary, 400)}`,
  ...finding.fix.steps.map(step => `  - ${escapeMarkdown(step, 800)}`),
  ...instructions(finding, sheet).flatMap(({ intro, paste }) =>
    paste !== null && !finding.fix.steps.includes(intro)
      ? ['', `  ${escapeMarkdown(intro, 300)}:`, '', markdownBlock(paste, '', '  ', 4000)]
      : [],
  ),
]

const chapter = (name: string, fact: Fact<MailFlow>, findings: readonly Finding[], sheet: Sheet): string[] => [
  `## ${escapeMarkdown(name, 200)}`,
  '',
  ...(fact.ok
    ? flowLines(fact.value)
    : [`Could not be told: ${escapeMarkdown(fact.message, 600)}. Nothing is known of this flow.`, '']),
  ...(findings.length ? ['### What to do', '', ...findings.flatMap(finding => toDo(finding, sheet)), ''] : []),
]

/** One document; none where no mail flow was proven. */
export const mailFlows: Deliverable = ({ report, facts, target }) => {
  const flows = factsOf(facts, 'mailFlow').filter(({ fact }) => fact.ok || fact.because === undefined)
  if (!flows.length) return []
  // A flow and the mail that it brought are subjects of their own.
  const of = (name: string): Finding[] => {
    const subjects = [name, `mail of "${name.replace(/^mail of /, '')}"`]
    return report.findings.filter(
      ({ stage, subject, suppressed }) => stage === 'email' && !suppressed && subjects.includes(subject),
    )
  }
  const sheet = sheetOf(report)
  const lines = [
    `# Mails that ${escapeMarkdown(target.domain ?? 'the product')} sends by itself`,
    '',
    `Proven ${report.startedAt.slice(0, 16).replace('T', ' ')} UTC: each was triggered as a customer would, and waited for in a real mailbox.`,
    '',
    ...table(
      ['flow', 'sent', 'arrived', 'folder', 'authentication', 'links'],
      flows.map(({ subject, fact }) => row(subject, fact)),
    ),
    ...flows.flatMap(({ subject, fact }) => chapter(subject, fact, of(subject), sheet)),
    `Prove them again: ${markdownCode(`launch-ready email flows${target.domain ? ` ${target.domain}` : ''}`)}`,
    '',
  ]
  return [{ path: 'mail-flows.md', content: lines.join('\n') }]
}
