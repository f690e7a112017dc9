// Somebody who finds a hole knows whom to tell.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'

type Data = { domain: string; host: string; url: string; faults: string; content: string }

const fix = (data: Data): Fix => ({
  summary: `Publish a current security.txt on ${data.host}`,
  steps: [
    'Put an address there that somebody reads, and a date less than a year ahead; note the date in your calendar.',
  ],
  changes: [
    {
      kind: 'setting',
      provider: 'web-server',
      path: `${data.host}/.well-known/security.txt`,
      value: { body: data.content },
    },
  ],
  effortMinutes: 10,
})

const halfYear = 182 * 86_400_000

const served = (contacts: string[], expires: string | null, faults: string[] = []) => ({
  url: 'https://example.com/.well-known/security.txt',
  host: 'example.com',
  status: 200,
  file: { contacts, expires, faults },
})

export default defineCheck<Data>()({
  id: 'security-txt',
  stage: 'audit',
  on: 'domain',
  title: 'Finders of a hole know whom to tell',
  why: 'People who find a hole look for /.well-known/security.txt (RFC 9116). Without it they give up or tell the public. Contact and Expires are demanded, and after Expires the file must not be relied upon.',
  impact: { journey: 'trust', owner: 'Whoever finds a hole in your product does not know how to tell you.' },
  needs: ['securityTxt'],
  outcomes: {
    missing: { status: 'fail', severity: 'low', title: 'Finders of a hole in {domain} do not know whom to tell', fix },
    expired: { status: 'fail', severity: 'low', title: 'The address for security reports has run out', fix },
    malformed: { status: 'fail', severity: 'low', title: 'The file for security reports is incomplete', fix },
    present: { status: 'pass', title: 'Finders of a hole know whom to tell' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc9116', 'https://securitytxt.org/'],
  judge: ({ securityTxt }, { subject, now }) => {
    const { url, host, status, file } = securityTxt
    const contact = file?.contacts.find(value => /^[a-z]+:/i.test(value)) ?? `mailto:security@${subject.name}`
    const until = new Date(now + halfYear).toISOString().slice(0, 10)
    const data: Data = {
      domain: subject.name,
      host,
      url,
      faults: file?.faults.join('; ') ?? '',
      content: `Contact: ${contact}\nExpires: ${until}T00:00:00Z\n`,
    }
    if (status === 429 || status >= 500) return { unknown: `${url} answers with status ${status}`, couldBe: 'low' }
    if (!file)
      return { outcome: 'missing', data, evidence: [{ label: url, value: `status ${status}, no security.txt` }] }
    if (file.expires !== null && Date.parse(file.expires) < now)
      return { outcome: 'expired', data, evidence: [{ label: url, value: `Expires: ${file.expires}` }] }
    if (file.faults.length) return { outcome: 'malformed', data, evidence: [{ label: url, value: data.faults }] }
    return { outcome: 'present', data, evidence: [{ label: url, value: file.contacts.join(', ') }] }
  },
  examples: [
    {
      name: 'current',
      facts: { securityTxt: served(['mailto:security@example.com'], '2027-03-01T00:00:00.000Z') },
      expect: 'present',
    },
    { name: 'none', facts: { securityTxt: { ...served([], null), status: 404, file: null } }, expect: 'missing' },
    {
      name: 'a single-page app in its place',
      facts: { securityTxt: { ...served([], null), file: null } },
      expect: 'missing',
    },
    {
      name: 'run out',
      facts: { securityTxt: served(['mailto:security@example.com'], '2026-01-01T00:00:00.000Z') },
      expect: 'expired',
    },
    {
      name: 'no date',
      facts: { securityTxt: served(['mailto:security@example.com'], null, ['no Expires field']) },
      expect: 'malformed',
    },
    {
      name: 'the server fails',
      facts: { securityTxt: { ...served([], null), status: 503, file: null } },
      expect: 'unknown',
    },
  ],
})
