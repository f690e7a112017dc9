// Prefixes of variables that a framework puts into the browser's bundle, each with the framework's page that says so. As of 2026-11.

/** `prefix` as written; `framework` as `stack-detect` names it, null where the prefix alone says it. */
export type PublicPrefix = { prefix: string; framework: string | null; source: string }

export const publicPrefixes: readonly PublicPrefix[] = [
  { prefix: 'NEXT_PUBLIC_', framework: null, source: 'https://nextjs.org/docs/app/guides/environment-variables' },
  { prefix: 'VITE_', framework: null, source: 'https://vite.dev/guide/env-and-mode' },
  {
    prefix: 'REACT_APP_',
    framework: null,
    source: 'https://create-react-app.dev/docs/adding-custom-environment-variables/',
  },
  { prefix: 'EXPO_PUBLIC_', framework: null, source: 'https://docs.expo.dev/guides/environment-variables/' },
  { prefix: 'NUXT_PUBLIC_', framework: null, source: 'https://nuxt.com/docs/guide/going-further/runtime-config' },
  {
    prefix: 'NUXT_ENV_',
    framework: 'nuxt',
    source: 'https://v2.nuxt.com/docs/configuration-glossary/configuration-env',
  },
  { prefix: 'VUE_APP_', framework: null, source: 'https://cli.vuejs.org/guide/mode-and-env.html' },
  {
    prefix: 'GATSBY_',
    framework: null,
    source: 'https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables/',
  },
  { prefix: 'MIX_', framework: null, source: 'https://laravel.com/docs/8.x/mix#environment-variables' },
  { prefix: 'BUN_PUBLIC_', framework: null, source: 'https://bun.com/docs/bundler/fullstack' },
  { prefix: 'SANITY_STUDIO_', framework: null, source: 'https://www.sanity.io/docs/studio/environment-variables' },
  { prefix: 'REDWOOD_ENV_', framework: null, source: 'https://docs.redwoodjs.com/docs/environment-variables' },
  { prefix: 'STORYBOOK_', framework: null, source: 'https://storybook.js.org/docs/configure/environment-variables' },
  { prefix: 'NG_APP_', framework: null, source: 'https://github.com/chihab/ngx-env' },
  // SvelteKit, Astro and others use the bare word: also a name of the reader's own, so the value must look secret before it counts.
  { prefix: 'PUBLIC_', framework: null, source: 'https://svelte.dev/docs/kit/$env-static-public' },
]

/** The prefix that puts a variable into the browser, or null. */
export const publicPrefixOf = (name: string): string | null =>
  publicPrefixes.find(({ prefix }) => name.startsWith(prefix))?.prefix ?? null
