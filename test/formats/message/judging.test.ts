// What a message lacks and proves, as the checks take it; and records with which it would have passed.
import { describe, expect, it } from 'vitest'
import { linkWith, messageWith, signatureWith } from '../../../src/facts/email/message.example.ts'
import { readContent } from '../../../src/formats/message/content.ts'
import {
  contentFaults,
  expectedLinkFaults,
  headerFaults,
  linkFaults,
  openQuestions,
  soundLines,
} from '../../../src/formats/message/form-faults.ts'
import { splitMessage } from '../../../src/formats/message/headers.ts'
import {
  dkimProof,
  isUnaligned,
  linesAbout,
  proofLines,
  proofOf,
  spfProof,
} from '../../../src/formats/message/proof-faults.ts'
import { authorisedSpf, relaxedDmarc } from '../../../src/formats/message/repair.ts'

describe('form', () => {
  const bulk = { is: true, why: 'List-Id' }
  const whole = { present: true, https: true, mailto: false, oneClick: true, signed: true, inBody: false }
  it.each([
    ['sound', messageWith(), []],
    ['bulk, one click', messageWith({ bulk, unsubscribe: whole }), []],
    ['bulk, nothing', messageWith({ bulk }), ['no-unsubscribe']],
    ['bulk, a link in the text', messageWith({ bulk, unsubscribe: { inBody: true } }), ['one-click-missing']],
    ['bulk, no https', messageWith({ bulk, unsubscribe: { ...whole, https: false } }), ['one-click-missing']],
    ['bulk, no Post field', messageWith({ bulk, unsubscribe: { ...whole, oneClick: false } }), ['one-click-missing']],
    ['bulk, unsigned', messageWith({ bulk, unsubscribe: { ...whole, signed: false } }), ['one-click-missing']],
    ['bulk, nothing to sign with', messageWith({ bulk, unsubscribe: { ...whole, signed: null } }), []],
  ])('header: %s', (_name, message, kinds) => expect(headerFaults(message).map(fault => fault.kind)).toEqual(kinds))

  it.each([
    [0, 100, []],
    [102 * 1024, 100, []],
    [102 * 1024 + 1, 100, [{ kind: 'too-large', severe: false, kilobytes: 102 }]],
    [0, 20 * 1024 * 1024 + 1, [{ kind: 'too-large', severe: true, kilobytes: 20_480 }]],
  ])('content: %i bytes of HTML, %i in all', (htmlBytes, size, faults) => {
    const found = contentFaults(messageWith({ size, content: { htmlBytes } }))
    expect(found).toHaveLength(faults.length)
    expect(found).toMatchObject(faults)
  })

  it.each([
    [linkWith(), []],
    [linkWith({ faults: ['preview'] }), ['link-localhost']],
    [linkWith({ faults: ['private', 'insecure'] }), ['link-localhost', 'link-insecure']],
    [linkWith({ state: 'dead', faults: ['host-mismatch'] }), ['link-dead', 'link-host-mismatch']],
    [linkWith({ faults: ['malformed'] }), []],
  ])('links: %#', (link, kinds) => expect(linkFaults({ links: [link] }).map(fault => fault.kind)).toEqual(kinds))

  it('counts the links of a kind and shows ten of them', () => {
    const links = Array.from({ length: 12 }, () => linkWith({ faults: ['insecure'], url: 'http://example.com/' }))
    const [fault] = linkFaults({ links })
    expect(fault).toMatchObject({ count: 12, first: 'http://example.com/' })
    expect(fault?.seen).toHaveLength(10)
  })

  it('the expected link ends at a host of the product', () => {
    const ending = (host: string) =>
      expectedLinkFaults(
        messageWith({
          wantedLink: '/a',
          expectedLink: linkWith({ endedAt: { url: `https://${host}/a`, host, status: 200 } }),
        }),
      ).map(fault => fault.kind)
    expect(ending('other.example.com')).toEqual([])
    expect(ending('example.net')).toEqual(['link-host-mismatch'])
  })

  it('what did not answer stays open, images aside', () => {
    expect(openQuestions(messageWith())).toEqual([])
    const silent = linkWith({ state: 'unknown', message: 'status 503' })
    expect(openQuestions({ ...messageWith(), links: [silent, linkWith()] })).toEqual([
      'one of 2 links could not be told (https://app.example.com/help: status 503)'.replace('one', '1'),
    ])
    expect(openQuestions({ ...messageWith(), links: [{ ...silent, where: 'image' }] })).toEqual([])
  })

  it('a sound message says what was followed', () => {
    expect(soundLines(messageWith({ linksLeftOut: 2 }))).toEqual([['links', '1 of 1 followed, 2 left out']])
    expect(soundLines(messageWith({ unsubscribe: { inBody: true } })).map(([label]) => label)).toEqual([
      'links',
      'bulk',
    ])
  })
})

