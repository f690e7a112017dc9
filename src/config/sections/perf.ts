// Config: how routes and pages are measured, and what they may cost.
import * as z from 'zod'
import { secret } from '../values.ts'

/** Where the session of a flow stands in its last JSON answer, and how a route sends it. */
export const routeSessionSchema = z.strictObject({
  json: z
    .string()
    .optional()
    .meta({ description: 'Path of the token in the last JSON answer of the flow: data.token' }),
  header: z.string().optional().meta({ description: 'Header that carries it (default: authorization)' }),
  prefix: z.string().optional().meta({ description: 'What stands before it (default: "Bearer ")' }),
})

export const perfSection = z.strictObject({
  rate: z.number().positive().max(1000).default(2).meta({ description: 'Requests a second to one host' }),
  samples: z
    .strictObject({ least: z.number().int().min(1).default(5), most: z.number().int().min(1).default(200) })
    .default({ least: 5, most: 200 }),
  users: z.number().int().min(1).optional().meta({ description: 'Customers at once, for perf users' }),
  crux: secret.optional().meta({ description: 'Key of the Chrome UX Report API' }),
})
