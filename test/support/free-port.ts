// A port of loopback for a program that is started by a test and cannot be asked which one it took.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

// Below those that the system hands out by itself: no connection and no server that asks for "any" gets one of these.
const [first, last] = [12_000, 32_000]

/** Where a port is taken for a test until its process ends. No server of a test listens here. */
const elsewhere = '127.83.112.1'

const binds = (port: number, address: string) =>
  new Promise<{ ok: boolean; socket: ReturnType<typeof createSocket> }>(resolve => {
    const socket = createSocket('udp4')
    // A machine that has no such address cannot keep ports for one process; there tests rely on the draw.
    socket.once('error', error => resolve({ ok: (error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL', socket }))
    socket.bind(port, address, () => resolve({ ok: true, socket: socket.unref() }))
  })

const isFreeForTcp = async (port: number): Promise<boolean> => {
  const server = createServer()
  const free = new Promise<boolean>(resolve => {
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => resolve(true))
  })
  if (await free) await once(server.close(), 'close')
  return free
}

/** A port that is free for TCP and for UDP (a name server needs both), and that no other test of this machine gets while this process lives. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = first + Math.floor(Math.random() * (last - first))
    const kept = await binds(port, elsewhere)
    if (!kept.ok) continue
    const udp = await binds(port, '127.0.0.1')
    if (udp.ok) await new Promise<void>(done => udp.socket.close(done))
    if (udp.ok && (await isFreeForTcp(port))) return port
  }
}

export const freePorts = (count: number): Promise<number[]> => Promise.all(Array.from({ length: count }, freePort))
