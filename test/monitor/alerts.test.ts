import { createHmac } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { alertSchema } from '../../src/config/sections/monitor.ts'
import type { Outgoing, SendWays } from '../../src/monitor/alerts/channel.ts'
import { channelHosts, createChannels } from '../../src/monitor/alerts/channels.ts'
import { toDiscord, toNtfy, toSlack, toTeams, toTelegram } from '../../src/monitor/alerts/chat.ts'
import { toOpsgenie, toPagerDuty } from '../../src/monitor/alerts/paging.ts'
import type { HttpRequest, Network } from '../../src/net/network.ts'
import { network, serve } from '../probes/support.ts'
import { mailSink } from '../support/mail-sink.ts'

const now = Date.UTC(2026, 10, 25, 3)
const link = 'https://status.example.com/ack/20261125T030000-x_y/abc_def-*'
const hostile = '<!channel> <https://evil.example|click> *bold* [x](https://evil.example) @everyone `code` & ~s~'

const message = (given: Partial<Outgoing> = {}): Outgoing => ({
  id: 'id-1',
  event: 'down',
  monitor: 'app',
  state: 'down',
  since: '2026-11-25T02:59:00.000Z',
  at: '2026-11-25T03:00:00.000Z',
  incident: 'i-1',
  title: 'DOWN: app',
  text: `Down since 02:59 UTC.\n- app: ${hostile}\nI take care of it: ${link}`,
  links: [link],
  dashboard: 'https://status.example.com',
  ...given,
})

/** What a channel would send, without sending it. */
const caught = async (send: (message: Outgoing, ways: SendWays) => Promise<unknown>, given: Outgoing = message()) => {
  const requests: HttpRequest[] = []
  const http = async (request: HttpRequest) => {
    requests.push(request)
    return { ok: false, reason: 'refused', message: 'not sent', retryable: false }
  }
  await send(given, { net: { http } as unknown as Network, now, signal: new AbortController().signal })
  const [request] = requests
  return { url: request!.url, headers: request!.headers ?? {}, body: JSON.parse(String(request!.body)) }
}

const ways = (): SendWays => ({ net: network(), now, signal: new AbortController().signal })
const channelOf = (config: Record<string, unknown>) => createChannels([alertSchema.parse(config)])[0]!

describe('a hostile body', () => {
  it('makes no link and calls nobody in Slack; our own link stays', async () => {
    const { body } = await caught(toSlack('https://hooks.slack.com/x'))
    expect(body.text).not.toMatch(/[<>]/)
    expect(body.text).toContain('&lt;!channel&gt;')
    expect(body.text).toContain(link)
    expect(body.mrkdwn).toBe(false)
  })

  it('makes no mark in Discord and pings nobody', async () => {
    const { body } = await caught(toDiscord('https://discord.com/api/webhooks/x'))
    expect(body.content).toContain('\\[x\\]\\(https://evil.example\\)')
    expect(body.content).toContain('\\@everyone')
    expect(body.content).toContain(link)
    expect(body.allowed_mentions).toEqual({ parse: [] })
    const long = await caught(toDiscord('https://discord.com/x'), message({ text: '_'.repeat(5_000) }))
    expect(long.body.content.length).toBeLessThanOrEqual(2_000)
  })

  it('makes no mark in a card of Teams', async () => {
    const { body } = await caught(toTeams('https://example.webhook.office.com/x'))
    const texts = body.attachments[0].content.body.map((block: { text: string }) => block.text)
    expect(texts.join('\n')).toContain('\\[x\\]\\(https')
    expect(texts.at(-1)).toContain(link)
  })

  it('is plain text for Telegram', async () => {
    const { body, url } = await caught(toTelegram('1:abc', 42))
    expect(url).toBe('https://api.telegram.org/bot1:abc/sendMessage')
    expect(body).not.toHaveProperty('parse_mode')
    expect(body.text).toContain(hostile)
  })

  it.each([
    ['ntfy', toNtfy('https://ntfy.sh/topic-x', undefined), ['message']],
    ['PagerDuty', toPagerDuty('key', 'us'), ['payload', 'custom_details', 'text']],
    ['Opsgenie', toOpsgenie('key', 'us'), ['description']],
  ] as const)('is plain text for %s, and nothing of it a header, a button or a mark', async (_, send, path) => {
    const { headers, body } = await caught(send, message({ title: `DOWN: app\r\nActions: view, x, ${hostile}` }))
    expect(path.reduce((value, key) => value[key], body)).toContain(hostile)
    expect(JSON.stringify(headers)).not.toContain('evil')
    for (const key of ['markdown', 'actions', 'attach', 'contexts']) expect(body).not.toHaveProperty(key)
    expect(JSON.stringify(body)).toContain(link)
  })

  it('breaks no header of a mail', async () => {
    const mails: string[] = []
    const port = await mailSink(raw => mails.push(raw))
    const channel = channelOf({
      email: 'founder@example.com',
      from: 'alerts@example.com',
      smtp: `smtp://127.0.0.1:${port}`,
    })
    const delivery = await channel.send(message({ title: 'DOWN: app\r\nBcc: eve@evil.example' }), ways())
    expect(delivery).toMatchObject({ ok: true })
    expect(mails).toHaveLength(1)
    expect(mails[0]).not.toMatch(/^Bcc:/m)
    expect(mails[0]).toMatch(/^Message-ID: <id-1@launch-ready\.invalid>/m)
    expect(mails[0]).toMatch(/^Auto-Submitted: auto-generated/m)
    expect(mails[0]).toContain('https://evil.example')
  })
})

