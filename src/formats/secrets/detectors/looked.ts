// What a detector is handed: the text, where it comes from, and how its class depends on that.
import type { Found, SecretClass } from '../hit.ts'
import type { PathKind } from '../path-kind.ts'

export type Looked = {
  text: string
  path: string
  /** A file of a repository; else what a browser is sent. */
  repo: boolean
  kind: PathKind
  /** Where it lies says that it is for a laptop, a test or an empty database. */
  development: boolean
}

/** Judges one place of a text: what stands at `index`, or null. Pure. */
export type Detector = (at: Looked, index: number, literal: string) => Found | null

/** The class of a secret where it stands: among tests it is an example, unless a checksum proves it real. */
export const classIn = ({ repo, kind }: Looked, given: SecretClass, proven = false): SecretClass => {
  if (given === 'public' || given === 'encrypted' || given === 'placeholder' || !repo) return given
  return kind === 'test' && !proven ? 'documentation' : given
}

const developmentSection = /^["']?(?:development|dev|test|testing|local|ci)["']?:/

/** Whether a line of YAML lies in a section for laptops or tests: `development:` of secrets.yml and database.yml. */
export const isInDevelopment = ({ text, path, development }: Looked, index: number): boolean => {
  if (development || !/\.ya?ml(?:\.\w+)?$/.test(path)) return development
  let end = index
  for (let tries = 0; tries < 400; tries++) {
    const start = text.lastIndexOf('\n', end - 1) + 1
    if (/[\w"']/.test(text[start] ?? '')) return developmentSection.test(text.slice(start, start + 20))
    if (start === 0) return false
    end = start - 1
  }
  return false
}

const beforeExample =
  /(?:@?\bexamples?|placeholder|\be\.g\.|\bex(?=[.:])\.?|\bsuch as|\blooks? like|\bsample)["'`]?\)?\s{0,4}[:=]?\s{0,4}["'`{[]{0,3}$/i
const exampleName = /placeholder|example|sample|dummy|fake|mock/i

/** Whether the text itself calls what stands at `index` an example: `@example …`, `(ex: …)`, `placeholder: "…"`, `fakeKey = …`. */
export const isShownAsExample = (text: string, index: number, variable: string | null): boolean =>
  (variable !== null && exampleName.test(variable)) || beforeExample.test(text.slice(Math.max(0, index - 60), index))

const afterLiteral = /^[^\n'"`]{0,60}?(?:\[[^\]\n]{1,60}\]|\\[wdSs]|\))[{+*]/

/** Whether a regular expression in the text begins with `start`, or goes on behind it. */
const isSoughtBy = (text: string, start: string): boolean => {
  let at = text.indexOf(start)
  for (let tries = 0; at >= 0 && tries < 30; tries++) {
    const stands = !/\w/.test(text[at - 1] ?? '') || text.startsWith('\\b', at - 2)
    if (stands && afterLiteral.test(text.slice(at + start.length, at + start.length + 130))) return true
    at = text.indexOf(start, at + 1)
  }
  return false
}

const quantified = /(?:\[[^\]\n]{1,60}\]|\\[wd])\{\d{1,3}(?:,\d{0,3})?\}/
const cases = /\b(?:test_?cases?|true_?positives?|false_?positives?|should_?match|positive_?examples?|tps|fps)\b/i

/** Whether a text is a rule of a scanner with its cases: a regular expression of counted characters, and words for what it has to find. */
export const isRuleWithCases = (text: string): boolean => {
  const start = text.slice(0, 20_000)
  return quantified.test(start) && cases.test(start)
}

/**
 * Whether a text holds a regular expression for secrets that begin so: it belongs to a scanner, and what stands beside it are its cases.
 */
export const looksForThem = ({ text, kind }: Looked, literal: string): boolean =>
  (kind === 'code' || kind === 'test' || kind === 'documentation') &&
  (isSoughtBy(text, /^[A-Za-z0-9]{2,4}/.exec(literal)?.[0] ?? literal.slice(0, 4)) ||
    (literal.length > 4 && text.includes(`)${literal.slice(1)}[`)))

/** A live secret where it stands, or the example of a manual. */
export const liveIn = (at: Looked): SecretClass => (at.kind === 'documentation' ? 'documentation' : classIn(at, 'live'))
