// The handover as one HTML document, for the screen, the phone and the printer. No script, no request.
import { clean, cleanBlock } from '../../core/clean.ts'
import { escapeHtml, safeLink } from '../../report/shared/escape.ts'
import { htmlPage, withStyle } from '../../report/shared/html-page.ts'
import { attribute, text } from '../../report/shared/html-text.ts'
import type { Block, Line, Paper, Section, Span } from './blocks.ts'
import { style } from './style.ts'

const logoPattern = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}$/

const padded = (given: string): string => {
  const lead = /^\s/.test(given) ? ' ' : ''
  const tail = given.length > 1 && /\s$/.test(given) ? ' ' : ''
  return `${lead}${text(given.trim(), 2000)}${tail}`
}

const span = (one: Span): string => {
  if (typeof one === 'string') return padded(one)
  if ('code' in one) return `<code>${text(one.code, 2000)}</code>`
  if ('strong' in one) return `<strong>${text(one.strong)}</strong>`
  const url = safeLink(one.link)
  const label = text(one.text ?? one.link.replace(/^https?:\/\//, '').replace(/\/$/, ''))
  // A printed link that shows other words than its address is followed by it.
  const named = one.text !== undefined && !url?.startsWith('mailto:') ? ' class="named"' : ''
  return url === null ? label : `<a${named} href="${escapeHtml(url)}" rel="noreferrer">${label}</a>`
}

const line = (given: Line): string => given.map(span).join('')

const isDay = /^\d{4}-\d{2}-\d{2}$/

const marks: Readonly<Record<string, string>> = { yes: 'yes', no: 'no', 'not known': 'open' }

/** A yes, a no, and what is not known stand out. */
const cell = (given: Line, label: string): string => {
  const only = given.length === 1 && typeof given[0] === 'string' ? marks[given[0]] : undefined
  const day = given.length === 1 && typeof given[0] === 'string' && isDay.test(given[0])
  const inner = only || day ? `<span class="${only ? `mark ${only}` : 'day'}">${line(given)}</span>` : line(given)
  return `<td data-label="${attribute(label)}">${inner}</td>`
}

const table = (head: readonly string[], rows: readonly (readonly Line[])[], kind = ''): string =>
  `<div class="wide"><table${kind ? ` class="${kind}"` : ''}><thead><tr>${head.map(one => `<th scope="col">${text(one)}</th>`).join('')}</tr></thead><tbody>${rows
    .map(cells => `<tr>${cells.map((one, at) => cell(one, head[at] ?? '')).join('')}</tr>`)
    .join('')}</tbody></table></div>`

const items = (tag: 'ol' | 'ul', given: readonly Line[], kind: string): string =>
  `<${tag} class="${kind}">${given.map(one => `<li>${line(one)}</li>`).join('')}</${tag}>`

const block = (one: Block): string => {
  switch (one.kind) {
    case 'text':
      return `<p>${line(one.line)}</p>`
    case 'heading':
      return `<h3>${text(one.text)}</h3>`
    case 'note':
      return `<p class="note ${one.tone}">${line(one.line)}</p>`
    case 'steps':
      return items('ol', one.items, 'steps')
    case 'list':
      return items('ul', one.items, 'plain-list')
    case 'check':
      return items('ul', one.items, 'boxes')
    case 'code':
      return `<pre>${escapeHtml(cleanBlock(one.text, 4000), 4100)}</pre>`
    case 'table':
      return table(one.head, one.rows, `cols${one.head.length}`)
    case 'facts':
      return `<dl class="facts">${one.rows.map(([label, value]) => `<div><dt>${text(label)}</dt><dd>${line(value)}</dd></div>`).join('')}</dl>`
    case 'signature':
      return `<div class="sign">${one.rows
        .map(
          ([name, role, at]) =>
            `<div><p class="rule"></p><p>${text(name) || 'Name'}<span>${text(role)}</span></p><p class="at">${text(at) || 'Date'}</p></div>`,
        )
        .join('')}</div>`
  }
}

/** What people wrote in the Markdown document, as they wrote it. */
const words = (kept: string | undefined): string =>
  kept
    ? `<div class="words"><p class="by">Added by hand</p><div>${escapeHtml(cleanBlock(kept.replace(/<!--[\s\S]{0,400}?-->/g, ''), 20_000), 21_000)}</div></div>`
    : ''

const sectionOf = ({ id, title, sub, blocks, pageBreak }: Section, kept: string | undefined): string =>
  `<section aria-labelledby="${id}"${pageBreak ? ' class="page"' : ''}><h2 id="${id}">${text(title)}</h2>${sub ? `<p class="sub">${text(sub)}</p>` : ''}
${blocks.map(block).join('\n')}${words(kept)}</section>`

const contents = ({ sections }: Paper): string =>
  `<nav aria-label="Contents"><ul class="contents">${sections.map(({ id, title }) => `<li><a href="#${id}">${text(title)}</a></li>`).join('')}</ul></nav>`

const cover = (paper: Paper): string => {
  const { title, people, verdict, logo, consultant } = paper
  const picture = logo && logo.length <= 200_100 && logoPattern.test(logo) ? logo : null
  return `<header class="cover">
${picture ? `<img src="${picture}" alt="${attribute(consultant ?? 'Logo', 120)}">` : ''}
<p class="kind">Handover</p>
<h1>${text(title, 253)}</h1>
<dl class="people">${people.map(([what, who]) => `<div><dt>${text(what)}</dt><dd>${text(who, 200)}</dd></div>`).join('')}</dl>
<div class="verdict ${verdict.tone}"><strong>${text(verdict.text)}</strong><p>${text(verdict.more, 2000)}</p></div>
<h2 class="glance">At a glance</h2>
${block({ kind: 'facts', rows: paper.glance })}
<h2 class="glance">What is in here</h2>
${contents(paper)}</header>`
}

const pageFoot = ({ domain, date }: Paper): string => {
  const safe = clean(`Handover of ${domain}, ${date}`, 120).replace(
    /[^a-zA-Z0-9 .-]/gu,
    character => `\\${character.codePointAt(0)!.toString(16)} `,
  )
  return `@page{@bottom-left{content:"${safe}"}@bottom-right{content:counter(page) " / " counter(pages)}}\n`
}

/** The document; `kept` are people's words by the part after which they stand. */
export const printHtml = (paper: Paper, kept: ReadonlyMap<string, string> = new Map()): string =>
  htmlPage(
    `Handover of ${attribute(paper.domain, 253)}, ${attribute(paper.date, 40)}`,
    style + pageFoot(paper),
    `<a class="skip" href="#main">To the handover</a>
${cover(paper)}
<main id="main">
${words(kept.get('')) + words(kept.get('cover'))}
${paper.sections.map(section => sectionOf(section, kept.get(section.id))).join('\n')}
</main>
<footer>${paper.consultant ? `${text(paper.consultant, 120)}, with launch-ready` : 'Made by launch-ready'}. ${text(paper.date, 40)}.</footer>`,
  )

/** The same page for a size of paper: what a printer is not asked about. */
export const forPaper = (page: string, size: string): string => {
  const css = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1]
  return css === undefined ? page : withStyle(page, css, `${css}@page{size:${size}}\n`)
}
