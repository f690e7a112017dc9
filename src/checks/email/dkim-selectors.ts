// Whether any DKIM key is found where the senders keep theirs.
import { ask, defineCheck, high, pass } from '../../core/check.ts'
import { textEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { changesFix, manual } from '../../core/fixes.ts'
import { mailProviders } from '../../data/mail-providers.ts'
import { nothingFound } from '../../facts/email/selectors.example.ts'
import type { Selectors } from '../../facts/email/selectors.ts'
import { sendsNothing } from '../../formats/mail/direction.ts'
import { inWords } from '../../formats/mail/in-words.ts'

type Data = { tried: number; found: number; setups: string[] }

const turnOn = ({ setups }: Data): Fix => {
  const unknown =
    'Open the domain settings of your mail service, publish the DKIM records it shows, and name the selector in the config: email.senders[].dkim'
  return changesFix('Turn on DKIM where your mail is sent', (setups.length ? setups : [unknown]).map(manual), 20, [
    'Signed already? Look at the s= tag of the DKIM-Signature header of any mail of yours and name it in the config',
  ])
}

const question = {
  id: 'dkim-selector',
  text: 'Which selector is your mail signed with (s= in the DKIM-Signature header of any mail of yours)?',
  answer: 'email.senders',
}

/** A key of a subdomain, or one that leads nowhere or stands wrong: it is told at the key itself. */
const isSomewhere = ({ selectors }: Selectors): boolean =>
  selectors.some(item => item.state === 'dangling' || item.state === 'misplaced')

/** Why finding none is not having none, and how to tell. */
const notGuessed = ({ below, tried, providers }: Selectors, domain: string): string => {
  const random = mailProviders.filter(item => item.dkim.length === 0 && providers.some(seen => seen.id === item.id))
  const names = random.length
    ? ` (those of ${inWords(random.map(item => item.name))} are made up for each customer)`
    : ''
  const what =
    below === 'exists'
      ? `DNS says that keys exist below _domainkey.${domain}, under none of the ${tried} names that were tried${names}`
      : `none of the ${tried} names that were tried holds a key${names}, and DNS does not say whether another does`
  return `${what}: look at s= of the DKIM-Signature header of any mail of yours, and name it in the config (email.senders[].dkim)`
}

const evidenceOf = ({ selectors, providers, sources, wildcard }: Selectors, domain: string) => [
  ...selectors
    .filter(item => item.state === 'found')
    .map(({ revoked, usable, selector, domain: at, why }) =>
      textEvidence(
        revoked ? 'revoked' : usable ? 'found' : 'found, with a fault',
        `${selector}._domainkey.${at} (${why})`,
      ),
    ),
  ...providers.map(({ name, why }) => textEvidence('provider', `${name}, by ${why}`)),
  ...sources
    .filter(item => item.why !== 'a common name')
    .map(({ why, selectors: names }) => textEvidence(`tried: ${why}`, names.join(', '))),
  textEvidence(
    'tried: common names',
    inWords(sources.filter(item => item.why === 'a common name').flatMap(item => item.selectors)),
  ),
  ...(wildcard ? [textEvidence(`*._domainkey.${domain}`, wildcard)] : []),
]

export default defineCheck<Data>()({
  id: 'dkim-selectors',
  stage: 'email',
  on: 'domain',
  title: 'DKIM keys are found where your senders keep them',
  why: 'DNS does not list selectors, so they are guessed: from the config, from the providers that MX, SPF, return paths and the repository give away, then a few common names. Finding none proves nothing while other names may hold a key; where nothing at all exists below _domainkey, there is none.',
  impact: {
    journey: 'email',
    owner: 'Mail without a signature is more often filed as spam, and the large providers refuse it in volume.',
  },
  needs: ['selectors'],
  wants: ['spf'],
  signals: ['emails-fail', 'mail-lost'],
  outcomes: {
    'none-found': high('No DKIM key found under {tried} likely names', turnOn),
    found: pass('{found} DKIM keys found'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc6376#section-3.1', 'https://support.google.com/a/answer/81126'],
  judge: ({ selectors, spf }, { subject, target }) => {
    const { tried, providers, unanswered } = selectors
    // A key that was taken back signs nothing: where nobody configured it, it is as good as none.
    const found = selectors.selectors.filter(item => item.state === 'found' && (item.configured || !item.revoked))
    const setups = mailProviders
      .filter(item => providers.some(seen => seen.id === item.id))
      .map(item => `${item.name}: ${item.setup}`)
    const data = { tried, found: found.length, setups }
    const evidence = evidenceOf(selectors, subject.name)
    if (found.length) return { outcome: 'found', data, evidence }
    if (sendsNothing(target, spf)) return { skip: 'this domain sends no mail' }
    if (unanswered > 0) return { unknown: `${unanswered} of ${tried} names could not be asked for`, couldBe: 'high' }
    // A name that nobody guessed may hold the key: only a zone with nothing below _domainkey has none (RFC 8020).
    if (selectors.below !== 'absent' || isSomewhere(selectors))
      return ask(question, notGuessed(selectors, subject.name), selectors.below === 'exists' ? 'medium' : 'high')
    return { outcome: 'none-found', data, evidence }
  },
  examples: [
    { name: 'a key of a configured sender', facts: {}, expect: 'found' },
    { name: 'nothing anywhere', facts: { selectors: nothingFound }, expect: 'none-found' },
    {
      name: 'a selector that nobody can guess',
      facts: { selectors: { ...nothingFound, below: 'exists' } },
      expect: 'unknown',
    },
  ],
})
