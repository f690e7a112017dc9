// Whether browsers run a script or apply a stylesheet that came so (Fetch §3.5 and §2.9, HTML Standard §8.1.4.2, SRI §3.3).
import { createHash } from 'node:crypto'
import { type Headers, headerValue } from './headers.ts'
import type { Grammar } from './script-text.ts'

/** What is kept of a file: `start` are its first characters, `digests` the base64 digests of its bytes. */
export type AssetAnswer = {
  status: number
  headers: Headers
  start: string
  isBlank: boolean
  /** Why its text is no program, whatever its type; null where it may be one. */
  textFault: string | null
  /** Why its text is no classic script; null where it may be one. */
  grammar: Grammar | null
  truncated: boolean
  digests: Readonly<Record<string, string>>
}

export type AssetRequest = {
  kind: 'script' | 'module' | 'style'
  integrity: string
  /** Whether it is asked for with CORS: a module, or with the attribute crossorigin. */
  cors: boolean
  /** Whether the page has no doctype: styles of its own origin then need no type. */
  quirks: boolean
  /** Another origin than the page's. */
  isCross: boolean
  /** Whether an element of the page names it: data is a module only where a script imports it as such. */
  isNamed?: boolean
}

/** The essence of a Content-Type; empty when there is none that can be parsed. */
export const typeOf = (headers: Headers): string => {
  const essence = (headerValue({ headers }, 'content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(essence) ? essence : ''
}

const javascript =
  /^(?:(?:text|application)\/(?:x-)?(?:java|ecma)script|text\/(?:javascript1\.[0-5]|jscript|livescript))$/
const isNosniff = (headers: Headers): boolean =>
  (headerValue({ headers }, 'x-content-type-options') ?? '').split(',')[0]!.trim().toLowerCase() === 'nosniff'

/** Whether a body is a page: what a single-page app answers for a file that is not there. */
export const isMarkup = (body: string): boolean =>
  /^(?:\u00ef\u00bb\u00bf|\ufeff)?(?:\s|<!--[\s\S]{0,2000}?-->)*<(?:!doctype|html|head|body|\?xml)\b/i.test(
    body.slice(0, 4096),
  )

const typeFault = (request: AssetRequest, { headers }: AssetAnswer): string | null => {
  const type = typeOf(headers)
  const shown = type || 'no content type'
  if (request.kind === 'style') {
    const isFree = request.quirks && !request.isCross && !isNosniff(headers)
    return type === 'text/css' || (type === '' && !isNosniff(headers)) || isFree
      ? null
      : `sent as ${shown}, which browsers refuse for a stylesheet`
  }
  if (javascript.test(type)) return null
  if (request.kind === 'module')
    return !request.isNamed && /^(?:application|text)\/(?:[\w.-]+\+)?json$|^application\/wasm$|^text\/css$/.test(type)
      ? null
      : `sent as ${shown}, which browsers refuse for a module`
  if (isNosniff(headers)) return `sent as ${shown} with nosniff, so that browsers refuse it`
  return /^(?:audio|image|video)\/|^text\/csv$/.test(type)
    ? `sent as ${shown}, which browsers refuse for a script`
    : null
}

const strength = ['sha256', 'sha384', 'sha512']

/** Base64 digests of bytes by the algorithms that integrity attributes name. */
export const digestsOf = (bytes: Uint8Array): Record<string, string> =>
  Object.fromEntries(strength.map(name => [name, createHash(name).update(bytes).digest('base64')]))

/** The hashes of an integrity attribute that browsers read; others are passed over (SRI §3.3.4). */
const pinsOf = (integrity: string): { algorithm: string; digest: string }[] =>
  integrity.split(/\s+/).flatMap(pin => {
    const match = /^(sha256|sha384|sha512)-([A-Za-z0-9+/_-]+)={0,2}(?:\?.*)?$/i.exec(pin)
    return match
      ? [{ algorithm: match[1]!.toLowerCase(), digest: match[2]!.replaceAll('-', '+').replaceAll('_', '/') }]
      : []
  })

/** Whether an integrity attribute says something, and nothing that browsers read: the file is used unchecked. */
export const isMalformedIntegrity = (integrity: string): boolean =>
  integrity.trim() !== '' && pinsOf(integrity).length === 0

/** Whether bytes of these digests fit the strongest hashes of an integrity attribute; without a valid hash everything fits. */
export const fitsIntegrity = (integrity: string, digests: Readonly<Record<string, string>>): boolean => {
  const pins = pinsOf(integrity)
  const best = strength.findLast(algorithm => pins.some(pin => pin.algorithm === algorithm))
  const digest = best === undefined ? undefined : digests[best]?.replace(/=+$/, '')
  return digest === undefined || pins.some(pin => pin.algorithm === best && pin.digest === digest)
}

const corsFault = (request: AssetRequest, { headers }: AssetAnswer, origin: string): string | null => {
  if (!request.isCross) return null
  const allowed = headerValue({ headers }, 'access-control-allow-origin')
  if (request.cors)
    return allowed === '*' || allowed === origin
      ? null
      : 'asked for from another origin, which its server does not allow (CORS)'
  if (pinsOf(request.integrity).length > 0)
    return 'pinned by integrity on another origin without crossorigin, so that browsers refuse it'
  return headerValue({ headers }, 'cross-origin-resource-policy')?.trim().toLowerCase() === 'same-origin'
    ? 'kept to its own origin by Cross-Origin-Resource-Policy'
    : null
}

export type AssetFault = { kind: 'missing' | 'type' | 'integrity' | 'cors' | 'empty'; words: string }

/** Why browsers do not use this answer; null when they do. `origin` is the page's. */
export const assetFault = (request: AssetRequest, answer: AssetAnswer, origin: string): AssetFault | null => {
  const { status, start, truncated, digests, isBlank, textFault, grammar } = answer
  if (status < 200 || status > 299) return { kind: 'missing', words: `status ${status}` }
  const cors = corsFault(request, answer, origin)
  // What is pinned must come with CORS, or browsers cannot compare it.
  if (cors) return { kind: pinsOf(request.integrity).length > 0 ? 'integrity' : 'cors', words: cors }
  const type = typeFault(request, answer)
  if (isMarkup(start)) return { kind: 'type', words: type ?? 'a page instead of the file' }
  if (type) return { kind: 'type', words: type }
  if (!truncated && !fitsIntegrity(request.integrity, digests))
    return { kind: 'integrity', words: 'other bytes than its integrity attribute names' }
  // A module may be data too, where its type says so.
  const isProgram = request.kind === 'script' || (request.kind === 'module' && javascript.test(typeOf(answer.headers)))
  if (isProgram && textFault && !truncated) return { kind: 'type', words: textFault }
  if (request.kind === 'script' && grammar && !truncated) return { kind: 'type', words: grammar.words }
  return request.kind !== 'style' && isBlank ? { kind: 'empty', words: 'empty' } : null
}
