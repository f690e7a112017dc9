// Headers of a configured route go to its origin alone: not where it leads, not to another port, not to other pages of the product.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../support/run-program.ts'

const canary = 'canary-of-a-route-4711'
type Asked = { path: string; headers: IncomingHttpHeaders }
const servers: Server[] = []
let folder = ''

/** A server that notes what it is asked and answers by `to`: a place to go on to, or a page. */
const serve = async (to: (path: string) => string | null): Promise<{ origin: string; asked: Asked[] }> => {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    asked.push({ path, headers: request.headers })
    const next = to(path)
    if (next === null)
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Coach</title><h1>Plans</h1>')
    else response.writeHead(302, { location: next }).end()
  })
  servers.push(server)
  await new Promise<void>(done => server.listen(0, '127.0.0.1', () => done()))
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'route-headers-'))
})
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true, force: true })
})

it('are sent to the route, and nowhere that it leads to', async () => {
  const elsewhere = await serve(() => null)
  const other = await serve(() => null)
  const own = await serve(path => (path === '/away' ? `${elsewhere.origin}/landed` : path === '/name' ? '/own' : null))
  const config = join(folder, 'launch-ready.config.yaml')
  writeFileSync(
    config,
    JSON.stringify({
      domain: 'coachdash.example',
      routes: [
        { name: 'own', url: `${own.origin}/own`, headers: { 'x-canary': canary, authorization: `Bearer ${canary}` } },
        { name: 'away', url: `${own.origin}/away`, headers: { 'x-canary': canary } },
        { name: 'name', url: `${own.origin}/name`, headers: { 'x-canary': canary } },
        { name: 'other', url: `${other.origin}/other` },
      ],
    }),
  )
  const { out, err } = await runProgram(
    [
      'audit',
      'coachdash.example',
      '--config',
      config,
      '--resolver',
      '127.0.0.1:1',
      '--timeout',
      '2',
      '--fail-on',
      'never',
      '--json',
    ],
    { cwd: folder },
  )
  const said = out + err
  const carries = ({ headers }: Asked): boolean => JSON.stringify(headers).includes(canary)
  const of = (path: string): Asked[] => own.asked.filter(asked => asked.path === path)
  expect(of('/away').some(carries), said.slice(-1500)).toBe(true)
  expect(of('/own').some(({ headers }) => headers.authorization === `Bearer ${canary}`)).toBe(true)
  expect(elsewhere.asked.length).toBeGreaterThan(0)
  expect(elsewhere.asked.filter(carries)).toEqual([])
  expect(other.asked.length).toBeGreaterThan(0)
  expect(other.asked.filter(carries)).toEqual([])
  expect(own.asked.filter(({ path }) => !['/own', '/away', '/name'].includes(path)).filter(carries)).toEqual([])
  expect(said).not.toContain(canary)
})
