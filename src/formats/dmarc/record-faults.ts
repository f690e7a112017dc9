// What is wrong with the one DMARC record that counts, as receivers take it.
import { inWords } from '../mail/in-words.ts'
import type { DmarcRecord } from './dmarc.ts'

export type DmarcFault = {
  kind: 'ignored' | 'malformed' | 'unknown-tag' | 'historic-tag'
  /** Tags that it is about, in words. */
  tags: string
  /** Faults with their place, as labels and values. */
  seen: readonly (readonly [label: string, value: string])[]
}

/** Everything that holds; empty for a sound record. */
export const dmarcFaults = ({ effective, faults, unknownTags, historicTags }: DmarcRecord): DmarcFault[] => {
  const seen = faults.slice(0, 20).map(fault => [`at character ${fault.at + 1}`, fault.message] as const)
  const unknown = unknownTags.slice(0, 4).map(tag => tag.slice(0, 12))
  return [
    ...(effective === 'ignored'
      ? [{ kind: 'ignored' as const, tags: '', seen }]
      : faults.length
        ? [{ kind: 'malformed' as const, tags: '', seen }]
        : []),
    ...(unknown.length ? [{ kind: 'unknown-tag' as const, tags: inWords(unknown), seen: [] }] : []),
    ...(historicTags.length
      ? [{ kind: 'historic-tag' as const, tags: inWords(historicTags.map(tag => tag.name)), seen: [] }]
      : []),
  ]
}
