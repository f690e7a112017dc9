// What front pages with status 200 say when the site behind them is not there, and sound ones that use the same words.
import { describe, expect, it } from 'vitest'
import { placeholderOf } from '../../../src/formats/html/placeholder-page.ts'
import { frontPageOutcomes, html, type Served, type Site, script, shell, words } from '../../support/front-pages.ts'

const says = (heading: string, more = ''): Site => ({ '/': html(`<h1>${heading}</h1>${more && `<p>${more}</p>`}`) })
const text = (body: string): Site => ({ '/': { body, type: 'text/plain' } })
const json = (value: object): Site => ({ '/': { body: JSON.stringify(value), type: 'application/json' } })
const raw = (body: string): Site => ({ '/': body })
const runs = (code: string, more: Partial<Served> = {}): Site => ({
  '/': shell('<script src="/app.js"></script>'),
  '/app.js': script(code, more),
})
const password = '<form><input type="password" name="p"><input type="submit" value="Enter"></form>'

const dead: [name: string, site: Site, outcome?: string][] = [
  ['a site that was archived', says('This website has been archived', 'Ask its owner to restore it.')],
  ['an app that is not started', says('The application "coach" is not started')],
  ['a machine that wakes up', says('Application loading', 'The service is waking up.')],
  ['a plan that ended', says('Subscription required', 'Ask the owner of this website to renew it.')],
  ['a domain without a site', says('Domain suspended or not configured', 'This hostname is not set up here.')],
  ['below a joke', says('The hamsters are tired', 'Our site is having a nap. Come back in an hour.')],
  ['busy', says('We are a bit busy', 'Too many visitors at once. Please try again in a minute.')],
  ['a login to see it', says('401', 'You are not authorized to view this site.')],
  ['a status and its phrase', says('413 Request Entity Too Large', 'coachd')],
  ['the phrase before the status', says('Bad Request (400)')],
  ['an older phrase', says('408 Request Time-out', 'The browser was too slow.')],
  [
    'a phrase in the title',
    raw('<title>421 Misdirected Request</title><h1>Misdirected Request</h1><p>Begin anew.</p>'),
  ],
  [
    'codes of a platform',
    raw(
      '<title>402: COACH_DISABLED</title><p><b>402</b>: PAYMENT_REQUIRED</p><p>Code: <code>COACH_DISABLED</code></p>',
    ),
  ],
  ['a server that does not begin', says('HTTP Error 500.32 - The worker did not load', 'See the log of events.')],
  ['values in the place of words', raw('<title>Coach</title><h1>undefined</h1><p>null</p>')],
  ['German, suspended', says('Diese Website wurde gesperrt', 'Bitte wenden Sie sich an Ihren Anbieter.')],
  ['French, interrupted', says('Service momentanément interrompu', 'Merci de revenir dans quelques minutes.')],
  ['Spanish, suspended', says('Este sitio ha sido suspendido', 'Póngase en contacto con su proveedor.')],
  ['Turkish, suspended', says('Bu hesap askıya alındı', 'Lütfen destek ile iletişime geçin.')],
  ['Japanese, crowded', says('ただいま混雑しています', 'しばらくしてからお越しください。')],
  ['Chinese, busy', says('系统繁忙,请稍后再来')],
  ['Korean, an apology', says('이용에 불편을 드려 죄송합니다', '잠시 후 다시 찾아 주세요.')],
  ['a password for the whole site', raw(html(`<h1>This site is private</h1>${password}`))],
  ['a function that failed, in text', text('error decoding the reply: status 0')],
  [
    'an error with a type, in JSON',
    json({ errorType: 'Runtime.Load', errorMessage: 'cannot load index: it is missing', trace: [] }),
  ],
  ['a template of a framework', raw('{% extends "base.html" %}\n{% block main %}<h1>Coach</h1>{% endblock %}')],
  [
    'a component as it is written',
    raw('<template>\n<h1>Coach</h1>\n</template>\n<script setup>\nconst a = 1\n</script>'),
  ],
  ['a page with its settings above it', raw('---\ntitle: Coach\nlayout: page\n---\n<h1>Coach</h1>')],
  ['a module in the place of a page', raw('import React from "react"\nexport default () => <h1>Coach</h1>')],
  ['Markdown in the place of a page', raw('# Coach\n\nPlans and [prices](/prices).\n\n- one\n- two\n')],
  ['a program in text', text('#!/usr/bin/perl\nprint "Content-type: text/html";\n')],
  ['a stylesheet that hides all of it', raw(html(words, '<style>body { display: none }</style>')), 'empty'],
  ['a spinner, for ever', raw(html('<div class="spinner"><svg></svg></div>')), 'empty'],
  ['TypeScript under the name of a script', runs('const coach: string = "x"; document.title = coach'), 'broken-assets'],
  ['a script that ends too early', runs('(function () { document.body.textContent = "x"'), 'broken-assets'],
  ['a module as a plain script', runs('import { a } from "./a.js"; a()'), 'broken-assets'],
  ['a program for Node', runs('const http = require("http"); http.createServer().listen(80)'), 'broken-assets'],
]

