// A file is written whole or not at all.
import { fork } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ownerOnly, writeWhole } from '../../src/report/shared/write-whole.ts'

const folder = (): string => mkdtempSync(join(tmpdir(), 'write-whole-'))
const modeOf = (path: string): number => statSync(path).mode & 0o777

describe('writeWhole', () => {
  it('makes folders, keeps the mode of what stood there, sets the one that is asked for', () => {
    const path = join(folder(), 'a/b/report.json')
    writeWhole(path, 'one')
    expect(readFileSync(path, 'utf8')).toBe('one')
    chmodSync(path, 0o640)
    writeWhole(path, 'two')
    expect(modeOf(path)).toBe(0o640)
    writeWhole(path, 'three', ownerOnly)
    expect(modeOf(path)).toBe(0o600)
    expect(readdirSync(join(path, '..'))).toEqual(['report.json'])
  })

  it('replaces a link, and leaves what it led to', () => {
    const at = folder()
    writeFileSync(join(at, 'target'), 'kept')
    symlinkSync(join(at, 'target'), join(at, 'report.json'))
    writeWhole(join(at, 'report.json'), 'new')
    expect(readFileSync(join(at, 'target'), 'utf8')).toBe('kept')
    expect(readFileSync(join(at, 'report.json'), 'utf8')).toBe('new')
  })

  it('writes to devices as they are', () => {
    writeWhole('/dev/null', 'gone')
    expect(existsSync('/dev/null')).toBe(true)
  })

  it('leaves the old file where the new one cannot be finished, and nothing beside it', () => {
    const at = folder()
    writeFileSync(join(at, 'report.json'), 'old')
    const broken = { toString: () => 'x' } as unknown as string
    expect(() => writeWhole(join(at, 'report.json'), broken)).toThrow()
    expect(readFileSync(join(at, 'report.json'), 'utf8')).toBe('old')
    expect(readdirSync(at)).toEqual(['report.json'])
  })

  it('sweeps what a killed run left there long ago', () => {
    const at = folder()
    mkdirSync(at, { recursive: true })
    const left = join(at, '.report.json.launch-ready-000000000000.tmp')
    writeFileSync(left, 'half')
    utimesSync(left, 1, 1)
    writeWhole(join(at, 'report.json'), 'new')
    expect(readdirSync(at)).toEqual(['report.json'])
  })

  it('is whole after 200 kills at any moment', async () => {
    const at = folder()
    const path = join(at, 'report.json')
    const contents = ['a', 'b'].map(letter => letter.repeat(3_000_000))
    writeWhole(path, contents[0]!)
    const script = join(at, 'writer.mjs')
    writeFileSync(
      script,
      `import { writeWhole } from ${JSON.stringify(new URL('../../src/report/shared/write-whole.ts', import.meta.url).href)}
       const contents = ['a', 'b'].map(letter => letter.repeat(3_000_000))
       process.send('ready')
       for (let at = 0; ; at++) { writeWhole(${JSON.stringify(path)}, contents[at % 2]); await new Promise(done => setImmediate(done)) }`,
    )
    const killed = (after: number): Promise<void> =>
      new Promise(done => {
        const child = fork(script, { stdio: 'ignore' })
        child.once('message', () => setTimeout(() => child.kill('SIGKILL'), after))
        child.once('exit', () => done())
      })
    let whole = 0
    for (let round = 0; round < 50; round++) {
      await Promise.all([0, 1, 2, 3].map(lane => killed(((round * 4 + lane) * 7) % 40)))
      const text = readFileSync(path, 'utf8')
      if (contents.includes(text)) whole += 4
    }
    expect(whole).toBe(200)
  }, 900_000)
})
