// App and marketing site: pages, redirects and cookies.
import { describe, expect, it } from 'vitest'
import { appConflict, appsAndSite, cookieCollisions, type FaceLike } from '../../../src/formats/dns/host-conflicts.ts'

const face = (host: string, role: string, more: Partial<FaceLike> = {}): FaceLike => ({
  host,
  role,
  endsAt: host,
  login: false,
  status: 200,
  title: '',
  content: role,
  sharedCookies: [],
  ...more,
})
const site = face('www.example.com', 'www')
const app = face('app.example.com', 'app')

describe('appConflict', () => {
  it.each<[string, Partial<FaceLike>, ReturnType<typeof appConflict>]>([
    ['pages of their own', {}, null],
    ['the same page', { content: 'www' }, 'same-content'],
    ['two pages without text', { content: '' }, null],
    ['a redirect to the site', { endsAt: 'www.example.com' }, 'app-redirects-to-marketing'],
    ['a redirect to the site’s login', { endsAt: 'www.example.com', login: true, content: 'www' }, null],
    ['a redirect elsewhere', { endsAt: 'login.example.net' }, null],
  ])('%s', (_, change, expected) =>
    expect(appConflict({ ...app, ...change }, { sites: [site], marketing: site })).toBe(expected),
  )
})

it.each<[string, FaceLike[], string | null]>([
  ['the site that serves itself', [face('example.com', 'apex', { endsAt: 'www.example.com' }), site, app], site.host],
  ['no app', [site], null],
  ['a site that does not answer', [face('www.example.com', 'www', { status: null }), app], null],
])('appsAndSite: %s', (_, faces, expected) => expect(appsAndSite(faces)?.marketing.host ?? null).toBe(expected))

describe('cookieCollisions', () => {
  const setting = (...names: string[]) => names.map(name => ({ name, domain: 'example.com' }))
  it.each<[string, string[], string[], string[]]>([
    ['one name, two hosts', ['session'], ['session'], ['session']],
    ['two names', ['session'], ['other'], []],
    [
      'made to be shared',
      ['__cf_bm', '_ga', 'CookieConsent', 'locale'],
      ['__cf_bm', '_ga', 'CookieConsent', 'locale'],
      [],
    ],
    ['one host alone', ['session', 'session'], [], []],
  ])('%s', (_, ofSite, ofApp, expected) => {
    const faces = [
      { ...site, sharedCookies: setting(...ofSite) },
      { ...app, sharedCookies: setting(...ofApp) },
    ]
    expect(cookieCollisions(faces).map(each => each.name)).toEqual(expected)
  })
})
