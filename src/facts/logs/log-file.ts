// What a log holds that does not belong there: its last part, read within a bound.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { resolve } from 'node:path'
import { missing, observed } from '../../core/fact.ts'
import { createLogReader, type LogReading } from '../../formats/logs/find.ts'
import type { FactDefinition } from '../definition.ts'

/** Bytes read of a log that a monitor watches: the newest. A log that is named on the command line is read whole. */
const mostBytes = 64 << 20

export type LogFile = LogReading

const fact: FactDefinition<LogFile> = {
  on: 'file',
  deadlines: 8,
  async collect(subject, context) {
    if (context.isOutside?.(resolve(subject.name)))
      return missing(
        'unsupported',
        `${subject.name} lies outside of the repository whose config names it; name that config with --config where this is meant`,
        { retryable: false },
      )
    let file: number
    try {
      file = openSync(subject.name, 'r')
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      return missing('unreachable', `${subject.name} cannot be read here (${code ?? 'error'})`, { retryable: false })
    }
    try {
      const about = fstatSync(file)
      if (!about.isFile()) return missing('malformed', `${subject.name} is no file`)
      const reader = createLogReader()
      const buffer = Buffer.alloc(256 << 10)
      for (let at = Math.max(0, about.size - mostBytes); at < about.size; ) {
        const got = readSync(file, buffer, 0, buffer.length, at)
        if (got === 0 || context.signal.aborted) break
        reader.push(Buffer.from(buffer.subarray(0, got)))
        at += got
      }
      reader.end()
      return observed(reader.reading, context.now())
    } finally {
      closeSync(file)
    }
  },
}
export default fact
