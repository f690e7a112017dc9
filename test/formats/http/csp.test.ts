import { describe, expect, it } from 'vitest'
import { readHtml } from '../../../src/formats/html/html.ts'
import {
  allowsEval,
  allowsInline,
  enforcedPolicies,
  frameAncestors,
  metaPolicies,
  openHost,
  policyFaults,
  policyFor,
  policyWeaknesses,
  scriptSources,
  upgradesInsecure,
  wildcardSource,
} from '../../../src/formats/http/csp.ts'

const one = (text: string) => enforcedPolicies([text], [])[0]!
const scripts = (text: string) => scriptSources(one(text)) ?? []

describe('policies as browsers take them', () => {
  it('splits headers at commas and keeps the first of a directive given twice', () => {
    const policies = enforcedPolicies(["script-src 'self'; script-src *, img-src *"], ["default-src 'none'"])
    expect(policies.map(policy => policy.directives)).toEqual([
      { 'script-src': ["'self'"] },
      { 'img-src': ['*'] },
      { 'default-src': ["'none'"] },
    ])
    expect(policies.map(policy => policy.repeated)).toEqual([['script-src'], [], []])
  })

  it('ignores what a meta element may not say', () => {
    const [policy] = enforcedPolicies([], ["frame-ancestors 'none'; sandbox; script-src 'self'"])
    expect(Object.keys(policy!.directives)).toEqual(['script-src'])
    expect(frameAncestors([policy!])).toBeNull()
  })

  it('judges scripts by the nearest directive', () => {
    expect(scripts("default-src 'none'; script-src 'self'; script-src-elem https://a.example")).toEqual([
      'https://a.example',
    ])
    expect(scriptSources(one('img-src *'))).toBeNull()
  })

  it.each([
    ["script-src 'unsafe-inline'", true],
    ["script-src 'unsafe-inline' 'nonce-abc'", false],
    ["script-src 'unsafe-inline' 'sha256-abc='", false],
    ["script-src 'unsafe-inline' 'strict-dynamic'", false],
    ["script-src 'self'", false],
  ])('%s lets inline scripts run: %s', (text, expected) => {
    expect(allowsInline(scripts(text))).toBe(expected)
  })

  it.each([
    ["script-src 'self'", false],
    ["script-src 'self' 'unsafe-eval'", true],
    ["default-src 'self'", false],
    ["script-src-elem 'self'", true],
  ])('%s lets eval run: %s', (text, expected) => {
    expect(allowsEval(one(text))).toBe(expected)
  })

  it.each([
    ['script-src *', '*'],
    ["script-src 'self' https:", 'https:'],
    ['script-src data:', 'data:'],
    ["script-src 'strict-dynamic' 'nonce-a' https:", null],
    ['script-src https://*.example.com', null],
  ])('%s has the wildcard %s', (text, expected) => {
    expect(wildcardSource(scripts(text))).toBe(expected)
  })

  it('knows hosts where anyone publishes, unless a path narrows them', () => {
    expect(openHost(scripts('script-src https://cdn.jsdelivr.net'))).toBe('cdn.jsdelivr.net')
    expect(openHost(scripts('script-src https://cdn.jsdelivr.net/npm/alpinejs@3.14.1/'))).toBeNull()
  })

  it.each([
    ["default-src 'self'; script-src 'none'", []],
    ['default-src self', ['self in default-src needs single quotes around it']],
    [
      "default-src 'self' script-src 'none'",
      [
        'a semicolon is missing before script-src',
        "'none' in default-src stands beside other sources, so it is ignored",
      ],
    ],
    ["scripts-src 'self'", ['"scripts-src" is no directive']],
    ["script-src 'selfs'", ["'selfs' in script-src is nothing that browsers know"]],
    ["script-src 'nonce-'", ["'nonce-' in script-src is nothing that browsers know"]],
    ["script-src 'nonce-{{nonce}}'", ["'nonce-{{nonce}}' in script-src is nothing that browsers know"]],
    [
      "script-src 'self' 'wasm-unsafe-eval' 'report-sample' 'inline-speculation-rules' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
      [],
    ],
    ["require-trusted-types-for 'script'; sandbox allow-scripts", []],
  ])('%s has the faults %j', (text, faults) => {
    expect(policyFaults(one(text))).toEqual(faults)
  })

  it('is framed by anyone only where every list is open', () => {
    expect(frameAncestors(enforcedPolicies(['frame-ancestors *'], []))).toBe('anyone')
    expect(frameAncestors(enforcedPolicies(["frame-ancestors *, frame-ancestors 'self'"], []))).toBe('limited')
    expect(frameAncestors(enforcedPolicies(["default-src 'none'"], []))).toBeNull()
  })

  it.each([
    [["default-src 'self'"], []],
    [["script-src 'self' 'unsafe-inline'", "script-src 'self'"], []],
    [["default-src * 'unsafe-inline' 'unsafe-eval'"], ['unsafe-inline', 'unsafe-eval', 'wildcard']],
    [['img-src *'], ['ineffective']],
    [["script-src 'self' https://unpkg.com"], ['ineffective']],
    [["script-src 'self' https://unpkg.com", "script-src 'self'"], []],
    [["script-src self; scripts-src 'none'"], ['malformed']],
    [['scripts-src x'], ['malformed', 'ineffective']],
  ])('%j leave open: %j', (texts, kinds) => {
    expect(policyWeaknesses(enforcedPolicies(texts, [])).map(item => item.kind)).toEqual(kinds)
  })

  it.each([
    [['upgrade-insecure-requests'], true],
    [["default-src 'self'; Upgrade-Insecure-Requests"], true],
    [['x-upgrade-insecure-requests'], false],
    [[], false],
  ])('%j upgrade insecure requests: %s', (texts, expected) => {
    expect(upgradesInsecure(texts)).toBe(expected)
  })

  it('are read from meta elements, but not from those with a name', () => {
    const page = readHtml(
      '<meta http-equiv=Content-Security-Policy content="default-src *"><meta name=content-security-policy content=x>',
      'https://example.com/',
    )
    expect(metaPolicies(page)).toEqual(['default-src *'])
  })

  it('makes a policy that has no fault and lets the page do what it does', () => {
    const page = readHtml(
      '<script src="https://js.stripe.com/v3/"></script><script>go()</script><script type="application/ld+json">{}</script><iframe src="https://video.example/1">',
      'https://example.com/',
    )
    const policy = one(policyFor(page))
    expect(policyFaults(policy)).toEqual([])
    expect(scriptSources(policy)).toEqual([
      "'self'",
      'https://js.stripe.com',
      "'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='",
    ])
    expect(policy.directives['frame-src']).toEqual(["'self'", 'https://video.example'])
  })
})

