// Versions of a runtime compared by release cycle, as its project keeps them: a major version of Node.js, a minor one of the others.
import { ciProviderOf } from '../../data/ci-systems.ts'
import { platformOfFile } from '../../data/platforms.ts'
import { cycleOf, endOfLife, type Runtime } from '../../data/runtimes-eol.ts'
import type { VersionPin } from './version-pins.ts'
import { highest, type Interval, lowest, parseRange, parseVersion, rangesMeet } from './version-range.ts'

const dialects = { node: 'npm', python: 'python', ruby: 'ruby', php: 'composer', go: 'go' } as const

/** `lts/jod` and the like, by their number. */
const codenames: Readonly<Record<string, string>> = {
  'lts/argon': '4',
  'lts/gallium': '16',
  'lts/hydrogen': '18',
  'lts/iron': '20',
  'lts/jod': '22',
  'lts/krypton': '24',
}

/**
 * A pin widened to its release cycle: 22.11.0 and 22.12 are the same Node.js, 3.12.1 and 3.12 the same Python. A minimum
 * has no upper end. Null when it names no version.
 */
export const cycleRange = (runtime: Runtime, value: string, role: VersionPin['role']): Interval[] | null => {
  const text = codenames[value] ?? value
  const version = parseVersion(text.replace(/\.x$|\.\*$/g, ''))
  if (version && role === 'minimum')
    return [{ from: { ...version, patch: 0, pre: '' }, fromIncluded: true, below: null, belowIncluded: false }]
  if (version) {
    const wide = runtime === 'node' || !/\d\.\d/.test(text)
    const from = { major: version.major, minor: wide ? 0 : version.minor, patch: 0, pre: '' }
    const below = wide
      ? { major: version.major + 1, minor: 0, patch: 0, pre: '' }
      : { ...from, minor: version.minor + 1 }
    return [{ from, fromIncluded: true, below, belowIncluded: false }]
  }
  return parseRange(text, dialects[runtime])
}

/** The one release cycle that a pin leads to; null where it allows several. */
export const cycleOfPin = (runtime: Runtime, pin: VersionPin): string | null => {
  if (pin.role === 'minimum' || pin.values.length !== 1) return null
  const range = cycleRange(runtime, pin.values[0]!, pin.role)
  const [from, to] = range ? [lowest(range), highest(range)] : [null, null]
  if (!from || !to) return null
  // `^8.1` reaches every minor version of 8: of runtimes whose cycles are minor versions, that is several.
  if (runtime !== 'node' && to.minor === 0 && to.patch === 0 && to.major > from.major) return null
  const last =
    to.patch > 0
      ? to
      : to.minor > 0
        ? { ...to, minor: to.minor - 1 }
        : { ...to, major: to.major - 1, minor: from.major === to.major - 1 ? from.minor : 0 }
  return cycleOf(runtime, from) === cycleOf(runtime, last) ? cycleOf(runtime, from) : null
}

/**
 * Pins to a release cycle whose support ended before `now` (milliseconds since the epoch); the cycle and its end are those of the first pin
 * that says what runs, else of the first.
 */
export const pastSupport = (
  runtime: Runtime,
  pins: readonly VersionPin[],
  now: number,
): { pins: VersionPin[]; cycle: string; end: string } | null => {
  const past = pins.filter(pin => {
    const end = endOfLife[runtime][cycleOfPin(runtime, pin) ?? '']
    return end !== undefined && Date.parse(end) < now
  })
  const told = past.find(({ role }) => role !== 'pipeline') ?? past[0]
  const cycle = told ? cycleOfPin(runtime, told) : null
  return cycle === null ? null : { pins: past, cycle, end: endOfLife[runtime][cycle]! }
}

const readable = (runtime: Runtime, pins: readonly VersionPin[]): { pin: VersionPin; range: Interval[] }[] =>
  pins
    .map(pin => ({ pin, range: pin.values.flatMap(value => cycleRange(runtime, value, pin.role) ?? []) }))
    .filter(({ range }) => range.length > 0)

/** The program that a pin is of, by its folder: folders that only hold how it is shipped are the program's above them. */
const scopeOf = ({ file }: VersionPin): string =>
  file
    .split('/')
    .slice(0, -1)
    .filter(part => !/^(?:docker|deploy|deployment|infra|ops|\..*|build|containers?)$/i.test(part))
    .join('/')

