import { expect, it } from 'vitest'
import { readHtml } from '../../../src/formats/html/html.ts'
import { passwordFormFaults, passwordForms } from '../../../src/formats/html/login-form.ts'

const password = '<input type=password name=p>'

it.each([
  [`<form method=post action=/s>${password}</form>`, []],
  [`<form action=/s>${password}</form>`, ['get-method']],
  [`<form>${password}</form>`, ['get-method']],
  [`<script src=/a.js></script><form>${password}</form>`, []],
  [`<script>go()</script><form>${password}</form>`, []],
  [`<script type=application/ld+json>{}</script><form>${password}</form>`, ['get-method']],
  [`<script src=/a.js></script><form method=get>${password}</form>`, ['get-method']],
  [`<script src=/a.js></script><form action=/s>${password}</form>`, ['get-method']],
  [`<form method=get onsubmit="go()">${password}</form>`, []],
  [`<form method=get data-remote=true>${password}</form>`, []],
  [`<form method=get wire:submit=go>${password}</form>`, []],
  [`<form method=post action="http://app.example.com/s">${password}</form>`, ['plain-http-action']],
  [`<form method=post action="http://other.example/s">${password}</form>`, ['plain-http-action', 'cross-site-action']],
  [`<form method=post action="https://other.example/s">${password}</form>`, ['cross-site-action']],
  [`<form method=post action="https://api.example.com/s">${password}</form>`, []],
  [`<form method=post action="javascript:void(0)">${password}</form>`, []],
  ['<form method=post><input type=password onpaste="event.preventDefault()"></form>', ['paste-blocked']],
  ['<form method=post><input type=text onpaste="return false"><input type=password></form>', []],
  [password, []],
])('%s', (html, faults) => {
  const page = readHtml(html, 'https://app.example.com/login')
  expect(passwordForms(page).flatMap(form => passwordFormFaults(form, page))).toEqual(faults)
})

it('forms without a password are none', () =>
  expect(passwordForms(readHtml('<form><input type=search></form>', 'https://example.com/'))).toEqual([]))

it.each<[string, string[]]>([
  [
    `<form method=post action=/in>${password}<button formaction="http://auth.example.net/in">Go</button></form>`,
    ['plain-http-action', 'cross-site-action'],
  ],
  [`<form method=post action=/in>${password}<button formmethod=get>Go</button></form>`, ['get-method']],
  [
    `<form id=f method=post action="http://app.example.com/in"></form>${password.replace('<input', '<input form=f')}`,
    ['plain-http-action'],
  ],
  [`<form method=post action="http://x.example/">${password}<button formaction="/in">Go</button></form>`, []],
  [`<form method=post action=/in>${password}<button>Go</button></form>`, []],
])('%s', (html, expected) => {
  const page = readHtml(html, 'https://app.example.com/login')
  expect(passwordForms(page).flatMap(form => passwordFormFaults(form, page))).toEqual(expected)
})
