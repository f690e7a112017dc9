// What to change where a key route does not answer, or its page does not live.
import type { Fix } from '../../core/fix.ts'
import { manualFix } from '../../core/fixes.ts'
import type { SaidKind } from '../../formats/html/said-kind.ts'

/**
 * `what` is the error in the page's words, what browsers do with it, or where it leads; `said` of what kind such words are; `items` are the
 * files that browsers do not use, each with the reason; `frame` is where the only frame of a page leads.
 */
export type RouteData = {
  route: string
  url: string
  status: number
  what: string
  said: SaidKind
  items: string[]
  frame: string
  /** What the page does, for a title. */
  does: string
}

/** What is told of a route before anything is found. */
export const blankData = (route: string, url: string): RouteData => ({
  route,
  url,
  status: 0,
  what: '',
  said: 'error',
  does: 'cannot be reached',
  items: [],
  frame: '',
})

/** The same of a page that leads on to an address where nobody arrives. */
export const misled = (data: RouteData, to: string): RouteData => {
  const { host } = new URL(to)
  return { ...data, what: to, does: `leads to ${host}, where nobody arrives` }
}

/** What a page does with words of each kind. */
export const doesWith: Readonly<Record<SaidKind, string>> = {
  error: 'says',
  document: 'says',
  bytes: 'is sent as',
  source: 'shows its source:',
  pointer: 'is a Git LFS pointer,',
  markup: 'shows its markup:',
  unfilled: 'shows a place that was not filled:',
  upkeep: 'says',
  notice: 'says',
  tool: 'is the console of a program,',
}

const change =
  (summary: string, step: (data: RouteData) => string | string[]) =>
  (data: RouteData): Fix =>
    manualFix(summary, [step(data)].flat(), 30)

const look = ({ url }: RouteData): string =>
  `Open ${url} in a private window with the developer tools open, and reload.`

const statusStep =
  'Answer errors with status 500 and maintenance with 503, so that search engines, monitors and caches do not take them for the page.'

/** How a page is mended, by the kind of what it shows. */
const saidFix: Readonly<Record<SaidKind, (data: RouteData) => Fix>> = {
  error: change('Fix the error that the page shows, and answer errors with an error status', ({ url, what }) => [
    `Open the log of the server for ${url} at the time of this run and fix the error behind "${what}".`,
    statusStep,
  ]),
  document: change('Send the page as text/html, or as XML without errors', data => [
    `Let the server send ${data.url} with content-type: text/html; charset=utf-8, or correct it as XML: ${data.what}.`,
    look(data),
  ]),
  bytes: change('Send the page as text', data => [
    `Look at what is sent (\`curl -s ${data.url} | head -c 200 | xxd\`): packed bytes need the header content-encoding that names how they were packed, or are to be sent unpacked; letters of Base64 are to be decoded before they are sent (behind a function or a gateway: isBase64Encoded); text is to be in the charset that its content-type names.`,
    look(data),
  ]),
  source: change('Serve what the source makes, and not the source', data => [
    `The server sends the file of ${data.url} as it was written. Let the program that should run it (PHP, the template engine, the bundler) answer, or deploy what the build wrote.`,
    look(data),
  ]),
  pointer: change('Deploy the file and not its pointer', data => [
    'The file is kept in Git LFS, and its pointer was deployed: let the deployment fetch it (`git lfs pull`, in GitHub Actions `lfs: true` of actions/checkout), and deploy again.',
    look(data),
  ]),
  markup: change('Close the tag that swallows the page', data => [
    `Read the source of ${data.url} from its beginning: an element is not closed (a title, a textarea, a quoted value), or the markup was escaped once too often. Validate it at https://validator.w3.org/nu/.`,
    look(data),
  ]),
  unfilled: change('Fill the places that the page shows empty', data => [
    `Find what should have filled "${data.what}": a variable that the build or the server lacks in production, a text that has no translation, a template that was not run.`,
    look(data),
  ]),
  upkeep: change('End the maintenance, or say it with status 503', ({ url, what }) => [
    `Turn off what shows "${what}" at ${url} as soon as the work is done.`,
    'As long as it lasts, answer with status 503 and Retry-After, so that search engines, monitors and caches do not take it for the page.',
  ]),
  notice: change('Settle with the host what it says in place of the page', ({ url, what }) => [
    `"${what}" is what the host or the platform shows at ${url} in place of the product. Sign in there: pay or wake what was suspended, connect the name to the project, publish the site.`,
    'Where the product itself says it, answer with an error status, so that search engines, monitors and caches do not take it for the page.',
  ]),
  tool: change('Lead the name to the product, and keep the console to yourselves', ({ url, what }) => [
    `${url} leads to the console of a program (${what}). Correct the port or the name in the configuration of the reverse proxy, so that the product answers.`,
    'Put the console on a name of its own, behind a login of the network: strangers can try passwords there.',
  ]),
}

/** The page leads to an address where nobody arrives. */
const redirected = change('Correct the address that the page leads to', ({ url, what }) => [
  `${url} sends visitors on to ${what}. Replace that address, in the redirect, in the page or in the setting of the build that it comes from, by one that everybody reaches.`,
])

const down = change(
  'Bring the server up, and open the port',
  ({ url }) => `Check that the server of ${url} runs and that its firewall lets port 443 in.`,
)

const framed = change('Show the page itself, and not a frame around another host', ({ url, frame, items }) => [
  ...items.slice(0, 1).map(item => `All that ${url} shows is a frame, and nothing is in it: ${item}.`),
  `Point the name at the server of the product, or redirect it there; masked forwarding at the registrar is what makes such frames. Where ${frame} is to stay, bring it back.`,
])

const served = change('Serve every file that the page names, as what it is', data => [
  ...data.items.slice(0, 8).map(item => `Mend ${item}.`),
  'Deploy the pages and the files of one build together, keep the files of the last build, and answer 404 for files that do not exist instead of the front page.',
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
  unreachable: (data: RouteData): Fix => (data.what ? redirected(data) : down(data)),
  empty: change('Serve the page with its content', data => [
    `Find out why ${data.url} is sent without anything to show: a build that failed, an empty file, a template that was not filled.`,
    look(data),
  ]),
  'error-text': (data: RouteData): Fix => saidFix[data.said](data),
  'broken-assets': (data: RouteData): Fix => (data.frame ? framed(data) : served(data)),
  'side-script': change('Serve the script, or take it out of the page', ({ items }) => [
    ...items.slice(0, 8).map(item => `Mend ${item}.`),
    'Where nobody misses it, take its element out of the page, and what the page shows in its place.',
  ]),
  downloads: change('Send the page as text/html', data => [
    `Let the server send ${data.url} with content-type: text/html; charset=utf-8 and without content-disposition.`,
    look(data),
  ]),
}
