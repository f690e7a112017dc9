// What the pages load beside themselves: style, script, and uPlot (MIT) from its package or from beside the bundle.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { script } from './assets/script.ts'
import { style } from './assets/style.ts'

const beside = ['./uplot/', '../uplot/'] as const

/** A file of uPlot: copied beside the bundle by the build, else of the package. */
const ofUplot = (name: string): string => {
  for (const place of beside) {
    const url = new URL(`${place}${name}`, import.meta.url)
    if (existsSync(url)) return readFileSync(url, 'utf8')
  }
  return readFileSync(createRequire(import.meta.url).resolve(`uplot/dist/${name}`), 'utf8')
}

export type Asset = { path: string; type: string; content: string }

export const dashboardAssets = (): Asset[] => [
  { path: 'board.css', type: 'text/css', content: `${ofUplot('uPlot.min.css')}\n${style}` },
  { path: 'board.js', type: 'text/javascript', content: script },
  { path: 'uplot.js', type: 'text/javascript', content: ofUplot('uPlot.iife.min.js') },
]
