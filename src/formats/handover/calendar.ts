// What is due and when: domain, certificates that do not renew themselves, accounts, keys, DKIM keys, rehearsals; as dates and as iCalendar.
import { createHash } from 'node:crypto'
import type { Production } from './production.ts'
import { drillNames, proofOf, rehearsalDays, rehearsalWords } from './rehearsal.ts'
import { accountNames, type DrillRecord, type Handover, rehearsals } from './schema.ts'

export type Due = {
  day: string
  what: string
  why: string
  kind: 'domain' | 'certificate' | 'account' | 'key' | 'dkim' | 'rehearsal'
}

const dayMs = 86_400_000
const plus = (day: string, days: number): string => new Date(Date.parse(day) + days * dayMs).toISOString().slice(0, 10)

/** Days after which a key that nobody set a time for is to be replaced. */
export const keyDays = 365

/** Keys whose day has gone by. */
export const overdueSecrets = (
  handover: Handover,
  { repository }: Production,
  now: number,
): { name: string; due: string; why: string }[] => {
  const today = new Date(now).toISOString().slice(0, 10)
  const said = (handover.secrets ?? []).flatMap(({ name, rotated, every }) =>
    rotated !== undefined && every !== undefined && plus(rotated, every) < today
      ? [{ name, due: plus(rotated, every), why: `replaced on ${rotated}, to be replaced every ${every} days` }]
      : [],
  )
  const latest = new Map<string, { expires: string | null; by: string }>()
  for (const { name, rotated, expires, by } of [...(repository?.rotations ?? [])].sort((a, b) =>
    a.rotated < b.rotated ? -1 : 1,
  ))
    latest.set(name ?? `the secret that ${by} replaced on ${rotated}`, { expires, by })
  const ledger = [...latest].flatMap(([name, { expires, by }]) =>
    expires !== null && expires < today ? [{ name, due: expires, why: `the ledger (${by}) says by ${expires}` }] : [],
  )
  return [...said, ...ledger.filter(({ name }) => !said.some(one => one.name === name))]
}

const keysDue = (handover: Handover, { repository }: Production): Due[] => [
  ...(handover.secrets ?? []).flatMap(({ name, rotated, every, where }): Due[] =>
    rotated === undefined
      ? []
      : [
          {
            day: plus(rotated, every ?? keyDays),
            what: `Replace ${name}`,
            why: `last replaced on ${rotated}${where ? `; ${where}` : ''}`,
            kind: 'key',
          },
        ],
  ),
  ...(repository?.rotations ?? []).flatMap(({ name, expires, rotated, by }): Due[] =>
    expires === null || (handover.secrets ?? []).some(secret => secret.name === name)
      ? []
      : [
          {
            day: expires,
            what: `Replace ${name ?? 'a secret of the ledger'}`,
            why: `replaced on ${rotated} by ${by}`,
            kind: 'key',
          },
        ],
  ),
]

/** A year in the selector's own name: `20240101pm`, `s2023`. */
const selectorDay = (selector: string): string | null => {
  const whole = /(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])/.exec(selector)
  return whole ? `${whole[1]}-${whole[2]}-${whole[3]}` : null
}

const rehearsalsDue = (
  handover: Handover,
  production: Production,
  drills: readonly DrillRecord[],
  now: number,
): Due[] =>
  rehearsals
    .filter(name => name !== 'alert' || (production.monitoring?.alerts.length ?? 0) > 0)
    .map((name): Due => {
      const last = proofOf(name, production, drills)?.at.slice(0, 10) ?? handover.rehearsed?.[name] ?? null
      const today = new Date(now).toISOString().slice(0, 10)
      return {
        day: last === null ? plus(today, 7) : plus(last, rehearsalDays),
        what: `Rehearse ${rehearsalWords[name]}`,
        why: `${last === null ? 'never rehearsed' : `last on ${last}`}; launch-ready handover drill ${drillNames[name]}`,
        kind: 'rehearsal',
      }
    })

