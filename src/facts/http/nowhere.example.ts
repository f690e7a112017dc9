// Answers where nothing is, for the examples of checks.
import type { Nowhere, NowhereAnswer } from './nowhere.ts'

/** A page of one's own that says that nothing is here. */
export const plainBody = '<!doctype html><title>Page not found</title><p>Back to the <a href="/">start</a>'

const missing: NowhereAnswer = {
  url: 'https://example.com/launch-ready-0',
  status: 404,
  headers: [['content-type', 'text/html']],
  body: plainBody,
}
const malformed: NowhereAnswer = { url: 'https://example.com/%c0%ae', status: 400, headers: [], body: 'Bad request' }

/** A host that answers 404 and 400 with plain pages. */
export const example: Nowhere = { answers: [missing, malformed], unanswered: [] }

/** The same with this answer to the path that cannot exist. */
export const answering = (given: Partial<NowhereAnswer>): Nowhere => ({
  ...example,
  answers: [{ ...missing, ...given }, malformed],
})

/** The same with this answer to the malformed path. */
export const answeringMalformed = (given: Partial<NowhereAnswer>): Nowhere => ({
  ...example,
  answers: [missing, { ...malformed, ...given }],
})
