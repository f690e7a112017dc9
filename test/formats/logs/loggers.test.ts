// The rules as code, run by the loggers they are for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import pino from 'pino'
import { afterAll, describe, expect, it } from 'vitest'
import winston from 'winston'
import { redactionCode, redactionTargets } from '../../../src/formats/logs/code.ts'

const folder = mkdtempSync(join(import.meta.dirname, '.code-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const load = async (target: string): Promise<Record<string, never>> => {
  const file = join(folder, `${target}.mjs`)
  writeFileSync(file, redactionCode(target)![0]!.content)
  return import(pathToFileURL(file).href)
}

const secret = ['Zq7', 'Xw2mKp9LrT4vB8nC1yD6'].join('')
const leak = /hunter2|Xw2mKp9|ada@|4111|3704|1234567/
const canaries = () => {
  const error = new Error(`failed for ada@example.org password=hunter2`)
  error.cause = new Error(`Bearer ${secret}`)
  return {
    password: 'hunter2',
    user: { email: 'ada@example.org', deep: { deeper: { apiKey: secret } } },
    list: [{ token: secret }],
    headers: {
      authorization: `Bearer ${secret}`,
      cookie: `sid=${secret}`,
      'set-cookie': [`sid=${secret}`],
      'x-api-key': secret,
    },
    rawHeaders: ['Cookie', `sid=${secret}`],
    err: error,
    card: '4111 1111 1111 1111',
    iban: 'DE89 3704 0044 0532 0130 00',
    url: `postgres://app:${secret}@db/app`,
    body: JSON.stringify({ password: secret, phone: '+49 30 1234567' }),
    kept: 'order 17 was sent',
  }
}

describe('the rules as code', () => {
  it('keep canaries out of pino', async () => {
    const { redactHooks } = await load('pino')
    let out = ''
    const write = (line: string): void => {
      out += line
    }
    pino({ hooks: redactHooks }, { write }).info(canaries(), 'login of ada@example.org, +49 30 1234567')
    expect(out).not.toMatch(leak)
    expect(JSON.parse(out)).toMatchObject({ kept: 'order 17 was sent', password: '[password]' })
  })

  it('keep canaries out of winston', async () => {
    const { redactFormat } = await load('winston')
    let out = ''
    const stream = new Writable({
      write(part, _encoding, done) {
        out += String(part)
        done()
      },
    })
    const { combine, errors, splat, json } = winston.format
    const logger = winston.createLogger({
      format: combine(errors({ stack: true }), splat(), redactFormat as unknown as ReturnType<typeof json>, json()),
      transports: [new winston.transports.Stream({ stream })],
    })
    logger.info('login of ada@example.org', canaries())
    await new Promise(done => setImmediate(done))
    expect(out).not.toMatch(leak)
    expect(out).toContain('order 17 was sent')
  })

  it('keep canaries out of what Sentry is sent', async () => {
    const { redactEvents } = (await load('sentry')) as unknown as {
      redactEvents: { beforeSend(event: unknown): unknown }
    }
    const event = redactEvents.beforeSend({
      request: { headers: canaries().headers, data: canaries() },
      exception: { values: [{ value: 'password=hunter2' }] },
    })
    expect(JSON.stringify(event)).not.toMatch(leak)
  })

  it('are written for every logger, and hold the same names', () => {
    for (const target of redactionTargets) expect(redactionCode(target)![0]!.content.length).toBeGreaterThan(500)
    expect(redactionCode('django')![0]!.content).toContain('"passwd"')
    expect(redactionCode('log4j')).toBe(null)
  })
})
