// The pipelines of a file in the common shape, whatever CI system it is for. YAML is bounded: see yaml-lines.ts.
import type { CiProvider } from '../../data/ci-systems.ts'
import { compositeSteps, readGithub } from './github.ts'
import { readGitlab } from './gitlab.ts'
import type { Step, WorkflowFile } from './model.ts'
import { readAzure, readBitbucket, readBuildkite, readCircle } from './others.ts'
import { readYaml } from './yaml-lines.ts'

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
