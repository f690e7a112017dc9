// What somebody sees who runs the demo on a small terminal: on the first screen what is wrong, on the last lines where to begin.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import stringWidth from 'string-width'
import { expect, it } from 'vitest'
import type { Report } from '../../src/core/report.ts'
import { groups, numbered } from '../../src/report/shared/group.ts'
import { runProgram } from '../support/run-program.ts'

const runDemo = async (columns: number) => {
  const cwd = mkdtempSync(join(tmpdir(), 'lr-demo-'))
  try {
    const { exit, out } = await runProgram(['demo', '--report', 'json:report.json', '--save-facts', 'facts.json'], {
      cwd,
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
      columns,
    })
    const report = JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8')) as Report
    const facts = JSON.parse(readFileSync(join(cwd, 'facts.json'), 'utf8')) as { startedAt: string }
    return { exit, report, facts, lines: out.replace(/\n+$/, '').split('\n') }
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

it.each([80])(
  'the demo at %i columns',
  async columns => {
    const { exit, report, facts, lines } = await runDemo(columns)
    expect(exit).toBe(0)
    // The handovers that follow are runs of their own.
    expect(facts.startedAt).toBe(report.startedAt)
    const blockers = groups(numbered(report), 'blocker')
    expect(blockers.length).toBeGreaterThan(15)
    const first = lines.slice(0, 24).join('\n')
    expect(first).toContain('NOT READY')
    for (const { lead } of blockers) expect(first).toContain(lead.finding.title)
    const last = lines.slice(-6).join('\n')
    expect(last).toMatch(/NOT READY: \d+ blockers[\s\S]*Next /)
    expect(lines.join('\n')).toMatch(/received: the alert[\s\S]*received: that it is over/)
    expect(lines.length).toBeLessThanOrEqual(90)
    for (const line of lines) if (!/https?:/.test(line)) expect(stringWidth(line), line).toBeLessThanOrEqual(columns)
  },
  600_000,
)
