// A pipeline that holds the product to its budget, for the examples of checks.
import type { BudgetSteps } from './budget-steps.ts'

export const example: BudgetSteps = {
  steps: [{ file: '.github/workflows/ci.yml', line: 21, text: '- run: npx launch-ready perf budget' }],
}
