// What somebody reads first at night: no dead link is followed, no file that is gone is looked for.
import { expect, it } from 'vitest'
import { ifDown } from '../../src/deliverables/handover/first-page.ts'
import type { PaperInput } from '../../src/deliverables/handover/input.ts'
import { answered } from '../../src/deliverables/handover/places.ts'
import { example as answers } from '../../src/facts/handover/handover-answers.example.ts'
import { seenLink } from '../../src/facts/handover/handover-links.example.ts'
import { soundProduction } from '../../src/formats/handover/production.ts'

const url = 'https://status.example.com/'
const input = (state: 'live' | 'dead' | 'failing', exists = true): PaperInput => {
  const production = soundProduction()
  return {
    production: {
      ...production,
      repository: { ...production.repository!, named: [{ answer: 'rollback', path: 'docs/rollback.md', exists }] },
    },
    answers,
    handover: { ...answers.handover, links: [{ what: 'monitoring', url }] },
    drills: [],
    contradictions: [],
    links: [seenLink({ what: 'monitoring', url, state, detail: 'answers 404' })],
    contacts: [],
    report: {} as PaperInput['report'],
    now: Date.parse('2026-11-25T12:00:00Z'),
  }
}

it.each([
  ['live', true],
  ['failing', true],
  ['dead', false],
] as const)('a link that is %s is given to follow: %s', (state, isLink) => {
  const said = JSON.stringify(ifDown(input(state)).blocks)
  expect(said.includes(`"link":"${url}"`)).toBe(isLink)
  expect(said.includes('monitoring (its link answers 404)')).toBe(!isLink)
})

it('a document that is not there is not sent to', () => {
  const said = (exists: boolean): string =>
    JSON.stringify(answered(input('live', exists), 'docs/rollback.md', 'rollback'))
  expect(said(true)).toContain('See ')
  expect(said(false)).toContain('a file that the repository does not have')
  expect(said(false)).not.toContain('See ')
})
