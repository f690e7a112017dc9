// Single fields of a header: From, Date, Message-ID, List-Unsubscribe, as mail really carries them.
import { describe, expect, it } from 'vitest'
import { bulkSign, readDate, readFrom, readMessageId, readUnsubscribe } from '../../../src/formats/message/fields.ts'
import { looksLikeMessage, singleMessage, splitMessage } from '../../../src/formats/message/headers.ts'

const parts = (...lines: string[]) => splitMessage(Buffer.from(`${lines.join('\n')}\n\nBody\n`, 'utf8'))
const now = Date.parse('2026-11-25T00:00:00Z')

describe('From', () => {
  it.each([
    ['From: hello@b.example', 'hello@b.example', null],
    ['From: "Ada, of B" <hello@b.example>', 'hello@b.example', null],
    ['From: =?utf-8?B?R3LDvMOfZQ==?= <hello@b.example>', 'hello@b.example', null],
    ['From: Grüße <hello@b.example>', 'hello@b.example', null],
    ['From: "ceo@bank.example" <hello@b.example>', 'hello@b.example', null],
    ['FROM:\n\t<hello@b.example>', 'hello@b.example', null],
    ['From: hello@b.example (B)', 'hello@b.example', null],
    ['From: a@b.example, c@b.example', 'a@b.example', null],
    ['From: a@b.example, c@d.example', 'a@b.example', 'From names addresses of several domains'],
    ['From: hallo@münchen.example', 'hallo@münchen.example', null],
    ['From: B', null, 'From names no address'],
    ['From: hello@localhost', 'hello@localhost', 'From names no address'],
    ['From: undisclosed:;', null, 'From names no address'],
    ['X: y', null, 'there is no From field'],
    ['From: a@b.example\nFrom: c@b.example', 'a@b.example', 'From stands 2 times'],
  ])('%s', (line, address, problem) => {
    expect(readFrom(parts(line))).toMatchObject({ address, problem })
  })
})

describe('Date', () => {
  const arrived = Date.parse('2026-11-24T10:00:05Z')
  it.each([
    'Tue, 24 Nov 2026 10:00:00 +0000',
    'Tue, 24 Nov 2026 10:00:00 GMT',
    '24 Nov 2026 10:00:00 -0000',
    'Tue, 24 Nov 2026 02:00:00 -0800 (PST)',
    'Tue,  24 Nov 2026 10:00 +0100',
    'tue, 24 nov 2026 11:00:00 +0100',
    'Tue, 24 Nov 2026 23:59:60 +1400',
    'Fri, 20 Nov 2026 10:00:00 EST',
  ])('sound: %s', value => {
    expect(readDate(parts(`Date: ${value}`), arrived, now).problem).toBeNull()
  })
  it.each([
    ['2026-11-24T10:00:00Z', /not in the form/],
    ['Tue Nov 24 2026 10:00:00 GMT+0000', /not in the form/],
    ['11/24/2026 10:00', /not in the form/],
    ['', /not in the form/],
    ['Tue, 24 Nov 26 10:00:00 +0000', /two digits/],
    ['Mon, 24 Nov 2026 10:00:00 +0000', /another day of the week/],
    ['Tue, 31 Feb 2026 10:00:00 +0000', /no such date/],
    ['Tue, 24 Foo 2026 10:00:00 +0000', /no such date/],
    ['Tue, 24 Nov 2026 25:00:00 +0000', /no such date/],
    ['Tue, 24 Nov 2026 10:00:00 +9900', /time zone/],
    ['Tue, 24 Nov 2026 10:00:00 MEZ', /time zone/],
    ['Thu, 01 Jan 1970 00:00:00 +0000', /days before its arrival/],
    ['Wed, 24 Nov 2027 10:00:00 +0000', /future of its arrival/],
  ])('not sound: %s', (value, why) => {
    expect(readDate(parts(`Date: ${value}`), arrived, now).problem).toMatch(why)
  })
  it('is held against the present where the arrival is not told: only the future counts', () => {
    expect(readDate(parts('Date: Thu, 01 Jan 2015 00:00:00 +0000'), null, now).problem).toBeNull()
    expect(readDate(parts('Date: Wed, 24 Nov 2027 10:00:00 +0000'), null, now).problem).toMatch(/future/)
    expect(readDate(parts('X: y'), null, now).problem).toBe('there is no Date field')
    expect(readDate(parts('Date: x', 'Date: y'), null, now).problem).toBe('Date stands 2 times')
  })
})

