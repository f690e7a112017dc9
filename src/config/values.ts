// Value types of the config: durations with units, host names, URLs, ${NAME} secrets.
import * as z from 'zod'
import { writtenPath } from '../core/paths.ts'

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `500ms`, `60s`, `1m`, `2h`, `30d` → milliseconds. A bare number is refused: its unit would be a guess. */
export const duration = z
  .union([z.string(), z.number()])
  .transform((value, context): number => {
    const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value.trim()) : null
    if (match) return Number(match[1]) * units[match[2]!]!
    context.addIssue({
      code: 'custom',
      message: `expected a duration with a unit such as 500ms, 60s or 1m${typeof value === 'number' || /^\d+$/.test(String(value)) ? ` (is ${value} meant as ${value}ms or ${value}s?)` : ''}`,
    })
    return z.NEVER
  })
  .meta({ description: 'Duration with a unit: ms, s, m, h, d', examples: ['500ms', '60s', '1m'] })

/** A host name: letters, digits, hyphens and underscores in labels, lower-cased, trailing dot removed. */
export const hostName = z
  .string()
  .transform(value => value.trim().toLowerCase().replace(/\.$/, ''))
  .pipe(
    z
      .string()
      .regex(
        /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,62})?(\.[a-z0-9_]([a-z0-9_-]{0,62})?)+$/,
        'expected a host name such as app.example.com',
      ),
  )

/** An absolute http or https URL. */
export const webUrl = z.string().refine(
  value => {
    try {
      return ['http:', 'https:'].includes(new URL(value).protocol)
    } catch {
      return false
    }
  },
  { message: 'expected an absolute URL such as https://app.example.com/login' },
)

/** A file or a folder, as any system writes it. */
export const filePath = z.string().min(1).transform(writtenPath)

/** Text that may hold `${NAME}`: replaced from the environment when the config is loaded. */
export const secret = z.string().meta({ description: 'Secret, by the name of an environment variable: ${NAME}' })
