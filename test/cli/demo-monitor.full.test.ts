// The monitor part of the demo: what a person would get, and that it ends by itself where nobody looks on.
import { expect, it } from 'vitest'
import { showMonitor } from '../../src/cli/demo-monitor.ts'
import type { Io } from '../../src/cli/io.ts'
import { systemClock } from '../../src/net/clock.ts'
import { network } from '../probes/support.ts'

it('shows one alert, that it is over, and the dashboard', async () => {
  let out = ''
  const io = {
    out: (text: string) => {
      out += text
    },
    cwd: '/',
    interactive: false,
    signal: new AbortController().signal,
    clock: systemClock,
  } as Io
  await showMonitor(io, () => network({ oneLook: true }))
  expect(out.match(/received: the alert/g)).toHaveLength(1)
  expect(out.match(/received: that it is over/g)).toHaveLength(1)
  expect(out).toMatch(
    /Down since \d\d:\d\d UTC[\s\S]*500[\s\S]*What customers see: [\s\S]*It was down for [34] minutes/,
  )
  expect(out).toMatch(/The dashboard with all of it: http:\/\/127\.0\.0\.1:\d+/)
})

it('keeps the dashboard for who looks on, until they have seen it', async () => {
  const stop = new AbortController()
  let page = ''
  const io = {
    out: (text: string) => {
      const url = /with all of it: (\S+)/.exec(text)?.[1]
      if (url)
        void fetch(url)
          .then(answer => answer.text())
          .then(text => {
            page = text
            stop.abort()
          })
    },
    cwd: '/',
    interactive: true,
    signal: stop.signal,
    clock: systemClock,
  } as Io
  await showMonitor(io, () => network({ oneLook: true }))
  expect(page.replace(/<[^>]+>/g, ' ')).toMatch(/All 2 are up[\s\S]*login is down/)
})
