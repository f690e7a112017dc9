// What a repository's documents say about deploying, rolling back, backing up and restoring, and whether it was tried.

export type DocumentTopic = 'rollback' | 'deploy' | 'backup' | 'restore'

/** `rehearsed` is the date as written, null where none stands there. */
export type DeployDocument = {
  file: string
  line: number
  topic: DocumentTopic
  text: string
  rehearsed: string | null
  /** The file or a heading is about it, or a command stands beside it; else it is spoken of in passing. */
  how: boolean
}

/** Documents that may say how the product is deployed, backed up and brought back. */
const documentFile =
  /(?:^|\/)(?:readme|contributing|deploy(?:ment|ing)?|rollback|runbook|operations?|ops|backups?|restore|disaster[-_]recovery|recovery|handover|release|releasing|production|infrastructure|hosting|incident[\w-]*|launch-ready\/[\w-]+|deployment-checklist)(?:[-_.][\w-]+)*\.(?:md|mdx|rst|txt|adoc)$|(?:^|\/)(?:docs?|runbooks?|ops|operations)\/[^\n]+\.(?:md|mdx|rst|adoc)$/i
const topics: readonly [DocumentTopic, RegExp][] = [
  [
    'rollback',
    /\broll(?:ing|ed)?[ -]?back\b|\brevert(?:ing)? (?:the |a )?(?:deploy|release)|previous (?:release|deployment|version) (?:back|again)/i,
  ],
  [
    'backup',
    /\bbackups?\b|\bback(?:ed|ing)? up\b|point[- ]in[- ]time[- ](?:recover|restor|backup|snapshot)|\bPITR\b|\bpg_dump|\bmysqldump|\blitestream\b/i,
  ],
  ['restore', /\brestor(?:e|ed|ing)\b|\bpg_restore\b/i],
  ['deploy', /\bdeploy(?:s|ed|ing|ment)?\b/i],
]
/** Rows with such a word that mean something else: codes to sign in with, a transaction that is taken back. */
const notMeant: Readonly<Partial<Record<DocumentTopic, RegExp>>> = {
  backup:
    /\bback[- ]?ups?[- ](?:codes?|keys?|phrases?|e?-?mails?|phones?|numbers?|methods?|authenticat\w+|devices?|words?|plans?|options?|fonts?|images?|domains?|contacts?)\b/i,
  rollback: /\btransactions?\b|\bmigrations?\b|\bsavepoints?\b|\bROLLBACK\s*;|\bfeature flags?\b/i,
  restore:
    /\b(?:dotnet|nuget|msbuild|paket|git|cargo|composer) restore\b|\brestor\w+ (?:purchases?|focus|scroll|session|defaults?|selection|window|dependencies|packages|cache)\b/i,
}

/** A date beside words that say it was done: `Rehearsed on 2026-10-02`, `last restore test: 3 Nov 2026`. */
const rehearsal =
  /(?:rehears\w*|tested|exercis\w*|practi[sc]ed|drill\w*|verified|last (?:test|run|drill|done)|dry[- ]run|tried)[^\n]{0,60}?(\d{4}-\d{2}-\d{2}|\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w* \d{1,2},? \d{4})/i

/** A row of a running text tells of a backup that is made where it names a tool or how often; else it praises, or advises others. */
const isMade =
  /`|\b(?:pg_dump\w*|mysqldump|mongodump|litestream|wal-g|pgbackrest|restic|borg|PITR|snapshots?|hourly|daily|nightly|weekly|every \w+)\b|point[- ]in[- ]time[- ](?:recover|restor|backup)/i
const toldInPassing: ReadonlySet<DocumentTopic> = new Set(['backup', 'restore'])

const headingLevel = (row: string): number => /^(#{1,6})\s/.exec(row)?.[1]?.length ?? 0

/** A line that is typed: in a fence, behind a prompt, or in backticks with more than one word. */
const command = /^\s*(?:```|\$ |> ?\$ )|`[\w./-]+ [^`]+`/

const passage = (
  file: string,
  lines: readonly string[],
  topic: DocumentTopic,
  pattern: RegExp,
): DeployDocument | null => {
  const named = new RegExp(topic, 'i').test(file)
  const isMeant = (row: string): boolean => pattern.test(row) && notMeant[topic]?.test(row) !== true
  const heading = lines.findIndex(row => headingLevel(row) > 0 && isMeant(row))
  const counts = (row: string): boolean => named || !toldInPassing.has(topic) || isMade.test(row) || rehearsal.test(row)
  const mention =
    heading >= 0 ? heading : lines.findIndex(row => isMeant(row) && counts(row) && !/\]\([^)]*\)\s*$/.test(row.trim()))
  if (mention < 0) return null
  const level = headingLevel(lines[mention]!)
  let end = lines.length
  if (heading >= 0 && !named) {
    const next = lines.findIndex((row, index) => index > mention && headingLevel(row) > 0 && headingLevel(row) <= level)
    if (next > 0) end = next
  }
  const section = lines.slice(named ? 0 : mention, named || heading >= 0 ? end : Math.min(end, mention + 12))
  return {
    file,
    line: mention + 1,
    topic,
    text: lines[mention]!.trim().slice(0, 160),
    how: named || heading >= 0 || lines.slice(mention, mention + 5).some(row => command.test(row)),
    rehearsed: section.map(row => rehearsal.exec(row)?.[1] ?? null).find(date => date !== null) ?? null,
  }
}

/** Passages of a document on each topic: the heading's line or the first line that names it, and the date of a rehearsal within its section. */
export const documentTopics = (file: string, source: string): DeployDocument[] => {
  const lines = source.split('\n').slice(0, 5000)
  return topics.flatMap(([topic, pattern]) => passage(file, lines, topic, pattern) ?? [])
}

/** What tells of one change: notes of releases, plans, drafts, decisions; and what stands among the code tells of the code. */
const ofChanges =
  /(?:^|\/)(?:changelog|(?:src|releases|release[-_]notes|plans|specs|rfcs?|adrs?|decisions|proposals|migrations)\/)/i

/** Whether a file may be such a document. */
export const isDeployDocument = (path: string): boolean =>
  path.length < 1000 && documentFile.test(path) && !ofChanges.test(path)
