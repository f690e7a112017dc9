// What many customers met, in words.
import { type Smell, smellInWords } from './load-smell.ts'
import { waitInWords } from './route-words.ts'

type Tally = {
  count: number
  failed: number
  p50: number
  p95: number
  failures: readonly (readonly [string, number])[]
  smells: readonly (readonly [Smell, number])[]
}
type Step = { step: string; one: Tally; crowd: Tally }

/** The cause that most of the failures speak for. A pool that is used up says so in few answers, and makes the others wait. */
export const crowdSmell = (steps: readonly { crowd: Pick<Tally, 'smells'> }[]): Smell | null => {
  const counts = new Map<Smell, number>()
  for (const { crowd } of steps)
    for (const [smell, count] of crowd.smells) counts.set(smell, (counts.get(smell) ?? 0) + count)
  if (counts.has('pool')) return 'pool'
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}

const inWords = ({ p50, p95, count, failed }: Tally): string =>
  `median ${waitInWords(p50)}, 95th percentile ${waitInWords(p95)}${failed > 0 ? `, ${failed} of ${count} failed` : ''}`

/** Rows of label and value: who walked, what broke first and what it points to, each step for one and for many. */
export const crowdRows = (
  crowd: { users: number; walks: number; requests: number; steps: readonly Step[]; stopped: string | null },
  firstBroken: string | null,
): [string, string][] => {
  const { users, walks, requests, steps, stopped } = crowd
  const broken = steps.find(({ step }) => step === firstBroken)
  const smell = crowdSmell(steps)
  const failures = broken?.crowd.failures.map(([what, count]) => `${what} (${count})`).join(', ')
  return [
    ['who', `${users} customers, ${walks} walks each, ${requests} requests`],
    ...(broken ? [['first step that breaks', `${broken.step}: ${failures}`] as [string, string]] : []),
    ...(smell === null ? [] : [['points to', smellInWords[smell]] as [string, string]]),
    ...(stopped === null ? [] : [['ended early', stopped] as [string, string]]),
    ...steps.map(({ step, one, crowd: many }): [string, string] => [
      step,
      `one: ${inWords(one)}; ${users} at once: ${inWords(many)}`,
    ]),
  ]
}
