// search-indexing: what search engines may show, by what the host is for.
import { describe } from 'vitest'
import check from '../../../src/checks/audit/search-indexing.ts'
import { missing } from '../../../src/core/fact.ts'
import { absent } from '../../../src/facts/http/robots.example.ts'
import { leadsToWww, sending, showing } from '../../../src/facts/http/web.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const host = (name: string, role: string) => ({ kind: 'host' as const, name, details: { role } })
const staging = host('staging.example.com', 'other')
const copy = showing('<h1>Hello</h1>', [], 'https://staging.example.com/')
const unreadable = missing('timeout', 'no answer')

describe('search-indexing', () =>
  itJudges(check, [
    ['no robots.txt', 'open', { facts: { robots: absent } }],
    [
      'only others are shut out',
      'open',
      {
        facts: {
          web: sending('x-robots-tag', 'otherbot: noindex'),
          robots: { text: 'User-agent: GPTBot\nDisallow: /' },
        },
      },
    ],
    ['noindex in the page', 'noindex', { facts: { web: showing('<meta name="robots" content="noindex">') } }],
    [
      'noindex twice, and everything shut',
      ['noindex', 'noindex', 'robots-blocks-all'],
      {
        facts: {
          web: showing('<meta name="robots" content="none">', [['x-robots-tag', 'noindex']]),
          robots: { text: 'User-agent: *\nDisallow: /' },
        },
      },
    ],
    [
      'noindex on the marketing host',
      'noindex',
      {
        subject: host('hello.example.com', 'marketing'),
        facts: { web: showing('<meta name="robots" content="noindex">', [], 'https://hello.example.com/') },
      },
    ],
    ['a copy for the team', 'staging-indexable', { subject: staging, facts: { web: copy, robots: absent } }],
    [
      'a copy that hides',
      'open',
      { subject: staging, facts: { web: copy, robots: { text: 'User-agent: *\nDisallow: /' } } },
    ],
    [
      'a copy whose robots.txt does not answer',
      'unknown',
      { subject: staging, facts: { web: copy, robots: unreadable } },
    ],
    [
      'an app',
      'skip',
      {
        subject: host('app.example.com', 'app'),
        facts: { web: showing('', [['x-robots-tag', 'noindex']], 'https://app.example.com/') },
      },
    ],
    ['a login', 'skip', { facts: { web: showing('<input type="password">', [['x-robots-tag', 'noindex']]) } }],
    ['robots.txt does not answer', 'unknown', { facts: { robots: unreadable } }],
    ['robots.txt fails', 'unknown', { facts: { robots: { status: 503, text: '' } } }],
    ['leads elsewhere', 'skip', { facts: { web: leadsToWww } }],
  ]))
