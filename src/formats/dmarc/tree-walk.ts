// The DNS tree walk of RFC 9989 §4.10: which record applies to a domain, and which domain is its organizational domain.
import { type DmarcRecord, isDmarc, parseDmarc } from './dmarc.ts'

/** One query of the walk. `texts` are the TXT records that are DMARC; several, and receivers discard them all. */
export type WalkStep = { domain: string; texts: string[]; problem: string | null; record: DmarcRecord | null }

export type Walk = {
  start: string
  steps: WalkStep[]
  /** The record that applies to mail from `start`, and where it stands; null when there is none. */
  record: DmarcRecord | null
  at: string | null
  /** How it is applied: `domain` by p, `subdomain` by sp (or np where the name does not exist). */
  applies: 'domain' | 'subdomain' | null
  organizational: string
  /** A query of the walk failed: the result may be wrong. */
  problem: string | null
}

export type TxtAnswer = { ok: true; records: string[] } | { ok: false; message: string }

/** The names that are asked, at most 8: the start, then its parents from seven labels down to one (RFC 9989 §4.10 steps 3 and 4). */
export const walkTargets = (domain: string): string[] => {
  const labels = domain.toLowerCase().replace(/\.$/, '').split('.')
  const targets = [labels.join('.')]
  for (let count = Math.min(labels.length - 1, 7); count > 0; count--) targets.push(labels.slice(-count).join('.'))
  return targets
}

/**
 * Walks from a domain. All targets are asked at once (receivers ask in turn, and stop at a psd tag; the answers used are the
 * same). `lookup` is handed the bare domain and asks `_dmarc.` below it.
 */
export const walkDmarc = async (domain: string, lookup: (name: string) => Promise<TxtAnswer>): Promise<Walk> => {
  const start = domain.toLowerCase().replace(/\.$/, '')
  const steps: WalkStep[] = []
  const answers = await Promise.all(
    walkTargets(start).map(async target => [target, await lookup(`_dmarc.${target}`)] as const),
  )
  for (const [target, answer] of answers) {
    const texts = answer.ok ? answer.records.filter(isDmarc) : []
    const record = texts.length === 1 ? parseDmarc(texts[0] as string) : null
    steps.push({ domain: target, texts, problem: answer.ok ? null : answer.message, record })
    if (record && record.psd !== 'u') break
  }
  const organizational = organizationalDomain(start, steps)
  const own = steps[0]?.record ? steps[0] : null
  const applied =
    own ??
    steps.find(step => step.domain === organizational && step.record) ??
    steps.find(step => step.record?.psd === 'y') ??
    null
  // Only a failed query that could have changed the answer matters: with an own record, none of those above does for the policy.
  const problem = (own ? undefined : steps.find(step => step.problem)?.problem) ?? null
  return {
    start,
    steps,
    record: applied?.record ?? null,
    at: applied?.domain ?? null,
    applies: applied === null ? null : applied.domain === start ? 'domain' : 'subdomain',
    organizational,
    problem,
  }
}

const organizationalDomain = (start: string, steps: readonly WalkStep[]): string => {
  const found = steps.filter(step => step.record)
  for (const step of found) {
    if (step.record?.psd === 'n') return step.domain
    if (step.record?.psd === 'y' && step.domain !== start) {
      const depth = step.domain.split('.').length
      return start
        .split('.')
        .slice(-(depth + 1))
        .join('.')
    }
  }
  return found.at(-1)?.domain ?? start
}
