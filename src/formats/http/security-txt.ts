// security.txt (RFC 9116): where security researchers report, and until when that is valid.

export type SecurityTxt = {
  contacts: string[]
  /** ISO 8601 instant in UTC; null when absent or no date. */
  expires: string | null
  /** What RFC 9116 demands and the file does not keep, in words. */
  faults: string[]
}

const mostBytes = 32_768

/** Reads a security.txt. Null when the text is none (an HTML page, say): no line of it is a field of the standard. */
export const parseSecurityTxt = (text: string): SecurityTxt | null => {
  const fields = text
    .slice(0, mostBytes)
    .split(/\r?\n/)
    .map(line => /^\s*([A-Za-z-]+):\s*(.*?)\s*$/.exec(line.replace(/^\uFEFF/, '')))
    .filter(match => match !== null)
    .map(match => ({ name: match[1]!.toLowerCase(), value: match[2]! }))
  const valuesOf = (name: string): string[] => fields.filter(item => item.name === name).map(item => item.value)
  const contacts = valuesOf('contact').slice(0, 20)
  const dates = valuesOf('expires')
  if (/<html|<!doctype/i.test(text.slice(0, 2000)) || (contacts.length === 0 && dates.length === 0)) return null
  const at = Date.parse(dates[0] ?? '')
  return {
    contacts,
    expires: Number.isNaN(at) ? null : new Date(at).toISOString(),
    faults: [
      ...(contacts.length ? [] : ['no Contact field']),
      ...contacts
        .filter(value => !/^[a-z][a-z0-9+.-]*:/i.test(value))
        .map(value => `Contact "${value.slice(0, 80)}" is no URI (mailto:, https:)`),
      ...(dates.length === 0 ? ['no Expires field'] : []),
      ...(dates.length > 1 ? ['more than one Expires field'] : []),
      ...(dates.length === 1 && Number.isNaN(at) ? ['Expires is no date'] : []),
    ],
  }
}
