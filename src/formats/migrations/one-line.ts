// Hazards that one line more takes out of a migration in SQL, as a diff.
import { aroundLine, insertionPatch } from '../patch.ts'
import type { Hazard } from './hazards.ts'
import type { Dialect, Orm } from './model.ts'

const limits: Readonly<Partial<Record<Dialect, string>>> = {
  postgresql: "SET lock_timeout = '5s';",
  mysql: 'SET SESSION lock_wait_timeout = 5;',
}

/** Where the way up begins: behind its mark, else at the beginning of the file. */
const upAt = (text: string): number =>
  text.split('\n').findIndex(line => /^-- (?:\+goose Up|migrate:up)\b/.test(line)) + 1

/** The diff for a hazard; null where one line does not take it away, or the tool's files are no SQL. */
export const oneLinePatch = (
  { hazard, file }: Pick<Hazard, 'hazard' | 'file'>,
  text: string,
  orm: Orm,
  dialect: Dialect | null,
): string | null => {
  if (!file.endsWith('.sql')) return null
  const limit = dialect === null ? undefined : limits[dialect]
  if (hazard === 'no-lock-timeout' && limit) return insertionPatch(file, aroundLine(text, upAt(text)), [limit])
  return hazard === 'concurrent-in-transaction' && orm === 'goose'
    ? insertionPatch(file, aroundLine(text, 0), ['-- +goose NO TRANSACTION'])
    : null
}
