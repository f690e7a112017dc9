// The answers file as people leave it: older, half-written, with a wrong key, with a secret, with the marks of git.
import { describe, expect, it } from 'vitest'
import { parseAnswers } from '../../../src/formats/handover/answers.ts'
import { secretIn } from '../../../src/formats/handover/secret-values.ts'
import { readAnswer, withAnswer, withDrill } from '../../../src/formats/handover/write-answers.ts'

const sound =
  'version: 1\nhandover:\n  product: Coach Dash # its name\n  owner: { name: Ada }\nsaid:\n  product: { by: Ada, at: 2026-11-20 }\n'
const said = { by: 'Grace', at: '2026-11-25' }
const kinds = (text: string): string[] => parseAnswers(text).problems.map(({ kind }) => kind)

describe('an answers file', () => {
  it('is read whole where it is sound', () => {
    const read = parseAnswers(sound)
    expect(read).toMatchObject({
      version: 1,
      writable: true,
      problems: [],
      handover: { product: 'Coach Dash', owner: { name: 'Ada' } },
    })
    expect(read.said['product']).toEqual({ by: 'Ada', at: '2026-11-20' })
  })

  it('of an older version is read, told and written anew with nothing lost', () => {
    const old = 'product: Coach Dash\nowner: { name: Ada }\n'
    const read = parseAnswers(old)
    expect(read.handover).toEqual({ product: 'Coach Dash', owner: { name: 'Ada' } })
    expect(read.problems[0]!.text).toMatch(/older version/)
    const again = parseAnswers(withAnswer(old, [{ path: 'owner.email', value: 'ada@example.com' }], said))
    expect(again).toMatchObject({
      version: 1,
      problems: [],
      handover: { product: 'Coach Dash', owner: { name: 'Ada', email: 'ada@example.com' } },
    })
  })

  it('of a newer version is refused and not written to', () => {
    expect(parseAnswers('version: 9\nhandover: {}\n')).toMatchObject({
      writable: false,
      problems: [{ kind: 'version', line: 1 }],
    })
  })

  it('that is half-written is told with its line and not written to', () => {
    const read = parseAnswers('version: 1\nhandover:\n  owner: { name: "Ada\n')
    expect(read.writable).toBe(false)
    expect(read.problems[0]).toMatchObject({ kind: 'syntax' })
    expect(read.problems[0]!.line).toBeGreaterThanOrEqual(3)
  })

  it('names an unknown key with its line and the nearest one, and reads the rest', () => {
    const read = parseAnswers('version: 1\nhandover:\n  ownr: { name: Ada }\n  product: Coach Dash\n')
    expect(read.problems).toEqual([
      expect.objectContaining({ kind: 'unknown-key', line: 3, text: 'unknown key "ownr"; did you mean "owner"?' }),
    ])
    expect(read.handover).toEqual({ product: 'Coach Dash' })
    expect(read.writable).toBe(true)
  })

  it('names a wrong value by its path and keeps the others', () => {
    const read = parseAnswers('version: 1\nhandover:\n  access:\n    dns: { people: [a@b.example], renews: soon }\n')
    expect(read.problems).toEqual([
      expect.objectContaining({ kind: 'value', key: 'handover.access.dns.renews', line: 4 }),
    ])
    expect(read.handover.access!.dns).toEqual({ people: ['a@b.example'] })
  })

  it('with the marks of git is told, by line, and not written to', () => {
    const text = `version: 1\nhandover:\n<<<<<<< HEAD\n  product: A\n=======\n  product: B\n>>>>>>> theirs\n`
    expect(parseAnswers(text)).toMatchObject({ writable: false, problems: [{ kind: 'conflict', line: 3 }] })
  })

  it('refuses what looks like a secret, with why, and never repeats it', () => {
    const key = ['sk', 'live', '9aB3dE5fG7hJ9kL1mN3pQ5rS'].join('_')
    const read = parseAnswers(`version: 1\nhandover:\n  keyRotation: ${key}\n  product: Coach Dash\n`)
    expect(read.problems[0]).toMatchObject({ kind: 'secret', line: 3, key: 'handover.keyRotation' })
    expect(JSON.stringify(read)).not.toContain(key)
    expect(read.handover).toEqual({ product: 'Coach Dash' })
  })

  it.each([
    ['', []],
    ['[]', ['syntax']],
    ['version: 1\nhandover: 3\n', ['value']],
    ['version: 1\nhandover: {}\nextra: 1\n', ['unknown-key']],
    [`${'- '.repeat(50)}x\n`, ['unreadable']],
  ])('%j is no reason to fail', (text, expected) => {
    expect(kinds(text)).toEqual(expected)
  })
})

