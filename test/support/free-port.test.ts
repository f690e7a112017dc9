import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { freePorts } from './free-port.ts'

it('never hands out a port twice, in whatever process', async () => {
  const code = `import { freePorts } from '${import.meta.dirname}/free-port.ts'
    console.log(JSON.stringify(await freePorts(300)))
    process.stdin.once('data', () => process.exit())`
  const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', code])
  const theirs = new Promise<number[]>(resolve =>
    child.child.stdout!.once('data', line => resolve(JSON.parse(String(line)) as number[])),
  )
  const [own, others] = await Promise.all([freePorts(300), theirs])
  child.child.stdin!.end('end')
  await child
  expect(new Set([...own, ...others]).size).toBe(600)
})
