// Canaries of every kind that a log must not hold, in every way that loggers write them; and a corpus of what only looks like them, of
// which hardly anything may be touched. Values are made up; those with check digits are examples of their standards.
import { describe, expect, it } from 'vitest'
import { redactText } from '../../../src/formats/logs/redact.ts'
import { looks } from './looks.ts'

const joined = (...parts: string[]): string => parts.join('')
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U'].join(
  '.',
)
const word = joined('Zq7', 'Xw2mKp9LrT4vB8nC1yD6')

/** What stands in the log, and the part of it that must be gone where that is not the whole. */
type Canary = string | [text: string, secret: string]

const kinds: Record<string, Canary[]> = {
  'JSON web token': [jwt],
  'Stripe key': [joined('sk_live_', '51H8abcDEFghiJKLmnoPQRstu'), joined('rk_live_', '51H8abcDEFghiJKLmnoPQRstu')],
  'GitHub token': [
    joined('ghp_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'),
    joined('gho_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'),
  ],
  'AWS key': [joined('AKIA', 'QYLPMN5HFIQR7XYA')],
  'Slack token': [joined('xoxb-', '2345678901-2345678901234-AbCdEfGhIjKlMnOpQrStUvWx')],
  'bearer header': [[`Authorization: Bearer ${word}`, word]],
  'basic header': [['Authorization: Basic dXNlcjpodW50ZXIy', 'dXNlcjpodW50ZXIy']],
  'API key header': [[`X-Api-Key: ${word}`, word]],
  cookie: [[`Cookie: sid=${word}; theme=dark`, word]],
  'set-cookie': [[`Set-Cookie: session=${word}; Path=/; HttpOnly`, word]],
  'session id': [['PHPSESSID=abcdef1234567890', 'abcdef1234567890']],
  password: [[`password=${word}`, word]],
  'password hash': ['$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'],
  'one-time code': [['otp=482913', '482913']],
  'client secret': [[`client_secret=${word}`, word]],
  'refresh token': [[`refresh_token=${word}`, word]],
  'key in an address': [[`https://maps.example.com/v1?key=${word}&q=1`, word]],
  'signature in an address': [[`https://files.example.com/x?X-Amz-Signature=${'ab12'.repeat(16)}`, 'ab12'.repeat(16)]],
  'reset link': [['https://app.example.com/reset-password/a1b2c3d4e5f6a7b8c9d0', 'a1b2c3d4e5f6a7b8c9d0']],
  'database password': [[`postgres://app:${word}@db:5432/app`, word]],
  'password in an address': [[`https://ada:${word}@example.org/`, word]],
  'e-mail address': ['ada@example.org', 'ada.lovelace+shop@mail.example.co.uk'],
  phone: ['+49 30 1234567', '+4915112345678', '(555) 123-4567', '+1-555-234-5678'],
  card: ['4111111111111111', '5555 5555 5555 4444', '3782 822463 10005', '6011-1111-1111-1117'],
  IBAN: ['DE89370400440532013000', 'GB82 WEST 1234 5698 7654 32', 'NL91ABNA0417164300'],
  'tax number of Brazil': ['529.982.247-25'],
  'personal number of Sweden': ['811228-9874'],
  'identity of Spain': ['12345678Z', 'X1234567L'],
  'fiscal code of Italy': ['RSSMRA85T10A562S'],
  'social security number': ['123-45-6789'],
  'tax id of Germany': ['86 095 742 719'],
}

const places: [string, (text: string) => string][] = [
  ['alone', text => text],
  ['in a sentence', text => `2026-11-29T12:00:00Z INFO got ${text} from the form`],
  ['at the end', text => `the last thing was ${text}`],
  ['in JSON', text => JSON.stringify({ level: 30, msg: 'saw it', value: text, n: 1 })],
  ['in JSON within JSON', text => JSON.stringify({ body: JSON.stringify({ value: text }) })],
  ['in a list', text => JSON.stringify({ seen: ['first', text] })],
  ['in logfmt', text => `level=info value="${text}" n=1`],
  ['in a Python dict', text => `INFO:app:{'value': '${text}', 'n': 1}`],
  ['in brackets', text => `[app] (${text})`],
  ['with a stack', text => `Error: failed for ${text}\n    at handle (/app/index.js:12:34)`],
]

