import { describe, expect, it } from 'vitest'
import { fitted } from '../../src/cli/fitted.ts'
import { progressLine } from '../../src/cli/progress.ts'
import { columns } from '../../src/report/shared/width.ts'

const counts = (...stages: [string, number, number][]) =>
  new Map(stages.map(([stage, judged, bad]) => [stage, { judged, bad }]))

describe('the line of progress', () => {
  it('says how long, what was judged, and what is waited for', () => {
    expect(progressLine({ seconds: 0.4, counts: new Map(), awaited: ['example.com'] }, 75)).toBe(
      '0 s · waiting for example.com',
    )
    expect(
      progressLine({ seconds: 7.6, counts: counts(['dns', 12, 0]), awaited: ['a.example', 'b.example'] }, 75),
    ).toBe('8 s · dns: 12 judged · waiting for a.example and 1 more')
    expect(progressLine({ seconds: 9, counts: counts(['dns', 12, 1], ['email', 30, 3]), awaited: [] }, 75)).toBe(
      '9 s · 42 judged, 4 to fix',
    )
  })

  it('is one line of the terminal, whatever the names: a second one would be left behind', () => {
    const awaited = [`${'sehr-lang.'.repeat(12)}例え.example`, 'b.example']
    for (const width of [20, 35, 75, 115])
      expect(
        columns(progressLine({ seconds: 61, counts: counts(['audit', 900, 90]), awaited }, width)),
      ).toBeLessThanOrEqual(width)
  })
})

it('what is said beside it is wrapped at words on a terminal, and whole elsewhere', () => {
  const text = 'this machine was busy: fewer things were asked at once, and deadlines were longer'
  expect(fitted(text, { errIsTerminal: true, columns: 44 })).toBe(
    'this machine was busy: fewer things were\n  asked at once, and deadlines were longer',
  )
  expect(fitted(text, { errIsTerminal: false, columns: 44 })).toBe(text)
  expect(fitted(text, { errIsTerminal: true, columns: null })).toBe(text)
  // Standard output is piped, standard error is a terminal of its own.
  const errStream = { columns: 44 } as NodeJS.WriteStream
  expect(fitted(text, { errIsTerminal: true, errStream, columns: null })).toContain('fewer things were\n  asked')
  expect(fitted(text, { errIsTerminal: false, errStream, columns: null })).toBe(text)
})