/** Everything that is due, by day. What is past is due today. */
export const duesOf = (
  production: Production,
  handover: Handover,
  drills: readonly DrillRecord[],
  now: number,
): Due[] => {
  const { registration, hosts, mail, domain } = production
  const today = new Date(now).toISOString().slice(0, 10)
  const day = (given: string): string => (given < today ? today : given)
  const all: Due[] = [
    ...(registration?.expires
      ? [
          {
            day: registration.expires,
            what: `${domain} renews at ${registration.registrar ?? 'its registrar'}`,
            why: 'see that the card is valid and that renewal is on',
            kind: 'domain' as const,
          },
        ]
      : []),
    ...hosts.flatMap((host): Due[] =>
      host.certificate?.renews === 'unknown'
        ? [
            {
              day: host.certificate.expires,
              what: `The certificate of ${host.name} ends`,
              why: `from ${host.certificate.issuer}; nothing shows that it renews itself`,
              kind: 'certificate',
            },
          ]
        : [],
    ),
    ...accountNames.flatMap((name): Due[] => {
      const renews = handover.access?.[name]?.renews
      if (renews === undefined || (name === 'registrar' && registration?.expires)) return []
      return [
        {
          day: renews,
          what: `${handover.access?.[name]?.provider ?? name} renews`,
          why: `handover.access.${name}`,
          kind: 'account',
        },
      ]
    }),
    ...keysDue(handover, production),
    ...(mail?.selectors ?? []).flatMap(({ selector, domain: at, state }): Due[] => {
      const made = state === 'found' ? selectorDay(selector) : null
      return made === null
        ? []
        : [
            {
              day: plus(made, keyDays),
              what: `Replace the DKIM key ${selector} of ${at}`,
              why: `by its name made on ${made}`,
              kind: 'dkim',
            },
          ]
    }),
    ...rehearsalsDue(handover, production, drills, now),
  ]
  return all
    .map(due => ({ ...due, day: day(due.day) }))
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : a.what < b.what ? -1 : 1))
}

/** RFC 5545 §3.3.11. */
const escapeText = (text: string): string =>
  text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ')
    .replace(/([\\;,])/g, '\\$1')
    .replace(/\r?\n/g, '\\n')

/** Lines of at most 75 bytes, the rest on lines that begin with a space (RFC 5545 §3.1). */
const folded = (line: string): string => {
  const rows: string[] = []
  let row = ''
  for (const character of line) {
    if (Buffer.byteLength(row + character) > (rows.length ? 74 : 75)) {
      rows.push(row)
      row = ''
    }
    row += character
  }
  return [...rows, row].join('\r\n ')
}

const stamp = (now: number): string => `${new Date(now).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`

/** The dates as a calendar, each with a reminder two weeks (a rehearsal: two days) before. */
export const printCalendar = (dues: readonly Due[], domain: string, now: number): string => {
  const events = dues.flatMap(({ day, what, why, kind }) => {
    const uid = createHash('sha256').update(`${domain}\n${kind}\n${what}`).digest('hex').slice(0, 24)
    return [
      'BEGIN:VEVENT',
      `UID:${uid}@launch-ready.invalid`,
      `DTSTAMP:${stamp(now)}`,
      `DTSTART;VALUE=DATE:${day.replaceAll('-', '')}`,
      `DTEND;VALUE=DATE:${plus(day, 1).replaceAll('-', '')}`,
      `SUMMARY:${escapeText(what)}`,
      `DESCRIPTION:${escapeText(why)}`,
      `CATEGORIES:${kind.toUpperCase()}`,
      'TRANSP:TRANSPARENT',
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      `DESCRIPTION:${escapeText(what)}`,
      `TRIGGER:-P${kind === 'rehearsal' ? 2 : 14}D`,
      'END:VALARM',
      'END:VEVENT',
    ]
  })
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//launch-ready//handover//EN',
    'CALSCALE:GREGORIAN',
    `X-WR-CALNAME:${escapeText(`Renewals of ${domain}`)}`,
    ...events,
    'END:VCALENDAR',
  ]
  return `${lines.map(folded).join('\r\n')}\r\n`
}
