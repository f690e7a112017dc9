// Repairs of SPF records: faults mended, the record brought under ten lookups, too long a record split. Pure: a tree in, a record out.
import { isIP, isIPv4, isIPv6 } from 'node:net'
import { addToSpf, allOf, isMistyped, isSpf, mergeSpf, parseSpf, rewriteSpf, type SpfRecord, termKey } from './spf.ts'
import type { SpfNode, SpfTree, SpfTreeTerm } from './tree.ts'
import { treeNetworks } from './tree.ts'

const lengthLimit = 450
/** Lookups, and lookups that find nothing, that receivers follow (RFC 7208 §4.6.4). */
const lookupLimit = 10
const voidLimit = 2

/**
 * Two terms that ran together, as when the strings of a TXT record are joined: `include:a.exampleinclude:b.example`,
 * `include:a.example~all`. No domain name ends like this.
 */
const unglued = (piece: string): string[] =>
  piece
    .replace(/(?<=[a-z0-9./])(?=[+?~-]?(?:include:|ip[46]:|exists:)|redirect=)/gi, ' ')
    .replace(/(?<=[a-z0-9./])(?=[~?-]all$)/i, ' ')
    .split(' ')

/** True for a record whose text says something else than was meant: a fault, a mechanism written with `=`, terms run together. */
const isSpoilt = (text: string): boolean => {
  const record = parseSpf(text)
  return (
    record.faults.length > 0 ||
    record.terms.some(isMistyped) ||
    record.terms.some(term => unglued(term.text).length > 1)
  )
}

/** RFC 1035 §2.3.4. */
const longestName = 253

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
  if (rest.length <= longestName && /^[a-z0-9_.-]+\.[a-z]{2,}$/i.test(rest) && /spf/i.test(rest))
    return `${qualifier}include:${rest}`
  return null
}

/** Characters of a record that are mended: none that works is longer. */
const longestRecord = 16_000

