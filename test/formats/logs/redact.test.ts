import { describe, expect, it } from 'vitest'
import { classOfKind, type LogKind } from '../../../src/data/log-names.ts'
import { findInLog } from '../../../src/formats/logs/find.ts'
import { createRedactor, redactText } from '../../../src/formats/logs/redact.ts'
import { processorTime } from '../../support/processor-time.ts'
import { cases } from './lines.ts'
import { looks } from './looks.ts'

const redactBytes = (chunks: Iterable<Uint8Array>, options = {}): Buffer => {
  const parts: Buffer[] = []
  const redactor = createRedactor(options, bytes => parts.push(bytes))
  for (const chunk of chunks) redactor.push(chunk)
  redactor.end()
  return Buffer.concat(parts)
}

describe('what is taken out of a log', () => {
  it.each(cases)('%s', (line, secret) => {
    expect(redactText(line)).not.toContain(secret)
    expect(redactText(`${line}\n`).split('\n')).toHaveLength(`${line}\n`.split('\n').length)
  })

  it.each(looks)('leaves %s alone', line => {
    expect(redactText(line)).toBe(line)
  })

  /** How a value stands in logs of several makers. */
  const around: [string, (value: string) => string][] = [
    ['alone', value => value],
    ['in a sentence', value => `2026-11-29T12:00:00Z INFO got ${value} from the form`],
    ['in JSON', value => `{"level":30,"msg":"saw it","value":"${value}","n":1}`],
    ['in JSON within JSON', value => JSON.stringify({ body: JSON.stringify({ value }) })],
    ['in logfmt', value => `level=info value="${value}" n=1`],
    ['in a Python dict', value => `INFO:app:{'value': '${value}', 'n': 1}`],
    ['at the end', value => `the last thing was ${value}`],
  ]
  const values: [LogKind, string[]][] = [
    [
      'card',
      ['4111111111111111', '5555 5555 5555 4444', '3782 822463 10005', '6011-1111-1111-1117', '3530111333300000'],
    ],
    [
      'iban',
      ['DE89370400440532013000', 'GB82 WEST 1234 5698 7654 32', 'NL91ABNA0417164300', 'FR1420041010050500013M02606'],
    ],
    ['email', ['ada@example.org', 'ada.lovelace+shop@mail.example.co.uk', 'ADA@EXAMPLE.ORG']],
    [
      'phone',
      ['+49 30 1234567', '+4915112345678', '(555) 123-4567', '+1-555-234-5678', '555-234-5678', '+49 (0)30 1234567'],
    ],
    [
      'national-id',
      ['529.982.247-25', '811228-9874', '12345678Z', 'X1234567L', 'RSSMRA85T10A562S', '123-45-6789', '86 095 742 719'],
    ],
    ['jwt', ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLWlzLWhlcmU']],
    [
      'token',
      [
        ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_'),
        ['sk', 'live', '51H8abcDEFghiJKLmnoPQRstu'].join('_'),
      ],
    ],
    ['url-credential', ['postgres://app:s3cr3t-pass@db:5432/app', 'https://ada:hunter2x@example.org/']],
    ['authorization', ['Bearer Zq7Xw2mKp9LrT4vB8nC1yD6', 'Basic dXNlcjpodW50ZXIy']],
    ['password', ['$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy']],
  ]
  for (const [kind, list] of values)
    it.each(list.flatMap(value => around.map(([place, write]) => [value, place, write] as const)))(
      `${kind}: %s %s`,
      (value, _place, write) => {
        const secret = value.replace(/^.*\/\/\w+:|@.*|^Bearer |^Basic /g, match => (kind === 'email' ? match : ''))
        expect(redactText(write(value))).not.toContain(secret)
      },
    )

  const fields = [
    'password',
    'userPassword',
    'db_password',
    'secret',
    'client-secret',
    'apiKey',
    'api_key',
    'X-Api-Key',
    'access_token',
    'refreshToken',
    'sessionId',
    'set-cookie',
    'authorization',
    'privateKey',
    'pgpass',
    'webhook_secret',
    'csrf_token',
  ]
  const writings: [string, (name: string, value: string) => string][] = [
    ['JSON', (name, value) => `{"${name}":"${value}"}`],
    ['JSON deep', (name, value) => `{"a":{"b":[{"${name}" : "${value}"}]}}`],
    ['JSON within JSON', (name, value) => JSON.stringify({ body: JSON.stringify({ [name]: value }) })],
    ['Ruby', (name, value) => `{"${name}"=>"${value}"}`],
    ['Python', (name, value) => `{'${name}': '${value}'}`],
    ['a form', (name, value) => `a=1&${name}=${value}&b=2`],
    ['a header', (name, value) => `${name}: ${value}`],
    ['raw headers', (name, value) => `["Host","x","${name}","${value}"]`],
    ['pairs', (name, value) => `{"name":"${name}","value":"${value}"}`],
    ['print_r', (name, value) => `    [${name}] => ${value}`],
    ['XML', (name, value) => `<${name}>${value}</${name}>`],
    ['a list', (name, value) => `{"${name}":["${value}","${value}"]}`],
    ['an option', (name, value) => `run --${name} ${value} --next`],
  ]
  const canary = 'Zq7Xw2=mKp9LrT4vB8nC1yD6'
  it.each(fields.flatMap(name => writings.map(([how, write]) => [name, how, write] as const)))(
    '%s in %s',
    (name, how, write) => {
      const isHeader = /cookie|authorization|key|token|secret/i.test(name)
      if (how === 'raw headers' && !isHeader) return
      const value = how === 'a form' || how === 'a header' ? canary.replace('=', '') : canary
      expect(redactText(write(name, value))).not.toContain(value)
    },
  )
})

describe('the log as it flows', () => {
  const log = Buffer.from(`${[...cases.map(([line]) => line), ...looks].join('\n')}\n`)
  const whole = redactBytes([log])

  it('is the same however it arrives', () => {
    for (const size of [1, 7, 64, 1000]) {
      const chunks = Array.from({ length: Math.ceil(log.length / size) }, (_, at) =>
        log.subarray(at * size, (at + 1) * size),
      )
      expect(redactBytes(chunks).equals(whole)).toBe(true)
    }
  })

  it('is the same where the memory of a chunk is used again', () => {
    for (const size of [7, 1000]) {
      const parts: Buffer[] = []
      const redactor = createRedactor({}, bytes => parts.push(bytes))
      const memory = Buffer.alloc(size)
      for (let at = 0; at < log.length; at += size)
        redactor.push(memory.subarray(0, log.copy(memory, 0, at, Math.min(log.length, at + size))))
      memory.fill(0)
      redactor.end()
      expect(Buffer.concat(parts).equals(whole)).toBe(true)
    }
  })

  it('keeps every line, and bytes that are no text', () => {
    expect(whole.toString('latin1').split('\n')).toHaveLength(log.toString('latin1').split('\n').length)
    const odd = Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x0a, 0x80])
    expect(redactBytes([odd]).equals(odd)).toBe(true)
  })

  it('keeps JSON valid where a number is taken out', () => {
    expect(JSON.parse(redactText('{"pan":4242424242424242,"n":1}'))).toEqual({ pan: '[card]', n: 1 })
    const inner = JSON.parse(redactText(JSON.stringify({ body: '{"cvv":123}' }))) as { body: string }
    expect(JSON.parse(inner.body)).toEqual({ cvv: '[card-code]' })
  })

  it('gives equal values equal pseudonyms, by the key', () => {
    const line = 'ada@example.org and ADA@example.org, not bob@example.org'
    const [first, second, third] = redactText(line, { hashKey: 'k' }).match(/\[email:\w+\]/g) ?? []
    expect(first).toBe(second)
    expect(third).not.toBe(first)
    expect(redactText(line, { hashKey: 'other' })).not.toContain(first)
  })

  it('takes addresses of machines out only when asked', () => {
    const line = 'from 203.0.113.9:4411 and 2001:db8::1 at 12:00:00'
    expect(redactText(line)).toBe(line)
    expect(redactText(line, { ip: true })).toBe('from [ip]:4411 and [ip] at 12:00:00')
  })

  it('holds little of a line that never ends, and still takes out what is in it', () => {
    const part = Buffer.from(`${'x'.repeat(1000)} ada@example.org password=hunter2 `)
    let largest = 0
    let out = 0
    let leaks = 0
    const redactor = createRedactor({}, bytes => {
      largest = Math.max(largest, bytes.length)
      out += bytes.length
      if (bytes.includes('hunter2') || bytes.includes('ada@')) leaks++
    })
    const block = Buffer.concat(Array.from({ length: 64 }, () => part))
    for (let at = 0; at < 1600; at++) redactor.push(block)
    redactor.end()
    expect(leaks).toBe(0)
    expect(out).toBeGreaterThan(95_000_000)
    expect(largest).toBeLessThan(3 << 20)
  })

  it('takes out a value and a key that are longer than what it holds', () => {
    const long = Buffer.alloc(3 << 20, 'a')
    const value = redactBytes([Buffer.from('{"password":"'), long, Buffer.from('","ok":1}\n')]).toString()
    expect(value.includes('aaaa')).toBe(false)
    expect(value.endsWith('"ok":1}\n')).toBe(true)
    const key = redactBytes([
      Buffer.from('-----BEGIN PRIVATE KEY-----\n'),
      ...Array.from({ length: 40 }, () => Buffer.from(`${'Zz'.repeat(32)}\n`)),
      Buffer.from('-----END PRIVATE KEY-----\nnext\n'),
    ]).toString()
    expect(key).not.toContain('ZzZz')
    expect(key.split('\n')).toHaveLength(44)
    expect(key).toContain('next')
  })

  it('takes time in proportion to length, whatever arrives', () => {
    for (const piece of [
      'a@',
      '"password":',
      '4111 ',
      '\\"',
      '(((',
      'eyJ',
      '-----BEGIN ',
      'a=',
      '//:@',
      'Bearer ',
      '[[{',
      '%22',
      'DE89 ',
      '1.1.1.1 ',
      'password=',
      'otp=',
      'cookie: ',
      'password=[',
      'secret="',
      'password,',
      'user,password\n',
      'password|"',
      'echo -n a ',
      'net use /u:a ',
    ]) {
      const time = (length: number): number => {
        const text = piece.repeat(length / piece.length)
        const before = processorTime()
        redactText(text)
        return processorTime() - before
      }
      expect(time(80_000), piece).toBeLessThan(Math.max(400, time(20_000) * 12))
    }
  })
})

describe('what a log holds', () => {
  it('is told by kind, line and masked sample, never by value', () => {
    const reading = findInLog('ok\npassword=hunter2\nada@example.org ada@example.org\n4111111111111111\n')
    expect(reading).toMatchObject({ lines: 4 })
    expect(reading.finds.map(({ kind, count, lines }) => [kind, count, lines])).toEqual([
      ['password', 1, [2]],
      ['email', 2, [3]],
      ['card', 1, [4]],
    ])
    expect(JSON.stringify(reading)).not.toMatch(/hunter2|ada@|4111/)
  })

  it('has a class for each kind', () => {
    expect(new Set(Object.values(classOfKind))).toEqual(new Set(['secret', 'session', 'personal-data', 'payment-card']))
  })
})
