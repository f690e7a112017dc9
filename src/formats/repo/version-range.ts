// Version ranges as package managers and runtime files write them, read into intervals: npm's by semver itself; Ruby (~>), Python (PEP 440
// comparisons), Composer and Go here. Enough to say "does this version lie in it" and "do two ranges meet".
import type Comparator from 'semver/classes/comparator.js'
import Range from 'semver/classes/range.js'
import comparePrecedence from 'semver/functions/compare.js'
import parseSemver from 'semver/functions/parse.js'

/** A version as numbers; missing parts are 0. `pre` is the pre-release text, '' when there is none. */
export type Version = { major: number; minor: number; patch: number; pre: string }

/** Half-open or closed interval; `null` is without bound. `below` is exclusive unless `belowIncluded`. */
export type Interval = { from: Version; fromIncluded: boolean; below: Version | null; belowIncluded: boolean }

/** How a range is written: the same text means different things (`1.2` is exact for Python, anything 1.2.x for npm). */
export type RangeDialect = 'npm' | 'ruby' | 'python' | 'composer' | 'go'

const zero: Version = { major: 0, minor: 0, patch: 0, pre: '' }

/**
 * Reads `v1.2.3-rc.1`, `3.12`, `20`: null when it is no version. Build metadata (`+…`) is ignored; a post-release (`1.9.0.post1`, PEP 440)
 * is its release, since it comes after it and not before.
 */
export const parseVersion = (text: string): Version | null => {
  const trimmed = text.trim().replace(/(?<=\d)[._-]?post\d{0,9}$/i, '')
  const strict = parseSemver(trimmed)
  if (strict) return { major: strict.major, minor: strict.minor, patch: strict.patch, pre: strict.prerelease.join('.') }
  const match =
    /^[v=\s]*(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:\.\d+)*(?:[-.]?((?:[a-z]|\d+[a-z])[0-9a-z.-]*))?(?:\+[0-9a-z.-]+)?$/i.exec(
      trimmed,
    )
  if (!match) return null
  return { major: Number(match[1]), minor: Number(match[2] ?? 0), patch: Number(match[3] ?? 0), pre: match[4] ?? '' }
}

/** Pre-releases without dots (`rc10`, `beta2`) with one between letters and numbers, so that the number counts as one. */
const identifiers = (pre: string): string =>
  pre
    .toLowerCase()
    .replace(/(?<=[a-z])[-_]?(?=\d)/g, '.')
    .replace(/[^0-9a-z.-]+/g, '-')

/**
 * -1, 0, 1. A pre-release comes before its release; two pre-releases compare by their identifiers, numbers as numbers
 * (SemVer 2.0.0 §11): rc.9 comes before rc.10.
 */
export const compareVersions = (a: Version, b: Version): number => {
  for (const part of ['major', 'minor', 'patch'] as const) {
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1
  }
  if (a.pre === b.pre) return 0
  if (a.pre === '') return 1
  if (b.pre === '') return -1
  const [first, second] = [a, b].map(({ pre }) => parseSemver(`0.0.0-${identifiers(pre)}`))
  return first && second ? comparePrecedence(first, second) : a.pre < b.pre ? -1 : 1
}

const parts = (text: string): number =>
  text
    .replace(/^[v=\s]+/, '')
    .split(/[-+]/)[0]!
    .split('.')
    .filter(part => /^\d+$/.test(part)).length

const bump = (version: Version, at: number): Version =>
  at <= 1
    ? { ...zero, major: version.major + 1 }
    : at === 2
      ? { ...zero, major: version.major, minor: version.minor + 1 }
      : { ...zero, major: version.major, minor: version.minor, patch: version.patch + 1 }

const any: Interval = { from: zero, fromIncluded: true, below: null, belowIncluded: false }
const between = (from: Version, below: Version | null): Interval => ({
  from,
  fromIncluded: true,
  below,
  belowIncluded: false,
})
const exactly = (version: Version): Interval => ({
  from: version,
  fromIncluded: true,
  below: version,
  belowIncluded: true,
})

const meet = (a: Interval, b: Interval): Interval | null => {
  const low = compareVersions(a.from, b.from)
  const from = low > 0 ? a : low < 0 ? b : a.fromIncluded ? b : a
  const high = a.below === null ? (b.below === null ? 0 : 1) : b.below === null ? -1 : compareVersions(a.below, b.below)
  const below = high < 0 ? a : high > 0 ? b : a.belowIncluded ? b : a
  const result = {
    from: from.from,
    fromIncluded: from.fromIncluded,
    below: below.below,
    belowIncluded: below.belowIncluded,
  }
  if (result.below === null) return result
  const order = compareVersions(result.from, result.below)
  if (order > 0 || (order === 0 && !(result.fromIncluded && result.belowIncluded))) return null
  return result
}

const intervalOf = ({ operator, semver }: Comparator): Interval => {
  const { major, minor, patch, prerelease } = semver
  // The comparator that takes any version has none of its own.
  if (major === undefined) return any
  const version = { major, minor, patch, pre: prerelease.join('.') }
  switch (operator) {
    case '>=':
      return between(version, null)
    case '>':
      return { from: version, fromIncluded: false, below: null, belowIncluded: false }
    case '<':
      return between(zero, version)
    case '<=':
      return { from: zero, fromIncluded: true, below: version, belowIncluded: true }
    default:
      return exactly(version)
  }
}

