// How a host's scripts are read: each file once a run, within the budget, maps where they are named or usual.
import { describe, expect, it } from 'vitest'
import { missing, observed } from '../../../src/core/fact.ts'
import type { CollectContext } from '../../../src/facts/definition.ts'
import bundlesFact, { type Bundles } from '../../../src/facts/http/bundles.ts'
import { hop, walked } from '../../../src/facts/http/web.example.ts'
import { makeUp } from '../../support/made-up-secrets.ts'
import { onceForTest } from '../../support/once.ts'

type Served = { body: string; status?: number; type?: string; truncated?: boolean; headers?: [string, string][] }

const page = (...scripts: string[]): string =>
  `<!doctype html><title>Coach</title>${scripts.map(url => `<script src="${url}"></script>`).join('')}`

/** A site of these pages and files; says what was asked for. */
const site = (fronts: Record<string, string>, files: Record<string, Served>, budget?: string) => {
  const asked: string[] = []
  const context = {
    target: { domain: 'example.com' },
    config: { routes: [], audit: budget ? { bundleBudget: budget } : {} },
    signal: new AbortController().signal,
    now: () => '2026-11-25T00:00:00Z',
    once: onceForTest(),
    need: async (name: string, subject: { name: string }) => {
      if (name === 'web') {
        const url = `https://${subject.name}/`
        return observed(
          { https: walked(hop(url, { body: fronts[subject.name]! })), http: missing('refused', 'no') },
          '',
        )
      }
      return name === 'routes' ? observed({ routes: [] }, '') : missing('unsupported', name)
    },
    net: {
      http: async ({ url }: { url: string }) => {
        asked.push(url)
        const file = files[url]
        if (!file) return walked(hop(url, { status: 404, body: '' }))
        const type = file.type ?? 'text/javascript'
        return walked(
          hop(url, {
            status: file.status ?? 200,
            headers: [['content-type', type], ...(file.headers ?? [])],
            body: file.body,
            decodedBytes: file.body.length,
            truncated: file.truncated ?? false,
          }),
        )
      },
    },
  } as unknown as CollectContext
  const read = async (host: string): Promise<Bundles> => {
    const fact = await bundlesFact.collect({ kind: 'host', name: host }, context)
    if (!fact.ok) throw new Error(fact.message)
    return fact.value
  }
  return { asked, read }
}

const app = 'https://example.com/assets/app.js'
const map = (source: string): string =>
  JSON.stringify({ version: 3, sources: ['../src/pay.ts'], sourcesContent: [source], mappings: 'AAAA' })

