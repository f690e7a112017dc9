// Tells time in which this program had its turns from time in which it was kept from running: a heartbeat that comes late says how long
// nothing was read, whatever the reason. An answer that lay unread meanwhile was not late.

/** What is measured with, in milliseconds; `work` is the processor time that this process has used. */
export type Instruments = { elapsed(): number; work(): number }

export type Attendance = {
  /** Called at every turn of the event loop's timers that we have, and not from within other work. */
  beat(): void
  attended(): number
  stalledSince(attended: number): number
  starved(): number
  /** Milliseconds of processor time that this process had used at the last beat: asking the system costs as much as a small request. */
  worked(): number
}

/** Milliseconds between two beats, and how much later than that one may come on a machine that is not busy. */
export const beatMs = 20
const slackMs = 20
/** Stalls remembered; what lies further back than that many is not asked for. */
const mostStalls = 1_000

export const createAttendance = ({ elapsed, work }: Instruments): Attendance & { resume(): void; pause(): void } => {
  /** `attended` at the last beat, and when that was. */
  let base = 0
  let last = elapsed()
  let lastWork = work()
  let starved = 0
  let watching = false
  const stalls: { from: number; ms: number }[] = []

  /** Without a heartbeat nothing is known of stalls, and nothing waits. */
  const gained = (since: number): number => (watching ? Math.min(since, beatMs + slackMs) : since)
  const beat = (): void => {
    const at = elapsed()
    const worked = work()
    const passed = at - last
    const gain = gained(passed)
    if (gain < passed) {
      stalls.push({ from: base, ms: passed - gain })
      if (stalls.length > mostStalls) stalls.splice(0, mostStalls / 2)
    }
    const lost = passed - beatMs - (worked - lastWork)
    if (watching && lost > slackMs / 4) starved += lost
    base += gain
    last = at
    lastWork = worked
  }
  return {
    beat,
    resume() {
      beat()
      watching = true
    },
    pause() {
      beat()
      watching = false
    },
    attended: () => base + gained(elapsed() - last),
    stalledSince: since => {
      const current = elapsed() - last
      const now = current - gained(current)
      return stalls.reduce((sum, stall) => (stall.from >= since - beatMs ? sum + stall.ms : sum), now)
    },
    starved: () => starved,
    worked: () => lastWork,
  }
}
