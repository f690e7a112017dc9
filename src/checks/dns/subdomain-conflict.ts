// App and marketing site are told apart, and do not step on each other's cookies.
import { defineCheck, high, medium, type OutcomeHolds, pass, skip } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { sharingCookie, withApp } from '../../facts/dns/host-faces.example.ts'
import { appConflict, appsAndSite, cookieCollisions } from '../../formats/dns/host-conflicts.ts'
import { type ConflictData, cookieFix, hostingFix } from './fixes.ts'

export default defineCheck<ConflictData>()({
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
  signals: { 'duplicate-pages': ['same-content'], 'signup-unreliable': ['app-redirects-to-marketing'] },
  outcomes: {
    'same-content': high('{app} shows the same page as {marketing}', hostingFix, {
      why: 'People who want to log in or sign up end on the marketing page.',
    }),
    'cookie-collision': medium('Two hosts overwrite each other’s cookie {cookie}', cookieFix, {
      why: 'People are logged out at random.',
    }),
    'app-redirects-to-marketing': high('{app} sends people to {marketing}', hostingFix, {
      why: 'People who want to log in or sign up end on the marketing page.',
    }),
    separate: pass('App and marketing site are separate'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc6265#section-4.1.2.3'],
  judge: ({ hostFaces }) => {
    const hosts = appsAndSite(hostFaces)
    if (!hosts) return skip('there is no app host beside a marketing site')
    const marketing = hosts.marketing.host
    const found: OutcomeHolds<'same-content' | 'cookie-collision' | 'app-redirects-to-marketing', ConflictData>[] = []
    for (const app of hosts.apps) {
      const outcome = appConflict(app, hosts)
      if (outcome === null) continue
      const isAway = outcome === 'app-redirects-to-marketing'
      const seen = isAway
        ? textEvidence(app.host, `ends at ${app.endsAt}`)
        : textEvidence(`${app.host} and ${marketing}`, `the same text, title "${app.title}"`)
      const data = { app: app.host, marketing: (isAway && app.endsAt) || marketing, cookie: '' }
      found.push({ outcome, key: app.host, data, evidence: [seen] })
    }
    for (const { name: cookie, domain, hosts: setters } of cookieCollisions(hostFaces))
      found.push({
        outcome: 'cookie-collision',
        key: `${cookie} ${domain}`,
        data: { app: setters[0], marketing: setters[1], cookie },
        evidence: setters.map(host => textEvidence(host, `${cookie}; Domain=${domain}`)),
      })
    const evidence = hostFaces.map(face => textEvidence(face.host, face.title || `status ${face.status}`))
    const data = { app: hosts.apps[0]!.host, marketing, cookie: '' }
    return found.length ? found : { outcome: 'separate', data, evidence }
  },
  examples: [
    { name: 'two pages', facts: {}, expect: 'separate' },
    { name: 'one page under two names', facts: { hostFaces: withApp({ content: 'a' }) }, expect: 'same-content' },
    {
      name: 'the app redirects',
      facts: { hostFaces: withApp({ endsAt: 'www.example.com' }) },
      expect: 'app-redirects-to-marketing',
    },
    { name: 'one cookie, two writers', facts: { hostFaces: sharingCookie('session') }, expect: 'cookie-collision' },
  ],
})
