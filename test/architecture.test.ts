// Who may import whom, and where console, process, fetch, Date.now and Math.random may stand (DESIGN.md, "The house").
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const source = join(root, 'src')

const walk = (folder: string): string[] =>
  readdirSync(folder).flatMap(name => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? walk(path) : path.endsWith('.ts') ? [path] : []
  })

const files = walk(source).map(path => ({ path: relative(source, path), text: readFileSync(path, 'utf8') }))

/** Folder → folders whose values it may import; `types` only as `import type`. */
const allowed: Record<string, { values: string[]; types?: string[] }> = {
  core: { values: [], types: ['facts'] },
  formats: { values: ['data'], types: ['core'] },
  data: { values: [], types: ['core'] },
  net: { values: ['core', 'formats', 'data'] },
  probes: { values: ['net', 'formats', 'core', 'data'] },
  facts: { values: ['net', 'formats', 'data', 'core'], types: ['config'] },
  checks: { values: ['core', 'formats', 'data'], types: ['facts', 'net'] },
  deliverables: { values: ['core', 'formats', 'data', 'report'], types: ['facts', 'net'] },
  report: { values: ['core', 'formats'], types: ['facts'] },
  config: { values: ['core', 'formats'] },
  run: { values: ['facts', 'checks', 'formats', 'net', 'core', 'config'], types: ['report'] },
  lab: { values: ['formats', 'core'] },
  monitor: { values: ['run', 'probes', 'core', 'net', 'formats', 'data'], types: ['config', 'facts'] },
  dashboard: { values: ['report', 'core'], types: ['monitor'] },
}

