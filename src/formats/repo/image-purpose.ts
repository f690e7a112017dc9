// What a Dockerfile says of its own purpose, in the comments at its head.

const headLines = 15
const purposes: readonly RegExp[] = [
  /\b(?:only|solely|just|purely|exclusively|intended|meant)\b.{0,40}\bdevelopment\b/i,
  /\b(?:local )?development (?:only|purposes|image|container|environment|use)\b/i,
  /\bnot (?:be used |for use |for |suitable for |meant for |intended for |ready for )(?:in )?(?:a )?production\b/i,
]

/** Whether the comments at its head say that it is for developers' machines. */
export const saysDevelopment = (text: string): boolean => {
  const comments = text
    .slice(0, 8_000)
    .split('\n', headLines)
    .filter(line => /^\s*#/.test(line) && line.length < 400)
  return comments.some(line => purposes.some(purpose => purpose.test(line)))
}
