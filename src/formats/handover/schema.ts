// What people say of who can run a product: the section `handover` of the config and of the answers file, in one shape.
import * as z from 'zod'

const day = z.iso.date()
const link = z.string().refine(text => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
  message: 'expected an absolute URL such as https://status.example.com',
})
const email = z.string().regex(/^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/, 'expected an address such as ada@example.com')
const words = z.string().min(1).max(2000)

/** Accounts without which nobody can run a product. */
export const accountNames = ['registrar', 'dns', 'edge', 'hosting', 'payment', 'email', 'repository'] as const
export type AccountName = (typeof accountNames)[number]

const accessSchema = z.strictObject({
  provider: words.optional().meta({ description: 'Who it is with: Namecheap, Vercel, Stripe' }),
  people: z.array(words).optional().meta({ description: 'Who can sign in, by address or name' }),
  secondFactor: z.boolean().optional().meta({ description: 'Whether signing in asks for a second factor' }),
  renews: day.optional().meta({ description: 'Day on which it renews or ends' }),
  url: link.optional().meta({ description: 'Where one signs in' }),
  notes: words.optional(),
})
export type Access = z.infer<typeof accessSchema>

/** What is rehearsed; each has a drill. */
export const rehearsals = ['redeploy', 'rollback', 'keyRotation', 'restore', 'alert'] as const
export type Rehearsal = (typeof rehearsals)[number]

const perRehearsal = <T extends z.ZodType>(value: T) =>
  z.strictObject({ redeploy: value, rollback: value, keyRotation: value, restore: value, alert: value })

const keyDrill = z.strictObject({
  url: link.meta({ description: 'Page or API that only takes a key that works' }),
  header: z.string().optional().meta({ description: 'Header that carries it (default: authorization)' }),
  prefix: z.string().optional().meta({ description: 'What stands before it (default: "Bearer ")' }),
})

export const handoverShape = z.strictObject({
  product: words.optional(),
  owner: z.strictObject({ name: words.optional(), email: email.optional() }).optional(),
  access: z
    .strictObject({
      registrar: accessSchema.optional(),
      dns: accessSchema.optional(),
      edge: accessSchema.optional(),
      hosting: accessSchema.optional(),
      payment: accessSchema.optional(),
      email: accessSchema.optional(),
      repository: accessSchema.optional(),
    })
    .optional(),
  links: z
    .array(z.strictObject({ what: words, url: link }))
    .optional()
    .meta({ description: 'Monitoring, logs, dashboard, runbook, status page' }),
  support: z
    .array(z.strictObject({ what: words, email: email.optional(), url: link.optional(), phone: words.optional() }))
    .optional(),
  called: z
    .array(z.strictObject({ name: words, phone: words.optional(), email: email.optional(), when: words.optional() }))
    .optional()
    .meta({ description: 'Who is called when it is down, in this order' }),
  edgeSettings: words.optional().meta({ description: 'Settings at the edge that matter, beside what was seen' }),
  mailService: words.optional().meta({ description: 'Service that sends the product’s mail' }),
  deploy: z
    .strictObject({
      how: words.optional().meta({ description: 'How a release is made, or the document that says it' }),
      branch: words.optional(),
      platform: words.optional(),
      logs: link.optional(),
    })
    .optional(),
  rollback: words.optional().meta({ description: 'How a release is taken back, or the document that says it' }),
  restore: words.optional().meta({ description: 'How a backup is brought back, or the document that says it' }),
  keyRotation: words.optional().meta({ description: 'How keys are replaced, or the document that says it' }),
  secrets: z
    .array(
      z.strictObject({
        name: words,
        where: words.optional().meta({ description: 'Where it is set and where it is made anew' }),
        rotated: day.optional(),
        every: z.number().int().min(1).max(3650).optional().meta({ description: 'Days after which it is replaced' }),
      }),
    )
    .optional(),
  rehearsed: perRehearsal(day.optional()).partial().optional().meta({ description: 'Days on which it was tried' }),
  drills: z.strictObject({ rotateKey: keyDrill.optional(), restore: link.optional() }).optional(),
  signOff: z.array(z.strictObject({ name: words, role: words.optional(), at: day.optional() })).optional(),
})

export type Handover = z.infer<typeof handoverShape>

/** Who said something, and when. */
export const saidSchema = z.strictObject({ by: words, at: day })
export type Said = z.infer<typeof saidSchema>

/** A rehearsal as a drill recorded it. `seen`: the machine saw that it worked; `said`: a person says so. */
export const drillSchema = z.strictObject({
  drill: z.enum(rehearsals),
  at: z.iso.datetime(),
  by: words,
  seconds: z.number().min(0),
  proof: z.enum(['seen', 'said']),
  seen: z.string().max(2000),
})
export type DrillRecord = z.infer<typeof drillSchema>

export const answersVersion = 1
export const answersFile = 'launch-ready.handover.yaml'
