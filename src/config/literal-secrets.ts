// Secrets that stand in the config itself: the file is committed, and whoever reads the repository has them. They belong in the environment.

import { showPath } from '../formats/show-path.ts'
import { hostOfUrl, isLocal } from './secret-places.ts'

type Path = readonly (string | number)[]

/** Where a secret stands → the variable to suggest. `beside` is a key next to it whose host, on this machine or a stand-in, makes it none. */
const places: readonly { at: RegExp; name: string; beside?: readonly string[] }[] = [
  { at: /^cloudflare\.token$/, name: 'CLOUDFLARE_API_TOKEN', beside: ['api'] },
  { at: /^perf\.crux$/, name: 'CRUX_API_KEY' },
  {
    at: /^email\.inboxes\.[^.]+\.(?:password|accessToken)$/,
    name: 'CANARY_PASSWORD',
    beside: ['imap', 'mailpit', 'mailhog'],
  },
  { at: /^deploy\.smoke\.webhook\.secret$/, name: 'WEBHOOK_SECRET', beside: ['url'] },
  { at: /^monitor\.token$/, name: 'DASHBOARD_TOKEN' },
  { at: /^monitor\.beatSecret$/, name: 'BEAT_SECRET' },
  { at: /^monitor\.alerts\.\d+\.(?:slack|discord|teams)$/, name: 'HOOK_URL' },
  { at: /^monitor\.alerts\.\d+\.telegram$/, name: 'TELEGRAM_TOKEN' },
  { at: /^monitor\.alerts\.\d+\.pagerduty$/, name: 'PAGERDUTY_KEY' },
  { at: /^monitor\.alerts\.\d+\.opsgenie$/, name: 'OPSGENIE_KEY' },
  { at: /^monitor\.alerts\.\d+\.(?:token|secret)$/, name: 'HOOK_SECRET', beside: ['webhook', 'ntfy'] },
  {
    at: /^(?:routes\.\d+|monitor\.monitors\.\d+|deploy\.smoke\.health|ai)\.headers\.(?:authorization|x-api-key|cookie)$/i,
    name: 'SMOKE_TOKEN',
    beside: ['^url', '^http', '^endpoint'],
  },
]

/** What says of itself that it is none: documentation, a file to begin with. */
const placeholder = /made-?up|\bexample\b|placeholder|change-?me|\byour[-_ ]|x{4}|\.\.\.|…/i

/** A cookie may hold a choice (`consent=1`); one that opens something is long. */
const isPlainCookie = (path: Path, value: string): boolean =>
  String(path.at(-1)).toLowerCase() === 'cookie' && !/=[^;\s]{16,}/.test(value)

const inner = (value: unknown, key: string | number): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined

const valueAt = (whole: unknown, path: Path): unknown => path.reduce<unknown>(inner, whole)

/** Whether what is asked with it is a machine of one's own: a stand-in, for which any word will do. */
const isStandIn = (whole: unknown, path: Path, beside: readonly string[]): boolean =>
  beside.some(key => {
    const up = key.startsWith('^')
    const url = valueAt(whole, [...path.slice(0, up ? -2 : -1), up ? key.slice(1) : key])
    if (typeof url !== 'string') return false
    // Another address than the provider's own is a stand-in of it.
    return key === 'api' || isLocal(hostOfUrl(url))
  })

/** A sentence for every secret that is written out; each says which place, and what to write. Values are not shown. */
export const literalSecrets = (whole: unknown): { path: Path; text: string }[] => {
  const found: { path: Path; text: string }[] = []
  const visit = (value: unknown, path: Path): void => {
    if (path.length > 8) return
    if (typeof value === 'string') {
      const place = places.find(({ at }) => at.test(path.join('.')))
      const isWritten =
        value.trim() !== '' && !value.includes('${') && !placeholder.test(value) && !isPlainCookie(path, value)
      const local = isLocal(hostOfUrl(value.trim()))
      if (place && isWritten && !local && !isStandIn(whole, path, place.beside ?? []))
        found.push({
          path,
          text: `${showPath(path)}: a secret is written out here, and whoever reads the file has it; put it into the environment and write "\${${place.name}}" (replace the secret too, if the file was ever committed)`,
        })
      return
    }
    if (value && typeof value === 'object')
      for (const [key, item] of Object.entries(value)) visit(item, [...path, Array.isArray(value) ? Number(key) : key])
  }
  visit(whole, [])
  return found
}
