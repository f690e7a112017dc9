// Strict-Transport-Security keeps browsers on HTTPS after the first visit.
import { defineCheck } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import { turnedAway } from '../../formats/http/bot-wall.ts'
import { parseHsts } from '../../formats/http/hsts.ts'
import { door, hop, walked } from './web-examples.ts'

type Data = { host: string; value: string; days: number; span: string; faults: string }

const fix = (data: Data): Fix => ({
  summary: `Send Strict-Transport-Security: max-age=31536000 on every answer of https://${data.host}`,
  steps: [
    'Begin with max-age=86400 for a day if you are not sure that every page works over HTTPS, then raise it to a year.',
    'Add includeSubDomains when every subdomain has HTTPS; leave preload away unless you mean it for years.',
  ],
  changes: [
    {
      kind: 'http-header',
      action: 'set',
      host: data.host,
      name: 'strict-transport-security',
      value: 'max-age=31536000',
    },
  ],
  effortMinutes: 10,
})

const halfYear = 15_552_000
const year = 31_536_000

const isHsts = ([name]: [string, string]): boolean => name === 'strict-transport-security'

const spanOf = (days: number): string => (days < 1 ? 'hours' : days === 1 ? '1 day' : `${days} days`)

export default defineCheck<Data>()({
  id: 'hsts',
  stage: 'audit',
  on: 'host',
  title: 'Browsers are told to stay on HTTPS',
  why: 'Without Strict-Transport-Security every new visit may begin unencrypted, and an attacker on the network can keep it there. Only the first header of an answer over HTTPS counts (RFC 6797 §8.1); less than half a year is forgotten too soon; preload lists ask for a year and for subdomains.',
  impact: { journey: 'trust', owner: 'On a café network, a visitor can be kept on an unencrypted copy of your site.' },
  needs: ['web'],
  outcomes: {
    missing: { status: 'fail', severity: 'medium', title: '{host} does not tell browsers to stay on HTTPS', fix },
    zero: { status: 'fail', severity: 'medium', title: '{host} tells browsers to forget HTTPS (max-age=0)', fix },
    'over-http-only': {
      status: 'fail',
      severity: 'medium',
      title: '{host} sends HSTS only where browsers ignore it',
      fix,
    },
    malformed: {
      status: 'fail',
      severity: 'medium',
      title: 'The HSTS header of {host} is malformed, so it is ignored',
      fix,
    },
    short: { status: 'fail', severity: 'low', title: '{host} keeps browsers on HTTPS for only {span}', fix },
    'preload-not-eligible': {
      status: 'fail',
      severity: 'low',
      title: '{host} asks for preloading but does not qualify',
      fix,
    },
    set: { status: 'pass', title: 'Browsers stay on HTTPS for {span}' },
  },
  references: ['https://www.rfc-editor.org/rfc/rfc6797', 'https://hstspreload.org/'],
  judge: ({ web }, { subject }) => {
    const host = subject.name
    const { https, http } = web
    if (!https.ok)
      return https.reason === 'refused'
        ? { skip: `nothing answers on https://${host}` }
        : { unknown: https.message, couldBe: 'medium' }
    const own = https.value.hops[0]!
    const values = own.headers.filter(isHsts).map(([, value]) => value)
    const data = (value = '', days = 0, faults = ''): Data => ({ host, value, days, span: spanOf(days), faults })
    const isOverHttp = http.ok && http.value.hops.some(hop => hop.url.startsWith('http:') && hop.headers.some(isHsts))
    if (values.length === 0) {
      const away = turnedAway(own.url, own)
      if (away) return { unknown: away, couldBe: 'medium' }
      const evidence = [{ label: `https://${host}/`, value: 'no Strict-Transport-Security header' }]
      return isOverHttp
        ? { outcome: 'over-http-only', data: data(), evidence }
        : { outcome: 'missing', data: data(), evidence }
    }
    const value = values[0]!
    const parsed = parseHsts(value)
    const evidence = [{ label: 'strict-transport-security', value }]
    if (parsed.faults.length || parsed.maxAge === null)
      return {
        outcome: 'malformed',
        data: data(value, 0, parsed.faults.join('; ')),
        evidence: [...evidence, { label: 'fault', value: parsed.faults.join('; ') }],
      }
    const days = Math.floor(parsed.maxAge / 86_400)
    if (parsed.maxAge === 0) return { outcome: 'zero', data: data(value), evidence }
    const faults = [
      ...(parsed.maxAge < halfYear ? [{ outcome: 'short' as const, data: data(value, days), evidence }] : []),
      ...(parsed.preload && (parsed.maxAge < year || !parsed.includeSubDomains)
        ? [{ outcome: 'preload-not-eligible' as const, data: data(value, days), evidence }]
        : []),
    ]
    return faults.length ? faults : { outcome: 'set', data: data(value, days), evidence }
  },
  examples: [
    {
      name: 'a year',
      facts: {
        web: door({
          https: walked(
            hop('https://example.com/', {
              headers: [['strict-transport-security', 'max-age=31536000; includeSubDomains']],
            }),
          ),
        }),
      },
      expect: 'set',
    },
    { name: 'no header', facts: { web: door() }, expect: 'missing' },
    {
      name: 'an hour',
      facts: {
        web: door({
          https: walked(hop('https://example.com/', { headers: [['strict-transport-security', 'max-age=3600']] })),
        }),
      },
      expect: 'short',
    },
    {
      name: 'forget it',
      facts: {
        web: door({
          https: walked(hop('https://example.com/', { headers: [['strict-transport-security', 'max-age=0']] })),
        }),
      },
      expect: 'zero',
    },
    {
      name: 'only over HTTP',
      facts: {
        web: door({
          http: walked(
            hop('http://example.com/', {
              status: 301,
              headers: [
                ['location', 'https://example.com/'],
                ['strict-transport-security', 'max-age=31536000'],
              ],
            }),
            hop('https://example.com/'),
          ),
        }),
      },
      expect: 'over-http-only',
    },
    {
      name: 'no number',
      facts: {
        web: door({
          https: walked(hop('https://example.com/', { headers: [['strict-transport-security', 'max-age=one year']] })),
        }),
      },
      expect: 'malformed',
    },
    {
      name: 'a directive twice',
      facts: {
        web: door({
          https: walked(
            hop('https://example.com/', { headers: [['strict-transport-security', 'max-age=31536000; max-age=1']] }),
          ),
        }),
      },
      expect: 'malformed',
    },
    {
      name: 'preload without subdomains',
      facts: {
        web: door({
          https: walked(
            hop('https://example.com/', { headers: [['strict-transport-security', 'max-age=31536000; preload']] }),
          ),
        }),
      },
      expect: 'preload-not-eligible',
    },
  ],
})
