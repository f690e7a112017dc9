// mixed-content: what a secure page asks for without encryption, as served and while it runs.
import { describe } from 'vitest'
import check from '../../../src/checks/audit/mixed-content.ts'
import { json, showing } from '../../../src/facts/http/page.example.ts'
import { sheet } from '../../../src/facts/http/styles.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const fine = showing('<p>fine</p>')
const script = '<script src="http://cdn.example.com/a.js"></script>'
const rendered = {
  insecure: [{ kind: 'active', element: 'xmlhttprequest', url: 'http://api.example.com/plans' }],
}

describe('mixed-content', () =>
  itJudges(check, [
    [
      'secure resources and an insecure link',
      'none',
      { facts: { page: showing('<img src="https://cdn.example.com/a.png"><a href="http://example.org/">link</a>') } },
    ],
    [
      'a form',
      'form-action',
      {
        facts: {
          page: showing('<form action="http://example.com/login" method="post"><input type="password"></form>'),
        },
      },
    ],
    ['a script that adds one while the page runs', 'active', { facts: { page: fine, rendered } }],
    [
      'a script and an image',
      ['active', 'passive'],
      { facts: { page: showing(`${script}<img src="http://cdn.example.com/a.png">`) } },
    ],
    [
      'saved by the policy',
      'upgraded',
      { facts: { page: showing(script, [['content-security-policy', 'upgrade-insecure-requests']]) } },
    ],
    [
      'saved by the policy in the page',
      'upgraded',
      {
        facts: {
          page: showing(
            `<meta http-equiv="Content-Security-Policy" content="default-src 'self'; upgrade-insecure-requests">${script}`,
          ),
        },
      },
    ],
    [
      'a stylesheet that could not be read',
      'unknown',
      {
        facts: {
          page: fine,
          styles: { sheets: [], unread: [{ url: 'https://cdn.example.com/a.css', message: 'no answer' }] },
        },
      },
    ],
    [
      'an insecure background in a stylesheet',
      'passive',
      { facts: { page: fine, styles: sheet('body{background:url(http://cdn.example.com/b.png)}') } },
    ],
    ['a candidate of srcset', 'active', { facts: { page: showing('<img srcset="http://cdn.example.com/a.png 2x">') } }],
    ['not a page', 'skip', { facts: { page: json({}) } }],
    ['not secure itself', 'skip', { facts: { page: showing(script, [], 'http://example.com/') } }],
  ]))
