// Code that runs only on the machines of those who work on the product: what stands in such a branch guards nothing of customers.

const opens = /^\s*(?:\}\s*)?(?:else\s+)?(?:if|elif|elsif|when|case|unless|cond)\b/
const ofDevelopment =
  /\b(?:development|dev|test|local|testing)\b|\b__DEV__\b|\bDEBUG\b|\bis_?(?:dev(?:elopment)?|test|local(?:host)?)\b/i
const ofProduction =
  /!=+\s*["']prod|\bunless\b.{0,80}\bprod|(?:\bnot\s|!)\s?\(?[\w.]{0,40}\b(?:is_?)?prod(?:uction)?\b\??\)?\s*[:){]?\s*$/i

const widthOf = (line: string): number => line.length - line.trimStart().length

/** Lines that are looked at above a place. */
const mostLines = 60

/** A branch for production that leaves the function: what follows is for the rest. */
const inProduction = /(?:={2,3}|\beq\b)\s{0,4}["']prod|\bis_?prod(?:uction)?\b\??(?:\(\))?\s{0,4}[):{]?\s*\{?\s*$/i
const leaves = /^\s*(?:return|throw|raise|die|abort|exit|process\.exit|sys\.exit)\b/

/**
 * Whether the place lies within a branch that its condition keeps to development or tests, or behind one that production leaves by; branches are
 * told by how far they are set in.
 */
export const standsInDevelopment = (text: string, index: number): boolean => {
  let end = text.lastIndexOf('\n', index - 1)
  const own = text.slice(end + 1, index + 1)
  let width = widthOf(own)
  let isLeft = false
  for (let lines = 0; end > 0 && width > 0 && lines < mostLines; lines++) {
    const from = text.lastIndexOf('\n', end - 1) + 1
    const line = text.slice(from, Math.min(end, from + 400))
    end = from - 1
    if (line.trim() === '') continue
    if (widthOf(line) > width) isLeft ||= leaves.test(line)
    if (widthOf(line) === width) {
      if (isLeft && opens.test(line) && inProduction.test(line) && !ofProduction.test(line)) return true
      isLeft &&= /^\s*(?:\}|\)|end\b)/.test(line)
    }
    if (widthOf(line) >= width) continue
    isLeft = false
    width = widthOf(line)
    if (opens.test(line) && (ofProduction.test(line) || (ofDevelopment.test(line) && !/\bprod/i.test(line))))
      return true
  }
  return false
}
