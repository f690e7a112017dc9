// Whoever guesses passwords is slowed down.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { judgeTries, type LoginTry } from '../../formats/http/login-tries.ts'

type Data = { url: string; count: number }

const fix = (data: Data): Fix => {
  const steps = [
    `Let ${data.url} answer 429 after about five failed tries in a minute, counted by address and by account (Cloudflare: a rate limiting rule; nginx: limit_req; Rails: rack-attack; Express: express-rate-limit; Django: django-axes; Laravel: throttle).`,
    'Do the same for the password reset and the signup, which send mail.',
  ]
  return {
    summary: 'Limit failed logins',
    steps,
    changes: steps.map(step => ({ kind: 'manual' as const, step })),
    effortMinutes: 45,
  }
}

const tries = (count: number, given: Partial<LoginTry> = {}): LoginTry[] =>
  Array.from({ length: count }, () => ({
    status: 401,
    milliseconds: 80,
    retryAfter: false,
    saysLimit: false,
    ...given,
  }))
const seen = (list: LoginTry[], riddle = false) => ({
  url: 'https://example.com/session',
  riddle,
  tries: list,
  stopped: null,
})

export default defineCheck<Data>()({
  id: 'rate-limit',
  stage: 'audit',
  on: 'route',
  title: 'Whoever guesses passwords is slowed down',
  why: 'Lists of leaked passwords are tried against every login. With --active the login form is posted ten times in a row, with the address launch-ready-probe@launch-ready.invalid and a wrong password (or with what audit.rateLimit of the config says); a 429, a lock, a growing delay or a riddle that tells people from programs is a limit.',
  impact: { journey: 'login', owner: 'Programs can try passwords on your customers’ accounts as often as they like.' },
  needs: ['loginTries'],
  active: true,
  outcomes: {
    unlimited: {
      status: 'fail',
      severity: 'high',
      title: 'Passwords can be guessed without limit ({count} tries)',
      fix,
    },
    limited: { status: 'pass', title: 'Failed logins are limited' },
  },
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Credential_Stuffing_Prevention_Cheat_Sheet.html',
    'https://www.rfc-editor.org/rfc/rfc6585#section-4',
  ],
  judge: ({ loginTries }) => {
    const { url, riddle, tries, stopped } = loginTries
    const data: Data = { url, count: tries.length }
    const evidence = [
      { label: `POST ${url}`, value: riddle ? 'the page asks a riddle' : tries.map(item => item.status).join(' ') },
    ]
    if (riddle) return { outcome: 'limited', data, evidence }
    const verdict = judgeTries(tries)
    if (verdict !== 'not-judged') return { outcome: verdict, data, evidence }
    const statuses = [...new Set(tries.map(item => item.status))].join(', ')
    return {
      unknown: stopped ?? `the tries were turned away before a password was looked at (status ${statuses})`,
      couldBe: 'high',
    }
  },
  examples: [
    { name: 'a limit', facts: { loginTries: seen([...tries(5), ...tries(1, { status: 429 })]) }, expect: 'limited' },
    {
      name: 'growing delay',
      facts: { loginTries: seen([...tries(6), ...tries(1, { milliseconds: 4000 })]) },
      expect: 'limited',
    },
    { name: 'a riddle', facts: { loginTries: seen([], true) }, expect: 'limited' },
    {
      name: 'says so in the page',
      facts: { loginTries: seen([...tries(5), ...tries(1, { status: 200, saysLimit: true })]) },
      expect: 'limited',
    },
    { name: 'no limit', facts: { loginTries: seen(tries(10)) }, expect: 'unlimited' },
    { name: 'leads back each time', facts: { loginTries: seen(tries(10, { status: 302 })) }, expect: 'unlimited' },
    { name: 'a token was wanted', facts: { loginTries: seen(tries(10, { status: 403 })) }, expect: 'unknown' },
  ],
})