/** npm's ranges as npm reads them. Poetry writes the same with commas. */
const parseNpmRange = (text: string): Interval[] | null => {
  if (text.trim() === 'latest') return [any]
  try {
    const { set } = new Range(text.replaceAll(',', ' '), { includePrerelease: true, loose: true })
    return set.flatMap(comparators =>
      comparators.map(intervalOf).reduce<Interval[]>((all, next) => all.flatMap(one => meet(one, next) ?? []), [any]),
    )
  } catch {
    return null
  }
}

/** One comparator (`^1.2`, `>=3`, `1.x`, `~> 3.2`) of another dialect than npm's; null when it cannot be read. */
const comparator = (text: string, dialect: RangeDialect): Interval[] | null => {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed === '*' || trimmed === 'x' || trimmed === 'latest') return [any]
  const match = /^(~>|~=|===|==|!=|>=|<=|\^|~|>|<|=)?\s*v?(\d+(?:\.(?:\d+|[x*]))*(?:[-.+0-9a-z]*)?)$/i.exec(trimmed)
  if (!match) return null
  const operator = match[1] ?? ''
  const wild = /\.[x*]/i.test(match[2]!)
  const bare = match[2]!.replace(/(\.[x*])+.*$/i, '')
  const version = parseVersion(bare)
  if (!version) return null
  const given = parts(bare)
  const floorOnly = given < 3 && dialect === 'composer'
  switch (operator) {
    case '^': {
      if (version.major > 0 || given === 1) return [between(version, bump(version, 1))]
      if (version.minor > 0 || given === 2) return [between(version, bump(version, 2))]
      return [between(version, bump(version, 3))]
    }
    case '~>':
    case '~=':
      return [between(version, bump(version, Math.max(1, given - 1)))]
    case '~':
      if (dialect === 'composer') return [between(version, bump(version, Math.max(1, given - 1)))]
      return [between(version, bump(version, Math.min(2, given)))]
    case '>=':
      return [between(version, null)]
    case '>':
      // Composer reads `>1` as `>=2.0.0`: a partial version stands for all that begin with it.
      return floorOnly || wild
        ? [between(bump(version, given), null)]
        : [{ from: version, fromIncluded: false, below: null, belowIncluded: false }]
    case '<':
      return [between(zero, version)]
    case '<=':
      return floorOnly || wild
        ? [between(zero, bump(version, given))]
        : [{ from: zero, fromIncluded: true, below: version, belowIncluded: true }]
    case '!=':
      return [between(zero, version), { from: version, fromIncluded: false, below: null, belowIncluded: false }]
    default:
      return wild || (floorOnly && operator === '') ? [between(version, bump(version, given))] : [exactly(version)]
  }
}

/**
 * Reads a range into intervals (a version satisfies it when it lies in one of them); null when it is no version range:
 * a tag, a URL, a workspace reference.
 */
export const parseRange = (text: string, dialect: RangeDialect = 'npm'): Interval[] | null => {
  if (text.length > 500) return null
  if (dialect === 'npm') return parseNpmRange(text)
  const alternatives = dialect === 'composer' ? text.split(/\s*\|\|?\s*/) : [text]
  const result: Interval[] = []
  for (const alternative of alternatives) {
    const hyphen = /^\s*(v?[\d.]+\S*)\s+-\s+(v?[\d.]+\S*)\s*$/.exec(alternative)
    const pieces = hyphen
      ? [`>=${hyphen[1]}`, `<=${hyphen[2]}`]
      : alternative
          .replace(/(~>|~=|===|==|!=|>=|<=|\^|~|>|<|=)\s+/g, '$1')
          .split(/[\s,]+/)
          .filter(piece => piece !== '')
    let intervals: Interval[] = [any]
    for (const piece of pieces.length ? pieces : ['*']) {
      const read = comparator(piece.replace(/@(stable|dev|beta|alpha|rc)$/i, ''), dialect)
      if (!read) return null
      const bounds = dialect === 'composer' ? read.map(fromDevelopment) : read
      intervals = intervals.flatMap(a => bounds.map(b => meet(a, b)).filter(found => found !== null))
    }
    result.push(...intervals)
  }
  return result
}

/** Composer's bounds take in or leave out the pre-releases of the version they name, down to its `-dev`: `^1.2`, `>=1.2`, `<2`. */
const fromDevelopment = (interval: Interval): Interval => {
  const { from, fromIncluded, below, belowIncluded } = interval
  if (belowIncluded && below !== null && compareVersions(from, below) === 0) return interval
  return {
    ...interval,
    from: fromIncluded && from.pre === '' ? { ...from, pre: '0' } : from,
    below: below !== null && !belowIncluded && below.pre === '' ? { ...below, pre: '0' } : below,
  }
}

/** Whether the version lies in the range. Pre-releases count as ordinary versions. */
export const satisfies = (version: Version, range: readonly Interval[]): boolean =>
  range.some(interval => meet(interval, exactly(version)) !== null)

/** Whether some version lies in both. */
export const rangesMeet = (a: readonly Interval[], b: readonly Interval[]): boolean =>
  a.some(one => b.some(other => meet(one, other) !== null))

/** The lowest version that a range allows, and whether it has an upper bound: what `end-of-life` is judged by. */
export const lowest = (range: readonly Interval[]): Version | null =>
  range.reduce<Version | null>(
    (least, { from }) => (least === null || compareVersions(from, least) < 0 ? from : least),
    null,
  )

/** The highest bound (exclusive unless it is a pin), null when the range is open upwards. */
export const highest = (range: readonly Interval[]): Version | null => {
  let most: Version | null = null
  for (const { below } of range) {
    if (below === null) return null
    if (most === null || compareVersions(below, most) > 0) most = below
  }
  return most
}
