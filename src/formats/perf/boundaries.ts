// When a row of yes and no may be called: how many of the first n must be over a target before "its 95th percentile is over" may be said,
// and how many may be at most before "it is within". Exact for any number of looks: each look spends a part of the 5 % that may be wrong,
// and what was spent is never more (Lan and DeMets' spending of error, with the binomial law itself in the place of a normal one).

/** Per count of samples. `over[n]`: the least number over the target that says so. `within[n]`: the most that still says within; -1 is none. */
export type Boundaries = { over: readonly number[]; within: readonly number[]; least: number }

/** A 95th percentile is over its target when more than this part of the requests is. */
const share = 0.05
/** What may be wrong each way. */
const mayBeWrong = 0.05
/** Before so many samples nothing is said to be over. */
const firstOver = 5
/** At the first look that can say "within" some of the error is kept for later ones, where samples are left for them. */
const atFirstWithin = 0.035
const worthKeeping = 90

/** One more draw: `live[k]` is the chance that k of the draws so far are over and nothing was said yet. */
const drawn = (live: readonly number[]): number[] => {
  const next = new Array<number>(live.length + 1).fill(0)
  for (const [k, chance] of live.entries()) {
    next[k]! += chance * (1 - share)
    next[k + 1]! += chance * share
  }
  return next
}

const overBoundary = (most: number, least: number): number[] => {
  const boundary = [Number.POSITIVE_INFINITY]
  let live = [1]
  let spent = 0
  for (let n = 1; n <= most; n++) {
    live = drawn(live)
    const allowed = mayBeWrong * Math.sqrt(n / most)
    let k = live.length
    if (n >= Math.max(firstOver, least))
      for (let tail = 0; k > 0 && spent + tail + live[k - 1]! <= allowed; k--) tail += live[k - 1]!
    spent += live.slice(k).reduce((sum, chance) => sum + chance, 0)
    // Whoever is beyond the boundary has been told.
    live = live.slice(0, k)
    boundary.push(k > n ? Number.POSITIVE_INFINITY : k)
  }
  return boundary
}

const withinBoundary = (most: number, least: number): number[] => {
  const boundary = [-1]
  let live = [1]
  let spent = 0
  let first: number | null = null
  for (let n = 1; n <= most; n++) {
    live = drawn(live)
    const later = first === null || most === first ? 0 : (n - first) / (most - first)
    const allowed = most < worthKeeping ? mayBeWrong : atFirstWithin + (mayBeWrong - atFirstWithin) * later
    let k = -1
    if (n >= least)
      for (let head = 0; k + 1 < live.length && spent + head + live[k + 1]! <= allowed; k++) head += live[k + 1]!
    // Without error to spend the chances below the boundary are none; saying something then costs nothing, and means nothing.
    const head = live.slice(0, k + 1).reduce((sum, chance) => sum + chance, 0)
    spent += head
    for (let at = 0; at <= k; at++) live[at] = 0
    if (head > 0 && first === null) first = n
    boundary.push(head > 0 || first !== null ? Math.max(k, boundary.at(-1)!) : -1)
  }
  return boundary
}

/** The boundaries for at most so many samples, none before `least`. */
export const boundariesFor = ({ least, most }: { least: number; most: number }): Boundaries => ({
  over: overBoundary(most, least),
  within: withinBoundary(most, least),
  least,
})
