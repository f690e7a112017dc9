// CI systems: the files that hold their pipelines, and what they call the settings that a deploy needs. From their own documentation,
// November 2026.

/** Systems whose pipelines are read. */
export const ciProviders = ['github', 'gitlab', 'bitbucket', 'circleci', 'azure', 'buildkite'] as const
export type CiProvider = (typeof ciProviders)[number]

export type CiSystem = {
  /** Pipeline files, relative to the root. */
  files: RegExp
  /** Whose syntax the files are in, where it is one that is read. */
  syntax: CiProvider | null
  /** What keeps two deploys from overlapping; null where nothing can, or where it is built in. */
  guard: string | null
  /** What names the environment that holds a deploy's secrets. */
  environment: string | null
  /** Variables that it sets. */
  variables?: RegExp
  /** What writes "this job waits for the tests". */
  waits: string
}

const behind = 'put it into a stage behind the tests'
const unread = (files: RegExp): CiSystem => ({ files, syntax: null, guard: null, environment: null, waits: behind })

const github = {
  syntax: 'github',
  variables: /^GITHUB_/,
  guard: 'concurrency: { group: production, cancel-in-progress: false }',
  environment: 'environment: production',
  waits: 'put the tests into a job of this workflow and write `needs: [test]` on the deploy job',
} as const

export const ciSystems: Readonly<Record<string, CiSystem>> = {
  github: { ...github, files: /^\.github\/workflows\/[^/]+\.ya?ml$/ },
  gitlab: {
    files: /^(?:\.gitlab-ci\.ya?ml|\.gitlab\/ci\/[^/]+\.ya?ml)$/,
    syntax: 'gitlab',
    variables: /^(?:GITLAB_|CI_)/,
    guard: 'resource_group: production',
    environment: 'environment: { name: production }',
    waits: behind,
  },
  bitbucket: {
    files: /^bitbucket-pipelines\.ya?ml$/,
    syntax: 'bitbucket',
    variables: /^BITBUCKET_/,
    // A deployment waits for the one before by itself.
    guard: null,
    environment: 'deployment: production',
    waits: behind,
  },
  circleci: {
    files: /^\.circleci\/config\.ya?ml$/,
    syntax: 'circleci',
    variables: /^CIRCLE/,
    guard: 'serial-group: << pipeline.project.slug >>/production',
    // Contexts are granted to the jobs of a workflow, by people: a job's text does not tell.
    environment: null,
    waits: 'write `requires: [test]`',
  },
  azure: {
    files:
      /^(?:(?:\.azure\/|\.pipelines\/)?azure-pipelines[\w.-]*|\.?azure[-/]?(?:pipelines|devops)\/[\w./-]+)\.ya?ml$/,
    syntax: 'azure',
    guard: 'lockBehavior: sequential',
    environment: 'a `deployment` job with `environment: production`',
    waits: behind,
  },
  buildkite: {
    files: /^\.buildkite\/[^/]+\.ya?ml$/,
    syntax: 'buildkite',
    variables: /^BUILDKITE/,
    guard: 'concurrency: 1 and concurrency_group: production',
    environment: null,
    waits: behind,
  },
  jenkins: unread(/^Jenkinsfile$/),
  travis: { ...unread(/^\.travis\.yml$/), variables: /^TRAVIS/ },
  drone: unread(/^\.drone\.yml$/),
  woodpecker: unread(/^\.woodpecker(?:\.ya?ml|\/.+)$/),
  forgejo: { ...github, files: /^\.forgejo\/workflows\/[^/]+\.ya?ml$/ },
  gitea: { ...github, files: /^\.gitea\/workflows\/[^/]+\.ya?ml$/ },
  appveyor: unread(/^appveyor\.yml$/),
  'cloud-build': unread(/^cloudbuild\.ya?ml$/),
  codebuild: unread(/^buildspec\.ya?ml$/),
  semaphore: unread(/^\.semaphore\/.+$/),
  teamcity: unread(/^\.teamcity\/.+$/),
  dagger: unread(/^dagger\.json$/),
  codemagic: unread(/^codemagic\.yaml$/),
  wercker: unread(/^wercker\.yml$/),
  cirrus: unread(/^\.cirrus\.yml$/),
}

/** The CI system that a file belongs to, by its path from the root; null where it belongs to none. */
export const ciOf = (path: string): string | null =>
  Object.entries(ciSystems).find(([, { files }]) => files.test(path))?.[0] ?? null

/** The syntax of a pipeline file that is read, by its path from the root; null where it is none. */
export const ciProviderOf = (path: string): CiProvider | null => ciSystems[ciOf(path) ?? '']?.syntax ?? null

/** Whether a file belongs to a CI system whose pipelines are seen but not read. */
export const isUnreadCi = (path: string): boolean => ciSystems[ciOf(path) ?? '']?.syntax === null

/** Whether a variable is one that a CI system sets. */
export const isSetByCi = (name: string): boolean =>
  Object.values(ciSystems).some(({ variables }) => variables?.test(name))
