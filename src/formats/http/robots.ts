// robots.txt and robots directives of pages, as search engines read them (RFC 9309; Google's X-Robots-Tag).
import type { HtmlPage } from '../html/html.ts'
import { type Headers, headerValues } from './headers.ts'

type Rule = { allow: boolean; path: string }
export type RobotsGroup = { agents: string[]; rules: Rule[] }

const most = { bytes: 512_000, rules: 5000 }

/** Groups of a robots.txt (RFC 9309 §2.2). What is no rule, an HTML page say, is passed over. */
export const parseRobots = (text: string): RobotsGroup[] => {
  const groups: RobotsGroup[] = []
  let current: RobotsGroup | null = null
  let rules = 0
  for (const line of text.slice(0, most.bytes).split(/\r\n|\r|\n/)) {
    const [, key = '', value = ''] =
      /^\s*([a-z-]+)\s*:\s*(.*)$/i.exec(line.replace(/^\uFEFF/, '').replace(/#.*/, '')) ?? []
    const name = key.toLowerCase()
    if (name === 'user-agent') {
      // Agents that follow each other share the rules behind them.
      if (!current || current.rules.length > 0) {
        current = { agents: [], rules: [] }
        groups.push(current)
      }
      current.agents.push(value.trim().toLowerCase())
    } else if (current && (name === 'allow' || name === 'disallow') && rules++ < most.rules)
      current.rules.push({ allow: name === 'allow', path: value.trim() })
  }
  return groups
}

const matches = (pattern: string, path: string): boolean => {
  if (pattern === '') return false
  const end = pattern.endsWith('$')
  const parts = (end ? pattern.slice(0, -1) : pattern).split('*')
  let at = 0
  for (const [index, part] of parts.entries()) {
    const found = index === 0 ? (path.startsWith(part) ? 0 : -1) : path.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return !end || at === path.length || (parts.length > 1 && parts.at(-1) === '')
}

/** Whether `agent` (`googlebot`) may fetch `path`: its own groups, else those of `*`; the longest rule decides, Allow on a tie. */
export const mayFetch = (groups: readonly RobotsGroup[], agent: string, path: string): boolean => {
  const own = groups.filter(group => group.agents.some(name => name === agent.toLowerCase()))
  const rules = (own.length ? own : groups.filter(group => group.agents.includes('*'))).flatMap(group => group.rules)
  const best = rules
    .filter(rule => matches(rule.path, path))
    .sort((a, b) => b.path.length - a.path.length || Number(b.allow) - Number(a.allow))[0]
  return best?.allow ?? true
}

const engines = /^(googlebot|bingbot|google)$/

/** Whether a page was to be shown until a day that is over, in any of the ways in which days are written; `now` in milliseconds. */
const isOver = (value: string, now: number): boolean => {
  const written = /\bunavailable_after\s*:\s*(.{6,60})/i
    .exec(value)?.[1]
    ?.replace(/,\s*(?:no|max-|index|all|follow)\w*.*$/i, '')
  const day = written === undefined ? Number.NaN : Date.parse(written.replace(/^(\d{1,2})-(\w{3})-(\d{4})/, '$1 $2 $3'))
  return day < now
}

/** Whether X-Robots-Tag values keep a page out of search engines: `noindex` or `none`, for all or for a big one, or a day that is over. */
export const headerForbidsIndex = (values: readonly string[], now: number): boolean =>
  values.some(value => {
    // An agent stands before the first colon and limits what follows in the same header to itself.
    const [, agent, rest] = /^\s*([a-z-]+)\s*:(?!\s*\d)(.*)$/i.exec(value) ?? []
    const known = agent && !/^(max-snippet|max-image-preview|max-video-preview|unavailable_after)$/i.test(agent)
    if (known && !engines.test(agent.toLowerCase())) return false
    const said = known ? rest! : value
    return said.split(',').some(word => /^(noindex|none)$/i.test(word.trim())) || isOver(said, now)
  })

/** The same for meta elements. */
export const metaForbidsIndex = (metas: readonly { name: string; content: string }[], now: number): boolean =>
  metas.some(
    meta =>
      (meta.name === 'robots' || engines.test(meta.name)) &&
      (meta.content.split(',').some(word => /^(noindex|none)$/i.test(word.trim())) || isOver(meta.content, now)),
  )

/** What keeps a page out of search engines, and the header, element or file that does. */
export type IndexBarrier = { how: 'x-robots-tag' | 'meta' | 'robots.txt'; value: string }

/** Everything that keeps Googlebot from showing the page; `robots` is the text of its host's robots.txt, empty where there is none. */
export const indexBarriers = (headers: Headers, page: HtmlPage, robots: string, now: number): IndexBarrier[] => {
  const tags = headerValues({ headers }, 'x-robots-tag')
  const mayRead = mayFetch(parseRobots(robots), 'googlebot', new URL(page.url).pathname)
  return [
    ...(headerForbidsIndex(tags, now) ? [{ how: 'x-robots-tag' as const, value: tags.join(', ') }] : []),
    ...(metaForbidsIndex(page.metas, now)
      ? [
          {
            how: 'meta' as const,
            value: `<meta name="robots" content="${page.metas.find(meta => metaForbidsIndex([meta], now))!.content}">`,
          },
        ]
      : []),
    ...(mayRead ? [] : [{ how: 'robots.txt' as const, value: robots }]),
  ]
}
