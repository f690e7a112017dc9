// Whoever guesses passwords is slowed down.
import { defineCheck, high, pass, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { manualFix } from '../../core/fixes.ts'
import { tenTimes, tried } from '../../facts/http/login-tries.example.ts'
import { judgeTries } from '../../formats/http/login-tries.ts'

type Data = { url: string; count: number }

const limit = ({ url }: Data): Fix =>
  manualFix(
    'Limit failed logins',
    [
      `Let ${url} answer 429 after about five failed tries in a minute, counted by address and by account (Cloudflare: a rate limiting rule; nginx: limit_req; Rails: rack-attack; Express: express-rate-limit; Django: django-axes; Laravel: throttle).`,
      'Do the same for the password reset and the signup, which send mail.',
    ],
    45,
  )

export default defineCheck<Data>()({
  id: 'rate-limit',
  stage: 'audit',
  on: 'route',
  title: 'Whoever guesses passwords is slowed down',
  why: 'Lists of leaked passwords are tried against every login. With --active the login form is posted ten times in a row, with the address launch-ready-probe@launch-ready.invalid and a wrong password (or with what audit.rateLimit of the config says); a 429, a lock, a growing delay or a riddle that tells people from programs is a limit.',
  impact: { journey: 'login', owner: 'Programs can try passwords on your customers’ accounts as often as they like.' },
  needs: ['loginTries'],
  active: true,
  signals: ['data-exposed'],
  outcomes: {
    unlimited: high('Passwords can be guessed without limit ({count} tries)', limit),
    limited: pass('Failed logins are limited'),
  },
  references: [
    'https://cheatsheetseries.owasp.org/cheatsheets/Credential_Stuffing_Prevention_Cheat_Sheet.html',
    'https://www.rfc-editor.org/rfc/rfc6585#section-4',
  ],
  judge: ({ loginTries: { url, riddle, tries, stopped } }) => {
    const data: Data = { url, count: tries.length }
    const seen = riddle ? 'the page asks a riddle' : tries.map(item => item.status).join(' ')
    const evidence = [httpEvidence(url, seen, { label: `POST ${url}` })]
    if (riddle) return { outcome: 'limited', data, evidence }
    const verdict = judgeTries(tries)
    if (verdict !== 'not-judged') return { outcome: verdict, data, evidence }
    const statuses = [...new Set(tries.map(item => item.status))].join(', ')
    return unknown(stopped ?? `the tries were turned away before a password was looked at (status ${statuses})`, 'high')
  },
  examples: [
    { name: 'a limit', facts: {}, expect: 'limited' },
    { name: 'a riddle', facts: { loginTries: { tries: [], riddle: true } }, expect: 'limited' },
    { name: 'no limit', facts: { loginTries: tried(10) }, expect: 'unlimited' },
    { name: 'a token was wanted', facts: { loginTries: tenTimes({ status: 403 }) }, expect: 'unknown' },
  ],
})
