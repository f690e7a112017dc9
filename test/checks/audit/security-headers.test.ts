// security-headers: the small protective headers, one deviation each.
import { describe, expect, it } from 'vitest'
import check from '../../../src/checks/audit/security-headers.ts'
import { jsonService, leadsToWww, sendingOnly, showing } from '../../../src/facts/http/web.example.ts'
import { itJudges, judgeExample } from '../../support/judge-example.ts'

const nosniff: [string, string] = ['x-content-type-options', 'nosniff']
const referrer = (value: string): [string, string] => ['referrer-policy', value]

describe('security-headers', () => {
  itJudges(check, [
    [
      'a list of policies',
      'set',
      { facts: { web: sendingOnly(nosniff, referrer('no-referrer, strict-origin-when-cross-origin')) } },
    ],
    [
      'the policy in the page',
      'set',
      { facts: { web: showing('<meta name="referrer" content="origin">', [['x-content-type-options', 'NoSniff']]) } },
    ],
    ['types are guessed', 'no-nosniff', { facts: { web: sendingOnly(referrer('same-origin')) } }],
    ['no policy', 'no-referrer-policy', { facts: { web: sendingOnly(nosniff) } }],
    [
      'a policy that no browser knows',
      'no-referrer-policy',
      { facts: { web: sendingOnly(nosniff, referrer('strict')) } },
    ],
    ['the whole address', 'unsafe-referrer', { facts: { web: sendingOnly(nosniff, referrer('unsafe-url')) } }],
    [
      'the page says otherwise than the header',
      ['no-nosniff', 'unsafe-referrer'],
      { facts: { web: showing('<meta name="referrer" content="always">', [referrer('same-origin')]) } },
    ],
    [
      'frames allowed and forbidden',
      'contradictory',
      {
        facts: {
          web: sendingOnly(
            nosniff,
            referrer('same-origin'),
            ['x-frame-options', 'DENY'],
            ['x-frame-options', 'SAMEORIGIN'],
          ),
        },
      },
    ],
    [
      'the same twice',
      'set',
      { facts: { web: sendingOnly(nosniff, nosniff, referrer('no-referrer'), referrer('no-referrer')) } },
    ],
    ['leads elsewhere', 'skip', { facts: { web: leadsToWww } }],
    ['a JSON service', 'skip', { facts: { web: jsonService } }],
  ])

  it('an element in the page is removed by hand, a header is data', () => {
    const changesOf = (web: object) =>
      judgeExample(check, { facts: { web } }).findings.map(item => item.fix.changes[0]?.kind)
    expect(changesOf(showing('<meta name="referrer" content="always">', [nosniff]))).toEqual(['manual'])
    expect(changesOf(sendingOnly(nosniff, referrer('unsafe-url')))).toEqual(['http-header'])
  })
})
