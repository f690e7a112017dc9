// What is wrong with the form of a message: what filters and people stumble over, and where its links lead.
import { registrableDomain } from '../dns/registrable-domain.ts'
import type { MessageEvidence, MessageLink } from './evidence.ts'

/** What was seen: a label and its value. */
export type Line = readonly [label: string, value: string]

export type FormFaultKind =
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

export type FormFault = {
  kind: FormFaultKind
  /** What it is, in words or as a name, for the title and the fix. */
  what: string
  /** The first link that it is about; empty where it is about none. */
  first: string
  count: number
  kilobytes: number
  seen: readonly Line[]
  /** Worse than others of its kind: servers refuse a mail of this size. */
  severe: boolean
  /** Set for the link that the message is for, which is judged beside the others. */
  key?: 'expected'
}

const faultOf = (kind: FormFaultKind, seen: readonly Line[], given: Partial<FormFault> = {}): FormFault => ({
  kind,
  what: '',
  first: '',
  count: 0,
  kilobytes: 0,
  severe: false,
  seen,
  ...given,
})

/** Gmail clips HTML beyond about 102 kB; servers refuse mail beyond 25 MB, and many before. */
const clippedAt = 102 * 1024
const refusedAt = 20 * 1024 * 1024

/** What one-click unsubscribe lacks (RFC 8058 §3); null when nothing. */
const oneClickLacks = ({ present, https, oneClick, signed }: MessageEvidence['unsubscribe']): string | null => {
  if (!present) return 'there is no List-Unsubscribe field'
  if (!https) return 'List-Unsubscribe has no https:// address'
  if (!oneClick) return 'there is no List-Unsubscribe-Post field'
  return signed === false ? 'the signature does not cover both fields' : null
}

const unsubscribeFaults = ({ bulk, unsubscribe }: MessageEvidence): FormFault[] => {
  if (!bulk.is) return []
  const why = `it counts as bulk: ${bulk.why}`
  if (!unsubscribe.present && !unsubscribe.inBody)
    return [faultOf('no-unsubscribe', [['List-Unsubscribe', `none, and no link in the text; ${why}`]])]
  const lacks = oneClickLacks(unsubscribe)
  return lacks ? [faultOf('one-click-missing', [['List-Unsubscribe', `${lacks}; ${why}`]], { what: lacks })] : []
}

/** Message-ID, Date and, in bulk mail, the way to unsubscribe. */
export const headerFaults = (message: MessageEvidence): FormFault[] => {
  const { messageId, date } = message
  const list: FormFault[] = []
  if (messageId.problem)
    list.push(
      faultOf('no-message-id', [['Message-ID', `${messageId.value ?? 'none'}: ${messageId.problem}`]], {
        what: messageId.problem,
      }),
    )
  if (date.problem)
    list.push(faultOf('bad-date', [['Date', `${date.value ?? 'none'}: ${date.problem}`]], { what: date.problem }))
  return [...list, ...unsubscribeFaults(message)]
}

/** The parts of the message: text beside HTML, size, a template that was not filled. */
export const contentFaults = ({ content, size }: MessageEvidence): FormFault[] => {
  const list: FormFault[] = []
  if (content.html && !content.text) list.push(faultOf('no-text-part', [['parts', 'text/html without text/plain']]))
  const huge = size > refusedAt
  if (content.htmlBytes > clippedAt || huge) {
    const kilobytes = Math.round((huge ? size : content.htmlBytes) / 1024)
    const what = huge
      ? `the mail has ${kilobytes} kB; many servers refuse more than ${refusedAt / 1024} kB`
      : `its HTML has ${kilobytes} kB; Gmail shows the first 102 kB and hides the rest, with what stands at its end`
    list.push(faultOf('too-large', [['size', what]], { kilobytes, what, severe: huge }))
  }
  const [first] = content.placeholders
  if (first)
    list.push(
      faultOf(
        'placeholder-text',
        content.placeholders.map(item => [`in the ${item.where}`, item.found]),
        { what: first.found, count: content.placeholders.length },
      ),
    )
  return list
}

