// Config: environments, rollback and the smoke test after a deploy.
import * as z from 'zod'
import { duration, filePath, secret, webUrl } from '../values.ts'

export const smokeSchema = z.strictObject({
  homepage: webUrl.optional(),
  login: webUrl.optional(),
  health: z
    .strictObject({
      url: webUrl,
      headers: z.record(z.string(), secret).optional(),
      expectStatus: z.number().int().optional(),
      expectBody: z.string().optional(),
    })
    .optional(),
  webhook: z
    .strictObject({
      url: webUrl,
      scheme: z.enum(['stripe', 'hmac-sha256']).default('stripe'),
      secret,
      header: z.string().optional(),
      payload: z.string().optional(),
    })
    .optional(),
  auth: z
    .strictObject({
      url: webUrl,
      form: z.record(z.string(), secret).optional(),
      json: z.record(z.string(), secret).optional(),
      page: webUrl.optional().meta({ description: 'Page that only a signed-in user sees' }),
      expectStatus: z.number().int().optional(),
      expectBody: z.string().optional(),
    })
    .optional(),
  version: z
    .strictObject({
      url: webUrl,
      commit: z
        .string()
        .optional()
        .meta({ description: 'Commit that was deployed; default: the CI’s variable, else HEAD of the repository' }),
      header: z.string().optional().meta({ description: 'Response header that holds the commit' }),
      json: z.string().optional().meta({ description: 'Where the commit stands in a JSON answer: build.commit' }),
      pattern: z.string().optional().meta({ description: 'Regular expression whose first group is the commit' }),
    })
    .optional(),
  deadline: duration.optional().meta({ description: 'How long steps are tried again until they pass; default 120s' }),
  interval: duration.optional().meta({ description: 'First pause between two tries, doubled each time; default 1s' }),
})

export const deploySection = z.strictObject({
  environments: z
    .record(z.string(), z.array(filePath))
    .optional()
    .meta({ description: 'Environment → its .env files' }),
  by: z.string().optional().meta({
    description:
      'What takes a change to production: a platform’s name, `pipeline`, `hand` (somebody does it), `users` (each user runs it on a host of their own)',
  }),
  rollback: z.string().optional().meta({
    description: 'How a deploy is rolled back: vercel, fly, docker, a document’s path; `none` when it cannot be',
  }),
  backup: z.string().optional().meta({
    description: 'What backs the database up, how often and where to; `none` when nothing does',
  }),
  restored: z.iso.date().optional().meta({ description: 'Day on which a backup was last restored, as a test' }),
  since: z.string().optional().meta({ description: 'Migrations after this tag or commit count as unreleased' }),
  ledger: filePath.optional().meta({ description: 'File in the repository that records secret rotations' }),
  advisories: z
    .union([webUrl, z.literal(false)])
    .optional()
    .meta({
      description:
        'Server that is asked for known vulnerabilities of locked packages (OSV’s interface); false asks none',
    }),
  smoke: smokeSchema.optional(),
})
