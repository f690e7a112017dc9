// Results of one monitor in one hour as bytes: about five a look, where a row of a table would take forty.
import { numberReader, pushNumber } from './latency.ts'
import type { MonitorState, Result } from './store.ts'

const states: readonly MonitorState[] = ['up', 'degraded', 'down', 'unknown']

export const hourMs = 3_600_000
export const dayMs = 86_400_000

export const hourOf = (at: number): number => Math.floor(at / hourMs) * hourMs
export const dayOf = (at: number): number => Math.floor(at / dayMs) * dayMs

/** The clock may have been turned back between two looks: differences have a sign. */
const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2)
const unzigzag = (value: number): number => (value % 2 === 1 ? -(value + 1) / 2 : value / 2)

/** Bits: seen 2, state 2, maintenance 1, answered 1. */
const flagsOf = ({ seen, state, maintenance, latencyMs }: Result): number =>
  states.indexOf(seen) | (states.indexOf(state) << 2) | (maintenance ? 16 : 0) | (latencyMs === null ? 0 : 32)

/** Adds looks of one monitor and one hour to what is there, in the order given. Instants are kept to a tenth of a second. */
export const appendResults = (packed: Uint8Array, hour: number, results: readonly Result[]): Uint8Array => {
  let before = 0
  for (const { at } of unpackResults(packed, '', hour)) before = Math.round((at - hour) / 100)
  const bytes = [...packed]
  for (const result of results) {
    const at = Math.round((result.at - hour) / 100)
    bytes.push(flagsOf(result))
    pushNumber(bytes, zigzag(at - before))
    if (result.latencyMs !== null) pushNumber(bytes, result.latencyMs)
    before = at
  }
  return Uint8Array.from(bytes)
}

export const unpackResults = (packed: Uint8Array, monitor: string, hour: number): Result[] => {
  const reader = numberReader(packed)
  const results: Result[] = []
  let at = 0
  while (reader.more()) {
    const flags = reader.next()
    at += unzigzag(reader.next())
    results.push({
      monitor,
      at: hour + at * 100,
      seen: states[flags & 3]!,
      state: states[(flags >> 2) & 3]!,
      maintenance: (flags & 16) !== 0,
      latencyMs: (flags & 32) === 0 ? null : reader.next(),
    })
  }
  return results
}
