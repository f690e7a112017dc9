// Reads a row of failed logins: was there a rate limit, a growing delay, a CAPTCHA, or nothing of the kind?

export type LoginTry = { status: number; milliseconds: number; retryAfter: boolean; saysLimit: boolean }

/** Words and elements with which pages hold off who tries too often. */
export const saysLimit = (body: string): boolean =>
  /too many (requests|attempts|logins?|tries|failed)|rate.?limit|try again (in|later)|temporarily (locked|blocked)|account (is |has been )?locked|zu viele|versuchen sie es sp[äa]ter|trop de (tentatives|requ[êe]tes)|demasiados (intentos|inicios)|muitas tentativas|troppi tentativi|te veel pogingen|zbyt wiele|слишком много|試行回数|次数过多|尝试次数/i.test(
    body.slice(0, 65_536),
  )

/** Whether the page asks for a CAPTCHA of a known service. */
export const hasRiddle = (body: string): boolean =>
  /recaptcha|hcaptcha|challenges\.cloudflare\.com\/turnstile|cf-turnstile|friendly-?captcha|arkoselabs|geetest|altcha|mcaptcha/i.test(
    body.slice(0, 262_144),
  )

export type TriesVerdict = 'limited' | 'unlimited' | 'not-judged'

/** `not-judged` when the tries were turned away before a password was looked at, or too few were answered. */
export const judgeTries = (tries: readonly LoginTry[]): TriesVerdict => {
  const first = tries[0]
  const last = tries.at(-1)
  if (!first || !last) return 'not-judged'
  if (tries.some(item => item.status === 429 || item.status === 423 || item.retryAfter || item.saysLimit))
    return 'limited'
  if (last.milliseconds > 1000 && last.milliseconds > 3 * first.milliseconds) return 'limited'
  // A status that changes to a refusal on the way is a limit that does not say so.
  if (first.status < 403 && [403, 503].includes(last.status)) return 'limited'
  const isAnswered = (status: number): boolean => status < 400 || [400, 401, 422].includes(status)
  return tries.length >= 5 && tries.every(item => isAnswered(item.status)) ? 'unlimited' : 'not-judged'
}
