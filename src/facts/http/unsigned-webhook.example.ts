// What a webhook answered to an event without a signature, for the examples of checks.
import type { UnsignedWebhook } from './unsigned-webhook.ts'

/** It refuses. */
export const example: UnsignedWebhook = { url: 'https://api.example.com/webhooks/stripe', status: 400, says: '' }
