// Repairs of SPF records: faults mended, the record brought under ten lookups, too long a record split. Pure: a tree in, a record out.
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { allOf, isMistyped, isSpf, parseSpf, rewriteSpf, type SpfRecord, termKey } from './spf.ts'
import type { SpfNode, SpfTree, SpfTreeTerm } from './spf-tree.ts'
import { treeNetworks } from './spf-tree.ts'

/** Mends one piece that is no term; null when nothing can be made of it. */
const mendPiece = (piece: string): string | null => {
  // Typographic dashes and the minus sign, as word processors make them of "-".
  const dashed = piece.replace(/\xe2\x80[\x90-\x95]|\xe2\x88\x92|\xef\xbc\x8d|[\u2010-\u2015\u2212]/g, '-')
  const clean = dashed.replace(/[^\x21-\x7e]/g, '').replace(/^["']+|["',;]+$/g, '')
  const [, qualifier = '', rest = ''] = /^([+?~-]?)(.*)$/.exec(clean) as RegExpExecArray
  const lower = rest.toLowerCase()
  const bare = isIPv4(rest) ? `ip4:${rest}` : isIPv6(rest) ? `ip6:${rest}` : null
  if (bare) return qualifier + bare
  const [, name = '', separator = '', value = ''] = /^([a-z0-9]+)([:=]?)(.*)$/i.exec(rest) ?? []
  const address = value.split('/')[0] ?? ''
  if (['ip', 'ipv4', 'ip4', 'ipv6', 'ip6', 'a', 'mx'].includes(name.toLowerCase()) && isIP(address))
    return `${qualifier}ip${isIP(address)}:${value.replace(/\/0+(\d)/, '/$1')}`
  if (['include', 'includes', 'inc', 'includ'].includes(name.toLowerCase()) && value)
    return `${qualifier}include:${value.split('/')[0]}`
  if (separator === '=' && ['a', 'mx', 'exists', 'ptr'].includes(name.toLowerCase()) && value)
    return `${qualifier}${name}:${value}`
  if (separator === ':' && name.toLowerCase() === 'redirect' && value) return `redirect=${value}`
  // A spoilt "all" must never become one that lets everybody pass.
  if (/^all\W*$/.test(lower)) return qualifier === '' || qualifier === '+' ? '~all' : `${qualifier}all`
  if (/^[a-z0-9_.-]+\.[a-z]{2,}$/i.test(rest) && /spf/i.test(rest)) return `${qualifier}include:${rest}`
  return null
}

/** The record with what can be mended mended and the rest left out; always well-formed. */
export const mendSpf = (text: string): string => {
  const clean = text
    .replace(/^[\s"'\xa0]+|[\s"']+$/g, '')
    .replace(/^(\xef\xbb\xbf|\xe2\x80.)+/, '')
    .replace(/[\t\r\n\xa0]+/g, ' ')
    .replace(/^v\s*=\s*spf1?\s*[;,]?/i, 'v=spf1 ')
    .replace(/^spf1?\b/i, 'v=spf1')
  const pieces = (isSpf(clean) ? clean.slice(6) : clean.replace(/^v=spf\S*/i, '')).split(/[ ]+/).filter(Boolean)
  const kept: string[] = []
  for (const piece of pieces) {
    const read = parseSpf(`v=spf1 ${piece}`)
    const ok = read.faults.length === 0 && !read.terms.some(isMistyped)
    const mended = ok ? piece : mendPiece(piece)
    if (mended === null || parseSpf(`v=spf1 ${mended}`).faults.length > 0) continue
    const name = /^(redirect|exp)=/i.exec(mended)?.[1]?.toLowerCase()
    if (name && kept.some(other => other.toLowerCase().startsWith(`${name}=`))) continue
    if (!kept.some(other => other.toLowerCase() === mended.toLowerCase())) kept.push(mended)
  }
  const record = parseSpf(['v=spf1', ...kept].join(' '))
  return allOf(record) || record.terms.some(term => term.name === 'redirect') ? record.text : `${record.text} ~all`
}

/** What a shorter record leaves out, and why; shown as steps of a fix. */
export type SpfCut = { term: string; why: string }

export type SpfFit = {
  record: string
  lookups: number
  cuts: SpfCut[]
  /** True when networks of includes were written out: they change without notice, so the record must be kept up by hand. */
  flattened: boolean
  fits: boolean
}

/** What the repair may assume: `keep` says which includes must stay, `droppable` which may go and why (null: unknown). */
export type FitRules = {
  limit: number
  keep: (target: string) => boolean
  droppable: (target: string) => string | null
}

const lengthLimit = 450

/**
 * Brings a record to at most `limit` lookups. First goes what helps nobody (repeats, what finds nothing, loops, ptr), then
 * includes that the caller knows to be needless, then `a` and `mx` become addresses, and only at last includes do.
 */
export const fitSpf = (tree: SpfTree, rules: FitRules): SpfFit => {
  const root = tree.root
  const record: SpfRecord = parseSpf(root.text ?? 'v=spf1')
  const cuts: SpfCut[] = []
  const replaced = new Map<number, string | null>()
  const live = (): SpfTreeTerm[] => root.terms.filter(term => !term.ignored && replaced.get(term.at) === undefined)
  const drop = (term: SpfTreeTerm, why: string): void => {
    replaced.set(term.at, null)
    cuts.push({ term: term.text, why })
  }
  const seen = new Set<string>()
  for (const term of root.terms) {
    if (term.ignored || term.name === 'all') continue
    const key = termKey(term)
    if (seen.has(key)) drop(term, 'it stands twice')
    else if (term.duplicate) drop(term, 'it is included already')
    else if (term.loop) drop(term, 'it leads back to this record')
    else if (term.name === 'ptr') drop(term, 'receivers are told not to use ptr')
    else if (term.node && ['none', 'nxdomain'].includes(term.node.status))
      drop(term, 'there is no SPF record behind it')
    else if (['a', 'mx', 'exists'].includes(term.name) && term.voids > 0 && term.networks.length === 0 && !term.problem)
      drop(term, 'it finds nothing')
    seen.add(key)
  }
  let flattened = false
  const lookups = (): number => live().reduce((sum, term) => sum + term.lookups, 0)
  const byCost = (): SpfTreeTerm[] =>
    live()
      .filter(term => term.name === 'include')
      .sort((a, b) => b.lookups - a.lookups || a.at - b.at)
  for (const term of byCost()) {
    if (lookups() <= rules.limit) break
    const why = term.target && !rules.keep(term.target) ? rules.droppable(term.target) : null
    if (why) drop(term, why)
  }
  for (const term of live().filter(
    each =>
      (each.name === 'a' || each.name === 'mx') &&
      !each.problem &&
      each.networks.length > 0 &&
      each.networks.length <= 6,
  )) {
    if (lookups() <= rules.limit) break
    replaced.set(term.at, writeNetworks(term.qualifier, term.networks))
    cuts.push({ term: term.text, why: 'its addresses stand there instead; change them when the server moves' })
  }
  for (const term of byCost().reverse()) {
    if (lookups() <= rules.limit) break
    const networks = flattenable(term)
    if (!networks) continue
    replaced.set(term.at, writeNetworks(term.qualifier, networks))
    cuts.push({
      term: term.text,
      why: 'its networks stand there instead; they change without notice, so look again every month',
    })
    flattened = true
  }
  const text = rewriteSpf(record, term =>
    replaced.has(term.at) ? (replaced.get(term.at) as string | null) : undefined,
  )
  return { record: text, lookups: lookups(), cuts, flattened, fits: lookups() <= rules.limit && text.length <= 2000 }
}

const writeNetworks = (qualifier: string, networks: readonly string[]): string =>
  networks
    .map(network => `${qualifier === '+' ? '' : qualifier}${network.includes(':') ? 'ip6' : 'ip4'}:${network}`)
    .join(' ')

/** Networks of an include that can be written out: wholly known, no macros, not too many. */
const flattenable = (term: SpfTreeTerm): string[] | null => {
  if (!term.node || !isPlain(term.node)) return null
  const networks = treeNetworks(term.node)
  return networks.length > 0 && networks.length <= 30 ? networks : null
}

const isPlain = (node: SpfNode): boolean =>
  node.status === 'record' &&
  node.faults.length === 0 &&
  node.terms.every(
    term =>
      term.ignored ||
      (term.name !== 'ptr' &&
        term.name !== 'exists' &&
        !term.problem &&
        (term.qualifier === '+' || term.name === 'all') &&
        (term.node === null ? term.name !== 'include' && term.name !== 'redirect' : isPlain(term.node))),
  )

/** The record cut in two below the length that fits one UDP answer: the root keeps the includes, `name` gets the networks. */
export const splitSpf = (text: string, name: string): { root: string; part: string } | null => {
  const record = parseSpf(text)
  const networks = record.terms
    .filter(term => term.name === 'ip4' || term.name === 'ip6')
    .filter(term => term.qualifier === '+')
  if (networks.length === 0) return null
  const part = ['v=spf1', ...new Set(networks.map(term => term.text)), '~all'].join(' ')
  const moved = new Set(networks.map(term => term.at))
  const rest = rewriteSpf(record, term => (moved.has(term.at) ? null : undefined))
  const root = rest.replace(/^v=spf1/, `v=spf1 include:${name}`)
  return root.length <= lengthLimit && part.length <= 2000 ? { root, part } : null
}

/** The longest record, in characters, that fits one UDP answer beside its name (RFC 7208 §3.4). */
export const spfLengthLimit = lengthLimit
