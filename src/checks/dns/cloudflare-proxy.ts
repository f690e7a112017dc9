// Behind Cloudflare stands what should, nothing else, and the origin is not shown.
import { blocker, defineCheck, high, medium, type OutcomeHolds, pass, skip, unknown } from '../../core/check.ts'
import { httpEvidence, textEvidence } from '../../core/evidence.ts'
import type { Subject } from '../../core/fact.ts'
import { recordsWith } from '../../facts/cloudflare/cloudflare-zone.example.ts'
import { exchangesOf, isProxied, isVerification, isWebName } from '../../formats/dns/proxied-record.ts'
import { originFix, type ProxyData, proxyFix } from './fixes.ts'

const record = (name: string): Subject => ({ kind: 'record', name })

export default defineCheck<ProxyData>()({
  id: 'cloudflare-proxy',
  stage: 'dns',
  on: 'record',
  title: 'Cloudflare stands in front of the web, and of nothing else',
  why: 'Web records belong behind the proxy, mail and verification records never: Cloudflare does not carry mail. An origin that answers beside Cloudflare makes the protection worthless. Taken from the API where a token is given, else from addresses and answers seen from outside.',
  impact: { journey: 'operate', owner: 'Mail is lost, or attackers walk around the protection that you rely on.' },
  needs: [],
  wants: ['cloudflareZone', 'cloudflareOutside', 'zoneRecords'],
  signals: { 'emails-fail': ['mail-proxied'] },
  outcomes: {
    'web-not-proxied': medium('{name} is on Cloudflare, but not behind it', proxyFix, {
      why: 'Cloudflare does not filter its traffic: whoever floods the address, which all can see, takes the product down.',
    }),
    'mail-proxied': blocker('Mail to {name} runs into Cloudflare and is lost', proxyFix, {
      why: 'Cloudflare carries no mail: none of it reaches your mail server.',
      impact: 'email',
    }),
    'origin-exposed': high('The server behind {name} can be reached directly', originFix, {
      why: 'Attackers walk around the protection that you rely on.',
    }),
    'verification-proxied': high('{name} is hidden from those who must read it', proxyFix, {
      why: 'The service that must read the record sees Cloudflare in its place, so what it verifies fails.',
    }),
    right: pass('{record} is set right at Cloudflare'),
  },
  references: [
    'https://developers.cloudflare.com/dns/proxy-status/',
    'https://developers.cloudflare.com/fundamentals/security/protect-your-origin-server/',
    'https://developers.cloudflare.com/dns/manage-dns-records/how-to/email-records/',
  ],
  judge: ({ cloudflareZone, cloudflareOutside, zoneRecords }, { subject }) => {
    const [name = '', type = ''] = subject.name.split(' ')
    if (!['A', 'AAAA', 'CNAME'].includes(type))
      return skip('only address and alias records can stand behind Cloudflare')
    const outside = cloudflareOutside.ok ? cloudflareOutside.value : null
    const api = cloudflareZone.ok && cloudflareZone.value.records.seen ? cloudflareZone.value.records.value : null
    if (!api && outside && !outside.nameServers && outside.behind.length === 0)
      return skip('the domain is not at Cloudflare')
    if (!api && !outside)
      return cloudflareZone.ok || !cloudflareZone.because
        ? unknown('neither the API nor the answers could be read', 'blocker')
        : skip('no Cloudflare token was given, and nothing answered')
    const views = { api, zone: zoneRecords.ok ? zoneRecords.value.records : [] }
    const proxied = isProxied(name, type, views)
    const isExchange = exchangesOf(views).includes(name)
    const data: ProxyData = { name, record: subject.name, proxied, address: '', shownBy: '', outside: api === null }
    const source = `${subject.name}, ${api ? 'Cloudflare API' : 'seen from outside'}`
    const evidence = [textEvidence(source, proxied ? 'behind the proxy' : 'not behind the proxy')]
    const found: OutcomeHolds<
      'web-not-proxied' | 'mail-proxied' | 'origin-exposed' | 'verification-proxied',
      ProxyData
    >[] = []
    if (proxied && isExchange) found.push({ outcome: 'mail-proxied', data, evidence })
    else if (proxied && isVerification(name, type)) found.push({ outcome: 'verification-proxied', data, evidence })
    const isWeb = outside !== null && (outside.behind.includes(name) || isWebName(name, subject.parent?.name))
    // Another content network in front is what its hosting asks for: two of them would be in each other's way.
    const isElsewhere = isExchange || outside?.elsewhere.includes(name)
    if (!proxied && isWeb && !isElsewhere && (api || outside.nameServers))
      found.push({ outcome: 'web-not-proxied', data, evidence })
    for (const { address, shownBy, status } of outside?.exposed.filter(item => item.host === name) ?? []) {
      const label = `https://${name}/ asked at ${address}`
      const answer = httpEvidence(`https://${name}/`, `answers ${status} with a certificate of that name`, { label })
      const seen = [answer, textEvidence('address shown by', shownBy)]
      found.push({ outcome: 'origin-exposed', key: address, data: { ...data, address, shownBy }, evidence: seen })
    }
    return found.length ? found : { outcome: 'right', data, evidence }
  },
  examples: [
    { name: 'the site is proxied', facts: {}, subject: record('www.example.com A'), expect: 'right' },
    {
      name: 'the site is not',
      facts: { cloudflareZone: { records: recordsWith('www.example.com', 'A', false) } },
      subject: record('www.example.com A'),
      expect: 'web-not-proxied',
    },
  ],
})
