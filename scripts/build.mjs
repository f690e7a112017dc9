// Builds dist/ with esbuild: lazy chunks, dependencies bundled, their licences collected. Plain JavaScript, because `npm ci` runs it on any Node.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const folder = 'dist'
rmSync(folder, { recursive: true, force: true })

// Found at run time, never bundled: an optional peer, and what carries a WebAssembly file beside its code.
const external = ['playwright-core', 'libpg-query', 'chromium-bidi', 'fsevents']

// commander asks for node:child_process at import, for a feature that is not used here (commands as executables of their own);
// loading it would cost every start a few milliseconds.
const lazyChildProcess = {
  name: 'lazy-child-process',
  setup: builder => {
    builder.onResolve({ filter: /^(node:)?child_process$/ }, ({ importer }) =>
      /node_modules[\\/]commander[\\/]/.test(importer) ? { path: 'child_process', namespace: 'lazy' } : undefined,
    )
    builder.onLoad({ filter: /.*/, namespace: 'lazy' }, () => ({
      contents: `module.exports = { spawn: (...words) => process.getBuiltinModule('node:child_process').spawn(...words) }`,
      loader: 'js',
    }))
  },
}

// It builds its tables of all emoji at import, which takes longer than most starts, and few texts hold a character that it is asked about.
const lazyStringWidth = {
  name: 'lazy-string-width',
  setup: builder => {
    builder.onResolve({ filter: /^string-width$/ }, ({ namespace }) =>
      namespace === 'lazy-width' ? undefined : { path: 'string-width', namespace: 'lazy-width' },
    )
    builder.onLoad({ filter: /.*/, namespace: 'lazy-width' }, () => ({
      contents: `export default (...words) => require('string-width').default(...words)`,
      loader: 'js',
      resolveDir: process.cwd(),
    }))
  },
}

const result = await build({
  plugins: [lazyChildProcess, lazyStringWidth],
  entryPoints: { main: 'src/main.ts', worker: 'src/cli/worker.ts' },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.19',
  minify: true,
  keepNames: false,
  metafile: true,
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'none',
  external,
  // What Node loads of it is UMD, whose parts a bundler does not see.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  logLevel: 'warning',
  // CommonJS dependencies inside an ES module bundle ask for `require` and `__dirname`.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
})

// It runs in the pages that are measured, not here: kept as the text that it is.
cpSync('node_modules/web-vitals/dist/web-vitals.attribution.iife.js', join(folder, 'web-vitals.iife.js'))

const packages = new Map()
for (const input of Object.keys(result.metafile.inputs)) {
  const match = /(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input)
  if (match) packages.set(match[2], match[1])
}
const licences = [...packages].sort().map(([name, path]) => {
  const { version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  const file = [
    'LICENSE',
    'LICENSE.md',
    'LICENSE.txt',
    'license',
    'LICENCE',
    'License',
    'LICENSE-MIT',
    'COPYING',
    'license.md',
  ]
    .map(candidate => join(path, candidate))
    .find(candidate => existsSync(candidate))
  return `${name} ${version} (${typeof license === 'string' ? license : JSON.stringify(license)})\n\n${file ? readFileSync(file, 'utf8').trim() : 'No licence file ships with this package.'}\n`
})
writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), licences.join(`\n${'-'.repeat(80)}\n\n`))

mkdirSync(join(folder, 'worlds'), { recursive: true })
for (const world of ['broken-coach', 'healthy-coach']) {
  const from = join('fixtures', 'worlds', `${world}.yaml`)
  if (existsSync(from)) cpSync(from, join(folder, 'worlds', `${world}.yaml`))
}
// Modules that read a data file beside their own source find it beside the bundle.
mkdirSync(join(folder, 'uplot'), { recursive: true })
for (const name of ['uPlot.iife.min.js', 'uPlot.min.css'])
  cpSync(join('node_modules', 'uplot', 'dist', name), join(folder, 'uplot', name))
for (const data of []) cpSync(data, join(folder, 'data', dirname(data)), { recursive: true })

// The top-level help as commander prints it, so that bin/launch-ready.js need not load it again only to say the same.
const { main } = await import(new URL(`../${folder}/main.js`, import.meta.url).href)
let help = ''
await main(['--help'], { out: text => (help += text), err: () => {}, env: {}, columns: 80 })
writeFileSync(join(folder, 'help.txt'), help)
