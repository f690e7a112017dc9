// How far a first customer gets, and where said and seen part, in the formats that people read.
import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { html } from '../../src/report/html.ts'
import { markdown } from '../../src/report/markdown.ts'
import { sample } from './sample.ts'

const told = {
  ...sample,
  firstCustomer: { at: 'pay', sentence: 'A first customer cannot pay: <img src=x onerror=alert(1)> fails.' },
  contradictions: [
    {
      id: 'dns-other',
      said: 'records are at [Gandi](javascript:1)',
      seen: 'they are at <b>Cloudflare</b>',
      place: 'access.dns',
    },
  ],
} as Report
const silent = { ...sample, firstCustomer: undefined, contradictions: [] } as unknown as Report

describe.each([
  ['Markdown', markdown],
  ['HTML', html],
])('%s', (name, print) => {
  const text = print(told, {})

  it('says how far a first customer gets, and both sides of each contradiction', () => {
    expect(text).toMatch(/A first customer cannot pay:/)
    expect(text).toMatch(name === 'HTML' ? /Said, and seen otherwise/ : /What is said and what was seen/)
    expect(text.replace(/<wbr>/g, '')).toMatch(/Said[\s\S]*Gandi[\s\S]*Cloudflare/)
  })

  it('escapes what stands in them', () => {
    expect(text).not.toContain('<img src=x')
    expect(text).not.toContain('<b>Cloudflare</b>')
    if (name === 'Markdown') expect(text).not.toContain('[Gandi](javascript:1)')
  })

  it('is silent where there is neither', () => {
    const none = print(silent, {})
    expect(none).not.toMatch(/What is said and what was seen|Said, and seen otherwise|A first customer/)
  })
})
