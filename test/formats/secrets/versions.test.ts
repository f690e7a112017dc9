import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eachCandidate } from '../../../src/formats/secrets/candidates.ts'
import { scanText } from '../../../src/formats/secrets/scan.ts'
import { sharedParts } from '../../../src/formats/secrets/shared-parts.ts'
import { createVersionScanner } from '../../../src/formats/secrets/versions.ts'
import { makeUp } from '../../support/made-up-secrets.ts'

const body = (lines: number, word = 'line'): string[] =>
  Array.from({ length: lines }, (_, at) => `${word} ${at} of a file that is long enough to be compared`)

const pem = `-----BEGIN ${'PRIVATE'} KEY-----\n${makeUp('{B1600}', 72).replace(/(.{64})/g, '$1\n')}\n-----END ${'PRIVATE'} KEY-----`

/** What a commit may write: lines of all kinds, some of which decide about lines far from them. */
const written = [
  `const key = '${makeUp('sk_~live_{A24}', 16)}'`,
  `export TOKEN="${makeUp('{s43}', 5)}"`,
  `db_password: ${makeUp('{s22}', 2)}`,
  `url: postgres://app:${makeUp('{s22}', 7)}@db.shop.test/shop`,
  'mailgun:',
  `  key: '${makeUp('{h32}-{h8}-{h8}', 9)}'`,
  'development:',
  'production:',
  'kind: Secret',
  `  password: ${Buffer.from(makeUp('{s22}', 11)).toString('base64')}`,
  `pattern: /sk_live_[A-Za-z0-9]{24}/`,
  'true_positives = [',
  'operationId: getShop',
  'a plain line, and nothing else in it',
  ...pem.split('\n'),
  pem,
]

type Edit = { at: number; remove: number; insert: readonly number[] }
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(400),
  remove: fc.oneof(fc.nat(3), fc.nat(120)),
  insert: fc.array(fc.nat(written.length - 1), { maxLength: 4 }),
})

const applied = (lines: readonly string[], { at, remove, insert }: Edit): string[] => [
  ...lines.slice(0, at),
  ...insert.map(one => written[one]!),
  ...lines.slice(at + remove),
]

describe('versions of one file', () => {
  it('are found to hold exactly what a scan of the whole finds', () => {
    const path = fc.constantFrom('src/a.ts', 'config/app.yml', 'deploy/b.yaml', 'api.json', '.env', 'docs/a.md')
    fc.assert(
      fc.property(path, fc.array(fc.array(edit, { maxLength: 5 }), { minLength: 2, maxLength: 8 }), (file, history) => {
        const scan = createVersionScanner()
        let lines = body(300)
        for (const commit of history) {
          lines = commit.reduce(applied, lines)
          const text = lines.join('\n')
          expect(scan(file, text)).toEqual(scanText(text, { path: file, where: 'repo' }))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('are found to hold a key of many lines whose end alone was written anew', () => {
    const scan = createVersionScanner()
    const [long, end] = [`${pem.slice(0, 1_500)}\n`, pem.slice(1_500)]
    const around = body(200).join('\n')
    scan('key.pem', `${around}\n${long}\nnot yet\n${around}`)
    const text = `${around}\n${long}${end}\n${around}`
    expect(scan('key.pem', text)).toEqual(scanText(text, { path: 'key.pem', where: 'repo' }))
    expect(scan('key.pem', text)).toHaveLength(1)
  })
})

describe('sharedParts', () => {
  it('names what stands in both, in the order of both', () => {
    const line = fc.constantFrom(...body(12), '', '}', '  return')
    const lines = fc.array(line, { maxLength: 60 })
    fc.assert(
      fc.property(lines, lines, (one, other) => {
        const [known, text] = [one.join('\n'), other.join('\n')]
        let [inKnown, inText] = [0, 0]
        for (const part of sharedParts(known, text)) {
          expect(part.known).toBeGreaterThanOrEqual(inKnown)
          expect(part.at).toBeGreaterThanOrEqual(inText)
          expect(text.slice(part.at, part.at + part.length)).toBe(known.slice(part.known, part.known + part.length))
          inKnown = part.known + part.length
          inText = part.at + part.length
        }
        expect(inKnown).toBeLessThanOrEqual(known.length)
        expect(inText).toBeLessThanOrEqual(text.length)
      }),
    )
  })

  it('leaves only what was written anew, however many places changed', () => {
    const known = body(1_000)
    const text = known.map((line, at) => (at % 100 === 50 ? `changed ${at}` : line)).join('\n')
    const shared = sharedParts(known.join('\n'), text).reduce((sum, { length }) => sum + length, 0)
    expect(shared).toBeGreaterThan(text.length - 10 * 80)
  })
})

describe('eachCandidate', () => {
  const places = (text: string, ranges?: [number, number][]): string[] => {
    const found: string[] = []
    eachCandidate(
      text,
      ({ literal }, index) => {
        found.push(`${index} ${literal}`)
        return true
      },
      ranges,
    )
    return found
  }

  it('finds in ranges what it finds in the whole, at their edges too', () => {
    const text = `${'x'.repeat(65_530)}password = "a" eyJ`
    const all = places(text)
    expect(all).toContain('65530 password')
    expect(all).toContain(`${text.length - 3} eyJ`)
    for (let cut = 65_520; cut < text.length; cut++)
      expect([...places(text, [[0, cut]]), ...places(text, [[cut, text.length]])]).toEqual(all)
  })

  it('is not led astray by characters of more than one byte', () => {
    expect(places(`π ≈ ${String.fromCharCode(0x170 + 0x100, 0x161, 0x173)}sword Password`)).toEqual(
      expect.arrayContaining(['13 password']),
    )
  })
})
