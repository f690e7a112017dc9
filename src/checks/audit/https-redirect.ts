// Plain HTTP leads to HTTPS on the same host, at once and for good.
import { defineCheck, type Evidence } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { door, hop, redirect, refused, walked } from '../../facts/http/web.example.ts'
import { isHtml, readHtml } from '../../formats/html/html.ts'

type Data = { host: string; to: string; status: number }

const redirectFix = (data: Data): Fix => ({
  summary: `Redirect http://${data.host} to https://${data.host}, permanently and with the path kept`,
  steps: [
    `Where ${data.host} is hosted, turn on "force HTTPS" or "always use HTTPS".`,
    `On a server of your own: answer every request on port 80 with 308 and Location https://${data.host} followed by the path.`,
  ],
  changes: [{ kind: 'redirect', from: `http://${data.host}/`, to: `https://${data.host}/`, status: 308, tree: true }],
  effortMinutes: 10,
})

const headerOf = (hop: { headers: [string, string][] }, name: string): string | null =>
  hop.headers.find(([key]) => key === name)?.[1] ?? null

const shown = (hop: Parameters<typeof headerOf>[0] & { url: string; status: number }): Evidence => {
  const location = headerOf(hop, 'location')
  return { label: hop.url, value: `${hop.status}${location ? ` → ${location}` : ''}` }
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
    'serves-plain-http': {
      status: 'fail',
      severity: 'blocker',
      title: '{host} answers without encryption',
      fix: redirectFix,
    },
    'insecure-hop': {
      status: 'fail',
      severity: 'high',
      title: 'The way to {host} leads over an unencrypted page',
      fix: redirectFix,
    },
    'to-other-host-first': {
      status: 'fail',
      severity: 'low',
      title: 'http://{host} jumps to another host before HTTPS',
      fix: redirectFix,
    },
    temporary: {
      status: 'fail',
      severity: 'low',
      title: 'http://{host} redirects only temporarily ({status})',
      fix: redirectFix,
    },
    'port-80-closed': {
      status: 'fail',
      severity: 'low',
      title: 'http://{host} does not answer at all',
      fix: data => ({
        ...redirectFix(data),
        changes: [
          { kind: 'setting', provider: 'web-server', path: `${data.host}/`, value: { listen: 80 } },
          ...redirectFix(data).changes,
        ],
      }),
    },
    redirects: { status: 'pass', title: 'http://{host} leads to HTTPS' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc6797#section-7.2',
    'https://developer.mozilla.org/docs/Web/Security/Practical_implementation_guides/TLS#http_redirection',
  ],
  judge: ({ web }, { subject }) => {
    const host = subject.name
    const { http } = web
    const data = (to = '', status = 0): Data => ({ host, to, status })
    if (!http.ok) {
      const evidence = [{ label: `http://${host}/`, value: http.message }]
      return http.reason === 'refused'
        ? { outcome: 'port-80-closed', data: data(), evidence }
        : { unknown: http.message, couldBe: 'low' }
    }
    const { hops } = http.value
    const evidence = hops.map(shown)
    const first = hops[0]!
    const next = hops[1]?.url ?? http.value.next?.url
    if (first.status < 300 || first.status >= 400 || next === undefined) {
      if (first.status >= 400) return { skip: `${host} serves nothing over plain HTTP (${first.status})` }
      const entered = isHtml(headerOf(first, 'content-type')) ? readHtml(first.body, first.url).forms.length > 0 : true
      return { outcome: 'serves-plain-http', data: data(), evidence, severity: entered ? 'blocker' : 'high' }
    }
    const later = [
      ...hops.slice(1).map(hop => hop.url),
      ...(http.value.next && http.value.ended !== 'answer' ? [http.value.next.url] : []),
    ]
    if (later.length && later.every(url => url.startsWith('http:')) && http.value.ended === 'answer')
      return { outcome: 'serves-plain-http', data: data(next), evidence }
    const faults = [
      ...(later.some(url => url.startsWith('http:'))
        ? [{ outcome: 'insecure-hop' as const, data: data(next), evidence }]
        : []),
      ...(next.startsWith('https:') && new URL(next).hostname !== host
        ? [{ outcome: 'to-other-host-first' as const, data: data(next), evidence }]
        : []),
      ...(first.status === 302 || first.status === 303 || first.status === 307
        ? [{ outcome: 'temporary' as const, data: data(next, first.status), evidence }]
        : []),
    ]
    return faults.length ? faults : { outcome: 'redirects', data: data(next), evidence }
  },
  examples: [
    { name: 'plain HTTP leads to HTTPS for good', facts: { web: door() }, expect: 'redirects' },
    {
      name: 'a form over plain HTTP',
      facts: { web: door({ http: walked(hop('http://example.com/', { body: '<form method=post></form>' })) }) },
      expect: 'serves-plain-http',
    },
    {
      name: 'plain HTTP all the way',
      facts: {
        web: door({
          http: walked(redirect('http://example.com/', 'http://www.example.com/'), hop('http://www.example.com/')),
        }),
      },
      expect: 'serves-plain-http',
    },
    {
      name: 'an unencrypted hop in between',
      facts: {
        web: door({
          http: walked(
            redirect('http://example.com/', 'http://www.example.com/'),
            redirect('http://www.example.com/', 'https://www.example.com/'),
            hop('https://www.example.com/'),
          ),
        }),
      },
      expect: 'insecure-hop',
    },
    {
      name: 'another host first',
      facts: {
        web: door({
          http: walked(redirect('http://example.com/', 'https://www.example.com/'), hop('https://www.example.com/')),
        }),
      },
      expect: 'to-other-host-first',
    },
    {
      name: 'for now only',
      facts: {
        web: door({
          http: walked(redirect('http://example.com/', 'https://example.com/', 302), hop('https://example.com/')),
        }),
      },
      expect: 'temporary',
    },
    { name: 'port 80 refuses', facts: { web: door({ http: refused }) }, expect: 'port-80-closed' },
    {
      name: 'nothing over plain HTTP',
      facts: { web: door({ http: walked(hop('http://example.com/', { status: 404 })) }) },
      expect: 'skip',
    },
  ],
})
