// Privacy policy, terms and a way to reach somebody: payment providers, app stores and the law ask for them.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { legalKinds } from '../../formats/html/legal-pages.ts'

type Data = { domain: string; page: string }

const fix =
  (what: string, path: string, step: string) =>
  (data: Data): Fix => {
    const link = `Link to it in the footer of ${data.page} and beside the signup form.`
    const write = `Publish ${what} at ${new URL(path, data.page).href}: ${step}`
    return {
      summary: `Publish ${what} and link to it from every page`,
      steps: [write, link],
      changes: [
        { kind: 'manual', step: write },
        { kind: 'manual', step: link },
      ],
      effortMinutes: 60,
    }
  }

const outcomes = { privacy: 'no-privacy', terms: 'no-terms', contact: 'no-contact' } as const

const links = (found: Partial<Record<'privacy' | 'terms' | 'contact', string | null>>, more: object = {}) => ({
  pages: ['https://example.com/'],
  found: {
    privacy: 'https://example.com/privacy',
    terms: 'https://example.com/terms',
    contact: 'mailto:hello@example.com',
    ...found,
  },
  drawnByScripts: false,
  unread: [],
  ...more,
})

export default defineCheck<Data>()({
  id: 'legal-pages',
  stage: 'audit',
  on: 'domain',
  title: 'Privacy policy, terms and contact can be found',
  why: 'Payment providers look for a privacy policy, terms and a contact before they pay out, Google before it shows your sign-in button without a warning, and data-protection law demands the first. Links of the front, signup, login and pricing pages are read by path and by words in ten languages and more; the usual paths are tried where no link is.',
  impact: { journey: 'trust', owner: 'Careful customers leave, and the payment provider may hold back your money.' },
  needs: ['legalLinks'],
  outcomes: {
    'no-privacy': {
      status: 'fail',
      severity: 'medium',
      title: 'Nobody can find out what you do with their data',
      fix: fix(
        'a privacy policy',
        '/privacy',
        'who you are, which data you keep, where, how long, who else gets them, and how to have them deleted.',
      ),
    },
    'no-terms': {
      status: 'fail',
      severity: 'medium',
      title: 'Nobody can read what they agree to when they pay',
      fix: fix(
        'terms of service',
        '/terms',
        'what you provide, the price, how to cancel and get money back, and which law applies.',
      ),
    },
    'no-contact': {
      status: 'fail',
      severity: 'medium',
      title: 'Customers find no way to reach you',
      fix: fix('a contact page', '/contact', 'an e-mail address that somebody reads, your name and address.'),
    },
    present: { status: 'pass', title: 'Privacy policy, terms and contact can be found' },
  },
  references: ['https://docs.stripe.com/get-started/checklist/website', 'https://gdpr-info.eu/art-13-gdpr/'],
  judge: ({ legalLinks }, { subject }) => {
    const { pages, found, drawnByScripts, unread } = legalLinks
    const data: Data = { domain: subject.name, page: pages[0] ?? `https://${subject.name}/` }
    const absent = legalKinds.filter(kind => found[kind] === null)
    if (absent.length === 0)
      return {
        outcome: 'present',
        data,
        evidence: legalKinds.map(kind => ({ label: kind, value: found[kind]! })),
      }
    if (drawnByScripts)
      return {
        unknown: `the pages are drawn by scripts, so their links could not be read (${absent.join(', ')} not found)`,
        couldBe: 'medium',
      }
    if (unread[0]) return { unknown: `${unread[0].url}: ${unread[0].message}`, couldBe: 'medium' }
    return absent.map(kind => ({
      outcome: outcomes[kind],
      data,
      evidence: [{ label: 'read for a link', value: pages.slice(0, 10).join(', ') }],
    }))
  },
  examples: [
    { name: 'all three', facts: { legalLinks: links({}) }, expect: 'present' },
    { name: 'no privacy policy', facts: { legalLinks: links({ privacy: null }) }, expect: 'no-privacy' },
    { name: 'no terms', facts: { legalLinks: links({ terms: null }) }, expect: 'no-terms' },
    { name: 'no contact', facts: { legalLinks: links({ contact: null }) }, expect: 'no-contact' },
    {
      name: 'drawn by scripts',
      facts: { legalLinks: links({ terms: null }, { drawnByScripts: true }) },
      expect: 'unknown',
    },
    {
      name: 'a page that did not answer',
      facts: {
        legalLinks: links({ terms: null }, { unread: [{ url: 'https://www.example.com/', message: 'no answer' }] }),
      },
      expect: 'unknown',
    },
  ],
})
