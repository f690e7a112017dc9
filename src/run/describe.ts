// What checks say of themselves, for reports and documents, which do not know the registry.
import { checks } from '../checks/index.generated.ts'
import type { CheckDescription } from '../report/options.ts'

/** What the checks say of themselves, by id. */
export const describeChecks = (): Readonly<Record<string, CheckDescription>> =>
  Object.fromEntries(
    checks.map(({ id, title, why, impact, references, stage, actions, checklist }) => [
      id,
      { title, why, owner: impact.owner, references, stage, actions, checklist },
    ]),
  )
