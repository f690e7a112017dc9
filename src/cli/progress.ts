// Progress on standard error, only on a terminal: what is being looked at, and the first blocker the moment it is certain.
import type { AnyCheck } from '../core/check.ts'
import type { Judged } from '../core/judge.ts'
import type { Io } from './io.ts'

export type Progress = {
  planned: (count: number) => void
  judged: (judged: Judged, check: AnyCheck) => void
  end: () => void
}

const strip = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')

/** A progress display, or one that shows nothing where nobody looks. */
export const createProgress = (
  io: Io,
  options: { progress?: boolean; quiet?: boolean; color?: boolean },
  name: string,
): Progress => {
  if (!io.errIsTerminal || options.progress === false || options.quiet || io.env['CI'])
    return { planned: () => {}, judged: () => {}, end: () => {} }
  // Measuring columns takes tables that cost a fifth of the start; until they are there a character counts as one.
  let cut = (text: string, width: number): string => text.slice(0, width)
  void import('../report/shared/width.ts').then(width => {
    cut = width.cut
  })
  const perStage = new Map<string, { done: number; bad: number }>()
  let blockerShown = false
  let lines = 0
  let last = -1000
  const draw = (): void => {
    const text = [...perStage].map(
      ([stage, { done, bad }]) =>
        `  ${stage.padEnd(9)} ${String(done).padStart(3)} judged${bad ? `, ${bad} to fix` : ''}`,
    )
    const clear = lines ? `\u001b[${lines}A\u001b[0J` : ''
    io.err(`${clear}${text.join('\n')}${text.length ? '\n' : ''}`)
    lines = text.length
  }
  return {
    planned: count => io.err(`Looking at ${strip(name)} with ${count} checks …\n`),
    judged: (judged, check) => {
      const row = perStage.get(check.stage) ?? { done: 0, bad: 0 }
      row.done += judged.results.length
      row.bad += judged.findings.length
      perStage.set(check.stage, row)
      const blocker = blockerShown ? undefined : judged.findings.find(finding => finding.severity === 'blocker')
      if (blocker) {
        blockerShown = true
        if (lines) io.err(`\u001b[${lines}A\u001b[0J`)
        lines = 0
        const where = blocker.title.includes(blocker.subject) ? '' : ` (${blocker.subject})`
        io.err(`${cut(`  blocker: ${strip(`${blocker.title}${where}`)}`, (io.columns ?? 80) - 1)}\n`)
      }
      if (io.elapsed() - last > 80 || blocker) {
        last = io.elapsed()
        draw()
      }
    },
    end: () => {
      if (lines) io.err(`\u001b[${lines}A\u001b[0J`)
    },
  }
}
