// Tag lists: `name=value; name=value` as in DKIM keys (RFC 6376 §3.2), DMARC (RFC 9989 §4.8), MTA-STS, TLS-RPT and BIMI records.

/** One tag as it stood. `at` is the offset of its first character in the record. */
export type Tag = { name: string; value: string; at: number }

/** Something in the record that is no tag, or a tag that stands twice. */
export type TagFault = { at: number; text: string; message: string }

export type TagList = { tags: Tag[]; faults: TagFault[] }

const printable = /^[\x20-\x7e]*$/
/** Tags read from one record; the rest is a fault. A record within its size limit cannot reach it. */
const tagLimit = 500

/** Names of tags in DKIM (RFC 6376 §3.2). */
const strictName = /^[a-z][a-z0-9_]*$/i

/** Names that a tag nobody knows may have: those of extensions (RFC 8460 §3, RFC 8461 §3.1), which receivers skip. */
export const extensionName = /^[a-z0-9][a-z0-9_.-]{0,31}$/i

/**
 * Reads a tag list and never stops at a fault. Names are kept as written; white space around names and values is
 * dropped. A tag without `=`, an illegal name, a control or non-ASCII character and a repeated name are faults.
 * `names`: what a name may look like.
 */
export const parseTagList = (text: string, names: RegExp = strictName): TagList => {
  const tags: Tag[] = []
  const faults: TagFault[] = []
  const seen = new Set<string>()
  let at = 0
  for (const part of text.split(';')) {
    const start = at + (part.length - part.trimStart().length)
    at += part.length + 1
    const trimmed = part.trim()
    if (trimmed === '') continue
    if (tags.length === tagLimit) {
      faults.push({ at: start, text: trimmed.slice(0, 60), message: `more than ${tagLimit} tags` })
      break
    }
    const equals = trimmed.indexOf('=')
    if (equals < 0) {
      faults.push({ at: start, text: trimmed.slice(0, 60), message: `"${trimmed.slice(0, 60)}" has no "="` })
      continue
    }
    const name = trimmed.slice(0, equals).trimEnd()
    const value = trimmed.slice(equals + 1).trimStart()
    if (!names.test(name)) {
      faults.push({ at: start, text: trimmed.slice(0, 60), message: `"${name.slice(0, 60)}" is no tag name` })
      continue
    }
    if (!printable.test(value.replace(/[\t\r\n]/g, ' ')))
      faults.push({
        at: start,
        text: trimmed.slice(0, 60),
        message: `${name}= holds a character outside printable ASCII`,
      })
    if (seen.has(name.toLowerCase()))
      faults.push({ at: start, text: trimmed.slice(0, 60), message: `${name}= stands more than once` })
    seen.add(name.toLowerCase())
    tags.push({ name, value, at: start })
  }
  return { tags, faults }
}

/** The value of the first tag of that name, null when it is absent. Names are compared without case. */
export const tagValue = (list: { tags: readonly Tag[] }, name: string): string | null =>
  list.tags.find(tag => tag.name.toLowerCase() === name)?.value ?? null
