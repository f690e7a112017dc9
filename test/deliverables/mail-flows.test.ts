// mail-flows.md: a row and a chapter for each flow, what to do, and nothing of a stranger's mail as markup.
import { expect, test } from 'vitest'
import { missing, observed, type SavedFact } from '../../src/core/fact.ts'
import { bareTarget } from '../../src/core/target.ts'
import { mailFlows } from '../../src/deliverables/mail-flows.ts'
import type { MailFlow } from '../../src/facts/email/mail-flow.ts'
import { sample } from '../report/sample.ts'

const flow = (given: Partial<MailFlow>): MailFlow => ({
  kind: 'reset',
  inbox: 'canary',
  where: 'imap.example.net',
  trigger: { what: 'POST https://app.example/forgot (email)', status: 200, problem: null, words: '', guarded: false },
  nonce: null,
  allowedSeconds: 60,
  waitedSeconds: 2,
  mail: null,
  others: [],
  message: null,
  ...given,
})

const on = (name: string, is: SavedFact['is']): SavedFact => ({ fact: 'mailFlow', on: { kind: 'flow', name }, is })

const document = (facts: SavedFact[], findings = sample.findings.slice(0, 0)): string =>
  mailFlows({
    report: { ...sample, findings },
    facts,
    target: bareTarget({ domain: 'coachdash.example' }),
    now: 0,
  })
    .map(item => item.content)
    .join()

test('without a mail flow there is no document', () => {
  expect(document([])).toBe('')
  expect(document([on('login', missing('unsupported', 'pages', { because: 'a flow of pages' }))])).toBe('')
})

test('arrived, lost, and what could not be told', () => {
  const mail = {
    seconds: 3.1,
    folder: 'Junk',
    spam: true,
    from: 'hello@coachdash.example',
    subject: 'Reset <img src=x onerror=alert(1)> | [click](javascript:alert(1))',
    size: 1,
    foundBy: 'nonce' as const,
    deleted: false,
  }
  const text = document(
    [
      on('reset', observed(flow({ mail, message: missing('too-large', 'the mail has 40 MB') }), '')),
      on('billing', observed(flow({ waitedSeconds: 180 }), '')),
      on('invite', missing('forbidden', 'imap.example.net refuses the user or the password')),
    ],
    [
      {
        ...sample.findings[0]!,
        check: 'mail-flow',
        stage: 'email',
        outcome: 'in-spam',
        subject: 'reset',
        title: 'It lands in Junk',
      },
    ],
  )
  expect(text).toContain('| reset | yes (200) | after 3.1 s of 60 s | Junk (spam) |')
  expect(text).toContain('| billing | yes (200) | not within 180 s |')
  expect(text).toContain('| invite | could not be told |')
  expect(text).toMatch(/Could not be told: imap\.example\.net refuses the user or the password\. Nothing is known/)
  expect(text).toContain('the mail itself could not be judged: the mail has 40 MB')
  expect(text).toMatch(/- \[ \] \*\*It lands in Junk\*\*/)
  expect(text).not.toMatch(/<img|(?<!\\)\]\(javascript/)
  expect(text).toContain('launch-ready email flows coachdash.example')
})
