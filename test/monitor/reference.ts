// What belongs to which state, answered from the raw looks of one monitor alone: what the loop's own reckoning is held against.
import type { MonitorState } from '../../src/monitor/store.ts'

export type RawLook = { at: number; state: MonitorState }

const minute = 60_000

/** The time since `start` for a monitor of one minute that believes what is bad at its second look; the last look has to be up. */
export const believedTimes = (
  looks: readonly RawLook[],
  start: number,
): { from: number; to: number; state: MonitorState }[] => {
  const times: { from: number; to: number; state: MonitorState }[] = []
  if (looks.length > 0) times.push({ from: start, to: looks[0]!.at, state: 'unknown' })
  let held: MonitorState = 'unknown'
  for (let index = 0; index + 1 < looks.length; index++) {
    const { at, state } = looks[index]!
    // What is believed from each look on, confirmed failures from the first of them on.
    if (state === 'up' || looks[index + 1]!.state === state) held = state
    const next = looks[index + 1]!.at
    const watched = next - at > 3 * minute ? at + minute : next
    times.push({ from: at, to: watched, state: held }, { from: watched, to: next, state: 'unknown' })
  }
  return times
}
