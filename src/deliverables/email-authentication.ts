// email-authentication.md: the mail records as they are and as they should be, ready to paste; the way to DMARC enforcement with dates.
import type { DnsChange } from '../core/fix.ts'
import type { Finding } from '../core/report.ts'
import { dmarcRollout } from '../formats/dmarc/rollout.ts'
import { type DnsPanel, panelName, panelOf, panelValue } from '../formats/dns/panel.ts'
import { combineDmarc, combineSpf } from '../formats/dns/record-combine.ts'
import { type MailboxProvider, mailboxProviders } from '../formats/mail/provider-demands.ts'
import { isSpf } from '../formats/spf/spf.ts'
import { printTree } from '../formats/spf/tree.ts'
import { escapeMarkdown, markdownBlock, markdownCode } from '../report/shared/escape.ts'
import { type DeliverableInput, type Document, factOf, factsOf } from './deliverable.ts'

type Row = readonly string[]
const table = (head: Row, rows: readonly Row[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map(row => `| ${row.join(' | ')} |`),
  '',
]
const code = (text: string): string => markdownCode(text, { inTable: true, limit: 400 })
const longRecord = 4000

/** One record to publish: what stands there (all of it), what shall, and which findings it settles. */
type Wanted = { name: string; type: string; was: string[]; data: string | null; ttl: number | null; why: string[] }

const isDns = (change: { kind: string }): change is DnsChange => change.kind === 'dns'

/** The changes of all findings, one record each: repairs of the same record are put together. */
const wantedRecords = (findings: readonly Finding[]): Wanted[] => {
  const groups = new Map<string, { changes: DnsChange[]; why: Set<string> }>()
  for (const finding of findings) {
    // The roll-out has a chapter of its own: the step to quarantine is not for today.
    if (finding.check === 'dmarc-policy' && finding.outcome === 'none') continue
    for (const change of finding.fix.changes.filter(isDns)) {
      const policy = change.type === 'TXT' && isSpf(change.data) ? 'spf' : change.type === 'TXT' ? 'txt' : change.data
      const key = `${change.name.toLowerCase()} ${change.type} ${change.action === 'remove' ? `remove ${change.data}` : policy}`
      const group = groups.get(key) ?? { changes: [], why: new Set<string>() }
      group.changes.push(change)
      group.why.add(finding.title)
      groups.set(key, group)
    }
  }
  return [...groups.values()].map(({ changes, why }) => {
    const [first] = changes as [DnsChange]
    const name = first.name.replace(/\.$/, '')
    const was = [
      ...new Set(changes.flatMap(change => (change.action === 'remove' ? [change.data] : (change.was ?? [])))),
    ]
    const texts = [...new Set(changes.filter(change => change.action !== 'remove').map(change => change.data))]
    const data =
      texts.length === 0
        ? null
        : texts.length === 1
          ? (texts[0] as string)
          : texts.every(isSpf)
            ? combineSpf(was[0] ?? 'v=spf1', texts)
            : name.startsWith('_dmarc.')
              ? combineDmarc(was[0] ?? null, texts)
              : (texts[0] as string)
    return { name, type: first.type, was, data, ttl: first.ttl ?? null, why: [...why] }
  })
}

const wantedSection = (wanted: Wanted, panel: DnsPanel | null, domain: string): string[] => [
  `### ${escapeMarkdown(wanted.name)} ${wanted.type}`,
  '',
  ...wanted.why.map(text => `- ${escapeMarkdown(text)}`),
  '',
  ...(wanted.was.length
    ? ['As it is:', '', ...wanted.was.flatMap(text => [markdownBlock(text, '', '', longRecord), ''])]
    : ['There is no such record yet.', '']),
  ...(wanted.data === null
    ? ['Remove it.', '']
    : [
        `As it should be (name ${markdownCode(panelName(panel, wanted.name, domain))}${wanted.ttl === null ? '' : `, TTL ${wanted.ttl}`}):`,
        '',
        markdownBlock(panelValue(panel, wanted.type, wanted.data), '', '', longRecord),
        '',
      ]),
]

/** One thing to do; a text to copy that comes with it stands in a block of its own. */
const toDo = (step: string, why: readonly string[]): string[] => {
  const [first = '', ...rest] = step.split('\n')
  const block = rest.join('\n').trimEnd()
  return [
    `- [ ] ${escapeMarkdown(first, 1000)} (${escapeMarkdown(why.join('; '), 400)})`,
    ...(block ? ['', markdownBlock(block, '', '  ', longRecord), ''] : []),
  ]
}

/** Builds the document. Everything from outside is escaped. */
export const emailAuthentication = ({ report, facts, now }: DeliverableInput): Document[] => {
  const domain = report.target.domain ?? ''
  const lines: string[] = []
  const say = (...more: string[]): void => void lines.push(...more)
  const value = <T>(fact: { ok: boolean; value?: T } | undefined): T | null => (fact?.ok ? (fact.value as T) : null)
  const findings = report.findings.filter(finding => finding.stage === 'email' && finding.suppressed === null)
  const panelFact = value(factOf(facts, 'dnsPanel'))
  const panel = panelOf(panelFact?.nameservers ?? [])
  const [mx, spf, dmarc, selectors] = [
    value(factOf(facts, 'mx')),
    value(factOf(facts, 'spf')),
    value(factOf(facts, 'dmarc')),
    value(factOf(facts, 'selectors')),
  ]
  const grave = findings.filter(finding => finding.severity === 'blocker' || finding.severity === 'high').length

  say(
    `# E-mail authentication of ${escapeMarkdown(domain)}`,
    '',
    `${report.startedAt.slice(0, 10)}. ${grave ? `${grave} ${grave === 1 ? 'thing keeps' : 'things keep'} mail from arriving or let others send as you.` : 'Nothing found in DNS keeps your mail from arriving.'}`,
    '',
  )
  if (panelFact)
    say(
      `DNS is run by ${panel ? panel.name : panelFact.nameservers.length ? escapeMarkdown(panelFact.nameservers.join(', ')) : 'nobody that was found'}${panel ? ` (${escapeMarkdown(panel.where)}); records below are written as its form wants them` : ''}.`,
      '',
    )

  const wanted = wantedRecords(findings)
  say('## Records to change', '')
  if (wanted.length === 0) say('None.', '')
  for (const record of wanted) say(...wantedSection(record, panel, domain))
  const byHand = new Map<string, string[]>()
  for (const finding of findings)
    for (const change of finding.fix.changes)
      if (change.kind === 'manual')
        byHand.set(change.step, [...new Set([...(byHand.get(change.step) ?? []), finding.title])])
  if (byHand.size) say('## To do by hand', '', ...[...byHand].flatMap(([step, why]) => toDo(step, why)), '')

  say('## Records as they are', '')
  const rows: Row[] = []
  for (const host of mx?.hosts ?? []) rows.push([code(domain), 'MX', code(`${host.preference} ${host.exchange}`)])
  if (mx?.nullMx) rows.push([code(domain), 'MX', code('0 .')])
  for (const item of spf?.names ?? []) for (const text of item.texts) rows.push([code(item.name), 'TXT', code(text)])
  for (const { fact } of factsOf(facts, 'dkimKey'))
    if (fact.ok && fact.value.exists)
      rows.push([
        code(fact.value.name),
        fact.value.cnames.length ? 'CNAME' : 'TXT',
        fact.value.cnames.length
          ? code(fact.value.cnames[0] ?? '')
          : `${fact.value.key?.revoked ? 'revoked' : (fact.value.key?.type ?? 'no')} key${fact.value.key?.bits ? `, ${fact.value.key.bits} bits` : ''}`,
      ])
  for (const step of dmarc?.walk.steps ?? [])
    for (const text of step.texts) rows.push([code(`_dmarc.${step.domain}`), 'TXT', code(text)])
  for (const text of value(factOf(facts, 'mtaSts'))?.texts ?? [])
    rows.push([code(`_mta-sts.${domain}`), 'TXT', code(text)])
  for (const text of value(factOf(facts, 'tlsRpt'))?.texts ?? [])
    rows.push([code(`_smtp._tls.${domain}`), 'TXT', code(text)])
  for (const text of value(factOf(facts, 'bimi'))?.texts ?? [])
    rows.push([code(`default._bimi.${domain}`), 'TXT', code(text)])
  say(...(rows.length ? table(['name', 'type', 'value'], rows) : ['No mail record was found.', '']))

  const trees = (spf?.names ?? []).flatMap(item => (item.tree ? [item.tree] : []))
  if (trees.length)
    say(
      '## Who may send, by SPF',
      '',
      'Each line with the lookups it costs; receivers stop after ten.',
      '',
      ...trees.flatMap(tree => [markdownBlock(printTree(tree), '', '', longRecord), '']),
    )

  const record = dmarc?.walk.record ?? null
  const applies = dmarc?.walk.applies ?? 'domain'
  const at = dmarc?.walk.at ?? domain
  const plan = dmarcRollout(record, domain, now, mx === null || mx.hosts.length > 0, applies)
  const policy = applies === 'domain' ? record?.p : (record?.sp ?? record?.p)
  const governs = applies === 'domain' ? '' : ` for subdomains of ${escapeMarkdown(at)}`
  say(
    '## DMARC, step by step',
    '',
    record
      ? `Now ${markdownCode(`${applies === 'domain' || !record.sp ? 'p' : 'sp'}=${policy ?? 'none'}`)}${governs}.`
      : 'Not begun.',
    '',
  )
  if (policy === 'reject' && !record?.testing) say('The last step is reached.', '')
  else
    say(
      ...table(
        ['from', `record of ${code(`_dmarc.${at}`)}`, 'when'],
        plan.map(step => [step.reached ? 'reached' : step.date, code(step.record), escapeMarkdown(step.condition)]),
      ),
    )

  const senders = factsOf(facts, 'senderMail').flatMap(({ fact }) => (fact.ok ? [fact.value] : []))
  if (senders.length)
    say(
      '## Your senders',
      '',
      ...table(
        ['sender', 'From', 'bounces go to', 'SPF', 'DKIM'],
        senders.map(item => [
          escapeMarkdown(item.name),
          code(item.from),
          item.envelope ? code(item.envelope) : 'a domain of the provider',
          item.spf.authorised === null ? 'not known' : item.spf.authorised ? 'passes' : 'does not pass',
          item.dkim
            .filter(key => key.usable)
            .map(key => code(key.selector))
            .join(', ') || 'no usable key',
        ]),
      ),
    )
  if (selectors?.providers.length)
    say(
      '## Services in sight',
      '',
      ...selectors.providers.map(item => `- ${escapeMarkdown(item.name)}: ${escapeMarkdown(item.why)}`),
      '',
    )

  const demands = report.findings.filter(finding => finding.check === 'provider-requirements')
  const judged = report.checks.filter(item => item.check === 'provider-requirements')
  const verdictOf = (provider: MailboxProvider): string => {
    const demand = demands.find(finding => finding.key === provider.id)
    if (demand) return escapeMarkdown(demand.title)
    if (demands.length || judged.some(item => item.status === 'pass')) return 'the records meet what it asks for'
    return escapeMarkdown(judged.find(item => item.reason)?.reason ?? 'not judged')
  }
  say(
    '## Gmail, Yahoo, Microsoft',
    '',
    ...table(
      ['provider', 'verdict'],
      mailboxProviders.map(provider => [provider.name, verdictOf(provider)]),
    ),
  )
  say(
    'DNS cannot show: whether real mail is signed and aligned (`launch-ready email message a-mail.eml`), one-click unsubscribe in newsletters, and complaints (Google Postmaster Tools, Yahoo Sender Hub, Microsoft SNDS).',
    '',
  )

  const servers = factsOf(facts, 'mxSmtp')
  if (servers.length)
    say(
      '## Encryption on the way in',
      '',
      ...table(
        ['mail server', 'STARTTLS', 'certificate'],
        servers.map(({ subject, fact }) => [
          code(subject),
          fact.ok
            ? fact.value.probe
              ? `${fact.value.probe.starttls}${fact.value.probe.tls ? `, ${fact.value.probe.tls.version}` : ''}`
              : 'does not answer'
            : escapeMarkdown(fact.message),
          fact.ok && fact.value.probe?.tls
            ? fact.value.probe.tls.authorized
              ? 'valid'
              : escapeMarkdown(fact.value.probe.tls.error ?? 'not valid')
            : '',
        ]),
      ),
    )

  const unknown = report.checks.filter(item => item.status === 'unknown')
  if (unknown.length)
    say(
      '## What could not be told',
      '',
      ...new Set(
        unknown.map(
          item =>
            `- ${escapeMarkdown(item.check)} of ${escapeMarkdown(item.subject)}: ${escapeMarkdown(item.reason ?? '')}`,
        ),
      ),
      '',
    )
  say(`Check again: ${markdownCode(`launch-ready email ${domain}`)}`, '')
  return [{ path: 'email-authentication.md', content: lines.join('\n') }]
}