describe('services that call people', () => {
  it('get one key for all of an incident, and its end', async () => {
    const down = await caught(toPagerDuty('key', 'us'))
    const up = await caught(toPagerDuty('key', 'eu'), message({ event: 'up', state: 'up' }))
    expect(down).toMatchObject({
      url: 'https://events.pagerduty.com/v2/enqueue',
      body: { event_action: 'trigger', dedup_key: 'i-1' },
    })
    expect(up).toMatchObject({
      url: 'https://events.eu.pagerduty.com/v2/enqueue',
      body: { event_action: 'resolve', dedup_key: 'i-1' },
    })
    const deploy = await caught(toPagerDuty('key', 'us'), message({ event: 'deploy', state: 'up', incident: null }))
    expect(deploy.url).toBe('https://events.pagerduty.com/v2/change/enqueue')
    const opened = await caught(toOpsgenie('key', 'us'))
    expect(opened).toMatchObject({ headers: { authorization: 'GenieKey key' }, body: { alias: 'i-1', priority: 'P1' } })
    const closed = await caught(toOpsgenie('key', 'us'), message({ event: 'up' }))
    expect(closed.url).toBe('https://api.opsgenie.com/v2/alerts/i-1/close?identifierType=alias')
  })
})

describe('a webhook of our own', () => {
  it('is signed over the very bytes, and bears the key of the message', async () => {
    const got: { body: string; signature: string; key: string }[] = []
    const url = await serve((request, body) => {
      const { 'x-launch-ready-signature': signature, 'idempotency-key': key } = request.headers
      got.push({ body, signature: String(signature), key: String(key) })
      return { status: 202, body: 'taken' }
    })
    const delivery = await channelOf({ webhook: `${url}/hook`, secret: 'a shared secret' }).send(message(), ways())
    expect(delivery).toEqual({ ok: true, answer: '202 taken' })
    const { body, signature, key } = got[0]!
    expect(key).toBe('id-1')
    const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature)!
    expect(hex).toBe(createHmac('sha256', 'a shared secret').update(`${seconds}.${body}`).digest('hex'))
    expect(Object.keys(JSON.parse(body))).toEqual([
      'id',
      'event',
      'monitor',
      'state',
      'since',
      'at',
      'incident',
      'text',
      'dashboard',
    ])
  })

  it('that redirects into a private network is not followed, and said', async () => {
    let asked = 0
    const inside = await serve(() => {
      asked += 1
      return { body: 'secret' }
    })
    const port = new URL(inside).port
    // A name that the config does not name, at a private address.
    for (const location of [`http://10.0.0.7:${port}/`, 'http://169.254.169.254/latest/meta-data/']) {
      const url = await serve(() => ({ status: 307, headers: { location } }))
      const delivery = await channelOf({ webhook: url }).send(message(), ways())
      expect(delivery.ok).toBe(false)
      expect(delivery.answer).toMatch(/^307, not followed: /)
    }
    expect(asked).toBe(0)
  })

  it('that leads a POST to a page has not taken it', async () => {
    const url: string = await serve(request =>
      request.url === '/hook' ? { status: 302, headers: { location: '/page' } } : { body: 'a page' },
    )
    const delivery = await channelOf({ webhook: `${url}/hook` }).send(message(), ways())
    expect(delivery).toMatchObject({ ok: false, answer: '302 leads elsewhere, and what was sent is lost there' })
  })

  it('that says what is wrong is understood', async () => {
    const answers = [
      { status: 429, headers: { 'retry-after': '30' } },
      { status: 400, body: 'invalid' },
      { status: 500 },
    ]
    const url = await serve(() => answers.shift()!)
    const channel = channelOf({ webhook: url })
    expect(await channel.send(message(), ways())).toMatchObject({ ok: false, retryAfterMs: 30_000 })
    expect(await channel.send(message(), ways())).toMatchObject({ ok: false, isRefused: true, answer: '400 invalid' })
    expect(await channel.send(message(), ways())).not.toHaveProperty('isRefused')
  })

  it('that streams for ever ends', async () => {
    const server: Server = createServer(socket => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n')
      const writing = setInterval(() => socket.write('x'.repeat(4_096)), 5)
      socket.on('error', () => {})
      socket.on('close', () => clearInterval(writing))
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const delivery = await channelOf({ webhook: `http://127.0.0.1:${port}/` }).send(message(), ways())
    expect(delivery.answer.length).toBeLessThan(300)
  })
})

describe('hosts of channels', () => {
  it('are those that the config names', () => {
    const alerts = [{ webhook: 'http://10.1.2.3/hook' }, { email: 'a@example.com', smtp: 'smtps://u:p@mail.internal' }]
    expect(channelHosts(alerts.map(alert => alertSchema.parse(alert)))).toEqual(['10.1.2.3', 'mail.internal'])
  })
})
