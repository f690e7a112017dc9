// What real builds leave behind, reduced to what says which scripts load first (Next 15 and 16, Nuxt 4, SvelteKit 2, Vite 7, React Router 7,
// Remix 2, Astro 5, Angular 20).
import { describe, expect, test } from 'vitest'
import { firstLoadOf } from '../../../src/formats/perf/first-load.ts'

type Files = Record<string, string>

const loads = (files: Files, framework: string, outputs: string[] = []) => {
  const found = firstLoadOf(path => files[path] ?? null, framework, outputs)
  return found && { tool: found.tool, from: found.from, files: found.files }
}

const next16: Files = {
  '.next/build-manifest.json': JSON.stringify({
    pages: { '/_app': [] },
    polyfillFiles: ['static/chunks/poly.js'],
    rootMainFiles: ['static/chunks/main.js', 'static/chunks/turbopack-1.js'],
  }),
  '.next/app-path-routes-manifest.json': JSON.stringify({
    '/_not-found/page': '/_not-found',
    '/about/page': '/about',
    '/(site)/page': '/',
  }),
  '.next/server/app/(site)/page_client-reference-manifest.js': `globalThis.__RSC_MANIFEST = globalThis.__RSC_MANIFEST || {};
globalThis.__RSC_MANIFEST["/(site)/page"] = {"moduleLoading":{"prefix":""},"clientModules":{},"entryJSFiles":{"[project]/app/layout":["static/chunks/shared.js"],"[project]/node_modules/next/dist/client/components/builtin/global-error":["static/chunks/error.js"],"[project]/app/(site)/page":["static/chunks/shared.js","static/chunks/counter.js"]}};`,
}

describe('Next.js', () => {
  test('16, rendered ahead: what the page names, without what is for browsers without modules', () => {
    const html =
      '<html><head><script src="/_next/static/chunks/main.js" async=""></script><script src="https://cdn.example.com/x/_next/static/chunks/counter.js" async=""></script><script src="/_next/static/chunks/poly.js" noModule=""></script></head></html>'
    expect(loads({ ...next16, '.next/server/app/index.html': html }, 'next')).toEqual({
      tool: 'next',
      from: '.next/server/app/index.html',
      files: ['.next/static/chunks/counter.js', '.next/static/chunks/main.js'],
    })
  })

  test('16, made for each visit: the main scripts and those of page and layout', () => {
    expect(loads(next16, 'next')?.files).toEqual([
      '.next/static/chunks/counter.js',
      '.next/static/chunks/main.js',
      '.next/static/chunks/shared.js',
      '.next/static/chunks/turbopack-1.js',
    ])
  })

  test('15: the manifest of the app router', () => {
    const files = {
      '.next/build-manifest.json': next16['.next/build-manifest.json']!,
      '.next/app-build-manifest.json': JSON.stringify({
        pages: {
          '/layout': ['static/chunks/webpack.js', 'static/css/a.css', 'static/chunks/app/layout.js'],
          '/page': ['static/chunks/webpack.js', 'static/chunks/app/page.js'],
          '/about/page': ['static/chunks/app/about/page.js'],
        },
      }),
    }
    expect(loads(files, 'next')?.files).toEqual([
      '.next/static/chunks/app/layout.js',
      '.next/static/chunks/app/page.js',
      '.next/static/chunks/main.js',
      '.next/static/chunks/turbopack-1.js',
      '.next/static/chunks/webpack.js',
    ])
  })

  test('the pages router', () => {
    const build = { rootMainFiles: [], pages: { '/_app': ['static/chunks/main.js'], '/': ['static/chunks/index.js'] } }
    expect(loads({ '.next/build-manifest.json': JSON.stringify(build) }, 'next')?.files).toEqual([
      '.next/static/chunks/index.js',
      '.next/static/chunks/main.js',
    ])
  })
})

const sent = {
  entry: { module: '/assets/entry.client-1.js', imports: ['/assets/runtime.js'], css: [] },
  routes: {
    root: { id: 'root', path: '', module: '/assets/root-1.js', imports: ['/assets/runtime.js', '/assets/parts.js'] },
    'routes/shell': { id: 'routes/shell', parentId: 'root', module: '/assets/shell.js', imports: [] },
    'routes/admin': { id: 'routes/admin', parentId: 'root', path: 'admin', module: '/assets/admin.js' },
    'routes/admin._index': { id: 'x', parentId: 'routes/admin', index: true, module: '/assets/admin-index.js' },
    'routes/home': { id: 'routes/home', parentId: 'routes/shell', index: true, module: '/assets/home.js', imports: [] },
  },
  url: '/assets/manifest-5a1de1ac.js',
}

describe.each([
  ['Remix', '__remixManifest'],
  ['React Router', '__reactRouterManifest'],
])('%s', (_, name) => {
  test('the manifest that is sent to the browser: entry, root and the index with what it stands in', () => {
    const files = {
      'build/server/index.js':
        'const serverManifest = { "url": "/assets/manifest-5a1de1ac.js", "version": "5a1de1ac" };',
      'build/client/assets/manifest-5a1de1ac.js': `window.${name}=${JSON.stringify(sent)};`,
    }
    expect(loads(files, 'react-router')).toEqual({
      tool: 'react-router',
      from: 'build/client/assets/manifest-5a1de1ac.js',
      files: ['entry.client-1', 'home', 'parts', 'root-1', 'runtime', 'shell'].map(
        file => `build/client/assets/${file}.js`,
      ),
    })
  })
})

