import { describe, expect, it } from 'vitest'
import {
  cookieFaults,
  describeCookie,
  isSessionCookie,
  prefixFault,
  readCookies,
  sessionCookies,
} from '../../../src/formats/http/cookie.ts'

const now = Date.parse('2026-11-25T00:00:00Z')
const one = (text: string) => readCookies([text], now)[0]!

describe('cookies', () => {
  it('are read without their values', () => {
    const cookie = one('sid=s%3Asecret; Domain=.Example.com; Path=/; Secure; HttpOnly; SameSite=LAX; Partitioned')
    expect(cookie).toEqual({
      name: 'sid',
      secure: true,
      httpOnly: true,
      sameSite: 'lax',
      domain: 'example.com',
      path: '/',
      removed: false,
      sealed: false,
      consent: false,
    })
    expect(describeCookie(cookie)).not.toContain('secret')
  })

  it.each([
    ['shop_user=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', true],
    [
      'x=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aaaaaaaaaaaaaaaa.bbbbbbbbbbbbbbbbbbbbbbbb.cccccccccccccccccccccc',
      true,
    ],
    ['shop=s%3A4Zr0aXqk3mV7yT1nB9cE.a2XvqP0wLr8sT5uYzB1cD3eF6gH9jK2mN4oQ7sU0vX', true],
    ['shop=eyJ1c2VyX2lkIjoxfQ.ZxYzAb.k3JqX9vT2mB7yLr8sT5uYzB1cD3', true],
    ['shop=ImFiYyI6MX0:1tABCd:k3JqX9vT2mB7yLr8sT5uYzB1cD3eF6gH9jK2mN4oQ7s', true],
    ['shop=Fe26.2**0cdd607945dd1dffb7da0b0bf5f1a7daa6218cbae14cac51dcbd91fb077aeb5b', true],
    ['shop=SFMyNTY.g3QAAAABbQAAAAtfY3NyZl90b2tlbm0AAAAY.k3JqX9vT2mB7yLr8sT5uYzB1cD3eF6gH9jK2mN4oQ7s', true],
    [`shop=CfDJ8${'k3JqX9vT2m'.repeat(6)}`, true],
    [`shop=${Buffer.from(`1700000000|${'k3JqX9vT2m'.repeat(6)}|abc`).toString('base64url')}`, true],
    [`shop=visitor-7.${Buffer.from([0x6a, 0, 0, 1]).toString('base64url')}.k3JqX9vT2mB7yLr8sT5uYzB1cD3`, true],
    [`shop=${'k3JqX9vT2m'.repeat(5)}%3B${'aB3-'.repeat(8)}`, true],
    ['shop=k3JqX9vT2mB7yLr8sT5uYzB1.k3JqX9vT2mB7yLr8sT5uYzB1cD3eF6gH9jK2mN4oQ7s', true],
    ['shop=1.zzzzzz.k3JqX9vT2mB7yLr8sT5uYzB1cD3', false],
    ['_csrf=s%3A4Zr0aXqk3mV7yT1nB9cE.a2XvqP0wLr8sT5uYzB1cD3eF6gH9jK2mN4oQ7sU0vX', false],
    ['XSRF-TOKEN=eyJpdiI6IjEiLCJ2YWx1ZSI6IjIiLCJtYWMiOiIzIn0=', false],
    ['flags=eyJhbGciOiJIUzI1NiJ9.eyJmbGFncyI6WyJhIl19.c2lnbmF0dXJl', false],
    ['build=1.2.3', false],
    ['cart=5f2c9a', false],
    ['locale=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', false],
    ['KEYCLOAK_IDENTITY=x', true],
    ['rack.session=x', true],
    ['SESSd41d8cd98f00b204e9800998ecf8427e=x', true],
  ])('%s carries a login: %s', (text, expected) => {
    const cookie = one(`${text}; Path=/`)
    expect(isSessionCookie(cookie.name, cookie.sealed)).toBe(expected)
  })

  it.each([
    ['sid=; Path=/', true],
    ['sid=x; Max-Age=0', true],
    ['sid=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT', true],
    ['sid=x; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT', false],
    ['sid=x', false],
  ])('%s is taken away: %s', (text, removed) => {
    expect(one(text).removed).toBe(removed)
  })

  it.each([
    'connect.sid',
    'PHPSESSID',
    'JSESSIONID',
    'quarkus-credential',
    'sessionid',
    '__Host-session',
    '_coachdash_session',
    'laravel_session',
    '__Secure-next-auth.session-token',
    'authjs.session-token',
    'sb-abcd-auth-token',
    'remember_web_59ba36',
    'jwt',
    'access_token',
    'ASP.NET_SessionId',
    '.AspNetCore.Cookies',
    'wordpress_logged_in_ab12',
    'appSession',
  ])('%s carries a login', name => {
    expect(isSessionCookie(name)).toBe(true)
  })

  it.each([
    '_ga',
    '_gid',
    'csrftoken',
    'XSRF-TOKEN',
    '__cf_bm',
    '_cfuvid',
    'AWSALB',
    '__stripe_sid',
    '_hjSession_123',
    'intercom-session-abc',
    '_dd_s',
    'cookie_consent',
    'locale',
    'theme',
    'mp_token_mixpanel',
    '__Host-next-auth.csrf-token',
    'NEXT_LOCALE',
    'cart',
  ])('%s does not', name => {
    expect(isSessionCookie(name)).toBe(false)
  })

  it.each([
    ['__Host-a=x; Secure; Path=/', null],
    ['__Host-a=x; Path=/', '__Host- demands the attribute Secure'],
    ['__Host-a=x; Secure; Path=/; Domain=example.com', '__Host- forbids the attribute Domain'],
    ['__Host-a=x; Secure', '__Host- demands Path=/'],
    ['__Secure-a=x', '__Secure- demands the attribute Secure'],
    ['a=x', null],
  ])('%s: %s', (text, fault) => {
    expect(prefixFault(one(text))).toBe(fault)
  })

  it.each([
    ['__Host-session=x; Path=/; Secure; HttpOnly; SameSite=Lax', 'app.example.com', []],
    ['session=x', 'app.example.com', ['no-secure', 'no-httponly', 'no-samesite']],
    ['session=x; HttpOnly; SameSite=None', 'app.example.com', ['samesite-none-insecure']],
    ['__Host-session=x; Path=/; HttpOnly; SameSite=Lax', 'app.example.com', ['prefix-broken']],
    ['s=x; Domain=example.com; Secure; HttpOnly; SameSite=Lax', 'app.example.com', ['parent-domain']],
    ['s=x; Domain=example.com; Secure; HttpOnly; SameSite=Lax', 'example.com', ['parent-domain']],
    ['s=x; Domain=app.example.com; Secure; HttpOnly; SameSite=Lax', 'app.example.com', []],
    ['s=x; Domain=other.example; Secure; HttpOnly; SameSite=Lax', 'app.example.com', []],
    ['s=x; Domain=.; Secure; HttpOnly; SameSite=Lax', 'app.example.com', []],
  ])('%s of %s has the faults %j', (text, host, faults) => {
    expect(cookieFaults({ cookie: one(text), host }, 'example.com').map(item => item.kind)).toEqual(faults)
  })

  it('are as the last answer leaves them', () => {
    const answer = (url: string, ...values: string[]) => ({
      url,
      headers: values.map((value): [string, string] => ['set-cookie', value]),
    })
    const first = answer('https://example.com/', 'sid=a; Path=/', 'session=b', 'theme=dark')
    const second = answer('https://example.com/login', 'sid=; Path=/; Max-Age=0', 'session=c; Secure')
    expect(sessionCookies([first, second], now)).toMatchObject([
      { host: 'example.com', url: second.url, cookie: { name: 'session', secure: true } },
    ])
  })

  it('takes ten thousand cookies and long ones without complaint', () => {
    expect(
      readCookies(
        Array.from({ length: 10_000 }, (_, nth) => `c${nth}=${'x'.repeat(50)}`),
        now,
      ),
    ).toHaveLength(200)
    expect(readCookies(['', ';;;', '=', `a=${'x'.repeat(1_000_000)}`], now).length).toBeLessThan(4)
  })
})
