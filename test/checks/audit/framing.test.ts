// framing: whether other sites may put a page into a frame, and how much that matters.
import { describe, expect, it } from 'vitest'
import check from '../../../src/checks/audit/framing.ts'
import type { RouteKind } from '../../../src/core/target.ts'
import { json, leadingTo, route, sendingOnly, showing } from '../../../src/facts/http/page.example.ts'
import { itJudges, judgeExample } from '../../support/judge-example.ts'

const subject = route('auth', 'login')
const login = '<form method="post"><input type="password"></form>'

describe('framing', () => {
  itJudges(check, [
    [
      'one of two policies denies',
      'denied',
      {
        subject,
        facts: { page: sendingOnly(['content-security-policy', "frame-ancestors *, frame-ancestors 'self'"]) },
      },
    ],
    [
      'the policy opens what the old header closes',
      'frameable',
      {
        subject: route('home'),
        facts: {
          page: sendingOnly(['x-frame-options', 'DENY'], ['content-security-policy', 'frame-ancestors *']),
        },
      },
    ],
    [
      'written in the page, where it does not count',
      'frameable',
      {
        subject,
        facts: {
          page: showing(
            '<meta http-equiv="content-security-policy" content="frame-ancestors \'none\'"><input type="password">',
          ),
        },
      },
    ],
    ['a JSON answer', 'skip', { facts: { page: json({}) } }],
    ['the login is somebody else’s', 'skip', { facts: { page: leadingTo('https://example.auth0.com/login') } }],
  ])

  it.each<[RouteKind, string, string]>([
    ['auth', '<h1>Log in</h1>', 'high'],
    ['payment', '<h1>Pay</h1>', 'high'],
    ['home', login, 'high'],
    ['home', '<h1>Hello</h1>', 'medium'],
  ])('%s page with %s: %s', (kind, body, severity) => {
    const { findings } = judgeExample(check, {
      subject: route(kind),
      facts: { page: showing(body) },
    })
    expect(findings.map(finding => finding.severity)).toEqual([severity])
  })

  it('a policy that opens is replaced by one that closes', () => {
    const page = sendingOnly(['content-security-policy', "default-src 'self'; frame-ancestors *"])
    const { findings } = judgeExample(check, { subject, facts: { page } })
    expect(findings[0]?.fix.changes).toMatchObject([{ value: "default-src 'self'; frame-ancestors 'self'" }])
  })
})
