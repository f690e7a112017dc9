// What to change where a key route does not answer, or its page does not live.
import type { Fix } from '../../core/fix.ts'
import { manualFix } from '../../core/fixes.ts'
import { isXmlFault } from '../../formats/html/xml-form.ts'

/** `what` is the error in the page's words or what browsers do with it; `items` are the files that they do not use, each with the reason. */
export type RouteData = { route: string; url: string; status: number; what: string; items: string[] }

const change =
  (summary: string, step: (data: RouteData) => string | string[]) =>
  (data: RouteData): Fix =>
    manualFix(summary, [step(data)].flat(), 30)

const look = ({ url }: RouteData): string =>
  `Open ${url} in a private window with the developer tools open, and reload.`

const mended = change('Fix the error that the page shows, and answer errors with an error status', ({ url, what }) => [
  `Open the log of the server for ${url} at the time of this run and fix the error behind "${what}".`,
  'Answer errors with status 500 and maintenance with 503, so that search engines, monitors and caches do not take them for the page.',
])

const readable = change('Send the page as text/html, or as XML without errors', data => [
  `Let the server send ${data.url} with content-type: text/html; charset=utf-8, or correct it as XML: ${data.what}.`,
  look(data),
])

export const routeFix = {
  'server-error': change(
    'Find the error in the server’s log and fix it',
    ({ url, status }) =>
      `Open the log of the server for ${url} at the time of this run and fix the error behind status ${status}.`,
  ),
  'not-found': change(
    'Bring the page back, or correct the link that leads there',
    ({ url }) =>
      `Serve a page at ${url} with status 200, redirect it to where the page is now, or correct the link or the config that names it.`,
  ),
  'redirect-loop': change(
    'Let one rule decide where this address leads',
    ({ url }) =>
      `Follow the redirects of ${url} as listed and take away the rule that leads back. Behind Cloudflare, set SSL/TLS to Full (strict).`,
  ),
  'unexpected-status': change(
    'Let the page answer as it should',
    ({ url, status }) =>
      `Find out why ${url} answers with status ${status}; where that is right, name it in the config: routes[].expectStatus.`,
  ),
  unreachable: change(
    'Bring the server up, and open the port',
    ({ url }) => `Check that the server of ${url} runs and that its firewall lets port 443 in.`,
  ),
  empty: change('Serve the page with its content', data => [
    `Find out why ${data.url} is sent without anything to show: a build that failed, an empty file, a template that was not filled.`,
    look(data),
  ]),
  'error-text': (data: RouteData): Fix => (isXmlFault(data.what) ? readable(data) : mended(data)),
  'broken-assets': change('Serve every file that the page names, as what it is', data => [
    ...data.items.slice(0, 8).map(item => `Mend ${item}.`),
    'Deploy the pages and the files of one build together, keep the files of the last build, and answer 404 for files that do not exist instead of the front page.',
    look(data),
  ]),
  'side-script': change('Serve the script, or take it out of the page', ({ items }) => [
    ...items.slice(0, 8).map(item => `Mend ${item}.`),
    'Where nobody misses it, take its element out of the page, and what the page shows in its place.',
  ]),
  downloads: change('Send the page as text/html', data => [
    `Let the server send ${data.url} with content-type: text/html; charset=utf-8 and without content-disposition.`,
    look(data),
  ]),
}
