import { describe, expect, it } from 'vitest'
import { readHtml } from '../../../src/formats/html/html.ts'
import {
  cssInsecureUrls,
  type MixedResource,
  mixedContent,
  mixedInConsole,
  withRequested,
} from '../../../src/formats/html/mixed-content.ts'

const found = (html: string, css = '') =>
  mixedContent(
    readHtml(html, 'https://example.com/'),
    css ? [{ url: 'https://example.com/a.css', text: css }] : [],
  ).map(item => `${item.kind} ${item.element} ${item.url}`)

describe('what a page asks for without encryption', () => {
  it.each([
    ['<script src="http://cdn.example/a.js">', ['active script http://cdn.example/a.js']],
    ['<link rel=stylesheet href="http://cdn.example/a.css">', ['active stylesheet http://cdn.example/a.css']],
    ['<img src="http://cdn.example/a.png">', ['passive image http://cdn.example/a.png']],
    [
      '<img src="http://cdn.example/a.png"><img src="http://cdn.example/a.png">',
      ['passive image http://cdn.example/a.png'],
    ],
    ['<form action="http://example.com/go"></form>', ['form form http://example.com/go']],
    ['<style>p{background:url(http://cdn.example/b.png)}</style>', ['passive style http://cdn.example/b.png']],
    ['<video><track src="http://a.example/x.vtt"></video>', ['active track http://a.example/x.vtt']],
    ['<script>fetch("http://api.example/x")</script>', ['active fetch http://api.example/x']],
    ['<script>$.ajax({ type: "POST", url: "http://api.example/x" })</script>', ['active fetch http://api.example/x']],
    ['<script>fetch(new Request("http://api.example/x"))</script>', ['active fetch http://api.example/x']],
    ['<script>jQuery.getScript("http://api.example/x.js")</script>', ['active fetch http://api.example/x.js']],
    ['<script>axios.create({ baseURL: "http://api.example/v1" })</script>', ['active fetch http://api.example/v1']],
    ['<script>new WebSocket("ws://api.example/x")</script>', ['active fetch ws://api.example/x']],
    ['<img srcset="http://cdn.example/a.png 2x">', ['active srcset http://cdn.example/a.png']],
    ['<p style="background:url(http://cdn.example/b.png)">', ['passive style http://cdn.example/b.png']],
    ['<svg><image href="http://cdn.example/c.png"/></svg>', ['passive image http://cdn.example/c.png']],
    ['<svg><use xlink:href="http://cdn.example/i.svg#a"/></svg>', ['active object http://cdn.example/i.svg#a']],
    [
      '<iframe srcdoc="&lt;script src=http://cdn.example/a.js&gt;&lt;/script&gt;"></iframe>',
      ['active script http://cdn.example/a.js'],
    ],
    ['<script type=module>import "http://cdn.example/m.js"</script>', ['active fetch http://cdn.example/m.js']],
    ['<script type=module>import{a}from"http://cdn.example/m.js"</script>', ['active fetch http://cdn.example/m.js']],
    ['<script>navigator.sendBeacon("http://api.example/x","")</script>', ['active fetch http://api.example/x']],
    [
      '<form action=/in><button formaction="http://example.com/go"></button></form>',
      ['form form http://example.com/go'],
    ],
    ['<script src="http://localhost.example.com/a.js"></script>', ['active script http://localhost.example.com/a.js']],
    ['<script src="http://127.0.0.1.example.com/a.js"></script>', ['active script http://127.0.0.1.example.com/a.js']],
    ['<img src="http://app.localhost/a.png">', []],
    ['<script>const example = "http://api.example/x"</script>', []],
    [
      '<link rel=preload as=image imagesrcset="http://cdn.example/a.png 2x">',
      ['active preload http://cdn.example/a.png'],
    ],
    ['<link rel=preload as=image href="http://cdn.example/a.png">', ['passive preload http://cdn.example/a.png']],
    ['<link rel=preload as=script href="http://cdn.example/a.js">', ['active preload http://cdn.example/a.js']],
    [
      '<style>p{background:-webkit-image-set("http://cdn.example/1.png" 1x, url(http://cdn.example/2.png) 2x);color:red}</style>',
      ['passive style http://cdn.example/1.png', 'passive style http://cdn.example/2.png'],
    ],
    [
      '<script>var s=document.createElement("script");s.src="http://cdn.example/tag"</script>',
      ['active script http://cdn.example/tag'],
    ],
    ['<script>new Image().src="http://t.example/p?x=1"</script>', ['passive script http://t.example/p?x=1']],
    [
      `<script>document.write('<script src="http://cdn.example/w.js"><\\/script>')</script>`,
      ['active script http://cdn.example/w.js'],
    ],
    [
      `<script>b.insertAdjacentHTML("beforeend",'<iframe src="http://chat.example/">')</script>`,
      ['active script http://chat.example/'],
    ],
    ['<script>const help=\'<img src="http://cdn.example/a.png">\'</script>', []],
    ['<script>el.src="http://cdn.example/a.js"</script>', ['active script http://cdn.example/a.js']],
    ['<script>location.href="http://example.org/a.html"; a.href="http://example.org/"</script>', []],
    [
      '<script>navigator.serviceWorker.register("http://example.com/sw.js")</script>',
      ['active service worker http://example.com/sw.js'],
    ],
    ['<img src="//cdn.example/a.png"><a href="http://example.org/">link</a>', []],
    ['<img src="http://localhost:3000/a.png"><img src="http://127.0.0.1/a.png"><img src="http://[::1]/a.png">', []],
  ])('%s', (html, expected) => expect(found(html)).toEqual(expected))

  it('counts what its stylesheets load', () =>
    expect(found('<p>', '@font-face{src:url(http://f.example/a.woff)}')).toEqual([
      'active stylesheet http://f.example/a.woff',
    ]))
})

it.each([
  ['@import "http://a.example/x.css"; p{}', [['http://a.example/x.css', 'active']]],
  ["@import url('http://a.example/x.css')", [['http://a.example/x.css', 'active']]],
  ["p{background:url('http://a.example/x y.png')}", [['http://a.example/x%20y.png', 'passive']]],
  ['/* url(http://a.example/x.png) */ p{background:url(/x.png)}', []],
  ['p{background:url(data:image/png;base64,AA==)}', []],
])('in CSS: %s', (css, expected) =>
  expect(cssInsecureUrls(css, 'https://example.com/a.css').map(item => [item.url, item.kind])).toEqual(expected),
)

it('what scripts ask for stands beside it, once', () => {
  const served: MixedResource[] = [{ kind: 'active', element: 'script', url: 'http://a.example/x?y' }]
  const same: MixedResource = { kind: 'active', element: 'script', url: 'http://a.example/x' }
  const other: MixedResource = { kind: 'passive', element: 'image', url: 'http://a.example/x' }
  expect(withRequested(served, [same, other])).toEqual([...served, other])
})

it.each([
  [
    "Mixed Content: The page at 'https://example.com/' was loaded over HTTPS, but requested an insecure script 'http://a.example/x.js'. This request has been blocked",
    { kind: 'active', element: 'script', url: 'http://a.example/x.js' },
  ],
  [
    "Mixed Content: The page at 'https://example.com/' was loaded over HTTPS, but requested an insecure element 'http://a.example/x.png'. This request was automatically upgraded",
    { kind: 'passive', element: 'element', url: 'http://a.example/x.png' },
  ],
  ['Uncaught TypeError: x is not a function', null],
])('the console: %s', (message, expected) => expect(mixedInConsole(message)).toEqual(expected))
