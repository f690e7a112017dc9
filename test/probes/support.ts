// Small servers on loopback and networks that may reach them, for the tests of probes.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Network, NetworkOptions } from '../../src/net/network.ts'
import { makeNetwork } from '../net/support.ts'

export type Reply = { status?: number; body?: string; headers?: Record<string, string> }
/** What a server answers; `body` is the request's. Null: nothing, ever. */
export type Handle = (request: IncomingMessage, body: string) => Reply | null

const respond = async (handle: Handle, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const reply = handle(request, Buffer.concat(parts).toString())
  if (reply) response.writeHead(reply.status ?? 200, reply.headers).end(reply.body ?? '')
}

/** Base URL of a server of the test's life. */
export const serve = async (handle: Handle): Promise<string> => {
  const server = createServer((request, response) => void respond(handle, request, response))
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export const network = (given: Partial<NetworkOptions> = {}): Network =>
  makeNetwork({ ownHosts: ['127.0.0.1', 'localhost'], timeoutMs: 2_000, ...given })