/** Static imports, those at run time, and `import('…').Type`. */
const importsOf = (file: { path: string; text: string }): { target: string; type: boolean }[] =>
  [
    ...[...file.text.matchAll(/^(?:import|export)\s+(type\s)?[^'"=]*?from\s+['"](\.{1,2}\/[^'"]+)['"]/gm)].map(
      match => ({
        spoken: match[2]!,
        type: match[1] !== undefined,
      }),
    ),
    ...[...file.text.matchAll(/\bimport\(\s*['"](\.{1,2}\/[^'"]+)['"]\s*\)(\.\w)?/g)].map(match => ({
      spoken: match[1]!,
      type: match[2] !== undefined,
    })),
  ].map(({ spoken, type }) => ({ target: relative(source, resolve(join(source, dirname(file.path)), spoken)), type }))

const folderOf = (path: string): string => (path.includes('/') ? path.split('/')[0]! : '')

describe('the direction of imports', () => {
  for (const [folder, rule] of Object.entries(allowed)) {
    it(`${folder} imports only what it may`, () => {
      const wrong = files
        .filter(file => folderOf(file.path) === folder)
        .flatMap(file =>
          importsOf(file)
            .filter(({ target, type }) => {
              const to = folderOf(target)
              if (to === folder) return false
              // What a fact looks like where all is well, as literal data, stands beside the fact.
              if (folder === 'checks' && target.startsWith('facts/') && target.endsWith('.example.ts')) return false
              return !(rule.values.includes(to) || (type && rule.types?.includes(to)))
            })
            .map(({ target }) => `${file.path} → ${target}`),
        )
      expect(wrong).toEqual([])
    })
  }

  it('sees imports at run time and types written inline as well', () => {
    const text = "const a = await import('../net/dial.ts')\ntype B = import('../facts/collect.ts').B\n"
    expect(importsOf({ path: 'report/x.ts', text })).toEqual([
      { target: 'net/dial.ts', type: false },
      { target: 'facts/collect.ts', type: true },
    ])
  })

  it('no folder stands outside the law', () => {
    const known = [...Object.keys(allowed), 'cli', '']
    expect([...new Set(files.map(file => folderOf(file.path)))].filter(folder => !known.includes(folder))).toEqual([])
  })

  it('holds no circle: values of one room never lead back to it', () => {
    const reaches = (from: string, seen: Set<string> = new Set()): Set<string> => {
      for (const to of allowed[from]?.values ?? [])
        if (!seen.has(to)) {
          seen.add(to)
          reaches(to, seen)
        }
      return seen
    }
    expect(Object.keys(allowed).filter(folder => reaches(folder).has(folder))).toEqual([])
  })

  it('the cli is imported by main alone', () => {
    const wrong = files
      .filter(file => folderOf(file.path) !== 'cli' && file.path !== 'main.ts')
      .filter(file => importsOf(file).some(({ target, type }) => folderOf(target) === 'cli' && !type))
    expect(wrong.map(file => file.path)).toEqual([])
  })
})

describe('what reaches outside', () => {
  const pure = ['core', 'formats', 'data', 'checks', 'deliverables', 'report']
  /** They know what time it is from the clock that is handed down. */
  const timed = ['run', 'cli', 'config', '']
  const stripped = (text: string): string =>
    text
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '')
      .replace(/(['"`])(?:\\[\s\S]|(?!\1)[^\\])*\1/g, '""')
      .replace(/\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+\/[a-z]*/g, '""')
  const words: [RegExp, (path: string) => boolean][] = [
    [/\bconsole\.\w+\(/, path => path.startsWith('cli/') || path === 'main.ts'],
    [
      /\bprocess\.(?!versions)\w+/,
      path =>
        path === 'main.ts' ||
        path.startsWith('cli/') ||
        path.startsWith('net/') ||
        path.startsWith('facts/') ||
        path.startsWith('lab/'),
    ],
    [/(?<![.\w])fetch\(/, path => path.startsWith('net/')],
    [/\bDate\.now\(/, path => ![...pure, ...timed].includes(folderOf(path))],
    [/\bnew Date\(\)/, path => ![...pure, ...timed].includes(folderOf(path))],
    [/\bperformance\.now\(/, path => ![...pure, ...timed].includes(folderOf(path))],
    [/\bMath\.random\(/, () => false],
  ]
  for (const [pattern, may] of words) {
    it(`${pattern.source} stands only where it may`, () => {
      const wrong = files.filter(file => !may(file.path) && pattern.test(stripped(file.text))).map(file => file.path)
      expect(wrong.filter(path => path !== 'report/pdf.ts')).toEqual([])
    })
  }
})

describe('tests on a busy machine', () => {
  it('bound no work by the clock on the wall', () => {
    const folder = new URL('.', import.meta.url).pathname
    const names = (readdirSync(folder, { recursive: true }) as string[]).filter(
      name => name.endsWith('.test.ts') && !/\.(?:full|servers)\.test\.ts$/.test(name),
    )
    // The lab’s own round trips are waits, of which the shortest of many is taken; how seldom a sampler asks has a lower bound alone, which
    // a busy machine keeps.
    const measuring = names.filter(name => /\bperformance\.now\(\)/.test(readFileSync(join(folder, name), 'utf8')))
    expect(measuring.sort()).toEqual(['facts/http/route-sampler.test.ts', 'lab/start.test.ts'])
  })
})

describe('what stands in one place', () => {
  it('options of the command line are read in cli/call.ts and no further', () => {
    const readers = files
      .filter(({ path }) => folderOf(path) === 'cli' || folderOf(path) === 'run')
      .filter(({ text }) => /\b(?:options|raw|given|opts)\[['"]|\.opts(?:WithGlobals)?\(\)/.test(text))
      .map(({ path }) => path)
    // program.ts hands over what commander gives, as it is.
    expect(readers.filter(path => path !== 'cli/call.ts' && path !== 'cli/program.ts')).toEqual([])
  })

  it('checks are named by hand in their own files alone', async () => {
    const { checks } = await import('../src/checks/index.generated.ts')
    const ids = new Set(checks.map(({ id }) => id))
    /** Where one check is part of what is built, and why. */
    const exceptions: Record<string, string> = {
      'core/plan.ts suppression': 'judges the config itself, so it belongs to every command',
      'core/assemble.ts suppression': 'judges the config itself, so it does not make a product judged',
      'core/suppress.ts suppression': 'a suppression cannot suppress what is said of suppressions',
      'deliverables/email-authentication.ts dmarc-policy': 'the roll-out has a chapter of its own',
      'deliverables/email-authentication.ts provider-requirements': 'its findings are a table of providers',
    }
    const rooms = ['core', 'run', 'cli', 'report', 'deliverables', 'config']
    const named = files
      .filter(({ path }) => rooms.includes(folderOf(path)) && !path.endsWith('.generated.ts'))
      .map(({ path, text }) => ({ path, text: text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '') }))
      .flatMap(({ path, text }) => [
        ...[...text.matchAll(/['"]([a-z0-9]+(?:-[a-z0-9]+)+)['"]/g)].map(match => `${path} ${match[1]}`),
        // A word that is no compound names a check only where one is compared with it.
        ...[...text.matchAll(/\bcheck(?:\.id)?\s*[!=]==\s*['"]([a-z0-9-]+)['"]/g)].map(match => `${path} ${match[1]}`),
        ...[...text.matchAll(/\bid\s*[!=]==\s*['"]([a-z0-9-]+)['"]/g)].map(match => `${path} ${match[1]}`),
      ])
      .filter(entry => ids.has(entry.split(' ')[1]!))
    expect([...new Set(named)].filter(entry => !(entry in exceptions))).toEqual([])
    for (const entry of Object.keys(exceptions)) expect(named).toContain(entry)
  })
})
