// What to change so that nothing is read on the way: what a page loads, the cookie of a login, the form that takes a password.
import type { Fix } from '../../core/fix.ts'
import { fix, manual, manualFix, setting } from '../../core/fixes.ts'
import { cookieSettings } from '../../formats/http/cookie.ts'

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

/** What `session-cookie` found. */
export type CookieData = { name: string; host: string; domain: string; fault: string }

const set = (how: string, { name }: CookieData): Fix =>
  manualFix(`Set the cookie ${name} ${how}`, [
    `Set the cookie ${name} ${how}: ${cookieSettings(name)}.`,
    'Deploy, log out and in again, and look at the cookie in the browser’s developer tools.',
  ])

/** The application sets the attribute, or the server before it adds it. */
const withAttribute =
  (attribute: 'Secure' | 'HttpOnly' | 'SameSite', value: true | 'Lax' = true, how = attribute as string) =>
  (data: CookieData): Fix => ({
    ...set(`with the attribute ${how}`, data),
    changes: [setting('http', `${data.host}/cookies/${data.name}/${attribute}`, value)],
  })

/** The cookie is set anew, as each fault asks. */
export const cookieFix = {
  'no-secure': withAttribute('Secure'),
  'no-httponly': withAttribute('HttpOnly'),
  'no-samesite': withAttribute('SameSite', 'Lax', 'SameSite=Lax'),
  'samesite-none-insecure': (data: CookieData): Fix => ({
    ...set('with Secure beside SameSite=None, or with SameSite=Lax where other sites need not send it', data),
    changes: [setting('http', `${data.host}/cookies/${data.name}/Secure`, true)],
  }),
  'parent-domain': (data: CookieData): Fix => set('without the attribute Domain, so that it stays with its host', data),
  'prefix-broken': (data: CookieData): Fix => set(`so that it keeps what its name promises (${data.fault})`, data),
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
