import { defineCheck } from '../../core/check.ts'
import { evidence, manual, recordFix } from './mail-records.ts'
import { exampleProbe } from './transport-examples.ts'

type Data = { host: string; error: string; version: string }

const settle = (what: string) => (held: Data) =>
  recordFix(
    what,
    [
      manual(
        `On ${held.host}: ${what[0]?.toLowerCase()}${what.slice(1)}; a certificate of a public authority in that name, TLS 1.2 and 1.3`,
      ),
    ],
    30,
  )

export default defineCheck<Data>()({
  id: 'mx-starttls',
  stage: 'email',
  on: 'mx-host',
  title: 'Mail servers encrypt what they receive',
  why: 'Without STARTTLS, mail to you travels in the clear. Senders do not check certificates by themselves, but under MTA-STS in enforce mode a certificate that does not verify keeps mail out. Port 25 is closed from many networks: then nothing is said of any server, and the cause is told once.',
  impact: { journey: 'email', owner: 'What customers write to you can be read on the way, or does not arrive.' },
  needs: ['mxSmtp'],
  wants: ['mtaSts'],
  outcomes: {
    'not-offered': {
      status: 'fail',
      severity: 'medium',
      title: 'Mail server {host} does not encrypt',
      fix: settle('Turn on STARTTLS'),
    },
    'certificate-invalid': {
      status: 'fail',
      severity: 'medium',
      title: 'Mail server {host} shows a certificate that does not verify',
      fix: settle('Install a valid certificate'),
    },
    'obsolete-only': {
      status: 'fail',
      severity: 'medium',
      title: 'Mail server {host} knows only outdated encryption',
      fix: settle('Allow TLS 1.2 and 1.3'),
    },
    unreachable: {
      status: 'fail',
      severity: 'high',
      title: 'Mail server {host} does not answer',
      fix: held =>
        recordFix(
          'Let the server answer, or take it out of the MX records',
          [manual(`Start the mail service on ${held.host}, open port 25 towards it, or remove its MX record`)],
          30,
        ),
    },
    offered: { status: 'pass', title: 'Mail server {host} encrypts with a valid certificate' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc3207',
    'https://www.rfc-editor.org/rfc/rfc8461#section-4.2',
    'https://www.rfc-editor.org/rfc/rfc8996',
  ],
  judge: ({ mxSmtp: { probe, message, obsolete, legacy }, mtaSts }, { subject }) => {
    const data = { host: subject.name, error: '', version: probe?.tls?.version ?? '' }
    if (!probe)
      return { outcome: 'unreachable', data, evidence: [evidence(`${subject.name}:25`, message ?? 'no answer')] }
    const seen = [
      evidence('greeting', probe.banner),
      evidence('EHLO', probe.extensions.join(', ')),
      evidence('address', probe.address),
    ]
    if (legacy !== null)
      return {
        outcome: 'obsolete-only',
        data: { ...data, version: legacy },
        evidence: [...seen, evidence('TLS', `${legacy}, and nothing newer`)],
      }
    if (probe.starttls !== 'ok' || !probe.tls) {
      const how = {
        'not-offered': 'not offered',
        refused: 'offered, then refused',
        failed: 'offered, then the handshake failed',
        ok: 'no session',
      }[probe.starttls]
      return { outcome: 'not-offered', data, evidence: [...seen, evidence('STARTTLS', how)] }
    }
    const session = [...seen, evidence('TLS', `${probe.tls.version}, ${probe.tls.cipher}`)]
    const policy = mtaSts.ok ? mtaSts.value.fetch?.policy : null
    const list = []
    if (!probe.tls.authorized)
      list.push({
        outcome: 'certificate-invalid' as const,
        data: { ...data, error: probe.tls.error ?? '' },
        evidence: [...session, evidence('certificate', probe.tls.error ?? 'does not verify')],
        ...(policy?.mode === 'enforce' ? { severity: 'blocker' as const } : {}),
      })
    if (obsolete) list.push({ outcome: 'obsolete-only' as const, data, evidence: session })
    return list.length ? list : { outcome: 'offered', data, evidence: session }
  },
  examples: [
    {
      name: 'TLS 1.3 and a valid certificate',
      subject: { kind: 'mx-host', name: 'mx.coachdash.example' },
      facts: { mxSmtp: { probe: exampleProbe(), message: null, obsolete: false, legacy: null } },
      expect: 'offered',
    },
    {
      name: 'no STARTTLS',
      subject: { kind: 'mx-host', name: 'mx.coachdash.example' },
      facts: {
        mxSmtp: {
          probe: exampleProbe({ starttls: 'not-offered', tls: null }),
          message: null,
          obsolete: false,
          legacy: null,
        },
      },
      expect: 'not-offered',
    },
  ],
})
