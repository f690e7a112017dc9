// CI says when a change makes the product slow, before customers do.
import { defineCheck, low, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { weighing } from '../../facts/repo/first-load.example.ts'
import type { FirstLoadFact } from '../../facts/repo/first-load.ts'
import { exampleCommand, exampleJob, exampleWorkflow } from '../../facts/repo/pipelines.example.ts'
import { stepPatch } from '../../formats/workflow/edit.ts'
import { jobsOf } from '../../formats/workflow/jobs.ts'
import type { Pipelines } from '../../formats/workflow/seen.ts'
import { budgetInCi, budgetStep } from './repository-fixes.ts'

type Data = { file: string; patch: string | null; weight: number | null }

const none = { patch: null, weight: null }

/** The step behind the job that builds, as a diff; a step that held nothing to no budget would only fail. */
const stepIn = (file: string, pipelines: Pipelines, packages: FirstLoadFact['packages'], hasBudget: boolean): Data => {
  const job = jobsOf(pipelines).find(({ job: { commands } }) => commands.some(({ kind }) => kind === 'build'))
  const weight = hasBudget ? null : (packages.find(({ built }) => built)?.built?.bytes ?? null)
  const patch = job && (weight !== null || hasBudget) ? stepPatch(job, budgetStep) : null
  return { file: job?.pipeline.file ?? file, patch, weight }
}

export default defineCheck<Data>()({
  id: 'perf-budget',
  stage: 'perf',
  on: 'repo',
  title: 'CI holds every change to a performance budget',
  why: 'Products become slow a few kilobytes and milliseconds at a time, and nobody notices which change it was. A step of the pipeline that fails over a budget (launch-ready perf budget, size-limit, bundlewatch, Lighthouse CI, the budgets of Angular’s build) names it at once.',
  impact: { journey: 'operate', owner: 'If a change makes the product slower, nobody is told which one.' },
  needs: ['pipelines', 'firstLoad'],
  wants: ['budgetSteps'],
  outcomes: {
    'not-in-ci': low('No automatic check (CI) fails when the product gets slower', budgetInCi),
    enforced: pass('CI holds every change to a budget'),
  },
  references: ['https://web.dev/articles/performance-budgets-101'],
  judge: ({ pipelines, firstLoad: { packages, budgets }, budgetSteps }) => {
    if (packages.length === 0) return skip('the repository holds no front end')
    if (pipelines.pipelines.length === 0) return skip('there is no CI that is read (continuous-integration)')
    const step = budgetSteps.ok ? budgetSteps.value.steps[0] : undefined
    if (step)
      return {
        outcome: 'enforced',
        data: { ...none, file: step.file },
        evidence: [fileEvidence(step.file, step.line, step.text)],
      }
    const inBuild = budgets.find(({ tool }) => tool === 'angular')
    const builds = pipelines.pipelines.flatMap(({ jobs, file }) =>
      jobs.flatMap(({ commands }) =>
        commands.filter(({ kind }) => kind === 'build').map(({ line, text }) => ({ file, line, text })),
      ),
    )
    if (inBuild && builds[0])
      return {
        outcome: 'enforced',
        data: { ...none, file: inBuild.file },
        evidence: [
          fileEvidence(inBuild.file, undefined, `budget of ${inBuild.bytes} bytes`),
          fileEvidence(builds[0].file, builds[0].line, builds[0].text),
        ],
      }
    const file = pipelines.pipelines[0]!.file
    const count = pipelines.pipelines.length
    const where = count === 1 ? file : `${file} and ${count - 1} more`
    const looked = textEvidence(
      'looked for',
      `size-limit, bundlesize, bundlewatch, Lighthouse CI, launch-ready perf budget in ${where}`,
    )
    return { outcome: 'not-in-ci', data: stepIn(file, pipelines, packages, budgets.length > 0), evidence: [looked] }
  },
  examples: [
    { name: 'a step holds it', facts: {}, expect: 'enforced' },
    { name: 'no step', facts: { budgetSteps: { steps: [] } }, expect: 'not-in-ci' },
    {
      name: 'Angular’s build',
      facts: {
        budgetSteps: { steps: [] },
        firstLoad: weighing(1, { budgets: [{ tool: 'angular', file: 'angular.json', path: '', bytes: 500_000 }] }),
        pipelines: { pipelines: [exampleWorkflow([exampleJob('build', [exampleCommand('build', 1, 'ng build')])])] },
      },
      expect: 'enforced',
    },
    { name: 'no front end', facts: { firstLoad: weighing(1, { packages: [] }) }, expect: 'skip' },
  ],
})
