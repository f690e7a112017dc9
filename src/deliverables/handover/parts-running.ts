// The parts of the handover for when it runs: monitoring links, rollback steps, support contacts.

import { type SeenMonitoring, type SeenRepository, workflowRun } from '../../formats/handover/production.ts'
import { type WayBack, waysBack } from '../../formats/handover/runs-at.ts'
import { ownSource } from '../../formats/monitor/seen.ts'
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
import { type PaperInput, supposed } from './input.ts'
import { answered, placeOf, unsaid, writtenDown } from './places.ts'

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
            ({ name, kind, what, by, paused }): Line => [
              `${name}: ${kind} `,
              what ? code(what) : '',
              `${by === ownSource ? '' : `, by ${by}`}${paused ? '; paused, it looks at nothing' : ''}`,
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

/** What the platform asks by itself: paths, or that something answers at all. */
const healthLines = (input: PaperInput): Line[] => {
  const health = input.production.repository?.health ?? []
  const paths = [...new Set(health.map(({ text: at }) => at))].filter(at => at.startsWith('/'))
  if (paths.length) return [['The platform itself asks: ', ...joined(paths.slice(0, 4).map(code)), '.']]
  return health
    .slice(0, 1)
    .map(({ file, line }): Line => ['The platform itself looks whether it answers: ', placeOf(input, file, line), '.'])
}

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
      ...healthLines(input).map(line => text(...line)),
    ],
  }
}

const restoreBlocks = (input: PaperInput): Block[] => {
  const { handover, production } = input
  const { repository } = production
  const restore = writtenDown(input, 'restore')
  return [
    { kind: 'heading', text: 'If the data is gone' },
    ...(handover.restore ? [text(...answered(input, handover.restore, 'restore'))] : []),
    ...restore.map(line => text(...line)),
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

/** A line for each file and reason: a migration often does one thing to many columns. */
const forbiddenLines = (input: PaperInput, forbids: SeenRepository['forbids']): Line[] => {
  const first = forbids.filter(
    (one, at) => forbids.findIndex(other => other.file === one.file && other.what === one.what) === at,
  )
  const lines = first.slice(0, 20).map(({ file, line, what }): Line => {
    const more = forbids.filter(other => other.file === file && other.what === what).length - 1
    return [placeOf(input, file, line), `${more ? ` and ${more} more lines of it` : ''}: ${what}.`]
  })
  return first.length > lines.length ? [...lines, [`And ${first.length - lines.length} more files.`]] : lines
}

/** What each platform has for it, one after the other; several carry several parts of the product. */
const stepsBack = (ways: readonly WayBack[]): Line[] => [
  ...(ways.filter(({ of }) => of?.by !== 'file').length > 1
    ? [[`Find out which part is broken: ${ways.map(({ label }) => label).join(', ')} each go back on their own.`]]
    : []),
  ...ways.flatMap(({ label, steps: each, of }) =>
    each.map(
      (step, at): Line => [
        ...(at === 0 ? supposed(of, true) : []),
        ...(ways.length > 1 ? [`${label}: `] : []),
        ...worded(step),
      ],
    ),
  ),
]

export const rollback = (input: PaperInput): Section => {
  const { handover, production } = input
  const { repository } = production
  const ways = waysBack(production, handover)
  const scripts = (repository?.scripts ?? []).filter(({ does }) => does === 'rollback')
  const documents = writtenDown(input, 'rollback')
  const forbids = repository?.forbids ?? []
  const jobs = repository?.backJobs ?? []
  const items: Line[] = [
    ...(forbids.length ? [['Look at "What the migrations forbid" below first.'] satisfies Line] : []),
    ...jobs
      .slice(0, 2)
      .map(
        (job): Line => [
          `Run the workflow "${job.name}", `,
          placeOf(input, job.file, job.line),
          ...(workflowRun(job) ? [': ', code(workflowRun(job)!)] : []),
          '.',
        ],
      ),
    ...scripts
      .slice(0, 2)
      .map(({ file, line, run }): Line => ['Run ', code(run), '; ', placeOf(input, file, line), ' says how.']),
    ...stepsBack(ways),
    ['See that it worked: ', code('launch-ready deploy smoke --commit <commit of the old release>'), '.'],
    ['Write down what happened, and deploy again only with the fix.'],
  ]
  const known =
    jobs.length > 0 || ways.length > 0 || scripts.length > 0 || documents.length > 0 || handover.rollback !== undefined
  return {
    id: 'rollback',
    title: '5 Rollback steps',
    sub: 'Sign-up, log-in or payment does not work: take it back at once. Something looks odd and customers can work: repair it with a new release.',
    blocks: [
      ...(known ? [] : [unsaid('How a release is taken back does not show.', 'rollback')]),
      steps(...items),
      ...ways.flatMap(({ command }) => (command ? [{ kind: 'code' as const, text: command }] : [])),
      ...ways.map(({ label, limits }) =>
        text(`What does not go back${ways.length > 1 ? ` at ${label}` : ''}: ${limits}`),
      ),
      ...(handover.rollback ? [text(...answered(input, handover.rollback, 'rollback'))] : []),
      ...documents.map(line => text(...line)),
      ...(forbids.length
        ? [{ kind: 'heading' as const, text: 'What the migrations forbid' }, list(...forbiddenLines(input, forbids))]
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
