// What every check must hold to, over the whole registry (DESIGN.md, "A check"). That every outcome is reached by a test is
// seen after all tests (scripts/reached.ts).
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checks } from '../../src/checks/index.generated.ts'
import { type AnyCheck, type FailOutcome, kindsOf, type OutcomeSpec } from '../../src/core/check.ts'
import { exampleFacts } from '../../src/core/example.ts'
import { type Fact, missing, type Subject } from '../../src/core/fact.ts'
import { judge } from '../../src/core/judge.ts'
import { stages } from '../../src/core/stage.ts'
import { bareTarget } from '../../src/core/target.ts'
import { examples } from '../../src/facts/examples.generated.ts'
import { collectors } from '../../src/facts/index.generated.ts'

const root = resolve(import.meta.dirname, '../..')
const fixedNow = '2026-11-25T00:00:00Z'

const freeze = <T>(value: T): T => {
  if (value && typeof value === 'object') {
    for (const inner of Object.values(value)) freeze(inner)
    Object.freeze(value)
  }
  return value
}

/** Facts whose undeclared names throw when they are read. */
const guarded = <T extends object>(facts: T): T =>
  new Proxy(facts, {
    get: (target, name) => {
      if (typeof name === 'string' && !(name in target))
        throw new Error(`the judge reads the undeclared fact "${name}"`)
      return Reflect.get(target, name)
    },
  })

const subjectFor = (check: AnyCheck): Subject => ({
  kind: kindsOf(check)[0]!,
  name: kindsOf(check)[0] === 'route' ? 'https://example.com/' : 'example.com',
  parent: kindsOf(check)[0] === 'domain' ? undefined : { kind: 'domain', name: 'example.com' },
})

const factsOf = (check: AnyCheck, example: AnyCheck['examples'][number]): Record<string, Fact<unknown>> =>
  freeze(structuredClone(exampleFacts(check, example, examples, fixedNow)))

const run = (check: AnyCheck, example: AnyCheck['examples'][number]) =>
  judge({
    check: { ...check, judge: (facts: object, context: never) => check.judge(guarded(facts), context) } as AnyCheck,
    subject: example.subject ?? subjectFor(check),
    facts: factsOf(check, example),
    now: Date.parse(example.now ?? fixedNow),
    target: bareTarget({ domain: 'example.com', ...example.target }),
    options: example.options ?? {},
    severities: {},
  })

const secretLike =
  /\b(sk_live_[0-9a-zA-Z]{16,}|AKIA[0-9A-Z]{16}|ghp_[0-9A-Za-z]{36}|-----BEGIN [A-Z ]*PRIVATE KEY-----)/

describe('the registry', () => {
  it('names every check once', () => {
    const ids = checks.map(check => check.id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe.each(checks.map(check => [check.id, check] as const))('%s', (id, check) => {
  const outcomes = Object.entries(check.outcomes as Record<string, OutcomeSpec<unknown>>)

  it('stands in the file and folder of its name', () => {
    expect(existsSync(join(root, 'src/checks', check.stage, `${id}.ts`))).toBe(true)
    expect(stages).toContain(check.stage)
  })

  it('declares facts that exist', () => {
    for (const name of [...check.needs, ...(check.wants ?? [])]) expect(Object.keys(collectors)).toContain(name)
  })

  it('says what it must', () => {
    expect(check.title.length).toBeLessThanOrEqual(70)
    expect(check.why.length).toBeGreaterThan(40)
    expect(check.impact.owner).toMatch(/\.$/)
    expect(check.references.length).toBeGreaterThan(0)
    expect(outcomes.some(([, spec]) => spec.status === 'pass')).toBe(true)
    expect(outcomes.some(([, spec]) => spec.status === 'fail')).toBe(true)
    for (const [, spec] of outcomes) expect(spec.title.replace(/\{\w+\}/g, '12345678').length).toBeLessThanOrEqual(80)
  })

  it('is a file of at most 150 lines: a longer one holds a rule or a parser that belongs in formats/', () => {
    const text = readFileSync(join(root, 'src/checks', check.stage, `${id}.ts`), 'utf8')
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(150)
  })

  it('judges in forty lines: more means that a parser is hiding', () => {
    const lines = readFileSync(join(root, 'src/checks', check.stage, `${id}.ts`), 'utf8').split('\n')
    const from = lines.findIndex(line => /^ {2}judge[:(]/.test(line))
    expect(from).toBeGreaterThan(0)
    const length = lines.slice(from + 1).findIndex(line => /^ {2}\S/.test(line)) + 2
    expect(length).toBeLessThanOrEqual(40)
    expect(id).not.toMatch(/^(no|not|check|has|is|verify|validate)-/)
  })

  it('has an example that passes and one that fails', () => {
    const kinds = check.examples.map(
      (example: { expect: string }) => (check.outcomes as Record<string, OutcomeSpec<unknown>>)[example.expect]?.status,
    )
    expect(kinds).toContain('pass')
    expect(kinds).toContain('fail')
  })

  it('judges its examples as they say, twice alike, with a fix and a fitting title', () => {
    for (const example of check.examples) {
      const first = run(check, example)
      expect(first.defect, `${example.name}: ${first.defect}`).toBeNull()
      expect(JSON.stringify(run(check, example))).toBe(JSON.stringify(first))
      const spec = (check.outcomes as Record<string, OutcomeSpec<unknown>>)[example.expect]
      if (spec?.status === 'fail') {
        const finding = first.findings.find(item => item.outcome === example.expect)
        expect(
          finding,
          `${example.name}: expected ${example.expect}, got ${JSON.stringify(first.results)}`,
        ).toBeDefined()
      } else if (spec) expect(first.results[0]?.outcome, example.name).toBe(example.expect)
      else expect(first.results.at(-1)?.status, example.name).toBe(example.expect)
      for (const finding of first.findings) {
        expect(finding.title.length).toBeLessThanOrEqual(70)
        expect(finding.title, 'a slot was not filled').not.toMatch(/\{\w+\}/)
        expect(finding.fix.summary.length).toBeGreaterThan(5)
        expect(finding.fix.steps.length + finding.fix.changes.length).toBeGreaterThan(0)
        expect(finding.fix.effortMinutes).toBeGreaterThan(0)
        expect(secretLike.test(JSON.stringify(finding.evidence))).toBe(false)
      }
    }
  })

  it('is unknown, never a fault or a pass, when a fact that it needs is missing', () => {
    const example = check.examples[0]!
    for (const name of check.needs as readonly string[]) {
      const facts = { ...factsOf(check, example), [name]: missing('timeout', 'no answer') }
      const judged = judge({
        check,
        subject: example.subject ?? subjectFor(check),
        facts,
        now: Date.parse(fixedNow),
        target: bareTarget({ domain: 'example.com', ...example.target }),
        options: {},
        severities: {},
      })
      expect(judged.results.map(result => result.status)).toEqual(['unknown'])
      expect(judged.findings).toEqual([])
    }
  })

  it('gives every bad outcome a severity and a fix', () => {
    for (const [, spec] of outcomes)
      if (spec.status === 'fail') expect(typeof (spec as FailOutcome<unknown>).fix).toBe('function')
  })
})
