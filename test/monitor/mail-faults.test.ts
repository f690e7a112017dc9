// Mail servers that do not take an alert at once: it is delivered once, and every answer stands in the history.
import { describe, expect, it, onTestFinished } from 'vitest'
import { alertSchema } from '../../src/config/sections/monitor.ts'
import type { Channel } from '../../src/monitor/alerts/channel.ts'
import { createChannels } from '../../src/monitor/alerts/channels.ts'
import { openStore } from '../../src/monitor/open-store.ts'
import { createOutbox } from '../../src/monitor/outbox.ts'
import type { NewMessage } from '../../src/monitor/store.ts'
import { parseConnectTo } from '../../src/net/connect-to.ts'
import { network } from '../probes/support.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { mailSink } from '../support/mail-sink.ts'

const minute = 60_000

const alert = (id: string, createdAt: number): NewMessage => ({
  ...{ id, channel: 'email', createdAt, dueAt: createdAt },
  body: {
    ...{ event: 'down', monitor: 'app', state: 'down', since: createdAt, incident: 'i-1' },
    ...{ title: `DOWN: ${id}`, text: 'Down.' },
  },
})

/** `smtp` is the server's address where it has a name; `restarts`: each round is that of a program that was begun anew. */
type Given = { rounds: number; ids?: string[]; to?: string[]; smtp?: string; restarts?: boolean }

/** Subjects that were taken, and what the store says of each attempt, after `rounds` of the outbox a quarter of an hour apart. */
const deliver = async (
  { rounds, ids = ['app'], to = ['founder@example.com'], smtp, restarts = false }: Given,
  answerTo: (command: string, nth: number) => string | null | undefined,
) => {
  const taken: string[] = []
  const said: string[] = []
  const toldElsewhere: string[] = []
  let nth = 0
  const port = await mailSink(
    raw => {
      const subject = /^Subject: (.*)\r$/m.exec(raw)![1]!
      const answer = answerTo(subject, nth++)
      if (answer === undefined) taken.push(subject)
      return answer
    },
    command => {
      said.push(command)
      const answer = answerTo(command, nth)
      if (answer !== undefined) nth++
      return answer
    },
  )
  const clock = fakeClock()
  const store = await openStore(':memory:', { cwd: '/', clock, watches: true })
  onTestFinished(() => store.close())
  const chat: Channel = {
    ...{ name: 'chat', kind: 'slack', afterMs: 0, deploys: false, people: [] },
    send: async ({ title, text }) => {
      toldElsewhere.push(`${title}: ${text}`)
      return { ok: true, answer: 'ok' }
    },
  }
  const begun = () =>
    createOutbox({
      store: () => store,
      channels: [...createChannels([alertSchema.parse({ email: to, smtp: smtp ?? `smtp://127.0.0.1:${port}` })]), chat],
      clock,
      connect: () => network({ connectTo: [parseConnectTo(`mail.example::127.0.0.1:${port}`)] }),
      signal: new AbortController().signal,
      ...{ keys: null, dashboard: null, mask: text => text },
    })
  let outbox = begun()
  await store.apply({ messages: ids.map(id => alert(id, clock.now())) })
  for (let round = 0; round < rounds; round++) {
    if (restarts) outbox = begun()
    await outbox.round()
    await clock.turn(16 * minute)
  }
  const history = (await store.messages({ channel: 'email' })).map(({ id, status, attempts }) => ({
    ...{ id, status },
    answers: attempts.map(({ ok, answer }) => `${ok ? 'taken' : 'not taken'}: ${answer}`),
  }))
  return { taken, said, history, toldElsewhere }
}

const first = (pattern: RegExp, answer: string | null) => (command: string, nth: number) =>
  nth === 0 && pattern.test(command) ? answer : undefined