test('Astro: scripts of the page, islands that load at once, and what these import', () => {
  const files = {
    'dist/index.html':
      '<h1>Plans</h1><astro-island uid="1" component-url="/_astro/C.js" renderer-url="/_astro/client.js" props="{}" client="load"></astro-island><astro-island uid="2" component-url="/_astro/Later.js" renderer-url="/_astro/client.js" client="visible"></astro-island><script type="module">1</script>',
    'dist/_astro/C.js': 'import{r as d}from"./index.js";const later=()=>import("./lazy.js");export{d}',
    'dist/_astro/client.js': 'import"./index.js";',
    'dist/_astro/index.js': 'export const r=1',
    'dist/_astro/lazy.js': '1',
    'dist/_astro/Later.js': '1',
  }
  expect(loads(files, 'astro')?.files).toEqual(['dist/_astro/C.js', 'dist/_astro/client.js', 'dist/_astro/index.js'])
})

test('Vite: entry, what it preloads, and what is imported without a preload', () => {
  const files = {
    'dist/index.html':
      '<script type="module" crossorigin src="/assets/index-B.js"></script><link rel="modulepreload" crossorigin href="/assets/react-C.js">',
    'dist/assets/index-B.js': 'import{a}from"./react-C.js";import"./deep.js";import("./later.js")',
    'dist/assets/react-C.js': 'export const a=1',
    'dist/assets/deep.js': '',
    'dist/assets/later.js': '',
  }
  expect(loads(files, 'vite')?.files).toEqual([
    'dist/assets/deep.js',
    'dist/assets/index-B.js',
    'dist/assets/react-C.js',
  ])
})

test('SvelteKit: start, app, and the parts of the front page by its own table', () => {
  const chunk = (file: string, imports: string[] = []) => ({
    file: `_app/immutable/${file}.js`,
    imports,
    isEntry: true,
  })
  const generated = '.svelte-kit/generated/client-optimized'
  const manifest = {
    'node_modules/@sveltejs/kit/src/runtime/client/entry.js': chunk('entry/start', ['_shared.js']),
    [`${generated}/app.js`]: chunk('entry/app', ['_shared.js']),
    ...Object.fromEntries([0, 1, 2, 3, 4].map(n => [`${generated}/nodes/${n}.js`, chunk(`nodes/${n}`)])),
    '_shared.js': { file: '_app/immutable/chunks/shared.js' },
  }
  const files: Files = { '.svelte-kit/output/client/.vite/manifest.json': JSON.stringify(manifest) }
  const named = (found: Files): string[] | undefined =>
    loads(found, 'sveltekit')?.files.map(file => file.replace('.svelte-kit/output/client/_app/immutable/', ''))
  expect(named(files)).toEqual(['chunks/shared.js', 'entry/app.js', 'entry/start.js', 'nodes/0.js', 'nodes/2.js'])
  files[`${generated}/app.js`] = 'export const dictionary = {\n\t\t"/(site)": [4,[2]],\n\t\t"/about": [3]\n\t};'
  expect(named(files)).toEqual([
    'chunks/shared.js',
    'entry/app.js',
    'entry/start.js',
    'nodes/0.js',
    'nodes/2.js',
    'nodes/4.js',
  ])
})

test('Nuxt 4: entry, front page and layout of its manifest, and what they import', () => {
  const files = {
    '.nuxt/dist/server/client.manifest.mjs':
      'export default ({"../app/pages/index.vue":{resourceType:"script",module:!0,file:"page.js",src:"../app/pages/index.vue",isDynamicEntry:!0},"../app/pages/about.vue":{file:"about.js",src:"../app/pages/about.vue"},"../node_modules/nuxt/dist/app/entry.js":{resourceType:"script",module:!0,file:"entry.js",name:"entry",src:"../node_modules/nuxt/dist/app/entry.js",isEntry:!0,dynamicImports:["../app/pages/about.vue"]},"error.css":{file:"error.css"}})',
    '.output/public/_nuxt/entry.js': 'export const t=1;import("./about.js")',
    '.output/public/_nuxt/page.js': 'import{t}from"./entry.js";import"./helper.js"',
    '.output/public/_nuxt/helper.js': '',
    '.output/public/_nuxt/about.js': '',
  }
  expect(loads(files, 'nuxt')).toEqual({
    tool: 'nuxt',
    from: '.nuxt/dist/server/client.manifest.mjs',
    files: ['entry', 'helper', 'page'].map(file => `.output/public/_nuxt/${file}.js`),
  })
})

test('Angular: the page of its folder, main, polyfills and the chunks that they import', () => {
  const files = {
    'dist/shop/browser/index.html':
      '<base href="/"><app-root></app-root><script src="polyfills-5CFQRCPP.js" type="module"></script><script src="main-ABC.js" type="module"></script>',
    'dist/shop/browser/polyfills-5CFQRCPP.js': '',
    'dist/shop/browser/main-ABC.js': 'import{a}from"./chunk-X1.js";import("./chunk-LAZY.js")',
    'dist/shop/browser/chunk-X1.js': '',
    'dist/shop/browser/chunk-LAZY.js': '',
  }
  expect(loads(files, 'angular', ['dist/shop'])).toEqual({
    tool: 'angular',
    from: 'dist/shop/browser/index.html',
    files: ['chunk-X1', 'main-ABC', 'polyfills-5CFQRCPP'].map(file => `dist/shop/browser/${file}.js`),
  })
})

test('nothing that was built is nothing', () => {
  expect(loads({}, 'vite')).toBeNull()
  expect(loads({ '.next/build-manifest.json': 'not json' }, 'next')).toBeNull()
})
