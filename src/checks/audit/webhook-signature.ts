// A webhook takes events from its sender only.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { route: string; url: string; status: number }

const byHand =
  (summary: string, step: (data: Data) => string) =>
  (data: Data): Fix => ({
    summary,
    steps: [step(data), 'Send a signed test event from the sender’s dashboard afterwards: it must still be taken.'],
    changes: [{ kind: 'manual', step: step(data) }],
    effortMinutes: 30,
  })

const seen = (status: number) => ({ url: 'https://api.example.com/webhooks/stripe', status, says: '' })

export default defineCheck<Data>()({
  id: 'webhook-signature',
  stage: 'audit',
  on: 'route',
  title: 'Webhooks refuse events without a signature',
  why: 'A webhook that takes any event lets a stranger say "this was paid". With --active one event of the type launch_ready.unsigned_probe is posted without a signature to each route of kind webhook; a refusal (4xx) is right, a success is not, and a server error means that real events may be lost as well.',
  impact: { journey: 'payment', owner: 'A stranger can tell your product that a payment was made.' },
  needs: ['unsignedWebhook'],
  active: true,
  signals: ['payment-fails'],
  outcomes: {
    'accepts-unsigned': {
      status: 'fail',
      severity: 'blocker',
      title: 'Anyone can report a payment to {route}',
      fix: byHand(
        'Check the signature before anything else',
        data =>
          `In the code behind ${data.url}, check the signature over the raw body with the endpoint’s secret (Stripe: stripe.webhooks.constructEvent) and answer 400 when it does not hold.`,
      ),
    },
    'server-error': {
      status: 'fail',
      severity: 'high',
      title: '{route} fails on an event without signature (status {status})',
      fix: byHand(
        'Answer 400 instead of failing',
        data =>
          `In the code behind ${data.url}, answer 400 when the signature is missing; look in the log for the error behind status ${data.status}.`,
      ),
    },
    rejects: { status: 'pass', title: '{route} refuses events without a signature' },
  },
  references: ['https://docs.stripe.com/webhooks#verify-events', 'https://www.standardwebhooks.com/'],
  judge: ({ unsignedWebhook }, { subject }) => {
    const { url, status } = unsignedWebhook
    const data: Data = { route: String(subject.details?.['name'] ?? 'The webhook').slice(0, 24), url, status }
    const evidence = [{ label: `POST ${url}, no signature`, value: String(status) }]
    if (status >= 200 && status < 300) return { outcome: 'accepts-unsigned', data, evidence }
    if (status === 429 || status === 503 || (status >= 300 && status < 400))
      return { unknown: `${url} answers with status ${status}`, couldBe: 'blocker' }
    if (status >= 500) return { outcome: 'server-error', data, evidence }
    if (status === 404 || status === 405 || status === 410)
      return { unknown: `no webhook takes events at ${url} (status ${status})`, couldBe: 'blocker' }
    return { outcome: 'rejects', data, evidence }
  },
  examples: [
    { name: 'refuses', facts: { unsignedWebhook: seen(400) }, expect: 'rejects' },
    { name: 'takes it', facts: { unsignedWebhook: seen(200) }, expect: 'accepts-unsigned' },
    { name: 'fails', facts: { unsignedWebhook: seen(500) }, expect: 'server-error' },
    { name: 'is not there', facts: { unsignedWebhook: seen(404) }, expect: 'unknown' },
    { name: 'limits requests', facts: { unsignedWebhook: seen(429) }, expect: 'unknown' },
  ],
})
