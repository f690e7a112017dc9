// The workflow that is written for a repository without one is a workflow that tests.
import { describe, expect, it } from 'vitest'
import { commandsOf, emptyWorld } from '../../../src/formats/workflow/commands.ts'
import { starterWorkflow, testCommand, testedLanguage } from '../../../src/formats/workflow/starter.ts'
import { parseWorkflow } from '../../../src/formats/workflow/workflow.ts'

describe('the starter workflow', () => {
  it.each(['javascript', 'python', 'ruby', 'php', 'go', 'elixir'] as const)('of %s installs and tests', language => {
    const { pipelines, problem } = parseWorkflow('github', 'ci.yml', starterWorkflow(language, 'trunk'))
    const runs = pipelines[0]!.jobs[0]!.steps.flatMap(({ run }) => (run ? commandsOf(run, emptyWorld) : []))
    expect(problem).toBeNull()
    expect(pipelines[0]!.triggers).toMatchObject({ push: true, branches: ['trunk'], pullRequest: true })
    expect(runs.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['install', 'test']))
    expect(starterWorkflow(language, 'trunk')).toContain(testCommand(language))
  })

  it('is for the first language whose tests are known', () => {
    expect(testedLanguage(['static', 'typescript', 'python'])).toBe('javascript')
    expect(testedLanguage(['static'])).toBeNull()
    expect(testCommand(null)).toBe('npm test')
  })
})
