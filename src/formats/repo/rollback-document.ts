// How to go back to an earlier release, as a document for the repository.

/** Steps in order, and what they leave as it is. */
export const rollbackDocument = ({ steps, limits }: { steps: readonly string[]; limits: string }): string => {
  const numbered = steps.map((step, index) => `${index + 1}. ${step}`).join('\n')
  return `# Rollback\n\n${numbered}\n\n${limits}\n\nMigrations are not undone by a rollback: see that the release before runs on today’s schema.\n\nRehearsed on: (date)\n`
}
