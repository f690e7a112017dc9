// login-form: forms with a password, one deviation each.
import { describe } from 'vitest'
import check from '../../../src/checks/audit/login-form.ts'
import { showing } from '../../../src/facts/http/page.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const field = '<input type="email" name="email"><input type="password" name="password"><button>Log in</button>'
const page = (html: string) => ({ facts: { page: showing(html, [], 'https://app.example.com/login') } })

describe('login-form', () =>
  itJudges(check, [
    ['taken over by a script', 'sound', page(`<script src="/app.js"></script><form>${field}</form>`)],
    ['no form around the field', 'sound', page(field)],
    ['get is written', 'get-method', page(`<script src="/app.js"></script><form method="GET">${field}</form>`)],
    [
      'posts without encryption',
      'plain-http-action',
      page(`<form method="post" action="http://app.example.com/session">${field}</form>`),
    ],
    [
      'posts to another site',
      'cross-site-action',
      page(`<form method="post" action="https://login.example.org/session">${field}</form>`),
    ],
    [
      'posts to another subdomain',
      'sound',
      page(`<form method="post" action="https://api.example.com/session">${field}</form>`),
    ],
    [
      'the same fault in two forms',
      'get-method',
      page(`<form action="/a">${field}</form><form action="/b">${field}</form>`),
    ],
    ['a search form', 'skip', page('<form><input type="search" name="q"></form>')],
  ]))
