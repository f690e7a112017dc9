// Plain HTTP leads to HTTPS on the same host, at once and for good.
import { blocker, couldNotSee, defineCheck, high, low, pass, skip } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import type { Fix } from '../../core/fix.ts'
import { fix, redirect, setting } from '../../core/fixes.ts'
import { httpLeadsTo, refused } from '../../facts/http/web.example.ts'
import { headerValue } from '../../formats/http/headers.ts'
import { firstTarget, isEntered, plainHttpFaults, sendsOn } from '../../formats/http/plain-http.ts'

type Data = { host: string; to: string; status: number }

const toHttps = ({ host }: Data): Fix =>
  fix(
    `Redirect http://${host} to https://${host}, permanently and with the path kept`,
    [redirect(`http://${host}/`, `https://${host}/`, 308, true)],
    [
      `Where ${host} is hosted, turn on "force HTTPS" or "always use HTTPS".`,
      `On a server of your own: answer every request on port 80 with 308 and Location https://${host} followed by the path.`,
    ],
    10,
  )

const openPort80 = (data: Data): Fix => {
  const sent = toHttps(data)
  return { ...sent, changes: [setting('web-server', `${data.host}/`, { listen: 80 }), ...sent.changes] }
}

export default defineCheck<Data>()({
  id: 'https-redirect',
  stage: 'audit',
  on: 'host',
  alsoIn: ['dns'],
  title: 'Plain HTTP leads to HTTPS at once',
  why: 'People and old links still use http://. The answer there must be a permanent redirect to https:// on the same host: the same host first, so that its HSTS policy is learned (RFC 6797 §7.2), and no hop without encryption on the way.',
  impact: {
    journey: 'trust',
    owner: 'Browsers mark the page "Not secure", and what customers type can be read on the way.',
  },
  needs: ['web'],
  signals: { 'certificate-warnings': ['insecure-hop'] },
  outcomes: {
    'serves-plain-http': blocker('{host} answers without encryption', toHttps),
    'insecure-hop': high('The way to {host} leads over an unencrypted page', toHttps),
    'to-other-host-first': low('http://{host} jumps to another host before HTTPS', toHttps),
    temporary: low('http://{host} redirects only temporarily ({status})', toHttps),
    'port-80-closed': low('http://{host} does not answer at all', openPort80),
    redirects: pass('http://{host} leads to HTTPS'),
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc6797#section-7.2',
    'https://developer.mozilla.org/docs/Web/Security/Practical_implementation_guides/TLS#http_redirection',
  ],
  judge: ({ web: { http } }, { subject: { name: host } }) => {
    if (!http.ok) {
      if (http.reason !== 'refused') return couldNotSee(http, 'low')
      const evidence = [httpEvidence(`http://${host}/`, http.message)]
      return { outcome: 'port-80-closed', data: { host, to: '', status: 0 }, evidence }
    }
    const first = http.value.hops[0]!
    if (first.status >= 400) return skip(`${host} serves nothing over plain HTTP (${first.status})`)
    const data = { host, to: firstTarget(http.value) ?? '', status: first.status }
    const evidence = http.value.hops.map(hop => {
      const location = headerValue(hop, 'location')
      return httpEvidence(hop.url, `${hop.status}${location ? ` → ${location}` : ''}`, { status: hop.status })
    })
    const faults = plainHttpFaults(http.value, host)
    if (faults.length === 0) return { outcome: 'redirects', data, evidence }
    // Where nothing is typed, nothing is read on the way.
    const isMild = !sendsOn(http.value) && !isEntered(first)
    return faults.map(outcome => ({ outcome, data, evidence, ...(isMild ? { severity: 'high' as const } : {}) }))
  },
  examples: [
    { name: 'plain HTTP leads to HTTPS for good', facts: {}, expect: 'redirects' },
    { name: 'for now only', facts: { web: httpLeadsTo('https://example.com/', 302) }, expect: 'temporary' },
    { name: 'port 80 refuses', facts: { web: { http: refused } }, expect: 'port-80-closed' },
  ],
})
