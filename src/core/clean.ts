// Text from outside without what a terminal or an editor would act on.

/** Nothing that a report shows from outside is longer than this many UTF-16 units, whatever the format. */
export const longestValue = 2_000

const csi = /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,16}[@-~]/g
// OSC, DCS, SOS, PM, APC with their payload, closed by BEL or ST; an unclosed one loses its introducer alone.
const stringSequence =
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]{0,4096}(?:\u0007|\u001b\\|\u009c)/g
const twoByteEscape = /\u001b[ -/]{0,8}[0-~]?/g
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
// Bidirectional controls, zero-width characters that hide text, interlinear annotations, tag characters, noncharacters.
const invisible =
  /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|\udb40[\udc00-\udc7f]/g
const stackedMarks = /(\p{M}{3})\p{M}+/gu

const thousands = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

/** Says how long the whole was only where much is missing. */
const cutAt = (text: string, limit: number, whole: number): string => {
  if (text.length <= limit && whole <= limit * 4) return text
  const shown = `${text
    .slice(0, limit)
    .toWellFormed()
    .replace(/\ufffd$/, '')
    .trimEnd()}…`
  return whole > longestValue ? `${shown} (${thousands(whole)} characters in all)` : shown
}

/**
 * Text without anything that a terminal or an editor acts on: escape sequences, control and bidirectional characters,
 * hidden characters, towers of combining marks. Line breaks and tabs stay. Cut to `limit` UTF-16 units.
 */
export const cleanBlock = (text: string, limit: number = longestValue): string =>
  cutAt(
    text
      .slice(0, limit * 4)
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      .replace(/[\u2028\u2029\u0085\u000b\u000c]/g, '\n')
      .replace(stringSequence, '')
      .replace(csi, '')
      .replace(twoByteEscape, '')
      .replace(controls, '')
      .replace(invisible, '')
      .replace(stackedMarks, '$1'),
    limit,
    text.length,
  )

/** The same on one line: every run of white space becomes one space. */
export const clean = (text: string, limit: number = longestValue): string =>
  cleanBlock(text, limit).replace(/\s+/g, ' ').trim()

/** One word for a shell: bare where it is harmless, in single quotes where it is not. */
export const shellWord = (text: string): string => {
  const shown = clean(text, 300)
  return /^[\w.,:/@%+=-]+$/.test(shown) && !shown.startsWith('-') ? shown : `'${shown.replace(/'/g, "'\\''")}'`
}
