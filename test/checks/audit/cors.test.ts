// cors: which origins may read a private answer.
import { describe } from 'vitest'
import check from '../../../src/checks/audit/cors.ts'
import { answer, answers, foreign, opaque } from '../../../src/facts/http/cors-probe.example.ts'
import { json, route } from '../../../src/facts/http/page.example.ts'
import { itJudges } from '../../support/judge-example.ts'

const subject = route('api', 'clients')
const page = json({ error: 'authentication required' })
const people = json([{ email: 'ada@mail.example' }])

describe('cors', () =>
  itJudges(check, [
    [
      'names its own site',
      'closed',
      { subject, facts: { corsProbe: answers(answer(foreign, 'https://app.example.com', true)), page } },
    ],
    [
      'a star for answers that need a token',
      'closed',
      { subject, facts: { corsProbe: answers(answer(foreign, '*')), page } },
    ],
    [
      'echoes whoever asks, and null',
      'reflects-origin-with-credentials',
      { subject, facts: { corsProbe: answers(answer(opaque, opaque, true), answer(foreign, foreign, true)), page } },
    ],
    [
      'compares the end of the name',
      'trusts-lookalike',
      {
        subject: route('api'),
        facts: { corsProbe: answers(answer('https://launchreadyexample.com', 'https://launchreadyexample.com', true)) },
      },
    ],
    [
      'lets null in',
      'null-with-credentials',
      { subject, facts: { corsProbe: answers(answer(foreign, null), answer(opaque, opaque, true)), page } },
    ],
    [
      'a star for people',
      'wildcard-private',
      { subject, facts: { corsProbe: answers(answer(foreign, '*')), page: people } },
    ],
    [
      'an echo without credentials for people',
      'wildcard-private',
      { subject, facts: { corsProbe: answers(answer(foreign, foreign)), page: people } },
    ],
    [
      'one question without answer',
      'unknown',
      {
        subject,
        facts: {
          corsProbe: { answers: [answer(foreign, null)], unanswered: [{ origin: 'null', message: 'no answer' }] },
          page,
        },
      },
    ],
  ]))
