import { defineCheck } from '../../core/check.ts'
import { mailProviders } from '../../data/mail-providers.ts'
import { evidence, inWords, manual, recordFix, sendsNothing } from './mail-records.ts'

type Data = { domain: string; tried: number; found: number; setups: string[] }

export default defineCheck<Data>()({
  id: 'dkim-selectors',
  stage: 'email',
  on: 'domain',
  title: 'DKIM keys are found where your senders keep them',
  why: 'DNS does not list selectors, so they are guessed: from the config, from the providers that MX, SPF, return paths and the repository give away, then a few common names. Finding none does not prove that mail is unsigned; it says where to look.',
  impact: {
    journey: 'email',
    owner: 'Mail without a signature is filed as spam, and the large providers refuse it in volume.',
  },
  needs: ['selectors'],
  wants: ['spf'],
  signals: ['emails-fail', 'mail-lost'],
  outcomes: {
    'none-found': {
      status: 'fail',
      severity: 'high',
      title: 'No DKIM key found under {tried} likely names',
      fix: held =>
        recordFix(
          'Turn on DKIM where your mail is sent',
          held.setups.length
            ? held.setups.map(manual)
            : [
                manual(
                  'Open the domain settings of your mail service, publish the DKIM records it shows, and name the selector in the config: email.senders[].dkim',
                ),
              ],
          20,
          [
            'Signed already? Look at the s= tag of the DKIM-Signature header of any mail of yours and name it in the config',
          ],
        ),
    },
    found: { status: 'pass', title: '{found} DKIM keys found' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc6376#section-3.1', 'https://support.google.com/a/answer/81126'],
  judge: ({ selectors, spf }, { subject, target }) => {
    const { tried, sources, wildcard, providers, unanswered } = selectors
    const present = selectors.selectors.filter(item => item.state === 'found')
    // A key that was taken back signs nothing: where nobody configured it, it is as good as none.
    const found = present.filter(item => item.configured || !item.revoked)
    const setups = mailProviders
      .filter(item => providers.some(seen => seen.id === item.id))
      .map(item => `${item.name}: ${item.setup}`)
    const data = { domain: subject.name, tried, found: found.length, setups }
    const seen = [
      ...present.map(item =>
        evidence(item.revoked ? 'revoked' : 'found', `${item.selector}._domainkey.${item.domain} (${item.why})`),
      ),
      ...providers.map(item => evidence('provider', `${item.name}, by ${item.why}`)),
      ...sources
        .filter(item => item.why !== 'a common name')
        .map(item => evidence(`tried: ${item.why}`, item.selectors.join(', '))),
      evidence(
        'tried: common names',
        inWords(sources.filter(item => item.why === 'a common name').flatMap(item => item.selectors)),
      ),
      ...(wildcard ? [evidence(`*._domainkey.${subject.name}`, wildcard)] : []),
    ]
    if (found.length) return { outcome: 'found', data, evidence: seen }
    if (sendsNothing(target, spf)) return { skip: 'this domain sends no mail' }
    if (unanswered > 0) return { unknown: `${unanswered} of ${tried} names could not be asked for`, couldBe: 'high' }
    return { outcome: 'none-found', data, evidence: seen }
  },
  examples: [
    {
      name: 'a key of Google Workspace',
      facts: {
        selectors: {
          selectors: [
            {
              selector: 'google',
              domain: 'coachdash.example',
              why: 'Google Workspace by the MX records',
              configured: false,
              state: 'found',
              usable: true,
              revoked: false,
              type: 'rsa',
            },
          ],
          tried: 30,
          sources: [{ why: 'Google Workspace by the MX records', selectors: ['google'] }],
          wildcard: null,
          unanswered: 0,
          providers: [{ id: 'google', name: 'Google Workspace', why: 'the MX records' }],
          returnPaths: [],
        },
      },
      expect: 'found',
    },
    {
      name: 'nothing anywhere',
      facts: {
        selectors: {
          selectors: [],
          tried: 30,
          sources: [{ why: 'a common name', selectors: ['default', 'mail'] }],
          wildcard: null,
          unanswered: 0,
          providers: [],
          returnPaths: [],
        },
      },
      expect: 'none-found',
    },
  ],
})
