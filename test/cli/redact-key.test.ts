// The key of the pseudonyms of `monitor redact --hash`: made once for its owner alone, never taken from a repository nor through a link.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Ran, runProgram } from '../support/run-program.ts'

const made = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'redact-key-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const redact = (cwd: string): Promise<Ran> =>
  runProgram(['monitor', 'redact', '--hash'], { cwd, stdin: 'ada@coachdash.example came in\n' })

test('is made once, for its owner alone, and gives the same pseudonyms again', async () => {
  const cwd = made()
  const first = await redact(cwd)
  expect(first.out).not.toContain('ada@')
  expect((await redact(cwd)).out).toBe(first.out)
  expect(statSync(join(cwd, '.launch-ready/redact.key')).mode & 0o777).toBe(0o600)
})

test('is not taken from a repository that brings one, and not written through a link', async () => {
  const cwd = made()
  mkdirSync(join(cwd, '.launch-ready'))
  const file = join(cwd, '.launch-ready/redact.key')
  writeFileSync(file, `${'ab'.repeat(32)}\n`, { mode: 0o644 })
  const shipped = await redact(cwd)
  expect(shipped.err).toContain('others may read it')
  expect((await redact(cwd)).out).not.toBe(shipped.out)
  writeFileSync(file, 'known\n')
  chmodSync(file, 0o600)
  expect((await redact(cwd)).err).toContain('it is no key')

  const [linked, outside] = [made(), made()]
  symlinkSync(outside, join(linked, '.launch-ready'))
  expect((await redact(linked)).err).toContain('it is a link')
  expect(existsSync(join(outside, 'redact.key'))).toBe(false)
  expect(readFileSync(file, 'utf8')).toBe('known\n')
})
