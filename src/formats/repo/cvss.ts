// CVSS 3 base score from its vector (FIRST, CVSS v3.1 specification, section 7.1): advisories give the vector, people read the class.

const weights: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
}
const privileges: Readonly<Record<'U' | 'C', Readonly<Record<string, number>>>> = {
  U: { N: 0.85, L: 0.62, H: 0.27 },
  C: { N: 0.85, L: 0.68, H: 0.5 },
}

/** Up to one decimal, as Appendix A of the specification does it. */
const roundUp = (value: number): number => {
  const scaled = Math.round(value * 100_000)
  return scaled % 10_000 === 0 ? scaled / 100_000 : (Math.floor(scaled / 10_000) + 1) / 10
}

/** Base score from 0 to 10; null when the vector is not one of CVSS 3.0 or 3.1. */
export const cvssScore = (vector: string): number | null => {
  if (!/^CVSS:3\.[01]\//.test(vector)) return null
  const metrics = Object.fromEntries(
    vector
      .split('/')
      .slice(1)
      .map(part => part.split(':') as [string, string]),
  )
  const scope = metrics['S'] === 'C' ? 'C' : 'U'
  const of = (name: string): number => weights[name]?.[metrics[name] ?? ''] ?? Number.NaN
  const impact = 1 - (1 - of('C')) * (1 - of('I')) * (1 - of('A'))
  const subscore = scope === 'U' ? 6.42 * impact : 7.52 * (impact - 0.029) - 3.25 * (impact - 0.02) ** 15
  const exploitability = 8.22 * of('AV') * of('AC') * (privileges[scope][metrics['PR'] ?? ''] ?? Number.NaN) * of('UI')
  if (Number.isNaN(impact) || Number.isNaN(exploitability)) return null
  if (subscore <= 0) return 0
  return roundUp(Math.min(scope === 'U' ? subscore + exploitability : 1.08 * (subscore + exploitability), 10))
}
