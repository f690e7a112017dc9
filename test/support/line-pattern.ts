import { compilePattern, type LinePattern } from '../../src/formats/logs/pattern.ts'

/** The pattern, which has to be a sound one. */
export const linePattern = (match: string): LinePattern => {
  const compiled = compilePattern(match)
  if ('problem' in compiled) throw new Error(`${match}: ${compiled.problem}`)
  return compiled.pattern
}
