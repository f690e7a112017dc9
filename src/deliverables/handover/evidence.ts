// evidence/: what each statement of the handover rests on, with its date, and the command that shows it again.
import { partTitles } from '../../formats/handover/parts.ts'
import { partNames, statementsOf } from '../../formats/handover/statements.ts'
import { escapeMarkdown, markdownBlock, markdownCode } from '../../report/shared/escape.ts'
import type { Document } from '../deliverable.ts'
import { day, type PaperInput } from './input.ts'

export const evidenceDocuments = ({ production, now, report }: PaperInput): Document[] => {
  const statements = statementsOf(production)
  const written = day(now)
  const parts = partNames.flatMap((part): Document[] => {
    const own = statements.filter(statement => statement.part === part)
    if (own.length === 0) return []
    const lines = [
      `# Evidence: ${partTitles[part]}`,
      '',
      `Seen on ${written} by launch-ready ${escapeMarkdown(report.tool.version)}. A statement goes stale when what is shown here changes: \`launch-ready handover verify\` says so.`,
      '',
      ...own.flatMap(({ id, says, seen, command, fingerprint }) => [
        `## ${escapeMarkdown(says, 600)}`,
        '',
        markdownBlock(JSON.stringify(seen, null, 1), 'json'),
        '',
        `Statement ${markdownCode(id)}, fingerprint \`${fingerprint}\`. See it again: ${markdownCode(command)}`,
        '',
      ]),
    ]
    return [{ path: `evidence/${part}.md`, content: `${lines.join('\n').trimEnd()}\n` }]
  })
  const kept = statements.map(({ id, part, says, command, fingerprint }) => ({ id, part, says, command, fingerprint }))
  const index = { version: 1, written, domain: production.domain, statements: kept }
  return [{ path: 'evidence/statements.json', content: `${JSON.stringify(index, null, 1)}\n` }, ...parts]
}
