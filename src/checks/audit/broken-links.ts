// The links of key pages lead somewhere.
import { blocker, defineCheck, low, medium, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'
import { brokenLink, refusedLink } from '../../facts/http/links.example.ts'
import { groupLinks } from '../../formats/html/link-groups.ts'

type Data = { page: string; first: string; count: number; urls: string[] }

const correct = ({ page, first, count, urls }: Data): Fix =>
  fix(
    count === 1 ? `Correct the link to ${first}` : `Correct ${count} links`,
    urls.map(url => manual(`Correct or take out the link from ${page} to ${url}.`)),
    urls.map(url => `On ${page}, correct the link to ${url}, bring that page back, or take the link out.`),
    5 + 5 * Math.min(count, 10),
  )

const outcomeOf = {
  'signup-or-payment': 'signup-or-payment-broken',
  internal: 'internal-broken',
  external: 'external-broken',
} as const
const couldBe = { 'signup-or-payment': 'blocker', internal: 'medium', external: 'low' } as const

export default defineCheck<Data>()({
  id: 'broken-links',
  stage: 'audit',
  on: 'route',
  title: 'The links of this page lead somewhere',
  why: 'Links of key pages are asked for, HEAD first and a GET before anything is called broken. Broken means 404, 410 or a host that does not exist; a refusal, a limit or a server error says nothing about the link.',
  impact: { journey: 'signup', owner: 'A customer who follows this link lands on an error page and leaves.' },
  needs: ['links'],
  signals: {
    'signup-unreliable': ['signup-or-payment-broken'],
    'links-break': ['internal-broken', 'signup-or-payment-broken'],
  },
  outcomes: {
    'signup-or-payment-broken': blocker('A link to sign up or pay leads to an error page', correct, {
      why: 'Whoever wants to become a customer lands on an error page.',
    }),
    'internal-broken': medium('Links on this page lead to error pages ({count})', correct),
    'external-broken': low('Links to other sites lead to missing pages ({count})', correct),
    sound: pass('The links of this page lead somewhere'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15.5.5'],
  judge: ({ links: { asked, leftOut, links } }, { subject: { name: page } }) => {
    if (asked === 0) return skip('the page has no links that lead elsewhere')
    const broken = groupLinks(links, 'broken').map(({ group, links: found }) => {
      const shown = found.slice(0, 10)
      return {
        outcome: outcomeOf[group],
        data: { page, first: found[0].url, count: found.length, urls: shown.map(link => link.url) },
        evidence: shown.map(({ url, message, text }) => httpEvidence(url, `${message} ("${text}")`)),
      }
    })
    const [unclear] = groupLinks(links, 'untold')
    if (unclear) {
      const [first] = unclear.links
      const reason = `${unclear.links.length} of ${asked} links could not be told (${first.url}: ${first.message})`
      return [...broken, unknown(reason, couldBe[unclear.group])]
    }
    if (broken.length) return broken
    return {
      outcome: 'sound',
      data: { page, first: '', count: 0, urls: [] },
      evidence: [textEvidence('links asked', `${asked}${leftOut ? `, ${leftOut} left out` : ''}`)],
    }
  },
  examples: [
    { name: 'all answer', facts: {}, expect: 'sound' },
    {
      name: 'the signup link',
      facts: { links: { links: [brokenLink({ url: 'https://app.example.com/signup', purpose: 'signup' })] } },
      expect: 'signup-or-payment-broken',
    },
    { name: 'a page of the site', facts: { links: { links: [brokenLink()] } }, expect: 'internal-broken' },
    { name: 'a site that refuses programs', facts: { links: { links: [refusedLink()] } }, expect: 'unknown' },
  ],
})
