// A page that loads quickly, and pages that do not, for the examples of checks.
import type { PageImage, PageRequest, PageRun } from '../../formats/perf/page-runs.ts'
import type { PageSpeed } from './page-speed.ts'

const url = 'https://example.com/'

export const pageRequest = (given: Partial<PageRequest> = {}): PageRequest => ({
  url,
  kind: 'document',
  start: 0,
  firstByte: 700,
  end: 720,
  bytes: 4000,
  protocol: 'h2',
  third: null,
  blocking: false,
  ...given,
})

/** One visit, quick unless given otherwise. */
export const pageRun = (given: Partial<PageRun> = {}): PageRun => ({
  ttfb: 700,
  fcp: 900,
  lcp: 1400,
  cls: 0.01,
  tbt: 80,
  inp: null,
  idle: true,
  lcpElement: { element: 'main > h1', url: '', firstByte: 700, loadDelay: 0, loadTime: 0, renderDelay: 700 },
  shifts: [],
  tasks: [],
  images: [],
  ratio: 1.75,
  requests: [
    pageRequest(),
    pageRequest({ url: 'https://example.com/app.js', kind: 'script', start: 710, bytes: 40_000 }),
  ],
  ...given,
})

/** Three visits alike. */
export const speed = (given: Partial<PageRun> = {}, others: Partial<PageRun>[] = [{}, {}]): PageSpeed => {
  const median = pageRun(given)
  return {
    url,
    emulation: { network: 'slow-4g', cpuSlowdown: 4 },
    runs: [median, ...others.map(other => ({ ...median, ...other }))].map(({ ttfb, fcp, lcp, cls, tbt, inp }) => ({
      ttfb,
      fcp,
      lcp,
      cls,
      tbt,
      inp,
    })),
    median,
  }
}

/** A photo of 3000 × 2000 in a place of 400 × 267. */
export const photo = (given: Partial<PageImage> = {}): PageImage => ({
  url: 'https://example.com/team.webp',
  natural: [700, 467],
  shown: [400, 267],
  sized: true,
  bytes: 60_000,
  ...given,
})

export const example: PageSpeed = speed()
