// What is said of a defect of the tool itself: what happened and how to report it, in plain words; where in the code only when asked.

export const issues = 'https://github.com/launch-ready/launch-ready/issues'

/** One paragraph; the stack stands in it with --verbose alone. */
export const describeDefect = (error: unknown, argv: readonly string[]): string => {
  const verbose = argv.includes('-v') || argv.includes('--verbose')
  const what = error instanceof Error ? `${error.name}: ${error.message.trim().split('\n')[0]}` : String(error)
  const where = verbose && error instanceof Error && error.stack ? `${error.stack}\n` : ''
  return `launch-ready failed; this is a defect of the tool, not of your site: ${what}\n${where}Please report it with this text, what --verbose adds to it and, if you can, the file of --save-facts:\n${issues}\n`
}
