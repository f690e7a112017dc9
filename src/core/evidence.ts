// Evidence: what was seen, tagged by where it was seen, so that reports and deliverables need not read labels.

/** Where evidence stands. A record, an exchange, a certificate, a place in a file of the repository, or mere words. */
export type EvidencePlace =
  | { kind: 'text' }
  /** `name` without the trailing dot, `type` a mnemonic (TXT, CNAME). */
  | { kind: 'dns'; name: string; type: string }
  | { kind: 'http'; url: string; status?: number; header?: string }
  | { kind: 'certificate'; host: string; port?: number }
  /** `path` relative to the repository's root with forward slashes; `line` counts from 1. */
  | { kind: 'file'; path: string; line?: number }

/** What was seen, shown under a finding. `value` may come from strangers: reporters escape it. */
export type Evidence = { label: string; value: string } & EvidencePlace

/** What a judge may return: without a kind it is text. */
export type GivenEvidence = { label: string; value: string; kind?: undefined } | Evidence

/** Characters of one value that are kept: a record set, a header or a line of code is shorter. */
const mostCharacters = 2_000

const kept = (value: string): string => value.slice(0, mostCharacters)

/** Words that stand at no single place: what was looked for, a count, a verdict. */
export const textEvidence = (label: string, value: string): Evidence => ({ kind: 'text', label, value: kept(value) })

/** One DNS record, or that there is none: `dnsEvidence('example.com', 'TXT', 'v=spf1 -all')`. */
export const dnsEvidence = (name: string, type: string, value: string): Evidence => ({
  kind: 'dns',
  name: name.replace(/\.$/, ''),
  type,
  label: `${name.replace(/\.$/, '')} ${type}`,
  value: kept(value),
})

/** Records of one name and type, or that there is none. */
export const recordsEvidence = (name: string, type: string, values: readonly string[]): Evidence[] =>
  (values.length ? values : ['no such record']).map(value => dnsEvidence(name, type, value))

/** What a URL answered; the label is the header where one is named, else the URL. */
export const httpEvidence = (
  url: string,
  value: string,
  more: { status?: number; header?: string; label?: string } = {},
): Evidence => ({
  kind: 'http',
  url,
  label: more.label ?? more.header ?? url,
  value: kept(value),
  ...(more.status === undefined ? {} : { status: more.status }),
  ...(more.header === undefined ? {} : { header: more.header }),
})

/** What a certificate of a host says. */
export const certificateEvidence = (host: string, label: string, value: string, port = 443): Evidence => ({
  kind: 'certificate',
  host,
  port,
  label,
  value: kept(value),
})

/** A place in a file of the repository: the label is `path:line`. */
export const fileEvidence = (path: string, line: number | undefined, value: string): Evidence => ({
  kind: 'file',
  path,
  ...(line === undefined ? {} : { line }),
  label: line === undefined ? path : `${path}:${line}`,
  value: kept(value),
})

/** Evidence with its kind: what a judge gave without one is text. */
export const tagged = (evidence: GivenEvidence): Evidence =>
  evidence.kind === undefined ? { ...evidence, kind: 'text' } : evidence
