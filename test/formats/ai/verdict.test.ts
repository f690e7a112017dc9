// What the probes of one kind prove together.
import { describe, expect, it } from 'vitest'
import { verdictOf } from '../../../src/formats/ai/verdict.ts'

const result = (
  verdict: 'leaks' | 'obeys' | 'holds' | 'cannot-tell',
  family = 'override',
  kind: 'injection' | 'exfiltration' = 'injection',
) => ({
  kind,
  family,
  verdict,
  why: 'HTTP 500',
})

describe('verdictOf', () => {
  it.each([
    ['none of the kind', [result('leaks', 'x', 'exfiltration')], { total: 0, leaks: 0, unsure: null }],
    ['all hold', [result('holds'), result('holds', 'persona')], { total: 2, families: 2, unsure: null }],
    ['half unanswered still proves something', [result('holds'), result('cannot-tell')], { total: 2, unsure: null }],
    [
      'more than half unanswered proves nothing',
      [result('holds'), result('cannot-tell'), result('cannot-tell')],
      { total: 3, families: 1, unsure: 'cannot-tell: 2 of 3 probes told nothing (HTTP 500)' },
    ],
    ['a leak and an obeyed order', [result('leaks'), result('obeys')], { total: 2, leaks: 1, obeys: 1 }],
  ])('%s', (_name, results, expected) => {
    const { total, leaks, obeys, families, unsure } = verdictOf(results, 'injection')
    expect({ total, leaks: leaks.length, obeys: obeys.length, families, unsure }).toMatchObject(expected)
  })
})
