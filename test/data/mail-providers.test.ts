// The table of mail providers: enough of them, each with its source, and nothing that contradicts itself.
import { expect, test } from 'vitest'
import {
  mailProviders,
  mailProvidersChecked,
  providerOfMx,
  providerOfTarget,
  providersOfInclude,
} from '../../src/data/mail-providers.ts'

test('at least thirty, dated and sourced, each named once', () => {
  expect(mailProviders.length).toBeGreaterThanOrEqual(30)
  expect(mailProvidersChecked).toMatch(/^2026-\d\d-\d\d$/)
  expect(new Set(mailProviders.map(item => item.id)).size).toBe(mailProviders.length)
  for (const item of mailProviders) {
    expect(item.docs, item.id).toMatch(/^https:\/\//)
    expect(item.setup.length, item.id).toBeGreaterThan(20)
    for (const name of [...item.spf, ...item.mx, ...item.dkimTargets, ...item.returnPathTargets])
      expect(name, item.id).toMatch(/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/)
    for (const selector of item.dkim) expect(selector, item.id).toMatch(/^[a-z0-9._-]+$/)
    if (item.envelope === 'subdomain') expect(item.returnPathTargets.length, item.id).toBeGreaterThan(0)
  }
})

test('what real records lead to', () => {
  expect(providerOfMx('aspmx.l.google.com')?.id).toBe('google')
  expect(providerOfMx('coachdash-example.mail.protection.outlook.com')?.id).toBe('microsoft')
  expect(providerOfMx('mx.coachdash.example')).toBeNull()
  expect(providerOfMx('notgoogle.com')).toBeNull()
  expect(providersOfInclude('spf.mtasv.net').map(item => item.id)).toEqual(['postmark'])
  expect(providersOfInclude('amazonses.com').map(item => item.id)).toContain('resend')
  expect(providerOfTarget('fm1.coachdash.example.dkim.fmhosted.com')?.id).toBe('fastmail')
})
