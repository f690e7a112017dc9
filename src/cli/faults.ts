// What is wrong with what the user gave, stated at once.
import { UsageError } from '../config/errors.ts'

/** Gathers faults, so that a user sees all of them in one go. */
export const createFaults = () => {
  const faults: string[] = []
  return {
    add: (sentence: string): void => void faults.push(sentence),
    /** Runs `read`; a fault it throws is kept, and `fallback` returned. */
    try: <T>(read: () => T, fallback: T, prefix = ''): T => {
      try {
        return read()
      } catch (error) {
        faults.push(`${prefix}${error instanceof Error ? error.message : String(error)}`)
        return fallback
      }
    },
    any: (): boolean => faults.length > 0,
    throwIfAny: (): void => {
      if (faults.length) throw new UsageError(faults.join('\n'))
    },
  }
}

export type Faults = ReturnType<typeof createFaults>
