// Names that tell when something was released: tags of versions and days, days at the head of a file's name.

/** A version or a day: 1.2, v1, 2026.08.1, 2026-08-01, 20260801, whatever stands before it (`shop-v1.2`, `release/3`). */
const version = /^(?:v?\d+[._-]\d[\w.+-]*|v\d+|\d{8,}(?:[-_.T]\d+)*)$/i
const word = /^(?:v|ver|version|rel|release[ds]?|prod|production|deploy(?:ed|ment)?|live|stable|ga)$/i
const preview =
  /(?:^|[-._])(?:alpha|beta|rc|pre|preview|canary|nightly|dev|next|snapshot|test|experimental|insiders?)(?=$|[-._\d])/i
/** Tags of a package that is published for others, not of the product: `@acme/client@1.2.0`. */
const ofPackage = /^@[\w.-]+\/[\w.-]+@/

const longestTag = 200

/** Whether a tag names a release of the product. */
export const namesRelease = (tag: string): boolean => {
  if (tag.length > longestTag) return false
  if (tag === '' || preview.test(tag) || ofPackage.test(tag)) return false
  if (version.test(tag)) return true
  const [head = '', ...rest] = tag.split(/[-/_@]/)
  if (word.test(head)) return rest.length > 0 && /\d/.test(rest.join('-'))
  return version.test(tag.replace(/^[a-z][\w.]*?[-/_@](?=v?\d)/i, ''))
}

/** The day that a name begins with, in seconds: 20231104120000_x, 2023_11_04_x, Version20231104, 1700000000000-x; null where it tells none. */
export const dayInName = (name: string): number | null => {
  const stamp = /^(?:[A-Za-z]*)(1[5-9]\d{11})(?!\d)/.exec(name)?.[1]
  if (stamp) return Number(stamp) / 1000
  const [, year, month, day] =
    /^(?:[A-Za-z]*)(20[0-3]\d)[-_]?(0[1-9]|1[0-2])[-_]?(0[1-9]|[12]\d|3[01])(?=\D|\d{2,6}(?:\D|$))/.exec(name) ?? []
  return year ? Date.UTC(Number(year), Number(month) - 1, Number(day)) / 1000 : null
}
