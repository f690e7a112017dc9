// How far a domain that sends and receives nothing is locked against forgery: null MX, SPF that refuses all, DMARC reject.
import type { Fact } from '../../core/fact.ts'
import type { Target } from '../../core/target.ts'
import { appliedPolicy, type DmarcRecord, rewriteDmarc } from '../dmarc/dmarc.ts'
import { deniesAll, receivesNothing, sendsNothing } from './direction.ts'

type DmarcWalk = { record: DmarcRecord | null; at: string | null; applies: 'domain' | 'subdomain' | null }

export type Lock = {
  nullMx: boolean
  denies: boolean
  rejects: boolean
  /** What is missing, in words; empty when the domain is locked. */
  lacks: string[]
  /** The DMARC record that refuses everything. */
  policy: string
  /** The DMARC record of the domain itself; empty where it has none. */
  published: string
}

/** `walk` is null where DMARC could not be asked for. */
export const lockOf = (domain: string, nullMx: boolean, spfTexts: readonly string[], walk: DmarcWalk | null): Lock => {
  const denies = deniesAll(spfTexts)
  const rejects = walk !== null && appliedPolicy(walk) === 'reject'
  const own = walk?.at === domain ? walk.record : null
  return {
    nullMx,
    denies,
    rejects,
    lacks: [...(nullMx ? [] : ['null MX']), ...(denies ? [] : ['SPF -all']), ...(rejects ? [] : ['DMARC reject'])],
    policy: own ? rewriteDmarc(own, { p: 'reject', sp: null, np: null, t: null }) : 'v=DMARC1; p=reject; sp=reject',
    published: own?.text ?? '',
  }
}

type SpfNames = { names: readonly { texts: readonly string[]; problem: string | null }[] }
type FoundKeys = { selectors: readonly { state: string }[] }

/**
 * What it means that a domain has no mail server. `parked`: it is to send and receive nothing. `closed`: a null MX says
 * that it takes no mail. `meant`: the config says so. `forgotten`: nothing does.
 */
export const stateWithoutServers = (
  mx: { nullMx: boolean; hosts: readonly unknown[] },
  target: Target,
  spf: Fact<SpfNames>,
  selectors: Fact<FoundKeys>,
): 'parked' | 'closed' | 'meant' | 'forgotten' => {
  const silent = sendsNothing(target, spf)
  if (receivesNothing(target, mx) && silent) return 'parked'
  // It says itself that it takes no mail; no sender is configured or in sight: it is parked, and half locked.
  const signs = !selectors.ok || selectors.value.selectors.some(item => item.state === 'found')
  const own = spf.ok ? spf.value.names[0] : undefined
  const nobody = target.senders.length === 0 && own?.problem === null && own.texts.length === 0
  if (mx.nullMx) return nobody && !signs ? 'parked' : 'closed'
  if (receivesNothing(target, mx)) return 'meant'
  return silent ? 'parked' : 'forgotten'
}
