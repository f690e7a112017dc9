// Format name → reporter, imported when it is asked for.
import type { Reporter } from './options.ts'

/** Every format that is text; `pdf` is made by pdf.ts, since it needs a browser. */
export const reporters: Record<
  'terminal' | 'markdown' | 'html' | 'json' | 'sarif' | 'junit' | 'github' | 'gitlab' | 'csv',
  () => Promise<Reporter>
> = {
  terminal: async () => (await import('./terminal.ts')).terminal,
  markdown: async () => (await import('./markdown.ts')).markdown,
  html: async () => (await import('./html.ts')).html,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif.ts')).sarif,
  junit: async () => (await import('./junit.ts')).junit,
  github: async () => (await import('./github.ts')).github,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
  csv: async () => (await import('./csv.ts')).csv,
}
