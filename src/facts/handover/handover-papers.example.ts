// The document of a well-kept product, written from what is seen today.
import { soundProduction } from '../../formats/handover/production.ts'
import { statementsOf } from '../../formats/handover/statements.ts'
import type { HandoverPapers } from './handover-papers.ts'

export const example: HandoverPapers = {
  ours: {
    path: 'launch-ready/handover.md',
    written: '2026-11-20',
    statements: statementsOf(soundProduction()).map(({ seen: _, ...statement }) => statement),
    problem: null,
  },
  others: [],
  secrets: [],
}

/** There is no document. */
export const noPapers: HandoverPapers = { ours: null, others: [], secrets: [] }