describe('what policies leave open', () => {
  const kinds = (...texts: string[]) => policyWeaknesses(enforcedPolicies(texts, [])).map(({ kind }) => kind)
  it.each<[string, string[]]>([
    ["default-src 'self'; script-src 'self'; script-src-attr 'unsafe-inline'", ['unsafe-inline']],
    ["script-src 'self' 'unsafe-inline'; script-src-elem 'self'; script-src-attr 'none'", []],
    ["script-src 'unsafe-inline'; script-src-elem 'self'", ['unsafe-inline']],
    ["script-src-elem 'self'", ['unsafe-inline', 'unsafe-eval']],
    ['script-src https://*:443', ['wildcard']],
    ['script-src *:*', ['wildcard']],
    ['script-src https://*.com', ['wildcard']],
    ['script-src *.co.uk', ['wildcard']],
    ['script-src https://*.example.co.uk:*', []],
    ['script-src ‘self’', ['malformed']],
    ["script-src 'strict-dynamic'", ['malformed']],
    ["script-src 'strict-dynamic' 'sha256-abc='", []],
    ["script-src 'nonce-abc'", ['ineffective']],
    ["script-src 'nonce-abc'; base-uri 'self'", []],
    ["script-src 'self' https://*.vercel.app", ['ineffective']],
    ["script-src 'self' https://storage.googleapis.com", ['ineffective']],
    ["script-src 'self' https://storage.googleapis.com/my-bucket/app.js", []],
  ])('%s: %j', (text, expected) => expect(kinds(text)).toEqual(expected))

  it.each([
    ['frame-ancestors https://*', 'anyone'],
    ['frame-ancestors *:*', 'anyone'],
    ['frame-ancestors https://*.example.com', 'limited'],
  ])('%s: %s', (text, expected) => expect(frameAncestors([one(text)])).toBe(expected))
})
