// Answers of a product that two people can run.
import type { DrillRecord, Handover } from '../../formats/handover/schema.ts'
import type { HandoverAnswers } from './handover-answers.ts'

const both = ['ada@example.com', 'grace@example.com']
const account = (provider: string) => ({ provider, people: both, secondFactor: true })

export const soundHandover = (): Handover => ({
  product: 'Example',
  owner: { name: 'Ada', email: 'ada@example.com' },
  access: {
    registrar: { ...account('Gandi'), renews: '2027-11-01' },
    dns: account('Gandi'),
    edge: account('Vercel'),
    hosting: account('Vercel'),
    payment: account('Stripe'),
    email: account('Postmark'),
    repository: account('GitHub'),
  },
  links: [
    { what: 'monitoring', url: 'https://status.example.com/' },
    { what: 'logs', url: 'https://logs.example.com/' },
  ],
  support: [{ what: 'customers', email: 'support@example.com' }],
  called: [{ name: 'Ada', email: 'ada@example.com', when: 'always' }],
  mailService: 'Postmark',
  deploy: { how: 'docs/deploy.md', branch: 'main', platform: 'Vercel' },
  rollback: 'docs/rollback.md',
  restore: 'docs/restore.md',
  keyRotation: 'docs/keys.md',
  secrets: [{ name: 'STRIPE_SECRET_KEY', where: 'Vercel, made anew at Stripe', rotated: '2026-10-01', every: 180 }],
  rehearsed: { rollback: '2026-11-02', restore: '2026-10-20', keyRotation: '2026-10-01', redeploy: '2026-11-02' },
})

export const drill = (name: DrillRecord['drill'], at: string, proof: DrillRecord['proof'] = 'seen'): DrillRecord => ({
  drill: name,
  at: `${at}T10:00:00Z`,
  by: 'Grace',
  seconds: 240,
  proof,
  seen: 'the page says bbbbbbb, then aaaaaaa',
})

export const example: HandoverAnswers = {
  version: 1,
  handover: soundHandover(),
  said: { 'access.registrar.people': { by: 'Ada', at: '2026-11-20' } },
  drills: [
    drill('rollback', '2026-11-02'),
    drill('redeploy', '2026-11-02'),
    drill('restore', '2026-10-20'),
    drill('keyRotation', '2026-10-01'),
  ],
  problems: [],
  path: 'launch-ready.handover.yaml',
  exists: true,
  given: true,
  asked: true,
  writing: false,
}

/** The sound answers, of which the section differs in this. */
export const saying = (given: Partial<Handover>, more: Partial<HandoverAnswers> = {}): HandoverAnswers => ({
  ...example,
  ...more,
  handover: { ...soundHandover(), ...given },
})

/** Nobody has said anything. */
export const silent = (asked: boolean): HandoverAnswers => ({
  ...example,
  version: null,
  handover: {},
  said: {},
  drills: [],
  exists: false,
  given: false,
  asked,
})