/** The record with what can be mended mended and the rest left out; always well-formed. */
export const mendSpf = (text: string): string => {
  const clean = text
    .slice(0, longestRecord)
    .replace(/^[\s"'\xa0]+|(?<![\s"'])[\s"']+$/g, '')
    .replace(/^(\xef\xbb\xbf|\xe2\x80.)+/, '')
    .replace(/[\t\r\n\xa0]+/g, ' ')
    .replace(/^v\s*=\s*spf1?\s*[;,]?/i, 'v=spf1 ')
    .replace(/^spf1?\b/i, 'v=spf1')
  const pieces = (isSpf(clean) ? clean.slice(6) : clean.replace(/^v=spf\S*/i, ''))
    .split(/[ ]+/)
    .flatMap(piece => unglued(piece))
    .filter(Boolean)
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

/** The record with one end that refuses others, nothing behind it, and a redirect that stood beside it as an include. */
const closed = (text: string): string => {
  const record = parseSpf(text)
  const all = allOf(record)
  const redirect = record.terms.find(term => term.name === 'redirect')
  if (redirect && !all) return text
  const isAll = (kind: string, name: string): boolean => kind === 'mechanism' && name === 'all'
  const rest = record.terms.filter(term => term !== redirect && !isAll(term.kind, term.name)).map(term => term.text)
  const end = all && ['-', '~'].includes(all.qualifier) ? all.text : '~all'
  return ['v=spf1', ...rest, ...(redirect ? [`include:${redirect.domain}`] : []), end].join(' ')
}

/** One record that says what several or a spoilt one was meant to say: mended, merged, its end closed, `added` put in. */
export const meantSpf = (given: readonly string[], added: readonly string[] = []): string => {
  const texts = given.map(text => text.slice(0, longestRecord))
  const [first = ''] = texts
  const one =
    texts.length > 1 ? mergeSpf(texts.map(mendSpf)) : isSpf(first) && !isSpoilt(first) ? first : mendSpf(first)
  return added.length ? addToSpf(closed(one), added) : closed(one)
}

/**
 * For a record over the limits: it with the terms of the one that it redirects to in the redirect's place, so that they
 * can be made fewer. Null where it is within them, does not redirect, or the terms would mean something else here (macros).
 */
export const withoutRedirect = (tree: SpfTree): string | null => {
  if (tree.lookups <= lookupLimit && tree.voids <= voidLimit) return null
  const redirect = tree.root.terms.find(term => term.name === 'redirect' && !term.ignored)
  const node = redirect?.node
  if (!redirect || node?.status !== 'record' || node.faults.length > 0 || node.text?.includes('%{')) return null
  const written = (term: SpfTreeTerm): string => {
    const isBare = ['a', 'mx', 'ptr'].includes(term.name) && term.domain === null
    return isBare ? term.text.replace(/^([+?~-]?[a-z]+)/i, `$1:${node.domain}`) : term.text
  }
  const own = tree.root.terms.filter(term => term !== redirect).map(term => term.text)
  const theirs = node.terms.filter(term => !term.ignored && term.name !== 'exp').map(written)
  return ['v=spf1', ...own, ...theirs].join(' ')
}

/** What a shorter record leaves out, and why; shown as steps of a fix. */
export type SpfCut = { term: string; why: string }

export type SpfFit = {
  record: string
  lookups: number
  voids: number
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
  /** Why a term of the record itself goes in any case; null when it may stay. */
  unwanted?: (term: SpfTreeTerm) => string | null
  /** Includes that stay even where nothing is behind them (yet). */
  trusted?: (target: string) => boolean
  /** False: no include is written out as its networks. */
  flatten?: boolean
}

/** Mail servers of one `mx` that receivers follow. */
const mxLimit = 10

const plain = (network: string): string => network.replace(/\/(32|128)$/, '').toLowerCase()

/** Why a term helps nobody, or spoils the whole record; null when it does neither. */
const needless = (term: SpfTreeTerm): string | null => {
  if (term.duplicate) return 'it is included already'
  if (term.loop) return 'it leads back to this record'
  if (term.name === 'ptr') return 'receivers are told not to use ptr'
  if (term.node && ['none', 'nxdomain'].includes(term.node.status)) return 'there is no SPF record behind it'
  if (term.node?.status === 'multiple') return 'there are several SPF records behind it, so none counts'
  if (term.node?.faults.length) return 'the record behind it has a fault, which spoils this one too'
  const finds = ['a', 'mx', 'exists'].includes(term.name) && term.voids > 0 && !term.problem
  return finds && term.networks.length === 0 ? 'it finds nothing' : null
}

/** A record that is being shortened: which terms are gone or written out, and why. */
type Draft = {
  rules: FitRules
  terms: readonly SpfTreeTerm[]
  cuts: SpfCut[]
  /** Position of a term → what stands in its place; null where nothing does. */
  replaced: Map<number, string | null>
  /** Networks that stand in the record already. */
  written: Set<string>
  flattened: boolean
}

const liveTerms = ({ terms, replaced }: Draft): SpfTreeTerm[] =>
  terms.filter(term => !term.ignored && replaced.get(term.at) === undefined)

const total = (draft: Draft, of: 'lookups' | 'voids'): number =>
  liveTerms(draft).reduce((sum, term) => sum + term[of], 0)

const drop = (draft: Draft, term: SpfTreeTerm, why: string): void => {
  draft.replaced.set(term.at, null)
  draft.cuts.push({ term: term.text, why })
}

/** Networks in the place of a term; those that stand there already are not repeated. */
const writeOut = (draft: Draft, term: SpfTreeTerm, networks: readonly string[], why: string): void => {
  const fresh = networks.filter(network => !draft.written.has(plain(network)))
  for (const network of fresh) draft.written.add(plain(network))
  draft.replaced.set(term.at, fresh.length ? writeNetworks(term.qualifier, fresh) : null)
  draft.cuts.push({ term: term.text, why })
}

const flatten = (draft: Draft, term: SpfTreeTerm): void => {
  const networks = draft.rules.flatten === false ? null : flattenable(term)
  if (networks?.length === 0) drop(draft, term, 'it lets nobody send')
  if (!networks?.length) return
  const why = 'its networks stand there instead; they change without notice, so look again every month'
  writeOut(draft, term, networks, why)
  draft.flattened = true
}

const dropNeedless = (draft: Draft, term: SpfTreeTerm): void => {
  const { keep, droppable } = draft.rules
  const why = term.target && !keep(term.target) ? droppable(term.target) : null
  if (why) drop(draft, term, why)
}

/** Includes that still stand, the dearest first. */
const includesBy = (draft: Draft, cost: 'lookups' | 'voids'): SpfTreeTerm[] =>
  liveTerms(draft)
    .filter(term => term.name === 'include')
    .sort((a, b) => b[cost] - a[cost] || a.at - b.at)

/** What helps nobody goes: repeats, what finds nothing, loops, ptr, what the caller does not want. */
const dropUseless = (draft: Draft): void => {
  const seen = new Set<string>()
  for (const term of draft.terms) {
    if (term.ignored || term.name === 'all') continue
    const isTrusted = term.target !== null && draft.rules.trusted?.(term.target) === true
    const why = seen.has(termKey(term))
      ? 'it stands twice'
      : ((isTrusted ? null : needless(term)) ?? draft.rules.unwanted?.(term) ?? null)
    seen.add(termKey(term))
    if (why) drop(draft, term, why)
    else if (['ip4', 'ip6'].includes(term.name) && term.qualifier === '+')
      for (const network of term.networks) draft.written.add(plain(network))
  }
}

/** Addresses in the place of `mx` and `a` that are worth writing out, at most. */
const mostAddresses = { mx: 20, lookups: 6 } as const

const replaceManyServers = (draft: Draft): void => {
  for (const term of liveTerms(draft).filter(each => (each.mxHosts ?? 0) > mxLimit)) {
    const servers = term.mxHosts ?? 0
    const isShort = term.networks.length > 0 && term.networks.length <= mostAddresses.mx && servers <= mostAddresses.mx
    if (!term.problem && isShort)
      writeOut(draft, term, term.networks, 'its addresses stand there instead; change them when a server moves')
    else drop(draft, term, `it names ${term.mxHosts} servers; add those that send as ip4: and ip6:`)
  }
}

const fitVoids = (draft: Draft): void => {
  const over = (term: SpfTreeTerm): boolean => total(draft, 'voids') > voidLimit && term.voids > 0
  for (const term of includesBy(draft, 'voids')) if (over(term)) dropNeedless(draft, term)
  for (const term of includesBy(draft, 'voids')) if (over(term)) flatten(draft, term)
}

const fitLookups = (draft: Draft): void => {
  const isOver = (): boolean => total(draft, 'lookups') > draft.rules.limit
  for (const term of includesBy(draft, 'lookups')) if (isOver()) dropNeedless(draft, term)
  for (const term of liveTerms(draft)) {
    const isShort = term.networks.length > 0 && term.networks.length <= mostAddresses.lookups
    if (isOver() && ['a', 'mx'].includes(term.name) && !term.problem && isShort)
      writeOut(draft, term, term.networks, 'its addresses stand there instead; change them when the server moves')
  }
  for (const term of includesBy(draft, 'lookups').reverse()) if (isOver()) flatten(draft, term)
}

/**
 * Brings a record to at most `limit` lookups, two of them void. First goes what helps nobody (repeats, what finds nothing,
 * loops, ptr), then includes that the caller knows to be needless, then `a` and `mx` become addresses, and only at last
 * includes do.
 */
export const fitSpf = ({ root }: SpfTree, rules: FitRules): SpfFit => {
  const record: SpfRecord = parseSpf(root.text ?? 'v=spf1')
  const draft: Draft = {
    rules,
    terms: root.terms,
    cuts: [],
    replaced: new Map(),
    written: new Set(),
    flattened: false,
  }
  dropUseless(draft)
  replaceManyServers(draft)
  fitVoids(draft)
  fitLookups(draft)
  const { replaced, cuts, flattened } = draft
  const kept = rewriteSpf(record, term =>
    replaced.has(term.at) ? (replaced.get(term.at) as string | null) : undefined,
  )
  const text = allOf(parseSpf(kept)) || / redirect=/i.test(kept) ? kept : `${kept} ~all`
  const [lookups, voids] = [total(draft, 'lookups'), total(draft, 'voids')]
  const fits = lookups <= rules.limit && voids <= voidLimit && text.length <= 2000
  return { record: text, lookups, voids, cuts, flattened, fits }
}

const writeNetworks = (qualifier: string, networks: readonly string[]): string =>
  networks
    .map(network => `${qualifier === '+' ? '' : qualifier}${network.includes(':') ? 'ip6' : 'ip4'}:${network}`)
    .join(' ')

/** Networks of an include that can be written out: wholly known, no macros, not too many; empty where it lets nobody send. */
const flattenable = (term: SpfTreeTerm): string[] | null => {
  if (!term.node || !isPlain(term.node)) return null
  const networks = treeNetworks(term.node)
  return networks.length <= 30 ? networks : null
}

const isPlain = (node: SpfNode): boolean =>
  node.status === 'record' &&
  node.faults.length === 0 &&
  node.terms.every(
    term =>
      term.ignored ||
      (term.name !== 'ptr' &&
        // What exists for nobody lets nobody send; what depends on the message cannot be written out.
        (term.name !== 'exists' || (term.target !== null && term.voids > 0)) &&
        !term.problem &&
        (term.qualifier === '+') !== (term.name === 'all') &&
        (term.node === null ? term.name !== 'include' && term.name !== 'redirect' : isPlain(term.node))),
  )

/** A record that the long one includes: its name and its text. */
export type SpfPart = { name: string; text: string }

/**
 * A record too long for one UDP answer, cut: the root keeps what looks up, networks go into records of their own below
 * `domain`, under names not in `taken`. Null when that does not help within `free` more lookups.
 */
export const splitSpf = (
  text: string,
  domain: string,
  taken: readonly string[] = [],
  free = 10,
): { root: string; parts: SpfPart[] } | null => {
  const record = parseSpf(text)
  const moved = record.terms.filter(
    term => ['ip4', 'ip6'].includes(term.name) && term.qualifier === '+' && term.address,
  )
  const names = Array.from({ length: 20 }, (_, at) => `_spf${at === 0 ? '' : at + 1}.${domain}`)
  const open = names.filter(name => !taken.includes(name))
  const parts: SpfPart[] = []
  for (const term of new Set(moved.map(item => item.text))) {
    const last = parts.at(-1)
    // " ~all" still has to fit behind the last network.
    if (last && last.text.length + term.length + 6 <= lengthLimit) last.text += ` ${term}`
    else parts.push({ name: open[parts.length] ?? '', text: `v=spf1 ${term}` })
  }
  if (parts.length === 0 || parts.length > free || parts.some(part => part.name === '')) return null
  for (const part of parts) part.text += ' ~all'
  const gone = new Set(moved.map(term => term.at))
  const rest = rewriteSpf(record, term => (gone.has(term.at) ? null : undefined))
  const root = rest.replace(/^v=spf1/i, ['v=spf1', ...parts.map(part => `include:${part.name}`)].join(' '))
  return root.length <= lengthLimit ? { root, parts } : null
}

/** The longest record, in characters, that fits one UDP answer beside its name (RFC 7208 §3.4). */
export const spfLengthLimit = lengthLimit
