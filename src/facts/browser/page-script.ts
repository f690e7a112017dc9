// What is put into a page before anything of its own runs: observers that only keep what they see, so that they take no part in what is
// measured. The web-vitals library comes once the page rests and reads what the browser kept. In the page's own words, as text: it runs
// there and not here.
import { existsSync, readFileSync } from 'node:fs'

/** Where the library lies: beside the built program, or among the packages of a working copy. */
const places = [
  './web-vitals.iife.js',
  '../web-vitals.iife.js',
  '../../../node_modules/web-vitals/dist/web-vitals.attribution.iife.js',
]

/** The web-vitals library with attribution, as a script that sets `webVitals`. */
export const vitalsLibrary = (): string | null => {
  const found = places.map(place => new URL(place, import.meta.url)).find(existsSync)
  return found ? readFileSync(found, 'utf8') : null
}

/** The name under which the page keeps what is seen. */
const keptAs = '__launchReadyVitals'

/** Begins to watch what the browser does not keep whole. */
export const watchScript = `(() => {
  if (window !== window.top) return
  const kept = { shifts: [], tasks: [], frames: [], seen: null }
  Object.defineProperty(window, '${keptAs}', { value: kept })
  const watch = (type, into, most) => { try {
    new PerformanceObserver(list => { for (const entry of list.getEntries()) if (into.length < most) into.push(entry) }).observe({ type, buffered: true })
  } catch {} }
  watch('layout-shift', kept.shifts, 300)
  watch('longtask', kept.tasks, 500)
  watch('long-animation-frame', kept.frames, 500)
})()`

/** Lets web-vitals read what the browser kept; whether there is a first paint. `library` is the text of web-vitals. */
export const vitalsScript = (library: string): string => `new Promise(done => {
  const kept = window['${keptAs}']
  if (!kept) return done(false)
  if (!kept.seen) {
    ${library}
    const seen = kept.seen = { lcp: null, cls: 0, inp: null, fcp: null, ttfb: null }
    const { onLCP, onCLS, onINP, onFCP, onTTFB } = window.webVitals || webVitals
    const all = { reportAllChanges: true }
    onLCP(({ value, attribution }) => { seen.lcp = { value, element: String(attribution.target || ''), url: String(attribution.url || ''),
      firstByte: attribution.timeToFirstByte, loadDelay: attribution.resourceLoadDelay, loadTime: attribution.resourceLoadDuration, renderDelay: attribution.elementRenderDelay } }, all)
    onCLS(({ value }) => { seen.cls = value }, all)
    onINP(({ value, attribution }) => { seen.inp = { value, element: String(attribution.interactionTarget || '') } }, { ...all, durationThreshold: 16 })
    onFCP(({ value }) => { seen.fcp = value })
    onTTFB(({ value }) => { seen.ttfb = value })
  }
  // Observers speak in a later turn.
  setTimeout(() => setTimeout(() => done(kept.seen.fcp !== null || kept.seen.lcp !== null), 100), 0)
})`

/** What was seen, in plain words. */
export const seenScript = `(() => {
  const kept = window['${keptAs}']
  if (!kept || !kept.seen) return null
  const nameOf = node => {
    try {
      const parts = []
      for (let at = node && node.nodeType === 1 ? node : node && node.parentElement; at && parts.length < 4; at = at.parentElement) {
        if (at.id) { parts.unshift('#' + at.id); break }
        const kind = at.tagName.toLowerCase()
        const style = typeof at.className === 'string' && at.className.trim() ? '.' + at.className.trim().split(/\\s+/)[0] : ''
        parts.unshift(kind + style)
      }
      return parts.join(' > ').slice(0, 200)
    } catch { return '' }
  }
  return { ...kept.seen,
    shifts: kept.shifts.filter(entry => !entry.hadRecentInput).map(entry =>
      ({ value: entry.value, at: entry.startTime, element: nameOf((entry.sources || []).map(source => source.node).find(Boolean)) })),
    tasks: kept.tasks.map(entry => ({ at: entry.startTime, duration: entry.duration })),
    frames: kept.frames.flatMap(entry => entry.scripts || []).slice(0, 500).map(script =>
      ({ at: script.startTime, duration: script.duration, url: String(script.sourceURL || ''), what: String(script.sourceFunctionName || script.invoker || '').slice(0, 80) })) }
})()`

/** Pictures as they stand in the page: how large they are, and how large they are shown. */
export const picturesScript = `(() => {
  const pictures = []
  for (const image of document.images) {
    if (pictures.length >= 200) break
    const box = image.getBoundingClientRect()
    const url = image.currentSrc || image.src
    if (!/^https?:/.test(url) || !image.complete || image.naturalWidth === 0) continue
    const style = getComputedStyle(image)
    let sized = image.hasAttribute('width') && image.hasAttribute('height') || style.aspectRatio !== 'auto' && !/^auto \\d/.test(style.aspectRatio)
    if (/absolute|fixed/.test(style.position)) sized = true
    if (!sized && box.width > 0) {
      // The same picture without its source: does a place remain?
      const twin = image.cloneNode()
      for (const name of ['src', 'srcset', 'alt', 'id', 'sizes', 'loading']) twin.removeAttribute(name)
      twin.style.visibility = 'hidden'
      const beside = image.closest('picture') || image
      beside.after(twin)
      sized = twin.getBoundingClientRect().height > 1
      twin.remove()
    }
    pictures.push({ url: url.slice(0, 2000), natural: [image.naturalWidth, image.naturalHeight], shown: [Math.round(box.width), Math.round(box.height)], sized })
  }
  const blocking = performance.getEntriesByType('resource').filter(entry => entry.renderBlockingStatus === 'blocking').map(entry => entry.name.slice(0, 2000)).slice(0, 100)
  return { pictures, blocking, ratio: devicePixelRatio }
})()`
