// Reading pages: what is found in them, and that no page makes the reader fail.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../../src/formats/html/document.ts'
import { isHtml, readHtml } from '../../../src/formats/html/html.ts'
import { srcsetUrls } from '../../../src/formats/html/srcset.ts'
import { metaPolicies } from '../../../src/formats/http/csp.ts'

const at = 'https://example.com/a/'
const read = (html: string) => readHtml(html, at)

describe('a page', () => {
  it('is read with its title, language, text, links and canonical address', () => {
    const page = read(
      '<html lang=de><head><title> Plans\n for coaches </title><link rel=canonical href=/plans></head><body><h1>Plans</h1><a href="b?x=1" rel=nofollow>Sign <b>up</b></a><a aria-label="Home" href="/"></a><a>none</a><noscript>hidden</noscript></body></html>',
    )
    expect(page).toMatchObject({
      title: 'Plans for coaches',
      lang: 'de',
      canonical: 'https://example.com/plans',
      text: 'Plans Sign up none',
      links: [
        { url: 'https://example.com/a/b?x=1', text: 'Sign up', rel: 'nofollow' },
        { url: 'https://example.com/', text: 'Home', rel: '' },
      ],
    })
  })

  it('is read against its first base', () => {
    const page = read('<base href="https://cdn.example/x/"><base href="https://other.example/"><a href="y">y</a>')
    expect(page.base).toBe('https://cdn.example/x/')
    expect(page.links[0]?.url).toBe('https://cdn.example/x/y')
  })

  it('has its meta elements by name, property and http-equiv', () => {
    expect(
      read('<meta name=Robots content=noindex><meta property=og:title content=T><meta http-equiv=Refresh content="0">')
        .metas,
    ).toEqual([
      { name: 'robots', content: 'noindex', httpEquiv: false },
      { name: 'og:title', content: 'T', httpEquiv: false },
      { name: 'refresh', content: '0', httpEquiv: true },
    ])
  })

  it('has its inline scripts and styles', () => {
    const page = read(
      '<script id=d type=application/json nonce=n>{"a":"<b>"}</script><script src=/a.js>x</script><style>p{}</style>',
    )
    expect(page.inlineScripts).toEqual([{ text: '{"a":"<b>"}', type: 'application/json', id: 'd', nonce: 'n' }])
    expect(page.inlineStyles).toEqual(['p{}'])
  })
})

it('no page makes the reader fail', () => {
  const names = ['a', 'form', 'input', 'link', 'script', 'title', 'constructor', '__proto__', 'toString', 'p']
  const attributes = ['href', 'src', 'rel', 'type', 'action', 'name', 'constructor', '__proto__']
  const tag = fc
    .tuple(fc.constantFrom('<', '</'), fc.constantFrom(...names), fc.constantFrom(...attributes), fc.string())
    .map(([open, name, attribute, value]) => `${open}${name} ${attribute}="${value}">`)
  fc.assert(
    fc.property(fc.array(fc.oneof(tag, fc.string()), { maxLength: 40 }), parts => {
      const page = read(parts.join(''))
      expect(page.resources.every(item => typeof item.kind === 'string' && URL.canParse(item.url))).toBe(true)
    }),
  )
})

describe('resources', () => {
  it.each([
    ['<script src="/a.js" integrity="sha384-x">', [['script', '/a.js']]],
    [
      '<img src=/a.png srcset="/b.png 2x, /c.png 3x">',
      [
        ['image', '/a.png'],
        ['image', '/b.png'],
        ['image', '/c.png'],
      ],
    ],
    [
      '<video src=/v.mp4 poster=/p.png>',
      [
        ['media', '/v.mp4'],
        ['image', '/p.png'],
      ],
    ],
    ['<iframe src=/f>', [['frame', '/f']]],
    ['<object data=/o>', [['object', '/o']]],
    ['<input type=image src=/i.png>', [['image', '/i.png']]],
    ['<input type=text src=/i.png>', []],
    ['<link rel="alternate stylesheet" href=/s.css>', [['stylesheet', '/s.css']]],
    ['<link rel=icon href=/i.ico>', [['icon', '/i.ico']]],
    ['<link rel=modulepreload href=/m.js>', [['script', '/m.js']]],
    ['<link rel=next href=/2>', []],
    ['<img src="http://[">', []],
    ['<img src="">', []],
    ['<constructor src=/a.js><link rel=constructor href=/b>', []],
  ])('%s', (html, expected) => expect(read(html).resources.map(item => [item.kind, item.written])).toEqual(expected))

  it.each([
    ['/a.png', ['/a.png']],
    ['/a.png 1x, /b.png 2x', ['/a.png', '/b.png']],
    ['data:image/png;base64,AA== 1x, /b.png 300w', ['data:image/png;base64,AA==', '/b.png']],
    ['', []],
  ])('of srcset %j', (value, urls) => expect(srcsetUrls(value)).toEqual(urls))
})

describe('forms', () => {
  it('have their fields, method and absolute action', () => {
    const [form] = read(
      '<form method=POST action=../go><input name=q value=1><select name=s></select><textarea name=t></textarea><button>Go</button></form>',
    ).forms
    expect(form).toMatchObject({ action: 'https://example.com/go', method: 'post' })
    expect(form?.inputs.map(input => [input.type, input.name, input.value])).toEqual([
      ['input', 'q', '1'],
      ['select', 's', ''],
      ['textarea', 't', ''],
      ['submit', '', ''],
    ])
  })

  it('post to the page itself where no action is written, and are by script around a lone password', () => {
    expect(read('<form></form>').forms).toMatchObject([{ action: at, method: 'get' }])
    expect(read('<input type=text><input type=password>').forms).toMatchObject([
      { action: at, method: 'script', inputs: [{ type: 'password' }] },
    ])
  })
})

it.each([
  ['text/html', true],
  [' TEXT/HTML; charset=utf-8', true],
  ['application/xhtml+xml', true],
  ['text/htmlx', false],
  ['application/json', false],
  [null, false],
])('%s is HTML: %s', (type, expected) => expect(isHtml(type)).toBe(expected))

describe('a policy in a meta element', () => {
  const policy = '<meta http-equiv="Content-Security-Policy" content="default-src https:">'
  it.each([
    ['in the head', `<html><head><title>a</title>${policy}</head><body><p>a</p></body></html>`, 1],
    ['behind the head, before anything is drawn', `<head></head>${policy}<body>`, 1],
    ['behind scripts and noscript', `<script>1</script><noscript><img src=a></noscript>${policy}`, 1],
    ['in the body', `<head></head><body>${policy}<p>a</p></body>`, 0],
    ['behind an element that begins the body', `<div>a</div>${policy}`, 0],
    ['behind text', `Hello ${policy}`, 0],
  ])('%s', (_, html, count) => {
    expect(metaPolicies(readHtml(html, 'https://example.com/'))).toHaveLength(count)
    expect(readDocument(html, 'https://example.com/').policies).toHaveLength(count)
  })
})
