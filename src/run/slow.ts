// Says of a run that timed pages in a browser that this machine is slow, as Lighthouse does: its times are then later than a customer's.

/** Steps of a piece of work of known size, and how often it is done: the quickest time is the one that nobody interrupted. */
const steps = 2_000_000
const rounds = 9

/** Milliseconds that a laptop of 2024 needs for it, and how many times longer a slow machine takes. */
const usualMs = 2.2
const slowFactor = 4

/** Milliseconds that the piece of work takes here at best. */
export const pieceOfWork = (elapsed: () => number): number => {
  let best = Number.POSITIVE_INFINITY
  let hash = 0
  for (let round = 0; round < rounds; round++) {
    const begun = elapsed()
    for (let step = 0; step < steps; step++) hash = (Math.imul(hash, 31) + step) | 0
    best = Math.min(best, elapsed() - begun)
  }
  // The sum is used, so that no compiler leaves the work out.
  return hash === 0.5 ? Number.NaN : best
}

/** The line, null for a machine that is quick enough. */
export const slowNote = (milliseconds: number): string | null =>
  milliseconds < usualMs * slowFactor
    ? null
    : `this machine is slow: work that takes ${usualMs} ms on a usual laptop took ${milliseconds.toFixed(1)} ms, so pages are measured slower than most customers see them; measure on another machine before believing what is only just too slow`
