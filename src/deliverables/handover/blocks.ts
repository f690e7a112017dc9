// The handover as blocks: said once, printed as Markdown and as HTML. Text from outside is escaped by the printers.

export type Span = string | { code: string } | { link: string; text?: string } | { strong: string }
export type Line = readonly Span[]

export type Block =
  | { kind: 'text'; line: Line }
  | { kind: 'steps'; items: readonly Line[] }
  | { kind: 'list'; items: readonly Line[] }
  | { kind: 'check'; items: readonly Line[] }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly Line[])[]; narrow?: readonly number[] }
  | { kind: 'facts'; rows: readonly (readonly [string, Line])[] }
  | { kind: 'code'; text: string }
  | { kind: 'note'; tone: 'open' | 'bad' | 'good'; line: Line }
  | { kind: 'heading'; text: string }
  | { kind: 'signature'; rows: readonly (readonly [string, string, string])[] }

export type Section = { id: string; title: string; sub?: string; blocks: readonly Block[]; pageBreak?: boolean }

export type Paper = {
  title: string
  domain: string
  date: string
  people: readonly (readonly [string, string])[]
  /** One sentence for whoever reads the cover alone. */
  verdict: { tone: 'good' | 'open' | 'bad'; text: string; more: string }
  /** What a new person asks first, one line each. */
  glance: readonly (readonly [string, Line])[]
  sections: readonly Section[]
  /** White label: who made it, and for whom. */
  client?: string
  consultant?: string
  logo?: string
}

export const text = (...line: Span[]): Block => ({ kind: 'text', line })
export const note = (tone: 'open' | 'bad' | 'good', ...line: Span[]): Block => ({ kind: 'note', tone, line })
export const steps = (...items: Line[]): Block => ({ kind: 'steps', items })
export const list = (...items: Line[]): Block => ({ kind: 'list', items })
export const code = (value: string): Span => ({ code: value })
export const link = (url: string, label?: string): Span => ({ link: url, ...(label ? { text: label } : {}) })
export const strong = (value: string): Span => ({ strong: value })

/** Words in which what stands between backticks is code. */
export const worded = (given: string): Span[] =>
  given
    .split(/`([^`]{1,300})`/)
    .map((part, at): Span => (at % 2 ? { code: part } : part))
    .filter(part => part !== '')

/** Spans, or lines of them, with a word between them. */
export const joined = (items: readonly (Span | Line)[], between = ', '): Span[] =>
  items.flatMap((item, at): Span[] => [...(at ? [between] : []), ...(Array.isArray(item) ? item : [item as Span])])
