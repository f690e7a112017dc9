// A change as it stands in a report: what is one in the words of a server is said once.
import { describe, expect, it } from 'vitest'
import { setting } from '../../src/core/fixes.ts'
import { instructions } from '../../src/report/shared/changes.ts'
import { sheetOf } from '../../src/report/shared/sheet.ts'
import { sample } from './sample.ts'

const finding = sample.findings[0]!
const changes = ['minimum-version', 'maximum-version'].map(name => setting('tls', `old.example/${name}`, 'TLSv1.3'))

const pasteAt = (servers: Record<string, string>): string | null => {
  const report = { ...sample, servers } as typeof sample
  const todo = { toldAt: null, changes, also: [], later: [] }
  const sheet = { ...sheetOf(report, {}), todoOf: () => todo }
  const [only, second] = instructions(finding, sheet as never)
  expect(second).toBeUndefined()
  return only!.paste
}

describe('settings that are one in the words of the server', () => {
  it('are told once, platforms with the same words together', () => {
    const lines = pasteAt({})!.split('\n')
    expect(lines.map(line => line.split(/ {2,}|: /)[0])).toEqual([
      ...['nginx', 'Apache', 'Caddy', 'Cloudflare'],
      'Vercel, Netlify, Fly.io, Render, Heroku',
    ])
  })

  it('are told once where the server is known', () => {
    expect(pasteAt({ 'old.example': 'nginx' })).toBe('ssl_protocols TLSv1.2 TLSv1.3;')
  })
})
