// Which tools write variables with a public prefix into the bundle, and where a repository has them. A prefix means nothing where its tool
// is not: `PUBLIC_` in the configuration of a PHP server goes to no visitor.
import { fileName, folderOf } from './paths.ts'

type Tool = { prefix: string; package: RegExp; config: RegExp | null }

const viteConfig = /^(?:electron\.)?vite\.config\./

const tools: readonly Tool[] = [
  { prefix: 'NEXT_PUBLIC_', package: /^(?:next|vinext|@opennextjs\/.+)$/, config: /^next\.config\./ },
  {
    prefix: 'VITE_',
    package:
      /^(?:(?:rolldown-)?vite|electron-vite|laravel-vite-plugin|vite-plugin-.+|@vitejs\/.+|wxt|plasmo|vinxi|vike|waku|vitepress|astro|@sveltejs\/kit|@solidjs\/start|@tanstack\/(?:react|solid)-start|@builder\.io\/qwik(?:-city)?|@qwik\.dev\/.+|@remix-run\/dev|@react-router\/dev|@redwoodjs\/vite|@quasar\/app-vite|@crxjs\/vite-plugin|@shopify\/hydrogen|nuxt|vite-ruby|vite_rails|vite_ruby|wasp|\$vite)$/,
    config: viteConfig,
  },
  {
    prefix: 'REACT_APP_',
    package: /^(?:react-scripts|@craco\/craco|react-app-rewired|customize-cra|wasp|razzle)$/,
    config: /^(?:craco\.config|main\.wasp)/,
  },
  { prefix: 'EXPO_PUBLIC_', package: /^(?:expo|expo-router)$/, config: null },
  { prefix: 'NUXT_PUBLIC_', package: /^(?:nuxt|nuxi|nuxt-edge|@nuxt\/kit)$/, config: /^nuxt\.config\./ },
  { prefix: 'NUXT_ENV_', package: /^(?:nuxt|nuxt-edge|nuxt-start)$/, config: /^nuxt\.config\./ },
  { prefix: 'VUE_APP_', package: /^(?:@vue\/cli-service|@quasar\/app-webpack)$/, config: /^vue\.config\./ },
  { prefix: 'GATSBY_', package: /^gatsby$/, config: /^gatsby-config\./ },
  { prefix: 'MIX_', package: /^laravel-mix$/, config: /^webpack\.mix\./ },
  { prefix: 'BUN_PUBLIC_', package: /^(?:bun|@types\/bun|bun-types)$/, config: /^bunfig\.toml$/ },
  { prefix: 'SANITY_STUDIO_', package: /^sanity$/, config: /^sanity\.(?:config|cli)\./ },
  { prefix: 'REDWOOD_ENV_', package: /^@redwoodjs\//, config: /^redwood\.toml$/ },
  { prefix: 'STORYBOOK_', package: /^(?:storybook|@storybook\/.+)$/, config: null },
  { prefix: 'NG_APP_', package: /^@ngx-env\/(?:builder|core)$/, config: null },
  {
    prefix: 'PUBLIC_',
    package: /^(?:@sveltejs\/kit|astro|@rsbuild\/core|@rslib\/core)$/,
    config: /^(?:svelte|astro|rsbuild)\.config\./,
  },
]

/** A tool and the folder of the package that has it; `prefix` null: a package that has none. */
export type Inliner = { prefix: string | null; folder: string }

/** Files that say which tools a package has. */
export const saysTools = (path: string): boolean =>
  /^(?:package\.json|deno\.jsonc?|Gemfile)$/.test(fileName(path)) ||
  tools.some(({ config }) => config?.test(fileName(path)))

const isManifest = (path: string): boolean => /^(?:package\.json|deno\.jsonc?)$/.test(fileName(path))

/** Tools that a manifest or a tool's own configuration names; a package without any is named too. */
export const inlinersOf = (path: string, text: string): Inliner[] => {
  const folder = folderOf(path)
  const name = fileName(path)
  const words = new Set(
    [...text.matchAll(/["'](?:npm:)?(@?[\w.$-]{1,80}(?:\/[\w.-]{1,80})?)(?:@[^"'\n]{0,40})?["']/g)].map(
      ([, word]) => word!,
    ),
  )
  const found = tools
    .filter(
      tool => tool.config?.test(name) || [...words].some(word => !viteConfig.test(name) && tool.package.test(word)),
    )
    .map(({ prefix }) => prefix)
  // A bundler is told further prefixes in its configuration.
  if (viteConfig.test(name))
    for (const [, given] of text.matchAll(/\benvPrefix\s{0,4}:\s{0,4}([^\n]{1,200})/g))
      for (const { prefix } of tools)
        if (given!.includes(`'${prefix}'`) || given!.includes(`"${prefix}"`)) found.push(prefix)
  const none = found.length === 0 && isManifest(path) ? [{ prefix: null, folder }] : []
  return [...new Set(found)].map((prefix): Inliner => ({ prefix, folder })).concat(none)
}

const holds = (folder: string, path: string): boolean => folder === '' || path.startsWith(`${folder}/`)

const runsInBrowser = /\.(?:[cm]?[jt]sx?|vue|svelte|astro|html|mdx)$/i
/** Packages that others of the workspace take in: whoever bundles them writes their variables out too. */
const isShared = /^(?:packages|libs?|shared|common|modules)\//

/**
 * Whether a read of a variable with this prefix ends in the bundle: its own package, or one around it, has the tool. Where no manifest says
 * what a package is made of, the prefix itself is believed, unless it is a plain word.
 */
export const isInlined = (prefix: string, path: string, inliners: readonly Inliner[]): boolean => {
  if (!runsInBrowser.test(path)) return false
  const around = inliners.filter(({ folder }) => holds(folder, path))
  if (around.length === 0)
    return prefix !== 'PUBLIC_' && (inliners.length === 0 || inliners.some(one => one.prefix === prefix))
  if (around.some(one => one.prefix === prefix)) return true
  return prefix !== 'PUBLIC_' && isShared.test(path) && inliners.some(one => one.prefix === prefix)
}

/** Whether anything in the repository writes variables with this prefix into a bundle. */
export const hasTool = (prefix: string, inliners: readonly Inliner[]): boolean =>
  inliners.some(one => one.prefix === prefix) || (inliners.length === 0 && prefix !== 'PUBLIC_')

/** Services whose library in the browser takes a key that is made to be seen; the name of the service in a variable, and how it is imported. */
const publicKeys: readonly [RegExp, RegExp][] = [
  [/ALGOLIA/, /algoliasearch|instantsearch|@docsearch\//],
  [/TYPESENSE/, /typesense/],
  [/MEILI/, /meilisearch/],
  [/PUSHER|REVERB|ABLY|ECHO/, /pusher-js|laravel-echo|["']ably/],
  [/MAPBOX|MAPTILER|GOOGLE_?MAPS?/, /mapbox-gl|maplibre|@react-google-maps|@googlemaps\/|@vis\.gl\/react-google-maps/],
  [/FIREBASE/, /["']firebase\//],
  [
    /POSTHOG|SEGMENT|MIXPANEL|AMPLITUDE|STATSIG|LAUNCH_?DARKLY|OPENPANEL/,
    /posthog-js|@segment\/|mixpanel-browser|@amplitude\/|@statsig\/|launchdarkly|@openpanel\//,
  ],
  [/CLOUDINARY|IMAGEKIT|UPLOADCARE/, /next-cloudinary|cloudinary-core|imagekit|uploadcare/],
  [
    /SANITY|CONTENTFUL|STORYBLOK|PRISMIC|DATO/,
    /@sanity\/client|next-sanity|["']contentful|storyblok|@prismicio\/|datocms/,
  ],
  [/RECAPTCHA|TURNSTILE|HCAPTCHA/, /recaptcha|turnstile|hcaptcha/],
]
const toWrite = /ADMIN|SERVICE|MASTER|WRITE|PRIVATE|SERVER|PASSWORD/

/** Whether a file that reads a variable hands it to a library of the browser whose key is made to be seen. */
export const takesPublicKey = (name: string, text: string): boolean =>
  !toWrite.test(name) && publicKeys.some(([service, library]) => service.test(name) && library.test(text))

/**
 * Whether a file runs on the server alone, by the place that its framework gives it. What is read there is in no bundle of the browser,
 * whatever its prefix.
 */
export const runsOnServer = (path: string): boolean =>
  /\.server\.[cm]?[jt]sx?$|(?:^|\/)(?:\+server\.[jt]s|route\.[jt]sx?|pages\/api\/.+|src\/lib\/server\/.+|server\/.+|middleware\.[jt]s|hooks\.server\.[jt]s|netlify\/functions\/.+|supabase\/functions\/.+)$/.test(
    path,
  )
