// The changes of one place as one: what they all ask for, or the one that costs most where they exclude each other.
import type { Change, DnsChange, FileChange, HttpHeaderChange, RedirectChange, SettingChange } from '../fix.ts'
import { isObject } from '../plain-object.ts'
import { mergePatches } from './merge-patches.ts'
import { mergeTexts } from './merge-text.ts'
import { grammarOf, type TextGrammar } from './places.ts'

/** A change and the finding that asks for it. */
export type Asked<C extends Change = Change> = { change: C; finding: string }

/** The changes that stand for a place, and the findings whose own change could not be brought together with them. */
export type Composed = { changes: Change[]; left: string[] }

const sameValue = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The first one's change stands; whoever asks for something else is left over. */
const firstStands = <C extends Change>(asked: readonly Asked<C>[], same: (change: C) => unknown): Composed => {
  const [first] = asked as [Asked<C>]
  const left = asked.filter(({ change }) => !sameValue(same(change), same(first.change)))
  return { changes: [first.change], left: left.map(({ finding }) => finding) }
}

const unquoted = (data: string): string => (/^".*"$/.test(data) ? data.slice(1, -1) : data)

const addressTypes = new Set(['A', 'AAAA'])

/** Records that may not stand together: an alias excludes every address (RFC 1034 §3.6.2). */
const exclude = (one: string, other: string): boolean =>
  one !== other && ((one === 'CNAME' && addressTypes.has(other)) || (other === 'CNAME' && addressTypes.has(one)))

/** What one finding asks of a record set: which data shall be gone, which shall be there. */
type SetWish = { finding: string; gone: DnsChange[]; wanted: DnsChange[] }

const wishesOf = (asked: readonly Asked<DnsChange>[]): SetWish[] =>
  [...Map.groupBy(asked, ({ finding }) => finding)].map(([finding, some]) => ({
    finding,
    gone: some.map(({ change }) => change).filter(({ action }) => action !== 'add'),
    wanted: some.map(({ change }) => change).filter(({ action }) => action !== 'remove'),
  }))

const removed = (change: DnsChange): string | undefined => (change.action === 'remove' ? change.data : change.was)

/** Records in which one purpose has one text: every finding's correction goes into the same text. */
const composeText = (wishes: readonly SetWish[], grammar: TextGrammar): Composed => {
  const bases = [...new Set(wishes.flatMap(({ gone }) => gone.flatMap(change => removed(change) ?? [])))]
  const versions = wishes.flatMap(({ wanted }) => wanted.map(({ data }) => data))
  const model = wishes.flatMap(({ wanted }) => wanted)[0]
  if (!model) return { changes: bases.map(data => removal(wishes, data)), left: [] }
  const base =
    bases.find(data => wishes.some(({ wanted }) => wanted.some(({ was }) => was === data))) ?? model.was ?? ''
  const data =
    new Set(versions).size === 1
      ? model.data
      : mergeTexts(unquoted(base), [...new Set(versions.map(unquoted))], grammar)
  const head: DnsChange = { ...model, data }
  const rest = bases.filter(other => other !== head.was)
  return { changes: [head, ...rest.map(other => removal(wishes, other))], left: [] }
}

const removal = (wishes: readonly SetWish[], data: string): DnsChange => {
  const { ttl: _ttl, was: _was, ...change } = wishes.flatMap(({ gone }) => gone).find(one => removed(one) === data)!
  return { ...change, action: 'remove', data }
}

const keyOf = ({ type, data }: { type: string; data: string }): string =>
  `${type} ${data.toLowerCase().replace(/\.$/, '')}`

/** Whether a wish cannot hold beside those that were taken before: it brings back what shall go, or the other way. */
const contradicts = (wish: SetWish, taken: readonly SetWish[]): boolean => {
  const there = taken.flatMap(({ wanted }) => wanted)
  const away = new Set(
    taken.flatMap(({ gone }) =>
      gone.flatMap(change =>
        removed(change) === undefined ? [] : [keyOf({ type: change.type, data: removed(change)! })],
      ),
    ),
  )
  const whole = (some: readonly SetWish[]): boolean =>
    some.some(({ gone }) => gone.some(change => removed(change) === undefined))
  const sameWanted = sameValue(wish.wanted.map(keyOf).sort(), there.map(keyOf).sort())
  if ((whole(taken) || whole([wish])) && taken.length > 0 && !sameWanted) return true
  return (
    wish.wanted.some(change => away.has(keyOf(change)) || there.some(other => exclude(change.type, other.type))) ||
    wish.gone.some(change => {
      const data = removed(change)
      return data !== undefined && there.some(other => keyOf(other) === keyOf({ type: change.type, data }))
    })
  )
}

/** What replaces comes before what only adds, and that before what takes away: no prefix leaves the name without records. */
const inOrder = (changes: readonly DnsChange[]): DnsChange[] => {
  const alias = changes.some(
    change => change.action === 'add' && changes.some(other => exclude(change.type, other.type)),
  )
  const rank = ({ action }: DnsChange): number => (action === 'replace' ? 0 : action === 'add' ? 1 : alias ? 0.5 : 2)
  return [...changes].sort((a, b) => rank(a) - rank(b))
}

