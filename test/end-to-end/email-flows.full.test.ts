// `email flows` through the program with mailboxes that misbehave, Mailpit and MailHog in the shape of their published APIs, and triggers
// of every kind. What cannot be looked into is `unknown`, never `not-arrived`; passwords are in nothing that comes out.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { type FakeImap, type Misbehaviour, startFakeImap } from '../support/imap-server.ts'
import { runProgram } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-flows-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map(stop => stop()))
})

type Handler = (request: IncomingMessage, body: string, response: ServerResponse) => void

/** An HTTP server on loopback; what a handler throws is a 500. */
const serve = async (handler: Handler): Promise<number> => {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    handler(request, body, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  stops.push(
    () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return (server.address() as { port: number }).port
}

const imapServer = async (misbehaviour: Misbehaviour = 'none'): Promise<FakeImap> => {
  const server = await startFakeImap(misbehaviour)
  stops.push(server.stop)
  return server
}

const mailTo = (to: string, given: { from?: string; subject?: string; body?: string } = {}): string =>
  `From: Coach Dash <${given.from ?? 'hello@coachdash.example'}>
To: ${to}
Subject: ${given.subject ?? 'Reset your password'}
Date: Thu, 26 Nov 2026 10:00:00 +0000
Message-ID: <1@coachdash.example>

${given.body ?? 'Choose a new password: https://app.coachdash.example/reset?token=abc'}
`

type Run = { exit: number; report: Report; all: string; err: string }
const secret = 'a-very-secret-word'

/** Runs `email flows --only mail-flow` with this e-mail section. */
const run = async (email: object, argv: string[] = []): Promise<Run> => {
  writeFileSync(
    join(folder, 'launch-ready.config.json'),
    JSON.stringify({ domain: 'coachdash.example', hosts: { app: 'app.coachdash.example' }, email }),
  )
  // No name server answers: nothing here may need one.
  const words = ['email', 'flows', '--json', '--only', 'mail-flow', '--timeout', '1', '--resolver', '127.0.0.1:1']
  const env = { CANARY_PASSWORD: secret, MAILBOX_PASSWORD: 'secret' }
  const { exit, out, err } = await runProgram([...words, ...argv], { cwd: folder, env })
  if (!out.startsWith('{')) throw new Error(`no report (exit ${exit}):\n${err}${out}`)
  return { exit, err, report: JSON.parse(out) as Report, all: out + err }
}

const outcome = ({ report }: Run): string =>
  report.checks.map(check => `${check.status} ${check.outcome ?? check.reason}`).join('; ')

const flow = (port: number, more: object = {}): object => ({
  name: 'password reset',
  trigger: { post: `http://127.0.0.1:${port}/forgot`, form: { email: 'canary@canary.example' } },
  arrivesWithin: '2s',
  ...more,
})

const imapInbox = (server: FakeImap, password = 'secret'): object => ({
  canary: { imap: `imap://127.0.0.1:${server.port}`, user: 'user', password },
})

/** The product: what it does when the form arrives. */
const product = (send: (email: string) => void): Promise<number> =>
  serve((request, body, response) => {
    if (request.method === 'POST') send(new URLSearchParams(body).get('email') ?? '')
    response.writeHead(200, { 'content-type': 'text/plain' }).end('Look into your inbox')
  })

describe('a mailbox over IMAP', () => {
  it('a mail of before does not count, nor one to somebody else', async () => {
    const imap = await imapServer()
    imap.deliver('INBOX', mailTo('canary@canary.example', { subject: 'Reset your password' }))
    const port = await product(email => {
      imap.deliver('INBOX', mailTo('somebody@canary.example'))
      setTimeout(() => imap.deliver('INBOX', mailTo(email, { subject: 'Your new password' })), 300)
    })
    const result = await run({ inboxes: imapInbox(imap), flows: [flow(port)] }, ['--save-facts', 'facts.json'])
    expect(outcome(result)).toBe('pass arrives')
    expect(result.err).toMatch(/^will send: mail flow "[^"]+": POST http:\/\/127\.0\.0\.1:\d+\/forgot/m)
    expect(readFileSync(join(folder, 'facts.json'), 'utf8')).toContain('"subject": "Your new password"')
    // Nothing is marked as read, nothing deleted.
    expect(imap.lines.filter(line => /STORE|EXPUNGE|SELECT|BODY\[/.test(line))).toEqual([])
  })

  it('in the spam folder', async () => {
    const imap = await imapServer()
    const port = await product(email => imap.deliver('Junk', mailTo(email)))
    expect(outcome(await run({ inboxes: imapInbox(imap), flows: [flow(port)] }))).toBe('fail in-spam')
  })

  it('is deleted afterwards where the config says so', async () => {
    const imap = await imapServer()
    imap.deliver('INBOX', mailTo('canary@canary.example'))
    const port = await product(email => imap.deliver('INBOX', mailTo(email)))
    const inboxes = { canary: { ...(imapInbox(imap) as { canary: object }).canary, deleteAfter: true } }
    expect(outcome(await run({ inboxes, flows: [flow(port)] }))).toBe('pass arrives')
    expect(imap.lines.filter(line => /STORE|EXPUNGE/.test(line)).join('\n')).toMatch(/UID STORE 2 .*\n.*UID EXPUNGE 2$/)
  })

  it('a sign-up takes an address of its own each time, found among other flows', async () => {
    const imap = await imapServer()
    const seen: string[] = []
    const port = await product(email => {
      seen.push(email)
      imap.deliver('INBOX', mailTo(email, { subject: 'Welcome' }))
    })
    const result = await run({
      inboxes: imapInbox(imap),
      flows: [
        flow(port, {
          name: 'signup',
          trigger: { post: `http://127.0.0.1:${port}/`, form: { email: 'canary@canary.example' } },
        }),
        flow(port, { subject: 'Welcome' }),
      ],
    })
    expect(outcome(result)).toBe('pass arrives; pass arrives')
    expect(seen.sort()[0]).toMatch(/^canary\+lr[a-z]{10}@canary\.example$/)
    expect(seen.sort()[1]).toBe('canary@canary.example')
  })

  it('another sender than the flow names', async () => {
    const imap = await imapServer()
    const port = await product(email => imap.deliver('INBOX', mailTo(email, { from: 'onboarding@resend.dev' })))
    const result = await run({ inboxes: imapInbox(imap), flows: [flow(port, { link: '/reset' })] })
    expect(outcome(result)).toBe('fail wrong-sender')
    expect(result.report.findings[0]?.title).toContain('onboarding@resend.dev')
  })

  it.each([
    ['silent', /does not answer/],
    ['refuses', /refuses the user or the password/],
  ] as const)('%s: unknown, with the reason, and nothing is sent', async (misbehaviour, reason) => {
    const imap = await imapServer(misbehaviour)
    let sent = 0
    const port = await product(() => void sent++)
    const result = await run({ inboxes: imapInbox(imap, '${CANARY_PASSWORD}'), flows: [flow(port)] })
    expect(outcome(result)).toMatch(/^unknown /)
    expect(outcome(result)).toMatch(reason)
    expect(result.exit).toBe(3)
    expect(sent).toBe(0)
    expect(result.all).not.toContain(secret)
  })

  it.each([
    ['silent-after-login', /does not answer/, 0],
    ['drops', /closed the connection/, 1],
  ] as const)('%s with the right password: unknown, never lost', async (misbehaviour, reason, sent) => {
    const imap = await imapServer(misbehaviour)
    let count = 0
    const port = await product(email => {
      count++
      imap.deliver('INBOX', mailTo(email))
    })
    const result = await run({ inboxes: imapInbox(imap), flows: [flow(port, { arrivesWithin: '1s' })] })
    expect(outcome(result)).toMatch(/^unknown /)
    expect(outcome(result)).toMatch(reason)
    expect(count).toBe(sent)
  })

  it('a rule that files the mail elsewhere does not make it late', async () => {
    const imap = await imapServer()
    const port = await product(email => void setTimeout(() => imap.deliver('Updates', mailTo(email)), 200))
    const result = await run({ inboxes: imapInbox(imap), flows: [flow(port)] })
    expect(outcome(result)).toBe('pass arrives')
  })

  it('a line that is quiet between two looks is kept', async () => {
    const imap = await imapServer()
    const port = await product(email => void setTimeout(() => imap.deliver('INBOX', mailTo(email)), 1_800))
    const flows = [flow(port, { arrivesWithin: '15s' })]
    const result = await run({ inboxes: imapInbox(imap), flows }, ['--timeout', '0.3'])
    expect(outcome(result)).toBe('pass arrives')
    expect(imap.lines.filter(line => / LOGIN /.test(line))).toHaveLength(1)
  })

  it('a line that drops once is taken up again', async () => {
    const imap = await imapServer('drops-once')
    const port = await product(email => imap.deliver('INBOX', mailTo(email)))
    expect(outcome(await run({ inboxes: imapInbox(imap), flows: [flow(port)] }))).toBe('pass arrives')
  })

  it('a mail without end: it arrived, and is not read', async () => {
    const imap = await imapServer('endless')
    const port = await product(email => imap.deliver('INBOX', mailTo(email)))
    const result = await run({ inboxes: imapInbox(imap), flows: [flow(port)] }, ['--save-facts', 'facts.json'])
    expect(outcome(result)).toBe('pass arrives')
    const facts = JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8'))
    const [saved] = facts.facts.filter((item: { fact: string }) => item.fact === 'mailFlow')
    expect(saved.is.value.message).toMatchObject({ ok: false, reason: 'too-large' })
  })

  it('a mail whose text cannot be read is the one when no other comes', async () => {
    const imap = await imapServer('endless')
    const port = await product(email => imap.deliver('INBOX', mailTo(email)))
    const flows = [flow(port, { link: '/reset', arrivesWithin: '500ms' })]
    expect(outcome(await run({ inboxes: imapInbox(imap), flows }))).toBe('pass arrives')
  })

  it('of several mails to the same address it is the one with the link, though it comes late', async () => {
    const imap = await imapServer()
    const port = await product(email => {
      imap.deliver('INBOX', mailTo(email, { subject: 'News', body: 'Read https://www.coachdash.example/news' }))
      setTimeout(() => imap.deliver('INBOX', mailTo(email)), 2_000)
    })
    const result = await run({ inboxes: imapInbox(imap), flows: [flow(port, { link: '/reset', arrivesWithin: '1s' })] })
    expect(outcome(result)).toBe('fail late')
    expect(result.report.findings[0]?.evidence.map(item => item.value).join()).toContain(
      'from hello@coachdash.example: News',
    )
  })

  it('links behind a service that counts clicks: the mail is still the flow’s', async () => {
    const imap = await imapServer()
    const body = 'Go on: https://click.pstmrk.it/3s/app.coachdash.example%2Freset/abc'
    const port = await product(email => imap.deliver('INBOX', mailTo(email, { body })))
    const flows = [flow(port, { link: '/reset?', arrivesWithin: '1s' })]
    expect(outcome(await run({ inboxes: imapInbox(imap), flows }))).toBe('pass arrives')
  })

  const outside = Object.values(networkInterfaces())
    .flat()
    .find(item => item?.family === 'IPv4' && !item.internal)?.address
  it.skipIf(outside === undefined)(
    'no password in the clear to another machine, unless the config says so',
    async () => {
      const imap = await startFakeImap('none', outside)
      stops.push(imap.stop)
      const port = await product(email => imap.deliver('INBOX', mailTo(email)))
      const canary = { imap: `imap://${outside}:${imap.port}`, user: 'user', password: '${MAILBOX_PASSWORD}' }
      expect(outcome(await run({ inboxes: { canary }, flows: [flow(port)] }))).toMatch(
        /^unknown .*no encrypted connection \(STARTTLS is not offered\)/,
      )
      expect(imap.lines.filter(line => /LOGIN|AUTHENTICATE|secret/.test(line) || line.includes(secret))).toEqual([])
      const said = { canary: { ...canary, plaintext: true } }
      expect(outcome(await run({ inboxes: said, flows: [flow(port)] }))).toBe('pass arrives')
    },
  )

  it('a folder that is not there', async () => {
    const imap = await imapServer()
    const port = await product(() => {})
    const inboxes = { canary: { ...(imapInbox(imap) as { canary: object }).canary, spamFolder: 'Werbung' } }
    expect(outcome(await run({ inboxes, flows: [flow(port)] }))).toMatch(/^unknown .*no folder "Werbung"/)
  })
})

describe('Mailpit and MailHog', () => {
  type Stored = { id: string; from: string; to: string; raw: string }
  const parts = (raw: string) => ({
    subject: /^Subject: (.*)$/m.exec(raw)?.[1] ?? '',
    from: /^From: .*<(.*)>$/m.exec(raw)?.[1] ?? '',
  })
  const json = (response: ServerResponse, value: unknown): void =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))

  /** https://mailpit.axllent.org/docs/api-v1/ */
  const mailpit = (mails: Stored[], asked: string[]) =>
    serve((request, body, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''} ${body}`.trim())
      if (request.headers.authorization !== `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`)
        return void response.writeHead(401).end('Unauthorised.')
      const url = new URL(request.url ?? '/', 'http://mailpit')
      if (request.method === 'GET' && url.pathname === '/api/v1/messages')
        return json(response, {
          total: mails.length,
          unread: mails.length,
          count: mails.length,
          messages_count: mails.length,
          start: 0,
          tags: [],
          messages: mails.map(mail => ({
            ID: mail.id,
            MessageID: '1@coachdash.example',
            Read: false,
            From: { Name: 'Coach Dash', Address: parts(mail.raw).from },
            To: [{ Name: '', Address: mail.to }],
            Cc: [],
            Bcc: [],
            ReplyTo: [],
            Subject: parts(mail.raw).subject,
            Created: '2026-11-26T10:00:00.000Z',
            Tags: [],
            Size: mail.raw.length,
            Attachments: 0,
            Snippet: 'Choose',
          })),
        })
      const raw = /^\/api\/v1\/message\/(.+)\/raw$/.exec(url.pathname)
      const mail = mails.find(item => item.id === decodeURIComponent(raw?.[1] ?? ''))
      if (mail) return void response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(mail.raw)
      if (request.method === 'DELETE' && url.pathname === '/api/v1/messages')
        return void response.writeHead(200, { 'content-type': 'text/plain' }).end('ok')
      response.writeHead(404).end()
    })

  /** https://github.com/mailhog/MailHog/blob/master/docs/APIv2.md */
  const mailhog = (mails: Stored[], asked: string[]) =>
    serve((request, _body, response) => {
      asked.push(`${request.method} ${request.url}`)
      const url = new URL(request.url ?? '/', 'http://mailhog')
      const path = (address: string) => ({
        Relays: null,
        Mailbox: address.split('@')[0],
        Domain: address.split('@')[1],
        Params: '',
      })
      if (url.pathname === '/api/v2/messages')
        return json(response, {
          total: mails.length,
          count: mails.length,
          start: 0,
          items: mails.map(mail => ({
            ID: mail.id,
            From: path(mail.from),
            To: [path(mail.to)],
            Content: {
              Headers: {
                From: [`Coach Dash <${parts(mail.raw).from}>`],
                To: [mail.to],
                Subject: [parts(mail.raw).subject],
              },
              Body: mail.raw.split('\n\n')[1],
              Size: mail.raw.length,
              MIME: null,
            },
            Created: '2026-11-26T10:00:00Z',
            MIME: null,
            Raw: { From: mail.from, To: [mail.to], Data: mail.raw, Helo: 'app' },
          })),
        })
      const one = /^\/api\/v1\/messages\/([^/]+)(\/download)?$/.exec(url.pathname)
      const mail = mails.find(item => item.id === decodeURIComponent(one?.[1] ?? ''))
      if (mail && one?.[2]) return void response.writeHead(200, { 'content-type': 'message/rfc822' }).end(mail.raw)
      response.writeHead(mail && request.method === 'DELETE' ? 200 : 404).end()
    })

  it.each(['mailpit', 'mailhog'] as const)('%s: found, read, deleted where the config says so', async kind => {
    const mails: Stored[] = []
    const asked: string[] = []
    const store = (to: string, raw: string): void =>
      void mails.unshift({ id: `m=${mails.length}@x`, from: 'bounce@coachdash.example', to, raw })
    store('canary@canary.example', mailTo('canary@canary.example'))
    const port = await product(email => {
      store('other@canary.example', mailTo('other@canary.example'))
      store(email, mailTo(email))
    })
    const box = await (kind === 'mailpit' ? mailpit : mailhog)(mails, asked)
    const canary = {
      [kind]: `http://127.0.0.1:${box}/`,
      deleteAfter: true,
      ...(kind === 'mailpit' ? { user: 'user', password: '${CANARY_PASSWORD}' } : {}),
    }
    const result = await run({ inboxes: { canary }, flows: [flow(port, { link: '/reset' })] }, [
      '--save-facts',
      'facts.json',
    ])
    expect(outcome(result)).toBe('pass arrives')
    expect(asked.filter(line => line.startsWith('DELETE'))).toHaveLength(1)
    expect(asked.join('\n')).toMatch(
      kind === 'mailpit' ? /DELETE \/api\/v1\/messages .*\{"IDs":\["m=2@x"\]\}/ : /m%3D2%40x/,
    )
    const facts = readFileSync(join(folder, 'facts.json'), 'utf8')
    expect(JSON.parse(facts).facts.find((item: { fact: string }) => item.fact === 'mailFlow').is.value.message.ok).toBe(
      true,
    )
    expect(result.all + facts).not.toContain(secret)
    expect(result.all + facts).not.toContain(Buffer.from(`user:${secret}`).toString('base64'))
  })

  it('without a password: unknown, and what to do', async () => {
    const box = await mailpit([], [])
    const port = await product(() => {})
    const result = await run({ inboxes: { canary: { mailpit: `http://127.0.0.1:${box}` } }, flows: [flow(port)] })
    expect(outcome(result)).toMatch(/^unknown .*asks for a user and a password/)
  })

  it('something else answers there', async () => {
    const box = await serve((_request, _body, response) => void response.end('<h1>Hello</h1>'))
    const port = await product(() => {})
    const result = await run({ inboxes: { canary: { mailpit: `http://127.0.0.1:${box}` } }, flows: [flow(port)] })
    expect(outcome(result)).toMatch(/^unknown .*does not answer as the API of Mailpit does/)
  })
})

