// Lines of deliverables that a pass ticks. Which check ticks which line stands on the check.

/** Sections of `deployment-checklist.md`, in their order. */
export const checklistSections = {
  build: 'The build can be repeated',
  tests: 'Nothing ships untested',
  configuration: 'Configuration and secrets',
  database: 'The database survives',
  release: 'A bad release is noticed, and taken back',
  ai: 'AI',
} as const

export type ChecklistSection = keyof typeof checklistSections

/** `line` is the good state in one short sentence without a full stop; `order` counts within the section, from 1. */
export type ChecklistPlace = { section: ChecklistSection; order: number; line: string }
