// Many files travel over one connection: HTTP/2, or HTTP/3.
import { couldNotSee, defineCheck, low, pass, skip } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { sending } from '../../facts/http/web.example.ts'
import { tlsWith } from '../../facts/tls/tls.example.ts'
import { altServices } from '../../formats/http/alt-svc.ts'
import { headerValues } from '../../formats/http/headers.ts'
import { offerHttp2 } from './delivery-fixes.ts'

type Data = { host: string }

export default defineCheck<Data>()({
  id: 'http-version',
  stage: 'perf',
  on: 'host',
  title: 'Files share one connection (HTTP/2 or HTTP/3)',
  why: 'Over HTTP/1.1 a browser asks for six files at a time and waits in line for the rest; HTTP/2 and HTTP/3 carry them all at once. HTTP/2 is agreed on in the TLS handshake (ALPN), HTTP/3 is announced by the header Alt-Svc (RFC 9114 §3.1.1).',
  impact: { journey: 'visit', owner: 'Pages with many files appear later, most of all on a phone.' },
  needs: ['tls'],
  wants: ['web'],
  outcomes: {
    'http1-only': low('{host} speaks HTTP/1.1 alone: six files at a time', offerHttp2),
    http2: pass('{host} speaks HTTP/2'),
    http3: pass('{host} offers HTTP/3'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc9113', 'https://www.rfc-editor.org/rfc/rfc9114#section-3.1.1'],
  judge: ({ tls: { endpoints }, web }, { subject: { name: host } }) => {
    const answers = endpoints.flatMap(({ handshake, address }) =>
      handshake.ok ? [{ address, alpn: handshake.value.alpn }] : [],
    )
    const silent = endpoints.find(({ handshake }) => !handshake.ok)?.handshake
    if (answers.length === 0)
      return silent && !silent.ok ? couldNotSee(silent, 'low') : skip('nothing answers there over TLS')
    const hops = web.ok && web.value.https.ok ? web.value.https.value.hops : []
    const own = hops.filter(({ url }) => new URL(url).hostname === host)
    const announced = own.flatMap(hop => headerValues(hop, 'alt-svc'))
    if (altServices(announced.join(', ')).some(name => name === 'h3'))
      return {
        outcome: 'http3',
        data: { host },
        evidence: [httpEvidence(own[0]!.url, announced[0]!, { header: 'alt-svc' })],
      }
    const old = answers.filter(({ alpn }) => alpn !== 'h2')
    const evidence = (old.length ? old : answers).map(({ address, alpn }) =>
      textEvidence(`ALPN at ${address}`, alpn ?? 'no protocol was chosen'),
    )
    return { outcome: old.length ? 'http1-only' : 'http2', data: { host }, evidence }
  },
  examples: [
    { name: 'HTTP/2', facts: {}, expect: 'http2' },
    { name: 'HTTP/1.1 alone', facts: { tls: tlsWith({ alpn: 'http/1.1' }) }, expect: 'http1-only' },
    {
      name: 'HTTP/3 announced',
      facts: { tls: tlsWith({ alpn: 'http/1.1' }), web: sending('alt-svc', 'h3=":443"; ma=86400') },
      expect: 'http3',
    },
  ],
})
