// The small headers: no guessing of types, no leaking of addresses, nothing sent twice.
import { defineCheck, low, medium, pass } from '../../core/check.ts'
import { httpEvidence } from '../../core/evidence.ts'
import { sending, without } from '../../facts/http/web.example.ts'
import { headerValues } from '../../formats/http/headers.ts'
import { leaksAddress, metaReferrerPolicy, referrerPolicy } from '../../formats/http/referrer-policy.ts'
import { contradictingHeaders, firstWord, soundValues } from '../../formats/http/security-headers.ts'
import { dropReferrer, type HeaderData, sendOnce } from './page-fixes.ts'
import { frontPage } from './served-page.ts'

export default defineCheck<HeaderData>()({
  id: 'security-headers',
  stage: 'audit',
  on: 'host',
  title: 'The small protective headers are sent, once each',
  why: 'X-Content-Type-Options: nosniff keeps browsers from running an upload as a script (Fetch Standard §3.6). Referrer-Policy decides what other sites learn of the address of a page: reset tokens and names of clients stand there. Headers that are sent twice with different values are ignored or weakened.',
  impact: {
    journey: 'trust',
    owner: 'Other websites may learn addresses of private pages, and uploads may run as code.',
  },
  needs: ['web'],
  outcomes: {
    'no-nosniff': low('{host} lets browsers guess the type of files', sendOnce, {
      why: 'A file that somebody uploads may run as code in a customer’s browser.',
    }),
    'no-referrer-policy': low('{host} leaves open what other sites learn', sendOnce, {
      why: 'Older browsers tell other sites the whole address of the page that a visitor comes from.',
    }),
    'unsafe-referrer': medium('Other sites learn the full address of each page', dropReferrer, {
      why: 'Addresses that hold reset tokens or names reach every site that a page links to or loads from.',
    }),
    contradictory: medium('{header} is sent twice, with different values', sendOnce, {
      why: 'Browsers ignore or weaken a header that says two things.',
    }),
    set: pass('The small protective headers are set'),
  },
  references: [
    'https://fetch.spec.whatwg.org/#x-content-type-options-header',
    'https://www.w3.org/TR/referrer-policy/',
    'https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html',
  ],
  judge: ({ web }, { subject: { name: host } }) => {
    const front = frontPage(web, host, 'medium')
    if (!('page' in front)) return front
    const { page } = front
    const shown = (label: string, value: string) => httpEvidence(page.url, value, { label })
    const found = <K extends string>(outcome: K, header: string, label: string, value: string, key?: string) => ({
      outcome,
      data: { host, header, value, set: soundValues[header] ?? '' },
      evidence: [shown(label, value)],
      key,
    })
    const options = firstWord(headerValues(page, 'x-content-type-options'))
    const element = page.html.metas.find(meta => meta.name === 'referrer' && !meta.httpEquiv)
    const inPage = element ? metaReferrerPolicy(element.content) : null
    const policy = inPage ?? referrerPolicy(headerValues(page, 'referrer-policy'))
    const from = inPage ? 'meta referrer' : 'referrer-policy'
    const written = element?.content ?? policy ?? ''
    const faults = [
      ...contradictingHeaders(page).map(({ name, values }) =>
        found('contradictory', name, name, values.join(' and '), name),
      ),
      ...(options === 'nosniff'
        ? []
        : [found('no-nosniff', 'x-content-type-options', 'X-Content-Type-Options', options || 'not sent')]),
      ...(policy === null ? [found('no-referrer-policy', 'referrer-policy', page.url, 'no Referrer-Policy')] : []),
      ...(policy !== null && leaksAddress(policy) ? [found('unsafe-referrer', from, from, written)] : []),
    ]
    if (faults.length) return faults
    const evidence = [shown('x-content-type-options', options), shown(from, written)]
    return { outcome: 'set', data: { host, header: '', value: '', set: '' }, evidence }
  },
  examples: [
    { name: 'both headers', facts: {}, expect: 'set' },
    { name: 'types are guessed', facts: { web: without('x-content-type-options') }, expect: 'no-nosniff' },
    { name: 'the whole address', facts: { web: sending('referrer-policy', 'unsafe-url') }, expect: 'unsafe-referrer' },
  ],
})
