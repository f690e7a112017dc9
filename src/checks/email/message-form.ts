// The form of a real mail: what filters and people stumble over, and where its links lead.
import { defineCheck, type OutcomeHolds, type Unknown } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { MessageEvidence, MessageLink } from '../../facts/email/message-evidence.ts'
import { registrableDomain } from '../../formats/dns/registrable-domain.ts'
import { evidence } from './mail-records.ts'
import { exampleLink, exampleMessage } from './message-examples.ts'
import { byHand } from './message-fixes.ts'

type Data = { what: string; first: string; count: number; kilobytes: number }

type Outcome =
  | 'no-message-id'
  | 'bad-date'
  | 'no-text-part'
  | 'no-unsubscribe'
  | 'one-click-missing'
  | 'link-host-mismatch'
  | 'link-insecure'
  | 'link-localhost'
  | 'link-dead'
  | 'tracking-domain-foreign'
  | 'too-large'
  | 'placeholder-text'
  | 'well-formed'

/** Gmail clips HTML beyond about 102 kB; servers refuse mail beyond 25 MB, and many before. */
const clippedAt = 102 * 1024
const refusedAt = 20 * 1024 * 1024

const inTemplate =
  (summary: string, step: string, effortMinutes = 15) =>
  (data: Data): Fix =>
    byHand(summary, [step.replace('{first}', () => data.first).replace('{what}', () => data.what)], effortMinutes)

