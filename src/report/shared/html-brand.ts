// What whoever hands the report over brings along: colours, paper, closing words. Nothing of it is markup.
import { contrast, inkOn, isColor, readable } from '../../formats/html/contrast.ts'
import type { ReportOptions } from '../options.ts'
import { text } from './html-text.ts'

/** Grounds of the sheet, light and dark, on which links and headings stand. */
const grounds = { light: '#eef1f5', dark: '#222a34' }

/** Custom properties for the colours; a colour that is none is not used, one that cannot be read is shaded until it can. */
export const brandStyle = ({ colors, paper }: ReportOptions, printed: boolean): string => {
  const accent = colors?.accent && isColor(colors.accent) ? colors.accent : null
  const cover = colors?.cover && isColor(colors.cover) ? colors.cover : accent
  const size = printed ? `@page{size:${paper === 'Letter' ? 'Letter' : 'A4'}}\n` : ''
  const band = cover ? `:root{--band:${cover};--on-band:${inkOn(cover)}}\n` : ''
  if (!accent) return band + size
  const light = contrast(accent, grounds.light) >= 4.5 ? accent : readable(accent, grounds.light)
  const dark = readable(accent, grounds.dark)
  const set = (color: string): string => `:root{--link:${color};--accent:${color}}`
  return `${set(light)}@media (prefers-color-scheme:dark){${set(dark)}}@media print{${set(light)}}\n${band}${size}`
}

/** Paragraphs of the closing words, escaped. */
export const closingWords = ({ closing, consultant }: ReportOptions): string => {
  const paragraphs = (closing ?? '')
    .slice(0, 4_000)
    .split(/\r?\n[^\S\n]*\r?\n/)
    .map(part => text(part, 2_000))
    .filter(Boolean)
    .map(part => `<p>${part}</p>`)
  return paragraphs.length
    ? `${paragraphs.join('')}${consultant ? `<p class="by">${text(consultant, 300)}</p>` : ''}`
    : ''
}
