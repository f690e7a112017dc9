// The services that alerts go to, as one HTTPS server on loopback: each takes what its published API takes, counts as it counts, and
// turns away what it would turn away, in its own words.
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { leaf } from './certificates.ts'

export type Answer = { status: number; headers?: Record<string, string>; body?: string }
export type Received = { host: string; path: string; headers: Record<string, string>; body: Record<string, unknown> }

type Service = {
  host: string
  /** Of its entry in `monitor.alerts`. */
  config: Record<string, unknown>
  /** What is wrong with a request in the service's eyes; null where it takes it. */
  fault: (request: Received, bytes: number) => Answer | null
  taken: Answer
}

const json = (status: number, body: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const length = (value: unknown): number => (typeof value === 'string' ? value.length : Number.POSITIVE_INFINITY)
const bytesOf = (value: unknown): number => Buffer.byteLength(String(value))

export const services: Readonly<Record<string, Service>> = {
  slack: {
    host: 'hooks.slack.com',
    config: { slack: 'https://hooks.slack.com/services/T000/B000/x-of-the-test' },
    fault: ({ body }) => (length(body['text']) > 40_000 ? { status: 400, body: 'invalid_payload' } : null),
    taken: { status: 200, body: 'ok' },
  },
  discord: {
    host: 'discord.com',
    config: { discord: 'https://discord.com/api/webhooks/1/x-of-the-test' },
    fault: ({ body }) =>
      length(body['content']) > 2_000
        ? json(400, { code: 50035, message: 'Invalid Form Body', errors: { content: {} } })
        : null,
    taken: { status: 204 },
  },
  teams: {
    host: 'example.webhook.office.com',
    config: { teams: 'https://example.webhook.office.com/webhookb2/x-of-the-test' },
    fault: (_request, bytes) => (bytes > 28_000 ? { status: 413, body: 'Request Entity Too Large' } : null),
    taken: { status: 202 },
  },
  telegram: {
    host: 'api.telegram.org',
    config: { telegram: '1:x-of-the-test', chat: 42 },
    fault: ({ body, path }) =>
      path !== '/bot1:x-of-the-test/sendMessage'
        ? json(404, { ok: false, error_code: 404, description: 'Not Found' })
        : length(body['text']) > 4_096
          ? json(400, { ok: false, error_code: 400, description: 'Bad Request: message is too long' })
          : null,
    taken: json(200, { ok: true, result: { message_id: 7 } }),
  },
  ntfy: {
    host: 'ntfy.sh',
    config: { ntfy: 'https://ntfy.sh/topic-x-of-the-test', token: 'tk_of_the_test' },
    fault: ({ body, path, headers }) =>
      path !== '/' || body['topic'] !== 'topic-x-of-the-test' || headers['authorization'] !== 'Bearer tk_of_the_test'
        ? json(403, { code: 40301, http: 403, error: 'forbidden' })
        : bytesOf(body['message']) > 4_096
          ? json(413, { code: 41301, http: 413, error: 'attachment too large, or bandwidth limit reached' })
          : null,
    taken: json(200, { id: 'a1', event: 'message', topic: 'topic-x-of-the-test' }),
  },
  pagerduty: {
    host: 'events.pagerduty.com',
    config: { pagerduty: 'routing-key-of-the-test' },
    fault: ({ body, path }) => {
      const { summary, severity } = (body['payload'] ?? {}) as Record<string, unknown>
      const isTrigger = body['event_action'] === 'trigger'
      const wrong =
        path !== '/v2/enqueue' ||
        body['routing_key'] !== 'routing-key-of-the-test' ||
        length(body['dedup_key']) > 255 ||
        (isTrigger && (length(summary) > 1_024 || !['critical', 'error', 'warning', 'info'].includes(String(severity))))
      return wrong ? json(400, { status: 'invalid event', message: 'Event object is invalid', errors: [] }) : null
    },
    taken: json(202, { status: 'success', message: 'Event processed', dedup_key: 'x' }),
  },
  opsgenie: {
    host: 'api.opsgenie.com',
    config: { opsgenie: 'opsgenie-key-of-the-test' },
    fault: ({ body, path, headers }) =>
      headers['authorization'] !== 'GenieKey opsgenie-key-of-the-test'
        ? json(403, { message: 'You are not authorized' })
        : path === '/v2/alerts' && (length(body['message']) > 130 || length(body['description']) > 15_000)
          ? json(422, { message: 'Request body is not processable', errors: { message: 'too long' } })
          : null,
    taken: json(202, { result: 'Request will be processed', requestId: 'r1' }),
  },
  webhook: {
    host: 'hooks.coachdash.example',
    config: { webhook: 'https://hooks.coachdash.example/x-of-the-test', secret: 'a shared secret of the test' },
    fault: ({ headers }) =>
      /^t=\d+,v1=[0-9a-f]{64}$/.test(headers['x-launch-ready-signature'] ?? '')
        ? null
        : { status: 401, body: 'not signed' },
    taken: { status: 204 },
  },
}

/** "Too many requests" as each says it: some in a header, some in the body. */
export const tooMany: Readonly<Record<string, Answer>> = {
  slack: { status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' },
  discord: json(429, { message: 'You are being rate limited.', retry_after: 30.5, global: false }),
  teams: {
    status: 200,
    body: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x',
  },
  telegram: json(429, {
    ok: false,
    error_code: 429,
    description: 'Too Many Requests: retry after 30',
    parameters: { retry_after: 30 },
  }),
  ntfy: json(429, { code: 42901, http: 429, error: 'limit reached: too many requests' }),
  pagerduty: json(429, { status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' }),
  opsgenie: {
    ...json(429, { message: 'You are making too many requests!' }),
    headers: { 'retry-after': '30', 'content-type': 'application/json' },
  },
  webhook: { status: 429, headers: { 'retry-after': '30' } },
}

export type AlertServices = { received: Received[]; args: string[] }

/** Serves all of them for the test's life; `instead` may answer in place of a service. */
export const startAlertServices = async (
  ca: string,
  instead: (name: string, nth: number) => Answer | null = () => null,
): Promise<AlertServices> => {
  const received: Received[] = []
  const counts = new Map<string, number>()
  const all = Object.entries(services)
  const server = createServer(leaf(all.map(([, { host }]) => host)), async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const bytes = Buffer.concat(parts)
    const host = String(request.headers.host)
    const [name, service] = all.find(([, item]) => item.host === host)!
    const got: Received = {
      host,
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body: JSON.parse(bytes.toString()) as Record<string, unknown>,
    }
    const nth = counts.get(name) ?? 0
    counts.set(name, nth + 1)
    const answer = instead(name, nth) ?? service.fault(got, bytes.length) ?? service.taken
    if (answer === service.taken) received.push(got)
    response.writeHead(answer.status, answer.headers).end(answer.body ?? '')
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const ways = all.flatMap(([, { host }]) => ['--connect-to', `${host}:443:127.0.0.1:${port}`])
  return { received, args: [...ways, '--ca', ca] }
}
