// Latencies counted in buckets that grow by a tenth: hours add up to days and months, and a quantile is right within 5 %.

/** Sparse: index of the bucket and how many, sorted by index. */
export type Buckets = readonly (readonly [index: number, count: number])[]

const growth = Math.log(1.1)
/** The last bucket begins above ten minutes. */
const last = 150

/** Bucket 0 holds what is below 1 ms; bucket n what lies from 1.1^(n-1) to 1.1^n. */
export const bucketOf = (ms: number): number => (ms < 1 ? 0 : Math.min(last, Math.floor(Math.log(ms) / growth) + 1))

/** The middle of a bucket, in milliseconds. */
export const middleOf = (index: number): number => (index === 0 ? 0.5 : Math.exp((index - 0.5) * growth))

export const mergeBuckets = (...given: readonly Buckets[]): Buckets => {
  const sum = new Map<number, number>()
  for (const buckets of given) for (const [index, count] of buckets) sum.set(index, (sum.get(index) ?? 0) + count)
  return [...sum].sort(([a], [b]) => a - b)
}

/** `quantile(buckets, 0.95)`: the smallest latency that so much of the looks do not exceed; null without looks. */
export const quantile = (buckets: Buckets, part: number): number | null => {
  const total = buckets.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return null
  let left = Math.max(1, Math.ceil(total * part))
  for (const [index, count] of buckets) {
    left -= count
    if (left <= 0) return middleOf(index)
  }
  return middleOf(buckets.at(-1)![0])
}

/** Numbers of 7 bits a byte, the lowest first, the high bit where more follow. */
export const pushNumber = (bytes: number[], value: number): void => {
  let rest = Math.max(0, Math.round(value))
  while (rest >= 128) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
}

/** Reads such numbers one after the other; a cut end gives 0. */
export const numberReader = (bytes: Uint8Array): { next(): number; more(): boolean } => {
  let at = 0
  return {
    more: () => at < bytes.length,
    next() {
      let value = 0
      for (let factor = 1; at < bytes.length; factor *= 128) {
        const byte = bytes[at++]!
        value += (byte & 127) * factor
        if (byte < 128) break
      }
      return value
    },
  }
}

export const packBuckets = (buckets: Buckets): Uint8Array => {
  const bytes: number[] = []
  let before = 0
  for (const [index, count] of buckets) {
    pushNumber(bytes, index - before)
    pushNumber(bytes, count)
    before = index
  }
  return Uint8Array.from(bytes)
}

export const unpackBuckets = (packed: Uint8Array): Buckets => {
  const reader = numberReader(packed)
  const buckets: [number, number][] = []
  let index = 0
  while (reader.more()) {
    index += reader.next()
    buckets.push([index, reader.next()])
  }
  return buckets
}
