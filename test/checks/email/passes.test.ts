// The good outcome of each mail record check, by the example that stands on its page.
import { expect, test } from 'vitest'
import { checks } from '../../../src/checks/index.generated.ts'
import { exampleFacts } from '../../../src/core/example.ts'
import { bareTarget } from '../../../src/core/target.ts'
import { examples } from '../../../src/facts/examples.generated.ts'

const passes: [string, string][] = [
  ['mx', 'sound'],
  ['spf-record', 'present'],
  ['spf-lookups', 'within-limit'],
  ['spf-void-lookups', 'within-limit'],
  ['spf-includes', 'sound'],
  ['spf-all', 'ends-closed'],
  ['spf-senders', 'approved-only'],
  ['dkim-key', 'sound'],
  ['dkim-selectors', 'found'],
  ['dmarc-record', 'present'],
  ['dmarc-policy', 'enforced'],
  ['dmarc-reports', 'received'],
  ['dmarc-alignment', 'both'],
  ['provider-requirements', 'meets'],
  ['reverse-dns', 'confirmed'],
  ['mx-starttls', 'offered'],
  ['mta-sts', 'sound'],
  ['tls-rpt', 'present'],
  ['dane', 'matches'],
  ['bimi', 'sound'],
  ['blocklist', 'clean'],
  ['sender-identity', 'own-domain'],
]

test.each(passes)('%s: %s', (id, outcome) => {
  const check = checks.find(item => item.id === id)
  const example = check?.examples.find(item => item.expect === outcome)
  if (!check || !example) throw new Error(`${id} has no example of ${outcome}`)
  const facts = exampleFacts(check, example, examples, '2026-11-25T00:00:00Z')
  const needed = check.needs.map((name: string) => [name, (facts[name] as { value?: unknown }).value])
  const result = check.judge({ ...facts, ...Object.fromEntries(needed) } as never, {
    now: Date.parse('2026-11-25T00:00:00Z'),
    subject: example.subject ?? { kind: 'domain', name: 'coachdash.example' },
    target: bareTarget({ domain: 'coachdash.example', ...example.target }),
    options: {},
  })
  expect(result).toMatchObject({ outcome })
  expect(check.outcomes[outcome]?.status).toBe('pass')
})
