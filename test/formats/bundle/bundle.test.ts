// What scripts say of further files, of payment accounts, of developers' machines and of libraries; and that 5 MB are read quickly.
import { describe, expect, it } from 'vitest'
import { chunkUrls, mappedSources, sourceMapReference } from '../../../src/formats/bundle/bundle.ts'
import { developmentAddress, developmentEndpoints } from '../../../src/formats/bundle/development-endpoints.ts'
import {
  advisoriesOf,
  isLibraryFile,
  libraryOfUrl,
  libraryVersions,
} from '../../../src/formats/bundle/library-versions.ts'
import { paymentKeys } from '../../../src/formats/bundle/payment-keys.ts'
import { scanText } from '../../../src/formats/secrets/scan.ts'
import { makeUp, randomFrom } from '../../support/made-up-secrets.ts'
import { leastTime } from '../../support/processor-time.ts'

const site = (host: string): boolean => host === 'example.com' || host.endsWith('.example.com')

describe('lazy chunks', () => {
  it.each([
    ['an import', 'import("./a-1.js");import("b.js");import(x)', '/assets/index.js', ['/assets/a-1.js']],
    ['a static import', 'import{a as b}from"./c.js";', '/assets/index.js', ['/assets/c.js']],
    ['Vite', 'm.f=["assets/d-2.js","assets/d-2.css"]', '/app/assets/index.js', ['/app/assets/d-2.js']],
    [
      'Next.js',
      'c=["static\\u002Fchunks\\u002Fpages\\u002F_app-9.js"]',
      '/_next/static/x/_buildManifest.js',
      ['/_next/static/chunks/pages/_app-9.js'],
    ],
    [
      'webpack',
      'r.u=e=>"js/"+({7:"pay"}[e]||e)+"."+{7:"aa",8:"bb"}[e]+".js";r.p="/x/"',
      '/x/js/main.js',
      ['/x/js/8.bb.js', '/x/js/pay.aa.js'],
    ],
    ['Parcel', 'import(new URL("pay.1a2b.js",import.meta.url).href)', '/index.9.js', ['/pay.1a2b.js']],
    [
      'Parcel’s manifest',
      'a("dQ1").register(JSON.parse(\'["aB1c","index.9.js","xY2z","about.7c.js"]\'))',
      '/index.9.js',
      ['/about.7c.js'],
    ],
    ['none', 'const a="readme.js",b="https://cdn.example.org/x.js"', '/assets/index.js', []],
  ])('%s', (_, text, path, expected) => {
    expect(chunkUrls(text, `https://example.com${path}`)).toEqual(expected.map(item => `https://example.com${item}`))
  })
})

describe('source maps', () => {
  it('reads the reference in the last lines alone', () => {
    expect(sourceMapReference('a()\n//# sourceMappingURL=a.js.map\n')).toBe('a.js.map')
    expect(sourceMapReference('a{}/*# sourceMappingURL=a.css.map */')).toBe('a.css.map')
    expect(sourceMapReference('"sourceMappingURL=" + name')).toBeNull()
  })
  it('tells own sources from packages, and maps from other JSON', () => {
    const map = (sources: string[]) =>
      JSON.stringify({ version: 3, sources, sourcesContent: sources.map(() => 'x'), mappings: 'AAAA' })
    const own = (text: string) =>
      mappedSources(text)
        ?.filter(source => source.own)
        .map(source => source.name)
    expect(own(map(['../src/a.ts', '../node_modules/b/c.js', 'webpack://app/webpack/runtime/d']))).toEqual([
      '../src/a.ts',
    ])
    expect(own(map(['webpack://app/./src/a.ts']))).toEqual(['app/./src/a.ts'])
    expect(mappedSources('{"version":3,"sources":["a"],"mappings":""}')).toEqual([])
    expect(mappedSources('{"name":"app","version":3}')).toBeNull()
    expect(mappedSources(`${'['.repeat(200_000)}`)).toBeNull()
    expect(mappedSources('<!doctype html>')).toBeNull()
  })
})

