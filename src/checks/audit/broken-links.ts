// The links of key pages lead somewhere.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { Links, PageLink } from '../../facts/http/links.ts'

type Data = { page: string; first: string; count: number; urls: string[] }

const fix = (data: Data): Fix => ({
  summary: data.count === 1 ? `Correct the link to ${data.first}` : `Correct ${data.count} links`,
  steps: data.urls.map(
    url => `On ${data.page}, correct the link to ${url}, bring that page back, or take the link out.`,
  ),
  changes: data.urls.map(url => ({
    kind: 'manual' as const,
    step: `Correct or take out the link from ${data.page} to ${url}.`,
  })),
  effortMinutes: 5 + 5 * Math.min(data.count, 10),
})

const link = (given: Partial<PageLink> = {}): PageLink => ({
  url: 'https://example.com/team',
  text: 'Team',
  internal: true,
  purpose: null,
  state: 'broken',
  status: 404,
  message: 'status 404',
  ...given,
})

const links = (...given: PageLink[]): Links => ({ asked: 12, leftOut: 0, links: given })

const groups = {
  'signup-or-payment-broken': (item: PageLink) => item.purpose !== null,
  'internal-broken': (item: PageLink) => item.purpose === null && item.internal,
  'external-broken': (item: PageLink) => item.purpose === null && !item.internal,
} as const
const couldBe = {
  'signup-or-payment-broken': 'blocker',
  'internal-broken': 'medium',
  'external-broken': 'low',
} as const
const names = ['signup-or-payment-broken', 'internal-broken', 'external-broken'] as const

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
    'signup-or-payment-broken': {
      status: 'fail',
      severity: 'blocker',
      title: 'A link to sign up or pay leads to an error page',
      why: 'Whoever wants to become a customer lands on an error page.',
      fix,
    },
    'internal-broken': {
      status: 'fail',
      severity: 'medium',
      title: 'Links on this page lead to error pages ({count})',
      fix,
    },
    'external-broken': {
      status: 'fail',
      severity: 'low',
      title: 'Links to other sites lead nowhere ({count})',
      fix,
    },
    sound: { status: 'pass', title: 'The links of this page lead somewhere' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc9110#section-15.5.5'],
  judge: ({ links: seen }, { subject }) => {
    if (seen.asked === 0) return { skip: 'the page has no links that lead elsewhere' }
    const faults = names.flatMap(outcome => {
      const broken = seen.links.filter(item => item.state === 'broken' && groups[outcome](item))
      if (!broken[0]) return []
      const urls = broken.slice(0, 10).map(item => item.url)
      return [
        {
          outcome,
          data: { page: subject.name, first: broken[0].url, count: broken.length, urls },
          evidence: broken.slice(0, 10).map(item => ({ label: item.url, value: `${item.message} ("${item.text}")` })),
        },
      ]
    })
    const untold = names.flatMap(outcome => {
      const items = seen.links.filter(item => item.state === 'untold' && groups[outcome](item))
      return items[0]
        ? [
            {
              unknown: `${items.length} of ${seen.asked} links could not be told (${items[0].url}: ${items[0].message})`,
              couldBe: couldBe[outcome],
            },
          ]
        : []
    })
    if (faults.length || untold[0]) return [...faults, ...untold.slice(0, 1)]
    return {
      outcome: 'sound',
      data: { page: subject.name, first: '', count: 0, urls: [] },
      evidence: [{ label: 'links asked', value: `${seen.asked}${seen.leftOut ? `, ${seen.leftOut} left out` : ''}` }],
    }
  },
  examples: [
    { name: 'all answer', facts: { links: links() }, expect: 'sound' },
    {
      name: 'the signup link',
      facts: { links: links(link({ url: 'https://app.example.com/signup', text: 'Sign up', purpose: 'signup' })) },
      expect: 'signup-or-payment-broken',
    },
    { name: 'a page of the site', facts: { links: links(link()) }, expect: 'internal-broken' },
    {
      name: 'another site',
      facts: {
        links: links(
          link({
            url: 'https://gone.example.org/',
            internal: false,
            status: 0,
            message: 'gone.example.org does not exist',
          }),
        ),
      },
      expect: 'external-broken',
    },
    {
      name: 'a site that refuses programs',
      facts: {
        links: links(
          link({
            url: 'https://www.example.net/in/coach',
            internal: false,
            state: 'untold',
            status: 403,
            message: 'status 403',
          }),
        ),
      },
      expect: 'unknown',
    },
    { name: 'no links', facts: { links: { asked: 0, leftOut: 0, links: [] } }, expect: 'skip' },
  ],
})
