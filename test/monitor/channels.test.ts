// An outage through every channel, each against its service as that one answers: what it takes, too many requests, a reason, a fault of
// its own, a redirect into a private network.
import { describe, expect, it } from 'vitest'
import { alertSchema } from '../../src/config/sections/monitor.ts'
import type { Delivery, Outgoing } from '../../src/monitor/alerts/channel.ts'
import { createChannels } from '../../src/monitor/alerts/channels.ts'
import { parseConnectTo } from '../../src/net/connect-to.ts'
import { network } from '../probes/support.ts'
import { type AlertServices, type Answer, services, startAlertServices, tooMany } from '../support/alert-services.ts'
import { testRoot } from '../support/certificates.ts'

const names = Object.keys(services)
const link = 'https://status.coachdash.example/ack/20261125T030000-x_y/abc_def-*'
const outage = (text: string): Outgoing => ({
  ...{ id: 'id-1', event: 'down', monitor: 'app', state: 'down', incident: 'i-1' },
  since: '2026-11-25T02:59:00.000Z',
  at: '2026-11-25T03:00:00.000Z',
  title: 'DOWN: app',
  text: `${text}\nI take care of it: ${link}`,
  links: [link],
  dashboard: 'https://status.coachdash.example',
})

/** One message through one channel to its service. */
const send = async (name: string, message: Outgoing, { args }: AlertServices): Promise<Delivery> => {
  const connectTo = args.flatMap((word, at) => (args[at - 1] === '--connect-to' ? [parseConnectTo(word)] : []))
  const net = network({ connectTo, ca: [testRoot] })
  const [channel] = createChannels([alertSchema.parse(services[name]!.config)])
  return channel!.send(message, { net, now: Date.UTC(2026, 10, 25, 3), signal: new AbortController().signal })
}

describe.each(names)('%s', name => {
  const answering = (answer: Answer) => startAlertServices('', () => answer)

  it('takes the longest text, in any script, with the link that acknowledges', async () => {
    for (const text of ['_*<'.repeat(3_000), 'Ж€😀'.repeat(3_000), `${'a line of a log '.repeat(60)}\n`.repeat(50)]) {
      const there = await startAlertServices('')
      expect(await send(name, outage(text), there)).toMatchObject({ ok: true })
      expect(JSON.stringify(there.received[0]!.body)).toContain(link)
    }
  })

  it('is asked later where it wants to be, and never believed where it failed', async () => {
    const asksWait = !['teams', 'ntfy', 'pagerduty'].includes(name)
    const delivery = await send(name, outage('x'), await answering(tooMany[name]!))
    expect(delivery.ok).toBe(false)
    expect(delivery.isRefused).toBeUndefined()
    expect((delivery.retryAfterMs ?? 0) >= 30_000).toBe(asksWait)
    for (const status of [401, 403, 404, 410, 500, 503])
      expect(await send(name, outage('x'), await answering({ status, body: 'a reason' }))).toEqual({
        ok: false,
        answer: `${status} a reason`,
      })
    expect(await send(name, outage('x'), await answering({ status: 400, body: 'bad' }))).toMatchObject({
      isRefused: true,
    })
  })

  it('leads nowhere private', async () => {
    const leads = await answering({ status: 307, headers: { location: 'http://10.0.0.7/latest' } })
    expect((await send(name, outage('x'), leads)).answer).toMatch(/^307, not followed: /)
  })
})
