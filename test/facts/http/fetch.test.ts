// Walks over memoised GETs: each URL is asked for once, and every way a walk can end has a name.
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../../src/config/schema.ts'
import { type Fact, missing, observed } from '../../../src/core/fact.ts'
import { bareTarget } from '../../../src/core/target.ts'
import type { CollectContext } from '../../../src/facts/definition.ts'
import { getOnce, redirectTarget, walk } from '../../../src/facts/http/fetch.ts'
import { exchange, hop, redirect } from '../../../src/facts/http/web.example.ts'
import type { HttpExchange, HttpHop, HttpRequest } from '../../../src/net/network.ts'
import { onceForTest } from '../../support/once.ts'

const at = '2026-11-25T00:00:00Z'
const front = 'https://example.com/'

/** A context whose network answers from this table; `asked` are the URLs that were asked for, `*` where cookies were kept. */
const contextOf = (answers: Record<string, HttpHop | Fact<HttpExchange>>) => {
  const asked: string[] = []
  const http = async ({ url, cookies }: HttpRequest): Promise<Fact<HttpExchange>> => {
    asked.push(`${url}${cookies ? '*' : ''}`)
    const answer = answers[cookies ? `${url}*` : url] ?? missing('refused', `${url} refuses`)
    return 'ok' in answer ? answer : observed(exchange(answer), at)
  }
  const context = {
    net: { http },
    target: bareTarget({ domain: 'example.com' }),
    config: configSchema.parse({}),
    now: () => at,
    once: onceForTest(),
  } as unknown as CollectContext
  return { asked, context }
}

describe('a walk', () => {
  it.each<[string, Record<string, HttpHop | Fact<HttpExchange>>, string, number]>([
    ['to a page', { [front]: redirect(front, '/a'), [`${front}a`]: hop(`${front}a`) }, 'answer', 2],
    ['to a status without redirect', { [front]: hop(front, { status: 500 }) }, 'answer', 1],
    ['in a circle', { [front]: redirect(front, front) }, 'loop', 1],
    ['to a Location of no use', { [front]: redirect(front, 'mailto:a@example.com') }, 'bad-location', 1],
    ['to a host that refuses', { [front]: redirect(front, 'https://www.example.com/') }, 'next-hop-failed', 1],
    [
      'to a private address',
      {
        [front]: redirect(front, 'http://10.0.0.1/'),
        'http://10.0.0.1/': missing('unsupported', 'nothing is connected to it'),
      },
      'private-address',
      1,
    ],
  ])('%s ends so', async (_name, answers, ended, hops) => {
    const walked = await walk(contextOf(answers).context, front)
    expect(walked).toMatchObject({ ok: true, value: { ended } })
    expect(walked.ok && walked.value.hops.length).toBe(hops)
  })

  it('is missing where the first request gave no answer', async () =>
    expect(await walk(contextOf({}).context, front)).toMatchObject({ ok: false, reason: 'refused' }))

  it('ends after as many redirects as it may follow', async () => {
    const answers = Object.fromEntries(
      Array.from({ length: 5 }, (_, nth) => [`${front}${nth}`, redirect(`${front}${nth}`, `/${nth + 1}`)]),
    )
    expect(await walk(contextOf(answers).context, `${front}0`, 2)).toMatchObject({
      value: { ended: 'too-many-redirects', next: { url: `${front}3`, why: 'more than 2 redirects' } },
    })
  })

  it('goes again with cookies where a page that sets one sends the visitor to itself', async () => {
    const circle = redirect(front, front)
    const setting: HttpHop = { ...circle, headers: [...circle.headers, ['set-cookie', 'seen=1']] }
    const { asked, context } = contextOf({ [front]: setting, [`${front}*`]: hop(front) })
    expect(await walk(context, front)).toMatchObject({ value: { ended: 'answer' } })
    expect(asked).toEqual([front, `${front}*`])
  })
})

it('a URL is asked for once in a run, whatever its fragment', async () => {
  const { asked, context } = contextOf({ [front]: hop(front) })
  const answers = await Promise.all([getOnce(context, front), getOnce(context, `${front}#top`), walk(context, front)])
  expect(answers[0]).toBe(answers[1])
  expect(asked).toEqual([front])
})

it.each([
  [301, '/a', { url: 'https://example.com/a' }],
  [302, '//b.example', { url: 'https://b.example/' }],
  [200, '/a', null],
  [304, '/a', null],
  [301, 'ftp://b.example/', { bad: 'the Location header leads to ftp:' }],
  [301, 'http://[', { bad: 'the Location header is no URL' }],
  [301, `/${'a'.repeat(8192)}`, { bad: 'the Location header is longer than 8 kB or holds control characters' }],
  [301, '/a\u0001', { bad: 'the Location header is longer than 8 kB or holds control characters' }],
])('%i with Location %.20s', (status, location, expected) =>
  expect(redirectTarget(redirect(front, location, status))).toEqual(expected),
)
