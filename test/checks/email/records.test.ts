// Outcomes of the mail record checks that no world reaches, and what they must not say of their neighbours.
import { describe, expect, test } from 'vitest'
import blocklist from '../../../src/checks/email/blocklist.ts'
import dkimKey from '../../../src/checks/email/dkim-key.ts'
import dkimSelectors from '../../../src/checks/email/dkim-selectors.ts'
import dmarcAlignment from '../../../src/checks/email/dmarc-alignment.ts'
import dmarcPolicy from '../../../src/checks/email/dmarc-policy.ts'
import dmarcReports from '../../../src/checks/email/dmarc-reports.ts'
import mtaSts from '../../../src/checks/email/mta-sts.ts'
import mx from '../../../src/checks/email/mx.ts'
import providerRequirements from '../../../src/checks/email/provider-requirements.ts'
import reverseDns from '../../../src/checks/email/reverse-dns.ts'
import spfLookups from '../../../src/checks/email/spf-lookups.ts'
import spfRecord from '../../../src/checks/email/spf-record.ts'
import spfSenders from '../../../src/checks/email/spf-senders.ts'
import type { AnyCheck } from '../../../src/core/check.ts'
import { missing, observed } from '../../../src/core/fact.ts'
import { bareTarget, type Target } from '../../../src/core/target.ts'
import { providerNamed } from '../../../src/data/mail-providers.ts'
import { keyText, keyWith } from '../../../src/facts/email/dkim-key.example.ts'
import { dmarcWith } from '../../../src/facts/email/dmarc.example.ts'
import { example as soundMx } from '../../../src/facts/email/mx.example.ts'
import { senderWith } from '../../../src/facts/email/sender-mail.example.ts'
import { emptyNode, nodeOf, spfWith, treeOf } from '../../../src/facts/email/spf.example.ts'
import { walkDmarc } from '../../../src/formats/dmarc/tree-walk.ts'
import { registrableDomain } from '../../../src/formats/dns/registrable-domain.ts'
import { parseMtaStsPolicy } from '../../../src/formats/mail/mta-sts.ts'

const domain = 'coachdash.example'
const at = '2026-11-25T00:00:00Z'

/** Outcome keys that hold, `skip` and `unknown` among them. */
const outcomes = (check: AnyCheck, facts: Record<string, unknown>, target: Partial<Target> = {}): string[] => {
  const all = {
    ...Object.fromEntries((check.wants ?? []).map(name => [name, missing('timeout', 'not asked')])),
    ...facts,
  }
  const result = check.judge(all as never, {
    now: Date.parse(at),
    subject: { kind: 'domain', name: domain },
    target: bareTarget({ domain, ...target }),
    options: {},
  })
  const list = Array.isArray(result) ? result : [result]
  return list.map(item => ('outcome' in item ? item.outcome : 'skip' in item ? 'skip' : 'unknown'))
}

const selectors = (more: object = {}) => ({
  selectors: [],
  tried: 40,
  sources: [],
  wildcard: null,
  unanswered: 0,
  below: 'absent',
  providers: [],
  returnPaths: [],
  ...more,
})

describe('dkim-key', () => {
  test('a key of 16,384 bits in many strings is measured: oversized, and nothing else', () => {
    const fact = keyWith(keyText(16_384), { strings: 12 })
    expect(fact.key?.bits).toBe(16_384)
    expect(outcomes(dkimKey, { dkimKey: fact })).toEqual(['oversized'])
  })
  test('4096 bits are sound', () => expect(outcomes(dkimKey, { dkimKey: keyWith(keyText(4096)) })).toEqual(['sound']))
  test('a revoked key that nobody configured is no finding', () => {
    expect(outcomes(dkimKey, { dkimKey: keyWith('v=DKIM1; p=', { configured: false }) })).toEqual(['skip'])
    expect(outcomes(dkimKey, { dkimKey: keyWith('v=DKIM1; p=') })).toEqual(['revoked'])
  })
  test('a key for TLS reports alone is no mail key, unless a sender is said to sign with it', () => {
    const text = keyText(2048, 's=tlsrpt; ')
    expect(outcomes(dkimKey, { dkimKey: keyWith(text, { configured: false }) })).toEqual(['skip'])
    expect(outcomes(dkimKey, { dkimKey: keyWith(text) })).toEqual(['malformed'])
  })
  test('several faults at once are all told', () => {
    expect(outcomes(dkimKey, { dkimKey: keyWith(keyText(1024, 'h=sha1; t=y; ')) })).toEqual([
      'weak',
      'sha1-only',
      'testing',
    ])
  })
})

