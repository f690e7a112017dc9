// What people are told, in plain words: what is down since when, what customers see, the last deploy before it, what to try, where it is
// written down. What comes from strangers is cleaned here and escaped by each channel.
import { clean } from '../core/clean.ts'
import type { MonitorKind } from '../formats/monitor/kinds.ts'
import { openParts } from './incidents.ts'
import { seenInWords } from './seen-words.ts'
import type { Incident, MessageBody, ProductEvent } from './store.ts'

/** What texts need to know of a monitor. */
export type Known = { kind: MonitorKind; target: string; customers: string | null; runbook: string | null }

export type TextContext = {
  now: number
  known: (monitor: string) => Known | null
  /** Of the whole section. */
  runbook: string | null
  /** Last deploy before the incident. */
  deploy: ProductEvent | null
  /** Stands for the link that acknowledges: filled in when the message is sent, so that no token lies in the store. */
  acknowledge: string | null
}

export const ackPlace = '{{acknowledge}}'

export const lasting = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 90) return `${seconds} seconds`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} minutes`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`
}

/** `14:05 UTC on 25 November`. */
export const pointInTime = (at: number): string => {
  const day = new Date(at)
  const time = day.toISOString().slice(11, 16)
  const months = 'January February March April May June July August September October November December'.split(' ')
  return `${time} UTC on ${day.getUTCDate()} ${months[day.getUTCMonth()]}`
}

const customersSee: Record<MonitorKind, string> = {
  http: 'People who open it get an error or no page at all.',
  tcp: 'Nothing can connect to it; what depends on it fails.',
  tls: 'Browsers warn people away from the site, or will soon.',
  dns: 'Browsers may not find the site, or find the wrong one.',
  smtp: 'Mails that the product sends may not go out.',
  domain: 'When the registration ends, site and mail end with it.',
  heartbeat: 'Nothing at once, but a job that customers rely on did not run.',
  log: 'Some people see errors.',
  flow: 'People cannot get through these steps.',
  mailFlow: 'The mail that people wait for does not reach them.',
}

const toTry: Record<string, string> = {
  host: 'Is the server running? Look at the status page of your hosting, then restart the service.',
  dns: 'Look at the records at your DNS provider, and whether the domain is paid for.',
  certificate: 'Renew the certificate, and look why it did not renew by itself.',
  answer: 'Look at the errors in the log of the application. If a deploy went out just before, roll it back.',
  monitor: 'Open it yourself. If a deploy went out just before, roll it back.',
}

const deployLine = (deploy: ProductEvent | null, before: number): string =>
  deploy === null
    ? 'No deploy is known before it.'
    : `Last deploy before it: ${clean(deploy.commit?.slice(0, 12) ?? deploy.text.slice(0, 60), 60)}${deploy.status === 'failure' ? ' (failed)' : ''}, ${lasting(before - deploy.at)} earlier${deploy.by ? `, by ${clean(deploy.by, 60)}` : ''}.`

const lines = (...all: readonly (string | null | false)[]): string => all.filter(line => line).join('\n')

const partLine = ({ monitor, detail }: Incident['parts'][number], { known }: TextContext): string =>
  `- ${clean(monitor, 100)}${known(monitor) ? ` (${clean(known(monitor)!.target, 120)})` : ''}: ${clean(seenInWords(detail), 250).replaceAll('{{', '{ {')}.`

const mostParts = 8

const partLines = (parts: Incident['parts'], context: TextContext): string =>
  lines(
    ...parts.slice(0, mostParts).map(part => partLine(part, context)),
    parts.length > mostParts && `- and ${parts.length - mostParts} more`,
  )

const helpLines = (incident: Incident, context: TextContext): string => {
  const first = incident.parts[0]
  const known = first ? context.known(first.monitor) : null
  const runbook = known?.runbook ?? context.runbook
  return lines(
    `What to try: ${toTry[incident.cause.split(':')[0]!] ?? toTry['monitor']}`,
    runbook !== null && `Runbook: ${runbook}`,
    context.acknowledge !== null && `I take care of it: ${context.acknowledge}`,
  )
}

const body = (
  event: MessageBody['event'],
  incident: Incident,
  title: string,
  text: string,
  state: MessageBody['state'],
): MessageBody => ({
  event,
  monitor: incident.cause === 'cannot-see' ? null : (incident.parts[0]?.monitor ?? null),
  state,
  since: incident.since,
  incident: incident.id,
  title: clean(title, 150),
  text,
})

