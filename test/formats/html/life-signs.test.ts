// Signs of life on a page, and what is said of one that has none.
import { describe, expect, it } from 'vitest'
import { type PageDocument, readDocument } from '../../../src/formats/html/document.ts'
import {
  bareWords,
  emptyMiddle,
  isLifeless,
  isUndrawn,
  stateWords,
  unfilledMark,
} from '../../../src/formats/html/life-signs.ts'
import { toolOf } from '../../../src/formats/html/tool-page.ts'

const page = (body: string, head = '<title>CoachDash</title>'): PageDocument =>
  readDocument(`<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>`, 'https://example.com/')

const nav =
  '<header><a href="/">CoachDash</a><nav><a href="/pricing">Pricing</a><a href="/login">Log in</a></nav></header>'
const foot = '<footer><a href="/terms">Terms</a><p>© 2026 CoachDash</p></footer>'

describe('a page without signs of life that speaks of a state', () =>
  it.each([
    ['itself', '<h1>This site has moved</h1><p>Please update your bookmarks.</p>'],
    ['who looks at it', '<h1>You have been logged out</h1>'],
    ['a browser', '<h1>Unsupported browser</h1>'],
    ['a program', 'Server is running on port 8080'],
    ['a word of a program', 'OK'],
    ['an error of a program', '<h1>Postgrex.Error</h1><pre>tcp connect (db:5432): connection refused</pre>'],
    ['nothing', '<p>There is nothing here yet.</p>'],
    ['an end', '<h1>Coaching has shut down</h1><p>The service ended on 31 October.</p>'],
    ['work in progress', '<p>Redirecting…</p>'],
    ['a pause', '<h1>We are doing some work</h1><p>Coaching is offline while we move. Thanks for your patience.</p>'],
  ])('%s', (_name, body) => expect(stateWords(page(body))).not.toBeNull()))

describe('a page without signs of life that speaks of other things', () =>
  it.each([
    ['a name and a claim', '<h1>Hagedorn</h1><p>Organs since 1874.</p>'],
    ['who mends it', '<h1>Your site is down. We bring it back.</h1>'],
    ['an app for it', '<h1>Outage</h1><p>The app that tells your neighbours when the power is down.</p>'],
    ['a place', '<h1>The Server Room</h1><p>Cocktails in the basement. Open Thursday to Saturday.</p>'],
    ['a poem', '<p>The server sleeps, the lights are low, no packet moves, no fans that blow</p>'],
    ['what ran out', '<h1>Passport expired</h1><p>Come back in an hour.</p>'],
    ['a lesson', '<h1>How to read a traceback</h1><p>NameError on line 3</p>'],
    ['a question', '<h1>Is your server running?</h1>'],
    ['a mode', '<h1>Notes</h1><p>It keeps what you write when you are offline.</p>'],
  ])('%s', (_name, body) => expect(stateWords(page(body))).toBeNull()))

describe('signs of life', () => {
  it.each([
    ['a page of its own', '<p>The server is down.</p><a href="/pricing">Pricing</a>'],
    ['somebody to reach', '<p>The server is down.</p><a href="mailto:a@example.com">Write</a>'],
    ['something to fill in', '<p>The server is down.</p><form><input name="email"></form>'],
    ['much to read', `<p>${'The server is down. '.repeat(40)}</p>`],
  ])('%s', (_name, body) => {
    expect(isLifeless(page(body))).toBe(false)
    expect(stateWords(page(body))).toBeNull()
  })

  it('a script may put others in the place of few words', () => {
    const waiting = page('<div id="app">Starting</div><script src="/app.js"></script>')
    expect([isUndrawn(waiting), stateWords(waiting), bareWords(waiting)]).toEqual([true, null, null])
    expect(isUndrawn(page('<p>Starting</p><script>setTimeout(() => location.reload(), 5000)</script>'))).toBe(false)
  })

  it('of few words it tells the first, unless somebody can be reached', () => {
    expect(bareWords(page('<h1>Ada</h1><p>Writes.</p>'))).toBe('Ada')
    expect(bareWords(page('<h1>Ada</h1><p>Call +44 20 7946 0000</p>'))).toBeNull()
  })
})

describe('a frame around nothing', () =>
  it.each([
    ['an empty middle', `${nav}<main></main>${foot}`, true],
    [
      'by names of classes',
      '<div class="site-header"><a href="/">A</a><a href="/b">B</a></div><div class="content"></div><div id="footer"><a href="/c">C</a></div>',
      true,
    ],
    ['a link over it', `<a href="#main">Skip to content</a>${nav}<main id="main"></main>${foot}`, true],
    ['a middle', `${nav}<main><h1>Coaching</h1></main>${foot}`, false],
    ['a picture in the middle', `${nav}<main><img src="/a.png"></main>${foot}`, false],
    ['a middle without an element for it', `${nav}<div><span>Coaching in one place</span></div>${foot}`, false],
    [
      'what it says in its head',
      `<header class="hero"><h1>Plan the day, not the paperwork</h1><a href="/signup">Try</a></header>${foot}`,
      false,
    ],
    ['no frame', '<p></p>', false],
  ])('%s', (_name, body, hollow) => expect(page(body).hollow).toBe(hollow)))

describe('a middle that says that it is empty', () =>
  it.each([
    ['a blog', `${nav}<main><h1>Blog</h1><p>No posts yet.</p></main>${foot}`, 'No posts yet.'],
    [
      'a shop',
      `${nav}<main><h1>Products</h1><p>No products were found matching your selection.</p></main>${foot}`,
      'No products',
    ],
    ['a novel', `${nav}<main><h1>Nothing Found</h1><p>A novel by Ilse Brandt. 312 pages.</p></main>${foot}`, null],
  ])('%s', (_name, body, words) =>
    words === null ? expect(emptyMiddle(page(body))).toBeNull() : expect(emptyMiddle(page(body))).toContain(words),
  ))

describe('places that nobody filled', () =>
  it.each([
    ['most of it', '<main>{{ page.headline }} {{ page.intro }}</main>', '<title>CoachDash</title>', true],
    ['a title and one', '<main>Welcome to <%= yield %></main>', '<title><%= title %></title>', true],
    [
      'a sample in a manual',
      '<p>Write {{ name }} where the name goes, and we fill it for each of your readers.</p>',
      '<title>Mail</title>',
      false,
    ],
    [
      'for a script',
      '<div id="app">{{ a }} {{ b }}</div><script src="/vue.js"></script>',
      '<title>{{ a }}</title>',
      false,
    ],
  ])('%s', (_name, body, head, told) => expect(unfilledMark(page(body, head)) !== null).toBe(told)))

describe('the console of a program', () =>
  it.each([
    ['by its title', '<title>phpMyAdmin</title>', '<form><input name="user"></form>', true],
    ['of a router', '<title>RouterOS router configuration page</title>', '<form><input name="user"></form>', true],
    ['beside a login', '<title>Login – Nextcloud</title>', '', true],
    [
      'an installation',
      '<title>Setup</title>',
      '<input name="db_host"><input name="db_user"><input type="password" name="p">',
      true,
    ],
    ['who works with it', '<title>Grafana consulting</title>', '', false],
    ['a maker with pages', '<title>Metabase</title>', '<a href="/a">a</a><a href="/b">b</a><a href="/c">c</a>', false],
  ])('%s', (_name, head, body, told) => expect(toolOf(page(body, head)) !== null).toBe(told)))

it('the maker of a program bears its name', () => {
  const made = readDocument('<title>Metabase</title>', 'https://www.metabase.com/')
  expect(toolOf(made)).toBeNull()
})
