// Progress on standard error, only on a terminal: what is being looked at, and the first blocker the moment it is certain.
import type { Ora } from 'ora'
import type { AnyCheck } from '../core/check.ts'
import { clean } from '../core/clean.ts'
import type { Judged } from '../core/judge.ts'
import type { Look } from './call.ts'
import type { Io } from './io.ts'

export type Progress = {
  planned: (count: number) => void
  judged: (judged: Judged, check: AnyCheck) => void
  end: () => void
}

/** Milliseconds between two changes of the line. */
const interval = 80

type Counts = Map<string, { judged: number; bad: number }>

const printed = (counts: Counts): string =>
  [...counts].map(([stage, { judged, bad }]) => `${stage} ${judged}${bad ? ` (${bad} to fix)` : ''}`).join(', ')

/** A progress display for `name`, or one that shows nothing where nobody looks. */
export const createProgress = (io: Io, look: Pick<Look, 'progress' | 'quiet'>, name: string): Progress => {
  if (!io.errIsTerminal || !look.progress || look.quiet || io.env['CI'])
    return { planned: () => {}, judged: () => {}, end: () => {} }
  const counts: Counts = new Map()
  const width = (io.columns || 80) - 4
  let spinner: Ora | null = null
  let ended = false
  let blockerShown = false
  let last = 0
  const stream = io.errStream
  // Loaded beside the first lookups, so that nobody waits for it. A terminal of no width would be cleared without end.
  if (stream && stream.columns > 0)
    void import('ora').then(({ default: ora }) => {
      if (!ended) spinner = ora({ text: 'judging', indent: 2, stream, discardStdin: false, interval }).start()
    })
  const aside = (line: string): void => {
    spinner?.clear()
    io.err(line)
  }
  const showBlocker = ({ title, subject }: Judged['findings'][number]): void => {
    blockerShown = true
    const where = title.includes(subject) ? '' : ` (${subject})`
    aside(`  ${clean(`blocker: ${title}${where}`, width)}\n`)
  }
  return {
    planned: count => aside(`Looking at ${clean(name, 253)} with ${count} checks …\n`),
    judged: ({ results, findings }, { stage }) => {
      const row = counts.get(stage) ?? { judged: 0, bad: 0 }
      counts.set(stage, { judged: row.judged + results.length, bad: row.bad + findings.length })
      const blocker = blockerShown ? undefined : findings.find(finding => finding.severity === 'blocker')
      if (blocker) showBlocker(blocker)
      if (!spinner || io.clock.elapsed() - last < interval) return
      last = io.clock.elapsed()
      spinner.text = `judged: ${printed(counts)}`
    },
    end: () => {
      ended = true
      spinner?.stop()
    },
  }
}