/** Kind of fault → whether a link has it, and what it is called in the title. */
const linkRules: readonly [FormFaultKind, (link: MessageLink) => boolean, (link: MessageLink) => string][] = [
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

const linkLine = (link: MessageLink, withState = true): Line => {
  const label =
    link.where === 'image'
      ? 'image'
      : link.where === 'unsubscribe'
        ? 'List-Unsubscribe'
        : link.text
          ? `link "${link.text}"`
          : 'link'
  return [label, `${link.url}${withState ? `: ${link.message}` : ''}`]
}

/** Links that lead nowhere, elsewhere, or where they should not. */
export const linkFaults = ({ links }: Pick<MessageEvidence, 'links'>): FormFault[] =>
  linkRules.flatMap(([kind, holds, what]) => {
    const found = links.filter(holds)
    if (!found[0]) return []
    const seen = found.slice(0, 10).map(link => linkLine(link, kind === 'link-dead'))
    return [faultOf(kind, seen, { what: what(found[0]), first: found[0].url, count: found.length })]
  })

/** The link that the message is for: it has to be there, and to end at the product. */
export const expectedLinkFaults = (message: MessageEvidence): FormFault[] => {
  const { wantedLink, expectedLink, canonicalHosts, links, linksLeftOut } = message
  if (wantedLink === null) return []
  if (expectedLink === null) {
    // A link through a service that counts clicks, and was not followed to its end, may be it.
    if (linksLeftOut > 0 || links.some(link => link.service && link.state !== 'works')) return []
    const seen: Line[] = [
      ['expected', `a link that contains ${wantedLink}`],
      ...links.slice(0, 10).map(link => linkLine(link, false)),
    ]
    const what = `no link of the mail contains ${wantedLink}`
    return [faultOf('link-dead', seen, { what, first: wantedLink, count: 1, key: 'expected' })]
  }
  const end = expectedLink.state === 'works' ? expectedLink.endedAt : null
  const own = canonicalHosts.map(host => registrableDomain(host) ?? host)
  if (!end || own.includes(registrableDomain(end.host) ?? end.host)) return []
  const what = `the way to ${canonicalHosts[0] ?? 'you'}`
  const seen: Line[] = [linkLine(expectedLink), ['it ends at', end.host]]
  return [faultOf('link-host-mismatch', seen, { what, first: expectedLink.url, count: 1, key: 'expected' })]
}

/** What of the message could not be judged, in words: its parts, links that did not answer. */
export const openQuestions = ({ content, links }: Pick<MessageEvidence, 'content' | 'links'>): string[] => {
  const silent = links.filter(link => link.state === 'unknown' && link.where !== 'image')
  return [
    ...(content.problem ? [`the parts of the mail could not be read: ${content.problem}`] : []),
    ...(silent[0]
      ? [`${silent.length} of ${links.length} links could not be told (${silent[0].url}: ${silent[0].message})`]
      : []),
  ]
}

/** What was looked at in a sound message, and what was left alone. */
export const soundLines = ({ links, linksLeftOut, bulk, unsubscribe }: MessageEvidence): Line[] => {
  const left = links.filter(link => link.state === 'not-followed' && link.where !== 'image')
  const followed = links.filter(link => link.state === 'works').length
  return [
    ['links', `${followed} of ${links.length} followed${linksLeftOut ? `, ${linksLeftOut} left out` : ''}`],
    ...(!bulk.is && (unsubscribe.present || unsubscribe.inBody)
      ? [['bulk', 'it was not judged as a newsletter, because nothing in it says so; --bulk does'] as const]
      : []),
    ...left.slice(0, 10).map((link): Line => ['not followed', `${link.url}: ${link.message}`]),
  ]
}
