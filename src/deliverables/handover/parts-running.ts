// The parts of the handover for when it runs: monitoring links, rollback steps, support contacts.

import type { SeenMonitoring } from '../../formats/handover/production.ts'
import {
  type Block,
  code,
  joined,
  type Line,
  link,
  list,
  note,
  type Section,
  type Span,
  steps,
  text,
  worded,
} from './blocks.ts'
import { callLines } from './first-page.ts'
import type { PaperInput } from './input.ts'
import { answered, placeOf, unsaid } from './places.ts'

const seenLast = (proofs: readonly { channel: string; at: string }[], name: string): string => {
  const last = proofs.find(({ channel }) => channel === name)
  return last ? `; a test alert was last seen on ${last.at.slice(0, 10)}` : ''
}

/** What is watched, and who is told. */
const watchedBlocks = ({ monitors, alerts, proofs, watching }: SeenMonitoring): Block[] => [
  { kind: 'heading', text: 'What is watched, and who is told' },
  monitors.length
    ? list(
        ...monitors
          .slice(0, 30)
          .map(
            ({ name, kind, what, by }): Line => [
              `${name}: ${kind} `,
              what ? code(what) : '',
              by === 'launch-ready' ? '' : `, by ${by}`,
            ],
          ),
      )
    : text('The hosts and key pages of the product, by ', code('launch-ready monitor watch'), '.'),
  ...(watching === false
    ? [note('bad', 'The watcher was not running when this was written: ', code('launch-ready monitor watch'), '.')]
    : []),
  alerts.length
    ? list(
        ...alerts.map(
          ({ name, kind, people }): Line => [
            `${name}${name === kind ? '' : `, by ${kind}`}${people.length ? `: ${people.join(', ')}` : ''}${seenLast(proofs, name)}`,
          ],
        ),
      )
    : note('bad', 'Nobody is told.'),
  text(
    'Up or down now: ',
    code('launch-ready monitor status'),
    '. Is an alert real: ',
    code('launch-ready monitor test-alert'),
    '.',
  ),
]

export const monitoring = (input: PaperInput): Section => {
  const { handover, production, links } = input
  const states = new Map(
    links.map(({ url, state, detail }) => [url, `${state === 'live' ? 'live' : state} (${detail})`]),
  )
  const all = handover.links ?? []
  return {
    id: 'monitoring',
    title: '4 Monitoring links',
    blocks: [
      all.length
        ? {
            kind: 'table',
            head: ['What', 'Where', 'When last asked'],
            rows: all.map(({ what, url }): Line[] => [[what], [link(url)], [states.get(url) ?? 'not asked']]),
          }
        : unsaid('Where one sees whether it is up does not show.', 'links'),
      ...(production.monitoring === null
        ? [
            note(
              'open',
              'No monitor of launch-ready is configured, so what is watched is not known: ',
              code('launch-ready monitor'),
              ' fills this in.',
            ),
          ]
        : watchedBlocks(production.monitoring)),
      ...(production.repository?.health.length
        ? [
            text(
              'The platform itself asks: ',
              ...joined(production.repository.health.slice(0, 4).map(({ text: at }) => code(at))),
              '.',
            ),
          ]
        : []),
    ],
  }
}

const restoreBlocks = (input: PaperInput): Block[] => {
  const { handover, production } = input
  const { repository } = production
  const restore = (repository?.documents ?? []).filter(({ topic }) => topic === 'restore')
  return [
    { kind: 'heading', text: 'If the data is gone' },
    ...(handover.restore ? [text(...answered(input, handover.restore, 'restore'))] : []),
    ...(restore.length
      ? [
          text(
            'Written down in ',
            ...joined(restore.slice(0, 3).map(({ file, line }) => placeOf(input, file, line))),
            '.',
          ),
        ]
      : []),
    ...(production.declared.backup ? [text(`Backups: ${production.declared.backup}.`)] : []),
    ...(repository?.backups.length
      ? [
          list(
            ...repository.backups
              .slice(0, 4)
              .map(({ file, line, text: what }): Line => [placeOf(input, file, line), `: ${what}`]),
          ),
        ]
      : []),
    ...(handover.restore || restore.length ? [] : [unsaid('How a backup is brought back does not show.', 'restore')]),
  ]
}

export const rollback = (input: PaperInput): Section => {
  const { handover, production } = input
  const { repository } = production
  const way = repository?.rollback ?? null
  const scripts = (repository?.scripts ?? []).filter(({ does }) => does === 'rollback')
  const documents = (repository?.documents ?? []).filter(({ topic }) => topic === 'rollback')
  const forbids = repository?.forbids ?? []
  const items: Line[] = [
    ...(forbids.length ? [['Look at "What the migrations forbid" below first.'] satisfies Line] : []),
    ...scripts.slice(0, 2).map(({ file }): Line => ['Run ', code(`./${file}`), '; its first lines say how.']),
    ...(way?.steps ?? []).map((step): Line => worded(step)),
    ['See that it worked: ', code('launch-ready deploy smoke --commit <commit of the old release>'), '.'],
    ['Write down what happened, and deploy again only with the fix.'],
  ]
  const known = way !== null || scripts.length > 0 || documents.length > 0 || handover.rollback !== undefined
  return {
    id: 'rollback',
    title: '5 Rollback steps',
    sub: 'Sign-up, log-in or payment does not work: take it back at once. Something looks odd and customers can work: repair it with a new release.',
    blocks: [
      ...(known ? [] : [unsaid('How a release is taken back does not show.', 'rollback')]),
      steps(...items),
      ...(way?.command ? [{ kind: 'code' as const, text: way.command }] : []),
      ...(way ? [text(`What does not go back: ${way.limits}`)] : []),
      ...(handover.rollback ? [text(...answered(input, handover.rollback, 'rollback'))] : []),
      ...(documents.length
        ? [
            text(
              'Written down in ',
              ...joined(documents.slice(0, 3).map(({ file, line }) => placeOf(input, file, line))),
              '.',
            ),
          ]
        : []),
      ...(forbids.length
        ? [
            { kind: 'heading' as const, text: 'What the migrations forbid' },
            list(
              ...forbids.slice(0, 20).map(({ file, line, what }): Line => [placeOf(input, file, line), `: ${what}.`]),
            ),
          ]
        : []),
      ...restoreBlocks(input),
    ],
  }
}

export const support = (input: PaperInput): Section => {
  const { handover, contacts } = input
  const states = new Map(contacts.map(({ email, detail }) => [email, detail]))
  const people = callLines(input)
  return {
    id: 'support',
    title: '6 Support contacts',
    blocks: [
      handover.support?.length
        ? {
            kind: 'table',
            head: ['For', 'Where', 'When last looked at'],
            rows: handover.support.map(({ what, email, url, phone }): Line[] => [
              [what],
              [
                ...(email ? [link(`mailto:${email}`, email)] : []),
                ...(url ? [link(url)] : []),
                ...(phone ? [phone] : []),
              ].flatMap((item, at): Span[] => (at ? [', ', item] : [item])),
              [email ? (states.get(email) ?? 'not looked at') : ''],
            ]),
          }
        : unsaid('Where customers ask for help does not show.', 'support'),
      { kind: 'heading', text: 'Who is called when it is down' },
      people.length ? list(...people) : unsaid('Nobody is named.', 'called'),
    ],
  }
}
