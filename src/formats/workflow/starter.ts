// The workflow that runs a repository's tests, as it is written for one that has none.
import type { Language } from '../repo/stack-detect.ts'

type Steps = { setup: string; install: string; test: string; build?: string }

/** How each language installs and tests. */
const stepsOf: { readonly [L in Language]?: Steps } = {
  javascript: {
    setup: '      - uses: actions/setup-node@v6\n        with: { node-version-file: package.json }\n',
    install: 'npm ci',
    test: 'npm test',
    build: 'npm run build --if-present',
  },
  python: {
    setup: '      - uses: actions/setup-python@v6\n        with: { python-version-file: .python-version }\n',
    install: 'pip install -r requirements.txt',
    test: 'pytest',
  },
  ruby: { setup: '', install: 'bundle install', test: 'bin/rails test' },
  php: { setup: '', install: 'composer install --no-interaction', test: 'php artisan test' },
  go: {
    setup: '      - uses: actions/setup-go@v6\n        with: { go-version-file: go.mod }\n',
    install: 'go mod download',
    test: 'go test ./...',
  },
  elixir: { setup: '', install: 'mix deps.get --check-locked', test: 'mix test' },
}

/** The first language whose tests are known how to run; null where there is none (plain pages). */
export const testedLanguage = (languages: readonly Language[]): Language | null =>
  languages.map(name => (name === 'typescript' ? 'javascript' : name)).find(name => stepsOf[name]) ?? null

/** The command that runs a language's tests; JavaScript's where none is known. */
export const testCommand = (language: Language | null): string =>
  (stepsOf[language ?? 'javascript'] ?? stepsOf.javascript!).test

/** Text of `.github/workflows/ci.yml` that installs and tests on pushes to `branch` and on pull requests. */
export const starterWorkflow = (language: Language | null, branch: string): string => {
  const { setup, install, test, build } = stepsOf[language ?? 'javascript'] ?? stepsOf.javascript!
  return `name: CI\non:\n  push: { branches: [${branch}] }\n  pull_request:\npermissions: { contents: read }\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n${setup}      - run: ${install}\n      - run: ${test}\n${build ? `      - run: ${build}\n` : ''}`
}