describe('development endpoints', () => {
  const found = (text: string) => developmentEndpoints(text, site).map(item => `${item.kind} ${item.endpoint}`)
  it.each([
    ['a call', 'fetch("http://localhost:3000/api")', 'local http://localhost:3000'],
    ['a setting', 'const c={apiUrl:"http://127.0.0.1:8000"}', 'local http://127.0.0.1:8000'],
    ['a variable that was not set', 'const API_URL=(void 0)??"http://localhost:4000"', 'local http://localhost:4000'],
    ['axios', 'axios.create({baseURL:"http://192.168.1.20/api"})', 'private http://192.168.1.20'],
    ['a socket', 'new WebSocket("ws://localhost:8080")', 'local ws://localhost:8080'],
    ['a tunnel', 'x("https://ab12.ngrok-free.app/hook")', 'tunnel https://ab12.ngrok-free.app'],
    [
      'a preview',
      'fetch("https://coach-git-main-team.vercel.app/api")',
      'preview https://coach-git-main-team.vercel.app',
    ],
    ['a minified name', 'const Nn="http://localhost:5000";a=()=>fetch(`${Nn}/users`)', 'local http://localhost:5000'],
    [
      'a minified fallback',
      'const X={}.VITE_API_URL||"http://localhost:5000",q=t=>A.get(X+"/i")',
      'local http://localhost:5000',
    ],
    ['a minified client', 'A.get("http://localhost:5000/items")', 'local http://localhost:5000'],
    ['tRPC', 'x({links:[y({url:"http://localhost:3000/api/trpc"})]})', 'local http://localhost:3000'],
    ['Supabase on this machine', 'var s=createClient("http://127.0.0.1:54321",k)', 'local http://127.0.0.1:54321'],
    [
      'a call whose failure is hidden',
      'try{return await(await fetch("http://localhost:3000/products")).json()}catch{return[]}',
      'local http://localhost:3000',
    ],
    [
      'a call whose failure is told',
      'try{await fetch("http://127.0.0.1:21777/login")}catch(e){setError(e)}',
      'local http://127.0.0.1:21777',
    ],
    ['a base', 'window.__NUXT__.config={public:{apiBase:"http://localhost:3001"}}', 'local http://localhost:3001'],
    ['an emulator', 'connectAuthEmulator(a,"http://127.0.0.1:9099")', 'local http://127.0.0.1:9099'],
    ['an emulator by host and port', 'connectFirestoreEmulator(db,"localhost",8080)', 'local http://localhost:8080'],
    ['plain http', 'fetch("http://api.example.com/v1")', 'plain-http http://api.example.com'],
  ])('%s', (_, text, expected) => expect(found(text)).toEqual([expected]))
  it.each([
    [
      'a wallet’s bridge',
      'async function d(){try{return await(await fetch("http://127.0.0.1:21325/enumerate",{method:"POST"})).json()}catch{return null}}',
    ],
    ['a program that may not be there', 'try{ok=(await fetch("http://127.0.0.1:17556/status")).ok}catch(e){}'],
    [
      'a program that is asked for, in words',
      'try{await fetch("http://127.0.0.1:18622/api/status")}catch{show("Start the printer bridge")}',
    ],
    ['a printer', 'fetch("http://localhost:9101/available").then(show).catch(()=>null)'],
    ['a name that nothing calls', 'var Yt="http://localhost:3000";export{Yt as D}'],
    ['a url without a path', 'defaults={url:"http://localhost:3000"}'],
    ['a comparison', 'if(location.origin==="http://localhost:3000")go()'],
    ['a choice', 'const apiUrl=location.hostname==="localhost"?"http://localhost:3000":"https://api.example.com"'],
    ['both settings', 'c={a:{apiUrl:"http://localhost:3000"},b:{apiUrl:"https://api.example.com"}}'],
    ['a base for relative addresses', 'new URL(e,"http://localhost")'],
    ['a library’s default', 'const url=process.env.X||"http://localhost:9999"'],
    ['an emulator for developers', 'location.hostname==="localhost"&&connectFirestoreEmulator(db,"localhost",8080)'],
    ['a comment', '// fetch("http://localhost:3000")'],
    ['a namespace', 'createElementNS("http://www.w3.org/2000/svg")'],
    ['another host over http', 'fetch("http://example.org/")'],
  ])('not %s', (_, text) => expect(found(text)).toEqual([]))
  it('knows them in markup', () => {
    expect(developmentAddress('http://localhost:3000/session')?.kind).toBe('local')
    expect(developmentAddress('https://app.example.com/session')).toBeNull()
  })
})

describe('payment keys', () => {
  const modes = (text: string) =>
    paymentKeys(text, scanText(text, { path: '/app.js', where: 'bundle' })).map(item => `${item.provider} ${item.mode}`)
  it.each([
    ['pk_~test_{A24}', 'Stripe test'],
    ['pk_~live_{A24}', 'Stripe live'],
    ['test~_{h27}', 'Paddle test'],
    ['live~_{h27}', 'Paddle live'],
    ['rcb_~sb_{A24}', 'RevenueCat test'],
    ['rzp_~test_{A14}', 'Razorpay test'],
    ['mollie","test~_{A30}', 'Mollie test'],
    ['sandbox~_{l8}_{l16}', 'Braintree test'],
  ])('%s', (template, expected) => expect(modes(`start("${makeUp(template)}")`)).toEqual([expected]))
  it('knows sandboxes by their addresses and modes', () => {
    expect(modes('<script src="https://www.paypal.com/sdk/js?client-id=sb&currency=EUR">')).toEqual(['PayPal test'])
    expect(modes('Paddle.Environment.set("sandbox")')).toEqual(['Paddle test'])
    expect(modes('lemonSqueezy({store:1,testMode:!0})')).toEqual(['Lemon Squeezy test'])
    expect(
      modes('const envs={sandbox:"https://www.sandbox.paypal.com",live:"https://www.paypal.com"};x({testMode:!0})'),
    ).toEqual([])
    expect(modes('loadScript("https://www.sandbox.paypal.com/sdk/js?client-id=AZ1x")')).toEqual(['PayPal test'])
    expect(modes('const base=sandbox?"https://www.sandbox.paypal.com/sdk/js":a')).toEqual([])
    expect(modes('"pk_test_your_key_here"')).toEqual([])
    expect(modes('Mollie("pfl_3RkSN1zuPE",{locale:"en",testmode:true})')).toEqual(['Mollie test'])
    expect(modes('GoCardlessDropin.create({environment:"sandbox"})')).toEqual(['GoCardless test'])
    expect(modes('<script src="https://js.playground.klarna.com/web-sdk/v1/klarna.js">')).toEqual(['Klarna test'])
    expect(modes('u={test:"https://pay-sandbox.gocardless.com/",live:"https://pay.gocardless.com/"}')).toEqual([
      'GoCardless test',
      'GoCardless live',
    ])
    expect(modes('<a href="https://www.klarna.com/terms">x</a>')).toEqual([])
  })
})

