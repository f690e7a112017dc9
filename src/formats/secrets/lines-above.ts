// Lines above a place, as a person reads them who asks what stands there.

/** Lines that are looked at. */
const mostLines = 12

/** The line of a place, as far as it stands before it. */
export const lineAt = (text: string, index: number): string => text.slice(text.lastIndexOf('\n', index - 1) + 1, index)

/** Lines above `index`, the nearest first, each cut at `longest` characters. */
export const linesAbove = (text: string, index: number, longest: number): string[] => {
  const lines: string[] = []
  let end = text.lastIndexOf('\n', index - 1)
  while (end > 0 && lines.length < mostLines) {
    const start = text.lastIndexOf('\n', end - 1) + 1
    lines.push(text.slice(start, Math.min(end, start + longest)))
    end = start - 1
  }
  return lines
}
