import { describe, expect, it } from 'vitest'
import { providerNamed } from '../../../src/data/mail-providers.ts'
import { keyText, keyWith } from '../../../src/facts/email/dkim-key.example.ts'
import { selectorWith } from '../../../src/facts/email/selectors.example.ts'
import { keyFaults } from '../../../src/formats/dkim/key-faults.ts'
import { isTargetText, keyElsewhere, textForTarget } from '../../../src/formats/dkim/stray.ts'

describe('a key that stands where nobody looks', () => {
  it.each([
    ['s1.domainkey.u1.wl.sendgrid.net', true],
    ['selector1-example-com._domainkey.example.onmicrosoft.com.', true],
    ['"abc.dkim.amazonses.com"', true],
    ['v=DKIM1; p=', false],
    ['sendgrid', false],
    ['o=~', false],
    ['192.0.2.1', false],
    [`${'a.'.repeat(130)}com`, false],
  ])('%s is the target of a CNAME: %s', (text, is) => expect(isTargetText(text)).toBe(is))

  it('is published at its own name, and in its own type', () => {
    expect(textForTarget('s1._domainkey.a.example', ['S1.dkim.b.example'])?.wanted).toEqual({
      type: 'CNAME',
      data: 's1.dkim.b.example.',
    })
    const key = keyText(2048)
    expect(keyElsewhere('d', [key], [], [key])?.wanted).toEqual({ type: 'TXT', data: key })
    expect(keyElsewhere('d', [], ['x.dkim.b.example'], [])?.wanted.type).toBe('CNAME')
    expect(keyElsewhere('d', [], [], ['hello'])).toBeNull()
  })

  it('is told instead of a key that is missing, and not beside one that is there', () => {
    const stray = keyElsewhere('elsewhere.example', [keyText(2048)], [], [])
    expect(keyFaults(keyWith(undefined, { stray }), null, [])).toMatchObject([{ kind: 'misplaced' }])
    expect(keyFaults(keyWith(keyText(2048), { stray }), null, [])).toEqual([])
  })
})

it('the second selector of a service that rotates may still be missing', () => {
  const microsoft = providerNamed('Microsoft 365')
  const record = keyWith(undefined, { name: 'selector2._domainkey.coachdash.example' })
  const first = selectorWith({ selector: 'selector1' })
  expect(keyFaults(record, microsoft, [first])).toMatchObject([{ kind: 'missing', severity: 'low' }])
  expect(keyFaults(record, microsoft, [])).toMatchObject([{ kind: 'missing' }])
  expect(keyFaults(record, microsoft, [])[0]?.severity).toBeUndefined()
})

describe('a further selector of a service whose other key stands', () => {
  const sendgrid = providerNamed('SendGrid')
  const first = selectorWith({ selector: 's1' })
  const second = (more: object) =>
    keyWith(undefined, { name: 's2._domainkey.coachdash.example', configured: false, ...more })
  const atService = ['s2.domainkey.u1.wl.sendgrid.net']
  it('is kept for later where its name leads to the service', () =>
    expect(keyFaults(second({ cnames: atService }), sendgrid, [first])).toMatchObject([
      { kind: 'target-missing', severity: 'low' },
    ]))
  it.each([
    ['the config names it', { cnames: atService, configured: true }, [first]],
    ['its name leads elsewhere', { cnames: ['s2.gone.example'] }, [first]],
    ['no other key stands', { cnames: atService }, []],
  ])('is missed where %s', (_name, more, others) =>
    expect(keyFaults(second(more), sendgrid, others)[0]?.severity).not.toBe('low'),
  )
})
