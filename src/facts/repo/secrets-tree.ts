// Secrets in the files of the repository as they are now. Values are masked before they leave this file.
import { setImmediate } from 'node:timers/promises'
import { missing, observed } from '../../core/fact.ts'
import { pathKind } from '../../formats/secrets/path-kind.ts'
import { scanText } from '../../formats/secrets/scan.ts'
import type { FactDefinition } from '../definition.ts'
import { createReader, decodeText, looksBinary } from './read.ts'
import { binaryName, type FoundSecret, groupHits } from './secrets-group.ts'
import { type MaskedHit, maskHit } from './secrets-mask.ts'

export type SecretsTree = {
  /** Live and test secrets, one entry a secret. */
  secrets: FoundSecret[]
  /** Made to be seen: listed, no finding. */
  publicKeys: FoundSecret[]
  /** Hits of the other classes, counted. */
  placeholders: number
  documentation: number
  encrypted: number
  files: number
  bytes: number
  skipped: { binary: number; large: string[]; unreadable: string[] }
}

/** Bytes of one file that are scanned; a larger file is told and left out. */
export const maxFileBytes = 5 << 20

const fact: FactDefinition<SecretsTree> = {
  on: 'repo',
  deadlines: 12,
  async collect(_subject, context) {
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = createReader(tree.value.root)
    const hits: (MaskedHit & { path: string })[] = []
    const value: SecretsTree = {
      secrets: [],
      publicKeys: [],
      placeholders: 0,
      documentation: 0,
      encrypted: 0,
      files: 0,
      bytes: 0,
      skipped: { binary: 0, large: [], unreadable: [] },
    }
    let sinceYield = 0
    for (const file of tree.value.files) {
      if (file.kind !== 'file' || file.size === 0) continue
      if (binaryName.test(file.path)) {
        value.skipped.binary++
        continue
      }
      if (file.size > maxFileBytes) {
        if (value.skipped.large.length < 50) value.skipped.large.push(file.path)
        continue
      }
      const bytes = reader.bytes(file.path, maxFileBytes)
      if (!bytes) {
        if (value.skipped.unreadable.length < 50) value.skipped.unreadable.push(file.path)
        continue
      }
      // Byte by byte as latin1: secrets are ASCII, and it spares the decoding. UTF-16 is told by its mark.
      const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
      if (!wide && looksBinary(bytes)) {
        value.skipped.binary++
        continue
      }
      value.files++
      value.bytes += bytes.length
      for (const hit of scanText(wide ? (decodeText(bytes) ?? '') : bytes.toString('latin1'), {
        path: file.path,
        where: 'repo',
      })) {
        if (hit.class === 'placeholder') value.placeholders++
        else if (hit.class === 'documentation') value.documentation++
        else if (hit.class === 'encrypted') value.encrypted++
        else hits.push({ ...maskHit(hit), path: file.path })
      }
      sinceYield += bytes.length
      if (sinceYield > 4 << 20) {
        sinceYield = 0
        await setImmediate()
        if (context.signal.aborted) return missing('timeout', 'the scan was interrupted')
      }
    }
    // A generated file repeats what its source says: places that a person wrote come first.
    value.secrets = groupHits(
      hits
        .filter(hit => hit.class === 'live' || hit.class === 'test')
        .sort((a, b) => Number(pathKind(a.path) === 'generated') - Number(pathKind(b.path) === 'generated')),
    ).slice(0, 1000)
    value.publicKeys = groupHits(hits.filter(hit => hit.class === 'public')).slice(0, 200)
    return observed(value, context.now())
  },
}
export default fact
