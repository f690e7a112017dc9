// Names as people write them: one company or two, nobody, a branch, a mailbox.
import { describe, expect, it } from 'vitest'
import { branchNamed, mailboxOf, namesAnother, namesNobody, sameCompany } from '../../../src/formats/handover/names.ts'

describe('companies', () => {
  it.each([
    ['Go Daddy', 'GoDaddy.com, LLC'],
    ['bei Namecheap, Konto von Ada', 'NAMECHEAP INC'],
    ['1&1', 'IONOS SE'],
    ['Route 53', 'Amazon Registrar, Inc.'],
    ['DO', 'DigitalOcean App Platform'],
    ['GCP', 'Google Cloud DNS'],
    ['Office 365', 'Microsoft 365'],
    ['Fly.io (API) and Vercel (web)', 'Vercel'],
  ])('%s and %s are one', (a, b) => {
    expect([sameCompany(a, b), sameCompany(b, a)]).toEqual([true, true])
  })

  it.each([
    ['registration', 'AWS', 'Gandi SAS'],
    ['registration', 'Vercel', 'Name.com, Inc.'],
    ['records', 'NS1', 'Netlify'],
    ['registration', 'Google Domains', 'Squarespace Domains II LLC'],
  ] as const)('of a %s, %s sells what %s runs, and of nothing else', (what, a, b) => {
    expect([sameCompany(a, b, what), sameCompany(b, a, what)]).toEqual([true, true])
    expect([sameCompany(a, b), sameCompany(b, a)]).toEqual([false, false])
  })

  it.each([
    ['Namecheap', 'Name.com, Inc.'],
    ['one.com', 'Domain.com, LLC'],
    ['Dotster', 'DonDominio (SCIP)'],
    ['bun', 'Porkbun LLC'],
    ['Flywheel', 'Fly.io'],
    ['Notion', 'Gandi SAS'],
    ['Azure DNS', 'Amazon Route 53'],
    ['Namecheap', 'Gandi SAS'],
  ])('%s and %s are two', (a, b) => {
    expect([sameCompany(a, b), sameCompany(b, a)]).toEqual([false, false])
  })
})

it('knows answers that name nobody, or another answer', () => {
  for (const answer of ['none', 'no CDN', 'Keiner', '-', 'n/a', 'ohne']) expect(namesNobody(answer), answer).toBe(true)
  for (const answer of ['Nominalia', 'Notion', 'Nonet', 'Namecheap']) expect(namesNobody(answer), answer).toBe(false)
  for (const answer of ['same as registrar', 'siehe Registrar']) expect(namesAnother(answer), answer).toBe(true)
  expect(namesAnother('Seeweb')).toBe(false)
})

it.each([
  ['origin/main', 'main'],
  ['refs/heads/main', 'main'],
  ['the `main` branch', 'main'],
  ['release/v2', 'release/v2'],
  ['main, after staging is green', null],
])('reads the branch of %s', (answer, branch) => {
  expect(branchNamed(answer)).toBe(branch)
})

it.each([
  ['Ada Byron <Ada+x@Example.com>', 'ada@example.com'],
  ['a.da@googlemail.com', 'ada@gmail.com'],
  ['a.da@example.com', 'a.da@example.com'],
  [' Ada  Byron ', 'ada byron'],
])('reads the mailbox of %s', (who, box) => {
  expect(mailboxOf(who)).toBe(box)
})
