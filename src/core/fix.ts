// A fix is data: what to change, in a form that a person can paste, a program can apply and the lab can prove.

/** DNS record to add, replace or remove. `name` is fully qualified with the trailing dot; `data` is presentation format (RFC 1035 §5; TXT without quotes); `was` limits a replacement to the record that holds it (without it: the whole RRset). `ttl` in seconds. */
export type DnsChange = {
  kind: 'dns'
  action: 'add' | 'replace' | 'remove'
  name: string
  type: string
  ttl?: number
  data: string
  was?: string
}

/** HTTP response header to set or remove on every answer of `host`, or of the paths that begin with `path`. */
export type HttpHeaderChange = {
  kind: 'http-header'
  action: 'set' | 'remove'
  host: string
  path?: string
  /** Of `path` alone, not of what lies below it. */
  exact?: boolean
  name: string
  value?: string
  /** What is sent now: corrections of several findings are put together over it. */
  was?: string
}

/** Redirect to put in place. `from` is a URL; with `tree`, everything below it keeps its path and query behind `to`. */
export type RedirectChange = {
  kind: 'redirect'
  from: string
  to: string
  status: 301 | 302 | 307 | 308
  tree?: boolean
}

/** File to write (whole `content`), patch (unified diff) or delete, `path` relative to the repository's root. */
export type FileChange = {
  kind: 'file'
  path: string
  action?: 'write' | 'patch' | 'delete'
  content?: string
  patch?: string
}

/** Setting at a provider or server, by its own words: `{ provider: 'cloudflare', path: 'ssl', value: 'strict' }`. */
export type SettingChange = { kind: 'setting'; provider: string; path: string; value: unknown; was?: unknown }

/** Command to run in the repository. */
export type CommandChange = { kind: 'command'; run: string }

/** A step that only a person can take. */
export type ManualChange = { kind: 'manual'; step: string }

export type Change =
  | DnsChange
  | HttpHeaderChange
  | RedirectChange
  | FileChange
  | SettingChange
  | CommandChange
  | ManualChange

/** A step that can only be taken after waiting; `why` says what has to be seen in the meantime. */
export type LaterStep = { afterDays: number; changes: Change[]; why: string }

/** How a finding is put right. `effortMinutes` is an honest guess for somebody who has the access; `later` are the steps that need a wait. */
export type Fix = { summary: string; steps: string[]; changes: Change[]; effortMinutes: number; later?: LaterStep[] }
