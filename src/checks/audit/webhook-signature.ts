// A webhook takes events from its sender only.
import { blocker, defineCheck, high, pass, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'

type Data = { route: string; url: string; status: number }

const byHand =
  (summary: string, step: (data: Data) => string) =>
  (data: Data): Fix =>
    fix(
      summary,
      [manual(step(data))],
      [step(data), 'Send a signed test event from the sender’s dashboard afterwards: it must still be taken.'],
      30,
    )

const checkSignature = byHand(
  'Check the signature before anything else',
  ({ url }) =>
    `In the code behind ${url}, check the signature over the raw body with the endpoint’s secret (Stripe: stripe.webhooks.constructEvent) and answer 400 when it does not hold.`,
)

const refuseInstead = byHand(
  'Answer 400 instead of failing',
  ({ url, status }) =>
    `In the code behind ${url}, answer 400 when the signature is missing; look in the log for the error behind status ${status}.`,
)

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
    'accepts-unsigned': blocker('Anyone can report a payment to {route}', checkSignature),
    'server-error': high('{route} fails on an event without signature (status {status})', refuseInstead, {
      why: 'Events of the provider may fail in the same way, and payments would go unnoticed.',
    }),
    rejects: pass('{route} refuses events without a signature'),
  },
  references: ['https://docs.stripe.com/webhooks#verify-events', 'https://www.standardwebhooks.com/'],
  judge: ({ unsignedWebhook: { url, status } }, { subject: { details } }) => {
    const data: Data = { route: String(details?.['name'] ?? 'The webhook').slice(0, 24), url, status }
    const evidence = [httpEvidence(url, String(status), { status, label: `POST ${url}, no signature` })]
    if (status >= 200 && status < 300) return { outcome: 'accepts-unsigned', data, evidence }
    if (status === 429 || status === 503 || (status >= 300 && status < 400))
      return unknown(`${url} answers with status ${status}`, 'blocker')
    if (status >= 500) return { outcome: 'server-error', data, evidence }
    if (status === 404 || status === 405 || status === 410)
      return unknown(`no webhook takes events at ${url} (status ${status})`, 'blocker')
    return { outcome: 'rejects', data, evidence }
  },
  examples: [
    { name: 'refuses', facts: {}, expect: 'rejects' },
    { name: 'takes it', facts: { unsignedWebhook: { status: 200 } }, expect: 'accepts-unsigned' },
    { name: 'fails', facts: { unsignedWebhook: { status: 500 } }, expect: 'server-error' },
    { name: 'is not there', facts: { unsignedWebhook: { status: 404 } }, expect: 'unknown' },
    { name: 'limits requests', facts: { unsignedWebhook: { status: 429 } }, expect: 'unknown' },
  ],
})