/** Whether two pins are of one program: the same folder, or one within the other. What a pipeline of one program runs is of that alone. */
const concernsSame = (a: VersionPin, b: VersionPin): boolean => {
  // Images of two folders are of two programs.
  if (a.role === 'image' && b.role === 'image' && scopeOf(a) !== scopeOf(b)) return false
  const [first, second] = [scopeOf(a), scopeOf(b)]
  for (const [pin, scope] of [
    [a, second],
    [b, first],
  ] as const)
    if (pin.program !== undefined) return `${scope}/`.startsWith(`${pin.program}/`)
  return (
    first === second ||
    first === '' ||
    second === '' ||
    `${first}/`.startsWith(`${second}/`) ||
    `${second}/`.startsWith(`${first}/`)
  )
}

type Readable = ReturnType<typeof readable>[number]

/** Pins that no version satisfies together with `one`. A pipeline is one of several: it counts where none of them runs what `one` names. */
const against = (one: Readable, all: readonly Readable[]): Readable[] => {
  const others = all.filter(other => other !== one && concernsSame(one.pin, other.pin))
  const isApart = (other: Readable): boolean => !rangesMeet(one.range, other.range)
  const pipelines = others.filter(({ pin }) => pin.role === 'pipeline')
  const own = others.filter(other => other.pin.role !== 'pipeline' && isApart(other))
  const scopes = new Set(all.filter(({ pin }) => pin.role === 'image').map(({ pin }) => scopeOf(pin)))
  // With images of several programs, nothing says which of them a pipeline is for.
  const isKnown = one.pin.role !== 'image' || scopes.size <= 1
  return isKnown && pipelines.length > 0 && pipelines.every(isApart) ? [...own, ...pipelines] : own
}

/** Pins that no version satisfies together: the first of what runs that disagrees with another, and all that it disagrees with. */
export const disagreeing = (runtime: Runtime, pins: readonly VersionPin[]): VersionPin[] => {
  const ranges = readable(runtime, pins)
  for (const one of ranges) {
    const apart = one.pin.role === 'pipeline' ? [] : against(one, ranges)
    if (apart.length) return ranges.filter(other => other === one || apart.includes(other)).map(({ pin }) => pin)
  }
  return []
}

/** Whether only pipelines name a version that is past its support: what production runs is then not said here. */
export const isOfPipelines = (past: readonly VersionPin[]): boolean => past.every(({ role }) => role === 'pipeline')

const versionFile =
  /(?:^|\/)(?:\.(?:nvmrc|node-version|python-version|ruby-version|php-version|go-version|tool-versions)|\.?mise(?:\.[\w-]{1,20})?\.toml|mise\/config\.toml)$/

/** Whether version files name an old version, beside pipelines at most, and another pipeline runs one that is supported: the file may have been left behind. */
const isLeftBehind = (past: readonly VersionPin[], pins: readonly VersionPin[]): boolean => {
  const pipelines = pins.filter(({ role }) => role === 'pipeline')
  return (
    past.every(({ file, role }) => role === 'pipeline' || (role === 'pin' && versionFile.test(file))) &&
    past.some(({ role }) => role === 'pin') &&
    pipelines.some(one => !past.includes(one))
  )
}

/** Whether pins are version files, and pipelines that all run another version: the file may be for laptops alone. */
export const isOfLaptops = (apart: readonly VersionPin[]): boolean =>
  apart.every(({ file, role }) => role === 'pipeline' || ciProviderOf(file) !== null || versionFile.test(file)) &&
  apart.some(({ file }) => versionFile.test(file))

/**
 * Whether an old version is shown to run: not where images that nothing is seen to build name it alone, and a version file, a manifest or an
 * image that is built names one that is supported.
 */
export const isShownToRun = (past: readonly VersionPin[], pins: readonly VersionPin[]): boolean => {
  const tells = ({ role, unbuilt }: VersionPin): boolean => role !== 'pipeline' && role !== 'minimum' && !unbuilt
  if (isLeftBehind(past, pins)) return false
  return past.some(tells) || !pins.some(one => tells(one) && !past.includes(one))
}

/** Whether a pin says what is shipped, to whomever: an image that is built, the file of a platform. Version files and manifests are for those who write it. */
export const isShipped = ({ file, role, unbuilt }: VersionPin): boolean =>
  (role === 'image' && !unbuilt) || (role === 'pin' && platformOfFile(file) !== null)

/** Whether what ships names another version than an old one, which version files and pipelines alone have. */
export const isOverruled = (past: readonly VersionPin[], pins: readonly VersionPin[]): boolean =>
  past.every(({ file, role }) => role === 'pipeline' || versionFile.test(file)) &&
  pins.some(one => (isShipped(one) || one.role === 'image') && !past.includes(one))

/** Whether something beside the pipelines bounds the version that production runs. */
export const isBounded = (runtime: Runtime, pins: readonly VersionPin[]): boolean =>
  readable(runtime, pins).some(
    ({ pin, range }) => pin.role !== 'pipeline' && (pin.role === 'minimum' || highest(range) !== null),
  )
