// An alert reaches two people on two ways.
import { ask, blocker, defineCheck, medium, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { nobody, reading, section } from '../../facts/monitor/watching.example.ts'
import type { Watching } from '../../facts/monitor/watching.ts'
import type { ChannelView } from '../../formats/monitor/section.ts'
import { addChannel, listChannels, steps } from './fixes.ts'
import { held, isManagedOnly, lookedThrough, unseen } from './seeing.ts'

/** `isOurs`: a watcher of ours is configured, which sends to what its config names. */
type Data = { channel: string; person: string; answer: string; isOurs: boolean }

const question = {
  id: 'alert-channel',
  text: 'Who is told when the product is down, and on which two ways?',
  answer: 'monitor.alerts',
}
const second =
  '- { name: founder, email: you@example.com, from: alerts@example.com, smtp: "${SMTP_URL}", after: 10m, people: [founder] }'
/** Failures in a row after which a channel is taken for dead. */
const failuresThatCount = 3

/** Channels of ours, and those that files of other tools name. */
const channelsOf = ({ section, tools }: Watching): ChannelView[] => [
  ...(section?.channels ?? []),
  ...tools.flatMap(({ tool, channels }) =>
    channels.map(name => ({ name: `${tool} ${name}`, kind: name, after: 0, people: [] })),
  ),
]

const shown = ({ name, kind }: ChannelView): string => (name === kind ? name : `${name} (${kind})`)

/** The one person whom all channels name; null where there are more, or where a channel names nobody. */
const onlyPerson = (channels: readonly ChannelView[]): string | null => {
  const people = [...new Set(channels.flatMap(channel => channel.people))]
  return people.length === 1 && channels.every(channel => channel.people.length) ? people[0]! : null
}

export default defineCheck<Data>()({
  id: 'alert-channel',
  stage: 'monitor',
  on: 'domain',
  title: 'Alerts go to two people on two channels',
  why: 'A single chat channel is muted, a single phone is in a tunnel, a webhook is deleted with the account of who made it. A second channel that is told after ten minutes without an answer costs nothing. Channels that failed three times in a row count as dead.',
  impact: { journey: 'operate', owner: 'When the product is down, nobody who could repair it is told.' },
  needs: ['watching'],
  signals: { 'outages-from-customers': ['none', 'failing', 'single', 'one-person'] },
  outcomes: {
    none: blocker('Nobody is told when the product is down', ({ isOurs }) =>
      isOurs
        ? listChannels(['team', 'second'])
        : addChannel('- { name: team, slack: "${SLACK_WEBHOOK}", people: [ada, bob] }'),
    ),
    single: medium(
      'Alerts go to one channel alone: {channel}',
      ({ isOurs }) => (isOurs ? listChannels(['second']) : addChannel(second)),
      {
        why: 'If that channel is muted, deleted or down, nobody is told of an outage.',
      },
    ),
    'one-person': medium(
      'Every alert goes to one person: {person}',
      () =>
        steps(
          'Name a second person who is told.',
          [
            'Add somebody to `people` of a channel, or a channel that is told after 10 minutes (`after: 10m`).',
            'Agree who looks at night and on holidays.',
          ],
          30,
        ),
      { why: 'If that person sleeps or is away, nobody hears of an outage.' },
    ),
    failing: blocker('The channel {channel} does not take alerts', ({ channel, answer }) =>
      steps(
        `Let the channel ${channel} take alerts again.`,
        [
          `It said: ${answer || 'nothing'}. Make a new webhook or password there, and put it into the environment.`,
          'Run `launch-ready monitor test-alert`.',
        ],
        15,
      ),
    ),
    redundant: pass('Alerts go to several people and channels'),
  },
  references: ['https://sre.google/sre-book/being-on-call/'],
  judge({ watching }, { target }) {
    const hidden = unseen(watching, target, question, 'blocker')
    if (hidden) return hidden
    if (isManagedOnly(watching))
      return ask(question, 'the monitoring service does not tell us whom it alerts', 'blocker')
    const channels = channelsOf(watching)
    const isOurs = watching.section !== null
    const data: Data = { channel: channels[0]?.name ?? '', person: '', answer: '', isOurs }
    if (channels.length === 0) return { outcome: 'none', data, evidence: [lookedThrough(watching)] }
    const evidence = [textEvidence('channels', channels.map(shown).join(', '))]
    const dead = (watching.reading?.channels ?? []).filter(({ failures }) => failures >= failuresThatCount)
    const person = onlyPerson(channels)
    const found = [
      ...dead.map(({ name, lastAnswer, failures }) => ({
        outcome: 'failing' as const,
        key: name,
        data: { ...data, channel: name, answer: lastAnswer ?? '' },
        evidence: [textEvidence(name, `${failures} attempts failed in a row; last answer: ${lastAnswer ?? 'none'}`)],
      })),
      ...(channels.length === 1 ? [{ outcome: 'single' as const, data, evidence }] : []),
      ...held(
        person && {
          outcome: 'one-person' as const,
          data: { ...data, person },
          evidence: [textEvidence('people', person)],
        },
      ),
    ]
    return found.length ? found : { outcome: 'redundant', data, evidence }
  },
  examples: [
    { name: 'two ways', facts: {}, expect: 'redundant' },
    { name: 'no channel', facts: { watching: section({ channels: [] }) }, expect: 'none' },
    {
      name: 'one',
      facts: { watching: section({ channels: [{ name: 'team', kind: 'slack', after: 0, people: ['ada', 'bob'] }] }) },
      expect: 'single',
    },
    {
      name: 'one person',
      facts: {
        watching: section({
          channels: ['slack', 'email'].map(kind => ({ name: kind, kind, after: 0, people: ['ada'] })),
        }),
      },
      expect: 'one-person',
    },
    {
      name: 'refused',
      facts: {
        watching: reading({ channels: [{ name: 'team', failures: 4, lastAnswer: '404 no_service', delivered: 0 }] }),
      },
      expect: 'failing',
    },
    { name: 'nothing is seen', facts: { watching: nobody }, expect: 'skip' },
  ],
})
