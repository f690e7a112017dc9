// Names of the files of a handover, relative to --out.

export const paperFiles = {
  markdown: 'handover.md',
  html: 'handover.html',
  pdf: 'handover.pdf',
  calendar: 'renewals.ics',
  statements: 'evidence/statements.json',
} as const
