// How a deploy, a restore and the replacing of keys are done, as documents for the repository. Each says what was seen and no more; null
// where too little was seen to follow it.
import { databaseDumps } from '../../data/database-dumps.ts'
import { rollbackDocument } from '../repo/rollback-document.ts'
import { saysNone } from './names.ts'
import type { Production } from './production.ts'
import { operatedBy, supposition, takesPushes, waysBack } from './runs-at.ts'
import type { Handover, Rehearsal } from './schema.ts'

export type WrittenProcedure = { path: string; content: string }

type Seen = { production: Production; handover: Handover }

/** Keys that a document lists at most. */
const mostKeys = 40

const numbered = (steps: readonly string[]): string => steps.map((step, at) => `${at + 1}. ${step}`).join('\n')

const document = (title: string, parts: readonly string[]): string =>
  `# ${title}\n\n${parts.filter(Boolean).join('\n\n')}\n\nRehearsed on: (date)\n`

/** A step that is typed stands in backticks; one that is clicked is a sentence. */
const asStep = (text: string): string => (/^[A-Z]/.test(text) ? `${text}.` : `\`${text}\`.`)

/** What only a file suggests is said to be so. */
const shownBy = ({ place }: NonNullable<ReturnType<typeof operatedBy>>): string =>
  supposition(place) ? `\`${place.where}\` shows that it runs at ${place.label}.` : `It runs at ${place.label}.`

const tryIt = 'Try it as a customer would: `npx launch-ready deploy smoke`.'

const deploying = ({ production, handover }: Seen): WrittenProcedure | null => {
  const at = operatedBy(production, handover)
  // A command with a gap in it is none that can be followed.
  if (at === null || /[<>]/.test(at.operations.deploy)) return null
  const branch = production.repository?.defaultBranch
  const steps = [
    branch ? `\`git switch ${branch} && git pull\`: it holds what is to go out, and its checks are green.` : '',
    asStep(at.operations.deploy),
    `Watch it start: ${asStep(at.operations.logs)}`,
    tryIt,
  ]
  return { path: 'docs/deploying.md', content: document('Deploying', [shownBy(at), numbered(steps.filter(Boolean))]) }
}

const restoring = ({ production: { repository, declared } }: Seen): WrittenProcedure | null => {
  const [backup] = repository?.backups ?? []
  const command = repository?.databases.flatMap(name => databaseDumps[name]?.restore ?? [])[0]
  const source = backup
    ? `Take the newest backup: \`${backup.file}\` (line ${backup.line}) makes it.`
    : declared.backup !== null && !saysNone(declared.backup)
      ? `Take the newest backup (${declared.backup}).`
      : null
  if (source === null || command === undefined) return null
  const steps = [
    source,
    `Bring it into an empty database, never over the product’s: \`${command}\`.`,
    'Count customers and payments there, and compare with production.',
    'In an emergency stop the product, point it at that database, and start it again.',
  ]
  return { path: 'docs/restore.md', content: document('Restoring a backup', [numbered(steps)]) }
}

const replacingKeys = ({ production, handover }: Seen): WrittenProcedure | null => {
  const at = operatedBy(production, handover)
  const keys = (production.repository?.variables ?? []).filter(({ secret }) => secret).slice(0, mostKeys)
  if (at === null || keys.length === 0) return null
  const push = takesPushes(production, handover)
  const steps = [
    'Make the new key at the service that it is for; the old one stays valid meanwhile.',
    `Set it: ${asStep(at.operations.setVariable)}`,
    push ? `Deploy again at ${push.label}, so that the product reads it.` : `Deploy: ${asStep(at.operations.deploy)}`,
    tryIt,
    'Take the old key back at its service, and see that it is refused: `launch-ready handover drill rotate-key`.',
  ]
  const named = keys.map(({ name, setIn }) => {
    const files = setIn.map(file => `\`${file}\``).join(', ')
    return `- \`${name}\`${files ? `, named in ${files}` : ''}`
  })
  return {
    path: 'docs/replacing-keys.md',
    content: document('Replacing keys', [shownBy(at), numbered(steps), `One key at a time:\n\n${named.join('\n')}`]),
  }
}

const takingBack = ({ production, handover }: Seen): WrittenProcedure | null => {
  const [way] = waysBack(production, handover)
  return way ? { path: 'docs/rollback.md', content: rollbackDocument(way) } : null
}

const ways: Partial<Readonly<Record<Rehearsal, (seen: Seen) => WrittenProcedure | null>>> = {
  redeploy: deploying,
  rollback: takingBack,
  restore: restoring,
  keyRotation: replacingKeys,
}

/** A procedure written down from what was seen; null where that is too little. */
export const writtenProcedure = (
  name: Rehearsal,
  production: Production,
  handover: Handover,
): WrittenProcedure | null => ways[name]?.({ production, handover }) ?? null