describe('keys that were taken back', () => {
  const key = { selector: 'a', domain, why: '', state: 'found', usable: false, revoked: true, type: 'rsa' }
  const seen = (configured: boolean) => selectors({ selectors: [{ ...key, configured }] })
  test('are no keys that are found; one that is configured is told at the key', () => {
    expect(outcomes(dkimSelectors, { selectors: seen(false) })).toEqual(['none-found'])
    expect(outcomes(dkimSelectors, { selectors: seen(true) })).toEqual(['found'])
  })
  test('do not meet what providers ask for, nor does a record that ends in an error', () => {
    const dead = spfWith('v=spf1 include:spf.gone.example -all', {
      'spf.gone.example': emptyNode('spf.gone.example', 'nxdomain'),
    })
    const facts = { spf: dead, dmarc: dmarcWith('v=DMARC1; p=reject') }
    expect(outcomes(providerRequirements, { ...facts, selectors: seen(true) })).toEqual(['fails', 'fails'])
  })
})

describe('dmarc-alignment', () => {
  const sender = (more: object) => outcomes(dmarcAlignment, { senderMail: senderWith(more) })
  test('dkim-only: bounces to the provider, signs as the domain', () =>
    expect(sender({ envelope: null, known: 'provider', envelopeOrganizational: null })).toEqual(['dkim-only']))
  test('strict alignment wants the very same name', () => {
    expect(sender({ aspf: 's', dkim: [] })).toEqual(['none'])
    expect(sender({ aspf: 's', dkim: [], envelope: domain })).toEqual(['spf-only'])
  })
  test('a lookup that failed is unknown, never none', () => {
    expect(
      sender({
        dkim: [{ selector: 'pm', name: 'pm._domainkey.coachdash.example', usable: false, problem: 'timeout' }],
        spf: { texts: [], authorised: null, problem: 'timeout' },
      }),
    ).toEqual(['unknown'])
  })
})

describe('provider-requirements', () => {
  const facts = {
    spf: spfWith(),
    dmarc: dmarcWith(),
    selectors: selectors({
      selectors: [{ selector: 'pm', domain, why: '', configured: true, state: 'absent', type: null }],
    }),
  }
  const bulk = { senders: [{ name: 'Own', dkim: ['pm'], bulk: true }] }
  test('a bulk sender with nothing fails at Gmail, Yahoo and Microsoft, each for itself', () =>
    expect(outcomes(providerRequirements, facts, bulk)).toEqual(['fails', 'fails', 'fails']))
  test('others fail at Gmail and Yahoo only', () =>
    expect(outcomes(providerRequirements, facts)).toEqual(['fails', 'fails']))
  test('keys that could not be guessed prove nothing', () => {
    expect(
      outcomes(
        providerRequirements,
        {
          spf: spfWith('v=spf1 ip4:192.0.2.25 -all'),
          dmarc: dmarcWith('v=DMARC1; p=none'),
          selectors: selectors(),
        },
        bulk,
      ),
    ).toEqual(['unknown', 'unknown', 'unknown'])
  })
  test('a domain that sends nothing is not asked', () =>
    expect(outcomes(providerRequirements, { ...facts, spf: spfWith('v=spf1 -all') })).toEqual(['skip']))
})