export default defineCheck<Data>()({
  id: 'message-form',
  stage: 'email',
  on: 'message',
  title: 'A real mail is well-formed and its links work',
  why: 'The mail is read as it arrived. Links are read without doing anything: plain pages are asked for, a link that may hold a one-time token only with --active or as the link of a configured flow, one that unsubscribes or deletes never; images are not loaded. Dead is 404, 410, a host that does not exist, or no address at all.',
  impact: { journey: 'email', owner: 'The reader cannot use the mail as it is, or takes it for spam.' },
  needs: ['message'],
  actions: ['email message'],
  signals: ['mail-lost'],
  outcomes: {
    'no-message-id': {
      status: 'fail',
      severity: 'medium',
      title: 'The mail has no proper Message-ID',
      fix: inTemplate(
        'Give each mail a Message-ID',
        'Let the library or server that sends set Message-ID: <unique@your-domain>.',
      ),
    },
    'bad-date': {
      status: 'fail',
      severity: 'medium',
      title: 'The date of the mail is wrong',
      why: 'Filters count it as a sign of spam, and the mail is sorted where nobody looks.',
      fix: inTemplate(
        'Send a proper Date',
        'Let the library or server that sends set Date, and keep its clock by NTP: {what}.',
      ),
    },
    'no-text-part': {
      status: 'fail',
      severity: 'low',
      title: 'The mail has no text part',
      fix: inTemplate(
        'Send text beside the HTML',
        'Send multipart/alternative: the same words as text/plain before the text/html part.',
      ),
    },
    'no-unsubscribe': {
      status: 'fail',
      severity: 'high',
      title: 'A bulk mail that nobody can unsubscribe from',
      why: 'Whoever cannot unsubscribe reports spam instead, and Gmail and Yahoo refuse bulk mail without it.',
      fix: inTemplate(
        'Offer to unsubscribe',
        'Put a link to unsubscribe into the mail, and the fields List-Unsubscribe: <https://…> and List-Unsubscribe-Post: List-Unsubscribe=One-Click.',
        60,
      ),
    },
    'one-click-missing': {
      status: 'fail',
      severity: 'high',
      title: 'A bulk mail without one-click unsubscribe',
      why: 'Gmail and Yahoo demand one-click unsubscribe of bulk senders, and file or refuse what lacks it.',
      fix: inTemplate(
        'Add one-click unsubscribe (RFC 8058)',
        'Add List-Unsubscribe: <https://…> and List-Unsubscribe-Post: List-Unsubscribe=One-Click, and sign both with DKIM: {what}.',
        60,
      ),
    },
    'link-host-mismatch': {
      status: 'fail',
      severity: 'high',
      title: 'A link shows {what} and leads elsewhere',
      why: 'That is what phishing looks like: mail programs warn of it, and filters count it.',
      fix: inTemplate(
        'Let the link show words, or where it leads',
        'Change the text of the link {first}: words such as "Reset password", or the address it leads to.',
      ),
    },
    'link-insecure': {
      status: 'fail',
      severity: 'high',
      title: 'Links of the mail are not encrypted ({count})',
      why: 'Whoever shares the network of the reader can read and change what such a link opens.',
      impact: 'trust',
      fix: inTemplate(
        'Link with https://',
        'Change {first} to https://; where your mail service makes the link, turn on HTTPS for its tracking domain.',
      ),
    },
    'link-localhost': {
      status: 'fail',
      severity: 'blocker',
      title: 'A link leads to {what}, which no customer reaches',
      why: 'It was made on a developer’s machine or a preview: for customers it opens nothing.',
      fix: inTemplate(
        'Set the public address where mails are made',
        'Set the base URL of the environment that sends (APP_URL, NEXTAUTH_URL, SITE_URL …) to the public one, in the place of {first}.',
      ),
    },
    'link-dead': {
      status: 'fail',
      severity: 'blocker',
      title: 'Links of the mail lead nowhere ({count})',
      why: 'Whoever follows it lands on an error page and cannot go on.',
      fix: inTemplate('Correct the link', 'Correct {first} in the template, or bring that page back: {what}.'),
    },
    'tracking-domain-foreign': {
      status: 'fail',
      severity: 'low',
      title: 'Links go through {what} under its own name',
      why: 'The reputation of strangers who use the same name is counted as yours, and people do not know it.',
      fix: inTemplate(
        'Use a tracking domain of your own',
        'Set up a tracking domain of your own there ({what}), or turn click tracking off for transactional mail.',
      ),
    },
    'too-large': {
      status: 'fail',
      severity: 'low',
      title: 'The mail is too large ({kilobytes} kB)',
      fix: inTemplate(
        'Make the mail smaller',
        'Take inline images, unused styles and repeated blocks out: {what}.',
        60,
      ),
    },
    'placeholder-text': {
      status: 'fail',
      severity: 'high',
      title: 'The mail shows {what}',
      why: 'The template was not filled: customers see it, and take the product for broken.',
      fix: inTemplate(
        'Fill the template',
        'Find where {what} stands in the template and give it its value, with a default where it may be missing.',
      ),
    },
    'well-formed': { status: 'pass', title: 'The mail is well-formed and its links work' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc5322#section-3.6',
    'https://www.rfc-editor.org/rfc/rfc8058',
    'https://support.google.com/a/answer/81126',
  ],
  judge: ({ message }) => {
    const held = [...headerHeld(message), ...contentHeld(message), ...linksHeld(message), ...expectedHeld(message)]
    const untold = message.links.filter(link => link.state === 'untold' && link.where !== 'image')
    const unknowns: Unknown[] = [
      ...(message.content.problem
        ? [
            {
              unknown: `the parts of the mail could not be read: ${message.content.problem}`,
              couldBe: 'blocker' as const,
            },
          ]
        : []),
      ...(untold[0]
        ? [
            {
              unknown: `${untold.length} of ${message.links.length} links could not be told (${untold[0].url}: ${untold[0].message})`,
              couldBe: 'blocker' as const,
            },
          ]
        : []),
    ]
    if (held.length || unknowns.length) return [...held, ...unknowns]
    return { outcome: 'well-formed', data: data(), evidence: soundEvidence(message) }
  },
  examples: [
    { name: 'a sound mail', facts: { message: exampleMessage() }, expect: 'well-formed' },
    {
      name: 'the link that the mail is for is not there',
      facts: { message: exampleMessage({ wantedLink: '/no-such-page' }) },
      expect: 'link-dead',
    },
    {
      name: 'the link that the mail is for ends at somebody else',
      facts: {
        message: exampleMessage({
          wantedLink: '/reset',
          expectedLink: exampleLink({
            expected: true,
            endedAt: { url: 'https://elsewhere.invalid/reset', host: 'elsewhere.invalid', status: 200 },
          }),
        }),
      },
      expect: 'link-host-mismatch',
    },
    {
      name: 'no Message-ID',
      facts: { message: exampleMessage({ messageId: { value: null, problem: 'there is no Message-ID field' } }) },
      expect: 'no-message-id',
    },
    {
      name: 'no date',
      facts: { message: exampleMessage({ date: { value: null, iso: null, problem: 'there is no Date field' } }) },
      expect: 'bad-date',
    },
    { name: 'HTML alone', facts: { message: exampleMessage({ content: { text: false } }) }, expect: 'no-text-part' },
    {
      name: 'text alone',
      facts: { message: exampleMessage({ content: { html: false, htmlBytes: 0 } }) },
      expect: 'well-formed',
    },
    {
      name: 'a newsletter',
      facts: { message: exampleMessage({ bulk: { is: true, why: 'List-Id' } }) },
      expect: 'no-unsubscribe',
    },
    {
      name: 'a newsletter with a mailto alone',
      facts: {
        message: exampleMessage({
          bulk: { is: true, why: 'List-Id' },
          unsubscribe: { present: true, mailto: true, inBody: true },
        }),
      },
      expect: 'one-click-missing',
    },
    {
      name: 'another host than shown',
      facts: {
        message: exampleMessage({
          links: [exampleLink({ faults: ['host-mismatch'], shown: 'app.example.com', host: 'x.example.net' })],
        }),
      },
      expect: 'link-host-mismatch',
    },
    {
      name: 'plain http',
      facts: {
        message: exampleMessage({ links: [exampleLink({ url: 'http://example.com/', faults: ['insecure'] })] }),
      },
      expect: 'link-insecure',
    },
    {
      name: 'a developer’s machine',
      facts: {
        message: exampleMessage({
          links: [
            exampleLink({
              url: 'http://localhost:3000/reset?token=…',
              host: 'localhost',
              faults: ['local'],
              state: 'not-followed',
            }),
          ],
        }),
      },
      expect: 'link-localhost',
    },
    {
      name: 'a page that is gone',
      facts: {
        message: exampleMessage({ links: [exampleLink({ state: 'dead', status: 404, message: 'status 404' })] }),
      },
      expect: 'link-dead',
    },
    {
      name: 'a page that does not answer',
      facts: {
        message: exampleMessage({ links: [exampleLink({ state: 'untold', status: 503, message: 'status 503' })] }),
      },
      expect: 'unknown',
    },
    {
      name: 'clicks through the service’s own name',
      facts: {
        message: exampleMessage({
          links: [
            exampleLink({
              host: 'u1.ct.sendgrid.net',
              service: 'SendGrid',
              faults: ['tracking-foreign'],
              state: 'not-followed',
            }),
          ],
        }),
      },
      expect: 'tracking-domain-foreign',
    },
    {
      name: 'a long mail',
      facts: { message: exampleMessage({ content: { htmlBytes: 150_000 } }) },
      expect: 'too-large',
    },
    {
      name: 'a variable',
      facts: { message: exampleMessage({ content: { placeholders: [{ found: 'Hi undefined', where: 'html' }] } }) },
      expect: 'placeholder-text',
    },
  ],
})

const data = (given: Partial<Data> = {}): Data => ({ what: '', first: '', count: 0, kilobytes: 0, ...given })

const headerHeld = (message: MessageEvidence): OutcomeHolds<Outcome, Data>[] => {
  const { messageId, date, bulk, unsubscribe } = message
  const held: OutcomeHolds<Outcome, Data>[] = []
  const add = (outcome: Outcome, what: string, label: string, value: string): void =>
    void held.push({ outcome, data: data({ what }), evidence: [evidence(label, value)] })
  if (messageId.problem)
    add('no-message-id', messageId.problem, 'Message-ID', `${messageId.value ?? 'none'}: ${messageId.problem}`)
  if (date.problem) add('bad-date', date.problem, 'Date', `${date.value ?? 'none'}: ${date.problem}`)
  if (!bulk.is) return held
  const why = `it counts as bulk: ${bulk.why}`
  if (!unsubscribe.present && !unsubscribe.inBody)
    add('no-unsubscribe', '', 'List-Unsubscribe', `none, and no link in the text; ${why}`)
  else {
    const lacks = !unsubscribe.present
      ? 'there is no List-Unsubscribe field'
      : !unsubscribe.https
        ? 'List-Unsubscribe has no https:// address'
        : !unsubscribe.oneClick
          ? 'there is no List-Unsubscribe-Post field'
          : unsubscribe.signed === false
            ? 'the signature does not cover both fields'
            : null
    if (lacks) add('one-click-missing', lacks, 'List-Unsubscribe', `${lacks}; ${why}`)
  }
  return held
}

const contentHeld = ({ content, size }: MessageEvidence): OutcomeHolds<Outcome, Data>[] => {
  const held: OutcomeHolds<Outcome, Data>[] = []
  if (content.html && !content.text)
    held.push({ outcome: 'no-text-part', data: data(), evidence: [evidence('parts', 'text/html without text/plain')] })
  const huge = size > refusedAt
  if (content.htmlBytes > clippedAt || huge) {
    const kilobytes = Math.round((huge ? size : content.htmlBytes) / 1024)
    const what = huge
      ? `the mail has ${kilobytes} kB; many servers refuse more than ${refusedAt / 1024} kB`
      : `its HTML has ${kilobytes} kB; Gmail shows the first 102 kB and hides the rest, with what stands at its end`
    held.push({
      outcome: 'too-large',
      data: data({ kilobytes, what }),
      evidence: [evidence('size', what)],
      ...(huge ? { severity: 'high' as const } : {}),
    })
  }
  const [first] = content.placeholders
  if (first)
    held.push({
      outcome: 'placeholder-text',
      data: data({ what: first.found, count: content.placeholders.length }),
      evidence: content.placeholders.map(item => evidence(`in the ${item.where}`, item.found)),
    })
  return held
}

const places: readonly [Outcome, (link: MessageLink) => boolean, (link: MessageLink) => string][] = [
  [
    'link-localhost',
    link => link.faults.some(fault => ['local', 'private', 'preview'].includes(fault)),
    link => link.host,
  ],
  ['link-dead', link => link.state === 'dead', link => link.message],
  ['link-host-mismatch', link => link.faults.includes('host-mismatch'), link => link.shown ?? ''],
  ['link-insecure', link => link.faults.includes('insecure'), () => 'http://'],
  ['tracking-domain-foreign', link => link.faults.includes('tracking-foreign'), link => link.service ?? link.host],
]

const linksHeld = ({ links }: MessageEvidence): OutcomeHolds<Outcome, Data>[] =>
  places.flatMap(([outcome, holds, what]) => {
    const found = links.filter(holds)
    if (!found[0]) return []
    return [
      {
        outcome,
        data: data({ what: what(found[0]), first: found[0].url, count: found.length }),
        evidence: found.slice(0, 10).map(link => linkEvidence(link, outcome === 'link-dead')),
      },
    ]
  })

/** The link that the mail is for: it has to be there, and to end at the product. */
const expectedHeld = ({
  wantedLink,
  expectedLink,
  canonicalHosts,
  links,
  linksLeftOut,
}: MessageEvidence): OutcomeHolds<Outcome, Data>[] => {
  if (wantedLink === null) return []
  // A link through a service that counts clicks, and was not followed to its end, may be it.
  if (expectedLink === null && (linksLeftOut > 0 || links.some(link => link.service && link.state !== 'works')))
    return []
  if (expectedLink === null)
    return [
      {
        outcome: 'link-dead',
        key: 'expected',
        data: data({ what: `no link of the mail contains ${wantedLink}`, first: wantedLink, count: 1 }),
        evidence: [
          evidence('expected', `a link that contains ${wantedLink}`),
          ...links.slice(0, 10).map(link => linkEvidence(link, false)),
        ],
      },
    ]
  const end = expectedLink.state === 'works' ? expectedLink.endedAt : null
  const own = canonicalHosts.map(host => registrableDomain(host) ?? host)
  if (!end || own.includes(registrableDomain(end.host) ?? end.host)) return []
  return [
    {
      outcome: 'link-host-mismatch',
      key: 'expected',
      data: data({ what: `the way to ${canonicalHosts[0] ?? 'you'}`, first: expectedLink.url, count: 1 }),
      evidence: [linkEvidence(expectedLink), evidence('it ends at', end.host)],
    },
  ]
}

const linkEvidence = (link: MessageLink, state = true) =>
  evidence(
    link.where === 'image'
      ? 'image'
      : link.where === 'unsubscribe'
        ? 'List-Unsubscribe'
        : link.text
          ? `link "${link.text}"`
          : 'link',
    `${link.url}${state ? `: ${link.message}` : ''}`,
  )

/** What was looked at, and what was left alone. */
const soundEvidence = ({ links, linksLeftOut, bulk, unsubscribe }: MessageEvidence) => {
  const left = links.filter(link => link.state === 'not-followed' && link.where !== 'image')
  return [
    evidence(
      'links',
      `${links.filter(link => link.state === 'works').length} of ${links.length} followed${linksLeftOut ? `, ${linksLeftOut} left out` : ''}`,
    ),
    ...(!bulk.is && (unsubscribe.present || unsubscribe.inBody)
      ? [evidence('bulk', 'it was not judged as a newsletter, because nothing in it says so; --bulk does')]
      : []),
    ...left.slice(0, 10).map(link => evidence('not followed', `${link.url}: ${link.message}`)),
  ]
}
