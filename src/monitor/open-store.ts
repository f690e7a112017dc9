// Opens the store that a config names.
import { resolve } from 'node:path'
import { type Clock, isoNow } from '../core/clock.ts'
import { migrate } from './sql-schema.ts'
import { createStore } from './sql-store.ts'
import type { Store } from './store.ts'
import { openPostgres } from './store-postgres.ts'
import { openSqlite } from './store-sqlite.ts'

export type OpenOptions = {
  cwd: string
  clock: Pick<Clock, 'now'>
  /** For the one who watches. */
  watches?: boolean
  say?: (line: string) => void
}

export const isPostgres = (where: string): boolean => /^postgres(?:ql)?:\/\//i.test(where)

/** Opens a file or a database and brings it to the newest version. Throws StoreError, in words for people. */
export const openStore = async (where: string, options: OpenOptions): Promise<Store> => {
  const { cwd, clock, watches = false, say = () => {} } = options
  const path = where === ':memory:' ? where : resolve(cwd, where)
  const driver = isPostgres(where)
    ? await openPostgres(where)
    : await openSqlite(path, { watches, say, now: () => isoNow(clock) })
  try {
    await migrate(driver)
  } catch (error) {
    await driver.close()
    throw error
  }
  return createStore(driver)
}
