#!/usr/bin/env node
// Checks the Node version, turns on the compile cache, and calls main: the built program, or the source where it was not built.
// This file itself must parse on old versions of Node, so that they can say their sentence.
import { existsSync, readFileSync } from 'node:fs'
import * as nodeModule from 'node:module'

const here = new URL('.', import.meta.url)

// The help was laid out for 80 columns when the program was built; narrower terminals get it laid out anew.
function isHelp() {
  const word = process.argv[2]
  return process.argv.length === 3 && (word === '--help' || word === '-h') && !(process.stdout.columns < 80)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(
    `launch-ready needs Node.js 22.19 or newer, and this is ${process.versions.node}. Install a current version from nodejs.org and run it again.\n`,
  )
  process.exitCode = 2
} else if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(`${JSON.parse(readFileSync(new URL('../package.json', here), 'utf8')).version}\n`)
} else if (isHelp() && existsSync(new URL('../dist/help.txt', here))) {
  process.stdout.write(readFileSync(new URL('../dist/help.txt', here), 'utf8'))
} else {
  if (nodeModule.enableCompileCache) nodeModule.enableCompileCache()
  const built = new URL('../dist/main.js', here)
  const { start } = await import(existsSync(built) ? built.href : new URL('../src/main.ts', here).href)
  await start()
}
