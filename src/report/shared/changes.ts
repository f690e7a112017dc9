// A fix as something to read and to paste: each change as a line that says what to do, and the text that goes there.

import { shellWord } from '../../core/clean.ts'
import type { Change, DnsChange, HttpHeaderChange, SettingChange } from '../../core/fix.ts'
import type { Finding, Report } from '../../core/report.ts'
import { type Choice, choicesAt, headerWords, settingWords } from '../../core/setting-words.ts'
import type { ReportOptions } from '../options.ts'
import { type Group, type Numbered, ranges, withoutSubject } from './group.ts'
import type { Sheet } from './sheet.ts'
import { longDate, targetName } from './words.ts'

/** `intro` says what to do with `paste`; `language` names its highlighting. Nothing is cleaned or escaped yet. */
export type Instruction = { intro: string; paste: string | null; language: string }

/** Host → the server that answers for it. */
type Servers = NonNullable<Report['servers']>

const withoutDot = (name: string): string => name.replace(/\.$/, '')

/** A name as DNS panels want it: relative to the domain, `@` for the domain itself; whole where it lies elsewhere. */
const panelName = (name: string, domain: string | null): string => {
  const whole = withoutDot(name)
  if (!domain) return whole
  if (whole.toLowerCase() === domain.toLowerCase()) return '@'
  return whole.toLowerCase().endsWith(`.${domain.toLowerCase()}`) ? whole.slice(0, -domain.length - 1) : whole
}

const zoneOf = (name: string, domain: string | null): string => {
  const whole = withoutDot(name).toLowerCase()
  const own = domain?.toLowerCase()
  return own && (whole === own || whole.endsWith(`.${own}`)) ? domain! : withoutDot(name)
}

const ttlOf = ({ ttl }: DnsChange): string => (ttl === undefined ? '' : `  TTL ${ttl}`)

/** Enough of a record to tell it from its neighbours. */
const beginning = (data: string): string => (data.length > 28 ? `${data.slice(0, 26).toWellFormed()}…` : data)

const dnsInstruction = (change: DnsChange, domain: string | null): Instruction => {
  const { action, name, type, data } = change
  if (action === 'replace') {
    const which = change.was ? ` (${beginning(change.was)})` : ''
    const ttl = change.ttl === undefined ? '' : ` (TTL ${change.ttl})`
    return { intro: `replace the ${type} record of ${withoutDot(name)}${which} with${ttl}`, paste: data, language: '' }
  }
  if (action === 'remove')
    return { intro: `remove this ${type} record of ${withoutDot(name)}`, paste: data, language: '' }
  return {
    intro: `add to the DNS of ${zoneOf(name, domain)}`,
    paste: `${panelName(name, domain)}  ${type}  ${data}${ttlOf(change)}`,
    language: '',
  }
}

