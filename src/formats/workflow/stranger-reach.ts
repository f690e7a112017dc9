// Which events bring a stranger's text, with which rights, and which conditions of a job keep strangers out.

/** Events of which a part of the expression tells; each part with the events that have it. */
const partsOf: readonly [RegExp, readonly string[]][] = [
  [/\bgithub\.event\.workflow_run\b/, ['workflow_run']],
  [
    /\bgithub\.event\.comment\b/,
    ['issue_comment', 'pull_request_review_comment', 'commit_comment', 'discussion_comment'],
  ],
  [/\bgithub\.event\.issue\b/, ['issues', 'issue_comment']],
  [/\bgithub\.event\.discussion\b/, ['discussion', 'discussion_comment']],
  [/\bgithub\.event\.review\b/, ['pull_request_review']],
  [/\bgithub\.event\.pages\b/, ['gollum']],
  [/\bgithub\.event\.(?:head_commit|commits)\b/, ['push']],
  [
    /\bgithub\.(?:head_ref|event\.pull_request)\b/,
    ['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'],
  ],
]

/** Runs for a fork get no secrets and may only read; the others are started by those who may write. */
const harmless = new Set([
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'merge_group',
  'workflow_dispatch',
  'repository_dispatch',
  'schedule',
  'release',
  'create',
  'delete',
  'deployment',
  'deployment_status',
])

/**
 * What a stranger gains by the text of an expression. Nothing is said where he gains the rights of the pipeline, or where others call
 * it; `never`: no event that starts the pipeline has such text.
 */
export const reachOfText = (expression: string, events: readonly string[]): { reach?: 'harmless' | 'never' } => {
  if (events.length === 0 || events.includes('workflow_call')) return {}
  const parts = partsOf.filter(([part]) => part.test(expression))
  const bringing = parts.length ? events.filter(event => parts.some(([, from]) => from.includes(event))) : events
  if (bringing.length === 0) return { reach: 'never' }
  // Of a push without a part named (a variable, an output) it is the pull request that brings the words.
  const isHarmless = bringing.every(event => harmless.has(event) || (parts.length === 0 && event === 'push'))
  return isHarmless ? { reach: 'harmless' } : {}
}

const ownRepository =
  /head(?:_repository|\.repo)\.(?:full_name\s*==\s*github\.(?:repository\b|event\.repository\.full_name)|owner\.login\s*==\s*github\.repository_owner|fork\s*==\s*false|id\s*==\s*github\.repository_id)|head_repository\.owner\.login\s*==|github\.(?:repository|event\.repository\.full_name)\s*==\s*github\.event\.[\w.]{1,60}head(?:_repository|\.repo)\.full_name|!\s{0,3}github\.event\.[\w.]{1,60}\.fork\b/
/** What came before ran for a push, a release, a schedule: by those who may write. */
const ownEvent =
  /github\.event\.workflow_run\.event\s*(?:==\s*["'](?:push|release|schedule|workflow_dispatch|merge_group|create)["']|!=\s*["']pull_request["'])/
const ownTrigger =
  /github\.event_name\s*==\s*["'](?:push|release|schedule|workflow_dispatch|workflow_call|merge_group)["']/
const knownAuthor = /author_association/
const labelled = /github\.event\.label\.name\s*==|contains\(\s*github\.event\.pull_request\.labels/

/** Whether a condition lets strangers in. One of several parts that may hold instead lets them in. */
export const isForStrangers = (condition: string | null): boolean => {
  if (condition === null) return true
  return condition
    .split('||')
    .some(part => ![ownRepository, ownEvent, ownTrigger, knownAuthor, labelled].some(keeps => keeps.test(part)))
}
