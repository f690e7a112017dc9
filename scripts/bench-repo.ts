// Measures the repository collectors on a made repository: 3,000 files of 60 MB, and 6,000 commits. Prints MB/s, the ratio to reading the
// same files without looking at them, and the memory; then the whole deploy stage on them. Usage: node scripts/bench-repo.ts [--keep]
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Fact } from '../src/core/fact.ts'
import { bareTarget } from '../src/core/target.ts'
import type { CollectContext, FactDefinition } from '../src/facts/definition.ts'
import envFiles from '../src/facts/repo/env-files.ts'
import secretsHistory, { type SecretsHistory } from '../src/facts/repo/secrets-history.ts'
import secretsTree, { type SecretsTree } from '../src/facts/repo/secrets-tree.ts'
import stack from '../src/facts/repo/stack.ts'
import tree, { type Tree } from '../src/facts/repo/tree.ts'
import { scanText } from '../src/formats/secrets/scan.ts'

/** Source text that people wrote: what npm installed here. */
const sources = (): string[] => {
  const found: string[] = []
  let bytes = 0
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (bytes > 62 << 20) return
      const path = join(folder, entry.name)
      if (entry.isDirectory()) visit(path)
      else if (/\.(?:[cm]?[jt]s|json|md)$/.test(entry.name) && !/\.min\.|\.map$/.test(entry.name)) {
        const { size } = statSync(path)
        if (size < 400 || size > 300_000) continue
        bytes += size
        found.push(readFileSync(path, 'utf8'))
      }
    }
  }
  visit('node_modules')
  return found
}

const collect = async <T>(root: string, name: string): Promise<T> => {
  const collectors: Record<string, FactDefinition<unknown>> = { tree, stack, envFiles, secretsTree, secretsHistory }
  const memo = new Map<string, Promise<Fact<unknown>>>()
  const subject = { kind: 'repo' as const, name: 'bench', details: { root } }
  const need = (wanted: string): Promise<Fact<unknown>> => {
    const known = memo.get(wanted) ?? collectors[wanted]!.collect(subject, context)
    memo.set(wanted, known)
    return known
  }
  const context = {
    target: bareTarget(),
    config: {},
    env: process.env,
    now: () => new Date().toISOString(),
    need,
    signal: new AbortController().signal,
    timeoutMs: 60_000,
  } as unknown as CollectContext
  const fact = await need(name)
  if (!fact.ok) throw new Error(fact.message)
  return fact.value as T
}

const seconds = (from: number): number => (performance.now() - from) / 1000

// In a process of its own, so that its memory is its own.
const historyAt = process.argv.indexOf('--history')
if (historyAt > 0) {
  const walking = performance.now()
  const past = await collect<SecretsHistory>(process.argv[historyAt + 1]!, 'secretsHistory')
  const walked = seconds(walking)
  const megabytes = past.versions.bytes / 1e6
  console.log(
    `history   ${past.commits.read.toLocaleString('en')} of ${past.commits.total.toLocaleString('en')} commits, ${past.versions.read.toLocaleString('en')} versions, ${megabytes.toFixed(0)} MB in ${walked.toFixed(2)} s = ${(megabytes / walked).toFixed(0)} MB/s; ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB resident at most; ${past.secrets.length} secrets`,
  )
  process.exit()
}

