// Folders of a repository that hold what is not shipped: dependencies, tests, fixtures, examples, templates, documentation. One table,
// from which each reader names the groups that it leaves out.

const groups = {
  /** What others wrote. */
  dependencies: ['node_modules', 'bower_components', 'vendor', 'third_party'],
  fixtures: ['fixtures?', '__fixtures__', 'testdata'],
  examples: ['examples?', '_?samples?', 'demos?', '(?:demo|example|sample)[-_]apps?'],
  /** What is copied into a new project: it is filled in there. */
  templates: ['templates?', 'remix\\.init'],
  tests: [
    'tests?',
    '__tests__',
    'specs?',
    '(?:integration|acceptance|functional|end-to-end|system|smoke|e2e|unit|load)[-_]?tests?',
    '__mocks__',
    'e2e',
    'cypress',
    'features/(?:step_definitions|steps|support)',
  ],
  /** What tests are run with beside fixtures: recorded answers, stand-ins, measurements. */
  testSupport: [
    'mocks?',
    'stubs?',
    'test[-_]data',
    'test[-_]utils?',
    'testing',
    'playwright',
    '__snapshots__',
    '(?:vcr_)?cassettes',
    'benchmarks?',
  ],
  documentation: ['docs?', 'documentation'],
  manuals: ['tutorials?', 'guides?'],
  /** What a build or a catalogue of components made. */
  builds: ['dist', 'build', 'storybook'],
  /** Another state of the same repository, checked out within it by those who work on it with assistants. */
  copies: ['\\.[\\w-]+/worktrees', '\\.worktrees'],
  /** Folders of tools, whose names begin with a dot. */
  hidden: ['\\.[\\w-]+'],
} as const

export type FolderGroup = keyof typeof groups

/**
 * A test whether a path (with forward slashes, relative to the root) lies in a folder of one of these groups, at any depth. A folder
 * itself is meant with its trailing slash. With `anyCase`, `Tests/` is `tests/`.
 */
export const liesIn = (
  wanted: readonly FolderGroup[],
  { anyCase = false }: { anyCase?: boolean } = {},
): ((path: string) => boolean) => {
  const names = wanted.flatMap(group => groups[group]).join('|')
  const pattern = new RegExp(`(?:^|/)(?:${names})/`, anyCase ? 'i' : '')
  return path => pattern.test(path)
}

const asideOf: readonly FolderGroup[] = ['dependencies', 'fixtures', 'examples', 'templates', 'copies']

/** What no product runs, whatever it is: dependencies, fixtures, examples, templates. Tests may still say how it is built. */
export const isAside = liesIn(asideOf)

/** The same and tests: what is found there says nothing of the product. */
export const isUnshipped = liesIn([...asideOf, 'tests'])

/** The same and documentation, for files that pin versions: a manual's own toolchain is not the product's. */
export const isAsideOrManual = liesIn([...asideOf, 'documentation'])

/** The same, documentation and the folders of tools: manifests there are not installed by a deploy. */
export const isNoPackage = liesIn([...asideOf, 'tests', 'documentation', 'hidden'])

/** Code that does not run in production. Folders of templates stay: a Go or Python server keeps code there. */
export const isNoCode = liesIn([
  'dependencies',
  'fixtures',
  'examples',
  'tests',
  'documentation',
  'builds',
  'copies',
  'hidden',
])
