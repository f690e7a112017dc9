// Which events bring a stranger's text, with which rights, and which conditions of a job keep strangers out.
import { literally } from '../literally.ts'

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
 * it; `never`: no event that starts the pipeline has such text; `gated`: only what somebody of the project took in.
 */
export const reachOfText = (
  expression: string,
  events: readonly string[],
): { reach?: 'harmless' | 'never' | 'gated' } => {
  if (events.length === 0 || events.includes('workflow_call')) return {}
  const parts = partsOf.filter(([part]) => part.test(expression))
  const bringing = parts.length ? events.filter(event => parts.some(([, from]) => from.includes(event))) : events
  if (bringing.length === 0) return { reach: 'never' }
  // Of a push without a part named (a variable, an output) it is the pull request that brings the words.
  const isHarmless = bringing.every(event => harmless.has(event) || (parts.length === 0 && event === 'push'))
  // The words of a commit come to a branch by whoever may write there, or takes them from a pull request that shows them.
  const isTaken = parts.length > 0 && bringing.every(event => event === 'push')
  return isHarmless ? { reach: 'harmless' } : isTaken ? { reach: 'gated' } : {}
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

/** The parts of a condition between `||` or `&&`, as far as no bracket stands around them. */
const piecesOf = (condition: string, operator: '||' | '&&'): string[] => {
  const parts = ['']
  let depth = 0
  for (const piece of condition.split(/(\|\||&&|[()])/)) {
    if (piece === '(') depth++
    if (piece === ')') depth--
    if (piece === operator && depth === 0) parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts
}

const keepsOut = [ownRepository, ownEvent, ownTrigger, knownAuthor, labelled]
const mostBrackets = 20

/** One of several parts that may hold instead lets strangers in; of those that have to hold together one keeps them out. */
const letsIn = (condition: string, keeping: readonly RegExp[], depth = 0): boolean => {
  const either = piecesOf(condition, '||')
  if (either.length > 1) return either.some(part => letsIn(part, keeping, depth))
  const both = piecesOf(condition, '&&')
  if (both.length > 1) return both.every(part => letsIn(part, keeping, depth))
  const inner = /^\s*\((.*)\)\s*$/s.exec(condition)?.[1]
  return inner !== undefined && depth < mostBrackets
    ? letsIn(inner, keeping, depth + 1)
    : !keeping.some(one => one.test(condition))
}

const unwrapped = (condition: string): string => condition.trim().replace(/^\$\{\{([\s\S]*)\}\}$/, '$1')

/** Whether a condition lets strangers in; `more`: what else keeps them out. */
export const isForStrangers = (condition: string | null, more: readonly RegExp[] = []): boolean =>
  condition === null || letsIn(unwrapped(condition), [...keepsOut, ...more])

/**
 * Whether conditions leave an expression one value that the workflow itself names (`head_branch == 'main'`), or let the step run only for events
 * that have no such text.
 */
export const isPinned = (expression: string, conditions: readonly (string | null)[]): boolean => {
  const name = expression
    .slice(0, 300)
    .replace(/^\$\{\{/, '')
    .replace(/\}\}$/, '')
    .trim()
  if (!/^[\w.-]{1,200}$/.test(name)) return false
  const named = literally(name)
  const equal = new RegExp(`(?<![\\w.])${named}\\s{0,3}==\\s{0,3}['"]|['"]\\s{0,3}==\\s{0,3}${named}(?![\\w.])`)
  const bringing = partsOf.filter(([part]) => part.test(name)).flatMap(([, from]) => from)
  const otherEvent = bringing.length
    ? [new RegExp(`github\\.event_name\\s{0,3}==\\s{0,3}["'](?!(?:${bringing.join('|')})["'])`)]
    : []
  return conditions.some(condition => condition !== null && !letsIn(unwrapped(condition), [equal, ...otherEvent]))
}

/** Events whose runs have secrets though a stranger starts them. */
const trusting = ['pull_request_target', 'workflow_run', 'issue_comment']
const plainRequest = /github\.event_name\s*==\s*["']pull_request["']/
/** The run is of a pull request: one that brings no secrets, where the pipeline knows no `pull_request_target`. */
const ofRequest = /^[\s(]*github\.event\.pull_request(?:\.(?:number|id))?(?:\s*!=\s*(?:null|''|""))?[\s)]*$/

/** What keeps strangers from secrets where a pipeline has these events: a run of another event, which has none for them. */
export const withoutSecrets = (events: readonly string[]): RegExp[] => {
  const risky = trusting.filter(event => events.includes(event))
  return [
    plainRequest,
    ...(risky.includes('pull_request_target') ? [] : [ofRequest]),
    ...(risky.length === 1 ? [new RegExp(`github\\.event_name\\s*!=\\s*["']${risky[0]}["']`)] : []),
  ]
}

/** Words of a workflow that decides by itself whom it trusts: it asks for rights, for a membership, for somebody's consent. */
const asksWho =
  /author_?association|collaborators?\/?\w*permission|getCollaboratorPermissionLevel|permission[-_]?check|check[-_](?:\w+[-_])?permission|actor[-_]permission|(?:org|team)[-_]?member|is[-_]?trusted|trust[-_]?check|safe[-_]to[-_]test|ok[-_]to[-_]test|vouch/i
/** A condition on such a decision. */
const onDecision =
  /\b(?:needs|steps)\.[\w-]{0,40}(?:trust|safe|authori[sz]|permi|allow|member|approv|access|should[-_]?run)[\w-]{0,40}\.|\.outputs\.[\w-]{0,40}(?:trust|safe|authori[sz]|permi|allow|member|approv|should[-_]?run|fork|outside|external)/i

type Gate = { condition: string | null; environment: string | null; texts: readonly string[] }

/**
 * Whether a job asks who it is, in a way of its own, before it goes on: in its condition, in a step before, in a job that it needs, or by an
 * environment, whose runs people may have to allow. Whether the way holds is not told here.
 */
export const isGated = (gates: readonly Gate[]): boolean =>
  gates.some(
    ({ condition, environment, texts }) =>
      environment !== null || onDecision.test(condition ?? '') || texts.some(text => asksWho.test(text)),
  )