const root = mkdtempSync(join(tmpdir(), 'launch-ready-bench-'))
const made = sources()
const texts = Array.from({ length: 3000 }, (_, at) => made[at % made.length]!)
// Up to 60 MB: the shorter files are doubled until the sum is reached.
let total = texts.reduce((sum, text) => sum + text.length, 0)
for (let at = 0; total < 60 << 20; at = (at + 1) % texts.length) {
  if (texts[at]!.length > 200_000) continue
  total += texts[at]!.length
  texts[at] = texts[at]! + texts[at]!
}
for (const [at, text] of texts.entries()) {
  const path = join(root, `src/module-${at % 60}/file-${at}.ts`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
const git = (...command: string[]): void => {
  execFileSync('git', ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', '-c', 'gc.auto=0', ...command], {
    cwd: root,
    stdio: 'ignore',
  })
}
git('init', '-q')
git('add', '-A')
git('commit', '-q', '-m', 'files')

const listing = performance.now()
const files = (await collect<Tree>(root, 'tree')).files
const listed = seconds(listing)
const reading = performance.now()
let read = 0
for (const file of files) read += readFileSync(join(root, file.path)).length
const plain = seconds(reading)
const cat = performance.now()
execFileSync('sh', ['-c', 'git ls-files -z | xargs -0 cat > /dev/null'], { cwd: root })
const catted = seconds(cat)
const scanning = performance.now()
const found = await collect<SecretsTree>(root, 'secretsTree')
const scanned = seconds(scanning)
console.log(
  `tree      ${files.length} files, ${(read / 1e6).toFixed(0)} MB: listed in ${listed.toFixed(2)} s, scanned in ${scanned.toFixed(2)} s = ${(read / 1e6 / scanned).toFixed(0)} MB/s; ${(scanned / catted).toFixed(1)} × cat (${catted.toFixed(2)} s), ${(scanned / plain).toFixed(1)} × reading; ${found.secrets.length} secrets`,
)

// The whole stage through the real program, which has to be built; no network.
const whole = performance.now()
const deploy = spawnSync(
  process.execPath,
  [join(import.meta.dirname, '../bin/launch-ready.js'), 'deploy', root, '--skip', 'dependency-advisories', '-q'],
  { encoding: 'utf8', maxBuffer: 64 << 20 },
)
if (deploy.status !== 0 && deploy.status !== 1) throw new Error(deploy.stderr)
console.log(
  `deploy    the whole stage in ${seconds(whole).toFixed(2)} s = ${(seconds(whole) / catted).toFixed(0)} × cat`,
)

const minified = made.join('\n').replace(/\s+/g, ' ').slice(0, 5_000_000)
scanText(minified.slice(0, 200_000), { path: 'a.js', where: 'bundle' })
const bundle = performance.now()
scanText(minified, { path: 'a.js', where: 'bundle' })
console.log(`bundle    5 MB in ${seconds(bundle).toFixed(2)} s`)

// 6,000 commits of one to four files each, through fast-import.
const history = mkdtempSync(join(tmpdir(), 'launch-ready-bench-history-'))
execFileSync('git', ['init', '-q', '-b', 'main', history])
const importer = spawn('git', ['-C', history, 'fast-import', '--quiet'], { stdio: ['pipe', 'ignore', 'inherit'] })
const small = made.filter(text => text.length < 30_000).slice(0, 400)
const state = [...small]
for (let at = 0; at < 6000; at++) {
  const time = 1_700_000_000 + at * 600
  let commit = `commit refs/heads/main\ncommitter Bench <bench@example.com> ${time} +0000\ndata 6\ncommit\n`
  for (let change = 0; change <= at % 4; change++) {
    const index = (at * 7 + change * 131) % state.length
    state[index] = `${state[index]!.slice(0, 29_000)}\n// change ${at}.${change}\n`
    commit += `M 100644 inline src/file-${index}.ts\ndata ${Buffer.byteLength(state[index]!)}\n${state[index]}\n`
  }
  if (!importer.stdin.write(`${commit}\n`)) await new Promise(resolve => importer.stdin.once('drain', resolve))
}
importer.stdin.end()
await new Promise(resolve => importer.on('close', resolve))
execFileSync('git', ['-C', history, 'reset', '-q', '--hard'])
execFileSync(process.execPath, [import.meta.filename, '--history', history], { stdio: 'inherit' })
if (!process.argv.includes('--keep'))
  for (const folder of [root, history]) rmSync(folder, { recursive: true, force: true })
else console.log(root, history)
