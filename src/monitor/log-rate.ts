// Lines of a growing log that match, counted over a while: read from where the last look ended, bounded, rotation followed.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { textEvidence } from '../core/evidence.ts'
import type { LinePattern } from '../formats/logs/pattern.ts'
import { failed, ok, type ProbeResult, unknown } from '../probes/probe.ts'
import type { MonitorConfig } from './plan.ts'

export type LogReader = { look(config: MonitorConfig, now: number): ProbeResult }

type Place = { inode: number; offset: number; rest: string; hits: { at: number; count: number }[] }

/** Bytes read at one look: what comes faster is skipped, and said. */
const mostBytes = 8 * 1024 * 1024
/** Characters of a line that a pattern is tried on. */
const longestLine = 4_096
const chunkBytes = 256 * 1024

/** Complete lines of what was added since the last look. */
const readAdded = (path: string, place: Place | null): { place: Place; lines: string[]; skipped: number } => {
  const file = openSync(path, 'r')
  try {
    const { ino, size } = fstatSync(file)
    // The first look begins at the end: what was written before we watched is no news.
    if (!place) return { place: { inode: ino, offset: size, rest: '', hits: [] }, lines: [], skipped: 0 }
    const rotated = place.inode !== ino || size < place.offset
    let offset = rotated ? 0 : place.offset
    const skipped = Math.max(0, size - offset - mostBytes)
    offset += skipped
    let text = rotated || skipped > 0 ? '' : place.rest
    const lines: string[] = []
    const buffer = Buffer.alloc(chunkBytes)
    for (let got = 1; got > 0 && offset < size; offset += got) {
      got = readSync(file, buffer, 0, Math.min(chunkBytes, size - offset), offset)
      const parts = (text + buffer.toString('latin1', 0, got)).split('\n')
      // A line without an end is kept no further than it is looked at.
      text = parts.pop()!.slice(0, longestLine)
      for (const part of parts) lines.push(part)
    }
    return { place: { inode: ino, offset, rest: text, hits: place.hits }, lines, skipped }
  } finally {
    closeSync(file)
  }
}

/** Bytes as text: only lines beyond ASCII have to be read anew. */
const inLetters = (line: string): string =>
  /[\x80-\xff]/.test(line) ? Buffer.from(line, 'latin1').toString('utf8') : line

/** Keeps its places for as long as the watcher runs; `patternOf` says what a pattern of the config means. */
export const createLogReader = (patternOf: (match: string) => LinePattern): LogReader => {
  const places = new Map<string, Place>()
  return {
    look(config, now) {
      const { log = '', match = '', atMost = 0, within = 300_000, name } = config
      let added: ReturnType<typeof readAdded>
      try {
        added = readAdded(log, places.get(name) ?? null)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        return unknown(`${log} cannot be read (${code ?? 'error'})`)
      }
      const { place, lines, skipped } = added
      const pattern = patternOf(match)
      const count = lines.filter(line => pattern.test(inLetters(line.slice(0, longestLine)))).length
      place.hits = [...place.hits, { at: now, count }].filter(({ at }) => at > now - within)
      places.set(name, place)
      const total = place.hits.reduce((sum, hit) => sum + hit.count, 0)
      const minutes = Math.round(within / 60_000)
      const said = `${total} matching ${total === 1 ? 'line' : 'lines'} in ${minutes < 1 ? `${within / 1000} s` : `${minutes} min`}${skipped > 0 ? ' and more that came too fast to be read' : ''}`
      const evidence = [textEvidence(log, said)]
      return total > atMost ? failed(`${said}, at most ${atMost} are well`, { evidence }) : ok(said, { evidence })
    },
  }
}
