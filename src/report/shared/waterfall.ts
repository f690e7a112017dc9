// The waterfall of a visit as a picture: one bar for each request, what is drawn when as lines. Text from outside is escaped; nothing is loaded.

import type { PageRequest, PageRun } from '../../formats/perf/page-runs.ts'
import { waitInWords } from '../../formats/perf/route-words.ts'
import { escapeHtml } from './escape.ts'

const size = { width: 960, names: 300, row: 18, head: 34, most: 40 } as const

const colours: Readonly<Record<string, string>> = {
  document: '#2f6fd0',
  script: '#c98a12',
  stylesheet: '#7a4fc0',
  image: '#2f8f5b',
  font: '#b0457a',
  fetch: '#4c7d86',
  xhr: '#4c7d86',
}
const colourOf = (kind: string): string => (Object.hasOwn(colours, kind) ? colours[kind]! : '#6b7280')

/** The end of an address, which tells files apart. */
const nameOf = (url: string, third: string | null): string => {
  const path = URL.canParse(url) ? new URL(url).pathname : url
  const shown = path.length > 34 ? `…${path.slice(-33)}` : path
  return third === null ? shown : `${third} ${shown.slice(-16)}`
}

type Scale = (milliseconds: number) => number

const bar = (request: PageRequest, index: number, x: Scale, last: number): string => {
  const { start, firstByte, end, kind, third, blocking } = request
  const y = size.head + index * size.row
  const until = end ?? last
  const first = Math.min(firstByte ?? until, until)
  const width = (from: number, to: number): string => Math.max(1, x(to) - x(from)).toFixed(1)
  const colour = colourOf(kind)
  return `<text x="0" y="${y + 12}" font-family="sans-serif" font-size="11" fill="#374151">${escapeHtml(nameOf(request.url, third), 60)}${blocking ? ' ■' : ''}</text><rect x="${x(start).toFixed(1)}" y="${y + 2}" width="${width(start, first)}" height="12" fill="${colour}" opacity=".35"/><rect x="${x(first).toFixed(1)}" y="${y + 2}" width="${width(first, until)}" height="12" fill="${colour}"/>`
}

const words = (x: number, y: number, colour: string, text: string, end = false): string =>
  `<text x="${x.toFixed(1)}" y="${y}" font-family="sans-serif" font-size="11" fill="${colour}"${end ? ' text-anchor="end"' : ''}>${text}</text>`

const mark = (label: string, at: number, x: Scale, height: number, colour: string): string => {
  // Near the edge the words stand before their line.
  const isLate = x(at) > size.width - 110
  return `<line x1="${x(at).toFixed(1)}" y1="20" x2="${x(at).toFixed(1)}" y2="${height}" stroke="${colour}" stroke-dasharray="4 3"/>${words(x(at) + (isLate ? -3 : 3), label === 'LCP' ? 30 : 18, colour, `${label} ${waitInWords(at)}`, isLate)}`
}

/** Lines at whole seconds, or at fewer where there are many. */
const ticks = (last: number, x: Scale, height: number): string => {
  const step = Math.max(1, Math.ceil(last / 1000 / 10)) * 1000
  return Array.from({ length: Math.floor(last / step) }, (_, index) => x((index + 1) * step).toFixed(1))
    .map(
      (at, index) =>
        `<line x1="${at}" y1="${size.head}" x2="${at}" y2="${height}" stroke="#e5e7eb"/>${words(Number(at) - 3, height - 2, '#9ca3af', `${((index + 1) * step) / 1000} s`, true)}`,
    )
    .join('')
}

/** The picture of one visit. */
export const waterfallSvg = (run: PageRun, title: string): string => {
  const requests = run.requests.slice(0, size.most)
  const last = Math.max(run.lcp, 1, ...requests.map(({ start, end }) => end ?? start)) * 1.02
  const x: Scale = milliseconds => size.names + (Math.min(milliseconds, last) / last) * (size.width - size.names - 10)
  const more = run.requests.length - requests.length
  const below = size.head + requests.length * size.row
  const legend = 18
  const height = below + (more > 0 ? 16 : 0) + 2 * legend
  const rest = more > 0 ? words(0, below + 12, '#374151', `and ${more} more requests`) : ''
  const isHeldUp = requests.some(({ blocking }) => blocking)
  const key = `pale: waiting for the first byte; full: loading${isHeldUp ? '; ■ nothing is drawn before it is there' : ''}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${height}" width="${size.width}" height="${height}" role="img" aria-label="${escapeHtml(title, 120)}"><rect width="${size.width}" height="${height}" fill="#fff"/>${ticks(last, x, height - legend)}${requests.map((request, index) => bar(request, index, x, last)).join('')}${mark('first paint', run.fcp, x, height - legend, '#2f8f5b')}${mark('LCP', run.lcp, x, height - legend, '#b42318')}${rest}${words(0, height - 5, '#6b7280', key)}</svg>`
}
