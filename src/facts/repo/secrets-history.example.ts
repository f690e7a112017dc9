// A history that was read whole and holds no secret, for the examples of checks, and a secret that was removed.
import type { HistoryCommit, HistorySecret, SecretsHistory } from './secrets-history.ts'
import { foundSecret } from './secrets-tree.example.ts'

const commit = (letter: string, day: string, subject: string): HistoryCommit => ({
  id: letter.repeat(40),
  date: `${day}T00:00:00Z`,
  author: 'Anna',
  subject,
})

/** A key that one commit brought in and the next took out. */
export const historySecret = (given: Partial<HistorySecret> = {}): HistorySecret => ({
  ...foundSecret({ provider: 'SendGrid', what: 'API key', rotate: null }),
  first: commit('a', '2026-01-02', 'mail'),
  last: commit('a', '2026-01-02', 'mail'),
  removed: commit('b', '2026-01-03', 'remove key'),
  atHead: false,
  ...given,
})

/** Forty commits, all of them read. */
export const example: SecretsHistory = {
  secrets: [],
  commits: { read: 40, total: 40, newest: '2026-11-01T00:00:00Z' },
  versions: { read: 90, bytes: 100_000, leftOut: 3, large: 0, missing: 0 },
  shallow: false,
  partial: false,
  notes: [],
}
