// Config: what the audit may do beyond looking, and the flows it walks.
import * as z from 'zod'
import { duration, secret, webUrl } from '../values.ts'

export const auditSection = z.strictObject({
  browser: z
    .union([z.boolean(), z.string()])
    .refine((value): boolean => typeof value === 'boolean', {
      message: 'expected true or false; the program to start is named with --browser or CHROME_PATH, never in a config',
    })
    .optional()
    .meta({ description: 'Use a browser: false or true; which one, --browser or CHROME_PATH says' }),
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

export const flowStepSchema = z
  .strictObject({
    get: webUrl.optional(),
    post: webUrl.optional(),
    json: z.record(z.string(), secret).optional().meta({ description: 'Sent as JSON with post, instead of form' }),
    form: z.record(z.string(), secret).optional(),
    submit: z
      .string()
      .optional()
      .meta({ description: 'Selector or words of the form of the page before; its hidden fields are sent along' }),
    click: z.string().optional().meta({ description: 'Words of a link or button, or (with browser: true) a selector' }),
    fill: z.record(z.string(), secret).optional().meta({
      description: 'Field → what is typed; a field by its name, or (with browser: true) its label or a selector',
    }),
    expectStatus: z.number().int().optional(),
    expectText: z.string().optional(),
    expectUrl: z.string().optional(),
    expectSelector: z.string().optional().meta({ description: 'An element that must be seen; with browser: true' }),
  })
  .superRefine((step, context) => {
    const [, second] = (['get', 'post', 'submit', 'click'] as const).filter(key => step[key] !== undefined)
    if (step.json && (step.post === undefined || step.form))
      context.addIssue({ code: 'custom', path: ['json'], message: 'json goes with post, and without form' })
    if (second)
      context.addIssue({ code: 'custom', path: [second], message: 'a step does one of get, post, submit and click' })
  })

export const flowStepsSchema = z
  .strictObject({
    name: z.string().min(1),
    kind: z.enum(['signup', 'login', 'billing', 'other']).default('other'),
    browser: z
      .boolean()
      .optional()
      .meta({ description: 'Walk it in a browser, as pages that need JavaScript ask for (needs playwright-core)' }),
    slow: duration.optional(),
    steps: z.array(flowStepSchema).min(1),
  })
  .superRefine((flow, context) => {
    for (const [at, step] of flow.steps.entries())
      if (flow.browser && step.post !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['steps', at, 'post'],
          message: 'a browser posts by its forms: use fill and submit, or leave out browser: true',
        })
      else if (!flow.browser && step.expectSelector !== undefined)
        context.addIssue({
          code: 'custom',
          path: ['steps', at, 'expectSelector'],
          message: 'selectors need browser: true in the flow; expectText works without',
        })
  })
