// Whether a mail server encrypts what it receives.
import { defineCheck, high, medium, pass } from '../../core/check.ts'
import { certificateEvidence, textEvidence } from '../../core/evidence.ts'
import { plainProbe } from '../../facts/smtp/mx-smtp.example.ts'
import { allowNewTls, answerMail, installCertificate, turnOnStarttls } from './transport-fixes.ts'

/** How STARTTLS went, in words. */
const how = {
  'not-offered': 'not offered',
  refused: 'offered, then refused',
  failed: 'offered, then the handshake failed',
  ok: 'no session',
} as const

const subject = { kind: 'mx-host' as const, name: 'mx.coachdash.example' }

export default defineCheck<{ host: string }>()({
  id: 'mx-starttls',
  stage: 'email',
  on: 'mx-host',
  title: 'Mail servers encrypt what they receive',
  why: 'Without STARTTLS, mail to you travels in the clear. Senders do not check certificates by themselves, but under MTA-STS in enforce mode a certificate that does not verify keeps mail out. Port 25 is closed from many networks: then nothing is said of any server, and the cause is told once.',
  impact: { journey: 'email', owner: 'What customers write to you can be read on the way.' },
  needs: ['mxSmtp'],
  wants: ['mtaSts'],
  signals: { 'emails-fail': ['unreachable'] },
  outcomes: {
    'not-offered': medium('Mail server {host} does not encrypt', turnOnStarttls),
    'certificate-invalid': medium('The certificate of mail server {host} does not verify', installCertificate, {
      why: 'Mail arrives, but senders cannot tell whether it is your server that takes it; under MTA-STS in enforce mode it does not arrive.',
    }),
    'obsolete-only': medium('Mail server {host} knows only outdated encryption', allowNewTls, {
      why: 'Senders that refuse outdated encryption send in the clear, or not at all.',
    }),
    unreachable: high('Mail server {host} does not answer', answerMail, {
      why: 'Mail to you waits at its senders while no server answers, and goes back to them after some days.',
    }),
    offered: pass('Mail server {host} encrypts with a valid certificate'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc3207',
    'https://www.rfc-editor.org/rfc/rfc8461#section-4.2',
    'https://www.rfc-editor.org/rfc/rfc8996',
  ],
  judge: ({ mxSmtp: { probe, message, obsolete, legacy }, mtaSts }, { subject: { name: host } }) => {
    const data = { host }
    if (!probe) return { outcome: 'unreachable', data, evidence: [textEvidence(`${host}:25`, message ?? 'no answer')] }
    const { tls } = probe
    const seen = [
      textEvidence('greeting', probe.banner),
      textEvidence('EHLO', probe.extensions.join(', ')),
      textEvidence('address', probe.address),
    ]
    const withTls = (said: string) => [...seen, textEvidence('TLS', said)]
    if (legacy !== null) return { outcome: 'obsolete-only', data, evidence: withTls(`${legacy}, and nothing newer`) }
    if (probe.starttls !== 'ok' || !tls)
      return { outcome: 'not-offered', data, evidence: [...seen, textEvidence('STARTTLS', how[probe.starttls])] }
    const session = withTls(`${tls.version}, ${tls.cipher}`)
    const isEnforced = mtaSts.ok && mtaSts.value.fetch?.policy?.mode === 'enforce'
    const invalid = {
      outcome: 'certificate-invalid' as const,
      data,
      evidence: [...session, certificateEvidence(host, 'certificate', tls.error ?? 'does not verify', 25)],
      ...(isEnforced ? { severity: 'blocker' as const } : {}),
    }
    const list = [
      ...(tls.authorized ? [] : [invalid]),
      ...(obsolete ? [{ outcome: 'obsolete-only' as const, data, evidence: session }] : []),
    ]
    return list.length ? list : { outcome: 'offered', data, evidence: session }
  },
  examples: [
    { name: 'TLS 1.3 and a valid certificate', subject, facts: {}, expect: 'offered' },
    { name: 'no STARTTLS', subject, facts: { mxSmtp: { probe: plainProbe } }, expect: 'not-offered' },
    { name: 'nothing newer than TLS 1.1', subject, facts: { mxSmtp: { legacy: 'TLSv1.1' } }, expect: 'obsolete-only' },
  ],
})
