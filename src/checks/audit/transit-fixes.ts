// What to change so that nothing is read on the way: what a page loads, the cookie of a login, the form that takes a password.
import type { Fix } from '../../core/fix.ts'
import { fix, manual, manualFix, setting } from '../../core/fixes.ts'
import { type CookieFault, cookieSettings } from '../../formats/http/cookie.ts'

/** What `mixed-content` found. */
export type MixedData = { url: string; first: string; count: number; urls: string[] }

const secure = (url: string): string => url.replace(/^http:/, 'https:')

/** As many as one fix lists. */
const mostListed = 10

/** Everything is asked for over https://. */
export const useHttps = ({ url: page, urls }: MixedData): Fix => {
  const listed = urls.slice(0, mostListed)
  return fix(
    'Ask for these over https://',
    listed.map(url => manual(`In the source of ${page}, replace ${url} by ${secure(url)}.`)),
    listed.map(url => `Replace ${url} by ${secure(url)} (or a path of your own site), then reload the page.`),
  )
}

/** What `session-cookie` found of one cookie, worst first. */
export type CookieData = { name: string; host: string; domain: string; faults: CookieFault[] }

/** What mends each fault, in words and, where the server before the application can add it, as an attribute. */
const cookieMends: Readonly<
  Record<
    CookieFault['kind'],
    { how: (fault: string) => string; attribute?: ['Secure' | 'HttpOnly' | 'SameSite', unknown] }
  >
> = {
  'prefix-broken': { how: fault => `as its name promises (${fault})` },
  'samesite-none-insecure': {
    how: () => 'with Secure beside SameSite=None (or with SameSite=Lax where other sites need not send it)',
    attribute: ['Secure', true],
  },
  'no-secure': { how: () => 'with Secure', attribute: ['Secure', true] },
  'no-httponly': { how: () => 'with HttpOnly', attribute: ['HttpOnly', true] },
  'no-samesite': { how: () => 'with SameSite=Lax', attribute: ['SameSite', 'Lax'] },
  'parent-domain': { how: () => 'without the attribute Domain, so that it stays with its host' },
}

/** The cookie is set anew, as all of its faults ask. */
export const setCookie = ({ name, host, faults }: CookieData): Fix => {
  const how = `Set the cookie ${name} ${faults.map(({ kind, fault }) => cookieMends[kind].how(fault)).join(', ')}`
  const steps = [
    `${how}: ${cookieSettings(name)}.`,
    'Deploy, log out and in again, and look at the cookie in the browser’s developer tools.',
  ]
  const changes = faults.flatMap(({ kind }) => {
    const { attribute } = cookieMends[kind]
    return attribute ? [setting('http', `${host}/cookies/${name}/${attribute[0]}`, attribute[1])] : []
  })
  return changes.length ? fix(how, changes, steps) : manualFix(how, steps)
}

/** What `login-form` found. */
export type PasswordFormData = { url: string; action: string }

const formChange =
  (summary: string, step: (data: PasswordFormData) => string) =>
  (data: PasswordFormData): Fix =>
    fix(summary, [manual(step(data))], [step(data), 'Log in once afterwards and look at where the request goes.'], 15)

/** The form posts where the password belongs, and lets it be pasted. */
export const formFix = {
  'get-method': formChange(
    'Let the form use method="post"',
    ({ url }) => `On ${url}, write <form method="post"> and read the fields from the body of the request.`,
  ),
  'plain-http-action': formChange(
    'Let the form post to https://',
    ({ url, action }) => `On ${url}, replace the action ${action} by ${action.replace(/^http:/, 'https:')}.`,
  ),
  'cross-site-action': formChange(
    'Post to your own site, or link to the other site’s login page',
    ({ url, action }) =>
      `On ${url}, let the form post to your own host, or replace it by a link to the login page at ${new URL(action).origin}.`,
  ),
  'paste-blocked': formChange(
    'Allow pasting, so that password managers work',
    ({ url }) => `On ${url}, take the onpaste attribute off the fields.`,
  ),
}
