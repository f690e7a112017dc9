import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createReader } from '../../../src/facts/repo/read.ts'
import tree, { type Tree } from '../../../src/facts/repo/tree.ts'
import { collectFact, makeRepo, observedValue, type TestRepo } from '../../support/repo.ts'

const made: TestRepo[] = []
const repo = (...given: Parameters<typeof makeRepo>): TestRepo => {
  const one = makeRepo(...given)
  made.push(one)
  return one
}
afterEach(() => {
  for (const one of made.splice(0)) one.dispose()
})
const treeOf = async (root: string): Promise<Tree> => observedValue(await collectFact<Tree>(root, { tree }, 'tree'))
const kinds = (value: Tree): Record<string, string> =>
  Object.fromEntries(value.files.map(file => [file.path, file.kind]))

describe('tree', () => {
  it('lists tracked and addable files, tells what git ignores, and names the commit', async () => {
    const one = repo({
      'a.ts': 'x',
      'src/b.ts': 'yy',
      '.gitignore': '.env\nnode_modules\n',
      '.env': 'A=1',
      'node_modules/x/index.js': 'z',
    })
    const head = one.commit('first')
    one.write({ 'new.ts': 'n', 'node_modules/y.js': '1' })
    const value = await treeOf(one.root)
    expect(value).toMatchObject({
      isGit: true,
      bare: false,
      head,
      branch: 'main',
      defaultBranch: 'main',
      shallow: false,
      ignored: ['.env'],
    })
    expect(value.files.map(file => [file.path, file.tracked, file.size])).toEqual([
      ['.gitignore', true, 18],
      ['a.ts', true, 1],
      ['new.ts', false, 1],
      ['src/b.ts', true, 2],
    ])
  })

  it('a checkout of one branch takes the default one from what the remote has, or says that it guesses', async () => {
    const one = repo({ 'a.ts': 'x' })
    const head = one.commit('first')
    one.git('checkout', '-q', '-b', 'fix/x')
    one.git('update-ref', 'refs/remotes/origin/main', head)
    one.git('branch', '-q', '-D', 'main')
    expect(await treeOf(one.root)).toMatchObject({ branch: 'fix/x', defaultBranch: 'main' })
    expect(await treeOf(one.root)).not.toHaveProperty('defaultBranchGuessed')
    one.git('update-ref', '-d', 'refs/remotes/origin/main')
    expect(await treeOf(one.root)).toMatchObject({ defaultBranch: 'fix/x', defaultBranchGuessed: true })
  })

  it('what the newest commit holds is in git, though the index lost it; an environment file that is ignored by now is leaving', async () => {
    const one = repo({ 'app.ts': 'x', 'composer.lock': '{}', 'gone.ts': 'g', '.env': 'A=1', '.env.live': 'B=1' })
    one.commit('first')
    one.git('rm', '-q', '--cached', 'composer.lock', '.env', '.env.live')
    one.git('rm', '-q', 'gone.ts')
    one.write({ '.gitignore': '.env\ncomposer.lock\n' })
    const tracked = async (): Promise<string[]> =>
      (await treeOf(one.root)).files.filter(file => file.tracked).map(({ path }) => path)
    expect(await tracked()).toEqual(['.env.live', 'app.ts', 'composer.lock'])
    expect((await treeOf(one.root)).ignored).toEqual(['.env'])
    one.git('read-tree', '--empty')
    expect(await tracked()).toEqual(['.env', '.env.live', 'app.ts', 'composer.lock'])
  })

  it('marks links, submodules, LFS pointers and files that are gone, and keeps a path with a newline', async () => {
    const inner = repo({ x: '1' })
    inner.commit('inner')
    const one = repo({
      'with\nnewline.txt': 'a',
      'big.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`,
      gone: 'g',
    })
    one.link('loop/self', '../loop')
    one.link('outside', '/etc/hostname')
    one.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.root, 'module')
    one.commit('first')
    one.remove('gone')
    expect(kinds(await treeOf(one.root))).toEqual({
      '.gitmodules': 'file',
      'big.bin': 'lfs',
      gone: 'absent',
      'loop/self': 'symlink',
      module: 'submodule',
      outside: 'symlink',
      'with\nnewline.txt': 'file',
    })
  })

  it('tells bare, shallow and linked work trees', async () => {
    const one = repo({ a: '1' })
    one.commit('one')
    one.write({ a: '2' })
    one.commit('two')
    const bare = mkdtempSync(join(tmpdir(), 'launch-ready-bare-'))
    const shallow = mkdtempSync(join(tmpdir(), 'launch-ready-shallow-'))
    const linked = `${shallow}-linked`
    try {
      execFileSync('git', ['clone', '-q', '--bare', one.root, bare])
      execFileSync('git', ['clone', '-q', '--depth', '1', `file://${one.root}`, shallow])
      one.git('worktree', 'add', '-q', linked)
      expect(await treeOf(bare)).toMatchObject({ isGit: true, bare: true, files: [] })
      expect(await treeOf(shallow)).toMatchObject({ isGit: true, shallow: true })
      expect(await treeOf(linked)).toMatchObject({ isGit: true, linkedWorktree: true })
    } finally {
      for (const folder of [bare, shallow, linked]) rmSync(folder, { recursive: true, force: true })
    }
  })

  it('walks a folder without git, leaving out what others wrote, and survives link loops', async () => {
    const one = repo({ 'index.html': '<p>', 'node_modules/a/b.js': '1', 'sub/.env': 'A=1' }, { git: false })
    one.link('sub/loop', '..')
    const value = await treeOf(one.root)
    expect(value).toMatchObject({ isGit: false, head: null })
    expect(kinds(value)).toEqual({ 'index.html': 'file', 'sub/.env': 'file', 'sub/loop': 'symlink' })
  })

  it('runs nothing of the repository: a planted fsmonitor, hook and filter stay silent', async () => {
    const one = repo({ a: '1', '.gitattributes': '* filter=evil diff=evil\n' })
    one.commit('first')
    const trap = join(one.root, '.git', 'trap')
    for (const setting of [
      'core.fsmonitor',
      'filter.evil.clean',
      'filter.evil.smudge',
      'diff.evil.textconv',
      'core.pager',
      'core.sshCommand',
      'gpg.program',
    ])
      one.git('config', setting, `touch ${trap}`)
    await treeOf(one.root)
    expect(createReader(one.root).text('.git/trap')).toEqual({ ok: false, why: 'missing' })
  })

  it('says so when there is no such folder', async () => {
    expect(await collectFact('/nonexistent/here', { tree }, 'tree')).toMatchObject({ ok: false, reason: 'unreachable' })
  })
})

