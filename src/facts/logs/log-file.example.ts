// A log without anything that does not belong there, for the examples of checks.
import { findInLog, type LogReading } from '../../formats/logs/find.ts'

export const example: LogReading = findInLog('2026-11-25T00:00:00Z INFO request completed in 12 ms\n')

/** A log of this text. */
export const holding = (text: string): LogReading => findInLog(text)
