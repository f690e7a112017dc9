// A sample of an outcome: what a judge gave when it held, so that its title, its reason and its fix can be shown with slots filled. It
// comes from an example of the check, else from what a test recorded (samples.generated.ts); it is rendered anew by the code of today.
import { type AnyCheck, kindsOf, type OutcomeHolds, type OutcomeSpec } from './check.ts'
import type { GivenEvidence } from './evidence.ts'
import { exampleFacts } from './example.ts'
import type { Subject } from './fact.ts'
import type { Fix } from './fix.ts'
import { fillSlots, fillTitle } from './judge.ts'
import { bareTarget } from './target.ts'

/** What is kept of an outcome that held. */
export type Sample = { subject: Subject; data: unknown; evidence: readonly GivenEvidence[] }

/** Check → outcome → its sample. */
export type Samples = Readonly<Record<string, Readonly<Record<string, Sample>>>>

/** An outcome as people meet it; a good one has neither reason nor fix. */
export type Shown = { title: string; why: string | null; fix: Fix | null; evidence: readonly GivenEvidence[] }

/** The instant of examples that name none. */
export const usualInstant = '2026-11-25T00:00:00Z'

/** The subject of an example that names none. */
const usualSubject = (check: AnyCheck): Subject => {
  const kind = kindsOf(check)[0]!
  return {
    kind,
    name: kind === 'route' ? 'https://example.com/' : 'example.com',
    parent: kind === 'domain' ? undefined : { kind: 'domain', name: 'example.com' },
  }
}

/** What the judge gives for an example where the expected outcome holds; null for a missing fact, a skip or an unknown. */
const fromExample = (
  check: AnyCheck,
  example: AnyCheck['examples'][number],
  sound: Readonly<Record<string, unknown>>,
): Sample | null => {
  const at = example.now ?? usualInstant
  const facts = exampleFacts(check, example, sound, at)
  const given: Record<string, unknown> = {}
  for (const name of check.needs as readonly string[]) {
    const fact = facts[name]
    if (!fact?.ok) return null
    given[name] = fact.value
  }
  for (const name of (check.wants ?? []) as readonly string[]) given[name] = facts[name]
  const subject = example.subject ?? usualSubject(check)
  const judgement = check.judge(given as never, {
    now: Date.parse(at),
    subject,
    target: bareTarget({ domain: 'example.com', ...example.target }),
    options: example.options ?? {},
  })
  const held = [judgement].flat().find(item => 'outcome' in item && item.outcome === example.expect)
  if (!held) return null
  const { data, evidence } = held as OutcomeHolds<string, unknown>
  return { subject, data, evidence }
}

/** The sample of an outcome; null where neither an example nor a test has one. */
export const sampleOf = (
  check: AnyCheck,
  outcome: string,
  { sound, recorded }: { sound: Readonly<Record<string, unknown>>; recorded: Samples },
): Sample | null => {
  for (const example of check.examples) {
    const sample = example.expect === outcome ? fromExample(check, example, sound) : null
    if (sample) return sample
  }
  return recorded[check.id]?.[outcome] ?? null
}

/** An outcome with its slots filled and its fix written out. */
export const showOutcome = (check: AnyCheck, outcome: string, { subject, data, evidence }: Sample): Shown => {
  const spec = check.outcomes[outcome] as OutcomeSpec<unknown>
  const slots = { subject: subject.name, ...(data as Record<string, unknown> | null) }
  const title = fillTitle(spec.title, slots)
  if (spec.status === 'pass') return { title, why: null, fix: null, evidence }
  return { title, why: fillSlots(spec.why ?? check.impact.owner, slots), fix: spec.fix(data, subject), evidence }
}
