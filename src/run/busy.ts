// Says of a run that this machine was busy: nothing is judged otherwise for it, but it took longer.

/** Milliseconds, and the part of the run, from which on it is worth a line. */
const leastMs = 1_000
const leastPart = 0.15

const inSeconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`

/** The line, null for a machine that had time; `starvedMs` is how long this program had work and no turn. */
export const busyNote = (starvedMs: number, durationMs: number): string | null =>
  starvedMs < leastMs || starvedMs < durationMs * leastPart
    ? null
    : `this machine was busy: of ${inSeconds(durationMs)} this program waited ${inSeconds(starvedMs)} for its turn; deadlines were longer by what it lost, and fewer things were asked at once`
