// Nobody who runs it in CI has to wonder why it ended with 3 beside a verdict of "ready".
import { expect, it } from 'vitest'
import { terminal } from '../../src/report/terminal.ts'
import { empty, sample } from './sample.ts'

const gate = { failOn: 'high' as const, soft: new Set<string>() }
const untold = ['blocklist', 'reverse-dns']
const said =
  /Exit 3: 2 checks could not tell, and could have found something at or above\s+high \(--fail-on\): blocklist,\s+reverse-dns/

it.each([true, false])('exit 3 is explained where nothing was found (quiet: %s)', quiet => {
  const ready = { ...empty, verdict: 'ready' as const, findings: [] }
  expect(terminal(ready, { quiet, gate, untold })).toMatch(said)
  expect(terminal(ready, { quiet, gate, untold: [] })).not.toContain('Exit 3')
  expect(terminal(sample, { quiet, gate, untold })).not.toContain('Exit 3')
})
