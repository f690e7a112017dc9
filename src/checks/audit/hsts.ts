// Strict-Transport-Security keeps browsers on HTTPS after the first visit.
import { couldNotSee, defineCheck, low, medium, pass } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import { overHttp, sending, without } from '../../facts/http/web.example.ts'
import { halfYear, hstsHeader, parseHsts, spanOf, year } from '../../formats/http/hsts.ts'
import { sendHsts } from './page-fixes.ts'
import { keptOut } from './served-page.ts'

type Data = { host: string; span: string }

const isHsts = ([name]: [string, string]): boolean => name === hstsHeader

export default defineCheck<Data>()({
  id: 'hsts',
  stage: 'audit',
  on: 'host',
  title: 'Browsers are told to stay on HTTPS',
  why: 'Without Strict-Transport-Security every new visit may begin unencrypted, and an attacker on the network can keep it there. Only the first header of an answer over HTTPS counts (RFC 6797 §8.1); less than half a year is forgotten too soon; preload lists ask for a year and for subdomains.',
  impact: { journey: 'trust', owner: 'On a café network, a visitor can be kept on an unencrypted copy of your site.' },
  needs: ['web'],
  outcomes: {
    missing: medium('{host} does not tell browsers to stay on HTTPS', sendHsts),
    zero: medium('{host} tells browsers to forget HTTPS (max-age=0)', sendHsts),
    'over-http-only': medium('{host} sends HSTS only where browsers ignore it', sendHsts),
    malformed: medium('The HSTS header of {host} is malformed, so it is ignored', sendHsts),
    short: low('{host} keeps browsers on HTTPS for only {span}', sendHsts),
    'preload-not-eligible': low('{host} asks for preloading but does not qualify', sendHsts, {
      why: 'Browsers do not take the host into their preload list; the rest of the policy works.',
    }),
    set: pass('Browsers stay on HTTPS for {span}'),
  },
  references: ['https://www.rfc-editor.org/rfc/rfc6797', 'https://hstspreload.org/'],
  judge: ({ web: { https, http } }, { subject: { name: host } }) => {
    if (!https.ok)
      return https.reason === 'refused' ? { skip: `nothing answers on https://${host}` } : couldNotSee(https, 'medium')
    const own = https.value.hops[0]!
    const value = own.headers.find(isHsts)?.[1]
    if (value === undefined) {
      const away = keptOut(own, 'medium')
      if (away) return away
      const isOverHttp = http.ok && http.value.hops.some(hop => hop.url.startsWith('http:') && hop.headers.some(isHsts))
      return {
        outcome: isOverHttp ? 'over-http-only' : 'missing',
        data: { host, span: '' },
        evidence: [httpEvidence(`https://${host}/`, 'no Strict-Transport-Security header')],
      }
    }
    const { maxAge, includeSubDomains, preload, faults } = parseHsts(value)
    const evidence = [httpEvidence(own.url, value, { header: hstsHeader })]
    const data = { host, span: spanOf(maxAge ?? 0) }
    if (faults.length || maxAge === null)
      return { outcome: 'malformed', data, evidence: [...evidence, textEvidence('fault', faults.join('; '))] }
    if (maxAge === 0) return { outcome: 'zero', data, evidence }
    const outcomes = [
      ...(maxAge < halfYear ? (['short'] as const) : []),
      ...(preload && (maxAge < year || !includeSubDomains) ? (['preload-not-eligible'] as const) : []),
    ]
    return outcomes.length ? outcomes.map(outcome => ({ outcome, data, evidence })) : { outcome: 'set', data, evidence }
  },
  examples: [
    { name: 'a year', facts: {}, expect: 'set' },
    { name: 'no header', facts: { web: without(hstsHeader) }, expect: 'missing' },
    { name: 'an hour', facts: { web: sending(hstsHeader, 'max-age=3600') }, expect: 'short' },
    { name: 'forget it', facts: { web: sending(hstsHeader, 'max-age=0') }, expect: 'zero' },
    { name: 'only over HTTP', facts: { web: overHttp(hstsHeader, `max-age=${year}`) }, expect: 'over-http-only' },
    { name: 'no number', facts: { web: sending(hstsHeader, 'max-age=one year') }, expect: 'malformed' },
    {
      name: 'preload without subdomains',
      facts: { web: sending(hstsHeader, `max-age=${year}; preload`) },
      expect: 'preload-not-eligible',
    },
  ],
})
