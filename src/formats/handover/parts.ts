// The six parts of a handover, and what each lacks: of a document of ours by what was seen and said, of one by hand by its headings.
import type { Production } from './production.ts'
import { waysBack } from './runs-at.ts'
import type { Handover } from './schema.ts'
import { type PartName, partNames } from './statements.ts'

export const partTitles: Readonly<Record<PartName, string>> = {
  domains: 'Domain map',
  deploy: 'Deployment steps',
  secrets: 'Secret handling rules',
  monitoring: 'Monitoring links',
  rollback: 'Rollback steps',
  support: 'Support contacts',
}

export type Lack = { part: PartName; what: string; answer: string }

const linkOf = (handover: Handover, pattern: RegExp): boolean =>
  (handover.links ?? []).some(({ what, url }) => pattern.test(what) || pattern.test(url))

/** What nobody has said and nothing shows, part by part. */
export const lacksOf = (production: Production, handover: Handover): Lack[] => {
  const { repository, monitoring, dns } = production
  const documents = (repository?.documents ?? []).map(({ topic }) => topic)
  const rows: [boolean, Lack][] = [
    [
      dns === null && handover.access?.dns?.provider === undefined,
      { part: 'domains', what: 'where the DNS records are kept', answer: 'access.dns.provider' },
    ],
    [
      !repository?.deploys.length &&
        !repository?.platforms.some(({ byPush }) => byPush) &&
        !repository?.scripts.some(({ does }) => does === 'deploy') &&
        !documents.includes('deploy') &&
        handover.deploy?.how === undefined,
      { part: 'deploy', what: 'how a release is made', answer: 'deploy.how' },
    ],
    [
      handover.keyRotation === undefined && !handover.secrets?.length,
      { part: 'secrets', what: 'how keys are replaced', answer: 'keyRotation' },
    ],
    [
      !monitoring?.monitors.length && !linkOf(handover, /monitor|uptime|status|alert/i),
      { part: 'monitoring', what: 'where one sees whether it is up', answer: 'links' },
    ],
    [
      waysBack(production, handover).length === 0 &&
        !repository?.backJobs.length &&
        !repository?.scripts.some(({ does }) => does === 'rollback') &&
        !documents.includes('rollback') &&
        handover.rollback === undefined,
      { part: 'rollback', what: 'how a release is taken back', answer: 'rollback' },
    ],
    [!handover.support?.length, { part: 'support', what: 'where customers write to', answer: 'support' }],
    [
      !handover.called?.length && handover.owner?.email === undefined && handover.owner?.name === undefined,
      { part: 'support', what: 'who is called when it is down', answer: 'called' },
    ],
  ]
  return rows.flatMap(([missing, lack]) => (missing ? [lack] : []))
}

const headingWords: Readonly<Record<PartName, RegExp>> = {
  domains: /domain|dns|host/i,
  deploy: /deploy|release/i,
  secrets: /secret|credential|key|environment variable/i,
  monitoring: /monitor|alert|observab|status|uptime/i,
  rollback: /roll(?:ing)?[ -]?back|recover|revert/i,
  support: /support|contact|escalat|on[ -]?call|who to call/i,
}

/** Parts that a document by hand has a heading for, with something under it. */
export const partsOfText = (text: string): PartName[] => {
  const rows = text.split('\n').slice(0, 10_000)
  const heads = rows.flatMap((row, at) => (/^#{1,6}\s+\S/.test(row) ? [at] : []))
  return partNames.filter(part =>
    heads.some((at, index) => {
      const end = heads[index + 1] ?? rows.length
      return headingWords[part].test(rows[at]!) && rows.slice(at + 1, end).some(row => row.trim().length > 10)
    }),
  )
}
