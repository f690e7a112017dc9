import { defineCheck, type Evidence } from '../../core/check.ts'
import type { Fix } from '../../core/fix.ts'
import type { Mx, MxHost } from '../../facts/email/mx.ts'
import { rewriteDmarc } from '../../formats/dmarc/dmarc.ts'
import {
  addRecord,
  evidence,
  isDenyAll,
  isRejecting,
  manual,
  receivesNothing,
  recordFix,
  removeRecord,
  replaceRecord,
  sendsNothing,
} from './mail-records.ts'

type Data = {
  domain: string
  host: string
  record: string
  target: string
  others: boolean
  lacks: string[]
  denies: boolean
  nullMx: boolean
  rejects: boolean
  /** The DMARC record that refuses everything. */
  policy: string
  /** The DMARC record of the domain itself. */
  published: string
}

const data = (domain: string, more: Partial<Data> = {}): Data => ({
  domain,
  host: '',
  record: '',
  target: '',
  others: false,
  lacks: [],
  denies: false,
  nullMx: false,
  rejects: false,
  policy: '',
  published: '',
  ...more,
})

const rdata = (host: MxHost): string => `${host.preference} ${host.exchange}.`

/** Where other servers work, the broken record just goes; the last one needs its right name first. */
const dropOrMend = (held: Data, what: string): Fix =>
  held.others
    ? recordFix(`Remove the record that leads to ${held.host}`, [removeRecord(held.domain, 'MX', held.record)])
    : recordFix(
        `Point the mail record to a server that exists: ${what}`,
        [manual(`Ask your mailbox provider for its mail server names and replace "${held.record}" by them`)],
        20,
      )

const recordsOf = (mx: Mx, domain: string): Evidence[] => {
  const seen = [
    ...(mx.nullMx ? ['0 .'] : []),
    ...mx.hosts.map(host => {
      const addresses = host.addresses.map(item => item.address).join(', ')
      return `${rdata(host)} → ${addresses || host.state}`
    }),
  ]
  return (seen.length ? seen : ['no such record']).map(value => evidence(`${domain} MX`, value))
}

