// Whose page a front page is that leads hardly anywhere: by signs that need no whole sentence of anybody's.
import { describe, expect, it } from 'vitest'
import { readDocument } from '../../../src/formats/html/document.ts'
import { enough, foreignSigns, foreignWords } from '../../../src/formats/html/whose-page.ts'

const weight = (title: string, body: string, lang = 'en'): number =>
  foreignSigns(
    readDocument(
      `<!doctype html><html lang="${lang}"><head><title>${title}</title></head><body>${body}</body></html>`,
      'https://example.com/',
    ),
  )?.weight ?? 0

describe('what is meant for whoever keeps a site', () =>
  it.each([
    [
      'an owner is spoken to, of a panel (Russian)',
      'Домен не связан с каталогом',
      '<h1>Домен не связан с каталогом</h1><p>Если вы являетесь владельцем сайта, откройте панель управления.</p><a href="https://kb.example.net/">Как</a>',
    ],
    [
      'a page as generated (Chinese)',
      '恭喜',
      '<h1>恭喜，站点已建立</h1><p>本页面 index.html 由系统生成，可以删除。</p>',
    ],
    [
      'named for its maker, whose pages it leads to',
      'Welcome to your new Petal site!',
      '<h1>Welcome to your new Petal site!</h1><a href="https://docs.petal.example.org/">Documentation</a><a href="/admin/">Admin</a>',
    ],
    [
      'begun, and leads to manuals alone',
      'Petal Stalk',
      '<h1>Congratulations</h1><p>Your first application is now running in its environment.</p><a href="https://docs.example.net/next">What’s next</a>',
    ],
    [
      'a program and its version, not set up',
      'PetalWiki 1.4.0',
      '<h1>PetalWiki 1.4.0</h1><p>Settings.php not found. Please <a href="/config/index.php">set up the wiki</a>.</p>',
    ],
    [
      'the way to run it on a developer’s machine',
      'coach-web',
      '<h1>Getting started with Petal</h1><p>Runs the app. Open <a href="http://localhost:3000">http://localhost:3000</a>.</p><pre>npm start</pre>',
    ],
    [
      'an answer of an interface',
      'Api Root',
      '<h1>Api Root</h1><pre>HTTP 200 OK Allow: GET, HEAD Content-Type: application/json</pre><a href="/clients/">clients</a>',
    ],
    [
      'numbers for whoever looks into a log',
      'Blocked',
      '<h1>Blocked</h1><p>Your address 203.0.113.7 is not allowed. Event ID: 71. Tell the webmaster.</p>',
    ],
  ])('%s', (_name, title, body) => expect(weight(title, body)).toBeGreaterThanOrEqual(enough.found)))

describe('what is meant for visitors', () =>
  it.each([
    [
      'a hoster',
      'Havn',
      '<h1>Hosting that answers the phone</h1><p>Your server, your DNS.</p><a href="/plans">Plans</a><a href="/help">Help</a>',
    ],
    [
      'a program’s own page',
      'tarn',
      '<h1>tarn</h1><p>A queue in one file.</p><pre>npm install tarn</pre><a href="/docs/">Docs</a>',
    ],
    [
      'an add-on for a shop',
      'Bundles for Petal',
      '<h1>Bundles for Petal</h1><a href="https://apps.petal.example.org/x">Add it</a>',
    ],
    [
      'a login',
      'Sign in · Coach',
      '<h1>Sign in</h1><form><input type="email"><input type="password"></form><a href="/reset">Forgot it</a>',
    ],
    [
      'links to others',
      'The Herons',
      '<h1>The Herons</h1><a href="https://music.example.net/h">Music</a><a href="https://film.example.org/h">Films</a>',
    ],
    [
      'a state of other things',
      'Museum',
      '<h1>Museum</h1><p>The north wing is closed until March.</p><a href="/visit">Visit</a>',
    ],
  ])('%s', (_name, title, body) => expect(weight(title, body)).toBeLessThan(enough.doubt)))

it('tells what it says first, of what is surely none of the product’s', () => {
  const page = (body: string) => readDocument(`<title>Blocked</title>${body}`, 'https://example.com/')
  expect(foreignWords(page('<h1>Blocked</h1><p>Your IP: 203.0.113.7. Event ID: 71. Tell the webmaster.</p>'))).toBe(
    'Blocked',
  )
  expect(foreignWords(page('<h1>Blocked drains</h1><p>Cleared the same day.</p>'))).toBeNull()
})
