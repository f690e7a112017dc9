// DMARC records that somebody meant otherwise: what to publish today, and what later.
import { type DmarcRecord, parseDmarc, rewriteDmarc, watchingFirst } from './dmarc.ts'
import { dmarcRollout } from './rollout.ts'

export type Mend = (
  record: DmarcRecord,
  change?: Readonly<Record<string, string | null>>,
) => { wanted: string; later: string[] }

/**
 * The record as it should be. Where no receiver acts on it today (`inert`), a policy that was meant comes back step by step; a
 * domain that sends nothing has nothing to lose.
 */
export const mending =
  (domain: string, now: number, receives: boolean, inert: boolean): Mend =>
  (record, change = {}) => {
    if (!inert || (record.p ?? 'none') === 'none') return { wanted: rewriteDmarc(record, change), later: [] }
    const wanted = watchingFirst(record, {
      ...(receives && !record.rua.some(uri => uri.valid) ? { rua: `mailto:dmarc@${domain}` } : {}),
      ...change,
    })
    const steps = dmarcRollout(parseDmarc(wanted), domain, now, receives).filter(step => !step.reached)
    return { wanted, later: steps.map(step => `${step.date}: ${step.record} (${step.condition})`) }
  }