describe('reader', () => {
  it('stays inside: links out, absolute paths, dot-dot and folders that lead out are refused', () => {
    const outside = mkdtempSync(join(tmpdir(), 'launch-ready-outside-'))
    writeFileSync(join(outside, 'secret'), 'no')
    const one = repo({ 'in.txt': 'yes' }, { git: false })
    try {
      one.link('out', join(outside, 'secret'))
      one.link('folder', outside)
      symlinkSync('in.txt', join(one.root, 'alias'))
      const reader = createReader(one.root)
      expect(reader.text('out')).toEqual({ ok: false, why: 'outside' })
      expect(reader.text('folder/secret')).toEqual({ ok: false, why: 'outside' })
      expect(reader.text('../x')).toEqual({ ok: false, why: 'outside' })
      expect(reader.text('/etc/hostname')).toEqual({ ok: false, why: 'outside' })
      expect(reader.text('alias')).toMatchObject({ ok: true, text: 'yes' })
      expect(reader.text('nothing')).toEqual({ ok: false, why: 'missing' })
    } finally {
      rmSync(outside, { recursive: true, force: true })
    }
  })

  it('bounds size, tells binary, and decodes marks', () => {
    const one = repo(
      {
        big: 'é'.repeat(1000),
        'image.txt': new Uint8Array([1, 0, 2]),
        'wide.txt': new Uint8Array([0xff, 0xfe, 65, 0, 66, 0]),
        'old.txt': new Uint8Array([0xe9, 65]),
      },
      { git: false },
    )
    const reader = createReader(one.root)
    expect(reader.text('big', { maxBytes: 5 })).toEqual({ ok: true, text: 'éé', bytes: 2000, truncated: true })
    expect(reader.text('big', { maxBytes: 5, whole: true })).toEqual({ ok: false, why: 'too-large' })
    expect(reader.text('image.txt')).toEqual({ ok: false, why: 'binary' })
    expect(reader.maybe('wide.txt')).toBe('AB')
    expect(reader.maybe('old.txt')).toBe('éA')
  })

  it('does not wait on a pipe', () => {
    const one = repo({}, { git: false })
    execFileSync('mkfifo', [join(one.root, 'pipe')])
    expect(createReader(one.root).text('pipe')).toEqual({ ok: false, why: 'not-a-file' })
  })
})
