// Outcomes of the whole domain, which one world can show only one of: the same small world, one thing changed.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { auditWorld } from '../support/lab-audit.ts'

const read = (name: string): string =>
  readFileSync(new URL(`../../fixtures/worlds/${name}.yaml`, import.meta.url), 'utf8')

/** What a check says of a world: its bad outcomes, else how it ended. */
const judged = async (text: string, check: string): Promise<string[]> => {
  const running = await startWorld(loadWorld(text))
  try {
    const { report } = await auditWorld(running, ['--only', check])
    const bad = report.findings.map(finding => finding.outcome)
    return bad.length ? bad : report.checks.map(({ status, outcome }) => outcome ?? status)
  } finally {
    await running.close()
  }
}

describe('domain-registration, by what the registry answers', () => {
  const world = read('dns-registration')
  const answer = (more: Record<string, unknown>): string =>
    JSON.stringify({ objectClassName: 'domain', status: ['client transfer prohibited'], ...more })
  const until = (days: number) => ({
    events: [{ eventAction: 'expiration', eventDate: `{{now${days < 0 ? '' : '+'}${days}d}}` }],
  })
  const cases: [string, string, string[]][] = [
    ['a year to go', answer(until(365)), ['registered']],
    ['45 days to go', answer(until(45)), ['expires-within-60-days']],
    ['over', answer(until(-3)), ['expires-within-30-days']],
    ['on hold', answer({ ...until(200), status: ['client hold', 'client transfer prohibited'] }), ['on-hold']],
    [
      'on hold, as EPP writes it',
      answer({ ...until(200), status: ['serverHold', 'clientTransferProhibited'] }),
      ['on-hold'],
    ],
    ['not locked', answer({ ...until(200), status: ['active'] }), ['unlocked']],
    [
      'of no known form',
      answer({ status: 'active', events: [null, 7], entities: [null, { roles: ['registrar'], vcardArray: 7 }] }),
      ['unknown'],
    ],
    ['no object', '[]', ['unknown']],
    ['no JSON', '<html>busy</html>', ['unknown']],
  ]
  it.each(cases)('%s', async (_name, body, expected) => {
    const text = world.replace(/^( {8}body: ).*$/m, (_, start: string) => `${start}${JSON.stringify(body)}`)
    expect(await judged(text, 'domain-registration')).toEqual(expected)
  })
})

describe('security-txt', () => {
  const cases: [string, string, string[]][] = [
    ['no date', 'Contact: mailto:security@coachdash.example\n', ['malformed']],
    ['no contact', 'Expires: {{now+90d}}\n', ['malformed']],
    ['sound', 'Contact: mailto:security@coachdash.example\nExpires: {{now+90d}}\n', ['present']],
    [
      'signed',
      '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nContact: mailto:security@coachdash.example\nExpires: {{now+90d}}\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n',
      ['present'],
    ],
    ['a page for everything', '<!doctype html><title>Coach</title>', ['missing']],
  ]
  it.each(cases)('%s', async (_name, body, expected) => {
    const text = read('audit-outcomes').replace(
      /(security\.txt: \{ type: text\/plain, body: ).*( \})$/m,
      (_, start: string, end: string) => `${start}${JSON.stringify(body)}${end}`,
    )
    expect(await judged(text, 'security-txt')).toEqual(expected)
  })
})

it('a suppression with its reason and date is sound', async () => {
  const text = read('audit-outcomes').replace(/^ {6}- \{ check: (?:dnssec|caa).*\n/gm, '')
  expect(await judged(text, 'suppression')).toEqual(['sound'])
})
