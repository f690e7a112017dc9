// Somebody who finds a hole knows whom to tell.
import { defineCheck, low, pass, unknown } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, setting } from '../../core/fixes.ts'
import { withFile } from '../../facts/http/security-txt.example.ts'

type Data = { domain: string; host: string; url: string; faults: string; content: string }

const publish = ({ host, content }: Data): Fix =>
  fix(
    `Publish a current security.txt on ${host}`,
    [setting('web-server', `${host}/.well-known/security.txt`, { body: content })],
    ['Put an address there that somebody reads, and a date less than a year ahead; note the date in your calendar.'],
    10,
  )

const halfYear = 182 * 86_400_000

export default defineCheck<Data>()({
  id: 'security-txt',
  stage: 'audit',
  on: 'domain',
  title: 'Finders of a hole know whom to tell',
  why: 'People who find a hole look for /.well-known/security.txt (RFC 9116). Without it they give up or tell the public. Contact and Expires are demanded, and after Expires the file must not be relied upon.',
  impact: { journey: 'trust', owner: 'Whoever finds a hole in your product does not know how to tell you.' },
  needs: ['securityTxt'],
  outcomes: {
    missing: low('Finders of a hole in {domain} do not know whom to tell', publish),
    expired: low('The address for security reports has run out', publish, {
      why: 'After its date the file must not be relied on, so finders do not know whom to tell.',
    }),
    malformed: low('The file for security reports is incomplete', publish, {
      why: 'What the standard demands is missing, so finders may not trust the file.',
    }),
    present: pass('Finders of a hole know whom to tell'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc9116', 'https://securitytxt.org/'],
  judge: ({ securityTxt: { url, host, status, file } }, { subject: { name: domain }, now }) => {
    if (status === 429 || status >= 500) return unknown(`${url} answers with status ${status}`, 'low')
    const contact = file?.contacts.find(value => /^[a-z]+:/i.test(value)) ?? `mailto:security@${domain}`
    const until = new Date(now + halfYear).toISOString().slice(0, 10)
    const data: Data = {
      domain,
      host,
      url,
      faults: file?.faults.join('; ') ?? '',
      content: `Contact: ${contact}\nExpires: ${until}T00:00:00Z\n`,
    }
    const evidence = (seen: string) => [httpEvidence(url, seen, { status })]
    if (!file) return { outcome: 'missing', data, evidence: evidence(`status ${status}, no security.txt`) }
    if (file.expires !== null && Date.parse(file.expires) < now)
      return { outcome: 'expired', data, evidence: evidence(`Expires: ${file.expires}`) }
    if (file.faults.length) return { outcome: 'malformed', data, evidence: evidence(data.faults) }
    return { outcome: 'present', data, evidence: evidence(file.contacts.join(', ')) }
  },
  examples: [
    { name: 'current', facts: {}, expect: 'present' },
    { name: 'none', facts: { securityTxt: { status: 404, file: null } }, expect: 'missing' },
    { name: 'a single-page app in its place', facts: { securityTxt: { file: null } }, expect: 'missing' },
    { name: 'run out', facts: { securityTxt: withFile({ expires: '2026-01-01T00:00:00.000Z' }) }, expect: 'expired' },
    {
      name: 'no date',
      facts: { securityTxt: withFile({ expires: null, faults: ['no Expires field'] }) },
      expect: 'malformed',
    },
    { name: 'the server fails', facts: { securityTxt: { status: 503, file: null } }, expect: 'unknown' },
  ],
})
