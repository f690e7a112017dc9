// Failed logins in a row, for the examples of checks.
import type { LoginTries } from './login-tries.ts'

type Try = LoginTries['tries'][number]

const refusal: Try = { status: 401, milliseconds: 80, retryAfter: false, saysLimit: false }

/** This many refusals, then the answers given. */
export const tried = (count: number, ...more: Partial<Try>[]): Pick<LoginTries, 'tries'> => ({
  tries: [...Array.from({ length: count }, () => refusal), ...more.map(given => ({ ...refusal, ...given }))],
})

/** Ten answers alike. */
export const tenTimes = (given: Partial<Try>): Pick<LoginTries, 'tries'> =>
  tried(0, ...Array.from({ length: 10 }, () => given))

/** Five refusals, then 429. */
export const example: LoginTries = {
  url: 'https://example.com/session',
  riddle: false,
  ...tried(5, { status: 429 }),
  stopped: null,
}
