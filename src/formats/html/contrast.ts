// Colours as WCAG reads them: how far two stand apart, and the nearest shade of one that can be read on another.

/** `#rgb` or `#rrggbb` as three numbers from 0 to 255; null where it is neither. */
const parseColor = (text: string): [number, number, number] | null => {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text)?.[1]
  if (!digits) return null
  const parts = digits.length === 3 ? [...digits].map(one => one + one) : digits.match(/../g)!
  return parts.map(part => Number.parseInt(part, 16)) as [number, number, number]
}

export const isColor = (text: string): boolean => parseColor(text) !== null

/** Relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance). */
const luminance = (color: string): number => {
  const [r, g, b] = (parseColor(color) ?? [0, 0, 0]).map(value => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** 1 to 21; text needs 4.5 (https://www.w3.org/TR/WCAG22/#contrast-minimum). */
export const contrast = (one: string, other: string): number => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** Black or white, whichever is read better there; one of them always reaches 4.5. */
export const inkOn = (background: string): '#ffffff' | '#000000' =>
  contrast('#ffffff', background) >= 4.5 ? '#ffffff' : '#000000'

const mixed = (color: string, into: number, share: number): string =>
  `#${parseColor(color)!
    .map(part =>
      Math.round(part + (into - part) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`

/** The nearest shade of a colour that reaches this contrast on the background. */
export const readable = (color: string, background: string, least = 4.5): string => {
  const into = inkOn(background) === '#ffffff' ? 255 : 0
  for (let step = 0; step < 100; step++) {
    const shade = mixed(color, into, step / 100)
    if (contrast(shade, background) >= least) return shade
  }
  return into ? '#ffffff' : '#000000'
}
