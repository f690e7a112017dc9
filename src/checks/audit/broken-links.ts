// The links of key pages lead somewhere.
import { blocker, defineCheck, low, medium, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, manual, manualFix } from '../../core/fixes.ts'
import { lostPrices } from '../../facts/http/dead-fragments.example.ts'
import type { DeadFragments } from '../../facts/http/dead-fragments.ts'
import { brokenLink, refusedLink } from '../../facts/http/links.example.ts'
import type { PageLink } from '../../facts/http/links.ts'
import { groupLinks } from '../../formats/html/link-groups.ts'

type Data = { page: string; first: string; count: number; urls: string[] }

const correct = ({ page, first, count, urls }: Data): Fix =>
  fix(
    count === 1 ? `Correct the link to ${first}` : `Correct ${count} links`,
    urls.map(url => manual(`Correct or take out the link from ${page} to ${url}.`)),
    urls.map(url => `On ${page}, correct the link to ${url}, bring that page back, or take the link out.`),
    5 + 5 * Math.min(count, 10),
  )

const correctParts = ({ page, urls }: Data): Fix =>
  manualFix(
    urls.length === 1
      ? 'Correct the link, or give the section its id'
      : `Correct ${urls.length} links, or give the sections their ids`,
    urls.map(url => `Give the section that ${url} means its id, or correct the link on ${page}.`),
    5,
  )

const outcomeOf = {
  'signup-or-payment': 'signup-or-payment-broken',
  internal: 'internal-broken',
  external: 'external-broken',
} as const
const couldBe = { 'signup-or-payment': 'blocker', internal: 'medium', external: 'low' } as const

const brokenOf = (page: string, links: readonly PageLink[]) =>
  groupLinks(links, 'broken').map(({ group, links: found }) => {
    const shown = found.slice(0, 10)
    return {
      outcome: outcomeOf[group],
      data: { page, first: found[0].url, count: found.length, urls: shown.map(link => link.url) },
      evidence: shown.map(({ url, message, text }) => httpEvidence(url, `${message} ("${text}")`)),
    }
  })

const lostOf = (page: string, lost: DeadFragments) => {
  const shown = lost.slice(0, 10).map(({ url, fragment, text }) => ({ url: `${url}#${fragment}`, text, fragment }))
  const [first] = shown
  return first
    ? [
        {
          outcome: 'fragment-missing' as const,
          data: { page, first: first.url, count: lost.length, urls: shown.map(({ url }) => url) },
          evidence: shown.map(({ url, fragment, text }) =>
            httpEvidence(url, `no element with the id ${fragment} ("${text}")`),
          ),
        },
      ]
    : []
}

export default defineCheck<Data>()({
  id: 'broken-links',
  stage: 'audit',
  on: 'route',
  title: 'The links of this page lead somewhere',
  why: 'Links of key pages are asked for, HEAD first and a GET before anything is called broken. Broken means 404, 410 or a host that does not exist; a refusal, a limit or a server error says nothing about the link. Links to a part of a page (#pricing) need an element of that id, in the page or in its scripts.',
  impact: { journey: 'signup', owner: 'A customer who follows this link lands on an error page and leaves.' },
  needs: ['links'],
  wants: ['deadFragments'],
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
    'fragment-missing': low('Links on this page lead to sections that are not there ({count})', correctParts, {
      why: 'A click on such a link does nothing.',
    }),
    sound: pass('The links of this page lead somewhere'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15.5.5'],
  judge: ({ links: { asked, leftOut, links }, deadFragments }, { subject: { name: page } }) => {
    const lost = deadFragments.ok ? deadFragments.value : []
    if (asked === 0 && lost.length === 0) return skip('the page has no links that lead elsewhere')
    const faults = [...brokenOf(page, links), ...lostOf(page, lost)]
    const [unclear] = groupLinks(links, 'untold')
    if (unclear) {
      const [first] = unclear.links
      const reason = `${unclear.links.length} of ${asked} links could not be told (${first.url}: ${first.message})`
      return [...faults, unknown(reason, couldBe[unclear.group])]
    }
    if (faults.length) return faults
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
    { name: 'a section that has moved', facts: { deadFragments: lostPrices }, expect: 'fragment-missing' },
    { name: 'a page of the site', facts: { links: { links: [brokenLink()] } }, expect: 'internal-broken' },
    { name: 'a site that refuses programs', facts: { links: { links: [refusedLink()] } }, expect: 'unknown' },
  ],
})
