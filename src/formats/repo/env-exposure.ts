// Places that hand a variable of the server to the browser though its name bears no public prefix: `env` of next.config, `define` of a
// bundler, the public part of Nuxt's runtime configuration, `extra` of an Expo app, `window.ENV` of a page.

/** `by`: the setting that hands it over. */
export type HandedOver = { name: string; line: number; by: string }

/** Characters of a block that are read. */
const longestBlock = 8_000

const nextConfig = /(?:^|\/)next\.config\.[cm]?[jt]s$/
const nuxtConfig = /(?:^|\/)nuxt\.config\.[cm]?[jt]s$/

/** What it says in `extra` lies in the app that customers install (https://docs.expo.dev/workflow/configuration/). */
const expoConfig = /(?:^|\/)app\.config\.[cm]?[jt]s$/

/** Where a block of variables for the browser begins, by the files in which it means that. */
const blocks: readonly { by: string; begins: RegExp; path: RegExp | null }[] = [
  { by: 'env of next.config', begins: /(?<![\w.])env\s{0,4}:\s{0,4}\{/g, path: nextConfig },
  { by: 'publicRuntimeConfig', begins: /\bpublicRuntimeConfig\s{0,4}:\s{0,4}\{/g, path: nextConfig },
  { by: 'runtimeConfig.public', begins: /(?<![\w.])public\s{0,4}:\s{0,4}\{/g, path: nuxtConfig },
  { by: 'define', begins: /(?<![\w.])define\s{0,4}:\s{0,4}\{/g, path: /\.config\.[cm]?[jt]s$/ },
  { by: 'DefinePlugin', begins: /\bDefinePlugin\(\s{0,20}\{/g, path: null },
  { by: 'EnvironmentPlugin', begins: /\bEnvironmentPlugin\(\s{0,20}[[{]/g, path: null },
  { by: 'extra of the app config', begins: /(?<![\w.])extra\s{0,4}:\s{0,4}\{/g, path: expoConfig },
  { by: 'window.ENV', begins: /\bwindow\.(?:__)?(?:ENV|env|APP_CONFIG)(?:__)?\s{0,4}=\s{0,4}/g, path: null },
]
/** In a file that writes `window.ENV`, what a loader returns under that name. */
const loaderBlock = /(?<![\w.])ENV\s{0,4}[:=]\s{0,4}\{/g

const read = /\b(?:process\.env|import\.meta\.env|Deno\.env|Bun\.env)(?:\.|\[["'])([A-Z][A-Z0-9_]{1,80})/g
const named = /["']([A-Z][A-Z0-9_]{2,80})["']/g

/** A block from its opening bracket to the one that closes it. */
const blockAt = (text: string, from: number): string => {
  let depth = 0
  const end = Math.min(text.length, from + longestBlock)
  for (let at = from; at < end; at++) {
    if (text[at] === '{' || text[at] === '[') depth++
    else if ((text[at] === '}' || text[at] === ']') && --depth <= 0) return text.slice(from, at)
  }
  return text.slice(from, end)
}

/** Characters before a read in which a condition around it begins. */
const longestCondition = 600

/** Whether a place stands within `Boolean(…)`, however deep: what comes out is a word of two. */
const isWithinBoolean = (block: string, index: number): boolean => {
  let depth = 0
  for (let at = index - 1; at >= Math.max(0, index - longestCondition); at--) {
    const character = block[at]
    if (character === ';' || character === '{') return false
    if (character === ')') depth++
    else if (character === '(' && depth > 0) depth--
    else if (character === '(' && /\bBoolean\s{0,4}$/.test(block.slice(Math.max(0, at - 12), at))) return true
  }
  return false
}

/** Whether a place only asks if a variable is set, or what it is: `!!process.env.KEY`, `process.env.KEY ? a : b`. */
const isOnlyAsked = (block: string, index: number, length: number): boolean =>
  /(?:!|\btypeof\s{1,4})$/.test(block.slice(Math.max(0, index - 20), index)) ||
  isWithinBoolean(block, index) ||
  /^(?:["']\])?\s{0,20}(?:[=!]==?|\?(?![.?]))/.test(block.slice(index + length, index + length + 30))

/** Variables of the server that a file hands to the browser. */
export const handedOver = (path: string, text: string): HandedOver[] => {
  if (!/\.(?:[cm]?[jt]sx?|vue|svelte|astro|html|ejs)$/.test(path)) return []
  const found = new Map<string, HandedOver>()
  const take = (by: string, begins: RegExp): void => {
    for (const { index, 0: begin } of text.matchAll(begins)) {
      const bracket = index + begin.length - (/[[{]$/.test(begin) ? 1 : 0)
      const block =
        begin.endsWith('{') || begin.endsWith('[') ? blockAt(text, bracket) : text.slice(bracket, bracket + 800)
      for (const match of block.matchAll(by === 'EnvironmentPlugin' ? named : read)) {
        const name = match[1]!
        if (by !== 'EnvironmentPlugin' && isOnlyAsked(block, match.index, match[0].length)) continue
        const line = text.slice(0, bracket + match.index).split('\n').length
        if (!found.has(name)) found.set(name, { name, line, by })
      }
    }
  }
  for (const { by, begins, path: where } of blocks) if (where === null || where.test(path)) take(by, begins)
  if (/\bwindow\.(?:__)?(?:ENV|env)\b/.test(text)) take('window.ENV', loaderBlock)
  return [...found.values()]
}
