// Visits of one page: which of them is the middle one, and what they say of it.

export type PageRequest = {
  /** Without its query. */
  url: string
  /** document, script, stylesheet, image, font, xhr, fetch … */
  kind: string
  /** Milliseconds since the first request; null where it did not come to that. */
  start: number
  firstByte: number | null
  end: number | null
  /** On the wire. */
  bytes: number
  protocol: string
  /** The site that it goes to where that is not the page's own. */
  third: string | null
  /** Nothing is drawn before it is there. */
  blocking: boolean
}

export type PageImage = {
  url: string
  natural: [number, number]
  /** In CSS pixels. */
  shown: [number, number]
  /** Its place is kept before it is there. */
  sized: boolean
  bytes: number
}

/** One visit. Times in milliseconds. */
export type PageRun = {
  ttfb: number
  fcp: number
  lcp: number
  cls: number
  tbt: number
  inp: { value: number; element: string } | null
  /** It came to rest. */
  idle: boolean
  lcpElement: {
    element: string
    url: string
    firstByte: number
    loadDelay: number
    loadTime: number
    renderDelay: number
  } | null
  shifts: { value: number; at: number; element: string }[]
  tasks: { at: number; duration: number; script: string }[]
  images: PageImage[]
  /** Pixels of the screen to one of CSS. */
  ratio: number
  requests: PageRequest[]
}

/** The run whose LCP is in the middle; of two the slower. */
export const medianRun = (runs: readonly PageRun[]): PageRun =>
  [...runs].sort((a, b) => a.lcp - b.lcp)[Math.floor(runs.length / 2)]!

/** What good and poor are (web.dev/articles/vitals), and the line at which this stage speaks. */
export const pageBounds = { slowLcp: 2_500, verySlowLcp: 4_000, cls: 0.1, tbt: 600, inp: 200 } as const

/** The part of the LCP that took longest, in words. */
export const waitedFor = ({ lcpElement }: PageRun): { what: string; milliseconds: number } | null => {
  if (!lcpElement) return null
  const parts: [string, number][] = [
    ['the server’s first byte', lcpElement.firstByte],
    ['being asked for at all', lcpElement.loadDelay],
    ['its download', lcpElement.loadTime],
    ['being drawn, behind styles, scripts or fonts', lcpElement.renderDelay],
  ]
  const [what, milliseconds] = parts.sort((a, b) => b[1] - a[1])[0]!
  return { what, milliseconds }
}

/** Requests and bytes by kind, the heaviest first. */
export const byKind = (requests: readonly PageRequest[]): { kind: string; count: number; bytes: number }[] =>
  [...Map.groupBy(requests, ({ kind }) => kind)]
    .map(([kind, list]) => ({ kind, count: list.length, bytes: list.reduce((sum, { bytes }) => sum + bytes, 0) }))
    .sort((a, b) => b.bytes - a.bytes || (a.kind < b.kind ? -1 : 1))

/** Bytes that a picture has more than its place needs, at the screen's own density. */
export const wastedBytes = ({ natural, shown, bytes }: PageImage, ratio: number): number => {
  const needed = shown[0] * ratio * shown[1] * ratio
  const there = natural[0] * natural[1]
  // Half as many pixels again are no fault: sizes come in steps.
  return needed <= 0 || there <= needed * 2.25 ? 0 : Math.round(bytes * (1 - needed / there))
}

/** Pictures in formats of the nineties whose bytes are worth another. */
export const isLegacy = ({ url, bytes }: PageImage): boolean => /\.(?:jpe?g|png|gif|bmp)$/i.test(url) && bytes >= 20_000
