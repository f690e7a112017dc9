// The watcher on a disk of its own that becomes full: a small tmpfs in a mount namespace (`unshare -rm`). Alerts go out all the same, it is
// said once, and what was seen meanwhile is in the store as soon as there is room.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openStore } from '../../src/monitor/open-store.ts'
import { systemClock } from '../../src/net/clock.ts'
import { serve } from '../probes/support.ts'
import { freePort } from '../support/free-port.ts'

/** Two megabytes hold the store; a file of zeros takes what is left between the files `fill` and `free`. */
const script = `
mount -t tmpfs -o size=2m tmpfs "$FOLDER/disk" || exit 99
"$NODE" --input-type=module -e "await (await import('$PROGRAM')).start()" -- program monitor watch -c "$FOLDER/launch-ready.config.yaml" & watcher=$!
trap 'kill -TERM $watcher' TERM
until [ -e "$FOLDER/fill" ]; do sleep 0.1; done
cat /dev/zero > "$FOLDER/disk/ballast" 2>/dev/null
touch "$FOLDER/filled"
until [ -e "$FOLDER/free" ]; do sleep 0.1; done
rm "$FOLDER/disk/ballast"
until ! kill -0 $watcher 2>/dev/null; do wait $watcher; done
cp "$FOLDER/disk/"monitor.sqlite* "$FOLDER/kept/"
`

it('loses nothing on a full disk, and says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'monitor-full-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['disk', 'kept']) mkdirSync(join(folder, name))
  const down = new Set<string>()
  const target = await serve(({ url = '' }) => (down.has(url) ? { status: 500, body: 'broken' } : { body: 'well' }))
  const told: string[] = []
  const sink = await serve((_request, body) => {
    const { event, monitor } = JSON.parse(body) as { event: string; monitor: string }
    told.push(`${event} ${monitor}`)
    return { body: 'ok' }
  })
  const names = Array.from({ length: 40 }, (_, at) => `m${at}`)
  const monitor = {
    listen: `127.0.0.1:${await freePort()}`,
    store: 'disk/monitor.sqlite',
    interval: '10s',
    confirm: { down: 2, up: 1, after: '500ms' },
    monitors: names.map(name => ({ name, http: `${target}/${name}` })),
    alerts: [{ webhook: `${sink}/hook` }],
  }
  writeFileSync(join(folder, 'launch-ready.config.yaml'), JSON.stringify({ domain: 'coachdash.example', monitor }))
  const child = spawn('unshare', ['-rm', 'sh', '-c', script], {
    env: {
      ...process.env,
      FOLDER: folder,
      NODE: process.execPath,
      PROGRAM: join(import.meta.dirname, '../../src/main.ts'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (said += String(chunk)))
  const ended = new Promise<number | null>(done => child.on('exit', done))
  let isOver = false
  void ended.then(() => (isOver = true))
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo() && !isOver) await systemClock.sleep(100)
    expect(isOver, said).toBe(false)
  }
  const pause = (seconds: number) => systemClock.sleep(seconds * 1_000)

  await pause(15)
  writeFileSync(join(folder, 'fill'), '')
  await pause(15)
  down.add('/m3')
  await until(() => told.includes('down m3'))
  await until(() => /full/.test(said))
  await pause(15)
  down.clear()
  await until(() => told.includes('up m3'))
  writeFileSync(join(folder, 'free'), '')
  await pause(25)
  child.kill('SIGTERM')
  await ended
  expect(told).toEqual(['down m3', 'up m3'])
  expect(said.split('\n').filter(line => /full/.test(line))).toHaveLength(1)

  const store = await openStore(join(folder, 'kept/monitor.sqlite'), { cwd: folder, clock: systemClock })
  onTestFinished(() => store.close())
  expect((await store.incidents({})).map(({ resolvedAt }) => resolvedAt !== null)).toEqual([true])
  expect((await store.messages({})).map(({ status, attempts }) => [status, attempts.length])).toEqual([
    ['delivered', 1],
    ['delivered', 1],
  ])
  for (const name of names) {
    const at = (await store.results(name, {})).map(result => result.at)
    const gaps = at.slice(1).map((instant, nth) => instant - at[nth]!)
    // No look that is missing from the store: each followed the one before by an interval, or sooner.
    expect(Math.max(...gaps), name).toBeLessThan(19_000)
  }
})
