// Services that call people, and webhooks of one's own. They know incidents themselves: what belongs together bears one key.
import { createHmac } from 'node:crypto'
import { cutAround, cutTo, type Outgoing, postJson, type SendWays } from './channel.ts'

type Send = (message: Outgoing, ways: SendWays) => ReturnType<typeof postJson>

const isEvent = ({ event }: Outgoing): boolean => event === 'deploy' || event === 'job' || event === 'note'

const keyOf = ({ incident, id }: Outgoing): string => incident ?? id

const severities: Partial<Record<Outgoing['event'], string>> = {
  degraded: 'warning',
  'cannot-see': 'warning',
  test: 'info',
}

/** https://developer.pagerduty.com/docs/send-alert-event; deploys are change events, a job that failed is an alert. */
export const toPagerDuty =
  (routingKey: string, region: 'us' | 'eu'): Send =>
  (message, ways) => {
    const host = region === 'eu' ? 'events.eu.pagerduty.com' : 'events.pagerduty.com'
    const summary = cutTo(message.title, 1_000)
    const custom_details = { text: cutAround(message.text, 4_000, message.links) }
    const links = message.dashboard === null ? [] : [{ href: message.dashboard, text: 'Dashboard' }]
    if (isEvent(message) && message.state !== 'down') {
      const payload = { summary, source: 'launch-ready', timestamp: message.at, custom_details }
      return postJson(`https://${host}/v2/change/enqueue`, { routing_key: routingKey, payload, links }, ways)
    }
    const dedup_key = keyOf(message)
    if (message.event === 'up')
      return postJson(
        `https://${host}/v2/enqueue`,
        { routing_key: routingKey, event_action: 'resolve', dedup_key },
        ways,
      )
    const payload = {
      summary,
      source: message.monitor ?? 'launch-ready',
      severity: severities[message.event] ?? 'critical',
      timestamp: message.at,
      custom_details,
    }
    return postJson(
      `https://${host}/v2/enqueue`,
      { routing_key: routingKey, event_action: 'trigger', dedup_key, payload, links },
      ways,
    )
  }

/** https://docs.opsgenie.com/docs/alert-api */
export const toOpsgenie =
  (key: string, region: 'us' | 'eu'): Send =>
  (message, ways) => {
    const base = `https://${region === 'eu' ? 'api.eu.opsgenie.com' : 'api.opsgenie.com'}/v2/alerts`
    const headers = { authorization: `GenieKey ${key}` }
    const alias = keyOf(message)
    if (message.event === 'up')
      return postJson(
        `${base}/${encodeURIComponent(alias)}/close?identifierType=alias`,
        { source: 'launch-ready', note: cutTo(message.text, 2_000) },
        ways,
        headers,
      )
    const priority = message.event === 'down' || message.event === 'reminder' ? 'P1' : isEvent(message) ? 'P5' : 'P3'
    return postJson(
      base,
      {
        message: cutTo(message.title, 130),
        alias,
        description: cutAround(message.text, 14_000, message.links),
        priority,
        source: 'launch-ready',
      },
      ways,
      headers,
    )
  }

/** `t=<unix>,v1=<hex HMAC-SHA256 of "<t>.<body>">` */
export const signatureOf = (body: string, secret: string, now: number): string => {
  const seconds = Math.floor(now / 1000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/** The contract's own form. */
export const toWebhook =
  (url: string, secret: string | undefined): Send =>
  (message, ways) => {
    const { id, event, monitor, state, since, at, incident, title, text, dashboard } = message
    const body = { id, event, monitor, state, since, at, incident, text: `${title}\n${text}`, dashboard }
    const sent = JSON.stringify(body)
    return postJson(url, body, ways, {
      'idempotency-key': id,
      ...(secret === undefined ? {} : { 'x-launch-ready-signature': signatureOf(sent, secret, ways.now) }),
    })
  }
