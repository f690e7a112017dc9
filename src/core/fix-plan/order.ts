// What must be done before what, so that no prefix of the plan takes a page or a mail away: what each change brings, what it rests on.
import type { Change } from '../fix.ts'

/** A change rests on what another one brings: `cert app.example.com`. `why` is the sentence for the reader. */
type Need = { what: string; why: string }

const bare = (name: string): string => name.toLowerCase().replace(/^"|"$/g, '').replace(/\.$/, '')

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '')

const splitPath = (path: string): [string, string] => {
  const slash = path.indexOf('/')
  return slash < 0 ? [bare(path), ''] : [bare(path.slice(0, slash)), path.slice(slash + 1)]
}

/** The domain that a mail policy at `name` speaks for. */
const spokenFor = (name: string): string => bare(name).replace(/^(?:_dmarc|_mta-sts|_smtp\._tls|mta-sts)\./, '')

/** What a change brings about, as keys that needs name. */
export const brings = (change: Change): string[] => {
  if (change.kind === 'dns') {
    const name = bare(change.name)
    if (change.type === 'DS' && change.action === 'remove') return [`unsigned ${name}`]
    if (change.action === 'remove') return []
    if (change.type === 'MX') return [`mx ${name}`]
    if (name.includes('._domainkey.')) return [`dkim ${name.slice(name.indexOf('._domainkey.') + 12)}`]
    if (/^"?v=spf1/i.test(change.data)) return [`spf ${name}`]
    return ['A', 'AAAA', 'CNAME'].includes(change.type) ? [`name ${name}`] : []
  }
  if (change.kind === 'redirect' && change.from.startsWith('http:')) return [`secure-redirect ${hostOf(change.from)}`]
  if (change.kind !== 'setting') return []
  const [host, what] = splitPath(change.path)
  if (change.provider === 'tls') return what === 'certificate' ? [`cert ${host}`] : []
  if (change.provider === 'name-server') {
    const served = (change.value as { serves?: string } | null)?.serves
    return served ? [`served ${bare(served)}`] : []
  }
  if (change.provider !== 'web-server') return []
  if (what === '.well-known/mta-sts.txt') return [`policy ${spokenFor(host)}`]
  return [`listen ${host}`]
}

const certified = (host: string): Need => ({
  what: `cert ${host}`,
  why: `the certificate of ${host} has to be there first`,
})

const dnsNeeds = (change: Extract<Change, { kind: 'dns' }>): Need[] => {
  const name = bare(change.name)
  const { type, data, action } = change
  if (type === 'DS') return [{ what: `served ${name}`, why: 'every name server has to serve the zone first' }]
  if (action === 'remove') return [{ what: `name ${name}`, why: 'what takes its place has to be there first' }]
  if (name.startsWith('_dmarc.'))
    return ['spf', 'dkim'].map(kind => ({ what: `${kind} ${spokenFor(name)}`, why: 'your own mail has to pass first' }))
  if (name.startsWith('_mta-sts.'))
    return [
      { what: `policy ${spokenFor(name)}`, why: 'the policy has to be served first' },
      { what: `mx ${spokenFor(name)}`, why: 'the mail servers have to be right first' },
      certified(`mta-sts.${spokenFor(name)}`),
    ]
  const target = {
    what: `name ${bare(data.split(/\s+/).at(-1) ?? '')}`,
    why: 'the name that it leads to has to be there first',
  }
  if (type === 'MX' || type === 'NS' || type === 'SRV') return [target]
  if (type === 'CNAME') return [target, certified(name)]
  return type === 'A' || type === 'AAAA' ? [certified(name)] : []
}

/** What a change rests on. */
export const needs = (change: Change): Need[] => {
  if (change.kind === 'dns') return dnsNeeds(change)
  if (change.kind === 'redirect') {
    const [from, to] = [hostOf(change.from), hostOf(change.to)]
    return [
      ...(change.to.startsWith('https:') ? [certified(to)] : []),
      ...(change.from.startsWith('https:') ? [certified(from)] : []),
      { what: `name ${to}`, why: `${to} has to be there first` },
      { what: `listen ${from}`, why: `${from} has to answer first` },
    ]
  }
  if (change.kind === 'http-header' && change.name.toLowerCase() === 'strict-transport-security')
    return [
      certified(change.host),
      { what: `secure-redirect ${change.host}`, why: 'plain http has to lead to https first' },
    ]
  if (change.kind !== 'setting') return []
  const [host, what] = splitPath(change.path)
  if (change.provider === 'registrar')
    return [
      { what: `served ${host}`, why: 'every name server has to serve the zone first' },
      { what: `unsigned ${host}`, why: 'the DS record has to be gone first' },
    ]
  if (change.provider === 'web-server' && what === '.well-known/mta-sts.txt')
    return [
      { what: `mx ${spokenFor(host)}`, why: 'the mail servers have to be right first' },
      certified(host),
      { what: `name ${host}`, why: `${host} has to be there first` },
    ]
  return []
}

/**
 * Orders bundles of changes so that each stands behind what it rests on, and else as given. Where two rest on each other
 * the given order decides. Returns, for each position, the index of the bundle and the reason of its latest predecessor.
 */
export const ordered = (
  bundles: readonly (readonly Change[])[],
): { index: number; after: { index: number; why: string } | null }[] => {
  const givers = new Map<string, number[]>()
  for (const [index, changes] of bundles.entries())
    for (const key of new Set(changes.flatMap(brings))) givers.set(key, [...(givers.get(key) ?? []), index])
  const before = bundles.map((changes, index) => {
    const reasons = new Map<number, string>()
    for (const { what, why } of changes.flatMap(needs))
      for (const giver of givers.get(what) ?? []) if (giver !== index) reasons.set(giver, why)
    return reasons
  })
  const done: { index: number; after: { index: number; why: string } | null }[] = []
  const state = new Map<number, 'open' | 'placed'>()
  const place = (index: number): void => {
    if (state.has(index)) return
    state.set(index, 'open')
    for (const earlier of [...before[index]!.keys()].sort((a, b) => a - b)) place(earlier)
    state.set(index, 'placed')
    const last = before[index]!.size ? done.findLast(entry => before[index]!.has(entry.index)) : undefined
    done.push({ index, after: last ? { index: last.index, why: before[index]!.get(last.index)! } : null })
  }
  for (const index of bundles.keys()) place(index)
  return done
}
