// The parts of a site's page: a frame that all its pages share, a middle, and what may cover both.

type Attributes = Readonly<Record<string, string>>

/** Depths at which a part began, 0 for none; what people see or follow in each, and outside of both. */
export type PageParts = {
  aroundAt: number
  middleAt: number
  coverAt: number
  held: { around: number; middle: number; between: number; hasMiddle: boolean; beforeCover: number }
}

export const blankParts = (): PageParts => ({
  aroundAt: 0,
  middleAt: 0,
  coverAt: 0,
  held: { around: 0, middle: 0, between: 0, hasMiddle: false, beforeCover: 0 },
})

/** What stands around the middle of a page, on all pages of its site alike. */
const around = new Set(['header', 'nav', 'footer', 'aside'])
const aroundRole = /^(?:banner|navigation|contentinfo|complementary)$/
const aroundName = /(?:^|[\s_-])(?:header|nav|navbar|navigation|menu|topbar|footer)(?:$|\s)/i

/** Names that people give to an element for the middle. */
const middleName = /(?:^|[\s_-])(?:content|main)(?:$|\s)/i

/** A style that lays an element over the whole window, so that nothing below it is seen. */
const isCover = (style: string): boolean =>
  /position\s*:\s*fixed/i.test(style) &&
  /(?:^|[;\s])(?:inset\s*:\s*0|(?:width|min-width)\s*:\s*100(?:%|vw))/i.test(style) &&
  /background(?:-color)?\s*:\s*(?:#[0-9a-f]{3}(?:[0-9a-f]{3})?\b|white|black|rgb\()/i.test(style) &&
  !/animation|transition|opacity|pointer-events|display\s*:\s*none|url\(|z-index\s*:\s*-/i.test(style)

const sum = ({ held }: PageParts): number => held.around + held.middle + held.between

/** Counts what people see or follow, by the part of the page where it stands. */
export const hold = ({ held, aroundAt, middleAt }: PageParts): void => {
  if (middleAt) held.middle++
  else if (aroundAt) held.around++
  else held.between++
}

/** Opens what begins a part. A heading's own frame inside of the middle is part of it. */
export const openPart = (parts: PageParts, name: string, attributes: Attributes, depth: number): void => {
  const { role = '', id = '', class: names = '', style = '' } = attributes
  if (parts.coverAt === 0 && isCover(style.slice(0, 500))) {
    parts.coverAt = depth
    parts.held.beforeCover = sum(parts)
  }
  if (name === 'main' || role === 'main') {
    parts.middleAt ||= depth
    parts.held.hasMiddle = true
    return
  }
  if (name === 'body' || name === 'html' || parts.middleAt) return
  const label = `${id} ${names}`.slice(0, 200)
  if (around.has(name) || aroundRole.test(role) || aroundName.test(label)) parts.aroundAt ||= depth
  else if (!parts.aroundAt && middleName.test(label)) {
    parts.middleAt = depth
    parts.held.hasMiddle = true
  }
}

/** Ends what began at this depth; whether it was a cover with nothing on it. */
export const leavePart = (parts: PageParts, depth: number): boolean => {
  if (parts.aroundAt === depth) parts.aroundAt = 0
  if (parts.middleAt === depth) parts.middleAt = 0
  if (parts.coverAt !== depth) return false
  parts.coverAt = 0
  return sum(parts) === parts.held.beforeCover
}

/** Words of its own, outside of links and the foot, that a frame may have: a name, a claim. */
const mostOwn = 25

/** A frame of a site around nothing. What stands between frame and middle may be a notice that all pages bear. */
export const isHollow = ({ held }: PageParts, { own }: { own: string }): boolean =>
  held.around > 1 && held.hasMiddle && held.middle === 0 && held.between <= 2 && own.length <= mostOwn

/** What a site's pages share, and no middle of this one. */
export const isFrameAlone = ({ held }: PageParts): boolean =>
  held.around > 0 && !held.hasMiddle && held.middle === 0 && held.between === 0
