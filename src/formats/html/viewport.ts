// The viewport element of a page as browsers on phones read it.

/** Longer ones set nothing that a phone reads. */
const longestContent = 2000

/** Properties by their lower-case names: separated by commas, semicolons or blanks. */
const propertiesOf = (content: string): Map<string, string> =>
  new Map(
    content
      .slice(0, longestContent)
      .toLowerCase()
      .replace(/\s*=\s*/g, '=')
      .split(/[,;\s]+/)
      .map(part => part.split('='))
      .map(([name = '', value = '']) => [name, value]),
  )

/** CSS pixels. */
const widestPhone = 640

export type Viewport = {
  /** True when the page is laid out for the width of the screen. */
  fits: boolean
  /** True when people cannot enlarge the page at least twofold (WCAG 2.2, 1.4.4). */
  forbidsZoom: boolean
}

/** Reads the content of `<meta name="viewport">`; an empty one sets nothing. */
export const parseViewport = (content: string): Viewport => {
  const given = propertiesOf(content)
  const scalable = given.get('user-scalable')
  const width = given.get('width')
  const largest = Number(given.get('maximum-scale') ?? 'NaN')
  return {
    // A fixed width is that of a phone, or what the page was drawn for long ago.
    fits: width === undefined ? given.has('initial-scale') : !(Number.parseFloat(width) > widestPhone),
    forbidsZoom: scalable === 'no' || scalable === '0' || (largest >= 0 && largest < 2),
  }
}
