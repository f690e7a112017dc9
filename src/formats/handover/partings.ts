// Where a written handover and production part. What could not be looked at now is untold, never changed.
import type { Production } from './production.ts'
import { type Fingerprinted, type PartName, statementsOf } from './statements.ts'

export type Parting = {
  id: string
  part: PartName
  was: string
  is: string
  command: string
  kind: 'changed' | 'gone' | 'new' | 'untold'
}

/** Statements that cannot be told while a part of production was not seen. */
const untoldBy: Readonly<Record<string, RegExp>> = {
  registrar: /^registration$/,
  'name servers': /^name-servers$/,
  hosts: /^(?:hosts|host .*|certificate .*)$/,
  mail: /^(?:mail servers|spf|dmarc|dkim .*)$/,
  'mail servers': /^mail servers$/,
  spf: /^spf$/,
  dmarc: /^dmarc$/,
  'DKIM keys': /^dkim .*$/,
  deploy:
    /^(?:repository|platforms|deploy .*|script .*|rollback|migrations|variables|health|backups|documents|rotations)$/,
  pipelines: /^(?:repository|deploy .*|rollback)$/,
  'platform files': /^(?:platforms|script .*|rollback|health|documents)$/,
  ledger: /^rotations$/,
  history: /^repository$/,
  'default branch': /^repository$/,
  migrations: /^migrations$/,
  variables: /^variables$/,
  backups: /^backups$/,
  monitoring: /^(?:monitors|alerts)$/,
}

/** Whether a statement rests on what was not seen: a part, or one host. */
const isUntold = (id: string, { unseen }: Production): boolean =>
  unseen.some(({ part }) =>
    part.startsWith('host ')
      ? id === 'hosts' || id === part || id === `certificate ${part.slice('host '.length)}`
      : untoldBy[part]?.test(id) === true,
  )

/** Where a written document and what is seen now part. What could not be looked at now is `untold`, never changed. */
export const partings = (written: readonly Omit<Fingerprinted, 'seen'>[], now: Production): Parting[] => {
  const seen = new Map(statementsOf(now).map(statement => [statement.id, statement]))
  const found = written.flatMap((old): Parting[] => {
    const current = seen.get(old.id)
    const base = { id: old.id, part: old.part, was: old.says, command: old.command }
    if (current?.fingerprint === old.fingerprint) return []
    if (isUntold(old.id, now)) return [{ ...base, is: 'could not be seen now', kind: 'untold' }]
    if (current) return [{ ...base, is: current.says, kind: 'changed' }]
    // A certificate that was not shown this time says nothing of the host.
    if (old.id.startsWith('certificate ') && now.hosts.some(({ name }) => old.id.endsWith(` ${name}`)))
      return [{ ...base, is: 'could not be seen now', kind: 'untold' }]
    return [{ ...base, is: 'is not there any more', kind: 'gone' }]
  })
  const known = new Set(written.map(({ id }) => id))
  const added = [...seen.values()]
    .filter(({ id }) => !known.has(id) && !isUntold(id, now))
    .map(
      ({ id, part, says, command }): Parting => ({
        id,
        part,
        was: 'is not in the document',
        is: says,
        command,
        kind: 'new',
      }),
    )
  return [...found, ...added]
}