export const downText = (incident: Incident, context: TextContext): MessageBody => {
  const first = incident.parts[0]!
  const known = context.known(first.monitor)
  const slow = incident.state === 'degraded'
  const title = `${slow ? 'SLOW' : 'DOWN'}: ${first.monitor}`
  const text = lines(
    `${slow ? 'Slow' : 'Down'} since ${pointInTime(incident.since)}.`,
    partLines(openParts(incident), context),
    `What customers see: ${clean(known?.customers ?? (slow ? 'It works, but people wait.' : customersSee[known?.kind ?? 'http']), 300)}`,
    deployLine(context.deploy, incident.since),
    helpLines(incident, context),
  )
  return body(slow ? 'degraded' : 'down', incident, title, text, slow ? 'degraded' : 'down')
}

export const reminderText = (incident: Incident, context: TextContext): MessageBody => {
  const parts = openParts(incident)
  if (incident.state === 'cannot-see')
    return body(
      'reminder',
      incident,
      'STILL BLIND: the monitor cannot see',
      `The monitor has not been able to look for ${lasting(context.now - incident.since)}. Nothing is known of your product since then.`,
      'unknown',
    )
  const title = `STILL ${incident.state === 'degraded' ? 'SLOW' : 'DOWN'}: ${parts[0]?.monitor ?? incident.title}`
  const text = lines(
    `For ${lasting(context.now - incident.since)}, since ${pointInTime(incident.since)}. Nobody has said that they take care of it.`,
    partLines(parts, context),
    deployLine(context.deploy, incident.since),
    helpLines(incident, context),
  )
  return body('reminder', incident, title, text, incident.state)
}

export const upText = (incident: Incident, context: TextContext): MessageBody => {
  const until = incident.parts.reduce((last, part) => Math.max(last, part.until ?? 0), incident.since)
  if (incident.state === 'cannot-see')
    return body(
      'up',
      incident,
      'SEES AGAIN: the monitor',
      `The monitor could not look for ${lasting(until - incident.since)}, from ${pointInTime(incident.since)}. That time counts as unknown, not as up.`,
      'up',
    )
  const names = incident.parts.map(({ monitor }) => monitor)
  const text = lines(
    `It was ${incident.state === 'degraded' ? 'slow' : 'down'} for ${lasting(until - incident.since)}, from ${pointInTime(incident.since)} to ${pointInTime(until)}.`,
    names.length > 1 &&
      `Affected: ${clean([...new Set(names)].slice(0, mostParts).join(', '), 300)}${names.length > mostParts ? ' and more' : ''}.`,
    deployLine(context.deploy, incident.since),
  )
  return body('up', incident, `UP AGAIN: ${names[0] ?? incident.title}`, text, 'up')
}

export const blindText = (incident: Incident): MessageBody =>
  body(
    'cannot-see',
    incident,
    'BLIND: the monitor cannot see',
    lines(
      `Since ${pointInTime(incident.since)} the monitor reaches nothing, also not the addresses that always answer: its own network is gone.`,
      'This says nothing of your product. Until it is over, nothing is known of it.',
      'What to try: look at the network of the machine that the monitor runs on.',
    ),
    'unknown',
  )

const eventWords = { deploy: 'Deploy', job: 'Job', note: 'Note' } as const

export const eventText = (event: ProductEvent): MessageBody => {
  const ended = event.status === null ? '' : event.status === 'success' ? ' succeeded' : ' FAILED'
  const what = clean(event.commit?.slice(0, 12) ?? event.text, 100)
  return {
    event: event.kind,
    monitor: null,
    state: event.status === null ? null : event.status === 'success' ? 'up' : 'down',
    since: event.at,
    incident: null,
    title: clean(`${eventWords[event.kind]}${ended}${what ? `: ${what}` : ''}`, 150),
    text: lines(
      `${eventWords[event.kind]}${ended} at ${pointInTime(event.at)}${event.by ? `, by ${clean(event.by, 100)}` : ''}.`,
      event.text !== '' && clean(event.text, 500),
      event.commit !== null && `Commit ${clean(event.commit, 64)}`,
      event.link !== null && clean(event.link, 500),
    ),
  }
}

export const testText = (nonce: string, now: number, link: string | null): MessageBody => ({
  event: 'test',
  monitor: null,
  state: null,
  since: now,
  incident: null,
  title: `TEST: can you read this? ${nonce}`,
  text: lines(
    `This is a test alert, sent at ${pointInTime(now)}. Nothing is down.`,
    'It went the way that a real one goes. Say that you have seen it:',
    link,
    `or: launch-ready monitor test-alert --ack ${nonce}`,
  ),
  nonce,
})
