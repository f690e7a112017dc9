// The parts of a mail, beside what postal-mime makes of the same bytes.
import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { withCrlf } from '../../../src/formats/message/headers.ts'
import { readParts } from '../../../src/formats/message/parts.ts'

const bytes = (text: string): Buffer => withCrlf(Buffer.from(text, 'latin1'))
const plain = (text: string | undefined | null): string | null => text?.replace(/\s+/g, ' ').trim() || null

const mails: Record<string, string> = {
  plain: 'Content-Type: text/plain; charset=utf-8\n\nGr\u00c3\u00bc\u00c3\u009fe\n',
  'no header fields of MIME': 'From: a@b.example\n\nHello\n',
  'latin 1, quoted-printable':
    'Content-Type: text/plain; charset="ISO-8859-1"\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe, lang=\n er =3D=20\nText\n',
  'Japanese, base64':
    'Content-Type: text/plain; charset=iso-2022-jp\nContent-Transfer-Encoding: base64\n\nGyRCJDMkcyRLJEEkTxsoQg==\n',
  'Russian, KOI8-R':
    'Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n\n\u00f0\u00d2\u00c9\u00d7\u00c5\u00d4\n',
  'Windows 1252': 'Content-Type: text/plain; charset=windows-1252\n\n\u0093quoted\u0094 \u0080 5\n',
  alternative:
    'Content-Type: multipart/alternative; boundary="b 1"\n\npreamble\n--b 1\nContent-Type: text/plain\n\nText\n--b 1\nContent-Type: text/html\n\n<p>HTML</p>\n--b 1--\nepilogue\n',
  'related and attachments':
    'Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/related; boundary=oo\n\n--oo\nContent-Type: multipart/alternative; boundary=ooo\n\n--ooo\nContent-Type: text/plain\n\nText\n--ooo\nContent-Type: text/html\n\n<b>HTML</b>\n--ooo--\n--oo\nContent-Type: image/png\nContent-Transfer-Encoding: base64\nContent-ID: <x>\n\niVBORw0KGgo=\n--oo--\n--o\nContent-Type: text/plain; name=notes.txt\nContent-Disposition: attachment; filename=notes.txt\n\nAttached\n--o--\n',
  'an invitation':
    'Content-Type: multipart/alternative; boundary=c\n\n--c\nContent-Type: text/plain\n\nInvitation\n--c\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n--c--\n',
  'HTML alone': 'Content-Type: text/html; charset=utf-8\n\n<p>Only</p>\n',
  'a boundary that begins another':
    'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; boundary=xy\n\n--xy\n\nText\n--xy\nContent-Type: text/html\n\n<i>H</i>\n--xy--\n--x--\n',
  'no end': 'Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nText without end\n',
  'a folded type':
    'Content-Type: multipart/mixed;\n\tboundary="=_x"\n\n--=_x\nContent-Type: text/plain;\n charset=utf-8\n\nFolded\n--=_x--\n',
  'blank text':
    'Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>H</p>\n--b--\n',
}

describe('parts', () => {
  it.each(Object.keys(mails))('%s', async name => {
    const raw = bytes(mails[name]!)
    const mine = readParts(raw)
    const theirs = await PostalMime.parse(raw, { forceRfc822Attachments: true })
    expect({ text: plain(mine.text), html: plain(mine.html), problem: mine.problem }).toEqual({
      text: plain(theirs.text),
      html: plain(theirs.html),
      problem: null,
    })
    expect(mine.calendar).toBe(theirs.attachments.some(item => item.mimeType === 'text/calendar'))
  })
  it('a message inside the message is a part and no text of it', () => {
    expect(
      readParts(
        bytes(
          'Content-Type: multipart/report; boundary=r\n\n--r\n\nIt bounced.\n--r\nContent-Type: message/rfc822\n\nSubject: x\nContent-Type: text/html\n\n<p>{{name}}</p>\n--r--\n',
        ),
      ),
    ).toMatchObject({ text: 'It bounced.', html: null, parts: 2 })
  })
  it('bytes that are not of their charset, an unknown one, base64 with dirt in it', () => {
    const text = (head: string, body: string): string | null => readParts(bytes(`${head}\n\n${body}`)).text
    expect(text('Content-Type: text/plain; charset=utf-8', 'Gr\u00fc\u00dfe')).toBe('Grüße')
    expect(text('Content-Type: text/plain; charset=us-ascii', 'Gr\u00c3\u00bc')).toBe('Grü')
    expect(text('Content-Type: text/plain; charset=x-klingon', 'Hello')).toBe('Hello')
    expect(text('Content-Transfer-Encoding: base64', 'SGVs\n!! bG8=\n')).toBe('Hello')
  })
  it('counts all of a long HTML, and says where it stopped reading', () => {
    const long = readParts(bytes(`Content-Type: text/html\n\n${'<p>long</p>\n'.repeat(1_500_000)}`))
    expect(long.htmlBytes).toBeGreaterThan(16_000_000)
    expect(long.problem).toMatch(/more than 4 MB of text/)
  })
})
