// Milliseconds of processor time that this process has used: what a bound on work is measured in. What else the machine does is not in it.

export const processorTime = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
