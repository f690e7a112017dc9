// Waits for servers that a test starts, however long a busy machine needs: only a server that ended is an error.
import type { ChildProcess } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const isOpen = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

export const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** Until something listens on the port. */
export const untilOpen = async (port: number, child: ChildProcess, log: () => string = () => ''): Promise<void> => {
  while (!(await isOpen(port))) {
    if (hasEnded(child)) throw new Error(`${child.spawnfile} ended before it listened on ${port}: ${log()}`)
    await sleep(25)
  }
}

/** Ends a server and waits for it. */
export const ended = (child: ChildProcess): Promise<void> =>
  new Promise(resolve => {
    if (hasEnded(child)) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
