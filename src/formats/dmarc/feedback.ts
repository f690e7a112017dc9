// Feedback reports (RFC 5965): what kind each is. Only those of the type auth-failure (RFC 6591) tell of authentication; a
// complaint says that a reader pressed "spam", whatever its mail proved.

export type FailureReport = { sourceIp: string; domain: string; failure: string; arrival: string }

/** Any other report about one mail; `type` as it stands there: abuse, fraud, virus, not-spam, opt-out, other. */
export type ComplaintReport = { type: string; sourceIp: string; domain: string; arrival: string }

export type Feedback = { kind: 'failure'; report: FailureReport } | { kind: 'complaint'; report: ComplaintReport }

/** A field's value without its comments (RFC 5322 §3.2.2), which may lie in each other. One that never closes reaches to the end. */
export const withoutComments = (value: string): string => {
  let depth = 0
  let kept = ''
  for (let at = 0; at < value.length; at++) {
    const character = value[at] as string
    if (character === '\\' && depth > 0) at++
    else if (character === '(') depth++
    else if (character === ')' && depth > 0) depth--
    else if (depth === 0) kept += character
  }
  return kept.replace(/\s+/g, ' ').trim()
}

/** Reads a message/feedback-report part. Folded fields are one line; of a field that stands twice the first counts. */
export const readFeedback = (text: string): Feedback => {
  const fields = new Map<string, string>()
  for (const line of text.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name = '', value = ''] = /^([!-9;-~]{1,80}):(.*)$/.exec(line) ?? []
    if (name && !fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), withoutComments(value).slice(0, 300))
  }
  const field = (name: string): string => fields.get(name) ?? ''
  const common = {
    sourceIp: field('source-ip').replace(/^\[?(?:IPv6:)?|\]$/gi, ''),
    domain: field('reported-domain').toLowerCase(),
    arrival: field('arrival-date') || field('received-date'),
  }
  const type = field('feedback-type').toLowerCase()
  const failure = field('auth-failure').toLowerCase()
  // Old senders leave the type out, or say "dmarc": what names an authentication that failed is such a report.
  const isFailure = type === 'auth-failure' || ((type === '' || type === 'dmarc') && failure !== '')
  return isFailure
    ? { kind: 'failure', report: { ...common, failure } }
    : { kind: 'complaint', report: { ...common, type: type || 'other' } }
}
