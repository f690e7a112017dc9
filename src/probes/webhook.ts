// A webhook that takes a signed test event and refuses a forged one.
import { createHmac } from 'node:crypto'
import type { Network } from '../net/network.ts'
import { answerOf, failed, isResult, ok, type ProbeResult, seenIn, unexpected, within } from './probe.ts'

export type WebhookRequest = {
  url: string
  scheme: 'stripe' | 'hmac-sha256'
  /** The signing secret; it is in nothing that the probe says. */
  secret: string
  /** The header of the signature: the scheme's unless given. */
  header?: string | undefined
  /** An event that no handler acts on, unless given. */
  payload?: string | undefined
}

/** `t=<seconds>,v1=<hex>` over `<seconds>.<payload>` (https://docs.stripe.com/webhooks#verify-manually). */
export const stripeSignature = (payload: string, secret: string, seconds: number): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex')}`

/** HMAC-SHA256 of the payload in hex; with the prefix that GitHub's header wants. */
export const hmacSignature = (payload: string, secret: string, header: string): string =>
  `${/hub-signature-256$/i.test(header) ? 'sha256=' : ''}${createHmac('sha256', secret).update(payload).digest('hex')}`

/** An event that no handler acts on: its type is ours, and it is not live. `now` in milliseconds since the epoch. */
export const testEvent = (now: number): string =>
  JSON.stringify({
    id: `evt_launch_ready_${Math.floor(now / 1000)}`,
    object: 'event',
    api_version: '2025-09-30',
    created: Math.floor(now / 1000),
    type: 'launch_ready.smoke_test',
    livemode: false,
    pending_webhooks: 0,
    data: { object: { id: 'launch_ready_smoke_test', object: 'smoke_test' } },
  })

const isTaken = (status: number): boolean => status >= 200 && status <= 299

/** Sends the event signed, then forged. An accepted forgery is final: anybody can make payments happen. */
export const probeWebhook = async (request: WebhookRequest, net: Network): Promise<ProbeResult> => {
  const { url, scheme } = request
  const now = net.options.clock.now()
  const payload = request.payload ?? testEvent(now)
  const header = (request.header ?? (scheme === 'stripe' ? 'stripe-signature' : 'x-signature')).toLowerCase()
  const send = (secret: string) => {
    const signature =
      scheme === 'stripe'
        ? stripeSignature(payload, secret, Math.floor(now / 1000))
        : hmacSignature(payload, secret, header)
    const headers = { 'content-type': 'application/json', [header]: signature }
    return answerOf(net, { url, method: 'POST', headers, body: payload })
  }
  const signed = await send(request.secret)
  if (isResult(signed)) return signed
  const { status } = signed.hop
  if (!isTaken(status)) {
    const hint = status === 400 || status === 401 ? ': the signing secret may be another one' : ''
    return unexpected(`${within(signed.hop)} for a signed event${hint}`, signed)
  }
  const forged = await send(`${request.secret}x`)
  if (isResult(forged)) return forged
  if (isTaken(forged.hop.status))
    return { ...failed(`it accepts a forged signature (${forged.hop.status})`, seenIn(forged)), final: true }
  return ok(`${within(signed.hop)}; a forged signature is refused (${forged.hop.status})`, seenIn(signed))
}
