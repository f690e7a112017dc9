// Where the output of a command goes, and who controls the words of an event.
import { describe, expect, it } from 'vitest'
import { safetyFaults } from '../../../src/formats/workflow/safety.ts'
import { splitShell } from '../../../src/formats/workflow/shell.ts'
import { parseWorkflow } from '../../../src/formats/workflow/workflow.ts'

const intoFile = (script: string): string[] =>
  splitShell(script)
    .filter(({ intoFile, words }) => intoFile && words[0] === 'echo')
    .map(({ words }) => words[1]!)
const indented = (script: string): string =>
  script
    .split('\n')
    .map(line => `          ${line}`)
    .join('\n')
const told = (script: string, events = 'push'): string[] =>
  parseWorkflow(
    'github',
    '.github/workflows/a.yml',
    `on: ${events}\npermissions: {}\njobs:\n  a:\n    env: { TOKEN: "\${{ secrets.API_TOKEN }}" }\n    steps:\n      - run: |\n${indented(script)}\n`,
  )
    .pipelines.flatMap(safetyFaults)
    .map(({ fault, line, reach }) => `${fault} ${line - 7}${reach ? ` ${reach}` : ''}`)

describe('output', () => {
  it.each<[string, string, string[]]>([
    ['of a group', '{\n  echo a\n  echo b\n} >> .env\necho c', ['a', 'b']],
    ['of a group on a line', '{ echo a; echo b; } > .env; echo c', ['a', 'b']],
    ['of a subshell', '(\n  cd x\n  echo a\n) > .env\necho c', ['a']],
    ['of a subshell on a line', '(cd x && echo a) > .env', ['a']],
    ['of a group that tee keeps quiet', '{\n  echo a\n  echo b\n} | sudo tee .env > /dev/null', ['a', 'b']],
    ['of a group that goes on', '{\n  echo a\n}\necho b > f', ['b']],
    ['of a loop', 'for n in 1 2; do\n  if [ $n ]; then\n    echo a\n  fi\n  echo b\ndone > list\necho c', ['a', 'b']],
    ['behind exec', 'echo a\nexec > log\necho b', ['b']],
    ['of a function', 'write() {\n  echo a\n}\nwrite > .env', ['a']],
    ['of a function that is also called alone', 'write() {\n  echo a\n}\nwrite > .env\nwrite', []],
    ['of a substitution', 'x=$(echo a) \necho b', []],
    ['to the other channel of the log', 'echo a >&2\n{ echo b; } 1>&2\necho c > /dev/stderr', []],
    ['behind a group within a group', '{\n  { echo a; }\n  find . -exec rm {} +\n  echo b\n} > f', ['a', 'b']],
  ])('%s', (_what, script, expected) => {
    expect(intoFile(script)).toEqual(expected)
  })

  it.each<[string, string, string[]]>([
    ['a group into a file', '{\n  echo "A=${{ secrets.KEY }}"\n  echo "B=$TOKEN"\n} >> .env', []],
    ['a group into the log', '{\n  echo "A=${{ secrets.KEY }}"\n}', ['secret-echoed 2 masked']],
    [
      'what every visitor is given',
      'echo "URL=${{ secrets.NEXT_PUBLIC_URL }}"\necho "${{ secrets.VITE_APP_KEY }}"',
      [],
    ],
    [
      'a public one beside a secret',
      'echo "${{ secrets.VITE_APP_ID }} ${{ secrets.KEY }}"',
      ['secret-echoed 1 masked'],
    ],
    ['a secret into the log, which shows asterisks', 'echo $TOKEN', ['secret-echoed 1 masked']],
    ['a secret in another form, which the log shows', 'echo $TOKEN | base64', ['secret-echoed 1']],
  ])('told or not: %s', (_what, script, expected) => expect(told(script)).toEqual(expected))
})

describe('words of an event', () => {
  const on = '[pull_request_target, issues, issue_comment, discussion, discussion_comment, gollum, workflow_run]'
  it.each([
    'pull_request.title',
    'issue.body',
    'changes.title.from',
    'changes.new_issue.body',
    'answer.body',
    'comment.diff_hunk',
    'pages[0].page_name',
    'head_commit.committer.name',
    'workflow_run.head_branch',
    'pull_request.head.repo.homepage',
  ])('%s is a stranger’s', field =>
    expect(told(`echo "\${{ github.event.${field} }}"`, on)[0]).toMatch(/^script-injection 1(?: never)?$/),
  )
  it.each([
    'pull_request.labels.*.name',
    'issue.labels[0].name',
    'label.name',
    'pull_request.milestone.title',
    'milestone.title',
  ])('%s is given by those with rights', field => {
    expect(told(`echo "\${{ github.event.${field} }}"`, on)).toEqual(['script-injection 1 insider'])
    expect(told(`echo '\${{ toJSON(github.event.${field}) }}'`, on)).toEqual(['script-injection 1 insider'])
  })
  it.each([
    'pull_request.head.user.login',
    'pull_request.head.sha',
    'issue.number',
    'pull_request.user.login',
    'assignee.login',
  ])('%s holds nothing that runs', field => expect(told(`echo "\${{ github.event.${field} }}"`, on)).toEqual([]))
})
