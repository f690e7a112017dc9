// Which field names hold what does not belong into a log.
import { exactNames, harmlessNames, type LogKind, nameEnds } from '../../data/log-names.ts'

const entries = <T>(table: Partial<Record<LogKind, T>>): [LogKind, T][] => Object.entries(table) as [LogKind, T][]

const exact = new Map<string, LogKind>([
  ...entries(exactNames).flatMap(([kind, names]) =>
    names.map((name): [string, LogKind] => [name.replace('.', ''), kind]),
  ),
  ...entries(nameEnds).flatMap(([kind, names]) => names.map((name): [string, LogKind] => [name, kind])),
])
const ends: readonly [string, LogKind][] = entries(nameEnds).flatMap(([kind, names]) =>
  names.map((name): [string, LogKind] => [name, kind]),
)
const harmless = new Set(harmlessNames)

/** A name without its separators, in lower case. */
export const plainName = (name: string): string => name.replace(/[-_.\s]/g, '').toLowerCase()

/** What the field holds by its name; null where that is nothing to hide. */
export const kindOfName = (name: string): LogKind | null => {
  if (name.length < 2 || name.length > 80) return null
  const plain = plainName(name)
  if (harmless.has(plain)) return null
  const known = exact.get(plain)
  if (known) return known
  for (const [end, kind] of ends) if (plain.endsWith(end)) return kind
  return null
}

/** A name that ends so: three letters as one number of 15 bits, whatever their case. */
export const endingAt = (bytes: Uint8Array, to: number): number =>
  ((bytes[to - 3]! & 31) << 10) | ((bytes[to - 2]! & 31) << 5) | (bytes[to - 1]! & 31)

/** The last three letters of all such names, as a table: most words of a log end otherwise and are looked at no further. */
export const nameEndings = (): Uint8Array => {
  const table = new Uint8Array(1 << 15)
  for (const name of exact.keys()) {
    const bytes = Buffer.from(name)
    if (bytes.length > 2) table[endingAt(bytes, bytes.length)] = 1
    // What stands before a name of two letters may be anything.
    else for (let before = 0; before < 32; before++) table[(before << 10) | (endingAt(bytes, bytes.length) & 1023)] = 1
  }
  return table
}