const canaries = Object.entries(kinds).flatMap(([kind, values]) =>
  values.flatMap(value => {
    const [text, secret] = typeof value === 'string' ? [value, value] : value
    return places.map(([place, write]) => ({ kind, place, line: write(text), secret }))
  }),
)

describe('canaries', () => {
  it('are at least 400 in at least 25 kinds', () => {
    expect(Object.keys(kinds).length).toBeGreaterThanOrEqual(25)
    expect(canaries.length).toBeGreaterThanOrEqual(400)
    expect(new Set(canaries.map(({ line }) => line)).size).toBe(canaries.length)
    for (const { line, secret } of canaries) expect(line).toContain(secret)
  })

  it('are all masked, and lines stay lines', () => {
    const kept = canaries.filter(({ line, secret }) => redactText(line).includes(secret))
    expect(kept.map(({ kind, place, line }) => `${kind} ${place}: ${line}`)).toEqual([])
    for (const { line } of canaries) expect(redactText(line).split('\n')).toHaveLength(line.split('\n').length)
  })
})

/** A generator of numbers that is the same each time. */
const seeded = (seed: number) => (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
  return seed / 2 ** 31
}

/** Lines as services write them all day: numbers, hashes, ids, addresses of machines, nothing of anybody. */
const corpus = (count: number): string[] => {
  const random = seeded(7)
  const digits = (length: number): string => Array.from({ length }, () => Math.floor(random() * 10)).join('')
  const hex = (length: number): string => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('')
  const at = (): string => new Date(1_764_000_000_000 + Math.floor(random() * 1e9)).toISOString()
  const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`
  const forms: (() => string)[] = [
    () => `${at()} INFO request completed in ${digits(3)}ms`,
    () => `GET /api/orders/${digits(9)} 200 ${digits(2)}.${digits(3)} ms - ${digits(4)}`,
    () => `trace_id=${hex(32)} span_id=${hex(16)}`,
    () => `job ${uuid()} done in ${digits(5)} ms`,
    () => `commit ${hex(40)} deployed`,
    () => `order_id=${digits(16)} total=${digits(4)}`,
    () => JSON.stringify({ level: 30, time: 1_764_000_000_000 + Number(digits(9)), pid: Number(digits(5)), msg: 'ok' }),
    () => `duration_ns=${digits(13)} rows=${digits(6)}`,
    () => `10.${digits(1)}.${digits(2)}.${digits(1)}:${digits(4)} - - "GET / HTTP/1.1" 200 ${digits(5)}`,
    () => `sha256:${hex(64)} pulled`,
    () => `heap used ${digits(8)} of ${digits(9)} bytes`,
    () => `version ${digits(1)}.${digits(2)}.${digits(1)} build ${digits(8)}.${digits(1)}`,
    () => `cache key user:${digits(6)}:profile hit=true`,
    () => `took ${digits(1)}.${digits(15)} s, p95 ${digits(2)}.${digits(4)}`,
    () => `etag W/"${hex(10)}-${hex(11)}"`,
    () => `  at process.processTicksAndRejections (node:internal/process/task_queues:${digits(2)}:${digits(1)})`,
    () => `page ${digits(2)} of ${digits(3)}, tokens: ${digits(3)}, max_tokens: 4096`,
    () => `queue=mail waiting=${digits(2)} oldest=${digits(3)}s`,
    () => `kernel: [${digits(6)}.${digits(6)}] eth0: link up, 1000 Mbps`,
    () => `"GET /static/js/main.${hex(8)}.js HTTP/2.0" 304 0`,
  ]
  return Array.from({ length: count }, (_, nth) => forms[nth % forms.length]!())
}

it('of lines that only look like it at most one in a thousand is touched', () => {
  const lines = [...corpus(20_000), ...looks].flatMap(look => look.split('\n'))
  const redacted = redactText(lines.join('\n')).split('\n')
  const touched = lines.filter((line, nth) => redacted[nth] !== line)
  console.log(
    `look-alikes touched: ${touched.length} of ${lines.length} (${((touched.length / lines.length) * 100).toFixed(3)} %)`,
  )
  expect(touched.length / lines.length, touched.slice(0, 10).join('\n')).toBeLessThanOrEqual(0.001)
})