describe('proof', () => {
  it.each([
    [{}, [], 0],
    [{ result: 'unknown' as const }, [], 1],
    [{ result: 'fail' as const }, ['spf-fail'], 0],
    [{ result: 'fail' as const, forwarded: true }, [], 0],
    [{ result: 'softfail' as const }, ['spf-fail'], 0],
    [{ result: 'neutral' as const }, ['spf-none'], 0],
    [{ result: 'none' as const, bounce: true }, [], 0],
  ])('spf %j', (spf, kinds, gaps) => {
    const proof = spfProof(messageWith({ spf }))
    expect([proof.faults.map(fault => fault.kind), proof.gaps.length]).toEqual([kinds, gaps])
  })
  it('a soft fail beside DMARC that passes costs less', () =>
    expect(spfProof(messageWith({ spf: { result: 'softfail' } })).faults[0]?.severity).toBe('high'))

  const pass = signatureWith()
  const failed = signatureWith({ result: 'fail', fault: 'body' })
  const service = signatureWith({ domain: 'service.example', aligned: false })
  const silent = signatureWith({ result: 'unknown', fault: 'dns', reason: 'timeout' })
  it.each([
    ['none', [], ['dkim-unsigned'], []],
    ['passes', [pass], [], []],
    ['fails', [failed], ['dkim-fail'], []],
    ['fails beside one that passes', [pass, failed], ['dkim-fail'], []],
    ['of a service fails beside one that passes', [pass, { ...failed, aligned: false }], [], []],
    ['of a service fails alone', [{ ...failed, aligned: false }], ['dkim-fail'], []],
    ['unknown', [silent], [], ['blocker']],
    ['unknown beside one that passes', [pass, silent], [], ['low']],
    ['of a service unknown beside one that passes', [pass, { ...silent, aligned: false }], [], []],
    ['of a service passes, and fails', [service, { ...failed, aligned: false }], [], []],
    ['leaves the body open', [signatureWith({ uncovered: 10 })], ['dkim-partial'], []],
  ])('dkim: %s', (_name, dkim, kinds, gaps) => {
    const proof = dkimProof({ dkim })
    expect([proof.faults.map(fault => fault.kind), proof.gaps.map(item => item.couldBe)]).toEqual([kinds, gaps])
  })

  it.each([
    ['DMARC passes', messageWith(), false],
    ['only others pass', messageWith({ dkim: [service], spf: { aligned: false }, dmarc: { result: 'fail' } }), true],
    ['nothing passes', messageWith({ dkim: [], spf: { result: 'fail' }, dmarc: { result: 'fail' } }), false],
    [
      'something unknown might',
      messageWith({ dkim: [service, silent], spf: { aligned: false }, dmarc: { result: 'fail' } }),
      false,
    ],
  ])('unaligned: %s', (_name, message, unaligned) => expect(isUnaligned(message)).toBe(unaligned))

  it('DMARC that is unknown for the reason of SPF is reported once', () => {
    const both = messageWith({ spf: { result: 'unknown' }, dmarc: { result: 'unknown' }, arc: { result: 'unknown' } })
    expect(proofOf(both).gaps.map(item => item.method)).toEqual(['SPF', 'ARC'])
    expect(proofOf(messageWith({ dmarc: { result: 'unknown' } })).gaps.map(item => item.method)).toEqual(['DMARC'])
  })

  it('the lines that a fault is about stand first', () => {
    const lines = proofLines(messageWith())
    expect(lines.map(([label]) => label)).toEqual(['From', 'SPF', 'DKIM', 'DMARC', 'delivered'])
    expect(linesAbout('dkim-fail', lines)[0]?.[0]).toBe('DKIM')
    expect(linesAbout('not-aligned', lines)).toEqual(lines)
  })
})

describe('authorisedSpf', () => {
  const spf = (given: object) => ({ ...messageWith({ spf: { result: 'fail', record: 'v=spf1 -all' } }).spf, ...given })
  it.each([
    ['a record', {}, 'v=spf1 ip4:192.0.2.25 -all'],
    ['IPv6', { ip: '2001:db8::25' }, 'v=spf1 ip6:2001:db8::25 -all'],
    ['no record', { record: null, result: 'none' }, 'v=spf1 ip4:192.0.2.25 ~all'],
    ['passes', { result: 'pass' }, null],
    ['not yours', { aligned: false }, null],
    ['no server', { ip: null }, null],
    ['a fault', { record: 'v=spf1 ipv4:1 -all' }, null],
    ['a permanent error', { result: 'permerror' }, null],
  ])('%s', (_name, given, record) => expect(authorisedSpf(spf(given))).toBe(record))
})

describe('relaxedDmarc', () => {
  const strict = (record: string, domain: string) =>
    relaxedDmarc(
      messageWith({ dkim: [signatureWith({ domain })], spf: { domain: 'x.example.net' }, dmarc: { record } }),
    )
  it.each([
    ['v=DMARC1; p=reject; adkim=s', 'mail.example.com', 'v=DMARC1; p=reject'],
    ['v=DMARC1; p=reject; adkim=s', 'example.net', null],
    ['v=DMARC1; p=reject', 'mail.example.com', null],
  ])('%s, signed by %s', (record, domain, relaxed) => expect(strict(record, domain)).toBe(relaxed))
})

it('content: the parts that people read, and what was not filled in', () => {
  const message = splitMessage(
    Buffer.from('Subject: Hi {{name}}\r\nContent-Type: text/plain\r\n\r\nHello undefined, welcome\r\n'),
  )
  const content = readContent(message)
  expect(content).toMatchObject({ html: null, htmlBytes: 0, problem: null })
  expect(content.text).toContain('welcome')
  expect(content.placeholders.map(item => item.where)).toContain('subject')
})