/** Host of a setting of a server, or '' where it belongs to none. */
const hostOf = (path: string): string => path.replace(/^https?:\/\//, '').split('/')[0]!

/** What to type: the one way of the server that was detected, else each way behind the names of those that share it. */
const choiceLines = (choices: readonly Choice[]): string | null => {
  if (choices.length === 0) return null
  if (choices.length === 1) return choices[0]!.text
  const ways = [...Map.groupBy(choices, ({ text }) => text)].map(([text, of]) => ({
    text,
    names: of.map(({ at }) => at),
  }))
  const widest = Math.max(...ways.map(({ names }) => (names.length === 1 ? names[0]!.length : 0)))
  return ways
    .map(({ names, text }) =>
      names.length === 1 ? `${names[0]!.padEnd(widest)}  ${text}` : `${names.join(', ')}: ${text}`,
    )
    .join('\n')
}

const settingInstruction = (change: SettingChange, known: Servers): Instruction => {
  const words = settingWords(change)
  const choices = choicesAt(words, known[hostOf(change.path)])
  const where = choices.length === 1 ? `${choices[0]!.at}: ` : ''
  const ways = choices.length > 1 ? ', by where it runs' : ''
  return { intro: `${where}${words.what}${ways}`, paste: choiceLines(choices), language: '' }
}

const headerInstruction = (change: HttpHeaderChange, known: Servers): Instruction => {
  const where = `${change.host}${change.path ?? ''}`
  const own = headerWords(change).choices.find(({ at }) => at === known[change.host])
  const verb = change.action === 'remove' ? 'no longer send' : 'send'
  if (own) return { intro: `${verb} this header from ${where} (${own.at})`, paste: own.text, language: '' }
  return change.action === 'remove'
    ? { intro: `no longer send this header from ${where}`, paste: change.name, language: '' }
    : { intro: `send this header from ${where}`, paste: `${change.name}: ${change.value ?? ''}`, language: '' }
}

const extension = (path: string): string => /\.([a-z0-9]{1,8})$/i.exec(path)?.[1]?.toLowerCase() ?? ''

/** One change in words. */
export const instruction = (change: Change, domain: string | null, known: Servers = {}): Instruction => {
  switch (change.kind) {
    case 'dns':
      return dnsInstruction(change, domain)
    case 'http-header':
      return headerInstruction(change, known)
    case 'redirect': {
      const tree = change.tree ? ', and everything below it with its path' : ''
      return { intro: `redirect (${change.status})${tree}`, paste: `${change.from} → ${change.to}`, language: '' }
    }
    case 'file':
      if (change.action === 'delete') return { intro: 'delete the file', paste: change.path, language: '' }
      if (change.patch !== undefined) return { intro: `change ${change.path}`, paste: change.patch, language: 'diff' }
      return { intro: `write ${change.path}`, paste: change.content ?? '', language: extension(change.path) }
    case 'setting':
      return settingInstruction(change, known)
    case 'command':
      return { intro: 'run', paste: change.run, language: 'sh' }
    case 'manual':
      return { intro: change.step, paste: null, language: '' }
  }
}

/** What to do for a finding, as its step of the plan has it; neighbours with the same introduction are put together. */
export const instructions = (finding: Finding, { report, todoOf }: Pick<Sheet, 'report' | 'todoOf'>): Instruction[] => {
  const todo = todoOf(finding)
  if (todo.toldAt !== null)
    return [{ intro: `done with number ${todo.toldAt}: both change the same place`, paste: null, language: '' }]
  const out = inWords(finding, todo.changes, report)
  if (todo.also.length) out.push({ intro: `this puts ${ranges(todo.also)} right as well`, paste: null, language: '' })
  for (const { changes, notBefore, why } of todo.later) {
    out.push({ intro: `not before ${longDate(notBefore!)}: ${why}`, paste: null, language: '' })
    out.push(...inWords(finding, changes, report))
  }
  return out
}

/** A setting with parts, such as the answer of one path. */
const isInParts = (change: Change): change is SettingChange =>
  change.kind === 'setting' && typeof change.value === 'object' && change.value !== null

const isOneWay = (change: SettingChange, known: Servers): boolean =>
  choicesAt(settingWords(change), known[hostOf(change.path)]).length === 1

const inWords = (finding: Finding, changes: readonly Change[], report: Report): Instruction[] => {
  const out: Instruction[] = []
  const said = finding.fix.steps.length > 0
  for (const change of changes) {
    // The steps say it already, for every server; the one that was detected is worth a line of its own.
    if (said && isInParts(change) && !isOneWay(change, report.servers ?? {})) continue
    const next = instruction(change, report.target.domain, report.servers)
    const last = out.at(-1)
    const isMore = last && last.paste !== null && next.paste !== null && last.intro === next.intro && !next.language
    if (!isMore) out.push(next)
    // Two settings can be one in the words of the server.
    else if (last.paste !== next.paste) last.paste += `\n${next.paste}`
  }
  return out
}

/** What is to be pasted for the others of a group, where it is more than the lead's with another name; at most twelve. */
export const differing = (
  { lead, more }: Group,
  sheet: Pick<Sheet, 'report' | 'todoOf'>,
): { subject: string; paste: string }[] => {
  if (more.length === 0) return []
  const pasted = ({ finding }: Numbered): string =>
    instructions(finding, sheet)
      .flatMap(({ paste }) => paste ?? [])
      .join('\n')
  const own = withoutSubject(pasted(lead), lead.finding.subject)
  return more
    .map(one => ({ subject: one.finding.subject, paste: pasted(one) }))
    .filter(({ subject, paste }) => paste !== '' && withoutSubject(paste, subject) !== own)
    .slice(0, 12)
}

/** The command that looks again: the audit of the domain, or of the repository alone where no domain was given. */
export const command = (report: Report): string =>
  report.target.domain ? `launch-ready audit ${shellWord(report.target.domain)}` : 'launch-ready deploy'

/** The one command that shows whether the fix worked. */
export const proof = (finding: Finding, report: Report, options: ReportOptions = {}): string => {
  const actions = options.describe?.[finding.check]?.actions ?? []
  const { subject } = finding
  // A message is judged from its file, the mail of a flow by setting the flow off again.
  if (actions.includes('email message') && options.handedMessages?.includes(subject))
    return `launch-ready email message ${shellWord(subject === 'standard input' ? '-' : subject)}`
  if (actions.includes('email message') || actions.includes('email flows')) return 'launch-ready email flows'
  if (finding.stage === 'handover' && report.target.domain)
    return `launch-ready handover ${shellWord(report.target.domain)} --only ${shellWord(finding.check)}`
  return `${command(report)} --only ${shellWord(finding.check)}`
}

/** Commands that follow from the report, in the order to run them. */
export const nextCommands = (report: Report): string[] => {
  const again = command(report)
  const domain = report.target.domain ? ` ${shellWord(report.target.domain)}` : ''
  const repository = report.target.repo || !domain ? [] : ['cd your-repo && launch-ready deploy']
  if (report.findings.some(({ suppressed }) => !suppressed))
    return [`${again} --report markdown:blockers.md`, ...repository]
  if (report.verdict !== 'ready') return ['launch-ready doctor', again]
  // All is well: keep the records as they are now, so that a change is noticed.
  return [...(domain ? [`launch-ready dns snapshot${domain}`] : [`${again} --out launch-ready`]), ...repository]
}

/** True where the reader cannot tell from title and evidence which subject is meant. */
export const needsSubject = (finding: Finding, report: Report): boolean => {
  const { subject } = finding
  if (subject === targetName(report) || subject === report.target.repo?.split(/[\\/]/).filter(Boolean).at(-1))
    return false
  return ![finding.title, ...finding.evidence.flatMap(({ label, value }) => [label, value])].some(text =>
    text.includes(subject),
  )
}
