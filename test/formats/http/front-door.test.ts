import { expect, it } from 'vitest'
import { type Fact, missing, observed } from '../../../src/core/fact.ts'
import { frontDoor } from '../../../src/formats/http/front-door.ts'

type Exchange = { hops: { url: string }[]; ended: string; next?: { url: string } }
const seen = (url: string, more: Partial<Exchange> = {}): Fact<Exchange> =>
  observed({ hops: [{ url }], ended: 'answer', ...more }, '2026-11-25T00:00:00Z')

const https = seen('https://example.com/')
const http = seen('http://example.com/')
const silent: Fact<Exchange> = missing('timeout', 'no answer')
const failing = (url: string) => seen('http://example.com/', { ended: 'next-hop-failed', next: { url } })

it.each<[string, Fact<Exchange>, Fact<Exchange>, 'https' | 'http']>([
  ['both answer', https, http, 'https'],
  ['neither answers', silent, silent, 'https'],
  ['plain HTTP alone', silent, http, 'http'],
  ['plain HTTP leads to HTTPS, which does not answer', silent, failing('https://example.com/'), 'https'],
  ['plain HTTP leads to another host, which does not answer', silent, failing('https://www.example.com/'), 'http'],
])('%s: %s', (_name, secure, plain, side) =>
  expect(frontDoor({ https: secure, http: plain })).toBe(side === 'https' ? secure : plain),
)
