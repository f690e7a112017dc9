// `monitor redact` of an input that does not end: what came is written at once, and an interruption ends it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'

const program = new URL('../../bin/launch-ready.js', import.meta.url).pathname

test('writes what came, and ends when it is interrupted while it waits for more', { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, [program, 'monitor', 'redact'], { stdio: ['pipe', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdin.write('password=hunter-22x\n')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  expect(String(line)).toBe('password=[password]\n')
  child.kill('SIGTERM')
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect([code, signal]).toEqual([130, null])
})
