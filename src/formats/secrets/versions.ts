// Versions of one file, read one after the other: literals are looked for where a version differs from its neighbour, and where one held
// something there. Every place is judged in the whole text, so what is found is what a scan of the whole finds.

import type { Range } from './candidates.ts'
import { holdsSecret } from './detectors/kubernetes.ts'
import { longestPrivateKey } from './detectors/private-key.ts'
import type { SecretHit } from './hit.ts'
import { type PathKind, pathKind } from './path-kind.ts'
import { kindOf, scanPlaces } from './scan.ts'
import { type SharedPart, sharedParts } from './shared-parts.ts'

/** Texts below this are scanned whole: comparing would cost as much. */
const longText = 3_000
/** Characters before a change in which what begins may reach into it, and behind it in which a name may look back. */
const before = 1_000
const behind = 200
/** A share of the text beyond which all of it is scanned. */
const mostChanged = 0.7

/** A section of YAML for laptops, whose values lie far below. */
const section = /["']?(?:development|dev|test|testing|local|ci)["']?:/y

/** Whether such a section begins at any line; asked only where the first character fits. */
const hasSections = (text: string): boolean => {
  for (let at = 0; at < text.length; ) {
    if (`"'dtlc`.includes(text[at]!)) {
      section.lastIndex = at
      if (section.test(text)) return true
    }
    const line = text.indexOf('\n', at)
    if (line < 0) return false
    at = line + 1
  }
  return false
}

/** Whether what stands in a text decides about places far from it: such a file is always scanned whole. */
const reachesFar = (path: string, text: string): boolean =>
  holdsSecret(text) || (/\.ya?ml(?:\.\w+)?$/i.test(path) && hasSections(text))

/** What of `text` is to be looked at anew, from line to line: everything that no part covers, with its surroundings. */
const changedRanges = (text: string, parts: readonly SharedPart[]): Range[] => {
  const ranges: Range[] = []
  const add = (from: number, to: number): void => {
    const start = from < before ? 0 : text.lastIndexOf('\n', from - before) + 1
    const line = text.indexOf('\n', Math.min(text.length, to + behind))
    const end = line < 0 ? text.length : line
    const last = ranges.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else ranges.push([start, end])
  }
  let at = 0
  let known = 0
  for (const part of parts) {
    if (part.at > at || part.known > known) add(at, part.at)
    at = part.at + part.length
    known = part.known + part.length
  }
  add(at, text.length)
  return ranges
}

const keyBegins = '-----BEGIN '

/** Where keys of many lines begin that may reach into one of the ranges, which are in order. */
const openKeys = (text: string, ranges: readonly Range[]): number[] => {
  const found: number[] = []
  let next = 0
  for (let at = text.indexOf(keyBegins); at >= 0; at = text.indexOf(keyBegins, at + 1)) {
    while (next < ranges.length && ranges[next]![0] < at + keyBegins.length) next++
    if (next === ranges.length) break
    if (at >= ranges[next]![0] - longestPrivateKey) found.push(at)
  }
  return found
}

/** The places of the known version at which something was found, where they stand now. */
const movedPlaces = (places: readonly number[], parts: readonly SharedPart[]): number[] => {
  const moved: number[] = []
  let next = 0
  for (const place of places) {
    while (next < parts.length && parts[next]!.known + parts[next]!.length <= place) next++
    const part = parts[next]
    if (part && part.known <= place) moved.push(place - part.known + part.at)
  }
  return moved
}

/** Ranges and single places, in order, none twice. */
const joined = (ranges: readonly Range[], places: readonly number[]): Range[] => {
  const all = [...ranges, ...places.map((place): Range => [place, place + 1])].sort((a, b) => a[0] - b[0])
  const kept: Range[] = []
  for (const range of all) {
    const last = kept.at(-1)
    if (!last || range[1] > last[1]) kept.push(last && range[0] < last[1] ? [last[1], range[1]] : range)
  }
  return kept
}

/** `places` is null where more was found than is kept. */
type Known = { path: string; text: string; kind: PathKind; places: readonly number[] | null; far: boolean }

/** Where to look in the next version of a file; null: everywhere. */
const rangesIn = (known: Known, path: string, text: string, kind: PathKind): Range[] | null => {
  if (known.path !== path || known.kind !== kind || known.places === null || known.far) return null
  if (text.length < longText || known.text.length < longText) return null
  const parts = sharedParts(known.text, text)
  const ranges = changedRanges(text, parts)
  if (ranges.reduce((sum, [from, to]) => sum + to - from, 0) > mostChanged * text.length) return null
  if (ranges.some(([from, to]) => reachesFar(path, text.slice(from, to)))) return null
  return joined(ranges, [...movedPlaces(known.places, parts), ...openKeys(text, ranges)])
}

/** A scanner that is handed the versions of a file one after the other; another path begins anew. */
export const createVersionScanner = (): ((path: string, text: string, bytes?: Uint8Array) => SecretHit[]) => {
  let known: Known = { path: '', text: '', kind: 'code', places: null, far: false }
  let byPath: PathKind = 'code'
  return (path, text, bytes) => {
    if (known.path !== path) byPath = pathKind(path)
    const kind = kindOf(path, text, byPath)
    const ranges = rangesIn(known, path, text, kind)
    const given = bytes?.length === text.length ? { bytes } : {}
    const { hits, places } = scanPlaces(text, { path, where: 'repo', kind, ...given, ...(ranges ? { ranges } : {}) })
    known = { path, text, kind, places, far: ranges === null && text.length >= longText && reachesFar(path, text) }
    return hits
  }
}
