// The temporary folder of a lab. It bears the process that made it, so that one whose process was killed is swept at the next start.
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const pattern = /^launch-ready-lab-(\d+)-/

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process may not be asked, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes folders of labs whose process is gone: our own folders alone, and no link. */
export const sweepLabs = (place = tmpdir()): void => {
  for (const name of readdirSync(place)) {
    const pid = Number(pattern.exec(name)?.[1])
    if (!pid || isAlive(pid)) continue
    const folder = join(place, name)
    try {
      const stat = lstatSync(folder)
      if (stat.isDirectory() && (process.getuid === undefined || stat.uid === process.getuid()))
        rmSync(folder, { recursive: true, force: true })
    } catch {
      // Another start was faster.
    }
  }
}

/** A new folder for a lab. */
export const makeLabFolder = (): string => {
  sweepLabs()
  return mkdtempSync(join(tmpdir(), `launch-ready-lab-${process.pid}-`))
}