const composeSet = (wishes: readonly SetWish[]): Composed => {
  const taken: SetWish[] = []
  const left: string[] = []
  for (const wish of wishes)
    if (contradicts(wish, taken)) left.push(wish.finding)
    else taken.push(wish)
  const changes = new Map<string, DnsChange>()
  for (const change of taken.flatMap(({ gone, wanted }) => [...new Set([...wanted, ...gone])])) {
    const key = change.action === 'remove' ? `away ${keyOf(change)}` : `there ${keyOf(change)}`
    const known = changes.get(key)
    // Of two lives of one record the shorter is asked for by somebody.
    if (!known) changes.set(key, change)
    else if (known.action === 'add' && change.action === 'replace') changes.set(key, change)
    else if ((change.ttl ?? Number.POSITIVE_INFINITY) < (known.ttl ?? Number.POSITIVE_INFINITY))
      changes.set(key, { ...known, ttl: change.ttl! })
  }
  const all = [...changes.values()]
  const replaced = new Set(
    all
      .filter(({ action }) => action === 'replace')
      .map(change => keyOf({ type: change.type, data: change.was ?? '' })),
  )
  // What is replaced is gone: taking it away once more would fail.
  return { changes: inOrder(all.filter(change => change.action !== 'remove' || !replaced.has(keyOf(change)))), left }
}

const composeDns = (asked: readonly Asked<DnsChange>[]): Composed => {
  const wishes = wishesOf(asked)
  const grammar = grammarOf(asked[0]!.change.type, asked[0]!.change.data)
  return grammar ? composeText(wishes, grammar) : composeSet(wishes)
}

const seconds = (value: string): number => Number(/max-age\s*=\s*"?(\d+)/i.exec(value)?.[1] ?? 0)

const composeHeader = (asked: readonly Asked<HttpHeaderChange>[]): Composed => {
  const [first] = asked as [Asked<HttpHeaderChange>]
  const values = [...new Set(asked.flatMap(({ change }) => change.value ?? []))]
  const isSet = asked.every(({ change }) => change.action === 'set')
  const name = first.change.name.toLowerCase()
  // Of the headers that several findings set, Content-Security-Policy alone is made of directives (CSP3 §2.2).
  if (isSet && values.length > 1 && /^content-security-policy(?:-report-only)?$/.test(name))
    return { changes: [{ ...first.change, value: mergeTexts(first.change.was ?? '', values, 'directives') }], left: [] }
  if (isSet && values.length > 1 && name === 'strict-transport-security')
    return {
      changes: [{ ...first.change, value: values.reduce((a, b) => (seconds(b) > seconds(a) ? b : a)) }],
      left: [],
    }
  return firstStands(asked, ({ action, value }) => [action, value])
}

/** A list of lines (an ignore file) takes the lines of all; anything else has one author. */
const mergeLines = (contents: readonly string[]): string | null => {
  const [first] = contents as [string]
  const lines = first.split('\n')
  for (const content of contents.slice(1)) {
    const known = new Set(lines)
    const more = content.split('\n').filter(line => line !== '' && !known.has(line))
    lines.splice(lines.at(-1) === '' ? -1 : lines.length, 0, ...more)
  }
  return lines.join('\n')
}

const isList = (path: string): boolean => /(?:^|\/)\.(?:git|docker|vercel|npm|prettier|eslint|gcloud)ignore$/.test(path)

const composeFile = (asked: readonly Asked<FileChange>[]): Composed => {
  const [first] = asked as [Asked<FileChange>]
  const same = firstStands(asked, ({ action, content, patch }) => [action ?? 'write', content, patch])
  if (same.left.length === 0) return same
  const contents = asked.flatMap(({ change }) => change.content ?? [])
  const patches = asked.flatMap(({ change }) => change.patch ?? [])
  if (contents.length === asked.length && isList(first.change.path))
    return { changes: [{ ...first.change, content: mergeLines(contents)! }], left: [] }
  if (patches.length === asked.length) {
    const merged = mergePatches(patches)
    if (merged !== null) return { changes: [{ ...first.change, patch: merged }], left: [] }
  }
  return same
}

/** Parts of one setting go together where none says two things. */
const composeSetting = (asked: readonly Asked<SettingChange>[]): Composed => {
  const same = firstStands(asked, ({ value }) => value)
  if (same.left.length === 0) return same
  const values = asked.map(({ change }) => change.value)
  const merged: Record<string, unknown> = {}
  for (const value of values) {
    if (!isObject(value)) return same
    for (const [key, part] of Object.entries(value)) {
      if (key in merged && !sameValue(merged[key], part)) return same
      merged[key] = part
    }
  }
  return { changes: [{ ...asked[0]!.change, value: merged }], left: [] }
}

/** Composes what several findings ask of one place; `asked` is ordered by what the findings cost. */
export const compose = (asked: readonly Asked[]): Composed => {
  switch (asked[0]!.change.kind) {
    case 'dns':
      return composeDns(asked as Asked<DnsChange>[])
    case 'http-header':
      return composeHeader(asked as Asked<HttpHeaderChange>[])
    case 'redirect':
      return firstStands(asked as Asked<RedirectChange>[], ({ to, tree }) => [to, tree ?? false])
    case 'file':
      return composeFile(asked as Asked<FileChange>[])
    case 'setting':
      return composeSetting(asked as Asked<SettingChange>[])
    default:
      return { changes: [asked[0]!.change], left: [] }
  }
}
