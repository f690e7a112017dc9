// Timed requests for the examples of checks.
import type { Samples } from './samples.ts'

/** Ten quick answers. */
export const example: Samples = {
  url: 'https://example.com/',
  milliseconds: [80, 90, 85, 80, 82, 88, 95, 81, 80, 84],
  failed: [],
}

/** The same with the fourth answer so late (milliseconds). */
export const withSpike = (late: number): Partial<Samples> => ({ milliseconds: example.milliseconds.with(3, late) })
