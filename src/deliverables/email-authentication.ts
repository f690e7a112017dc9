// email-authentication.md: the mail records as they are and as they should be, ready to paste; the way to DMARC enforcement with dates.

import type { Fact } from '../core/fact.ts'
import type { DnsChange } from '../core/fix.ts'
import type { Finding, Report } from '../core/report.ts'
import type { FactName, Facts as FactsByName } from '../facts/index.generated.ts'
import { dmarcRollout } from '../formats/dmarc/rollout.ts'
import { type DnsPanel, panelName, panelOf, panelValue } from '../formats/dns/panel.ts'
import { combineDmarc, combineSpf } from '../formats/dns/record-combine.ts'
import { type MailboxProvider, mailboxProviders } from '../formats/mail/provider-demands.ts'
import { isSpf } from '../formats/spf/spf.ts'
import { printTree } from '../formats/spf/tree.ts'
import { escapeMarkdown, markdownBlock, markdownCode } from '../report/shared/escape.ts'
import { type DeliverableInput, type Document, factOf, factsOf } from './deliverable.ts'
import { table } from './markdown-table.ts'

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

type Facts = DeliverableInput['facts']

const seenOf = <N extends FactName>(facts: Facts, name: N): FactsByName[N] | null => {
  const fact = factOf(facts, name)
  return fact?.ok ? fact.value : null
}

const heading = (domain: string, date: string, findings: readonly Finding[]): string[] => {
  const grave = findings.filter(({ severity }) => severity === 'blocker' || severity === 'high').length
  const verdict = grave
    ? `${grave} ${grave === 1 ? 'thing keeps' : 'things keep'} mail from arriving or let others send as you.`
    : 'Nothing found in DNS keeps your mail from arriving.'
  return [`# E-mail authentication of ${escapeMarkdown(domain)}`, '', `${date}. ${verdict}`, '']
}

/** Who runs the DNS, since records are written as its form wants them. */
const panelLines = (nameservers: readonly string[] | null, panel: DnsPanel | null): string[] => {
  if (!nameservers) return []
  if (panel)
    return [
      `DNS is run by ${panel.name} (${escapeMarkdown(panel.where)}); records below are written as its form wants them.`,
      '',
    ]
  return [`DNS is run by ${escapeMarkdown(nameservers.join(', ')) || 'nobody that was found'}.`, '']
}

/** Records to publish, then what only a person can do. */
const changeLines = (findings: readonly Finding[], panel: DnsPanel | null, domain: string): string[] => {
  const wanted = wantedRecords(findings)
  const byHand = new Map<string, Set<string>>()
  for (const { fix, title } of findings)
    for (const change of fix.changes)
      if (change.kind === 'manual') byHand.set(change.step, (byHand.get(change.step) ?? new Set()).add(title))
  return [
    '## Records to change',
    '',
    ...(wanted.length ? wanted.flatMap(record => wantedSection(record, panel, domain)) : ['None.', '']),
    ...(byHand.size ? ['## To do by hand', '', ...[...byHand].flatMap(([step, why]) => toDo(step, [...why])), ''] : []),
  ]
}

const keyRow = ({ name, cnames, key }: FactsByName['dkimKey']): string[] => {
  if (cnames.length) return [code(name), 'CNAME', code(cnames[0] ?? '')]
  const type = key?.revoked ? 'revoked' : (key?.type ?? 'no')
  return [code(name), 'TXT', `${type} key${key?.bits ? `, ${key.bits} bits` : ''}`]
}

const recordLines = (facts: Facts, domain: string): string[] => {
  const mx = seenOf(facts, 'mx')
  const texts = (name: string, list: readonly string[] | undefined): string[][] =>
    (list ?? []).map(text => [code(name), 'TXT', code(text)])
  const rows = [
    ...(mx?.hosts ?? []).map(host => [code(domain), 'MX', code(`${host.preference} ${host.exchange}`)]),
    ...(mx?.nullMx ? [[code(domain), 'MX', code('0 .')]] : []),
    ...(seenOf(facts, 'spf')?.names ?? []).flatMap(item => texts(item.name, item.texts)),
    ...factsOf(facts, 'dkimKey').flatMap(({ fact }) => (fact.ok && fact.value.exists ? [keyRow(fact.value)] : [])),
    ...(seenOf(facts, 'dmarc')?.walk.steps ?? []).flatMap(step => texts(`_dmarc.${step.domain}`, step.texts)),
    ...texts(`_mta-sts.${domain}`, seenOf(facts, 'mtaSts')?.texts),
    ...texts(`_smtp._tls.${domain}`, seenOf(facts, 'tlsRpt')?.texts),
    ...texts(`default._bimi.${domain}`, seenOf(facts, 'bimi')?.texts),
  ]
  const list = rows.length ? table(['name', 'type', 'value'], rows) : ['No mail record was found.', '']
  return ['## Records as they are', '', ...list]
}

const treeLines = (facts: Facts): string[] => {
  const trees = (seenOf(facts, 'spf')?.names ?? []).flatMap(item => (item.tree ? [item.tree] : []))
  if (!trees.length) return []
  return [
    '## Who may send, by SPF',
    '',
    'Each line with the lookups it costs; receivers stop after ten.',
    '',
    ...trees.flatMap(tree => [markdownBlock(printTree(tree), '', '', longRecord), '']),
  ]
}

