// How many requests fail, as far as so many tries can tell: the exact bound of Clopper and Pearson.

/** log of the binomial coefficient, term by term: the counts here are hundreds. */
const logChoose = (n: number, k: number): number => {
  let sum = 0
  for (let at = 1; at <= k; at++) sum += Math.log((n - k + at) / at)
  return sum
}

/** Chance that at least `failed` of `tried` fail where each does with chance `p`. */
export const chanceOfAtLeast = (failed: number, tried: number, p: number): number => {
  if (failed <= 0) return 1
  let below = 0
  for (let k = 0; k < failed; k++)
    below += Math.exp(logChoose(tried, k) + k * Math.log(p) + (tried - k) * Math.log1p(-p))
  return Math.max(0, 1 - below)
}

/** Whether more than `limit` of the requests fail, at 95 %: the exact lower bound is over it. */
export const failsOften = (failed: number, tried: number, limit = 0.01): boolean =>
  failed > 0 && chanceOfAtLeast(failed, tried, limit) < 0.05
