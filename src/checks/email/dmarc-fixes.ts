// Fixes of the DMARC record: how it is published and how it is tightened.
import type { Fix } from '../../core/fix.ts'
import { changesFix, removeRecord, replaceRecord } from '../../core/fixes.ts'
import type { NextStep } from '../../formats/dmarc/sources.ts'
import { dmarcChange } from './mail-fixes.ts'

type Wanted = {
  at: string
  wanted: string
  texts: readonly string[]
  alias: string | null
  remove: string[]
  panel: string[]
  later: string[]
}

/** One record in the place of whatever stands there. */
export const publishDmarc = ({ at, wanted, texts, alias, remove, panel, later }: Wanted): Fix =>
  changesFix(
    `Publish one DMARC record at _dmarc.${at}`,
    [dmarcChange(at, wanted, texts[0], alias), ...remove.map(text => removeRecord(`_dmarc.${at}`, 'TXT', text))],
    10,
    [...panel, ...later],
  )

/** The next step of the roll-out. */
export const tightenDmarc = ({ next }: { next: NextStep | null }): Fix =>
  changesFix(
    `Tighten DMARC of ${next?.at ?? ''}`,
    next ? [replaceRecord(`_dmarc.${next.at}`, 'TXT', next.wanted, next.text)] : [],
    10,
    ['Look into the reports of the following weeks before the next step.'],
  )
