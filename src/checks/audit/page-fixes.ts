// Fixes of the checks that look at what a site sends: its headers, pages, scripts and files.
import type { Fix } from '../../core/fix.ts'
import { command, fix, manual, manualFix, setHeader, setting } from '../../core/fixes.ts'
import { hstsHeader, year } from '../../formats/http/hsts.ts'

/** A test key in the page. */
export const goLive = ({ provider, what, url }: { provider: string; what: string; url: string }): Fix =>
  fix(
    `Build with the live ${provider} key`,
    [manual(`Replace the ${provider} ${what} in ${url} by the live one and build again.`)],
    [
      `Take the live key from the ${provider} dashboard (switch "test mode" off there first).`,
      'Set it in the production environment of the platform that builds the site, and deploy anew: it is compiled into the page.',
      'Set the live secret key and the live webhook secret on the server too; test and live do not mix.',
      'Make one real purchase of the smallest amount and refund it.',
    ],
    30,
  )

const publish =
  (what: string, path: string, content: string) =>
  ({ page }: { page: string }): Fix =>
    manualFix(
      `Publish ${what} and link to it from every page`,
      [
        `Publish ${what} at ${new URL(path, page).href}: ${content}`,
        `Link to it in the footer of ${page} and beside the signup form.`,
      ],
      60,
    )

/** A page that nobody finds, by its kind. */
export const publishPage = {
  privacy: publish(
    'a privacy policy',
    '/privacy',
    'who you are, which data you keep, where, how long, who else gets them, and how to have them deleted.',
  ),
  terms: publish(
    'terms of service',
    '/terms',
    'what you provide, the price, how to cancel and get money back, and which law applies.',
  ),
  contact: publish('a contact page', '/contact', 'an e-mail address that somebody reads, your name and address.'),
}

/** Strict-Transport-Security that is missing, void or too short. */
export const sendHsts = ({ host }: { host: string }): Fix =>
  fix(
    `Send Strict-Transport-Security: max-age=${year} on every answer of https://${host}`,
    [setHeader(host, hstsHeader, `max-age=${year}`)],
    [
      'Begin with max-age=86400 for a day if you are not sure that every page works over HTTPS, then raise it to a year.',
      'Add includeSubDomains when every subdomain has HTTPS; leave preload away unless you mean it for years.',
    ],
    10,
  )

/** `isMeta`: the policy stands in the page; `was`: the one that the header sends. */
type Policy = { host: string; set: string; isMeta: boolean; was?: string | undefined }

/** A policy that is missing or lets scripts in. */
export const sendPolicy = ({ host, set, isMeta, was }: Policy): Fix =>
  fix(
    `Send a Content-Security-Policy on ${host} that names where scripts come from`,
    isMeta
      ? [
          manual(
            `Replace the policy in the meta element of the pages of ${host} by the header content-security-policy: ${set}`,
          ),
        ]
      : [setHeader(host, 'content-security-policy', set, undefined, was)],
    [
      'Send it as Content-Security-Policy-Report-Only first and click through the site with the browser’s console open: each line there is something the policy would block.',
      'Add what is missing, then send it as Content-Security-Policy.',
      'Move inline scripts into files, or give each a nonce that changes with every answer.',
      ...(isMeta ? ['Take the policy out of the meta element: the header replaces it.'] : []),
    ],
    60,
  )

/** A route that answers strangers with data about people. */
export const askForLogin = ({ url }: { url: string }): Fix =>
  manualFix(
    `Ask for a login before ${url} answers`,
    [
      `Let the server check the session or the token before it answers ${url}, and answer 401 without one. A check in the browser’s code is none.`,
      'Check that each customer gets only their own records: filter by the user of the session, in Supabase or Firebase by row-level rules.',
      'Look into the log of the server for who has asked for this address; if it was others, the law may want them told.',
    ],
    60,
  )

/** `fixed`: the version that mends every hole named; empty where there is none. */
export type LibraryData = { library: string; version: string; fixed: string; url: string; advisories: string[] }

