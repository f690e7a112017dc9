// Domain names as text without the trailing dot, in lower case; odd bytes escaped as in RFC 1035 §5.1 (`\.`, `\000`).

/** Lower case, without the trailing dot. The root is `''`. */
export const normaliseName = (name: string): string => {
  const lower = name.toLowerCase()
  return lower.endsWith('.') && !lower.endsWith('\\.') ? lower.slice(0, -1) : lower
}

/** With the trailing dot, as zone files and fixes write it. */
export const absoluteName = (name: string): string => (name === '' ? '.' : `${normaliseName(name)}.`)

/** Labels from the left, still escaped. The root has none. */
export const labelsOf = (name: string): string[] => {
  const labels: string[] = []
  let label = ''
  const text = normaliseName(name)
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (character === '\\') {
      const length = /^\\\d{3}/.test(text.slice(at, at + 4)) ? 4 : 2
      label += text.slice(at, at + length)
      at += length - 1
    } else if (character === '.') {
      labels.push(label)
      label = ''
    } else label += character
  }
  if (text !== '') labels.push(label)
  return labels
}

/** The name one label up; the root's is `null`. */
export const parentName = (name: string): string | null => {
  const labels = labelsOf(name)
  return labels.length === 0 ? null : labels.slice(1).join('.')
}

/** The name itself, then each name above it, without the root. */
export const climb = (name: string): string[] => {
  // A name has at most 127 labels (RFC 1035 §2.3.4).
  const labels = labelsOf(name).slice(-127)
  return labels.map((_, at) => labels.slice(at).join('.'))
}

/** True for the name itself and everything below it. */
export const isWithin = (name: string, zone: string): boolean => {
  const [inner, outer] = [normaliseName(name), normaliseName(zone)]
  return outer === '' || inner === outer || inner.endsWith(`.${outer}`)
}

/** `app.example.com` in `example.com` → `app`; the zone's own name → `@`; names outside stay absolute. */
export const relativeName = (name: string, zone: string): string => {
  const [inner, outer] = [normaliseName(name), normaliseName(zone)]
  if (inner === outer) return '@'
  if (outer === '' || !isWithin(inner, outer)) return absoluteName(inner)
  return inner.slice(0, -(outer.length + 1))
}

/** Bytes of one escaped label. */
export const labelBytes = (label: string): number[] => {
  const bytes: number[] = []
  for (let at = 0; at < label.length; at++) {
    if (label[at] !== '\\') bytes.push(label.charCodeAt(at) & 0xff)
    else if (/^\d{3}$/.test(label.slice(at + 1, at + 4))) {
      bytes.push(Number(label.slice(at + 1, at + 4)) & 0xff)
      at += 3
    } else bytes.push(label.charCodeAt(++at) & 0xff)
  }
  return bytes
}

/** Canonical wire form: lower case, uncompressed (RFC 4034 §6.2). */
export const nameToWire = (name: string): Uint8Array => {
  const bytes: number[] = []
  for (const label of labelsOf(name)) {
    const content = labelBytes(label)
    bytes.push(content.length, ...content)
  }
  bytes.push(0)
  return Uint8Array.from(bytes)
}

/** Canonical order of names: by label from the right, bytes unsigned, shorter first (RFC 4034 §6.1). */
export const compareNames = (a: string, b: string): number => {
  const [left, right] = [labelsOf(a).reverse().map(labelBytes), labelsOf(b).reverse().map(labelBytes)]
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [x, y] = [left[at]!, right[at]!]
    for (let byte = 0; byte < Math.min(x.length, y.length); byte++) if (x[byte] !== y[byte]) return x[byte]! - y[byte]!
    if (x.length !== y.length) return x.length - y.length
  }
  return left.length - right.length
}

/** A text that sorts as names do (by label from the right): for lists too long to compare name by name. */
export const nameSortKey = (name: string): string => labelsOf(name).reverse().join('\u0000')

/** Why a text is no host name that records may point to, or null when it is one (RFC 1123 §2.1, underscores allowed). */
export const nameFault = (name: string): string | null => {
  const text = normaliseName(name)
  if (text.length > 253) return 'longer than 253 characters'
  for (const label of labelsOf(text)) {
    if (label === '') return 'an empty label (two dots in a row)'
    if (labelBytes(label).length > 63) return `the label ${label} is longer than 63 characters`
  }
  return null
}
