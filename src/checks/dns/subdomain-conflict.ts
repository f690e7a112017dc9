// App and marketing site are told apart, and do not step on each other's cookies.
import { defineCheck, type OutcomeHolds, skip } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { Facts } from '../../facts/index.generated.ts'

type Data = { app: string; marketing: string; cookie: string }

const fix = (data: Data): Fix => ({
  summary: `Serve the product at ${data.app} and the marketing site at ${data.marketing}, each by its own`,
  steps: [`In the hosting, give ${data.app} its own project, and check which project each domain is assigned to.`],
  changes: [{ kind: 'manual', step: `Assign ${data.app} to the project of the product.` }],
  effortMinutes: 30,
})

const cookieFix = (data: Data): Fix => ({
  summary: `Rename the cookie ${data.cookie}, or keep it to its own host`,
  steps: [`Set ${data.cookie} without a Domain attribute (best with the prefix __Host-) at ${data.app}.`],
  changes: [{ kind: 'manual', step: `Set ${data.cookie} without Domain at ${data.app} and ${data.marketing}.` }],
  effortMinutes: 20,
})

type Holds = OutcomeHolds<'same-content' | 'cookie-collision' | 'app-redirects-to-marketing', Data>

/** Made to be shared by all hosts: edge networks, statistics, consent, language. Nobody is logged out by them. */
const sharedByDesign =
  /^(__cf|_cf|cf_|__cflb|AWSALB|_ga|_gid|_gcl|_fbp|_fbc|_hj|_clck|_clsk|ajs_|amplitude|AMP_|mp_|ph_|_vercel|intercom-|hubspot|__hs|_uet|_pin|_tt_|Optanon|CookieConsent|cookie_?consent|consent|NEXT_LOCALE|locale|lang|language|i18n|currency|theme)/i

/** Cookies of one name that two hosts set for the same wider domain. */
const collisions = (faces: Facts['hostFaces']): Holds[] => {
  const shared = faces.flatMap(face =>
    face.sharedCookies
      .filter(cookie => !sharedByDesign.test(cookie.name))
      .map(cookie => ({ host: face.host, ...cookie })),
  )
  return [...Map.groupBy(shared, cookie => `${cookie.name} ${cookie.domain}`)].flatMap(([key, group]): Holds[] => {
    const [first, second] = [...new Set(group.map(cookie => cookie.host))]
    if (!first || !second) return []
    const evidence = group.map(cookie => ({ label: cookie.host, value: `${cookie.name}; Domain=${cookie.domain}` }))
    return [
      { outcome: 'cookie-collision', key, data: { app: first, marketing: second, cookie: group[0]!.name }, evidence },
    ]
  })
}

export default defineCheck<Data>()({
  id: 'subdomain-conflict',
  stage: 'dns',
  on: 'domain',
  title: 'App and marketing site are two places',
  why: 'The front pages of all hosts are compared: an app host that shows or redirects to the marketing site cannot be logged in to, and two hosts that set one cookie for the whole domain log each other’s users out.',
  impact: {
    journey: 'signup',
    owner: 'People who want to log in or sign up end on the marketing page, or are logged out at random.',
  },
  needs: ['hostFaces'],
  signals: { 'duplicate-pages': ['same-content'] },
  outcomes: {
    'same-content': { status: 'fail', severity: 'high', title: '{app} shows the same page as {marketing}', fix },
    'cookie-collision': {
      status: 'fail',
      severity: 'medium',
      title: 'Two hosts overwrite each other’s cookie {cookie}',
      fix: cookieFix,
    },
    'app-redirects-to-marketing': { status: 'fail', severity: 'high', title: '{app} sends people to {marketing}', fix },
    separate: { status: 'pass', title: 'App and marketing site are separate' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.3'],
  judge: ({ hostFaces }) => {
    const apps = hostFaces.filter(face => face.role === 'app')
    const sites = hostFaces.filter(face => ['apex', 'www', 'marketing'].includes(face.role))
    if (apps.length === 0 || sites.every(site => site.status === null))
      return skip('there is no app host beside a marketing site')
    const holds: Holds[] = []
    const marketing = sites.find(site => site.endsAt === site.host) ?? sites[0]!
    for (const app of apps) {
      const data = { app: app.host, marketing: marketing.host, cookie: '' }
      const away = app.endsAt !== null && app.endsAt !== app.host && sites.some(site => site.host === app.endsAt)
      // The login may stand at the marketing site: then people arrive where they want to.
      if (away && !app.login)
        holds.push({
          outcome: 'app-redirects-to-marketing',
          key: app.host,
          data: { ...data, marketing: app.endsAt ?? marketing.host },
          evidence: [{ label: app.host, value: `ends at ${app.endsAt}` }],
        })
      else if (!away && app.content !== '' && app.content === marketing.content)
        holds.push({
          outcome: 'same-content',
          key: app.host,
          data,
          evidence: [{ label: `${app.host} and ${marketing.host}`, value: `the same text, title "${app.title}"` }],
        })
    }
    holds.push(...collisions(hostFaces))
    return holds.length
      ? holds
      : {
          outcome: 'separate',
          data: { app: apps[0]!.host, marketing: marketing.host, cookie: '' },
          evidence: hostFaces.map(face => ({ label: face.host, value: face.title || `status ${face.status}` })),
        }
  },
  examples: [
    { name: 'two pages', facts: { hostFaces: faces({ content: 'b' }) }, expect: 'separate' },
    { name: 'one page under two names', facts: { hostFaces: faces({}) }, expect: 'same-content' },
    {
      name: 'the app redirects',
      facts: { hostFaces: faces({ endsAt: 'www.example.com' }) },
      expect: 'app-redirects-to-marketing',
    },
    {
      name: 'the app sends people to the login page of the site',
      facts: { hostFaces: faces({ endsAt: 'www.example.com', login: true }) },
      expect: 'separate',
    },
    {
      name: 'one cookie, two writers',
      facts: { hostFaces: faces({ content: 'b', sharedCookies: [{ name: 'session', domain: 'example.com' }] }) },
      expect: 'cookie-collision',
    },
    {
      name: 'one cookie of the network in front of both',
      facts: { hostFaces: faces({ content: 'b', sharedCookies: [{ name: '__cf_bm', domain: 'example.com' }] }) },
      expect: 'separate',
    },
  ],
})

/** A marketing site and an app that differs from it as given, for the examples. */
function faces(
  app: Partial<{ content: string; endsAt: string; login: boolean; sharedCookies: { name: string; domain: string }[] }>,
) {
  const face = { status: 200, title: 'Coach', content: 'a', login: false, sharedCookies: app.sharedCookies ?? [] }
  return [
    { ...face, host: 'www.example.com', role: 'www', endsAt: 'www.example.com' },
    { ...face, host: 'app.example.com', role: 'app', endsAt: 'app.example.com', ...app },
  ]
}
