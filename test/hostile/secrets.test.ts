// A live key planted in thirty places of a site: it stands in nothing that leaves.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { auditWorld } from '../support/lab-audit.ts'

const key = ['sk', 'live', '51H8xYzAbCdEfGhIjKlMnOpQrStUvWx'].join('_')
const inUrl = encodeURIComponent(`a/${key}`)
const inBase64 = Buffer.from(`key="${key}"`).toString('base64')
const inNumbers = [...key].map(character => `&#${character.codePointAt(0)};`).join('')
const inHex = [...key].map(character => `&#x${character.codePointAt(0)!.toString(16)};`).join('')

/** Thirty places, in the page and around it. */
const inPage = [
  `<title>Coach ${key}</title>`,
  `<meta name=description content="${key}">`,
  `<meta property="og:title" content="${key}">`,
  `<!-- ${key} -->`,
  `<script>const stripe = "${key}"</script>`,
  `<script>window.config = {"stripeSecretKey":"${key}"}</script>`,
  `<script type=application/json>{"key":${JSON.stringify(key)}}</script>`,
  `<style>a::after { content: "${key}" }</style>`,
  `<div data-key="${key}"></div>`,
  `<a href="/pay?key=${key}">pay</a>`,
  `<a href="/a#${key}">${key}</a>`,
  `<img src="/a.png?${key}" alt="${key}">`,
  `<form action="/login?key=${key}" method=post><input type=hidden name=k value="${key}"><input type=password name=p></form>`,
  `<button aria-label="${key}">a</button>`,
  `<p>${key}</p>`,
  `<p>${inNumbers}</p>`,
  `<p>${inHex}</p>`,
  `<a href="/q?k=${inUrl}">q</a>`,
  `<img src="data:text/plain;base64,${inBase64}">`,
  `<iframe src="/f?${key}"></iframe>`,
  `<link rel=preload href="/p.js?${key}">`,
]

let folder = ''
const left: { name: string; text: string }[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'planted-'))
  const running = await startWorld(
    loadWorld(
      stringify({
        name: 'planted',
        domain: 'coachdash.example',
        zones: {
          'coachdash.example': {
            servers: ['192.0.2.53'],
            records: `@ NS ns1\nns1 A 192.0.2.53\n@ A 192.0.2.10\nwww A 192.0.2.10\n@ TXT key=${key}\n@ TXT v=spf1 -all`,
          },
        },
        hosts: {
          'coachdash.example': {
            headers: {
              'x-debug': key,
              'set-cookie': `session=${key}; Path=/`,
              server: `nginx ${key}`,
              link: `</a?${key}>; rel=preload`,
              'content-security-policy': `default-src 'self'; report-uri /csp?key=${key}`,
            },
            routes: {
              '/': { body: `<!doctype html><html lang=en>${inPage.join('\n')}<script src=/app.js></script>` },
              '/app.js': {
                body: `const k = '${key}'; fetch('https://api.coachdash.example/?k=${key}')`,
                type: 'text/javascript',
              },
              '/robots.txt': { body: `User-agent: *\nDisallow: /${key}`, type: 'text/plain' },
              '/.well-known/security.txt': { body: `Contact: mailto:a@b.test\n# ${key}`, type: 'text/plain' },
              '/.env': { body: `STRIPE_SECRET_KEY=${key}\n`, type: 'text/plain' },
              '/login': { redirect: `/${key}` },
            },
          },
        },
        files: {
          '.env.production': `STRIPE_SECRET_KEY=${key}\n`,
          'src/pay.ts': `export const stripe = "${key}"\n`,
          'package.json': `{"name":"a","scripts":{"start":"KEY=${key} node ."}}`,
        },
        args: ['--timeout', '1'],
      }),
    ),
  )
  const at = (name: string): string => join(folder, name)
  const formats = ['markdown', 'html', 'sarif', 'junit', 'csv', 'github'].flatMap(format => [
    '--report',
    `${format}:${at(`report.${format}`)}`,
  ])
  try {
    const { report, err } = await auditWorld(running, [
      '--fail-on',
      'never',
      '--verbose',
      '--save-facts',
      at('facts.json'),
      '--out',
      at('out'),
      ...formats,
    ])
    left.push({ name: 'report', text: JSON.stringify(report) }, { name: 'standard error', text: err })
    for (const name of readdirSync(folder, { recursive: true }) as string[])
      if (statSync(at(name)).isFile()) left.push({ name, text: readFileSync(at(name), 'utf8') })
  } finally {
    await running.close()
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a key in thirty places', () => {
  it('was seen', () => {
    expect(inPage.length + 9).toBeGreaterThanOrEqual(30)
    expect(left.length).toBeGreaterThan(8)
    expect(left[0]!.text).toContain('sk_l')
  })

  it.each([
    ['as it is', key],
    ['without its beginning', key.slice(8)],
    ['in a URL', inUrl],
    ['in base64', inBase64.slice(8, -8)],
    ['in numbers', inNumbers],
    ['in hex', inHex],
  ])('stands nowhere %s', (_, text) => {
    expect(left.filter(item => item.text.includes(text)).map(({ name }) => name)).toEqual([])
  })

  it('facts are for their owner alone', () => {
    expect(statSync(join(folder, 'facts.json')).mode & 0o777).toBe(0o600)
  })
})
