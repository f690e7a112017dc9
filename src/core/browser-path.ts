// Where Chromium or Chrome stands on this machine: one order for whoever drives, prints with or reports on a browser.
import * as own from 'node:path'

/** The rules of a system's paths: this machine's, or those that a test hands in. */
type SystemPaths = Pick<typeof own, 'delimiter' | 'isAbsolute' | 'join' | 'sep'>

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge']

/** Where installers put it, for machines whose PATH does not say. */
const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/**
 * The path of a browser, null where there is none: the one named in CHROME_PATH and no other where that is set, else the
 * first on the PATH (of its absolute folders: the working directory may be a stranger's), else the usual places. `exists` asks the file system.
 * On Windows programs end in `.exe`, and the variable is called Path.
 */
export const findBrowser = (
  env: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean,
  { delimiter, isAbsolute, join, sep }: SystemPaths = own,
): string | null => {
  const named = env['CHROME_PATH']
  if (named) return exists(named) ? named : null
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter(isAbsolute)
  const ending = sep === '\\' ? '.exe' : ''
  const places = [...folders.flatMap(folder => names.map(name => join(folder, `${name}${ending}`))), ...usualPlaces]
  return places.find(exists) ?? null
}
