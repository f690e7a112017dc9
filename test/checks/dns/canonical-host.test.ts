// canonical-host on walks that a world of the lab does not have: refused ports, error pages, pages that send their reader on.
import { describe, expect, test } from 'vitest'
import canonicalHost from '../../../src/checks/dns/canonical-host.ts'
import { judge } from '../../../src/core/judge.ts'
import { bareTarget } from '../../../src/core/target.ts'
import type { Facts } from '../../../src/facts/index.generated.ts'
import { domainSubject } from '../../../src/facts/subjects.ts'

type Spelling = Facts['canonicalWalk']['spellings'][number]

/** `https://example.com/ 301`: one hop each; what begins with `!` is the reason of a first hop that failed. */
const spelling = (...lines: string[]): Spelling => {
  const url = lines[0]!.split(' ')[0]!
  const failed = /!(\S+)/.exec(lines[0]!)?.[1] ?? null
  return {
    start: url,
    scheme: url.startsWith('https') ? 'https' : 'http',
    which: new URL(url).hostname.startsWith('www.') ? 'www' : 'apex',
    deep: false,
    ended: failed ? 'failed' : 'answer',
    refresh: null,
    hops: failed
      ? []
      : lines.map(line => {
          const [at = '', status] = line.split(' ')
          return { url: at, status: Number(status), location: null, secure: at.startsWith('https') ? true : null }
        }),
    next: failed ? { url, why: failed, reason: failed } : null,
  }
}

const said = (spellings: Spelling[], apex = 'example.com', www = true) =>
  judge({
    check: canonicalHost as never,
    subject: domainSubject(apex),
    facts: {
      canonicalWalk: {
        ok: true,
        at: '',
        value: {
          apex,
          www: `www.${apex}`,
          exists: { apex: true, www },
          apexAddresses: ['192.0.2.1'],
          spellings,
          tags: [],
        } satisfies Facts['canonicalWalk'],
      },
    },
    now: 0,
    target: bareTarget({ domain: apex }),
    options: {},
    severities: {},
  }).results.map(row => row.outcome ?? row.status)

const apex = spelling('https://example.com/ 200')
const plain = spelling('http://www.example.com/ 301', 'https://example.com/ 200')

describe('canonical-host', () => {
  test('www that answers "not found" leads nowhere', () => {
    expect(said([apex, spelling('https://www.example.com/ 404')])).toEqual(['www-missing'])
    expect(said([spelling('https://example.com/ 404'), spelling('https://www.example.com/ 200')])).toEqual([
      'apex-missing',
    ])
  })
  test('www that refuses us, or is out of order, is unknown and not fine', () => {
    for (const status of [401, 403, 429, 500, 503])
      expect(said([apex, spelling(`https://www.example.com/ ${status}`)])).toEqual(['unknown'])
  })
  test('www without https beside one that redirects over http warns first; without either it leads nowhere', () => {
    const closed = spelling('https://www.example.com/ !refused')
    expect(said([apex, closed, plain])).toEqual(['certificate-before-redirect'])
    expect(said([apex, closed, spelling('http://www.example.com/ !refused')])).toEqual(['www-missing'])
  })
  test('silence is unknown', () => {
    expect(said([apex, spelling('https://www.example.com/ !timeout'), plain])).toEqual(['unknown'])
  })
  test('a page that sends its reader on at once is no second copy', () => {
    const sent = { ...spelling('https://www.example.com/ 200'), refresh: 'https://example.com/' }
    expect(said([apex, sent])).toEqual(['temporary'])
    expect(said([apex, { ...sent, refresh: 'https://www.example.com/start' }])).toEqual(['both-serve'])
  })
  test('nobody types www before a name below the domain', () => {
    expect(said([spelling('https://app.example.com/ 200')], 'app.example.com', false)).toEqual(['one'])
    expect(said([apex], 'example.com', false)).toEqual(['www-missing'])
  })
})