export default defineCheck<Data>()({
  id: 'mx',
  stage: 'email',
  on: 'domain',
  title: 'Mail to the domain reaches a server',
  why: 'Replies, bounces, receipts and every "verify this domain" mail go where the MX records say. A name that does not resolve, an address in the place of a name, or a private address loses them. A domain that wants no mail should say so, or its name is free for forgery.',
  impact: { journey: 'email', owner: 'Customers who answer your mail, or write to you, never reach you.' },
  needs: ['mx'],
  wants: ['spf', 'dmarc', 'selectors'],
  signals: ['emails-fail', 'mail-lost'],
  outcomes: {
    missing: {
      status: 'fail',
      severity: 'high',
      title: '{domain} has no mail server: mail to you bounces',
      fix: held =>
        recordFix(
          `Tell the world where mail for ${held.domain} goes`,
          [
            manual(
              `Add the MX records that your mailbox provider names to ${held.domain}; if it shall never receive mail, add an MX record "0 ." instead and set email.receives: false`,
            ),
          ],
          20,
        ),
    },
    unresolvable: {
      status: 'fail',
      severity: 'blocker',
      title: 'Mail server {host} does not exist: mail to you is lost',
      fix: held => dropOrMend(held, `${held.host} has no address`),
    },
    'is-cname': {
      status: 'fail',
      severity: 'medium',
      title: 'Mail server {host} is an alias; some senders refuse it',
      fix: held =>
        recordFix('Name the server itself in the mail record', [
          replaceRecord(held.domain, 'MX', `${held.record.split(' ')[0]} ${held.target}.`, held.record),
        ]),
    },
    'is-address': {
      status: 'fail',
      severity: 'blocker',
      title: 'A mail record holds an address, not a name: mail is lost',
      fix: held =>
        recordFix('Give the server a name and use it', [
          addRecord(`mail.${held.domain}`, held.host.includes(':') ? 'AAAA' : 'A', held.host),
          replaceRecord(held.domain, 'MX', `${held.record.split(' ')[0]} mail.${held.domain}.`, held.record),
        ]),
    },
    'null-with-others': {
      status: 'fail',
      severity: 'high',
      title: 'One record refuses all mail, another accepts it',
      fix: held =>
        recordFix('Remove the record that refuses all mail', [removeRecord(held.domain, 'MX', held.record)], 5),
    },
    private: {
      status: 'fail',
      severity: 'blocker',
      title: 'Mail server {host} has a private address nobody reaches',
      fix: held => dropOrMend(held, `${held.host} has private addresses only`),
    },
    duplicate: {
      status: 'fail',
      severity: 'low',
      title: 'Mail server {host} is listed twice',
      fix: held => recordFix('Remove the repeated record', [removeRecord(held.domain, 'MX', held.record)], 5),
    },
    'parked-not-locked': {
      status: 'fail',
      severity: 'medium',
      title: '{domain} sends no mail, but anyone can forge mail from it',
      fix: held =>
        recordFix(`Lock ${held.domain} against forged mail`, [
          ...(held.nullMx ? [] : [replaceRecord(held.domain, 'MX', '0 .')]),
          ...(held.denies
            ? []
            : [
                held.record
                  ? replaceRecord(held.domain, 'TXT', 'v=spf1 -all', held.record)
                  : addRecord(held.domain, 'TXT', 'v=spf1 -all'),
              ]),
          ...(held.rejects
            ? []
            : [
                held.published
                  ? replaceRecord(`_dmarc.${held.domain}`, 'TXT', held.policy, held.published)
                  : addRecord(`_dmarc.${held.domain}`, 'TXT', held.policy),
              ]),
        ]),
    },
    sound: { status: 'pass', title: 'Mail to {domain} has a server' },
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc5321#section-5.1',
    'https://www.rfc-editor.org/rfc/rfc7505',
    'https://www.rfc-editor.org/rfc/rfc2181#section-10.3',
    'https://www.m3aawg.org/sites/default/files/m3aawg_parked_domains_bp-2022-06.pdf',
  ],
  judge: ({ mx, spf, dmarc, selectors }, { subject, target }) => {
    const domain = subject.name
    const shown = recordsOf(mx, domain)
    if (mx.hosts.length === 0) {
      if (receivesNothing(target, mx) && sendsNothing(target, spf)) return parked(domain, mx.nullMx, spf, dmarc, shown)
      // It says itself that it takes no mail; no sender is configured or in sight: it is parked, and half locked.
      const signs = selectors.ok && selectors.value.selectors.some(item => item.state === 'found')
      const names = spf.ok ? spf.value.names[0] : undefined
      const silent = target.senders.length === 0 && names?.problem === null && names.texts.length === 0
      if (mx.nullMx && silent && selectors.ok && !signs) return parked(domain, true, spf, dmarc, shown)
      if (mx.nullMx) return { outcome: 'sound', data: data(domain), evidence: shown }
      if (receivesNothing(target, mx)) return { skip: 'the config says that this domain receives no mail' }
      if (sendsNothing(target, spf)) return parked(domain, false, spf, dmarc, shown)
      return {
        outcome: 'missing',
        data: data(domain),
        evidence: [...shown, ...mx.implicit.map(address => evidence(`${domain} A`, `${address} (tried instead)`))],
      }
    }
    const works = mx.hosts.some(host => host.state === 'resolves' && host.addresses.some(item => !item.private))
    const held = mx.hosts.flatMap((host, at) =>
      judgeHost(host, at, mx.hosts, domain, works).map(outcome => ({ ...outcome, evidence: shown })),
    )
    if (mx.nullMx)
      held.unshift({ outcome: 'null-with-others', data: data(domain, { record: '0 .' }), key: '.', evidence: shown })
    const asked = mx.hosts
      .filter(host => host.state === 'unknown')
      .map(host => ({
        unknown: `the addresses of ${host.exchange} could not be asked for: ${host.message}`,
        couldBe: 'blocker' as const,
      }))
    return held.length || asked.length ? [...held, ...asked] : { outcome: 'sound', data: data(domain), evidence: shown }
  },
  examples: [
    {
      name: 'one server with a public address',
      facts: {
        mx: {
          status: 'NOERROR',
          ttl: 3600,
          nullMx: false,
          implicit: [],
          hosts: [
            {
              exchange: 'mx.coachdash.example',
              preference: 10,
              state: 'resolves',
              cnames: [],
              addresses: [{ address: '8.8.4.4', family: 4, private: false }],
              message: null,
            },
          ],
        },
      },
      expect: 'sound',
    },
    {
      name: 'an address where a name belongs',
      facts: {
        mx: {
          status: 'NOERROR',
          ttl: 3600,
          nullMx: false,
          implicit: [],
          hosts: [
            { exchange: '192.0.2.1', preference: 10, state: 'is-address', cnames: [], addresses: [], message: null },
          ],
        },
      },
      expect: 'is-address',
    },
    {
      name: 'no record at all',
      facts: { mx: { status: 'NODATA', ttl: null, nullMx: false, implicit: ['192.0.2.1'], hosts: [] } },
      expect: 'missing',
    },
  ],
})

