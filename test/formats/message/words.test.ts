// Placeholders and links of mails: what a template left behind, and the words that only look like it.
import { describe, expect, it } from 'vitest'
import { readMailHtml } from '../../../src/formats/message/html.ts'
import {
  countsClicks,
  holdsToken,
  maskedLink,
  messageLinks,
  shownHost,
  urlsInText,
} from '../../../src/formats/message/links.ts'
import { placeholdersIn, placeholdersInLink } from '../../../src/formats/message/placeholders.ts'

describe('placeholders', () => {
  it.each([
    'Hi {{name}},',
    'Hi {{ user.first_name }}',
    'Hi {{{name}}}',
    '{% if user %}Hi{% endif %}',
    '{{#if trial}}x{{/if}}',
    'Dear <%= @user.name %>',
    'Hello ${firstName}!',
    'Hello #{name}!',
    'Dear *|FNAME|*,',
    'Dear {!Contact.FirstName},',
    'Dear %FIRSTNAME%,',
    'Dear %first_name%,',
    'Dear %recipient.name%,',
    'Dear %%FirstName%%,',
    'Dear {first_name},',
    'Dear {firstName},',
    'Dear [First Name],',
    'Dear [Your Name],',
    '[Your Company Name], Main Street 1',
    '[Insert company address]',
    'Dear [[name]]',
    'Hi undefined,',
    'Hello null!',
    'Dear None,',
    'Welcome undefined',
    'Your plan: undefined',
    'Total: $NaN',
    'Total: $undefined',
    'NaN% off',
    'Your trial ends on Invalid Date.',
    'Your order undefined is ready',
    'Your order null.',
    'undefined undefined, welcome',
    'Items:\n  undefined\n',
    '[object Object]',
    'Lorem ipsum dolor sit amet',
    'Your text goes here',
  ])('%s', words => {
    expect(placeholdersIn(words, 'text').length).toBeGreaterThan(0)
  })
  it.each([
    'Hi Ada,',
    'Hi Nan, dear Null, hello Nil',
    'The behaviour is undefined. This term is left undefined.',
    'An undefined variable is no null pointer.',
    'The contract is null and void; code undefined behaviour at your peril.',
    'Null and void, none of it.',
    'Save 20% now, 30% tomorrow, 100% sure',
    '[GitHub] Please verify your device',
    '[EXTERNAL] Re: [acme/app] Issue 12',
    'Read [your name](https://b.example/n)',
    'f(x) = {x | x > 0}, { "a": 1 }',
    'Use `{{name}}` in the template',
    '```\nHi {{name}}\n```',
    'Cost: $5 {approx}',
    'a << b >> c <%',
    'Tel. #12, 50% off*|',
    'https://b.example/%E2%9C%93%20name%20x',
    'Wir haben None-of-the-above gewählt',
    'Grandma: Nan. Ends at: 5 pm.',
  ])('not in: %s', words => {
    expect(placeholdersIn(words, 'text')).toEqual([])
  })
  it('stand in links, too', () => {
    for (const href of [
      'https://b.example/{{id}}',
      'https://b.example/u/undefined',
      'https://b.example/?t=undefined&x=1',
      'https://b.example/%7B%7Bid%7D%7D',
      '{{resetUrl}}',
    ])
      expect(placeholdersInLink(href).length, href).toBeGreaterThan(0)
    for (const href of [
      'https://b.example/undefined-behaviour',
      'https://b.example/null-island',
      'https://b.example/?q=nullable',
    ])
      expect(placeholdersInLink(href), href).toEqual([])
  })
})

describe('the HTML of a mail', () => {
  it('is read as people see it', () => {
    const read = readMailHtml(
      `<!doctype html><html><head><title>{{title}}</title><style>.a{{}} td{color:red}</style><script type="application/ld+json">{"{{x}}":1}</script></head>
      <body><!--[if mso]><a href="http://localhost">{{mso}}</a><![endif]--><div style="display:none">Preheader&nbsp;&zwnj;</div>
      <a href=" https://b.example/a?x=1&amp;y=2 "><img src="https://b.example/i.png" alt="Logo"><b>Go</b> now</a><pre>{{code}}</pre><p>A<br>B</p></body></html>`,
    )
    expect(read.anchors).toEqual([{ href: 'https://b.example/a?x=1&y=2', text: 'LogoGo now' }])
    expect(read.images).toEqual(['https://b.example/i.png'])
    expect(read.code).toContain('{{code}}')
    expect(placeholdersIn(read.text, 'html')).toEqual([])
    expect(read.text).toMatch(/A\nB/)
  })
})

describe('the host that a link shows', () => {
  it.each([
    ['https://app.b.example/reset?x=1', 'app.b.example'],
    ['www.b.example', 'www.b.example'],
    ['app.b.example/reset', 'app.b.example'],
    ['b.de', 'b.de'],
    ['<https://b.example>', 'b.example'],
    ['b.example.', 'b.example'],
    ['Booking.com', null],
    ['README.md', null],
    ['node.js', null],
    ['report.pdf', null],
    ['invoice-12.csv', null],
    ['e.g.', null],
    ['v2.0', null],
    ['ada@b.example', null],
    ['Reset password', null],
    ['192.168.0.1', null],
    ['1.500,00', null],
    ['12.30', null],
  ] as const)('%s', (words, host) => {
    expect(shownHost(words)).toBe(host)
  })
})

