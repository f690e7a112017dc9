// Directories of a host that were asked for, for the examples of checks.
import type { Directories } from './directories.ts'

/** Two directories, none of which is listed. */
export const example: Directories = { asked: ['/assets/', '/uploads/'], listed: [], unanswered: [] }
