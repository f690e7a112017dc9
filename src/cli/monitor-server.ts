// Serves what jobs and people ask the watcher, by itself: bounded in size and time, and only for names that are ours.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../config/errors.ts'
import type { Handler } from '../monitor/http-handlers.ts'
import { splitEndpoint } from '../monitor/plan.ts'

const mostBody = 65_536

const readBody = async (request: IncomingMessage): Promise<string | null> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Buffer).length
    if (size > mostBody) return null
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString()
}

/** A name that is not ours is somebody else's page in the visitor's browser (DNS rebinding). */
const isOurs = (header: string | undefined, names: readonly string[]): boolean => {
  const host = (header ?? '').replace(/:\d+$/, '').toLowerCase()
  return names.includes(host)
}

const respond = async (handler: Handler, names: readonly string[], request: IncomingMessage, response: ServerResponse) => {
  const end = (status: number, type: string, body: string): void => {
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
  if (!isOurs(request.headers.host, names)) return end(421, 'text/plain', 'not here\n')
  const body = await readBody(request)
  if (body === null) return end(413, 'text/plain', 'too much\n')
  const answer = await handler({
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    authorization: request.headers.authorization ?? null,
    body,
  })
  return answer ? end(answer.status, answer.type, answer.body) : end(404, 'text/plain', 'not here\n')
}

/** Serves until it is closed. Throws UsageError where the address is taken. */
export const serveHandler = async (
  listen: string,
  hosts: readonly string[],
  handler: Handler,
): Promise<{ address: string; close(): Promise<void> }> => {
  const { host, port } = splitEndpoint(listen)
  const names = [host.includes(':') ? `[${host}]` : host, 'localhost', '127.0.0.1', '[::1]', ...hosts].map(name => name.toLowerCase())
  const server: Server = createServer((request, response) => {
    respond(handler, names, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(503)
      response.end()
    })
  })
  server.requestTimeout = 10_000
  server.headersTimeout = 10_000
  server.maxConnections = 500
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(new UsageError(`monitor.listen ${listen}: ${error.message}.`)))
    server.listen(port, host, resolve)
  })
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
