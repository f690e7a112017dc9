// Bodies as they go out: whole, dripping, endless, as a bomb; and headers without end.
import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { extname, resolve } from 'node:path'
import { constants, createBrotliCompress, gzipSync } from 'node:zlib'
import type { Request, Response, WebContext } from './web-types.ts'
import type { AnswerSpec } from './world.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
}

/** `{{now+180d}}` in a body or file stands for that instant, ISO 8601. */
export const withDates = (text: string, now: Date): string =>
  text.replace(/\{\{now([+-]\d+)d\}\}/g, (_, days) =>
    new Date(now.getTime() + Number(days) * 86_400_000).toISOString().replace(/\.\d+/, ''),
  )

/** The bytes of an answer and the type that its server would give them. */
export const bodyOf = (
  answer: AnswerSpec,
  { directory, now }: Pick<WebContext, 'directory' | 'now'>,
): { body: Buffer; type: string } => {
  if (answer.json !== undefined)
    return { body: Buffer.from(`${JSON.stringify(answer.json)}\n`), type: 'application/json' }
  if (answer.file !== undefined) {
    return {
      body: readFileSync(resolve(directory, answer.file)),
      type: types[extname(answer.file)] ?? 'application/octet-stream',
    }
  }
  const text = withDates(answer.body ?? '', now)
  return { body: Buffer.from(text), type: text.trimStart().startsWith('<') ? types['.html']! : types['.txt']! }
}

/** What a body is written to. */
export type Sink = Pick<ServerResponse, 'destroyed' | 'once' | 'end'> & { write(chunk: Buffer): boolean }

export const streamBytes = (response: Sink, count: number): void => {
  const chunk = Buffer.alloc(65_536, 'x')
  let left = count
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const part = chunk.subarray(0, Math.min(left, chunk.length))
      left -= part.length
      if (!response.write(part)) {
        response.once('drain', more)
        return
      }
    }
    response.end()
  }
  more()
}

export const drip = (response: Sink, body: Buffer, every: number): void => {
  let at = 0
  const timer = setInterval(() => {
    if (response.destroyed || at >= body.length) {
      clearInterval(timer)
      response.end()
      return
    }
    response.write(body.subarray(at, ++at))
  }, every)
  timer.unref()
}

/** Sends header fields without end on the bare connection. */
export const endlessHeaders = (request: Request): void => {
  const socket = request.socket
  socket.write('HTTP/1.1 200 OK\r\n')
  let count = 0
  const timer = setInterval(() => {
    if (socket.destroyed) return clearInterval(timer)
    socket.write(Array.from({ length: 50 }, () => `x-filler-${count++}: ${'y'.repeat(400)}\r\n`).join(''))
  }, 2)
  timer.unref()
}

/**
 * A bomb: so many bytes (to the whole MiB) as members of gzip (RFC 1952 §2.2) that repeat. It lies ready, as on a real server: packed anew
 * for each request it would come as late as this machine is busy.
 */
const gzipBomb = (count: number): Buffer => {
  const member = gzipSync(Buffer.alloc(1 << 20, 'x'))
  return Buffer.concat(Array.from({ length: Math.ceil(count / (1 << 20)) }, () => member))
}

/** A body of so many bytes, small on the wire and large when unpacked where it has a coding. */
export const sendBytes = (count: number, coding: 'br' | 'gzip' | null, isHead: boolean, response: Response): void => {
  response.setHeader(
    ...((coding ? ['content-encoding', coding] : ['content-length', String(count)]) as [string, string]),
  )
  if (isHead) response.end()
  else if (coding === 'gzip') response.end(gzipBomb(count))
  else if (coding) {
    const packer = createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })
    packer.on('error', () => {}).pipe(response as ServerResponse)
    response.on('close', () => packer.destroy())
    streamBytes(packer as unknown as Sink, count)
  } else streamBytes(response as Sink, count)
}