/** The walk again after the fixes of what was found. */
const afterFix = async (start: string, records: Record<string, string>) => {
  const walk = (of: Record<string, string>) =>
    walkDmarc(start, async name => ({ ok: true, records: of[name] === undefined ? [] : [of[name]] }))
  const dmarc = { walk: await walk(records), misplaced: [], registrable: registrableDomain(start), ttl: 3600 }
  const result = dmarcPolicy.judge({ dmarc, mx: missing('timeout', '') } as never, {
    now: Date.parse(at),
    subject: { kind: 'domain', name: start },
    target: bareTarget({ domain: start }),
    options: {},
  })
  const found = (Array.isArray(result) ? result : [result]).filter(
    item => 'outcome' in item && item.outcome === 'old-receivers-differ',
  )
  const changed = { ...records }
  for (const item of found) {
    const outcome = dmarcPolicy.outcomes['old-receivers-differ']
    if (!('data' in item) || outcome.status !== 'fail') throw new Error('no fix')
    for (const change of outcome.fix(item.data, { kind: 'domain', name: start }).changes)
      if (change.kind === 'dns') changed[change.name.replace(/\.$/, '')] = change.data
  }
  return {
    found: found.length,
    organizational: (await walk(changed)).organizational,
    registrable: registrableDomain(start),
  }
}

describe('dmarc-reports', () => {
  test('no address for reports hides no address for failures that never agreed', () => {
    const ruf = { tag: 'ruf', address: 'z@reports.example', domain: 'reports.example', external: true }
    const target = {
      ...ruf,
      authorised: false,
      authorisation: `${domain}._report._dmarc.reports.example`,
      receives: true,
    }
    const record = 'v=DMARC1; p=reject; ruf=mailto:z@reports.example'
    const found = { record, at: domain, alias: null, rua: 0, targets: [target] }
    expect(outcomes(dmarcReports, { reportTargets: found })).toEqual(['no-address', 'unauthorised'])
  })
})

describe('a DMARC record that is kept elsewhere', () => {
  test('is changed where it is kept, not beside the alias', () => {
    const dmarc = dmarcWith('v=DMARC1; p=none; rua=mailto:dmarc@coachdash.example', {
      alias: 'coachdash.reports.example',
    })
    const result = dmarcPolicy.judge({ dmarc, mx: missing('timeout', '') } as never, {
      now: Date.parse(at),
      subject: { kind: 'domain', name: domain },
      target: bareTarget({ domain }),
      options: {},
    })
    const [held] = result as unknown as { data: never }[]
    const outcome = (dmarcPolicy as AnyCheck).outcomes.none
    const fix = outcome && 'fix' in outcome ? outcome.fix(held?.data as never, { kind: 'domain', name: domain }) : null
    expect(fix?.later?.[0]?.changes).toEqual([
      { kind: 'manual', step: expect.stringContaining('coachdash.reports.example') },
    ])
  })
})