/** A library with a known hole. */
export const updateLibrary = ({ library, version, fixed, url, advisories }: LibraryData): Fix =>
  fixed
    ? fix(
        `Update ${library} to ${fixed} or later`,
        [command(`npm install ${library}@^${fixed}`)],
        [`Update ${library} to ${fixed} or later, build, and try the pages that use it.`, ...advisories],
        30,
      )
    : fix(
        `Replace ${library}`,
        [manual(`Replace ${library} ${version} in ${url}.`)],
        [`No version of ${library} mends this; move to something that is maintained.`, ...advisories],
        480,
      )

/** Files that strangers can read, all of one kind. */
export const stopServing = ({ host, paths, secret }: { host: string; paths: string[]; secret: boolean }): Fix => {
  const all = paths.join(', ')
  return fix(
    `Stop serving ${all}${secret ? ', and replace every secret in it' : ''}`,
    [
      ...paths.map(path => setting('web-server', `${host}${path}`, { status: 404 })),
      ...(secret ? [manual(`Replace every secret that ${all} holds.`)] : []),
    ],
    [
      `Take ${all} out of the folder that the web server publishes, or answer with 404.`,
      ...(secret
        ? [
            'Treat every password and key in it as known to strangers: make new ones, deploy them, then revoke the old ones.',
          ]
        : []),
      'Check the access log for who has read it.',
    ],
    secret ? 60 : 15,
  )
}

/** A header or the element `meta referrer`, the value seen and the one to set. */
export type HeaderData = { host: string; header: string; value: string; set: string }

/** A small header that is missing, or sent twice. */
export const sendOnce = ({ host, header, set }: HeaderData): Fix =>
  fix(
    `Send ${header}: ${set} on every answer of ${host}, once`,
    [setHeader(host, header, set)],
    ['Set it in one place: the web server, the platform’s headers file or the framework, and take other places away.'],
    10,
  )

/** A referrer policy that leaks addresses, in the header or in the page. */
export const dropReferrer = (data: HeaderData): Fix => {
  if (data.header !== 'meta referrer') return sendOnce(data)
  const element = `<meta name="referrer" content="${data.value}">`
  return fix(
    'Take the referrer meta element out of the pages, or set it to strict-origin-when-cross-origin',
    [manual(`Remove ${element} from the HTML of ${data.host}.`)],
    [`In the HTML of ${data.host}, find ${element} and remove it.`],
    10,
  )
}

/** An answer that foreign sites may read. */
export const onlyOwnSite = ({ url, host, path, own }: { url: string; host: string; path: string; own: string }): Fix =>
  fix(
    `Let only your own site read answers of ${url}`,
    [setHeader(host, 'access-control-allow-origin', own, path)],
    [
      'Keep a list of the addresses of your own pages and compare the Origin header with it as a whole; never echo it, never allow null.',
      'Send Vary: Origin where the answer depends on it.',
    ],
    20,
  )

/** `list`: what failed, each in words; `first` and `where` of the first. */
export type ErrorData = { url: string; count: number; first: string; where: string; list: string[] }

const mend =
  (summary: (data: ErrorData) => string, step: (data: ErrorData, item: string) => string) =>
  (data: ErrorData): Fix => {
    const steps = data.list.slice(0, 10).map(item => step(data, item))
    const look = `Open ${data.url} in a private window with the developer tools open, and reload.`
    return fix(summary(data), steps.map(manual), [look, ...steps], 45)
  }

/** What a browser notes on a page, by outcome. */
export const mendError = {
  uncaught: mend(
    data => `Fix what fails with "${data.first}"`,
    (data, item) => `Find and fix "${item}"${data.where ? ` (first seen at ${data.where})` : ''}.`,
  ),
  'failed-request': mend(
    data => `Serve ${data.first}, or stop asking for it`,
    (_, item) => `Serve ${item}, or take out what asks for it.`,
  ),
  'csp-blocked': mend(
    data => `Allow ${data.first} in the Content-Security-Policy, or take it out of the page`,
    (data, item) => `Allow ${item} in the Content-Security-Policy of ${data.url}, or take it out of the page.`,
  ),
}
