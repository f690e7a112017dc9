// A fix as something to read and to paste: each change as a line that says what to do, and the text that goes there.
import type { Change, DnsChange } from '../../core/fix.ts'
import type { Finding, Report } from '../../core/report.ts'
import type { ReportOptions } from '../options.ts'
import { shellWord } from './escape.ts'
import { type Group, ranges, withoutSubject } from './group.ts'
import { todoOf } from './plan.ts'
import { longDate, targetName } from './words.ts'

/** `intro` says what to do with `paste`; `language` names its highlighting. Nothing is cleaned or escaped yet. */
export type Instruction = { intro: string; paste: string | null; language: string }

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

/** Providers that are no names but places. */
const places: Record<string, string> = {
  tls: "the server's TLS configuration",
  'web-server': "the web server's configuration",
}

const settingValue = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? 'unset')

const extension = (path: string): string => /\.([a-z0-9]{1,8})$/i.exec(path)?.[1]?.toLowerCase() ?? ''

/** One change in words. */
export const instruction = (change: Change, domain: string | null): Instruction => {
  switch (change.kind) {
    case 'dns':
      return dnsInstruction(change, domain)
    case 'http-header': {
      const where = `${change.host}${change.path ?? ''}`
      return change.action === 'remove'
        ? { intro: `no longer send this header from ${where}`, paste: change.name, language: '' }
        : { intro: `send this header from ${where}`, paste: `${change.name}: ${change.value ?? ''}`, language: '' }
    }
    case 'redirect': {
      const tree = change.tree ? ', and everything below it with its path' : ''
      return { intro: `redirect (${change.status})${tree}`, paste: `${change.from} → ${change.to}`, language: '' }
    }
    case 'file':
      if (change.action === 'delete') return { intro: 'delete the file', paste: change.path, language: '' }
      if (change.patch !== undefined) return { intro: `change ${change.path}`, paste: change.patch, language: 'diff' }
      return { intro: `write ${change.path}`, paste: change.content ?? '', language: extension(change.path) }
    case 'setting': {
      const was = change.was === undefined ? '' : ` (now ${settingValue(change.was)})`
      return {
        intro: `in ${places[change.provider] ?? change.provider}, set${was}`,
        paste: `${change.path} = ${settingValue(change.value)}`,
        language: '',
      }
    }
    case 'command':
      return { intro: 'run', paste: change.run, language: 'sh' }
    case 'manual':
      return { intro: change.step, paste: null, language: '' }
  }
}

/** What to do for a finding, as its step of the plan has it; neighbours with the same introduction are put together. */
export const instructions = (finding: Finding, report: Report): Instruction[] => {
  const todo = todoOf(finding, report)
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

const inWords = (finding: Finding, changes: readonly Change[], report: Report): Instruction[] => {
  const out: Instruction[] = []
  const said = finding.fix.steps.length > 0
  for (const change of changes) {
    // A setting with parts is for programs: people follow the steps.
    if (said && change.kind === 'setting' && typeof change.value === 'object' && change.value !== null) continue
    const next = instruction(change, report.target.domain)
    const last = out.at(-1)
    if (last && last.paste !== null && next.paste !== null && last.intro === next.intro && !next.language)
      last.paste += `\n${next.paste}`
    else out.push(next)
  }
  return out
}

/** What is to be pasted for the others of a group, where it is more than the lead's with another name; at most twelve. */
export const differing = ({ lead, more }: Group, report: Report): { subject: string; paste: string }[] => {
  const pasted = (finding: Finding): string =>
    instructions(finding, report)
      .flatMap(({ paste }) => paste ?? [])
      .join('\n')
  const of = (finding: Finding): string => withoutSubject(pasted(finding), finding.subject)
  return more
    .filter(({ finding }) => pasted(finding) !== '' && of(finding) !== of(lead.finding))
    .slice(0, 12)
    .map(({ finding }) => ({ subject: finding.subject, paste: pasted(finding) }))
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
