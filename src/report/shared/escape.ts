// Text from outside is hostile: what each output format needs done to it before it may be shown.
import { clean, cleanBlock, longestValue } from '../../core/clean.ts'

/** Text for HTML, in content and in quoted attributes. */
export const escapeHtml = (text: string, limit: number = longestValue): string =>
  cleanBlock(text, limit).replace(/[&<>"'`]/g, character => `&#${character.charCodeAt(0)};`)

/** Text for XML 1.0: what the standard forbids is gone, what it reserves is escaped; line breaks in attributes survive. */
export const escapeXml = (text: string, limit: number = longestValue): string =>
  cleanBlock(text, limit).replace(/[&<>"'\n\t]/g, character =>
    character === '\n' || character === '\t' ? `&#${character.charCodeAt(0)};` : xmlEntities[character]!,
  )

const xmlEntities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }

/** Prose for Markdown (CommonMark and GitHub's): one line, nothing of it is read as markup, HTML, link, table or formula. */
export const escapeMarkdown = (text: string, limit: number = longestValue): string =>
  clean(text, limit)
    .replace(/[\\`*_[\]~|$]/g, '\\$&')
    .replace(/&(?=#?\w)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/^(?:[#+=-]|\d{1,9}[.)])(?=\s|$|[#+=-])/, at => at.replace(/[#+=.)-]$/, '\\$&'))

const longestRun = (text: string, character: string): number => {
  let longest = 0
  for (const run of text.matchAll(new RegExp(`\\${character}+`, 'g'))) longest = Math.max(longest, run[0].length)
  return longest
}

/** Code span for Markdown, on one line; `inTable` escapes the pipe as tables need it. */
export const markdownCode = (text: string, more: { limit?: number; inTable?: boolean } = {}): string => {
  const shown = clean(text, more.limit) || '(empty)'
  const inside = more.inTable ? shown.replace(/\\*\|/g, run => run.replace(/\|/, '\\|')) : shown
  const fence = '`'.repeat(longestRun(inside, '`') + 1)
  const pad = /^`|`$/.test(inside) ? ' ' : ''
  return `${fence}${pad}${inside}${pad}${fence}`
}

/** Fenced code block for Markdown, indented by `indent`; the fence is longer than any in the text. */
export const markdownBlock = (text: string, language = '', indent = '', limit?: number): string => {
  const inside = cleanBlock(text, limit).replace(/\n+$/, '')
  const fence = '`'.repeat(Math.max(3, longestRun(inside, '`') + 1))
  return [`${fence}${language}`, ...inside.split('\n'), fence].map(line => (line ? indent + line : line)).join('\n')
}

/**
 * One field of CSV (RFC 4180 §2), quoted where needed. A field that a spreadsheet would run as a formula is led in by
 * an apostrophe (OWASP, CSV injection): one that begins with = + - @, their full-width forms, or a tab or line break.
 */
export const csvField = (text: string, limit?: number): string => {
  const shown = cleanBlock(text, limit)
  const harmless = /^[\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(shown) || /^[\t\n]/.test(shown) ? `'${shown}` : shown
  return /[",\n\r;\t]|^\s|\s$/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless
}

/** Message of a workflow command of GitHub Actions. */
export const commandMessage = (text: string, limit?: number): string =>
  cleanBlock(text, limit).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')

/** Property of a workflow command, where colon and comma have a meaning too. */
export const commandProperty = (text: string, limit?: number): string =>
  commandMessage(clean(text, limit)).replace(/:/g, '%3A').replace(/,/g, '%2C')

/** A link that may be followed: http and https alone, as the URL standard writes it; null for everything else. */
export const safeLink = (url: string): string | null => {
  const shown = clean(url, 2_000)
  if (!/^https?:\/\//i.test(shown) || !URL.canParse(shown)) return null
  const { href } = new URL(shown)
  return href.replace(/[()<>"'`\\|[\]*_]/g, character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
