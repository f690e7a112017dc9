// Names of fields that say what they hold only by whose they are: `customer.name`, `"billing":{"address":…}`, a name beside an e-mail address.
import type { LogKind } from '../../data/log-names.ts'
import { numbered, ownedNames, owners } from '../../data/log-owners.ts'
import { valueBehind } from './values.ts'
import type { Window } from './window.ts'

const more = '(?:[_-]?(?:details?|info|data|profile|address))?'
const quotes = '\\\\{0,3}["\']?'
const begins = '(?:^|[^A-Za-z\\d]|[a-z](?=[A-Z]))'

/** Words before a name: `dotted`, as in `customer.name` and `customer[name]`; `opened`, as in `"customer":{` and `customer: Customer{`. */
type Owner = { dotted: RegExp; opened: RegExp }

const ownerBy = (words: readonly string[]): Owner => ({
  dotted: new RegExp(`${begins}(?:${words.join('|')})${more}(?:\\.|->|::|\\[|%5B|[_-])${quotes}$`, 'i'),
  opened: new RegExp(
    `${begins}(?:${words.join('|')})${more}${quotes}\\s{0,2}(?:[:=]|=>)\\s{0,2}[&*]?(?:[\\w.]{1,30} ?)?$`,
    'i',
  ),
})

const people = ownerBy(owners.people)
const accounts = ownerBy(owners.accounts)
const things = (Object.entries(numbered) as [LogKind, readonly string[]][]).map(([kind, words]): [LogKind, Owner] => [
  kind,
  ownerBy(words),
])

/** How far an object reaches back and ahead in which a field is looked at. */
const nearby = 320
const longestOwner = 64

/** Where the object opens in which `from` stands; -1 where that is not near. */
const openingBefore = (bytes: Uint8Array, from: number): number => {
  let depth = 0
  for (let at = from - 1; at >= 0 && from - at < nearby; at--) {
    const code = bytes[at]
    if (code === 10) return -1
    if (code === 125) depth++
    else if (code === 123 && depth-- === 0) return at
  }
  return -1
}

/** Where the object closes in which `from` stands, or its line. */
const closingBehind = (bytes: Uint8Array, from: number): number => {
  let depth = 0
  let at = from
  for (; at < bytes.length && at - from < nearby; at++) {
    const code = bytes[at]
    if (code === 10) return at
    if (code === 123) depth++
    else if (code === 125 && depth-- === 0) return at
  }
  return at
}

const personal =
  /(?:e-?mail|phone|mobile)[\w-]{0,16}\\{0,3}["']?\s?(?:=>|[:=])\s?\\{0,3}["']?(?:[\w.+'-]{1,64}(?:@|%40)|\+\d[\d ().-]{6})/i

/** `Ada`, `Ada Lovelace`: as people are called. */
const capital = /^(?:[A-Z]|[\xc3\xc4\xc5\xd0-\xdf\xe3-\xed])/
const twoNames =
  /^(?:[A-Z]|[\xc3\xc4\xc5\xd0-\xdf\xe3-\xed])[^\s\d"=:,(){}<>/]{0,30}(?:[ +]|%20)[^\s\d"=:,(){}<>/]{1,30}/

/** A number and words: no address of a machine. */
const street = /^(?=[^"]{0,40}\d)[\w\x80-\xff'.#/-]{1,40},?(?:[ +]|%20)[\w\x80-\xff'.#-]/

/** What stands before a name: its own line, and what its object is called. */
const surroundings = ({ text, bytes }: Window, from: number): { before: string; head: string } => {
  const opening = openingBefore(bytes, from)
  return {
    before: text.slice(Math.max(0, from - longestOwner), from),
    head: opening === -1 ? '' : text.slice(Math.max(0, opening - longestOwner), opening),
  }
}

type Surroundings = ReturnType<typeof surroundings>

const isOwnedBy = ({ dotted, opened }: Owner, { before, head }: Surroundings): boolean =>
  dotted.test(before) || opened.test(head)

const isBesideAddress = ({ text, bytes }: Window, from: number, to: number): boolean => {
  const opening = openingBefore(bytes, from)
  if (opening === -1) return false
  return personal.test(text.slice(opening, closingBehind(bytes, to)))
}

const kinds = new Map<string, LogKind>(
  (['name', 'address'] as const).flatMap(kind => ownedNames[kind].map((name): [string, LogKind] => [name, kind])),
)

/** What a field holds by whose it is; null where its name alone says nothing. */
export const kindByOwner = (window: Window, from: number, to: number, name: string): LogKind | null => {
  const plain = name.length > 12 ? '' : name.toLowerCase()
  const kind = kinds.get(plain)
  if (kind === undefined && plain !== 'number') return null
  const around = surroundings(window, from)
  if (kind === undefined) return things.find(([, owner]) => isOwnedBy(owner, around))?.[0] ?? null
  const value = valueBehind(window.text, from, to)
  if (!value || value.raw || value.how === 'list' || value.how === 'object') return null
  // Bare words go on behind a space.
  const reach = value.from + 80
  const content = window.text.slice(value.from, value.how === 'bare' ? reach : Math.min(value.to, reach))
  if (isOwnedBy(people, around)) return kind
  const mayBe = kind === 'address' ? street : twoNames
  if (mayBe.test(content) && isOwnedBy(accounts, around)) return kind
  return kind === 'name' && capital.test(content) && isBesideAddress(window, from, to) ? kind : null
}
