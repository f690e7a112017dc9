// Looks at the product that only the names of steps behind a deploy tell: their scripts are in another language, or run on the server.
import type { Job } from './model.ts'
import type { PipelineCommand } from './seen.ts'

/** What a step is called that looks at what was just deployed, in whatever language, and wherever it runs. */
const namedLook =
  /\b(?:smoke|health) ?(?:checks?|tests?)\b|\b(?:check|verify|validate|test|ensure|confirm|wait|probe)\b[^\n]{0,60}\b(?:health\w*|up|live|alive|running|reachable|respond\w*|deploy(?:ed|ment)|ready|version)\b/i

/** The looks that names of steps behind a deploy tell, where their scripts do not. */
export const namedLooks = ({ steps }: Job, commands: readonly PipelineCommand[]): PipelineCommand[] => {
  const deploy = commands.find(({ kind }) => kind === 'deploy')
  if (!deploy) return []
  return steps.flatMap(({ name, uses, run, with: inputs, line, mayFail }, step) => {
    const isScript = run !== null || (uses !== null && /ssh/i.test(uses) && inputs['script'] !== undefined)
    const isKnown = commands.some(one => one.step === step && (one.kind === 'smoke' || one.kind === 'deploy'))
    if (step <= deploy.step || !isScript || (isKnown && run !== null) || !namedLook.test(name ?? '')) return []
    return [{ kind: 'smoke' as const, manager: null, frozen: null, instead: null, line, step, text: name!, mayFail }]
  })
}
