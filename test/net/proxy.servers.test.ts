// HTTP and TLS through tinyproxy, a proxy that we did not write.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { proxiesOf } from '../../src/net/proxy.ts'
import { freePort } from '../support/free-port.ts'
import { untilOpen } from '../support/until-open.ts'
import { makeNetwork } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'launch-ready-tinyproxy-'))
const site = createServer((request, response) => response.end(`this is ${request.headers.host}`))
let stop = (): void => {}
let proxy = ''
let port = 0

beforeAll(async () => {
  site.listen(0)
  await once(site, 'listening')
  port = (site.address() as AddressInfo).port
  const at = await freePort()
  writeFileSync(
    join(folder, 'tinyproxy.conf'),
    `Port ${at}\nListen 127.0.0.1\nTimeout 20\nAllow 127.0.0.1\nBasicAuth ada s3cret\nPidFile "${join(folder, 'pid')}"\nConnectPort ${port}\n`,
  )
  const child = spawn('tinyproxy', ['-d', '-c', join(folder, 'tinyproxy.conf')], { stdio: 'ignore' })
  stop = () => void child.kill()
  await untilOpen(at, child)
  proxy = `127.0.0.1:${at}`
})
afterAll(() => {
  stop()
  site.close()
  rmSync(folder, { recursive: true, force: true })
})

/** This machine by its name, which tinyproxy itself resolves: `localhost` never goes through a proxy. */
const ask = (login: string, to: number) => {
  const network = makeNetwork({ proxies: proxiesOf({ HTTP_PROXY: `http://${login}@${proxy}` }) })
  return network.http({ url: `http://${hostname()}:${to}/` })
}

describe('tinyproxy', () => {
  it('leads to the site, with the log-in of its URL', async () => {
    const answer = await ask('ada:s3cret', port)
    expect(answer.ok ? answer.value.hops.at(-1)!.body : answer.message).toBe(`this is ${hostname()}:${port}`)
  })

  it('refuses a wrong password: unknown', async () => {
    const answer = await ask('ada:wrong', port)
    expect(answer.ok ? '' : `${answer.reason}: ${answer.message}`).toMatch(/^unproven: .*\(40[17]\)/)
  })

  it('refuses a port that it does not serve: unknown, never down', async () => {
    const answer = await ask('ada:s3cret', 1)
    expect(answer.ok ? '' : `${answer.reason}: ${answer.message}`).toMatch(/^unproven: .*does not lead there \(403\)/)
  })
})
