// Scripts, stylesheets and source maps, each read and scanned once a run: two hosts that share a file share the answer.
import { chunkUrls, sourceMapReference } from '../../formats/bundle/bundle.ts'
import { isMarkup } from '../../formats/http/asset-use.ts'
import { type HttpHop, headerOf } from '../../net/network.ts'
import type { CollectContext } from '../definition.ts'
import { type BundleMap, emptyScan, type IsOwnHost, merge, type Scan, scan, scanMap } from './bundle-scan.ts'
import { type AssetRecord, assetRecord, requestFile, textOf } from './page-assets.ts'

export type BundleFile = Scan & {
  /** After decoding. */
  bytes: number
  /** Whether it goes on behind what was read. */
  cut: boolean
  /** `gone`: not there, or another kind of thing stands there. */
  state: 'read' | 'gone' | 'unread'
  /** Why it is unread. */
  message: string
  /** Scripts that it loads later, as URLs. */
  chunks: string[]
  map: BundleMap | null
  /** The source map that it names, as written. */
  mapReference: string | null
  /** What says whether browsers use it; null when no answer came. */
  asset: AssetRecord | null
}

/** What is asked for: a script or stylesheet, or with `mapOf` the source map of that file. */
export type FileRequest = { url: string; mapOf: string | null }

const fileOf = (state: BundleFile['state'], message = ''): BundleFile => ({
  ...emptyScan(),
  state,
  message,
  bytes: 0,
  cut: false,
  chunks: [],
  map: null,
  mapReference: null,
  asset: null,
})

/** Whether the answer is no script, stylesheet or map: a single-page app answers every path with its page. Types say nothing: scripts run without. */
const isOther = (hop: HttpHop): boolean => hop.status !== 200 || isMarkup(hop.body)

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

/** The text of a `data:` URL; empty where it is malformed. */
const dataUrlText = (url: string): string => {
  const [head = '', body = ''] = url.split(',', 2)
  return head.endsWith(';base64') ? Buffer.from(body, 'base64').toString('utf8') : decoded(body)
}

const takeMap = (file: BundleFile, found: ReturnType<typeof scanMap>): void => {
  if (!found) return
  file.map = found.map
  merge(file, found.scan)
}

/** What the text of a file gives. */
const readBody = (hop: HttpHop, text: string, { url, mapOf }: FileRequest, isOwn: IsOwnHost): BundleFile => {
  const file = { ...fileOf('read'), bytes: hop.decodedBytes, cut: hop.truncated }
  if (mapOf !== null) {
    takeMap(file, scanMap(text, url, mapOf, isOwn))
    return file.map
      ? file
      : { ...file, state: hop.truncated ? 'unread' : 'gone', message: 'it is larger than what is read' }
  }
  merge(file, scan(text, url, isOwn))
  file.chunks = /\.css$/.test(new URL(url).pathname) ? [] : chunkUrls(text, hop.url)
  // ECMA-426 §11.1.1: the header stands before the comment in the file.
  file.mapReference =
    headerOf(hop, 'sourcemap') ?? headerOf(hop, 'x-sourcemap') ?? (hop.truncated ? null : sourceMapReference(text))
  if (file.mapReference?.startsWith('data:')) takeMap(file, scanMap(dataUrlText(file.mapReference), url, url, isOwn))
  return file
}

const fetchFile = async (context: CollectContext, request: FileRequest, isOwn: IsOwnHost): Promise<BundleFile> => {
  const answer = await requestFile(context, request.url)
  if (!answer.ok) return fileOf('unread', answer.message)
  const hop = answer.value.hops.at(-1)
  if (!hop || answer.value.ended !== 'answer')
    return fileOf('unread', answer.value.next?.why ?? 'its redirects lead nowhere')
  const text = textOf(hop)
  const asset = request.mapOf === null ? assetRecord(answer.value, text) : null
  // Storage buckets answer 403 for what is not there; a map that is refused is as good as none.
  if (hop.status === 429 || hop.status >= 500 || (hop.status === 403 && request.mapOf === null))
    return { ...fileOf('unread', `status ${hop.status}`), asset }
  if (isOther(hop))
    return { ...fileOf('gone', hop.status === 200 ? 'a page instead of the file' : `status ${hop.status}`), asset }
  return { ...readBody(hop, text, request, isOwn), asset }
}

/** Names a request within a run. */
export const requestKey = ({ url, mapOf }: FileRequest): string => `${mapOf === null ? '' : 'map '}${url}`

/** Reads and scans a file, once a run. */
export const readFile = (context: CollectContext, request: FileRequest, isOwn: IsOwnHost): Promise<BundleFile> =>
  context.once(`bundles: ${requestKey(request)}`, () => fetchFile(context, request, isOwn))