describe('triggers', () => {
  const withTrigger = async (handler: Handler, trigger: object = {}, more: object = {}): Promise<Run> => {
    const imap = await imapServer()
    const port = await serve((request, body, response) => {
      const email = /canary[^"&@%]*(?:@|%40)canary\.example/.exec(body)?.[0]?.replace('%40', '@')
      handler(request, body, response)
      if (email && response.statusCode < 400) imap.deliver('INBOX', mailTo(email))
    })
    const text = JSON.stringify({ post: 'BASE/forgot', form: { email: 'canary@canary.example' }, ...trigger })
    return run({
      inboxes: imapInbox(imap),
      flows: [flow(port, { trigger: JSON.parse(text.replaceAll('BASE', `http://127.0.0.1:${port}`)), ...more })],
    })
  }

  it('JSON with headers of its own', async () => {
    const seen: string[] = []
    const result = await withTrigger(
      (request, body, response) => {
        seen.push(`${request.headers['content-type']} ${request.headers['x-api-key']} ${body}`)
        response.writeHead(202).end('{}')
      },
      {
        form: undefined,
        json: { user: { email: 'canary@canary.example' } },
        headers: { 'x-api-key': '${CANARY_PASSWORD}' },
      },
    )
    expect(outcome(result)).toBe('pass arrives')
    expect(seen).toEqual([`application/json ${secret} {"user":{"email":"canary@canary.example"}}`])
    expect(result.all).not.toContain(secret)
  })

  it.each([
    [500, /^fail trigger-failed$/],
    [422, /^fail trigger-failed$/],
    [429, /^unknown .*limits requests/],
  ])('answered with %i', async (status, expected) => {
    const result = await withTrigger(
      (_request, _body, response) => void response.writeHead(status).end('no for canary@canary.example'),
    )
    expect(outcome(result)).toMatch(expected)
    expect(result.all).not.toContain('no for canary@')
  })

  it('a status that the config does not expect, and one that it does', async () => {
    const answer: Handler = (_request, _body, response) => void response.writeHead(200).end('ok')
    expect(outcome(await withTrigger(answer, { expectStatus: [202] }))).toBe('fail trigger-failed')
    expect(outcome(await withTrigger(answer, { expectStatus: [200, 202] }))).toBe('pass arrives')
  })

  it('nobody listens', async () => {
    expect(outcome(await withTrigger(() => {}, { post: 'http://127.0.0.1:1/forgot' }))).toBe('fail trigger-failed')
  })

  it('a captcha in the form: nobody can tell from here', async () => {
    const result = await withTrigger((request, _body, response) => {
      if (request.method === 'GET')
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(
            '<form method=post action=/forgot><input name=email><script src="https://challenges.cloudflare.com/turnstile/v0/api.js"></script></form>',
          )
      else response.writeHead(400).end('captcha missing')
    })
    expect(outcome(result)).toMatch(/^unknown .*captcha/)
  })

  it('a page of the config is loaded first; {{nonce}} goes where the config writes it', async () => {
    const seen: string[] = []
    const result = await withTrigger(
      (request, body, response) => {
        seen.push(`${request.method} ${request.url} ${request.headers.cookie ?? ''} ${body}`)
        response.writeHead(200, { 'set-cookie': 'visit=1', 'content-type': 'text/html' }).end('<p>hello</p>')
      },
      { get: 'BASE/start', form: { email: 'canary-{{nonce}}@canary.example' } },
    )
    expect(outcome(result)).toBe('pass arrives')
    expect(seen[0]).toMatch(/^GET \/start/)
    expect(seen[1]).toMatch(/^POST \/forgot visit=1 email=canary-lr[a-z]{10}%40canary\.example$/)
  })
})

it('facts of a run are judged again without a config, a network or a mail', async () => {
  const imap = await imapServer()
  const port = await product(email => imap.deliver('Junk', mailTo(email)))
  await run({ inboxes: imapInbox(imap), flows: [flow(port)] }, ['--save-facts', 'facts.json'])
  const asked = imap.lines.length
  writeFileSync(join(folder, 'empty.yaml'), '')
  const words = ['email', 'flows', '--facts', 'facts.json', '--config', 'empty.yaml', '--json', '--only', 'mail-flow']
  const { exit, out } = await runProgram(words, { cwd: folder })
  expect(exit).toBe(1)
  expect((JSON.parse(out) as Report).findings.map(item => item.outcome)).toEqual(['in-spam'])
  expect(imap.lines.length).toBe(asked)
  rmSync(join(folder, 'empty.yaml'))
})

describe('unasked', () => {
  it('without flows there is nothing to send', async () => {
    await expect(run({ inboxes: { canary: { mailpit: 'http://127.0.0.1:1' } } })).rejects.toThrow(
      /exit 2[\s\S]*names no flow/,
    )
  })
  it('nothing is sent for another domain than the config’s', async () => {
    const imap = await imapServer()
    let sent = 0
    const port = await product(() => void sent++)
    const result = await run({ inboxes: imapInbox(imap), flows: [flow(port)] }, ['elsewhere.example'])
    expect(outcome(result)).toMatch(/^skip the flows of the config belong to coachdash\.example/)
    expect([sent, imap.lines.length, result.err]).toEqual([0, 0, 'config: launch-ready.config.json\n'])
  })
  it.each([
    [{ inbox: 'other' }, /flows\[0\]\.inbox: .*there is no such mailbox; email\.inboxes has canary/],
    [{ trigger: { form: {} } }, /expected post or get/],
  ])('what is wrong in the config is said', async (more, expected) => {
    await expect(
      run({ inboxes: { canary: { mailpit: 'http://127.0.0.1:1' } }, flows: [{ ...(flow(1) as object), ...more }] }),
    ).rejects.toThrow(expected)
  })
  it('no file is written where none was asked for', () => {
    expect(readdirSync(folder).filter(name => name !== 'facts.json')).toEqual(['launch-ready.config.json'])
  })
})