describe('a mail server that does not take an alert at first', () => {
  it.each<[string, RegExp, string | null, RegExp]>([
    ['knows nobody yet (greylisting)', /^RCPT/i, '451 4.7.1 greylisted, come back later', /451 4\.7\.1 greylisted/],
    ['is busy', /^MAIL/i, '421 4.3.2 too many connections', /421 4\.3\.2 too many/],
    ['has no room for what it was sent', /^DOWN/, '452 4.3.1 no space', /452 4\.3\.1 no space/],
    ['hangs up in the middle of the mail', /^a mail$/, null, /closed|hang|reset/i],
    ['hangs up at once', /^EHLO/i, null, /closed|hang|reset/i],
    ['does not exist for this sender', /^RCPT/i, '550 5.1.1 no such user', /550 5\.1\.1 no such user/],
  ])('%s: it gets it later, once', async (_, at, answer, kept) => {
    const { taken, history } = await deliver({ rounds: 3 }, first(at, answer))
    expect(taken).toEqual(['DOWN: app'])
    expect(history).toMatchObject([
      { status: 'delivered', answers: [expect.stringMatching(kept), 'taken: 250 2.0.0 queued'] },
    ])
  })

  it('offers no TLS, or refuses it: it is never told the password without, and what it says is kept', async () => {
    const offer = '250-mail.example\r\n250-AUTH PLAIN\r\n250 STARTTLS'
    for (const [greeting, kept] of [
      [offer, /454 4\.7\.0 TLS not available/],
      ['250-mail.example\r\n250 AUTH PLAIN', /STARTTLS|TLS/],
    ] as const) {
      const { taken, said, history } = await deliver(
        { rounds: 2, smtp: 'smtp://ada:hunter-22x@mail.example:587' },
        command =>
          /^EHLO/i.test(command) ? greeting : /^STARTTLS/i.test(command) ? '454 4.7.0 TLS not available' : undefined,
      )
      expect(taken).toEqual([])
      expect(said.filter(command => /^(?:AUTH|MAIL)/i.test(command))).toEqual([])
      expect(history).toMatchObject([
        { status: 'waiting', answers: [expect.stringMatching(kept), expect.stringMatching(kept)] },
      ])
    }
  })

  it.each([
    ['', false],
    [', also by a program that was begun anew', true],
  ])('takes it for one of two people: the other gets it later, nobody twice%s', async (_, restarts) => {
    const { said, history } = await deliver(
      { rounds: 3, to: ['ada@example.com', 'bob@example.com'], restarts },
      (command, nth) => (nth === 0 && /^RCPT.*bob/i.test(command) ? '451 4.7.1 greylisted' : undefined),
    )
    expect(said.filter(command => /^RCPT/i.test(command))).toEqual([
      ...['RCPT TO:<ada@example.com>', 'RCPT TO:<bob@example.com>', 'RCPT TO:<bob@example.com>'],
    ])
    expect(history).toMatchObject([
      {
        status: 'delivered',
        answers: ['not taken: 250 2.0.0 queued; bob@example.com: 451 4.7.1 greylisted', 'taken: 250 2.0.0 queued'],
      },
    ])
  })
})

describe('a mail server that never takes it', () => {
  it.each([
    ['', false],
    [', however often the program is begun anew', true],
  ])('for anybody: the others are told once, and it is tried once a day%s', async (_, restarts) => {
    const { history, toldElsewhere } = await deliver({ rounds: 2 * 90, ids: ['app', 'api'], restarts }, command =>
      /^RCPT/i.test(command) ? '550 5.1.1 no such user' : undefined,
    )
    for (const { status, answers } of history) {
      expect(status).toBe('waiting')
      // A few times at first, then on two days.
      expect(answers.length).toBeLessThanOrEqual(7)
      expect(answers.length).toBeGreaterThanOrEqual(6)
    }
    expect(toldElsewhere).toHaveLength(1)
    expect(toldElsewhere[0]).toMatch(/do not arrive through email.*"DOWN: \w+".*550 5\.1\.1 no such user/s)
  })

  it('because of what stands in it: those behind it are not lost, and it is sent in fewer words', async () => {
    const { taken, history } = await deliver({ rounds: 7, ids: ['spam', 'app'] }, command =>
      command === 'DOWN: spam' ? '550 5.7.1 content rejected' : undefined,
    )
    expect(taken).toEqual(['DOWN: app'])
    const [app, spam] = history
    expect(app).toMatchObject({ id: 'app', status: 'delivered' })
    expect(spam).toMatchObject({ id: 'spam', status: 'waiting' })
    expect(new Set(spam!.answers)).toEqual(new Set(['not taken: 550 5.7.1 content rejected']))
  })

  it('for one of two people: that is said, and holds up nothing', async () => {
    const { taken, history } = await deliver(
      { rounds: 1, ids: ['app', 'api'], to: ['ada@example.com', 'gone@example.com'] },
      command => (/^RCPT.*gone/i.test(command) ? '550 5.1.1 no such user' : undefined),
    )
    expect(taken).toEqual(['DOWN: app', 'DOWN: api'])
    expect(history).toMatchObject(
      [0, 1].map(() => ({ answers: ['taken: 250 2.0.0 queued; gone@example.com: 550 5.1.1 no such user'] })),
    )
  })
})
