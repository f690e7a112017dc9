// Which CI system a file belongs to, and its pipelines in the common shape. YAML is bounded: see yaml-lines.ts.
import { compositeSteps, readGithub } from './github.ts'
import { readGitlab } from './gitlab.ts'
import type { CiProvider, Step, WorkflowFile } from './model.ts'
import { readAzure, readBitbucket, readBuildkite, readCircle } from './others.ts'
import { readYaml } from './yaml-lines.ts'

const ciFiles: readonly [RegExp, CiProvider][] = [
  [/^\.(?:github|forgejo|gitea)\/workflows\/[^/]+\.ya?ml$/, 'github'],
  [/^(?:\.gitlab-ci\.ya?ml|\.gitlab\/ci\/[^/]+\.ya?ml)$/, 'gitlab'],
  [/^bitbucket-pipelines\.ya?ml$/, 'bitbucket'],
  [/^\.circleci\/config\.ya?ml$/, 'circleci'],
  [/^(?:\.azure\/|\.pipelines\/)?azure-pipelines[\w.-]*\.ya?ml$/, 'azure'],
  [/^\.buildkite\/pipeline[\w.-]*\.ya?ml$/, 'buildkite'],
]

/** Provider of a pipeline file by its path relative to the root; null when it is none. */
export const ciProviderOf = (path: string): CiProvider | null =>
  ciFiles.find(([pattern]) => pattern.test(path))?.[1] ?? null

/** CI systems whose files are seen but not read. */
export const otherCi =
  /^(?:Jenkinsfile|\.travis\.yml|\.drone\.yml|\.woodpecker(?:\.ya?ml|\/.+)|appveyor\.yml|cloudbuild\.ya?ml|buildspec\.ya?ml|\.semaphore\/.+|\.teamcity\/.+|dagger\.json|codemagic\.yaml|wercker\.yml|\.cirrus\.yml)$/

const yamlValueOf = (text: string | null): unknown => {
  const yaml = text === null ? null : readYaml(text)
  return yaml === null || 'problem' in yaml ? null : yaml.value
}

const readers = {
  github: readGithub,
  bitbucket: readBitbucket,
  circleci: readCircle,
  azure: readAzure,
  buildkite: readBuildkite,
}

/** Steps of a composite action by the text of its action.yml; empty when it is none or cannot be read. */
export const parseCompositeAction = (text: string): Step[] => {
  const yaml = readYaml(text)
  return 'problem' in yaml ? [] : compositeSteps(yaml)
}

/**
 * Reads a pipeline file. What cannot be read is a problem with its line; never throws. `included` gives the text of a
 * file that GitLab's `include: local` names, null when it is not there.
 */
export const parseWorkflow = (
  provider: CiProvider,
  file: string,
  text: string,
  included: (path: string) => string | null = () => null,
): WorkflowFile => {
  const yaml = readYaml(text)
  if ('problem' in yaml) return { pipelines: [], problem: { text: yaml.problem, line: yaml.line } }
  try {
    const pipelines =
      provider === 'gitlab'
        ? readGitlab(file, yaml, path => yamlValueOf(included(path)))
        : readers[provider](file, yaml)
    return { pipelines, problem: null }
  } catch (error) {
    return { pipelines: [], problem: { text: String((error as Error).message).slice(0, 160), line: 1 } }
  }
}
