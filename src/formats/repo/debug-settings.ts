// Debug mode that is written into the settings of a framework, past every variable: visitors who meet an error see code and settings.

type Found = { name: string; line: number }

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

/** By the path of a settings file: what switches debug mode on there, and what shows that it is decided elsewhere. */
const settings: readonly { path: RegExp; on: RegExp; elsewhere?: RegExp; name: string }[] = [
  {
    path: /(?:^|\/)settings(?:\/(?:production|prod|base|common|__init__))?\.py$/,
    on: /^DEBUG\s*=\s*True\b/m,
    elsewhere: /^\s+DEBUG\s*=|^DEBUG\s*=(?!\s*True\b)|^\s*from\s+\S*local\S*\s+import|^\s*(?:exec|include)\(/m,
    name: 'DEBUG',
  },
  {
    path: /(?:^|\/)config\/environments\/production\.rb$/,
    on: /^\s*config\.consider_all_requests_local\s*=\s*true\b/m,
    name: 'consider_all_requests_local',
  },
  {
    path: /(?:^|\/)config\/(?:prod|runtime)\.exs$/,
    on: /^[^#\n]*\bdebug_errors:\s*true\b/m,
    elsewhere: /:dev\b/,
    name: 'debug_errors',
  },
  { path: /(?:^|\/)config\/app\.php$/, on: /^\s*['"]debug['"]\s*=>\s*true\b/m, name: 'debug' },
  { path: /(?:^|\/)appsettings\.Production\.json$/, on: /"DetailedErrors"\s*:\s*true\b/, name: 'DetailedErrors' },
]

/** Files of settings for production alone: where one stands, the common ones may say what they like. */
const forProduction =
  /(?:^|\/)settings\/(?:production|prod|live|deploy\w*)\.py$|(?:^|\/)(?:production|prod|live)_settings\.py$|(?:^|\/)settings_(?:production|prod|live)\.py$/

/** Debug mode in a file of settings; `paths` are all files of the repository. */
export const debugSetting = (path: string, text: string, paths: readonly string[]): Found | null => {
  const rule = settings.find(one => one.path.test(path))
  if (!rule || rule.elsewhere?.test(text)) return null
  if (path.endsWith('.py') && !forProduction.test(path) && paths.some(one => forProduction.test(one))) return null
  const match = rule.on.exec(text)
  return match ? { name: rule.name, line: lineOf(text, match.index + (match[0].match(/^\s*/)?.[0].length ?? 0)) } : null
}
