// The handover in Markdown, its machine-made parts between marks, so that they can be written anew and people's words stay.
import { createHash } from 'node:crypto'
import { escapeMarkdown, markdownBlock, markdownCode, safeLink } from '../../report/shared/escape.ts'
import type { Block, Line, Paper, Section, Span } from './blocks.ts'

const span = (one: Span, inTable: boolean): string => {
  if (typeof one === 'string') {
    const lead = /^\s/.test(one) ? ' ' : ''
    const tail = one.length > 1 && /\s$/.test(one) ? ' ' : ''
    return `${lead}${escapeMarkdown(one.trim(), 2000)}${tail}`
  }
  if ('code' in one) return markdownCode(one.code, { inTable, limit: 2000 })
  if ('strong' in one) return `**${escapeMarkdown(one.strong)}**`
  const url = safeLink(one.link)
  const label = escapeMarkdown(one.text ?? one.link)
  return url === null ? label : `[${label}](<${url.replace(/[<>]/g, '')}>)`
}

const line = (given: Line, inTable = false): string => given.map(one => span(one, inTable)).join('')

const rowsOf = (head: readonly string[], rows: readonly (readonly Line[])[]): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map(() => '---').join(' | ')} |`,
  ...rows.map(cells => `| ${cells.map(cell => line(cell, true) || ' ').join(' | ')} |`),
]

const block = (one: Block): string[] => {
  switch (one.kind) {
    case 'text':
      return [line(one.line)]
    case 'heading':
      return [`### ${escapeMarkdown(one.text)}`]
    case 'note':
      return [`> ${line(one.line)}`]
    case 'steps':
      return one.items.map((item, at) => `${at + 1}. ${line(item)}`)
    case 'list':
      return one.items.map(item => `- ${line(item)}`)
    case 'check':
      return one.items.map(item => `- [ ] ${line(item)}`)
    case 'code':
      return [markdownBlock(one.text, 'sh')]
    case 'table':
      return rowsOf(one.head, one.rows)
    case 'facts':
      return rowsOf(
        ['What', 'Where it stands'],
        one.rows.map(([label, value]) => [[label], value]),
      )
    case 'signature':
      return rowsOf(
        ['Name', 'Role', 'Date', 'Signature'],
        one.rows.map(([name, role, at]) => [[name], [role], [at], []]),
      )
  }
}

const sectionText = (section: Section): string =>
  [
    `## ${escapeMarkdown(section.title)}`,
    '',
    ...(section.sub ? [escapeMarkdown(section.sub), ''] : []),
    ...section.blocks.flatMap(one => [...block(one), '']),
  ]
    .join('\n')
    .trimEnd()

const hashOf = (text: string): string => createHash('sha256').update(text.trim()).digest('hex').slice(0, 12)
const begin = (id: string, text: string): string => `<!-- launch-ready:begin ${id} ${hashOf(text)} -->`
const end = (id: string): string => `<!-- launch-ready:end ${id} -->`

const marked = (id: string, text: string): string => `${begin(id, text)}\n${text}\n${end(id)}`

const cover = ({ title, people, verdict, glance }: Paper): string =>
  [
    `# ${escapeMarkdown(title)}`,
    '',
    ...people.map(([what, who]) => `- ${escapeMarkdown(what)}: ${escapeMarkdown(who)}`),
    '',
    `**${escapeMarkdown(verdict.text)}** ${escapeMarkdown(verdict.more, 2000)}`,
    '',
    ...rowsOf(
      ['At a glance', ''],
      glance.map(([label, value]) => [[label], value]),
    ),
    '',
    'The parts between the marks of launch-ready are written by `launch-ready handover write` and kept true by `launch-ready handover verify --update`. Write your own words outside of them: they stay.',
  ].join('\n')

const beginMark = /^<!-- launch-ready:begin ([\w-]+) ([0-9a-f]{12}) -->$/
const endMark = /^<!-- launch-ready:end ([\w-]+) -->$/

/** People's words in a document of ours, by the part after which they stand; `''` before the first. Null where it is none of ours. */
export const peoplesWords = (former: string): Map<string, string> | null => {
  if (!/^<!-- launch-ready:begin /m.test(former)) return null
  const words = new Map<string, string[]>()
  const add = (id: string, rows: readonly string[]): void => void words.set(id, [...(words.get(id) ?? []), ...rows])
  let last = ''
  let inside: { id: string; hash: string; rows: string[] } | null = null
  for (const row of former.split(/\r?\n/)) {
    const opened = beginMark.exec(row)
    const closed = endMark.exec(row)
    if (opened) {
      // A part that was never closed: what stood in it is kept.
      if (inside) add(inside.id, inside.rows)
      inside = { id: opened[1]!, hash: opened[2]!, rows: [] }
    } else if (closed && inside) {
      if (hashOf(inside.rows.join('\n')) !== inside.hash)
        add(inside.id, ['', '<!-- changed by hand in the part above; kept as it was: -->', ...inside.rows])
      last = inside.id
      inside = null
    } else if (inside) inside.rows.push(row)
    else add(last, [row])
  }
  if (inside) add(inside.id, inside.rows)
  return new Map(
    [...words].map(([id, rows]) => [id, rows.join('\n').trim()] as const).filter(([, kept]) => kept !== ''),
  )
}

/** The document; `former` gives the words of people that stay. */
export const printMarkdown = (paper: Paper, former: string | null = null): string => {
  const words = former === null ? new Map<string, string>() : (peoplesWords(former) ?? new Map<string, string>())
  const parts = [
    { id: 'cover', text: cover(paper) },
    ...paper.sections.map(section => ({ id: section.id, text: sectionText(section) })),
  ]
  const known = new Set(parts.map(({ id }) => id))
  const lost = [...words].filter(([id]) => id !== '' && !known.has(id)).map(([, kept]) => kept)
  const before = words.get('')
  const all = [
    ...(before ? [before] : []),
    ...parts.flatMap(({ id, text }) => [marked(id, text), ...(words.has(id) ? [words.get(id)!] : [])]),
    ...lost,
  ]
  return `${all.join('\n\n')}\n`
}
