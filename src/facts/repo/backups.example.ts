// A database that Litestream copies.
import type { Backups } from './backups.ts'

export const example: Backups = { found: [{ file: 'litestream.yml', line: 1, text: 'Litestream' }] }