describe('dmarc-policy', () => {
  test.each([
    [
      'psd=n below the registrable domain',
      'app.coachdash.com',
      { '_dmarc.app.coachdash.com': 'v=DMARC1; p=reject; psd=n' },
    ],
    [
      'a record below the registrable domain alone',
      'app.coachdash.com',
      { '_dmarc.app.coachdash.com': 'v=DMARC1; p=reject' },
    ],
    ['a record at a private suffix', 'coach.github.io', { '_dmarc.github.io': 'v=DMARC1; p=reject' }],
    [
      'records at a private suffix and below',
      'coach.github.io',
      { '_dmarc.github.io': 'v=DMARC1; p=reject', '_dmarc.coach.github.io': 'v=DMARC1; p=reject' },
    ],
  ])('old-receivers-differ, %s: its fix makes both ways end at the same name', async (_what, start, records) => {
    const { found, organizational, registrable } = await afterFix(start, records)
    expect(found).toBe(1)
    expect(organizational).toBe(registrable)
  })
  test('another organizational domain by the Public Suffix List: old-receivers-differ', () => {
    const dmarc = dmarcWith('v=DMARC1; p=reject; psd=n')
    dmarc.registrable = 'parent.example'
    expect(outcomes(dmarcPolicy, { dmarc })).toEqual(['old-receivers-differ'])
  })
  test('psd=y at a domain that is no public suffix parts it from its subdomains', () => {
    const dmarc = dmarcWith('v=DMARC1; p=reject; psd=y')
    expect(outcomes(dmarcPolicy, { dmarc: { ...dmarc, registrable: domain } })).toEqual(['old-receivers-differ'])
  })
  test('pct=100 changes nothing', () =>
    expect(outcomes(dmarcPolicy, { dmarc: dmarcWith('v=DMARC1; p=reject; pct=100') })).toEqual(['enforced']))
  test('test mode and weaker subdomains together', () => {
    expect(outcomes(dmarcPolicy, { dmarc: dmarcWith('v=DMARC1; p=reject; sp=none; t=y') })).toEqual([
      'subdomains-weaker',
      'testing',
    ])
  })
})

describe('mta-sts', () => {
  const served = (text: string) => ({
    mx: soundMx,
    mtaSts: {
      texts: ['v=STSv1; id=1'],
      record: { id: '1', faults: [] },
      fetch: {
        url: `https://mta-sts.${domain}/.well-known/mta-sts.txt`,
        state: 'fetched',
        status: 200,
        message: null,
        contentType: 'text/plain',
        text,
        policy: parseMtaStsPolicy(text),
      },
    },
  })
  test('a page in place of the policy is malformed, and says nothing of mail servers', () =>
    expect(outcomes(mtaSts, served('<!doctype html><title>app</title>'))).toEqual(['malformed']))
  test('mode none is as good as no policy', () =>
    expect(outcomes(mtaSts, served('version: STSv1\nmode: none\nmax_age: 86400\n'))).toEqual(['missing']))
})

describe('what could not be asked is never a fault', () => {
  test('an include that failed leaves the count open', () => {
    const spf = spfWith('v=spf1 include:spf.sender.example -all')
    const [item] = spf.names
    if (item?.tree)
      item.tree = treeOf(nodeOf(domain, 'v=spf1 include:spf.sender.example -all'), {
        unknown: [{ name: 'spf.sender.example', message: 'timeout' }],
      })
    expect(outcomes(spfLookups, { spf })).toEqual(['unknown'])
  })
  test('SPF of a sender whose name could not be asked', () => {
    const spf = spfWith('v=spf1 -all')
    spf.names.push({
      name: 'b.coachdash.example',
      senders: ['B'],
      texts: [],
      near: [],
      type99: [],
      alias: null,
      covered: [],
      restricted: [],
      repaired: null,
      tree: null,
      problem: 'timeout',
    })
    expect(outcomes(spfRecord, { spf })).toEqual(['unknown'])
  })
  test('a mail server whose addresses could not be asked, and MTA-STS that could not be fetched', () => {
    expect(
      outcomes(mx, {
        mx: { ...soundMx, hosts: [{ ...soundMx.hosts[0], state: 'unknown', addresses: [], message: 'timeout' }] },
      }),
    ).toEqual(['unknown'])
    const fetch = {
      url: 'https://mta-sts.coachdash.example/.well-known/mta-sts.txt',
      state: 'unasked',
      status: null,
      message: 'timeout',
      contentType: null,
      text: '',
      policy: null,
    }
    expect(
      outcomes(mtaSts, { mx: soundMx, mtaSts: { texts: ['v=STSv1; id=1'], record: { id: '1', faults: [] }, fetch } }),
    ).toEqual(['unknown'])
  })
  test('a parked domain whose DMARC could not be asked', () => {
    const facts = { mx: { ...soundMx, nullMx: true, hosts: [] }, spf: observed(spfWith('v=spf1 -all'), at) }
    expect(outcomes(mx, facts)).toEqual(['unknown'])
  })
})

