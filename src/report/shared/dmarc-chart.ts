// Volume and pass rate of DMARC reports, day by day, as one inline SVG and as the table that says the same; and who sends.

import { clean } from '../../core/clean.ts'
import { passRate, type Summary } from '../../formats/dmarc/summary.ts'
import { escapeHtml } from './escape.ts'

const text = (from: string, limit = 200): string => escapeHtml(clean(from, limit), limit + 60)
const count = (number: number): string => number.toLocaleString('en-US')

/** Most days that are drawn: the newest. */
const dayLimit = 90

const width = 720
const height = 220
const frame = { left: 56, right: 8, top: 12, bottom: 34 }

/** A round number at or above the largest day: 1, 2 or 5 times a power of ten. */
const roof = (most: number): number => {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)))
  return [1, 2, 5, 10].map(times => times * power).find(value => value >= most) ?? most
}

const day = (from: string, add: number): string =>
  new Date(Date.parse(`${from}T00:00:00Z`) + add * 86_400_000).toISOString().slice(0, 10)

/** Every day between the first and the last, so that a day without reports is seen as one. */
const calendar = (days: Summary['days']): Summary['days'] => {
  const dated = days.filter(item => /^\d{4}-\d{2}-\d{2}$/.test(item.day))
  const last = dated.at(-1)?.day
  if (last === undefined) return []
  const known = new Map(dated.map(item => [item.day, item]))
  const span = Math.round((Date.parse(last) - Date.parse(dated[0]!.day)) / 86_400_000) + 1
  const length = Math.min(span, dayLimit)
  return Array.from({ length }, (_, at) => {
    const name = day(last, at - length + 1)
    return known.get(name) ?? { day: name, messages: 0, passing: 0 }
  })
}

/** The chart; empty where no day is known. Colours come from the sheet's classes; nothing in it is a style. */
export const dayChart = (summary: Summary): string => {
  const days = calendar(summary.days)
  if (!days.length) return ''
  const top = roof(Math.max(...days.map(item => item.messages)))
  const inner = { width: width - frame.left - frame.right, height: height - frame.top - frame.bottom }
  const step = inner.width / days.length
  const bar = Math.max(1, Math.min(step * 0.8, 28))
  const at = (messages: number): number => (messages / top) * inner.height
  const base = frame.top + inner.height
  const fixed = (value: number): string => value.toFixed(1).replace(/\.0$/, '')
  const bars = days.map((item, index) => {
    const x = frame.left + index * step + (step - bar) / 2
    const pass = at(item.passing)
    const fail = at(item.messages - item.passing)
    const title = `${item.day}: ${count(item.messages)} messages, ${item.messages ? passRate(item) : 'none'}${item.messages ? ' pass' : ''}`
    return `<g><title>${title}</title>${
      pass
        ? `<rect class="pass" x="${fixed(x)}" y="${fixed(base - pass)}" width="${fixed(bar)}" height="${fixed(pass)}"/>`
        : ''
    }${
      fail
        ? `<rect class="fails" x="${fixed(x)}" y="${fixed(base - pass - fail)}" width="${fixed(bar)}" height="${fixed(fail)}"/>`
        : ''
    }</g>`
  })
  const lines = [0, 0.5, 1].map(part => {
    const y = base - part * inner.height
    return `<line class="grid" x1="${frame.left}" x2="${width - frame.right}" y1="${fixed(y)}" y2="${fixed(y)}"/><text x="${frame.left - 6}" y="${fixed(y + 4)}" text-anchor="end">${count(Math.round(top * part))}</text>`
  })
  const marks = [...new Set([0, Math.floor((days.length - 1) / 2), days.length - 1])].map(index => {
    const x = frame.left + (index + 0.5) * step
    const anchor =
      days.length === 1 || (index > 0 && index < days.length - 1) ? 'middle' : index === 0 ? 'start' : 'end'
    return `<text x="${fixed(anchor === 'start' ? frame.left : anchor === 'end' ? width - frame.right : x)}" y="${height - 12}" text-anchor="${anchor}">${days[index]!.day}</text>`
  })
  const named = `Messages a day from ${days[0]!.day} to ${days.at(-1)!.day}: ${count(summary.messages)} in all, ${passRate(summary)} pass. The table below says the same.`
  return `<svg class="days" viewBox="0 0 ${width} ${height}" role="img" aria-label="${named}">${lines.join('')}${bars.join('')}${marks.join('')}</svg>
<p class="small key"><span class="pass">■</span> pass <span class="fails">■</span> fail</p>`
}

const row = (cells: readonly string[]): string => `<tr>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`
const table = (head: readonly string[], rows: readonly string[][]): string =>
  `<table class="plain"><thead><tr>${head.map(name => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>${rows.map(row).join('\n')}</tbody></table>`

const kinds: Record<Summary['sources'][number]['kind'], string> = {
  'own-sender': 'yours',
  provider: 'a mail service',
  forwarder: 'forwarded',
  unknown: 'not known',
}

/** Chart, days and sources of a summary, as the body of a section. */
export const reportsBody = (summary: Summary): string => {
  const days = summary.days.slice(-dayLimit)
  return `<p>${text(summary.domains.join(', '), 300)}: ${count(summary.messages)} messages in ${count(summary.reports)} reports, ${passRate(summary)} pass. <strong>${
    summary.verdict.ready ? 'The policy can be tightened' : 'Not ready to enforce'
  }</strong>: ${text(summary.verdict.because.join('; '), 1_000)}.</p>
<figure>${dayChart(summary)}</figure>
${table(
  ['Who sends', 'What it is', 'Messages', 'Pass', 'From'],
  summary.sources
    .slice(0, 50)
    .map(source => [
      text(source.name),
      kinds[source.kind],
      count(source.messages),
      passRate(source),
      text(
        `${source.addresses.slice(0, 3).join(', ')}${source.addressCount > 3 ? ` and ${source.addressCount - 3} more` : ''}`,
      ),
    ]),
)}
<details><summary>Day by day</summary>${table(
    ['Day', 'Messages', 'Pass', 'Fail'],
    days.map(item => [text(item.day, 20), count(item.messages), passRate(item), count(item.messages - item.passing)]),
  )}</details>`
}
