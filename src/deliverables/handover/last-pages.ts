// The last pages: calendar, open findings, performance, what was not seen, who said what, sign-off.
import { severities } from '../../core/severity.ts'
import { duesOf } from '../../formats/handover/calendar.ts'
import { rehearsalWords } from '../../formats/handover/rehearsal.ts'
import { type Block, code, type Line, list, note, type Section, text, worded } from './blocks.ts'
import { day, type PaperInput } from './input.ts'

export const calendar = ({ production, handover, drills, now }: PaperInput): Section => ({
  id: 'calendar',
  title: 'Calendar',
  sub: 'The same dates stand in renewals.ics: open it with any calendar.',
  pageBreak: true,
  blocks: [
    {
      kind: 'table',
      head: ['Day', 'What', 'Why'],
      rows: duesOf(production, handover, drills, now).map(({ day: at, what, why }): Line[] => [[at], [what], [why]]),
    },
  ],
})

export const rehearsed = ({ drills }: PaperInput): Section | null =>
  drills.length === 0
    ? null
    : {
        id: 'drills',
        title: 'Rehearsals',
        blocks: [
          {
            kind: 'table',
            head: ['What', 'On', 'By', 'Took', 'What was seen'],
            rows: [...drills]
              .sort((a, b) => (a.at < b.at ? 1 : -1))
              .slice(0, 30)
              .map(({ drill, at, by, seconds, proof, seen }): Line[] => [
                [rehearsalWords[drill]],
                [at.slice(0, 10)],
                [by],
                [seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`],
                [proof === 'seen' ? seen : `said, not seen: ${seen}`],
              ]),
          },
        ],
      }

const openFindings = ({ report }: PaperInput): Block[] => {
  const open = report.findings.filter(({ suppressed, confidence }) => suppressed === null && confidence !== 'possible')
  const worst = open.filter(({ severity }) => severity === 'blocker' || severity === 'high')
  const counts = severities.map(
    severity => `${open.filter(finding => finding.severity === severity).length} ${severity}`,
  )
  const rows = worst
    .slice(0, 25)
    .map(({ severity, title, fix, subject }): Line[] => [
      [severity],
      [`${title}${title.includes(subject) ? '' : ` (${subject})`}`],
      [fix.summary],
    ])
  return [
    ...(report.firstCustomer
      ? [note(report.firstCustomer.at === null ? 'open' : 'bad', report.firstCustomer.sentence)]
      : []),
    text(
      `Open today: ${counts.join(', ')}.${worst.length > rows.length ? ` The first ${rows.length} of ${worst.length} that matter most:` : ''}`,
    ),
    ...(rows.length
      ? [{ kind: 'table' as const, head: ['How bad', 'What', 'What to do'], rows }]
      : [note('good', 'No blocker and nothing high is open.')]),
  ]
}

export const state = (input: PaperInput): Section => {
  const { performance, unseen } = input.production
  return {
    id: 'state',
    title: 'State on the day',
    pageBreak: true,
    blocks: [
      ...openFindings(input),
      { kind: 'heading', text: 'How fast it is' },
      performance
        ? text(
            `A baseline was recorded${performance.recorded ? ` on ${performance.recorded}` : ''} (`,
            code(performance.file),
            '). Is it slower now? ',
            code('launch-ready perf budget'),
            ' compares.',
          )
        : text('No baseline was recorded: ', code('launch-ready perf baseline'), ' fills this in.'),
      ...(performance?.routes.length
        ? [
            {
              kind: 'table' as const,
              head: ['Page', '95 of 100 answers came within'],
              rows: performance.routes
                .slice(0, 20)
                .map(({ url, p95 }): Line[] => [[code(url)], [p95 === null ? 'not told' : `${Math.round(p95)} ms`]]),
            },
          ]
        : []),
      ...(unseen.length
        ? [
            { kind: 'heading' as const, text: 'What could not be seen' },
            list(
              ...unseen.map(({ part, why, command }): Line => [`${part}: ${why}. `, code(command), ' fills it in.']),
            ),
          ]
        : []),
      ...(input.answers.problems.length
        ? [
            { kind: 'heading' as const, text: 'What is wrong in the answers file' },
            list(
              ...input.answers.problems.map(
                ({ line, text: what }): Line => [
                  code(`${input.answers.path}${line === null ? '' : `:${line}`}`),
                  ' ',
                  ...worded(what),
                ],
              ),
            ),
          ]
        : []),
    ],
  }
}

export const said = ({ answers }: PaperInput): Section | null => {
  const rows = Object.entries(answers.said)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, 100)
    .map(([path, { by, at }]): Line[] => [[code(path)], [by], [at]])
  return rows.length
    ? {
        id: 'said',
        title: 'Who said what',
        sub: 'What no machine can see was asked; these people answered.',
        blocks: [{ kind: 'table', head: ['Answer', 'Said by', 'On'], rows }],
      }
    : null
}

export const signOff = ({ handover, production, client, consultant, now }: PaperInput): Section => {
  const named = (handover.signOff ?? []).map(({ name, role, at }): [string, string, string] => [
    name,
    role ?? '',
    at ?? '',
  ])
  const usual: [string, string, string][] = [
    [handover.owner?.name ?? client ?? '', 'hands over', ''],
    [consultant ?? '', 'takes over', ''],
  ]
  return {
    id: 'sign-off',
    title: 'Sign-off',
    sub: `Handover of ${production.domain}, ${day(now)}.`,
    pageBreak: true,
    blocks: [
      text(
        'By signing, each says that they have read this handover, that they can sign in where it says they can, and that they know whom to call.',
      ),
      {
        kind: 'check',
        items: [
          ['I have signed in at every account that names me.'],
          ['I have made one release and taken one back.'],
          ['I have replaced one key.'],
          ['I have seen one alert arrive.'],
          ['I know where the backups are, and have restored one.'],
        ],
      },
      { kind: 'signature', rows: named.length ? named : usual },
    ],
  }
}
