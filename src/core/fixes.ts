// Builders of fixes: a check says what changes, here it is put into words and data. See fix.ts for the shapes.
import type { Change, DnsChange, FileChange, Fix, HttpHeaderChange, RedirectChange, SettingChange } from './fix.ts'
import { settingWords } from './setting-words.ts'

/** Seconds; short enough to take back a mistake within the hour. */
export const launchTtl = 3600

/** Text that begins or ends in a space, or holds bytes nobody sees, is quoted and escaped as zone files do (RFC 1035 §5.1). */
const visible = (type: string, text: string): string =>
  type === 'TXT' && (text !== text.trim() || /[^\x20-\x7e]/.test(text))
    ? `"${text.replace(/["\\]|[^\x20-\x7e]/g, character =>
        /["\\]/.test(character) ? `\\${character}` : `\\${String(character.charCodeAt(0) & 0xff).padStart(3, '0')}`,
      )}"`
    : text

const absolute = (name: string): string => `${name.replace(/\.$/, '')}.`

/** A record to put in beside what is there. */
export const addRecord = (name: string, type: string, data: string, ttl = launchTtl): DnsChange => ({
  kind: 'dns',
  action: 'add',
  name: absolute(name),
  type,
  ttl,
  data,
})

/** A record to put in, in the place of `was`, or of the whole RRset where `was` is not given. */
export const replaceRecord = (name: string, type: string, data: string, was?: string, ttl = launchTtl): DnsChange => ({
  kind: 'dns',
  action: 'replace',
  name: absolute(name),
  type,
  ttl,
  data,
  ...(was === undefined ? {} : { was: visible(type, was) }),
})

export const removeRecord = (name: string, type: string, data: string): DnsChange => ({
  kind: 'dns',
  action: 'remove',
  name: absolute(name),
  type,
  data: visible(type, data),
})

/** A response header on every answer of `host`, or of the paths that begin with `path`; `was` is the value it has now. */
export const setHeader = (
  host: string,
  name: string,
  value: string,
  path?: string,
  was?: string,
): HttpHeaderChange => ({
  kind: 'http-header',
  action: 'set',
  host,
  ...(path === undefined ? {} : { path }),
  name,
  value,
  ...(was === undefined ? {} : { was }),
})

/** A response header on the answers of one URL alone: a page or a file, not what lies below it. */
export const setHeaderOf = (url: string, name: string, value: string): HttpHeaderChange => ({
  kind: 'http-header',
  action: 'set',
  host: new URL(url).hostname,
  path: new URL(url).pathname,
  exact: true,
  name,
  value,
})

/** The header taken off the answers of one URL alone. */
export const removeHeaderOf = (url: string, name: string): HttpHeaderChange => {
  const { hostname, pathname } = new URL(url)
  return { kind: 'http-header', action: 'remove', host: hostname, path: pathname, exact: true, name }
}

export const removeHeader = (host: string, name: string, path?: string): HttpHeaderChange => ({
  kind: 'http-header',
  action: 'remove',
  host,
  ...(path === undefined ? {} : { path }),
  name,
})

/** A redirect; with `tree` everything below `from` keeps its path and query behind `to`. */
export const redirect = (
  from: string,
  to: string,
  status: RedirectChange['status'] = 308,
  tree?: boolean,
): RedirectChange => ({ kind: 'redirect', from, to, status, ...(tree === undefined ? {} : { tree }) })

export const writeFile = (path: string, content: string): FileChange => ({
  kind: 'file',
  path,
  action: 'write',
  content,
})

/** `patch` is a unified diff. */
export const patchFile = (path: string, patch: string): FileChange => ({ kind: 'file', path, action: 'patch', patch })

/** A diff where one could be made; else the step that a person takes in its place. */
export const patchOr = (path: string, patch: string | null | undefined, step: string): Change =>
  patch ? patchFile(path, patch) : manual(step)

export const deleteFile = (path: string): FileChange => ({ kind: 'file', path, action: 'delete' })

/** A setting in the provider's own words. */
export const setting = (provider: string, path: string, value: unknown, was?: unknown): SettingChange => ({
  kind: 'setting',
  provider,
  path,
  value,
  ...(was === undefined ? {} : { was }),
})

/** Our own config: a key of it, or with `[]` at the end of its path an entry that a list of it gains. */
export const configFile = 'launch-ready.config.yaml'
export const configKey = (path: string, value: unknown, was?: unknown): SettingChange =>
  setting(configFile, path, value, was)

/** A command to run in the repository. */
export const command = (run: string): Change => ({ kind: 'command', run })

/** A step that only a person can take. */
export const manual = (step: string): Change => ({ kind: 'manual', step })

/** "an MX", "a TXT": as the type is spoken, letter by letter. */
const withArticle = (type: string): string => `${/^[AFHLMNRSX]/.test(type) ? 'an' : 'a'} ${type}`

/** A change as a sentence to follow. */
export const changeInWords = (change: Change): string => {
  switch (change.kind) {
    case 'manual':
      return change.step
    case 'command':
      return `Run ${change.run}`
    case 'dns': {
      const data = change.data.length > 600 ? `${change.data.slice(0, 600)}…` : change.data
      if (change.action === 'remove') return `Remove the ${change.type} record ${data} of ${change.name}`
      if (change.action === 'add') return `Add ${withArticle(change.type)} record to ${change.name} with ${data}`
      return change.was
        ? `Replace the ${change.type} record ${change.was.slice(0, 300)} of ${change.name} by ${data}`
        : `Set the ${change.type} record of ${change.name} to ${data}`
    }
    case 'http-header':
      return change.action === 'remove'
        ? `Stop sending ${change.name} from ${change.host}${change.path ?? ''}`
        : `Send ${change.name}: ${change.value} from ${change.host}${change.path ?? ''}`
    case 'redirect':
      return `Redirect ${change.from} to ${change.to} (${change.status})`
    case 'file':
      return change.action === 'delete' ? `Delete ${change.path}` : `Change ${change.path}`
    case 'setting':
      return settingWords(change).what
  }
}

/** A summary is a line, not a sentence: what prints it puts the stop where one is wanted. */
const inLine = (summary: string): string => summary.replace(/\.$/, '')

/** A fix with its steps written out. `minutes` is an honest guess for somebody who has the access (default 15). */
export const fix = (summary: string, changes: Change[], steps: string[] = [], minutes = 15): Fix => ({
  summary: inLine(summary),
  steps,
  changes,
  effortMinutes: minutes,
})

/** A fix of changes, each of which is also a step in words; `steps` come after them. */
export const changesFix = (summary: string, changes: Change[], minutes = 10, steps: string[] = []): Fix => ({
  summary: inLine(summary),
  steps: [...changes.map(changeInWords), ...steps],
  changes,
  effortMinutes: minutes,
})

/** A fix that only a person can carry out: each step is a change of its own. */
export const manualFix = (summary: string, steps: readonly string[], minutes = 15): Fix => ({
  summary: inLine(summary),
  steps: [...steps],
  changes: steps.map(manual),
  effortMinutes: minutes,
})
