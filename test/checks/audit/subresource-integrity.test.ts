// subresource-integrity: scripts of other people's servers.
import { describe, expect, it } from 'vitest'
import check from '../../../src/checks/audit/subresource-integrity.ts'
import { showing } from '../../../src/facts/http/page.example.ts'
import { itJudges, judgeExample } from '../../support/judge-example.ts'

const page = (html: string) => ({ facts: { page: showing(html) } })

describe('subresource-integrity', () => {
  itJudges(check, [
    ['a service that changes at will', 'pinned', page('<script src="https://js.stripe.com/v3/"></script>')],
    ['its own', 'pinned', page('<script src="https://static.example.com/app.js"></script>')],
    ['no script', 'skip', page('<p>Hello</p>')],
  ])

  it.each([
    ['https://unpkg.com/htmx.org@2.0.0', 'low'],
    ['http://widget.example.org/chat.js', 'high'],
  ])('%s: %s', (url, severity) => {
    const { findings } = judgeExample(check, page(`<script src="${url}"></script>`))
    expect(findings).toMatchObject([{ outcome: 'third-party-script-unpinned', severity, evidence: [{ value: url }] }])
  })
})
