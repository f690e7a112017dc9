// monitoring.md: what is watched, who is told, how one knows that it works, and how to read the logs. For whoever is woken at night.
import type { MonitorSectionView } from '../formats/monitor/section.ts'
import { escapeMarkdown, markdownCode } from '../report/shared/escape.ts'
import { type DeliverableInput, type Document, factOf } from './deliverable.ts'
import { table } from './markdown-table.ts'

type Facts = DeliverableInput['facts']

const minutes = (ms: number): string =>
  ms % 3_600_000 === 0
    ? `${ms / 3_600_000} h`
    : ms >= 60_000
      ? `${Math.round(ms / 60_000)} min`
      : `${Math.round(ms / 1000)} s`
const dated = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString().slice(0, 10))

const watchedPart = (facts: Facts): string[] => {
  const fact = factOf(facts, 'watching')
  if (!fact?.ok || fact.value.monitors.length === 0)
    return [
      'Nothing is watched as far as one can see. Begin with three: the app, the login, the certificate.',
      '',
      '```yaml',
      'monitor:',
      '  monitors:',
      '    - { name: app, http: https://app.example.com/, expect: { text: Log in } }',
      '    - { name: certificate, tls: app.example.com:443, expect: { daysLeft: 14 } }',
      '    - { name: domain, domain: example.com, expect: { daysLeft: 30 } }',
      '```',
      '',
    ]
  const rows = fact.value.monitors.map(({ name, kind, target, intervalMs, source, paused, asserts }) => [
    escapeMarkdown(name),
    `${kind} ${markdownCode(target, { inTable: true })}`,
    minutes(intervalMs),
    kind === 'http' ? (asserts ? 'its text' : 'its status alone') : 'that it answers',
    escapeMarkdown(source),
    paused ? '**does not look**' : 'looks',
  ])
  return [...table(['monitor', 'looks at', 'every', 'compares', 'by', 'now'], rows), '']
}

const toldPart = (facts: Facts, section: MonitorSectionView | null): string[] => {
  const fact = factOf(facts, 'watching')
  const proofs = fact?.ok ? fact.value.proofs : []
  const channels = section?.channels ?? []
  if (channels.length === 0) return ['Nobody, as far as the config says. Name two channels under `monitor.alerts`.', '']
  const rows = channels.map(({ name, kind, after, people }) => {
    const last = proofs.filter(proof => proof.channel === name).sort((a, b) => b.sentAt - a.sentAt)[0]
    return [
      escapeMarkdown(name),
      kind,
      after ? `after ${minutes(after)} without an answer` : 'at once',
      escapeMarkdown(people.join(', ')) || 'not said',
      last
        ? `${dated(last.sentAt)}, ${last.seenAt ? `seen ${dated(last.seenAt)}` : last.acceptedAt ? 'taken, not seen' : 'failed'}`
        : 'never',
    ]
  })
  return [
    ...table(['channel', 'kind', 'when', 'who reads it', 'last test'], rows),
    '',
    'Test all of them each month: `launch-ready monitor test-alert`.',
    '',
  ]
}

const logPart = (facts: Facts): string[] => {
  const signs = factOf(facts, 'monitorSigns')
  const places = signs?.ok ? signs.value.logDocuments : []
  return [
    ...(places.length
      ? [
          `Written down in ${places
            .slice(0, 4)
            .map(({ file, line }) => markdownCode(`${file}:${line}`))
            .join(', ')}.`,
        ]
      : [
          'No document of the repository says it. Write the command here:',
          '',
          '```sh',
          '# how the log of the last hour is read',
          '```',
        ]),
    '',
    'Before a log leaves the house (a ticket, a chat, an assistant): `launch-ready monitor redact app.log > clean.log`; what is in it: `launch-ready monitor scan-logs app.log`.',
    '',
  ]
}

const heardPart = (facts: Facts): string[] => {
  const signs = factOf(facts, 'monitorSigns')
  if (!signs?.ok) return []
  const { trackers, notices, jobs, jobAlerts } = signs.value
  const place = ({ file, line }: { file: string; line: number }): string => markdownCode(`${file}:${line}`)
  return [
    '## What else is heard of',
    '',
    `- Errors: ${trackers.length ? `${trackers[0]!.tool} (${place(trackers[0]!.place)})` : 'nobody hears of them'}.`,
    `- Deploys: ${notices.length ? place(notices[0]!.place) : 'nobody is told'}.`,
    `- Jobs: ${jobs.length === 0 ? 'none found' : jobAlerts.length ? `told at ${place(jobAlerts[0]!)}` : `${[...new Set(jobs.map(({ kind }) => kind))].join(', ')}; nobody is told of a failure`}.`,
    '',
  ]
}

/** One document for the product. */
export const monitoringDocument = ({ facts, target, now }: DeliverableInput): Document[] => {
  const fact = factOf(facts, 'watching')
  const section = fact?.ok ? fact.value.section : null
  const reading = fact?.ok ? fact.value.reading : null
  const incidents = reading?.incidents ?? []
  const lines = [
    `# Monitoring${target.domain ? `: ${escapeMarkdown(target.domain)}` : ''}`,
    '',
    `For whoever is woken. Written by \`launch-ready monitor\` on ${new Date(now).toISOString().slice(0, 10)}; it overwrites this file.`,
    '',
    '## What is watched',
    '',
    ...watchedPart(facts),
    '## Who is told',
    '',
    ...toldPart(facts, section),
    '## When it rings',
    '',
    '1. Say that you take care of it: the link in the message, or `launch-ready monitor ack`. Nobody else is called then.',
    '2. Look: the dashboard, `launch-ready monitor status`, then the product itself in a private window.',
    '3. Was there a deploy in the last hour? Take it back first (rollback.md), search afterwards.',
    '4. Tell customers: the status page, one sentence, what they can do meanwhile.',
    '5. When it is over, write down what happened, and add the monitor that would have told you sooner.',
    '',
    '## The monitor itself',
    '',
    `- It runs ${reading?.watcher ? `on ${escapeMarkdown(reading.watcher.host)}, last heard of ${new Date(reading.watcher.beatAt).toISOString().slice(0, 16).replace('T', ' ')} UTC` : 'nowhere as far as the store says: `launch-ready monitor export systemd`'}.`,
    `- ${section?.deadMan ? 'An outside service notices when it stops (`monitor.deadMan`).' : 'Nobody notices when it stops: set `monitor.deadMan`.'}`,
    `- Target: ${section?.target ?? 99.9} % of a month, ${Math.round((30 * 1440 * (100 - (section?.target ?? 99.9))) / 100)} minutes down at most.`,
    ...(incidents.length
      ? [
          '',
          'Last incidents:',
          '',
          ...incidents
            .slice(0, 10)
            .map(
              ({ title, since, resolvedAt }) =>
                `- ${new Date(since).toISOString().slice(0, 16).replace('T', ' ')} UTC: ${escapeMarkdown(title)}, ${resolvedAt ? `${minutes(Math.max(60_000, resolvedAt - since))} long` : 'still open'}`,
            ),
        ]
      : []),
    '',
    ...heardPart(facts),
    '## How to read the logs',
    '',
    ...logPart(facts),
  ]
  return [{ path: 'monitoring.md', content: `${lines.join('\n').trimEnd()}\n` }]
}
