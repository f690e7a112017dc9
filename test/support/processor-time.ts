// Milliseconds of processor time that this process has used: what a bound on work is measured in. What else the machine does is not in it.

export const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/**
 * The least processor time that some runs of a task took, until one is within the bound: what shares the caches of a processor makes its
 * work slower, and never quicker.
 */
export const leastTime = (bound: number, task: () => void, most = 20): number => {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < most && least >= bound; run++) {
    const begun = processorTime()
    task()
    least = Math.min(least, processorTime() - begun)
  }
  return least
}