describe('Message-ID', () => {
  it.each([
    ['<a.b-c_d@b.example>', null],
    ['<0100018f-1-000000@email.amazonses.com>', null],
    ['<x@[192.0.2.1]>', null],
    ['\n <long@b.example>', null],
    ['123@b.example', /not of the form/],
    ['<123>', /not of the form/],
    ['<a b@c>', /not of the form/],
    ['<>', /not of the form/],
    ['<abc@localhost>', /name of a machine/],
    ['<abc@localhost.localdomain>', /name of a machine/],
    ['<1700000000.1@3f2a1b9c0d4e>', /name of a machine/],
    ['<x@localhost.b.example>', null],
    ['<CA.SMTPIN_ADDED_MISSING@mx.google.com>', /Gmail made one up/],
  ])('%s', (value, why) => {
    const { problem } = readMessageId(parts(`Message-ID: ${value}`))
    if (why === null) expect(problem).toBeNull()
    else expect(problem).toMatch(why)
  })
})

describe('unsubscribing', () => {
  it('is read with folds, several addresses and blanks', () => {
    expect(
      readUnsubscribe(
        parts(
          'List-Unsubscribe: <mailto:u@b.example?subject=u>,\n <https://b.example/u/1>',
          'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
        ),
      ),
    ).toEqual({ present: true, https: ['https://b.example/u/1'], mailto: true, oneClick: true })
    expect(readUnsubscribe(parts('List-Unsubscribe: =?utf-8?q?=3Chttp=3A=2F=2Fb.example=2Fu=3E?='))).toMatchObject({
      present: true,
      https: [],
    })
    expect(readUnsubscribe(parts('List-Unsubscribe: https://b.example/u'))).toMatchObject({ present: false })
    expect(
      readUnsubscribe(parts('List-Unsubscribe: <http://b.example/u>', 'List-Unsubscribe-Post: One-Click')),
    ).toEqual({ present: true, https: [], mailto: false, oneClick: false })
  })
  it('bulk is told by Precedence, List-Id and campaigns', () => {
    expect(bulkSign(parts('Precedence: Bulk'))).toBe('Precedence: bulk')
    expect(bulkSign(parts('List-Id: <x>'))).toBe('List-Id')
    expect(bulkSign(parts('Auto-Submitted: auto-generated', 'Precedence: first-class'))).toBeNull()
  })
})

describe('a file that holds a mail', () => {
  it('of Apple Mail, of a mailbox, with a byte order mark', () => {
    const mail = 'From: a@b.example\n\nHello\n'
    expect(singleMessage(Buffer.from(`${mail.length}   \n${mail}<?xml version="1.0"?><plist/>`)).toString()).toBe(mail)
    const box = `From a@b.example Tue Nov 24 10:00:00 2026\n${mail}\nFrom c@d.example Tue Nov 24 10:00:01 2026\nFrom: c@d.example\n\nSecond\n`
    const first = splitMessage(singleMessage(Buffer.from(box)))
    expect(first.body.toString()).toBe('Hello\r\n')
    expect(first.notes.join()).toMatch(/mailbox file/)
    const marked = Buffer.from(`\ufeff${mail}`)
    expect(looksLikeMessage(marked)).toBe(true)
    expect(splitMessage(marked).fields[0]).toMatchObject({ name: 'from', value: 'a@b.example' })
  })
  it('of a mailbox has its quoted lines back', () => {
    const box = 'From a@b.example Tue Nov 24 10:00:00 2026\nFrom: a@b.example\n\n>From here\n>>From there\n> quoted\n'
    expect(splitMessage(Buffer.from(box)).body.toString()).toBe('From here\r\n>From there\r\n> quoted\r\n')
    expect(splitMessage(Buffer.from(box.slice(box.indexOf('\n') + 1))).body.toString()).toMatch(/^>From here/)
  })
  it('keeps folds byte for byte, and a line of the header that is no field out', () => {
    const read = splitMessage(Buffer.from('Subject: a\r\n\tb \r\n c\r\nstray line\r\nX : y\r\n\r\nBody'))
    expect(read.fields.map(field => [field.name, field.value])).toEqual([
      ['subject', 'a\tb  c'],
      ['x', 'y'],
    ])
    expect(read.fields[0]?.raw).toBe('Subject: a\r\n\tb \r\n c')
    expect(read.notes).toEqual(['a line of the header is no field'])
  })
})
