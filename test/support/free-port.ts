// A port of loopback for a program that is started by a test and cannot be asked which one it took.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** What was handed out already: two servers of one test that are started later would share a port, since the system forgets a closed one. */
const given = new Set<number>()

/** A port that was free a moment ago for TCP and for UDP (a name server needs both), and that no other test of this process has got. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const socket = createSocket('udp4')
    const free = await new Promise<boolean>(resolve => {
      socket.once('error', () => resolve(false))
      socket.bind(port, '127.0.0.1', () => resolve(true))
    })
    if (free) await new Promise<void>(done => socket.close(done))
    await new Promise(done => server.close(done))
    if (!free || given.has(port)) continue
    given.add(port)
    return port
  }
}