describe('links', () => {
  it('through a name that counts clicks are told', () => {
    for (const href of [
      'https://click.b.example/ls/x',
      'https://url1234.b.example/ls/x',
      'https://email.mg.b.example/c/x',
      'https://t.b.example/a',
    ])
      expect(countsClicks(href), href).toBe(true)
    for (const href of [
      'https://app.b.example/x',
      'https://click.b.example/',
      'https://b.example/click',
      'https://email-help.b.example/x',
    ])
      expect(countsClicks(href), href).toBe(false)
  })
  const faults = (href: string, words = 'Open', from = 'coachdash.example') =>
    messageLinks({ text: '', code: '', images: [], anchors: [{ href, text: words }] }, '', [], {
      from,
      canonicalHosts: [`app.${from}`],
    }).flatMap(link => link.faults)
  it.each([
    ['https://app.coachdash.example/x', []],
    ['https://[::1]:3000/x', ['local']],
    ['http://127.0.0.1/x', ['local']],
    ['http://0.0.0.0:8080/', ['local']],
    ['http://10.1.2.3/', ['private']],
    ['https://172.20.1.1/', ['private']],
    ['https://169.254.169.254/', ['private']],
    ['https://[fd00::1]/', ['private']],
    ['https://intranet/', ['private']],
    ['https://app.internal/', ['private']],
    ['https://abc123.ngrok-free.app/x', ['preview']],
    ['https://deploy-preview-12--coach.netlify.app/', ['preview']],
    ['http://app.coachdash.example/', ['insecure']],
    ['HTTP://APP.COACHDASH.EXAMPLE/', ['insecure']],
    ['https://u12.ct.sendgrid.net/ls/click?upn=x', ['tracking-foreign']],
    ['https://click.pstmrk.it/3s/x', ['tracking-foreign']],
    ['https://bit.ly/3abc', ['tracking-foreign']],
    ['//app.coachdash.example/x', ['malformed']],
    ['www.coachdash.example', ['malformed']],
    ['https://', ['malformed']],
    ['http://exa mple.example/', ['malformed']],
    ['', ['malformed']],
    [' # ', ['malformed']],
    ['#terms', []],
    ['mailto:help@coachdash.example', []],
    ['coachdash://open', []],
    ['https://coach.vercel.app/', []],
    ['https://staging.coachdash.example/', []],
    ['https://203.0.113.9/', []],
  ] as const)('%s', (href, wanted) => {
    expect(faults(href)).toEqual(wanted)
  })
  it('to nowhere are no fault where nothing is promised', () => {
    for (const words of ['', '↑', 'Back to top']) expect(faults('#', words), words).toEqual([])
  })
  it('into a product that itself stands under .test are its own', () => {
    expect(faults('https://app.coachdash.test/x', 'Open', 'coachdash.test')).toEqual([])
  })
  it('that a gateway rewrote are read as they had been', () => {
    const safe =
      'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fapp.coachdash.example%2Fhelp&data=05%7C02'
    const [link] = messageLinks(
      { text: '', code: '', images: [], anchors: [{ href: safe, text: 'app.coachdash.example/help' }] },
      '',
      [],
      { from: 'coachdash.example', canonicalHosts: [] },
    )
    expect(link).toMatchObject({ host: 'app.coachdash.example', faults: [], rewritten: true })
    expect(
      faults('https://urldefense.com/v3/__https://app.coachdash.example/help__;!!abc!def$', 'app.coachdash.example'),
    ).toEqual([])
  })
  it('that show the short name of the same site are no mismatch', () => {
    expect(faults('https://twitter.com/coachdash', 'x.com/coachdash')).toEqual([])
    expect(faults('https://www.youtube.com/watch?v=1', 'youtu.be/1')).toEqual([])
    expect(faults('https://evil.example/coachdash', 'x.com/coachdash')).toEqual(['host-mismatch'])
  })
  it('in text end where the sentence goes on', () => {
    expect(
      urlsInText(
        'See https://b.example/a. And (https://b.example/b), "https://b.example/c"; <https://b.example/d>, https://en.b.example/w/X_(y)!',
      ),
    ).toEqual([
      'https://b.example/a',
      'https://b.example/b',
      'https://b.example/c',
      'https://b.example/d',
      'https://en.b.example/w/X_(y)',
    ])
  })
  it('with tokens are told from plain pages, and shown without them', () => {
    for (const [href, token, shown] of [
      ['https://b.example/reset?token=abc', true, 'https://b.example/reset?token=…'],
      ['https://b.example/reset/0b1c2d3e4f5a69788796a5b4c3d2e1f0', true, 'https://b.example/reset/…'],
      ['https://b.example/i/V1StGXR8_Z5jdHi6B-myT', true, 'https://b.example/i/…'],
      ['https://b.example/v/2f1acc5e-9a3c-4a52-8b1f-0a1b2c3d4e5f', true, 'https://b.example/v/…'],
      ['https://b.example/f/Qw12-ab_CDE/AAAA', true, 'https://b.example/f/…/AAAA'],
      [
        'https://b.example/how-to-reset-your-password-in-2026',
        false,
        'https://b.example/how-to-reset-your-password-in-2026',
      ],
      ['https://b.example/blog/2026/11/24/launch', false, 'https://b.example/blog/2026/11/24/launch'],
      ['https://b.example/', false, 'https://b.example/'],
      ['https://u:p@b.example/', true, 'https://b.example/'],
    ] as const) {
      expect(holdsToken(href), href).toBe(token)
      expect(maskedLink(href)).toBe(shown)
    }
  })
})
