// Progress on standard error, only on a terminal: what is being looked at, and the first blocker the moment it is certain.
import type { Ora } from 'ora'
import type { AnyCheck } from '../core/check.ts'
import { clean } from '../core/clean.ts'
import type { Judged } from '../core/judge.ts'
import { cut } from '../report/shared/width.ts'
import type { Look } from './call.ts'
import { fitted } from './fitted.ts'
import { errColumns, type Io } from './io.ts'

export type Progress = {
  planned: (count: number) => void
  judged: (judged: Judged, check: AnyCheck) => void
  /** Takes what tells the names of what is waited for. */
  awaiting: (names: () => string[]) => void
  /** A line of its own beside the display. */
  say: (line: string) => void
  end: () => void
}

/** Milliseconds between two changes of the line. */
const interval = 80
/** What stands before the text: indent, spinner and a blank, and the last column, after which a terminal begins a new line. */
const lead = 5

type Counts = Map<string, { judged: number; bad: number }>

const sumOf = (counts: Counts): string => {
  const all = [...counts.values()]
  const judged = all.reduce((sum, row) => sum + row.judged, 0)
  const bad = all.reduce((sum, row) => sum + row.bad, 0)
  const [stage] = counts.size === 1 ? counts.keys() : []
  return `${stage ? `${stage}: ` : ''}${judged} judged${bad ? `, ${bad} to fix` : ''}`
}

/** One line: how long it takes so far, the stage, what was judged, what is waited for. Never wider than the terminal. */
export const progressLine = (
  seen: { seconds: number; counts: Counts; awaited: readonly string[] },
  width: number,
): string => {
  const [first, ...more] = seen.awaited
  const waiting = first ? `waiting for ${clean(first, 80)}${more.length ? ` and ${more.length} more` : ''}` : ''
  const parts = [`${Math.round(seen.seconds)} s`, seen.counts.size ? sumOf(seen.counts) : '', waiting].filter(Boolean)
  return cut(parts.join(' · '), width)
}

/** A progress display for `name`, or one that shows nothing where nobody looks. */
export const createProgress = (io: Io, look: Pick<Look, 'progress' | 'quiet'>, name: string): Progress => {
  if (!io.errIsTerminal || !look.progress || look.quiet || io.env['CI'])
    return {
      planned: () => {},
      judged: () => {},
      awaiting: () => {},
      say: line => io.err(`${fitted(line, io)}\n`),
      end: () => {},
    }
  const counts: Counts = new Map()
  const begun = io.clock.elapsed()
  const width = (errColumns(io) || 80) - lead
  let awaited = (): string[] => []
  let spinner: Ora | null = null
  let blockerShown = false
  const stream = io.errStream
  const done = new AbortController()
  const line = (): string =>
    progressLine({ seconds: (io.clock.elapsed() - begun) / 1000, counts, awaited: awaited() }, width)
  const draw = async (): Promise<void> => {
    while (!done.signal.aborted) {
      if (spinner) spinner.text = line()
      await io.clock.sleep(interval, done.signal)
    }
  }
  // Loaded beside the first lookups, so that nobody waits for it. A terminal of no width would be cleared without end.
  if (stream && stream.columns > 0)
    void import('ora').then(({ default: ora }) => {
      if (done.signal.aborted) return
      spinner = ora({ text: line(), indent: 2, stream, discardStdin: false, interval }).start()
      void draw()
    })
  const say = (text: string): void => {
    spinner?.clear()
    io.err(`${text}\n`)
  }
  const showBlocker = ({ title, subject }: Judged['findings'][number]): void => {
    blockerShown = true
    const where = title.includes(subject) ? '' : ` (${subject})`
    say(`  ${cut(clean(`blocker: ${title}${where}`, 400), width)}`)
  }
  return {
    planned: count => say(`Looking at ${clean(name, 253)} with ${count} checks …`),
    judged: ({ results, findings }, { stage }) => {
      const row = counts.get(stage) ?? { judged: 0, bad: 0 }
      counts.set(stage, { judged: row.judged + results.length, bad: row.bad + findings.length })
      const blocker = blockerShown ? undefined : findings.find(finding => finding.severity === 'blocker')
      if (blocker) showBlocker(blocker)
    },
    awaiting: names => {
      awaited = names
    },
    say: line => say(fitted(line, io)),
    end: () => {
      done.abort()
      spinner?.stop()
    },
  }
}
