// Config: the AI endpoint that `deploy ai` may probe, how a request is made and where the reply stands.
import * as z from 'zod'
import { duration, secret, webUrl } from '../values.ts'

export const aiSection = z.strictObject({
  endpoint: webUrl,
  method: z.enum(['POST', 'PUT']).default('POST'),
  headers: z.record(z.string(), secret).optional(),
  request: z.unknown().optional().meta({ description: 'Request body; {{prompt}} and {{messages}} are replaced' }),
  reply: z.string().optional().meta({ description: 'Where the reply stands: choices.0.message.content' }),
  stream: z.boolean().optional(),
  canaries: z
    .array(z.string())
    .optional()
    .meta({ description: 'Texts of the system prompt or another tenant that must never come out' }),
  maxRequests: z.number().int().positive().optional(),
  maxCost: z.number().positive().optional().meta({ description: 'Upper bound in the currency of costPerRequest' }),
  costPerRequest: z.number().nonnegative().optional(),
  interval: duration.optional().meta({ description: 'Least time between two requests' }),
})