describe('an mta-sts policy as it is served', () => {
  const judged = (text: string, contentType = 'text/plain; charset=utf-8') =>
    outcomes(mtaSts, {
      mx: soundMx,
      mtaSts: {
        texts: ['v=STSv1; id=1'],
        record: { id: '1', faults: [] },
        fetch: {
          url: '',
          state: 'fetched',
          status: 200,
          message: null,
          contentType,
          text,
          policy: parseMtaStsPolicy(text),
        },
      },
    })
  const policy = (mode: string, age = 604_800): string =>
    `version: STSv1\nmode: ${mode}\nmx: ${soundMx.hosts[0]?.exchange}\nmax_age: ${age}\n`
  test('another type than text/plain; an age of a minute is no fault', () => {
    expect(judged(policy('enforce'))).toEqual(['sound'])
    expect(judged(policy('enforce'), 'text/html')).toEqual(['malformed'])
    expect(judged(policy('enforce', 60))).toEqual(['sound'])
  })
  test('a mode that is none says nothing of the servers', () =>
    expect(judged(policy('enforced').replace('mx: ', 'mx '))).toEqual(['malformed']))
})

describe('blocklist', () => {
  test('a list that refuses leaves the question open, whatever the others say', () => {
    const answer = (state: string) => ({
      zone: 'z',
      list: state,
      lookup: '',
      about: domain,
      state,
      codes: [],
      text: '',
    })
    expect(outcomes(blocklist, { blocklists: { answers: [answer('clean')] } })).toEqual(['clean'])
    expect(outcomes(blocklist, { blocklists: { answers: [answer('clean'), answer('refused')] } })).toEqual(['unknown'])
    expect(outcomes(blocklist, { blocklists: { answers: [answer('listed'), answer('unanswered')] } })).toEqual([
      'listed',
      'unknown',
    ])
  })
})

describe('mx', () => {
  const parked = (texts: string[], found: string | null) => {
    const spf = texts.length ? spfWith(texts[0]) : spfWith()
    const seen =
      found === null ? [] : [{ selector: 'a', domain, why: '', configured: false, state: found, type: 'rsa' }]
    return outcomes(mx, {
      mx: { ...soundMx, nullMx: true, hosts: [] },
      spf: observed(spf, at),
      dmarc: observed(dmarcWith(), at),
      selectors: observed(selectors({ selectors: seen }), at),
    })
  }
  test('a domain that takes no mail and whose senders nobody knows is parked; one that signs is not', () => {
    expect(parked([], null)).toEqual(['parked-not-locked'])
    expect(parked([], 'found')).toEqual(['sound'])
    expect(parked(['v=spf1 ip4:192.0.2.25 -all'], null)).toEqual(['sound'])
  })
})

describe('spf-record', () => {
  test('a mechanism written with "=" is well-formed and does nothing: ignored-term, not malformed', () => {
    expect(outcomes(spfRecord, { spf: spfWith('v=spf1 include=spf.sender.example -all') })).toEqual(['ignored-term'])
    expect(outcomes(spfRecord, { spf: spfWith('v=spf1 ip4:192.0.2.25 foo=bar -all') })).toEqual(['present'])
  })
})

