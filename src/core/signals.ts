// What the owner would notice after launch (CATALOGUE.md, "Failure signals"). Which check trips which stands on the check.
import type { Stage } from './stage.ts'

/** Signal → its stage and sentence, in the order in which they are printed. */
export const signals = {
  'signup-unreliable': { stage: 'audit', sentence: 'Customers cannot sign up reliably.' },
  'payment-fails': { stage: 'audit', sentence: 'Customers who want to pay cannot.' },
  'data-exposed': { stage: 'audit', sentence: 'Somebody else reads your customers’ data.' },
  'emails-fail': { stage: 'audit', sentence: 'Emails go to spam or fail.' },
  'deploys-by-hand': { stage: 'audit', sentence: 'Every deploy needs manual fixes.' },
  'duplicate-pages': { stage: 'dns', sentence: 'Duplicate pages show up across domains.' },
  'certificate-warnings': { stage: 'dns', sentence: 'Visitors see certificate warnings or redirect loops.' },
  'links-break': { stage: 'dns', sentence: 'Marketing links break.' },
  'never-verified': { stage: 'email', sentence: 'Trial users never verify their accounts.' },
  'mail-lost': { stage: 'email', sentence: 'Customers say "I never got the email".' },
  'bad-deploy': { stage: 'deploy', sentence: 'One bad deploy takes down onboarding or billing.' },
  'patched-by-hand': { stage: 'deploy', sentence: 'Someone patches production by hand.' },
  'slow-pages': { stage: 'perf', sentence: 'Pages take more than 2.5 seconds.' },
  'slow-actions': { stage: 'perf', sentence: 'Core actions take more than a second.' },
  'outages-from-customers': { stage: 'monitor', sentence: 'You learn of outages from customers.' },
  'production-unknown': { stage: 'handover', sentence: 'The founder cannot explain where production lives.' },
} as const satisfies Record<string, { stage: Stage; sentence: string }>

export type SignalId = keyof typeof signals

export const signalIds = Object.keys(signals) as SignalId[]