const nav = '<a href="/a">A</a><a href="/b">B</a><a href="/c">C</a><a href="/d">D</a>'
const alive: [name: string, site: Site][] = [
  [
    'who watches errors',
    raw(
      html(
        `<nav>${nav}</nav><h1>Application error</h1><p>Your customers see this. Learn of it before they do, with all that led to it.</p>`,
      ),
    ),
  ],
  [
    'a question that an offer begins with',
    says('Website not working? Server down?', 'We are there in 30 minutes. Call 030 1234567.'),
  ],
  [
    'a manual',
    raw(
      `<title>Maintenance mode | Docs</title><h1>Maintenance mode</h1><p>In maintenance mode your app shows a page of yours. Try again later with <code>up</code>.</p>`,
    ),
  ],
  ['a shop that is closed for good', says('This shop is closed for good', 'Thank you for all the years.')],
  ['a film', says('Access Denied', 'In cinemas on 12 March. <a href="/t">Trailer</a>')],
  ['a book', raw('<title>The Error</title><h1>Error</h1><p>A novel of 1921. <a href="/buy">Buy</a></p>')],
  [
    'a login with two fields',
    raw(html('<h1>Private area</h1><form><input type="email"><input type="password"></form>')),
  ],
  ['styles for paper', raw(html(words, '<style media="print">body { display: none }</style>'))],
  ['styles for paper, within', raw(html(words, '<style>@media print { body { display: none } }</style>'))],
  [
    'hidden until a script shows it',
    {
      '/': html(`${words}<script src="/show.js"></script>`, '<style>body{visibility:hidden}</style>'),
      '/show.js': script('document.body.style.visibility="visible"'),
    },
  ],
  ['a script that installs things, meant to be read', text('#!/bin/sh\necho "installs coach"\n')],
  ['a script with the marks of old pages', runs('<!--\ndocument.title = "x"\n//-->')],
  [
    'a script for Node and browsers',
    runs(
      '!function(e,t){"object"==typeof exports?module.exports=t(require("x")):t(e)}(this,function(){document.title="x"})',
    ),
  ],
]

describe(`${dead.length} front pages that say in words of their own that they are dead`, () =>
  it.each(dead)('%s', async (_name, site, outcome = 'error-text') =>
    expect(await frontPageOutcomes(site)).toEqual([outcome]),
  ))

describe(`${alive.length} front pages that use such words of other things`, () =>
  it.each(alive)('%s', async (_name, site) => expect(await frontPageOutcomes(site)).toEqual(['answers'])))

const placeholder = (body: string) =>
  placeholderOf({ url: 'https://example.com/', status: 200, headers: [['content-type', 'text/html']], body })?.kind

it.each([
  ['a site that waits', html('<h1>Your new site is live</h1><p>It is waiting for your content.</p>'), 'default-page'],
  ['a word to try it', '<title></title><p>test</p>', 'default-page'],
  ['filler', html('<h1>Your title here</h1><p>Lorem ipsum dolor sit amet.</p>'), 'default-page'],
  ['a product for domains', html(`${nav}<h1>This domain is for sale</h1><p>Put this sign on yours.</p>`), undefined],
  ['a tool for domains', html('<h1>Who has it?</h1><input><p>This domain is registered.</p>'), undefined],
  ['a sign on a domain', html('<h1>This domain is for sale</h1><a href="/offer">Make an offer</a>'), 'parked'],
])('%s: a placeholder or none', (_name, body, kind) => expect(placeholder(body)).toBe(kind))
