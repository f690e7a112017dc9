// The words of every outcome, as people meet them (CONTRIBUTING.md, "Words"): each is shown by a sample, so slots are filled.
import { describe, expect, it } from 'vitest'
import { checks } from '../../src/checks/index.generated.ts'
import { samples } from '../../src/checks/samples.generated.ts'
import type { AnyCheck } from '../../src/core/check.ts'
import { sampleOf, showOutcome } from '../../src/core/sample.ts'
import { handChecks } from '../../src/data/by-hand.ts'
import { examples } from '../../src/facts/examples.generated.ts'
import { checkPage, pageOf } from '../../src/report/check-page.ts'

const source = { sound: examples, recorded: samples, hands: handChecks }

/** What no sentence of ours says: metaphors, slips of putting sentences together, words for programs. */
const banned: [RegExp, string][] = [
  [/vouch(?:es)? for itself/i, 'a metaphor'],
  [/\binside its own\b/i, 'says not what'],
  [/the old protocol only/i, 'says not which'],
  [/every flood by itself/i, 'a metaphor'],
  [/\bthe your\b|\ba new your\b|\bthe the\b|’s the\b/i, 'two articles'],
  [/no answer from which a network/i, 'says not what happened'],
  [/\bleads? nowhere\b/i, 'a metaphor'],
  [/\b1 (?!s\b)(?:more )?(?:dependencies|[a-z]{3,}[^s\W]s)\b(?! \(|\))/i, 'one of several'],
  [/\b\d{4,} s\b/, 'a span in seconds that is hours or days'],
  [/\bundefined\b|\bNaN\b|\[object/, 'a value that is not there'],
  [/\{\w+\}/, 'a slot that was not filled'],
  [/!(?=\s|$)/, 'an exclamation mark'],
  [/\b(?:tls|web-server|name-server|registrar|cloudflare) \S+ = /, 'a setting in words of a program'],
  [/\bminimum-version\b/, 'a setting in words of a program'],
]

/** What is typed in a step stands in backquotes; a title names the command that was seen. */
const bareCommand =
  /\blaunch-ready (?:audit|deploy|dns|email|perf|monitor|handover|explain)\b|\b(?:npx|curl|git rm|npm run) [a-z@-]/

/** Text that is to be pasted or run, or that was seen in the product, is not ours. */
const ours = (text: string): string =>
  text.replace(/`[^`]*`|"[^"]*"|“[^”]*”|\$\{\w+\}/g, '"…"').replace(/\n[\s\S]*/, '')

const faults = (text: string): string[] =>
  banned.filter(([pattern]) => pattern.test(ours(text))).map(([, why]) => `${why}: ${text.slice(0, 160)}`)

const wordsOf = (check: AnyCheck, outcome: string) => {
  const sample = sampleOf(check, outcome, source)
  return sample ? showOutcome(check, outcome, sample) : null
}

describe.each(checks.map(check => [check.id, check] as const))('the words of %s', (_id, check) => {
  const outcomes = Object.keys(check.outcomes)

  it('are shown for every outcome', () => {
    expect(outcomes.filter(outcome => wordsOf(check, outcome) === null)).toEqual([])
  })

  it('are plain, in every title, reason, summary and step', () => {
    const said = outcomes.flatMap(outcome => {
      const shown = wordsOf(check, outcome)
      return shown ? [shown.title, shown.why ?? '', shown.fix?.summary ?? '', ...(shown.fix?.steps ?? [])] : []
    })
    expect([check.title, check.impact.owner, ...said].flatMap(faults)).toEqual([])
  })

  it('are no longer than can be read', () => {
    for (const outcome of outcomes) {
      const shown = wordsOf(check, outcome)
      if (!shown) continue
      expect(shown.title.length).toBeLessThanOrEqual(70)
      if (shown.why !== null) expect(shown.why.length, shown.why).toBeLessThanOrEqual(320)
      if (!shown.fix) continue
      expect(shown.fix.summary, 'a line, no sentence').not.toMatch(/\.$/)
      expect(shown.fix.steps.map(ours).filter(step => bareCommand.test(step))).toEqual([])
      expect(shown.fix.summary.length, shown.fix.summary).toBeLessThanOrEqual(160)
      expect(shown.fix.steps.length + shown.fix.changes.length, outcome).toBeGreaterThan(0)
    }
  })

  it('make a whole page: each bad outcome with its fix, how to look by hand, sources', () => {
    const page = pageOf(check, source)
    for (const { key, severity, title, fix } of page.outcomes) {
      expect(title, key).not.toMatch(/\{\w+\}/)
      if (severity === 'passes') continue
      expect(fix!.summary.length, key).toBeGreaterThan(5)
      expect(fix!.steps.length, key).toBeGreaterThan(0)
    }
    expect(page.byHand.length).toBeGreaterThan(1)
    expect(checkPage(check, source)).toContain('Sources:')
  })
})
