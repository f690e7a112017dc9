// The handover documents of the repository: the one that `handover write` wrote, with the fingerprints of what it says, or one by hand.
import { missing, observed } from '../../core/fact.ts'
import { maskSecret } from '../../core/redact.ts'
import { partsOfText } from '../../formats/handover/parts.ts'
import { type Fingerprinted, type PartName, partNames } from '../../formats/handover/statements.ts'
import { isRecord } from '../../formats/is-record.ts'
import { scanText } from '../../formats/secrets/scan.ts'
import type { FactDefinition } from '../definition.ts'
import { filesOf, readerOf } from '../repo/script-world.ts'

export type PaperSecret = { file: string; line: number; what: string; masked: string }

export type HandoverPapers = {
  /** The one of ours; `statements` null where its evidence is gone or cannot be read. */
  ours: {
    path: string
    written: string | null
    statements: Omit<Fingerprinted, 'seen'>[] | null
    problem: string | null
  } | null
  /** Documents by hand, with the parts that they hold. */
  others: { path: string; parts: PartName[] }[]
  secrets: PaperSecret[]
}

export const documentFolder = 'launch-ready'
export const documentPath = `${documentFolder}/handover.md`
export const statementsPath = `${documentFolder}/evidence/statements.json`

const byHand = /(?:^|\/)(?:handover|hand-over|runbook|operations)(?:[-_.][\w-]+)*\.(?:md|mdx|rst|adoc|txt)$/i

/** The statements of a document as its evidence keeps them; why not, where it cannot be read. */
export const readStatements = (
  source: string | null,
): { written: string | null; statements: Omit<Fingerprinted, 'seen'>[] | null; problem: string | null } => {
  const lost = (problem: string) => ({ written: null, statements: null, problem })
  if (source === null) return lost(`${statementsPath} is gone`)
  if (/^<{7}(?: |$)/m.test(source)) return lost(`${statementsPath} holds the conflict marks of git`)
  try {
    const value: unknown = JSON.parse(source)
    if (!isRecord(value) || !Array.isArray(value['statements'])) return lost(`${statementsPath} holds no statements`)
    const statements = value['statements'].slice(0, 5000).flatMap((item): Omit<Fingerprinted, 'seen'>[] =>
      isRecord(item) && typeof item['id'] === 'string' && typeof item['fingerprint'] === 'string'
        ? [
            {
              id: item['id'],
              part: partNames.find(part => part === item['part']) ?? 'domains',
              says: String(item['says'] ?? ''),
              command: String(item['command'] ?? ''),
              fingerprint: item['fingerprint'],
            },
          ]
        : [],
    )
    return { written: typeof value['written'] === 'string' ? value['written'] : null, statements, problem: null }
  } catch {
    return lost(`${statementsPath} is half-written: it is not valid JSON`)
  }
}

const secretsOf = (file: string, text: string): PaperSecret[] =>
  scanText(text, { path: file, where: 'repo', maxHits: 50 })
    .filter(({ class: kind, confidence }) => (kind === 'live' || kind === 'test') && confidence !== 'possible')
    .map(({ line, what, secret }) => ({ file, line, what, masked: maskSecret(secret) }))

const fact: FactDefinition<HandoverPapers> = {
  on: 'domain',
  async collect(_subject, context) {
    if (context.target.repo === null)
      return missing('unsupported', 'no repository was given', { because: 'no repository was given' })
    const tree = await context.need('tree')
    if (!tree.ok) return tree
    const reader = readerOf(context, tree.value)
    const read = (path: string): string | null => reader.maybe(path, { maxBytes: 4 << 20, whole: true })
    const own = read(documentPath)
    const hand = filesOf(tree.value)
      .filter(
        path =>
          byHand.test(path) &&
          !path.startsWith(`${documentFolder}/`) &&
          !/(?:^|\/)(?:node_modules|vendor)\//.test(path),
      )
      .slice(0, 20)
      .flatMap(path => {
        const text = read(path)
        return text === null ? [] : [{ path, text }]
      })
    return observed(
      {
        ours: own === null ? null : { path: documentPath, ...readStatements(read(statementsPath)) },
        others: hand.map(({ path, text }) => ({ path, parts: partsOfText(text) })),
        secrets: [
          ...(own === null ? [] : secretsOf(documentPath, own)),
          ...hand.flatMap(({ path, text }) => secretsOf(path, text)),
        ],
      },
      context.now(),
    )
  },
}
export default fact
