// CAA records (RFC 8659) and their issue parameters (RFC 8657): reading them, and whether they let an authority issue.

/** One property as it stands in the zone. */
export type CaaRecord = { flags: number; tag: string; value: string }

/** `issuer` is '' where the value forbids everyone (`;`). */
export type CaaIssue = { issuer: string; parameters: Record<string, string> }

const knownTags = ['issue', 'issuewild', 'issuemail', 'issuevmc', 'iodef', 'contactemail', 'contactphone']

/** Reads the value of issue and issuewild (RFC 8659 §4.2). Null when it breaks the grammar: such a value forbids everyone. */
export const parseIssueValue = (value: string): CaaIssue | null => {
  const [first = '', ...rest] = value.split(';')
  const issuer = first.trim().toLowerCase()
  if (issuer !== '' && !/^([a-z0-9]([a-z0-9-]*[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(issuer)) return null
  const parameters: Record<string, string> = {}
  for (const part of rest) {
    const text = part.trim()
    if (text === '') continue
    const match = /^([a-z0-9][a-z0-9-]*)\s*=\s*([\x21-\x3a\x3c-\x7e]*)$/i.exec(text)
    if (!match) return null
    parameters[match[1]!.toLowerCase()] = match[2]!
  }
  return { issuer, parameters }
}

/** Why a record does not say what it looks like, or null when it is sound. */
export const caaFault = (record: CaaRecord): string | null => {
  if (!/^[a-z0-9]+$/i.test(record.tag)) return `the tag "${record.tag}" is not letters and digits`
  const tag = record.tag.toLowerCase()
  if (record.flags !== 0 && record.flags !== 128) return `the flags are ${record.flags}; only 0 and 128 have a meaning`
  if (!knownTags.includes(tag))
    return `nobody knows the tag "${record.tag}"${record.flags & 128 ? ', and it is marked critical' : ''}`
  if (tag === 'iodef')
    return /^(mailto:[^\s@]+@[^\s@]+|https?:\/\/\S+)$/i.test(record.value)
      ? null
      : 'iodef needs a mailto: or https: address'
  if (['issue', 'issuewild'].includes(tag)) {
    const parsed = parseIssueValue(record.value)
    if (parsed === null) return `"${record.value}" is not the name of an authority`
    if (parsed.issuer !== '' && !parsed.issuer.includes('.'))
      return `"${record.value}" is not the domain of an authority`
    if (/^https?:/i.test(record.value)) return 'an address stands where the domain of an authority belongs'
  }
  return null
}

/** Whether an authority that goes by one of `identities` may issue for a name, and what keeps it from doing so. */
export const caaAllows = (
  records: readonly CaaRecord[],
  identities: readonly string[],
  wildcard: boolean,
): { allowed: boolean; because: string; parameters: Record<string, string> } => {
  const unknownCritical = records.find(record => record.flags & 128 && !knownTags.includes(record.tag.toLowerCase()))
  if (unknownCritical)
    return { allowed: false, because: `${unknownCritical.tag} is critical and unknown`, parameters: {} }
  const of = (tag: string) => records.filter(record => record.tag.toLowerCase() === tag)
  // RFC 8659 §4.3: issuewild, where there is any, replaces issue for wildcard names.
  const relevant = wildcard && of('issuewild').length ? of('issuewild') : of('issue')
  if (relevant.length === 0) return { allowed: true, because: 'no property restricts it', parameters: {} }
  for (const record of relevant) {
    const parsed = parseIssueValue(record.value)
    if (parsed && parsed.issuer !== '' && identities.includes(parsed.issuer))
      return { allowed: true, because: `${record.tag} ${record.value}`, parameters: parsed.parameters }
  }
  return {
    allowed: false,
    because: relevant.map(record => `${record.tag} "${record.value}"`).join(', '),
    parameters: {},
  }
}