describe('senders that bounce elsewhere', () => {
  const resend = { name: 'Resend', dkim: ['resend'], returnPath: 'send.coachdash.example', bulk: true }
  const spf = () => {
    const fact = spfWith()
    fact.names.push({
      ...(spfWith('v=spf1 include:amazonses.com -all').names[0] as (typeof fact.names)[0]),
      name: 'send.coachdash.example',
      senders: ['Resend'],
    })
    return fact
  }
  test('no record at the domain itself costs little, and is no reason for Gmail to refuse', () => {
    const facts = {
      spf: spf(),
      mx: observed({ ...soundMx, hosts: [{ ...soundMx.hosts[0], exchange: 'route1.mx.cloudflare.net' }] }, at),
    }
    const result = spfRecord.judge(
      { dnsPanel: missing('timeout', ''), selectors: missing('timeout', ''), ...facts } as never,
      {
        now: 0,
        subject: { kind: 'domain', name: domain },
        target: bareTarget({ domain, senders: [resend] }),
        options: {},
      },
    )
    expect(result).toMatchObject([{ outcome: 'missing', severity: 'low', data: { denial: 'v=spf1 -all' } }])
    const selector = {
      selector: 'resend',
      domain,
      why: '',
      configured: true,
      state: 'found',
      usable: true,
      revoked: false,
      type: 'rsa',
    }
    expect(
      outcomes(
        providerRequirements,
        { spf: spf(), dmarc: dmarcWith('v=DMARC1; p=none'), selectors: selectors({ selectors: [selector] }) },
        { senders: [resend] },
      ),
    ).toEqual(['meets'])
  })
  test('providers are known by whole words', () => {
    expect(providerNamed('Courses and processes')).toBeNull()
    expect(providerNamed('Amazon SES (Frankfurt)')?.id).toBe('ses')
    expect(providerNamed('google')?.id).toBe('google')
    expect(providerNamed('Postmark transactional')?.id).toBe('postmark')
  })
})

describe('the name that a sending address shall have', () => {
  const fixOf = (hosts: object[]) => {
    const reverse = { address: '192.0.2.77', why: '', reverse: '77.2.0.192.in-addr.arpa', names: [] }
    const facts = { reverseDns: reverse, mx: observed({ ...soundMx, hosts }, at) }
    const subject = { kind: 'address' as const, name: '192.0.2.77' }
    const given = { now: Date.parse(at), subject, target: bareTarget({ domain }), options: {} }
    const held = reverseDns.judge(facts as never, given) as unknown as { data: never }
    const outcome = (reverseDns as AnyCheck).outcomes.missing
    return outcome && 'fix' in outcome ? outcome.fix(held.data, subject).changes : []
  }
  const server = (exchange: string, address: string) => ({ ...soundMx.hosts[0], exchange, addresses: [{ address }] })
  test('is never that of a mail server with another address: mail to it would be led astray', () => {
    expect(fixOf([server(`mail.${domain}`, '192.0.2.25')])).toContainEqual(
      expect.objectContaining({ kind: 'dns', name: `outbound.${domain}.`, data: '192.0.2.77' }),
    )
  })
  test('is that of the mail server which has the address, and leads to it already', () => {
    const step = expect.stringContaining(`set its name to mx1.${domain}`)
    expect(fixOf([server(`mx1.${domain}`, '192.0.2.77')])).toEqual([{ kind: 'manual', step }])
  })
})

describe('spf-senders', () => {
  const found = (text: string): string[] => outcomes(spfSenders, { spf: spfWith(text), mx: observed(soundMx, at) })
  test.each([
    'v=spf1 ip4:10.0.0.0/8 -all',
    'v=spf1 ip4:192.168.7.1 -all',
    'v=spf1 ip4:172.16.0.0/12 -all',
    'v=spf1 ip4:127.0.0.1 -all',
    'v=spf1 ip6:fd00::/8 -all',
    'v=spf1 ip6:::1 -all',
  ])('%s is a private-address: it lets nobody send, however many addresses it holds', text => {
    const all = found(text)
    expect(all).toContain('private-address')
    expect(all).not.toContain('too-broad')
  })
  test('a public address is none', () => {
    expect(found('v=spf1 ip4:198.51.100.7 -all')).not.toContain('private-address')
  })
})
