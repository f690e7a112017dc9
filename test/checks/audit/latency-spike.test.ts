// latency-spike: rows of timed requests.
import { describe } from 'vitest'
import check from '../../../src/checks/audit/latency-spike.ts'
import { answering } from '../../../src/facts/http/page.example.ts'
import { exchange, hop } from '../../../src/facts/http/web.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const failed = [{ message: 'no answer' }]

describe('latency-spike', () =>
  itJudges(check, [
    [
      'slow as a rule',
      'slow',
      { facts: { samples: { milliseconds: [1200, 1300, 1250, 1240, 1230, 1220, 1210, 1200, 1290, 1280] } } },
    ],
    ['too few', 'unknown', { facts: { samples: { milliseconds: [80, 90], failed } } }],
    ['a spike among the few that came', 'spikes', { facts: { samples: { milliseconds: [80, 90, 4000], failed } } }],
    [
      'more than is read',
      'skip',
      {
        facts: {
          samples: { milliseconds: [80, 90, 4000] },
          page: exchange(hop('https://example.com/', { truncated: true })),
        },
      },
    ],
    ['an error page', 'skip', { facts: { samples: { milliseconds: [80] }, page: answering(500) } }],
  ]))
