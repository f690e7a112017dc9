import type { CollectContext } from '../../src/facts/definition.ts'

/** `once` of a collector's context, for one test's run. */
export const onceForTest = (): CollectContext['once'] => {
  const kept = new Map<string, unknown>()
  return <T>(key: string, make: () => T): T => {
    if (!kept.has(key)) kept.set(key, make())
    return kept.get(key) as T
  }
}
