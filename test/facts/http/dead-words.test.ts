// What front pages with status 200 say when the site behind them is not there, and sound ones that use the same words.
import { describe, expect, it } from 'vitest'
import { placeholderOf } from '../../../src/formats/html/placeholder-page.ts'
import {
  frontPageFaults,
  frontPageOutcomes,
  html,
  type Served,
  type Site,
  script,
  shell,
  words,
} from '../../support/front-pages.ts'

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

const told: [name: string, site: Site, outcome?: string][] = [
  ['German, for a while', says('Diese Webpräsenz wurde vorübergehend deaktiviert', 'Der Inhaber meldet sich.')],
  ['German, not published', says('Diese Seite ist noch nicht veröffentlicht')],
  ['German, back soon', says('Wir sind gleich wieder da!', 'Unser Shop wird gerade erneuert.')],
  ['Romanian, suspended', says('Site suspendat', 'Contactați furnizorul.')],
  ['Greek', says('Ο ιστότοπος δεν λειτουργεί', 'Δοκιμάστε αργότερα.')],
  ['a database, by its name', says('Database connection could not be established')],
  [
    'a login below a notice',
    raw(
      html(
        '<h1>Coach</h1><p>This site is down for maintenance.</p><form><input name="user"><input type="password"><button>Log in</button></form>',
      ),
    ),
  ],
  ['a licence', says('License invalid', 'The licence of this installation has ended. Contact your vendor.')],
  ['keys in the place of texts', raw(html('<h1>home.hero.title</h1><p>home.hero.lead</p>'))],
  [
    'keys between a head and a foot with words',
    raw(
      html(
        '<header><a href="/">Shop</a><nav><a href="/a">Features</a><a href="/b">Pricing</a><a href="/c">Log in</a></nav></header><main><h1>home.hero.title</h1><p>home.hero.lead</p></main><footer><a href="/p">Privacy</a><p>© 2026 Shop Ltd, Mill Lane 4</p></footer>',
      ),
    ),
  ],
  ['a text that was not translated', says('translation missing: en.home.title')],
  ['tags that were escaped twice', raw(html('&lt;h1&gt;Coach&lt;/h1&gt;&lt;p&gt;In one place&lt;/p&gt;'))],
  ['indented markup', raw('!!!\n%html\n  %body\n    %h1 Coach')],
  ['a screen that forgot its scripts', raw(html(words, '<style>html { visibility: hidden }</style>')), 'empty'],
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
  ['Japanese, against failures', says('サイトの障害に強い会社', 'お問い合わせはお電話で。')],
  ['a name that looks like a key of a text', says('www.coach.studio', 'The same as www.coach.berlin.')],
  ['a file in a heading', says('coach.config.js', 'coach.config.ts works too, for people who like types.')],
  ['a game that was lost', raw(html('<h1>Wrong!</h1><p>Please try again.</p><button>Next</button>'))],
  [
    'a story of a failure',
    raw(
      '<title>Notes</title><h1>500 Internal Server Error: a story</h1><p>One Friday our pages said so to one in ten visitors. This is how we found out, and what we do now.</p>',
    ),
  ],
  ['who mends machines, in Polish', says('Pralka nie działa', 'Naprawiamy w domu. Zadzwoń, przepraszamy za kolejkę.')],
  ['who mends machines, in Russian', says('Не работает холодильник', 'Мастер приедет скоро. Обратитесь по телефону.')],
  ['who tows cars, in French', says('Voiture en panne', 'Nous arrivons en 30 minutes. Merci de nous appeler.')],
  ['papers', says('Passport expired', 'We take the picture. Come back in an hour.')],
  [
    'a program that is kept as it is',
    raw(html('<h1>petal.js</h1><p>This project is archived. Use bloom.js.</p><a href="/docs">Docs</a>')),
  ],
  ['who opens doors', says('Porte bloquée', 'Contactez-nous : nous venons en 30 minutes.')],
  [
    'who writes letters of appeal',
    raw(
      html(
        '<h1>Your account was suspended</h1><p>Our lawyers write the appeal for you.</p><form><input name="e"></form>',
      ),
    ),
  ],
  ['who rescues sites', says('Your site is down. We bring it back.', 'From 99 €, day and night.')],
  ['who renovates', says('Wir bauen um', 'Altbau in Köln. Kontaktieren Sie uns.')],
  ['a break', says('Taking a break helps', 'A timer that tells you when to come back.')],
  ['how strong a password is', raw(html('<h1>How strong is your password?</h1><input type="password">'))],
  [
    'a bundler that asks what a browser knows',
    raw(html(`${words}<script type="module">import("_").catch(()=>1);window.modern=true</script>`)),
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

const cared = '<style>body{margin:0}</style><link rel="icon" href="/icon.svg">'

/** Nothing is connected to the name, in a builder's words beside its own name. */
const unconnected = (heading: string): Site => ({
  '/': html(
    `<main><h1>${heading}</h1><p>We looked for <strong>example.com</strong>, but it is not linked to any workspace on Pagewright.</p><p>If you own this domain, open <em>Settings</em> in your Pagewright dashboard and connect it again.</p><p><a href="https://pagewright-builder.example/">Build your own website with Pagewright</a></p></main>`,
    cared,
  ),
})
/** Work on the site in mild words, below a heading that only asks to wait. */
const mild = (heading: string, words: string): Site => ({
  '/': html(`<div><h1>${heading}</h1><p>${words}</p></div>`, cared),
})

dead.push(
  ['a builder that has no site for the name', unconnected('There is no site connected to this domain')],
  ['a builder that has no website', unconnected('There’s currently no website linked to this address')],
  [
    'a builder under its own title',
    {
      '/': {
        body: '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Pagewright</title><style>body{margin:0}</style></head><body><main><h1>There is no site connected to this domain</h1><p>We looked for <strong>example.com</strong>, but it is not linked to any workspace on Pagewright.</p><p>If you own this domain, open <em>Settings → Custom domains</em> in your Pagewright dashboard and connect it again. It can take up to 48 hours.</p><p><a href="https://pagewright-builder.example/">Build your own website with Pagewright</a></p></main></body></html>',
      },
    },
  ],
  ['a host that has nothing', unconnected('No website is configured at this address')],
  ['a host with no project', unconnected('No project is attached to this domain')],
  [
    'a request to wait, in German',
    mild(
      'Einen Moment bitte',
      'Unser Dienst wird gerade überarbeitet und steht in Kürze wieder bereit. Wir arbeiten daran, dass alles so bald wie möglich wieder läuft. Bitte versuchen Sie es später noch einmal.',
    ),
  ],
  [
    'a request to wait',
    mild(
      'One moment, please',
      'Our service is being upgraded right now, and will be available again shortly. Please try again later.',
    ),
  ],
  [
    'a request for patience, in French',
    mild('Un instant, s’il vous plaît', 'Notre site est en cours de mise à jour. Merci de réessayer plus tard.'),
  ],
  [
    'a request for patience, in Spanish',
    mild('Un momento, por favor', 'Estamos actualizando nuestro servicio. Vuelva a intentarlo más tarde.'),
  ],
)
alive.push(
  [
    'a builder that sells what it says',
    {
      '/': html(
        `${nav}<main><h1>There is no site connected to this domain? Put one there.</h1><p>Pagewright makes a page of what you tell it, in the time that a cup of coffee takes.</p><p>Connect any name that you own, at any registrar.</p><p>From 4 € a month, mail included.</p><a href="/signup">Start</a></main>`,
      ),
    },
  ],
  [
    'a pause that is sold',
    mild(
      'Einen Moment bitte',
      'Fünf Minuten Ruhe am Tag. Eine App für Leute, die keine Zeit haben. Ab Januar für 3 € im Monat.',
    ),
  ],
  [
    'a workshop that asks to wait',
    mild('One moment, please', 'We upgrade bicycles while you wait. Open daily from nine. Call us: +49 30 1234567.'),
  ],
  ['a café named for a moment', mild('Un momento', 'Café, vino y música en la calle Mayor 5. Abierto todos los días.')],
)

dead.push(...told)

describe(`${dead.length} front pages that say in words of their own that they are dead`, () =>
  it.each(dead)('%s', async (_name, site, outcome = 'error-text') =>
    expect(await frontPageOutcomes(site)).toEqual([outcome]),
  ))

describe(`${alive.length} front pages that use such words of other things`, () =>
  it.each(alive)('%s', async (_name, site) => expect(await frontPageFaults(site)).toEqual([])))

const placeholder = (body: string) =>
  placeholderOf({ url: 'https://example.com/', status: 200, headers: [['content-type', 'text/html']], body })?.kind

it.each([
  ['a site that waits', html('<h1>Your new site is live</h1><p>It is waiting for your content.</p>'), 'default-page'],
  ['a word to try it', '<title></title><p>test</p>', 'default-page'],
  ['filler', html('<h1>Your title here</h1><p>Lorem ipsum dolor sit amet.</p>'), 'template'],
  ['a product for domains', html(`${nav}<h1>This domain is for sale</h1><p>Put this sign on yours.</p>`), undefined],
  ['a tool for domains', html('<h1>Who has it?</h1><input><p>This domain is registered.</p>'), undefined],
  ['a sign below a name', html('<h1>coach.example</h1><p>This domain may be for sale!</p>'), 'parked'],
  ['a name that is parked', html('<h1>coach.example is parked free by its registrar</h1>'), 'parked'],
  ['a sign on a domain', html('<h1>This domain is for sale</h1><a href="/offer">Make an offer</a>'), 'parked'],
])('%s: a placeholder or none', (_name, body, kind) => expect(placeholder(body)).toBe(kind))