/** Where DMARC stands, and each step to enforcement with its date. */
const dmarcLines = (facts: Facts, domain: string, now: number): string[] => {
  const walk = seenOf(facts, 'dmarc')?.walk
  const record = walk?.record ?? null
  const applies = walk?.applies ?? 'domain'
  const at = walk?.at ?? domain
  const mx = seenOf(facts, 'mx')
  const plan = dmarcRollout(record, domain, now, mx === null || mx.hosts.length > 0, applies)
  const policy = applies === 'domain' ? record?.p : (record?.sp ?? record?.p)
  const tag = applies === 'domain' || !record?.sp ? 'p' : 'sp'
  const governs = applies === 'domain' ? '' : ` for subdomains of ${escapeMarkdown(at)}`
  const state = record ? `Now ${markdownCode(`${tag}=${policy ?? 'none'}`)}${governs}.` : 'Not begun.'
  const rows = plan.map(step => [
    step.reached ? 'reached' : step.date,
    code(step.record),
    escapeMarkdown(step.condition),
  ])
  const rest =
    policy === 'reject' && !record?.testing
      ? ['The last step is reached.', '']
      : table(['from', `record of ${code(`_dmarc.${at}`)}`, 'when'], rows)
  return ['## DMARC, step by step', '', state, '', ...rest]
}

const senderRow = (item: FactsByName['senderMail']): string[] => [
  escapeMarkdown(item.name),
  code(item.from),
  item.envelope ? code(item.envelope) : 'a domain of the provider',
  item.spf.authorised === null ? 'not known' : item.spf.authorised ? 'passes' : 'does not pass',
  item.dkim
    .filter(key => key.usable)
    .map(key => code(key.selector))
    .join(', ') || 'no usable key',
]

const senderLines = (facts: Facts): string[] => {
  const senders = factsOf(facts, 'senderMail').flatMap(({ fact }) => (fact.ok ? [fact.value] : []))
  const providers = seenOf(facts, 'selectors')?.providers ?? []
  return [
    ...(senders.length
      ? ['## Your senders', '', ...table(['sender', 'From', 'bounces go to', 'SPF', 'DKIM'], senders.map(senderRow))]
      : []),
    ...(providers.length
      ? [
          '## Services in sight',
          '',
          ...providers.map(item => `- ${escapeMarkdown(item.name)}: ${escapeMarkdown(item.why)}`),
          '',
        ]
      : []),
  ]
}

/** The check whose findings bear a mailbox provider as their key. */
const providerCheck = 'provider-requirements'

const providerLines = ({ findings, checks }: Report): string[] => {
  const results = checks.filter(({ check }) => check === providerCheck)
  const demands = findings.filter(({ check }) => check === providerCheck)
  const unknown = results.find(({ status }) => status === 'unknown')
  const verdictOf = ({ id }: MailboxProvider): string => {
    const demand = demands.find(({ key }) => key === id)
    if (demand) return escapeMarkdown(demand.title)
    if (unknown) return escapeMarkdown(unknown.reason ?? '')
    if (demands.length || results.some(({ status }) => status === 'pass')) return 'the records meet what it asks for'
    return escapeMarkdown(results.find(({ reason }) => reason)?.reason ?? 'not judged')
  }
  return [
    '## Gmail, Yahoo, Microsoft',
    '',
    ...table(
      ['provider', 'verdict'],
      mailboxProviders.map(provider => [provider.name, verdictOf(provider)]),
    ),
    'DNS cannot show: whether real mail is signed and aligned (`launch-ready email message a-mail.eml`), one-click unsubscribe in newsletters, and complaints (Google Postmaster Tools, Yahoo Sender Hub, Microsoft SNDS).',
    '',
  ]
}

const serverRow = (subject: string, fact: Fact<FactsByName['mxSmtp']>): string[] => {
  if (!fact.ok) return [code(subject), escapeMarkdown(fact.message), '']
  const { probe } = fact.value
  if (!probe) return [code(subject), 'does not answer', '']
  const { tls, starttls } = probe
  const certificate = tls?.authorized ? 'valid' : escapeMarkdown(tls?.error ?? 'not valid')
  return [code(subject), `${starttls}${tls ? `, ${tls.version}` : ''}`, tls ? certificate : '']
}

const serverLines = (facts: Facts): string[] => {
  const servers = factsOf(facts, 'mxSmtp')
  if (!servers.length) return []
  const rows = servers.map(({ subject, fact }) => serverRow(subject, fact))
  return ['## Encryption on the way in', '', ...table(['mail server', 'STARTTLS', 'certificate'], rows)]
}

const unknownLines = ({ checks }: Report): string[] => {
  const lines = checks
    .filter(({ status }) => status === 'unknown')
    .map(
      ({ check, subject, reason }) =>
        `- ${escapeMarkdown(check)} of ${escapeMarkdown(subject)}: ${escapeMarkdown(reason ?? '')}`,
    )
  return lines.length ? ['## What could not be told', '', ...new Set(lines), ''] : []
}

/** Builds the document. Everything from outside is escaped. */
export const emailAuthentication = ({ report, facts, now }: DeliverableInput): Document[] => {
  const domain = report.target.domain ?? ''
  const findings = report.findings.filter(({ stage, suppressed }) => stage === 'email' && suppressed === null)
  const nameservers = seenOf(facts, 'dnsPanel')?.nameservers ?? null
  const panel = panelOf(nameservers ?? [])
  const lines = [
    ...heading(domain, report.startedAt.slice(0, 10), findings),
    ...panelLines(nameservers, panel),
    ...changeLines(findings, panel, domain),
    ...recordLines(facts, domain),
    ...treeLines(facts),
    ...dmarcLines(facts, domain, now),
    ...senderLines(facts),
    ...providerLines(report),
    ...serverLines(facts),
    ...unknownLines(report),
    `Check again: ${markdownCode(`launch-ready email ${domain}`)}`,
    '',
  ]
  return [{ path: 'email-authentication.md', content: lines.join('\n') }]
}
