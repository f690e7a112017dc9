// Config: how routes and pages are measured, and what they may cost.
import * as z from 'zod'
import { duration, secret } from '../values.ts'

/** Where the session of a flow stands in its last JSON answer, and how a route sends it. */
export const routeSessionSchema = z.strictObject({
  json: z
    .string()
    .min(1)
    .optional()
    .meta({ description: 'Path of the token in the last JSON answer of the flow: data.token' }),
  header: z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected the name of a header such as authorization')
    .optional()
    .meta({ description: 'Header that carries it (default: authorization)' }),
  prefix: z.string().optional().meta({ description: 'What stands before it (default: "Bearer ")' }),
})

const sizeUnits: Record<string, number> = { B: 1, kB: 1000, KB: 1000, KiB: 1024, MB: 1e6, MiB: 1024 * 1024 }

/** `200kB`, `1.5MB`, `64KiB` → bytes. A bare number is refused: its unit would be a guess. */
const size = z
  .union([z.string(), z.number()])
  .transform((value, context): number => {
    const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?) ?(B|kB|KB|KiB|MB|MiB)$/.exec(value.trim()) : null
    if (match) return Math.round(Number(match[1]) * sizeUnits[match[2]!]!)
    context.addIssue({ code: 'custom', message: 'expected a size with a unit such as 200kB or 1.5MB' })
    return z.NEVER
  })
  .meta({ description: 'Size with a unit: B, kB, KiB, MB, MiB', examples: ['200kB', '1.5MB'] })

export const perfBudgetsSchema = z.strictObject({
  firstLoadJs: size.optional().meta({ description: 'JavaScript of the first load, brotli-compressed: 200kB' }),
  totalJs: size.optional().meta({ description: 'All JavaScript that a page loads, as it is sent' }),
  images: size.optional().meta({ description: 'All images of a page, as they are sent' }),
  requests: z.number().int().min(1).optional().meta({ description: 'Requests that a page makes' }),
  lcp: duration.optional().meta({ description: 'Largest contentful paint of a page, the median of its runs' }),
})

export const perfSection = z.strictObject({
  rate: z
    .number()
    .positive()
    .max(1000)
    .default(2)
    .meta({ description: 'Requests a second to one host, shared over its routes; more than 10 needs --active' }),
  samples: z
    .strictObject({
      least: z.number().int().min(1).max(2000).default(5).meta({ description: 'Samples before a verdict' }),
      most: z.number().int().min(1).max(2000).default(200).meta({ description: 'Samples after which none follows' }),
    })
    .refine(({ least, most }) => least <= most, { path: ['most'], message: 'expected at least samples.least' })
    .default({ least: 5, most: 200 }),
  coldPause: duration
    .default(60_000)
    .meta({ description: 'Pause after which a slow first answer is asked for once more, to tell a cold start' }),
  users: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: 'Customers at once: for `perf users`, and for `perf --active`' }),
  think: z
    .strictObject({ least: duration, most: duration })
    .refine(({ least, most }) => least <= most, { path: ['most'], message: 'expected at least think.least' })
    .default({ least: 1000, most: 3000 })
    .meta({ description: 'Pauses between the clicks of these customers' }),
  rampUp: duration.default(10_000).meta({ description: 'Time over which these customers arrive' }),
  pages: z
    .strictObject({
      runs: z.number().int().min(1).max(9).default(3).meta({ description: 'Loads of each page; the median is judged' }),
      network: z
        .enum(['slow-4g', 'fast-4g', 'none'])
        .default('slow-4g')
        .meta({ description: 'The line that is emulated' }),
      cpuSlowdown: z
        .number()
        .min(1)
        .max(20)
        .default(4)
        .meta({ description: 'How many times slower than this machine' }),
    })
    .default({ runs: 3, network: 'slow-4g', cpuSlowdown: 4 }),
  budgets: perfBudgetsSchema.optional().meta({ description: 'What a page may cost; without it there is no budget' }),
  crux: secret.optional().meta({ description: 'Key of the Chrome UX Report API: ${CRUX_API_KEY}' }),
})
