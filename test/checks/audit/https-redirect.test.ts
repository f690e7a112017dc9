// https-redirect: where http:// leads.
import { describe, expect, it } from 'vitest'
import check from '../../../src/checks/audit/https-redirect.ts'
import { missing } from '../../../src/core/fact.ts'
import { plainLogin } from '../../../src/facts/http/plain-routes.example.ts'
import {
  door,
  hop,
  httpLeadsTo,
  leadsNowhere,
  plainHttp,
  redirect,
  walked,
} from '../../../src/facts/http/web.example.ts'
import { itJudges, judgeExample } from '../../support/judge-example.ts'

const http = 'http://example.com/'

describe('https-redirect', () => {
  itJudges(check, [
    [
      'a form over plain HTTP',
      'serves-plain-http',
      { facts: { web: plainHttp(hop(http, { body: '<form method=post></form>' })) } },
    ],
    ['plain HTTP all the way', 'serves-plain-http', { facts: { web: httpLeadsTo('http://www.example.com/') } }],
    [
      'an unencrypted hop in between',
      'insecure-hop',
      {
        facts: {
          web: plainHttp(
            redirect(http, 'http://www.example.com/'),
            redirect('http://www.example.com/', 'https://www.example.com/'),
            hop('https://www.example.com/'),
          ),
        },
      },
    ],
    ['another host first', 'to-other-host-first', { facts: { web: httpLeadsTo('https://www.example.com/') } }],
    [
      'another host first, for now',
      ['to-other-host-first', 'temporary'],
      { facts: { web: httpLeadsTo('https://www.example.com/', 307) } },
    ],
    [
      'visitors are refused over plain HTTP',
      'port-80-closed',
      { facts: { web: plainHttp(hop(http, { status: 404 })), plainRoutes: [] } },
    ],
    [
      'an interface for programs with nothing over plain HTTP',
      'skip',
      {
        facts: {
          web: door({
            http: walked(hop(http, { status: 403 })),
            https: walked(hop('https://example.com/', { headers: [['content-type', 'application/json']], body: '{}' })),
          }),
          plainRoutes: [],
        },
      },
    ],
    ['a login page that redirects beside it', 'redirects', { facts: { web: plainHttp(hop(http, { status: 404 })) } }],
    ['a password asked for', 'serves-plain-http', { facts: { plainRoutes: plainLogin({ status: 401 }) } }],
    [
      'a session beside a refusal',
      'serves-plain-http',
      { facts: { plainRoutes: plainLogin({ status: 403, headers: [['set-cookie', 'sid=a1; Path=/']] }) } },
    ],
    [
      'the cookie of a load balancer beside a refusal',
      'redirects',
      { facts: { plainRoutes: plainLogin({ status: 403, headers: [['set-cookie', 'AWSALB=a1; Path=/']] }) } },
    ],
    ['a port that does not speak HTTPS', 'dead-end', { facts: { web: leadsNowhere } }],
    ['no answer', 'unknown', { facts: { web: { http: missing('timeout', 'no answer') } } }],
  ])

  it.each([
    ['<form method=post></form>', 'blocker'],
    ['<h1>Hello</h1>', 'high'],
  ])('%s over plain HTTP: %s', (body, severity) => {
    const { findings } = judgeExample(check, { facts: { web: plainHttp(hop(http, { body })) } })
    expect(findings.map(finding => finding.severity)).toEqual([severity])
  })
})
