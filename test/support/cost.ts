// What something costs this process: its own processor time, and how far its memory rises. A busy machine decides nothing.

export type Cost = { workMs: number; megabytes: number }

/** Runs a task and says what it cost; memory is looked at all the while, garbage included. */
export const costOf = async <T>(task: () => Promise<T> | T): Promise<{ value: T; cost: Cost }> => {
  const held = (): number => {
    const { heapUsed, external } = process.memoryUsage()
    return (heapUsed + external) / (1 << 20)
  }
  const before = held()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, held())
  }, 20)
  const begun = process.cpuUsage()
  try {
    const value = await task()
    const { user, system } = process.cpuUsage(begun)
    most = Math.max(most, held())
    return { value, cost: { workMs: (user + system) / 1000, megabytes: most - before } }
  } finally {
    clearInterval(timer)
  }
}
