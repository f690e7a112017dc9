import { describe, expect, it } from 'vitest'
import { indentedPatch } from '../../../src/formats/patch.ts'
import { commandPatch, conditionPatch } from '../../../src/formats/workflow/edit.ts'
import { parseWorkflow } from '../../../src/formats/workflow/workflow.ts'

const file = '.github/workflows/ci.yml'
const text = (steps: string): string => `on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n${steps}\n# The end.\n`
const added = (patch: string | null | undefined): string[] =>
  (patch ?? '').split('\n').filter(line => /^[+-]/.test(line) && !/^(?:---|\+\+\+) /.test(line))

describe('where a job takes another step', () => {
  it.each([
    ['steps as far in as their key', '    steps:\n    - run: npm ci\n    - run: npm test', ['+    - run: x']],
    ['steps further in', '    steps:\n      - run: npm ci', ['+      - run: x']],
    ['a block of text last', '    steps:\n      - run: |\n          npm ci\n          npm test\n', ['+      - run: x']],
    ['a list in one line', '    steps: [{ run: npm ci }]', []],
    [
      'a key of a provider beside it',
      '    steps:\n      - run: curl -H "Authorization: Bearer sk_live_a1B2c3D4e5F6g7H8a1B2c3D4"',
      [],
    ],
  ])('%s', (_, steps, expected) => {
    const job = parseWorkflow('github', file, text(steps)).pipelines[0]?.jobs[0]
    const spot = job?.edit?.steps
    expect(added(spot && indentedPatch(file, spot, ['- run: x']))).toEqual(expected)
  })
})

describe('a step under a condition', () => {
  it.each([
    ['      - run: npm test', ['+        if: always()']],
    ['      - run: |', []],
    ['      -   run: npm test', []],
    ['      run: npm test', []],
  ])('%s', (line, expected) => {
    expect(added(conditionPatch(file, `${line}\n`, 1, 'always()'))).toEqual(expected)
  })
})

describe('a command that is mended where it stands', () => {
  const install = { kind: 'install' as const, line: 1, frozen: false, instead: 'npm ci' }
  const smoke = { kind: 'smoke' as const, line: 1, frozen: null, instead: null }
  it.each([
    ['- run: npm install', { ...install, text: 'npm install' }, '- run: npm ci'],
    ['- run: npm install && npm install x', { ...install, text: 'npm install' }, null],
    ['- run: make deps', { ...install, text: 'npm install' }, null],
    [
      '- run: curl -s https://a.example/health || true',
      { ...smoke, text: 'curl -s https://a.example/health' },
      '- run: curl --fail --show-error --retry 5 --retry-all-errors -s https://a.example/health',
    ],
    ['- run: curl -s https://a.example/ | jq .', { ...smoke, text: 'curl -s https://a.example/' }, null],
    ['- run: curl -sf https://a.example/', { ...smoke, text: 'curl -sf https://a.example/' }, null],
  ])('%s', (line, command, expected) => {
    expect(added(commandPatch(file, `${line}\n`, command).patch)).toEqual(
      expected === null ? [] : [`-${line}`, `+${expected}`],
    )
  })
})
