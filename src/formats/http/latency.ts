// Reads a row of response times: steady, slow as a rule, or with spikes.

/** The middle of the numbers; of an even count, the mean of the two in the middle. Zero where there is none. */
export const medianOf = (values: readonly number[]): number => {
  if (values.length === 0) return 0
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** A second: above it the flow of thought is interrupted (Nielsen, Response Times). */
const slowMs = 1000
/** A spike also takes this many times the median: a page that is slow as a rule has none. */
const spikeFactor = 3

export type Latency = {
  /** Rounded median and largest time in milliseconds. */
  median: number
  worst: number
  /** `few`: not enough answers for any verdict. */
  verdict: 'slow' | 'spikes' | 'steady' | 'few'
}

/** Judges times in milliseconds. A slow median needs five of them, a spike three, the good verdict `wanted`. */
export const latencyOf = (milliseconds: readonly number[], wanted: number): Latency => {
  const median = Math.round(medianOf(milliseconds))
  const worst = Math.max(0, ...milliseconds)
  const verdict =
    milliseconds.length >= 5 && median > slowMs
      ? 'slow'
      : milliseconds.length >= 3 && worst > slowMs && worst > spikeFactor * median
        ? 'spikes'
        : milliseconds.length < wanted
          ? 'few'
          : 'steady'
  return { median, worst, verdict }
}
