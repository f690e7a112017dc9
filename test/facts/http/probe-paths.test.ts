// Files that must not be served: whatever the type, wherever redirects lead, on both ports, and with transfer compression undone.
import { describe, expect, it } from 'vitest'
import { missing, observed } from '../../../src/core/fact.ts'
import type { CollectContext } from '../../../src/facts/definition.ts'
import probePaths, { type ProbePaths } from '../../../src/facts/http/probe-paths.ts'
import { exchange, hop, redirect, walked } from '../../../src/facts/http/web.example.ts'
import type { HttpHop } from '../../../src/net/network.ts'
import { onceForTest } from '../../support/once.ts'

const at = '2026-11-25T00:00:00Z'
const host = 'example.com'
const dump = '-- MySQL dump 10.13\nINSERT INTO `users` VALUES (1);\n'

/** A host whose answers this function gives; null is a redirect to the login. */
const read = async (
  answer: (url: string) => HttpHop | null,
  plain: (url: string) => HttpHop = toHttps,
  name = host,
): Promise<ProbePaths> => {
  const follow = (url: string): HttpHop[] => {
    const given = url.startsWith('http:') ? plain(url) : answer(url)
    if (given === null) return [redirect(url, `https://${host}/login`, 302), hop(`https://${host}/login`)]
    const location = given.headers.find(([name]) => name === 'location')?.[1]
    return location ? [given, ...follow(location)] : [given]
  }
  const context = {
    target: { domain: host },
    now: () => at,
    once: onceForTest(),
    need: async (fact: string, subject = { name }) =>
      fact === 'web'
        ? observed(
            {
              https: walked(...follow(`https://${subject.name}/`)),
              http: walked(...follow(`http://${subject.name}/`)),
            },
            at,
          )
        : observed(
            { status: 'NOERROR', addresses: [{ address: '203.0.113.1', family: 4, ttl: 60, private: false }] },
            at,
          ),
    net: { http: async ({ url }: { url: string }) => observed(exchange(...follow(url)), at) },
  } as unknown as CollectContext
  const fact = await probePaths.collect({ kind: 'host', name, parent: { kind: 'domain', name: host } }, context)
  if (!fact.ok) throw new Error(fact.message)
  return fact.value
}

const toHttps = (url: string): HttpHop => redirect(url, url.replace('http:', 'https:'))
const page = (url: string): HttpHop => hop(url, { status: new URL(url).pathname === '/' ? 200 : 404 })
const file =
  (path: string, body: string, type = 'text/html') =>
  (url: string): HttpHop =>
    new URL(url).pathname === path ? hop(url, { body, headers: [['content-type', type]] }) : page(url)
const found = ({ exposed }: ProbePaths): string[] => exposed.map(({ url }) => url)

describe('exposed files', () => {
  it.each<[string, (url: string) => HttpHop | null, string[]]>([
    [
      'a dotenv as text/html',
      file('/.env', 'API_SECRET_KEY=aB3dE5fG7hJ9kL1m\nMODE=production\n'),
      ['https://example.com/.env'],
    ],
    ['a key as text/html', file('/id_rsa', '-----BEGIN OPENSSH PRIVATE KEY-----\nx'), ['https://example.com/id_rsa']],
    ['a HEAD as text/html', file('/.git/HEAD', 'ref: refs/heads/main\n'), ['https://example.com/.git/HEAD']],
    [
      'behind a login for all else',
      url => (url.endsWith('/backup.sql') ? hop(url, { body: dump }) : url.endsWith('/login') ? hop(url) : null),
      ['https://example.com/backup.sql'],
    ],
    [
      'behind a redirect',
      url =>
        url.endsWith('/dump.sql')
          ? redirect(url, `https://${host}/files/copy.sql`)
          : file('/files/copy.sql', dump)(url),
      ['https://example.com/files/copy.sql'],
    ],
    ['nothing', page, []],
    ['the same page everywhere', url => hop(url), []],
  ])('%s', async (_name, answer, urls) => expect(found(await read(answer))).toEqual(urls))

  it('port 80 is asked for all where it serves anything', async () => {
    const value = await read(page, file('/backup.sql', dump))
    expect(found(value)).toEqual(['http://example.com/backup.sql'])
  })

  it('port 80 beside a redirect is asked for all where a file is served', async () => {
    const plain = (url: string): HttpHop =>
      ['/backup.zip', '/dump.sql'].includes(new URL(url).pathname) ? hop(url, { body: dump }) : toHttps(url)
    expect(found(await read(page, plain))).toEqual(['http://example.com/backup.zip', 'http://example.com/dump.sql'])
    expect((await read(page)).asked - (await read(page, page)).asked).toBeLessThan(-50)
  })

  it('dumps are looked for by the names of the host', async () =>
    expect(found(await read(file('/example.zip', 'PK\u0003\u0004')))).toEqual(['https://example.com/example.zip']))

  it('copies are looked for beside a file that is served, and nowhere else', async () => {
    const secret = 'API_SECRET_KEY=aB3dE5fG7hJ9kL1m\nMODE=production\n'
    const copy = file('/.env.example.bak', secret)
    const both = (url: string): HttpHop =>
      url.endsWith('/.env.example') ? hop(url, { body: 'API_KEY=\n' }) : copy(url)
    expect(found(await read(both))).toEqual(['https://example.com/.env.example.bak'])
    expect(found(await read(copy))).toEqual([])
  })

  it('the same page under www is one site', async () => {
    const value = await read(
      file('/.env', 'API_SECRET_KEY=aB3dE5fG7hJ9kL1m\nMODE=production\n'),
      toHttps,
      'www.example.com',
    )
    expect(value).toMatchObject({ sameAs: 'example.com', asked: 2 })
  })

  it('a host that leads to another one is asked twice', async () => {
    const away = (url: string): HttpHop =>
      new URL(url).hostname === host ? redirect(url, url.replace(host, `www.${host}`)) : page(url)
    expect((await read(away)).asked).toBe(4)
  })

  it('is missing where the name is', async () => {
    const context = {
      need: async () => missing('timeout', 'no answer'),
      net: { http: async () => missing('timeout', '') },
      target: {},
    } as unknown as CollectContext
    expect(await probePaths.collect({ kind: 'host', name: host }, context)).toMatchObject({ ok: false })
  })
})
