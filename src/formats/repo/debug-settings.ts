// Debug mode that is written into the settings of a framework, past every variable: visitors who meet an error see code and settings.

import { platformOfFile } from '../../data/platforms.ts'
import { fileName, folderOf } from './paths.ts'

/** `unless`: the variable that switches it off, where one may. */
type Found = { name: string; line: number; unless?: string }

/** The files of the repository, and their texts. */
type Beside = { paths: readonly string[]; read: (path: string) => string | null }

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

/**
 * By the path of a settings file: what switches debug mode on there, by itself or where no variable says
 * otherwise (its name is the group), and what shows that it is decided elsewhere.
 */
const settings: readonly { path: RegExp; on: RegExp; byDefault?: RegExp; elsewhere?: RegExp; name: string }[] = [
  {
    path: /(?:^|\/)settings(?:\/(?:production|prod|base|common|__init__))?\.py$/,
    on: /^DEBUG\s*=\s*True\b/m,
    byDefault:
      /^DEBUG\s*=\s*(?:\w{1,20}\()?[\w.]{0,30}(?:env|environ|config|envbool|strtobool|get|getenv|bool)\(\s*["'](\w{1,60})["']\s*,\s*(?:default\s*=\s*)?["']?(?:True|true|1|on|yes)\b/m,
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
  {
    path: /(?:^|\/)config\/app\.php$/,
    on: /^\s*['"]debug['"]\s*=>\s*true\b/m,
    byDefault: /^\s*['"]debug['"]\s*=>\s*(?:\(bool\)\s*)?env\(\s*['"](\w{1,60})['"]\s*,\s*true\b/m,
    name: 'debug',
  },
  { path: /(?:^|\/)appsettings\.Production\.json$/, on: /"DetailedErrors"\s*:\s*true\b/, name: 'DetailedErrors' },
]

/** Files of settings for production alone: where one stands, the common ones may say what they like. */
const forProduction =
  /(?:^|\/)settings\/(?:production|prod|live|deploy\w*)\.py$|(?:^|\/)(?:production|prod|live)_settings\.py$|(?:^|\/)settings_(?:production|prod|live)\.py$/

/** DEBUG given anything but True, by itself or in a chain: `DEBUG = TEMPLATE_DEBUG = False`. */
const decides = /^(?:\w{1,40} = ){0,3}DEBUG\s*=(?![^\n]{0,200}\bTrue\b)/m

/** What a framework prints to the screen instead of sending it: nobody runs a product with it. */
const mailsToScreen = /^EMAIL_BACKEND\s*=\s*["']django\.core\.mail\.backends\.(?:console|filebased|locmem|dummy)\./m

const startFile = /^(?:Dockerfile[\w.-]*|[\w.-]+\.[Dd]ockerfile|Procfile|[\w.-]+\.(?:service|sh))$/
const mostRead = 60

/** Whether a file that starts or deploys the product names the package of a settings module. */
const isStarted = (path: string, { paths, read }: Beside): boolean => {
  const name = fileName(folderOf(path))
  const starts = paths.filter(one => startFile.test(fileName(one)) || platformOfFile(one) !== null)
  return starts.slice(0, mostRead).some(one => name !== '' && (read(one) ?? '').includes(name))
}

/** Whether another module decides what a settings module of Django only begins with, or it says itself that it is for laptops. */
const isDecidedElsewhere = (path: string, text: string, beside: Beside): boolean => {
  if (forProduction.test(path)) return false
  if (beside.paths.some(one => forProduction.test(one))) return true
  const folder = folderOf(path)
  const siblings = beside.paths.filter(one => one !== path && one.endsWith('.py') && folderOf(one) === folder)
  if (/settings$/.test(folder) && siblings.slice(0, mostRead).some(one => decides.test(beside.read(one) ?? '')))
    return true
  return mailsToScreen.test(text) && !isStarted(path, beside)
}

/** Debug mode in a file of settings. */
export const debugSetting = (path: string, text: string, beside: Beside): Found | null => {
  const rule = settings.find(one => one.path.test(path))
  if (!rule) return null
  const byDefault = rule.byDefault?.exec(text) ?? null
  // The line itself decides where it names its variable.
  if (rule.elsewhere?.test(byDefault ? text.replace(byDefault[0], '') : text)) return null
  const match = byDefault ?? rule.on.exec(text)
  if (!match || (path.endsWith('.py') && isDecidedElsewhere(path, text, beside))) return null
  const line = lineOf(text, match.index + (match[0].match(/^\s*/)?.[0].length ?? 0))
  return { name: rule.name, line, ...(byDefault ? { unless: byDefault[1]! } : {}) }
}
