// Config: what is watched, who is told, and where results are kept.
import * as z from 'zod'
import { duration, secret } from '../values.ts'

export const monitorSection = z.looseObject({
  interval: duration.optional(),
  target: z.number().optional(),
  alerts: z.array(z.record(z.string(), secret)).optional(),
})
