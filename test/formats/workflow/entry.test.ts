// Entry scripts read with what they are started with: only the branch that runs is left.
import { describe, expect, it } from 'vitest'
import { commandsOf, emptyWorld } from '../../../src/formats/workflow/commands.ts'
import { entryScript } from '../../../src/formats/workflow/entry.ts'

const lines = (text: string, args: string[], env: Record<string, string> = {}): string[] =>
  entryScript(text, args, env)
    .text.split('\n')
    .map(line => line.trim())
    .filter(Boolean)

const roles = `#!/bin/sh
set -e
web() {
  PORT=\${PORT:-80}
  exec gunicorn shop.wsgi -b :$PORT
}
watching() {
  exec ./manage.py runserver
}
case "$1" in
  web)
    shift
    web "$@"
    ;;
  watch|dev) watching ;;
  *)
    exec "$@"
    ;;
esac
`

describe('an entry script', () => {
  it.each<[string, string, string[], Record<string, string>, string[]]>([
    [
      'the branch of a case',
      roles,
      ['web'],
      {},
      ['#!/bin/sh', 'set -e', 'PORT=${PORT:-80}', 'exec gunicorn shop.wsgi -b :$PORT'],
    ],
    ['one of two words of a case', roles, ['dev'], {}, ['#!/bin/sh', 'set -e', 'exec ./manage.py runserver']],
    [
      'the last branch, which runs what it is given',
      roles,
      ['sh', '-c', 'a b'],
      {},
      ['#!/bin/sh', 'set -e', "exec sh -c 'a b'"],
    ],
    ['a default', 'case "${1:-web}" in\nweb)\n  run web\n;;\ndev)\n  run dev\n;;\nesac', [], {}, ['run web']],
    ['an if over an argument', 'if [ "$1" = "dev" ]; then\n  run dev\nelse\n  run web\nfi', ['web'], {}, ['run web']],
    [
      'an if over a setting of the image',
      'if [[ "$MODE" == "production" ]]; then\n  run web\nelse\n  run dev\nfi',
      [],
      { MODE: 'production' },
      ['run web'],
    ],
    [
      'a chain of tests',
      'if [ "$#" -eq 0 ] || [ "$1" = web ]\nthen\n  run web\nelif [ "$1" = dev ]; then\n  run dev\nfi',
      ['dev'],
      {},
      ['run dev'],
    ],
    ['a test before a command', '[ "$1" = dev ] && run dev || run web', ['x'], {}, ['run web']],
    ['other arguments set', 'set -- web "$@"\nrun "$@"', ['a'], {}, ['run web a']],
    [
      'an if in an if',
      'if [ "$1" = a ]; then\n  if [ "$2" = b ]; then\n    run ab\n  fi\n  run a\nfi\nrun all',
      ['a', 'c'],
      {},
      ['run a', 'run all'],
    ],
  ])('%s', (_name, text, args, env, expected) => {
    expect(lines(text, args, env)).toEqual(expected)
  })

  it('leaves every branch open where a setting that nobody knows decides', () => {
    const text = 'if [ "$DEBUG" = 1 ]; then\n  run dev\nelse\n  run web\nfi\nrun all'
    const { text: left, open } = entryScript(text, [], {})
    expect(left.split('\n').map((line, at) => `${line.trim()} ${open[at]}`)).toEqual([
      'run dev true',
      'run web true',
      'run all false',
    ])
  })

  it('ends where functions call each other', () => {
    expect(lines('a() {\n  b\n}\nb() {\n  a\n}\na', [])).toBeInstanceOf(Array)
  })

  it('is read by its caller’s words', () => {
    const world = { ...emptyWorld, files: { 'bin/entry': roles } }
    expect(commandsOf('/app/bin/entry web', world).map(({ kind }) => kind)).toEqual(['serve'])
    expect(commandsOf('/app/bin/entry watch', world).map(({ kind }) => kind)).toEqual(['dev-server'])
    expect(commandsOf('/app/bin/entry $ROLE', world).map(({ kind, open }) => `${kind} ${open}`)).toEqual([
      'serve true',
      'dev-server true',
    ])
  })
})
