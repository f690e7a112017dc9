// A TCP port of loopback for a program that is started by a test and cannot be asked which one it took.
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  await new Promise(done => server.close(done))
  return port
}
