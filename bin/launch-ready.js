#!/usr/bin/env node
// Checks the Node version, turns on the compile cache, and calls main: the built program, or the source where it was not built.
// CommonJS (package.json beside it), because that starts sooner; and it must parse on old versions of Node, so that they can say
// their sentence.

const isTooOld = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major < 22 || (major === 22 && minor < 19)
}

const start = () => {
  const { existsSync, readFileSync } = require('node:fs')
  const { join } = require('node:path')
  const at = path => join(__dirname, '..', path)
  const words = process.argv.slice(2)
  const isAlone = (...names) => words.length === 1 && names.includes(words[0])

  if (isAlone('--version', '-V')) {
    process.stdout.write(`${JSON.parse(readFileSync(at('package.json'), 'utf8')).version}\n`)
    return
  }
  // The help was laid out for 80 columns when the program was built; narrower terminals get it laid out anew.
  if (isAlone('--help', '-h') && !(process.stdout.columns < 80) && existsSync(at('dist/help.txt'))) {
    process.stdout.write(readFileSync(at('dist/help.txt'), 'utf8'))
    return
  }
  require('node:module').enableCompileCache()
  const program = existsSync(at('dist/main.js')) ? at('dist/main.js') : at('src/main.ts')
  import(require('node:url').pathToFileURL(program).href).then(main => main.start())
}

if (isTooOld()) {
  process.stderr.write(
    `launch-ready needs Node.js 22.19 or newer, and this is ${process.versions.node}. Install a current version from nodejs.org and run it again.\n`,
  )
  process.exitCode = 2
} else start()