describe('writing answers', () => {
  it('keeps comments, unknown keys and every other answer', () => {
    const text = withAnswer(`${sound}extra: 1\n`, [{ path: 'access.dns.people', value: ['a@b.example'] }], said)
    expect(text).toMatch(/# its name/)
    expect(text).toMatch(/extra: 1/)
    expect(parseAnswers(text).said['access.dns.people']).toEqual(said)
  })

  it('records drills one after the other, with the day', () => {
    const record = {
      drill: 'rollback',
      at: '2026-11-25T10:00:00.000Z',
      by: 'Grace',
      seconds: 30,
      proof: 'seen',
      seen: 'it went back',
    } as const
    const twice = withDrill(withDrill(sound, record, said), { ...record, seconds: 20 }, said)
    const read = parseAnswers(twice)
    expect(read.problems).toEqual([])
    expect(read.drills.map(({ seconds }) => seconds)).toEqual([30, 20])
    expect(read.handover.rehearsed).toEqual({ rollback: '2026-11-25' })
  })

  it.each([
    ['access.dns.people', 'ada@example.com, grace@example.com', { value: ['ada@example.com', 'grace@example.com'] }],
    ['access.dns.secondFactor', 'yes', { value: true }],
    ['access.registrar.renews', '2027-05-01', { value: '2027-05-01' }],
    [
      'links',
      '[{"what":"logs","url":"https://logs.example.com"}]',
      { value: [{ what: 'logs', url: 'https://logs.example.com' }] },
    ],
    ['product', '<b>Coach</b>', { value: '<b>Coach</b>' }],
    ['access.registrar.renews', 'soon', { wrong: expect.any(String) }],
    ['owner.emial', 'x@y.example', { wrong: 'there is no answer "owner.emial"' }],
    ['keyRotation', 'password: Qm7vTz81kLpw', { wrong: expect.stringMatching(/never holds them/) }],
  ])('%s: %s', (path, typed, expected) => {
    expect(readAnswer(path, typed)).toEqual(expected)
  })
})

describe('what looks like a secret', () => {
  it.each([
    `postgres://coach:${'Qm7vTz81kLpw'}@db.example.com/coach`,
    'the password is Qm7vTz81',
    '9f8a1c77d20b4e6fa1b3c5d7e9f01234',
    '-----BEGIN PRIVATE KEY-----',
    'https://example.com/?token=8f7e6d5c4b3a',
    'https://hooks.slack.com/services/T0/B0/abc',
  ])('%s', value => {
    expect(secretIn(value)).not.toBeNull()
  })

  it.each([
    'Ada Lovelace',
    'https://uptime.betterstack.com/team/12345/monitors/998877',
    'docs/runbooks/rollback-2026.md',
    'scripts/rollback-v2-production.sh',
    'ada.lovelace+oncall-2026@coachdash-operations.example',
    'set in Vercel, made anew at Stripe',
    '${STRIPE_SECRET_KEY}',
    'the password is kept in 1Password',
    '+49 30 1234567',
    'went from 41d07ce9a2b1 to 9c1f2ab00d3e',
  ])('%s is none', value => {
    expect(secretIn(value)).toBeNull()
  })
})
