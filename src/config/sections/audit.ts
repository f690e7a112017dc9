// Config: what the audit may do beyond looking, and the flows it walks.
import * as z from 'zod'
import { duration, secret, webUrl } from '../values.ts'

export const auditSection = z.strictObject({
  browser: z
    .union([z.boolean(), z.string()])
    .optional()
    .meta({ description: 'Use a browser: false, true, or the path of Chromium' }),
  bundleBudget: z.string().optional().meta({ description: 'Bytes of script read per host: 20MB' }),
  rateLimit: z
    .strictObject({
      url: webUrl,
      form: z.record(z.string(), secret).optional(),
      json: z.record(z.string(), secret).optional(),
      tries: z.number().int().max(50).optional(),
    })
    .optional(),
  crl: z
    .boolean()
    .optional()
    .meta({ description: 'Ask the certificate authority’s CRL and OCSP for revocation; default true' }),
})

export const flowStepSchema = z.strictObject({
  get: webUrl.optional(),
  post: webUrl.optional(),
  form: z.record(z.string(), secret).optional(),
  submit: z
    .string()
    .optional()
    .meta({ description: 'Selector or words of the form of the page before; its hidden fields are sent along' }),
  click: z.string().optional(),
  fill: z.record(z.string(), secret).optional(),
  expectStatus: z.number().int().optional(),
  expectText: z.string().optional(),
  expectUrl: z.string().optional(),
})

export const flowStepsSchema = z.strictObject({
  name: z.string().min(1),
  kind: z.enum(['signup', 'login', 'billing', 'other']).default('other'),
  browser: z.boolean().optional(),
  slow: duration.optional(),
  steps: z.array(flowStepSchema).min(1),
})