describe('libraries', () => {
  it.each([
    ['/*! jQuery v3.4.1 | (c) JS Foundation */', 'jquery 3.4.1'],
    ['/*! jQuery UI - v1.12.1 - 2016', 'jquery-ui 1.12.1'],
    ['* Bootstrap v4.1.3 (https://getbootstrap.com/)', 'bootstrap 4.1.3'],
    ['AngularJS v1.6.9\n', 'angular 1.6.9'],
    ['h="__lodash_hash_undefined__";An.VERSION="4.17.15"', 'lodash 4.17.15'],
    ['f.version="2.29.1",t=W,f.fn=Mn', 'moment 2.29.1'],
    ['/*! @license DOMPurify 2.3.0 | (c) Cure53', 'dompurify 2.3.0'],
    ['window.next={version:"15.2.0",appDir:!0}', 'next 15.2.0'],
    ['/** @license React v16.4.0\n * react-dom.production.min.js', 'react-dom 16.4.0'],
  ])('%s', (text, expected) => {
    expect(libraryVersions(text).map(item => `${item.library} ${item.version}`)).toEqual([expected])
  })
  it('names none without a version, and none by a version alone', () => {
    expect(libraryVersions('jQuery, lodash and moment; version="4.17.15"; /*! jQuery v4.0.0-beta.2 | (c)')).toEqual([])
  })
  it.each([
    ['https://cdnjs.cloudflare.com/ajax/libs/jquery/1.12.4/jquery.min.js', 'jquery 1.12.4'],
    ['https://cdn.jsdelivr.net/npm/bootstrap@4.3.0/dist/js/bootstrap.min.js', 'bootstrap 4.3.0'],
    ['https://example.com/js/jquery-3.4.1.slim.min.js', 'jquery 3.4.1'],
  ])('%s', (url, expected) => {
    const found = libraryOfUrl(url)
    expect(`${found?.library} ${found?.version}`).toBe(expected)
  })
  it('takes no other address for a library', () => {
    expect(libraryOfUrl('https://example.com/v/1.2.3/app.js')).toBeNull()
    expect(libraryOfUrl('https://cdn.jsdelivr.net/npm/my-bootstrap@1.0.0/index.js')).toBeNull()
    expect(isLibraryFile('https://example.com/js/jquery.min.js')).toBe(true)
    expect(isLibraryFile('https://example.com/js/app.min.js')).toBe(false)
  })
  it('compares versions with the table', () => {
    const ids = (library: string, version: string) => advisoriesOf({ library, version }).map(row => row.advisory)
    expect(ids('jquery', '3.5.0')).toEqual([])
    expect(ids('jquery', '3.4.1')).toEqual(['GHSA-gxr4-xjj5-5px2'])
    expect(ids('bootstrap', '4.3.1')).toEqual([])
    expect(ids('bootstrap', '3.4.1')).toEqual([])
    expect(ids('next', '14.2.25')).toEqual([])
    expect(ids('next', '15.2.5')).toEqual(['GHSA-9qr9-h5gf-34mp'])
    expect(ids('left-pad', '0.0.1')).toEqual([])
  })
})

it('reads 5 MB of minified script in less than half a second', () => {
  const random = randomFrom(5)
  const words = [
    'function',
    'return',
    'this.state',
    'e.apiKey',
    '"token"',
    'n=>',
    '{a:1}',
    'https://example.com/x',
    '"4.17.2"',
    'localhost',
  ]
  const parts: string[] = []
  let length = 0
  while (length < 5 * 1024 * 1024) {
    const word = `${words[Math.floor(random() * words.length)]}${Math.floor(random() * 1e6).toString(36)};`
    parts.push(word)
    length += word.length
  }
  const text = parts.join('')
  const url = 'https://example.com/_next/static/chunks/a.js'
  scanText(text.slice(0, 200_000), { path: '/a.js', where: 'bundle' })
  const read = (): void => {
    const hits = scanText(text, { path: '/a.js', where: 'bundle' })
    paymentKeys(text, hits)
    developmentEndpoints(text, site)
    libraryVersions(text)
    chunkUrls(text, url)
  }
  expect(leastTime(500, read)).toBeLessThan(500)
})
