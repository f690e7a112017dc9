// What a flow's step sends, as a browser would.
import { describe, expect, it } from 'vitest'
import type { CollectContext } from '../../../src/facts/definition.ts'
import flowRun from '../../../src/facts/http/flow-run.ts'
import { chooseForm, formFields, metaToken } from '../../../src/formats/html/flow-form.ts'
import { readHtml } from '../../../src/formats/html/html.ts'
import { linkPurpose, sideEffect } from '../../../src/formats/html/link-purpose.ts'

const page = readHtml(
  `<meta name="csrf-token" content="m1"><form action="/search"><input name="q"></form>
   <form action="/session" method="post"><input type="hidden" name="token" value="t1"><input name="email">
   <input type="password" name="password"><input type="checkbox" name="remember" value="1"><input type="submit" value="Log in"></form>`,
  'https://app.example.com/login',
)

describe('flow', () => {
  it('finds the form by its fields, its button or its action', () => {
    expect(chooseForm(page, 'Log in', ['email'])?.action).toBe('https://app.example.com/session')
    expect(chooseForm(page, 'form', ['q'])?.action).toBe('https://app.example.com/search')
    expect(chooseForm(page, 'form[action="/session"]', [])?.action).toBe('https://app.example.com/session')
    expect(chooseForm(page, 'form[action="/none"]', [])).toBeNull()
    expect(chooseForm(page, 'Sign up', ['company'])).toBeNull()
  })
  it('sends hidden fields along, and boxes that are not ticked not', () => {
    const form = chooseForm(page, 'Log in', ['email'])
    expect(formFields(form, { email: 'a@example.com' })).toEqual([
      ['token', 't1'],
      ['email', 'a@example.com'],
    ])
    expect(formFields(null, { a: 'b' })).toEqual([['a', 'b']])
    expect(metaToken(page)).toBe('m1')
  })
})

it('a flow is not walked when another domain than the config’s is audited', async () => {
  const flow = { name: 'login', kind: 'login', steps: [{ post: 'https://app.example.com/session', form: { a: 'b' } }] }
  const asked: string[] = []
  const context = {
    config: { domain: 'example.com', flows: [flow] },
    target: { domain: 'elsewhere.example' },
    net: { http: ({ url }: { url: string }) => asked.push(url) },
  } as unknown as CollectContext
  const subject = { kind: 'flow', name: 'login', details: { of: 'pages' } } as const
  expect(await flowRun.collect(subject, context)).toMatchObject({
    ok: false,
    because: 'the flows of the config belong to example.com; nothing is sent for another domain',
  })
  expect(asked).toEqual([])
})

describe('broken-links', () => {
  it.each([
    ['https://buy.stripe.com/9AQ4gz', 'Start', 'payment'],
    ['https://app.example.com/signup', '', 'signup'],
    ['https://example.com/x', 'Jetzt starten', 'signup'],
    ['https://www.paypal.com/', 'PayPal', null],
    ['https://example.com/team', 'Team', null],
  ])('%s "%s" is for %s', (url, text, purpose) => expect(linkPurpose(url, text)).toBe(purpose))
  it.each([
    ['https://example.com/logout', '', true],
    ['https://example.com/users/sign_out', '', true],
    ['https://example.com/list?action=delete&id=1', '', true],
    ['https://example.com/x', 'Log out', true],
    ['https://example.com/blog/how-we-log', 'Log', false],
    ['https://example.com/likely', 'Likely', false],
  ])('%s "%s" does something: %s', (url, text, does) => expect(sideEffect(url, text)).toBe(does))
})