type Held = {
  outcome: 'unresolvable' | 'is-cname' | 'is-address' | 'private' | 'duplicate' | 'null-with-others'
  data: Data
  key: string
  severity?: 'high'
}

const judgeHost = (host: MxHost, at: number, hosts: readonly MxHost[], domain: string, works: boolean): Held[] => {
  const held = data(domain, {
    host: host.exchange,
    record: rdata(host),
    others: works,
    target: host.cnames.at(-1) ?? '',
  })
  const list: Held[] = []
  const say = (outcome: Held['outcome'], severity?: 'high'): void => {
    list.push({ outcome, data: held, key: host.exchange, ...(severity ? { severity } : {}) })
  }
  if (hosts.slice(0, at).some(other => other.exchange === host.exchange)) {
    say('duplicate')
    return list
  }
  // Senders try the next server: one dead record beside a live one delays mail, it does not lose it.
  if (host.state === 'nxdomain' || host.state === 'no-address') say('unresolvable', works ? 'high' : undefined)
  if (host.state === 'is-address') say('is-address', works ? 'high' : undefined)
  if (host.state === 'resolves' && host.addresses.every(item => item.private))
    say('private', works ? 'high' : undefined)
  if (host.state === 'resolves' && host.cnames.length > 0) say('is-cname')
  return list
}

type Facts = Parameters<typeof sendsNothing>[1]

const parked = (
  domain: string,
  nullMx: boolean,
  spf: Facts,
  dmarc: { ok: boolean } & Record<string, unknown>,
  shown: { label: string; value: string }[],
) => {
  const texts = spf && 'ok' in spf && spf.ok ? (spf.value.names[0]?.texts ?? []) : []
  const found = dmarc.ok ? (dmarc.value as Parameters<typeof isRejecting>[0]) : null
  const denies = texts.length === 1 && isDenyAll(texts[0] as string)
  const rejects = isRejecting(found)
  const missingFacts = [spf, dmarc].filter(fact => fact && 'ok' in fact && !fact.ok)
  if (nullMx && denies && rejects) return { outcome: 'sound' as const, data: data(domain), evidence: shown }
  if (missingFacts.length)
    return {
      unknown: 'whether the domain is locked against forgery could not be asked for',
      couldBe: 'medium' as const,
    }
  const own = found?.walk.at === domain ? found.walk.record : null
  const policy = own ? rewriteDmarc(own, { p: 'reject', sp: null, np: null, t: null }) : 'v=DMARC1; p=reject; sp=reject'
  const lacks = [...(nullMx ? [] : ['null MX']), ...(denies ? [] : ['SPF -all']), ...(rejects ? [] : ['DMARC reject'])]
  return {
    outcome: 'parked-not-locked' as const,
    data: data(domain, { nullMx, denies, rejects, lacks, record: texts[0] ?? '', policy, published: own?.text ?? '' }),
    evidence: [...shown, ...texts.map(text => evidence(`${domain} TXT`, text)), evidence('missing', lacks.join(', '))],
  }
}
