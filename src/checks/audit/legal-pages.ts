// Privacy policy, terms and a way to reach somebody: payment providers, app stores and the law ask for them.
import { defineCheck, medium, pass, unknown } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import { lacking } from '../../facts/http/legal-links.example.ts'
import { legalKinds } from '../../formats/html/legal-pages.ts'
import { publishPage } from './page-fixes.ts'

type Data = { domain: string; page: string }

const outcomeOf = { privacy: 'no-privacy', terms: 'no-terms', contact: 'no-contact' } as const

export default defineCheck<Data>()({
  id: 'legal-pages',
  stage: 'audit',
  on: 'domain',
  title: 'Privacy policy, terms and contact can be found',
  why: 'Payment providers look for a privacy policy, terms and a contact before they pay out, Google before it shows your sign-in button without a warning, and data-protection law demands the first. Links of the front, signup, login and pricing pages are read by path and by words in ten languages and more; the usual paths are tried where no link is.',
  impact: { journey: 'trust', owner: 'Careful customers leave, and the payment provider may hold back your money.' },
  needs: ['legalLinks'],
  outcomes: {
    'no-privacy': medium('Nobody can find out what you do with their data', publishPage.privacy),
    'no-terms': medium('Nobody can read what they agree to when they pay', publishPage.terms),
    'no-contact': medium('Customers find no way to reach you', publishPage.contact),
    present: pass('Privacy policy, terms and contact can be found'),
  },
  references: ['https://docs.stripe.com/get-started/checklist/website', 'https://gdpr-info.eu/art-13-gdpr/'],
  judge: ({ legalLinks: { pages, found, drawnByScripts, unread } }, { subject: { name: domain } }) => {
    const data: Data = { domain, page: pages[0] ?? `https://${domain}/` }
    const absent = legalKinds.filter(kind => found[kind] === null)
    if (absent.length === 0)
      return { outcome: 'present', data, evidence: legalKinds.map(kind => textEvidence(kind, found[kind]!)) }
    if (drawnByScripts)
      return unknown(
        `the pages are drawn by scripts, so their links could not be read (${absent.join(', ')} not found)`,
        'medium',
      )
    if (unread[0]) return unknown(`${unread[0].url}: ${unread[0].message}`, 'medium')
    const evidence = [textEvidence('read for a link', pages.slice(0, 10).join(', '))]
    return absent.map(kind => ({ outcome: outcomeOf[kind], data, evidence }))
  },
  examples: [
    { name: 'all three', facts: {}, expect: 'present' },
    { name: 'no privacy policy', facts: { legalLinks: lacking('privacy') }, expect: 'no-privacy' },
    { name: 'no terms', facts: { legalLinks: lacking('terms') }, expect: 'no-terms' },
    { name: 'no contact', facts: { legalLinks: lacking('contact') }, expect: 'no-contact' },
    {
      name: 'drawn by scripts',
      facts: { legalLinks: { ...lacking('terms'), drawnByScripts: true } },
      expect: 'unknown',
    },
  ],
})
