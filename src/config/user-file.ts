// Files that the user named, read within bounds; what is wrong with one is told in a sentence.
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { clean } from '../core/clean.ts'
import { UsageError } from './errors.ts'

/** Reads a file that the user named. Throws UsageError with what is wrong with it. */
export const readUserFile = (path: string, cwd: string, what: string, most = 200_000_000): string => {
  const at = resolve(cwd, path)
  try {
    const stat = statSync(at)
    if (stat.isDirectory()) throw new Error('it is a directory')
    if (stat.size > most) throw new Error(`it is larger than ${Math.round(most / 1_000_000)} MB`)
    return readFileSync(at, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'permission is denied' : message
    throw new UsageError(`${path}: the ${what} cannot be read: ${why}.`)
  }
}

/** Whether what is there may be the beginning of JSON: the parser then complains of the end alone. */
const maybeBegins = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const { message } = error as Error
    return message.includes('end of JSON') || Number(/at position (\d+)/.exec(message)?.[1] ?? -1) >= text.length
  }
}

/** The line of the first fault in broken JSON, from 1. The parser names no place for some faults, so it is searched. */
const faultLine = (text: string): number => {
  let sound = 0
  let broken = text.length + 1
  while (broken - sound > 1) {
    const middle = (sound + broken) >> 1
    if (maybeBegins(text.slice(0, middle))) sound = middle
    else broken = middle
  }
  return text.slice(0, sound).split('\n').length
}

/** Reads a JSON file that the user named. Throws UsageError with the line at fault. */
export const readUserJson = (path: string, cwd: string, what: string): unknown => {
  const text = readUserFile(path, cwd, what).replace(/^\ufeff/, '')
  try {
    return JSON.parse(text)
  } catch (error) {
    // The parser quotes the text, which may be anything.
    const said = clean((error as Error).message, 300).replace(/ in JSON at position \d+.*$/, '')
    throw new UsageError(`${path}: the ${what} is not valid JSON: ${said}, line ${faultLine(text)}.`)
  }
}