describe('bundles', () => {
  it('two hosts that share a file read it once', async () => {
    const front = page(app)
    const { asked, read } = site({ 'example.com': front, 'app.example.com': front }, { [app]: { body: 'a()' } })
    expect((await read('example.com')).files).toBe(1)
    expect((await read('app.example.com')).files).toBe(1)
    expect(asked.filter(url => url === app)).toHaveLength(1)
  })

  it('lazy chunks are followed, once each, though they name each other', async () => {
    const { asked, read } = site(
      { 'example.com': page('/assets/app.js') },
      {
        [app]: { body: 'import("./b.js")' },
        'https://example.com/assets/b.js': { body: 'import("./app.js");import("./c.js")' },
        'https://example.com/assets/c.js': { body: 'c()', status: 403 },
      },
    )
    const { files, unread } = await read('example.com')
    expect(files).toBe(2)
    // Storage answers 403 for what is not there.
    expect(unread).toEqual([])
    expect(asked.filter(url => url.endsWith('.js')).sort()).toEqual([
      app,
      'https://example.com/assets/b.js',
      'https://example.com/assets/c.js',
    ])
  })

  it.each<[string, Record<string, Served>, string]>([
    [
      'named',
      {
        [app]: { body: 'a()\n//# sourceMappingURL=maps/app.map' },
        'https://example.com/assets/maps/app.map': { body: map('pay()'), type: 'application/json' },
      },
      'https://example.com/assets/maps/app.map',
    ],
    [
      'usual',
      { [app]: { body: 'a()' }, [`${app}.map`]: { body: map('pay()'), type: 'application/json' } },
      `${app}.map`,
    ],
    [
      'inside the script',
      {
        [app]: {
          body: `a()\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(map('pay()')).toString('base64')}`,
        },
      },
      app,
    ],
  ])('a source map: %s', async (_, files, url) => {
    const { read } = site({ 'example.com': page('/assets/app.js') }, files)
    expect((await read('example.com')).maps).toEqual([{ url, of: app, own: 1, sources: ['../src/pay.ts'] }])
  })

  it('a page in the place of a script, and a script that fails, are said to be unread', async () => {
    const { read } = site(
      { 'example.com': page('/assets/app.js', '/b.js', '/c.js') },
      {
        [app]: { body: '<!doctype html><title>Coach</title>', type: 'text/html' },
        'https://example.com/b.js': { body: '', status: 503 },
        'https://example.com/c.js': { body: '', status: 403 },
      },
    )
    const { files, unread } = await read('example.com')
    expect(files).toBe(0)
    expect(unread).toEqual([
      { url: app, message: 'a page instead of the file' },
      { url: 'https://example.com/b.js', message: 'status 503' },
      { url: 'https://example.com/c.js', message: 'status 403' },
    ])
  })

  it('what is behind the budget is left out, in the order of the URLs', async () => {
    const names = Array.from({ length: 13 }, (_, at) => `/s${String(at).padStart(2, '0')}.js`)
    const files = Object.fromEntries(
      names.map(name => [`https://example.com${name}`, { body: 'x'.repeat(1_000) } satisfies Served]),
    )
    const { asked, read } = site({ 'example.com': page(...names) }, files, '5kB')
    const { files: count, leftOut } = await read('example.com')
    expect(count).toBe(6)
    expect(leftOut).toEqual(['6 files after 6 files and 0 MB', '7 files after 6 files and 0 MB'])
    expect(asked.filter(url => url.endsWith('.js'))).toEqual(
      names.slice(0, 6).map(name => `https://example.com${name}`),
    )
  })

  it('a file that is cut is said to be left out, and no map is guessed for it', async () => {
    const { asked, read } = site({ 'example.com': page('/assets/app.js') }, { [app]: { body: 'a()', truncated: true } })
    expect((await read('example.com')).leftOut).toEqual([`${app} behind its first 0 MB`])
    expect(asked.filter(url => url.includes('app.js'))).toEqual([app])
  })

  it('of other sites, scripts of services and packages are left alone, and all others are read', async () => {
    const vendors = [
      'https://js.stripe.com/v3/',
      'https://unpkg.com/vue@3',
      'https://www.googletagmanager.com/gtm.js?id=1',
    ]
    const { asked, read } = site({ 'example.com': page('https://cdn.example.net/a.js', ...vendors) }, {})
    expect((await read('example.com')).unread).toEqual([{ url: 'https://cdn.example.net/a.js', message: 'status 404' }])
    expect(asked.filter(url => !url.startsWith('https://example.com/'))).toEqual(['https://cdn.example.net/a.js'])
  })

  const key = makeUp('sk_~live_51{A97}')
  const code = `const k="${key}"`
  it.each<[string, string, Record<string, Served>]>([
    [
      'a script sent as a page',
      '<script src=/a.js></script>',
      { 'https://example.com/a.js': { body: code, type: 'text/html' } },
    ],
    [
      'a name of the import map',
      '<script type=importmap>{"imports":{"app":"/a.js"}}</script><script type=module>import "app"</script>',
      { 'https://example.com/a.js': { body: code } },
    ],
    [
      'a module that the page imports',
      '<script>import("./a.js").then(x=>x.start())</script>',
      { 'https://example.com/a.js': { body: code } },
    ],
    [
      'a worker',
      '<script>new Worker(new URL("/w.js", location.href))</script>',
      { 'https://example.com/w.js': { body: code } },
    ],
    [
      'what a worker imports',
      '<script>navigator.serviceWorker.register("/sw.js")</script>',
      { 'https://example.com/sw.js': { body: 'importScripts("/x.js")' }, 'https://example.com/x.js': { body: code } },
    ],
    [
      'settings fetched as JSON',
      '<script>fetch("/config.json").then(r=>r.json())</script>',
      { 'https://example.com/config.json': { body: `{"stripe":{"secretKey":"${key}"}}`, type: 'application/json' } },
    ],
    [
      'a script of another site',
      '<script src=https://cdn.example.net/a.js></script>',
      { 'https://cdn.example.net/a.js': { body: code } },
    ],
  ])('a secret in %s', async (_name, body, files) => {
    const { hits } = await site({ 'example.com': `<!doctype html><title>Coach</title>${body}` }, files).read(
      'example.com',
    )
    expect(hits.map(hit => hit.rule)).toEqual(['stripe-secret-live'])
  })

  it('a map that the header names', async () => {
    const { read } = site(
      { 'example.com': page('/assets/app.js') },
      {
        [app]: { body: 'a()', headers: [['sourcemap', '/maps/x.map']] },
        'https://example.com/maps/x.map': { body: map('pay()'), type: 'application/json' },
      },
    )
    expect((await read('example.com')).maps.map(({ url }) => url)).toEqual(['https://example.com/maps/x.map'])
  })

  it('payment keys count in attributes and scripts, not in words', async () => {
    const test = makeUp('pk_~test_51{A24}')
    const paid = async (body: string) =>
      (await site({ 'example.com': `<!doctype html>${body}` }, {}).read('example.com')).payments.length
    expect(await paid(`<pre>Stripe("${test}")</pre><p>${test}</p><!-- ${test} -->`)).toBe(0)
    expect(await paid(`<button data-key="${test}">Pay</button>`)).toBe(1)
    expect(await paid(`<script>Stripe("${test}")</script>`)).toBe(1)
  })
})
