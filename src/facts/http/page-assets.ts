// What is kept of a script or stylesheet that a page loads: enough to say whether browsers use it, not its text.

import type { Fact } from '../../core/fact.ts'
import { callImports, headImports } from '../../formats/bundle/imports.ts'
import { type AssetAnswer, digestsOf, typeOf } from '../../formats/http/asset-use.ts'
import { scriptGrammar, scriptTextFault } from '../../formats/http/script-text.ts'
import { bodyText } from '../../net/http-body.ts'
import { type HttpExchange, type HttpHop, headerOf } from '../../net/network.ts'
import type { CollectContext } from '../definition.ts'

/** Of one file: what is behind is not read. */
export const fileBytes = 16 * 1024 * 1024

export type AssetRecord = AssetAnswer & {
  /** Where the redirects end. */
  url: string
  /** A redirect to plain HTTP on the way, which browsers do not follow from a secure page; null when there is none. */
  insecure: string | null
  /** Modules that its head names, as written. */
  imports: string[]
  /** Bytes on the wire, and after decoding. */
  encodedBytes: number
  decodedBytes: number
}

const firstCharacters = 4096

/** The text of a body that was kept byte for byte. */
export const textOf = (hop: HttpHop): string => bodyText(Buffer.from(hop.body, 'latin1'), headerOf(hop, 'content-type'))

/** What is kept of an answer whose body came byte for byte. */
export const assetRecord = ({ hops }: HttpExchange, text: string): AssetRecord => {
  const last = hops.at(-1)!
  return {
    url: last.url,
    status: last.status,
    headers: last.headers,
    start: text.slice(0, firstCharacters),
    isBlank: text.trim() === '',
    textFault: last.status === 200 ? scriptTextFault(text) : null,
    grammar: last.status === 200 && typeOf(last.headers) !== 'text/css' ? scriptGrammar(text) : null,
    truncated: last.truncated,
    digests: digestsOf(Buffer.from(last.body, 'latin1')),
    insecure: hops.slice(1).find(hop => hop.url.startsWith('http:'))?.url ?? null,
    imports: last.status === 200 ? headImports(text) : [],
    encodedBytes: last.encodedBytes,
    decodedBytes: last.decodedBytes,
  }
}

/** A script's or a stylesheet's answer, its body byte for byte. */
export const requestFile = (
  context: CollectContext,
  url: string,
  headers: Record<string, string> = {},
): Promise<Fact<HttpExchange>> => context.net.http({ url, follow: 3, maxBytes: fileBytes, bytes: true, headers })

/** Modules that a page's own script names: those of its head and each literal `import()`. */
export const inlineImports = (text: string): string[] => [...new Set([...headImports(text), ...callImports(text)])]
