// MTA-STS (RFC 8461): the TXT record and the policy file.
import { extensionName, parseTagList, tagValue } from '../dkim/tag-list.ts'

export type MtaStsRecord = { id: string | null; faults: string[] }

/** True for text that senders take as an MTA-STS record. */
export const isMtaSts = (text: string): boolean => /^v=STSv1(\s*;|\s*$)/.test(text)

export const parseMtaStsRecord = (text: string): MtaStsRecord => {
  const tags = parseTagList(text, extensionName)
  const id = tagValue(tags, 'id')
  const faults = tags.faults.map(fault => fault.message)
  if (id === null) faults.push('id= is missing')
  else if (!/^[a-z0-9]{1,32}$/i.test(id)) faults.push('id= must be 1 to 32 letters and digits')
  return { id, faults }
}

/** Seconds; a policy kept for less is often forgotten before the next mail comes. */
const day = 86_400

export type MtaStsPolicy = {
  mode: 'enforce' | 'testing' | 'none' | null
  maxAge: number | null
  mx: string[]
  faults: string[]
}

/** Reads the policy file; `max_age` in seconds, at most 31,557,600 (a year). */
export const parseMtaStsPolicy = (text: string): MtaStsPolicy => {
  const policy: MtaStsPolicy = { mode: null, maxAge: null, mx: [], faults: [] }
  const fault = (message: string): void => {
    if (policy.faults.length < 20) policy.faults.push(message)
  }
  const seen = new Set<string>()
  for (const line of text.split(/\r?\n/).slice(0, 500)) {
    if (line.trim() === '') continue
    const match = /^\s*([A-Za-z0-9_.-]+)\s*:\s*(.*?)\s*$/.exec(line)
    if (!match) {
      fault(`"${line.slice(0, 60)}" is no "name: value"`)
      continue
    }
    const [, name = '', value = ''] = match
    if (name === 'mx') {
      if (/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)+\.?$/i.test(value)) policy.mx.push(value.toLowerCase().replace(/\.$/, ''))
      else fault(`mx: "${value.slice(0, 60)}" is no host name`)
      continue
    }
    if (seen.has(name)) {
      if (['version', 'mode', 'max_age'].includes(name)) fault(`${name} stands twice`)
      continue
    }
    seen.add(name)
    if (name === 'version' && value !== 'STSv1') fault('version must be STSv1')
    if (name === 'mode') {
      if (['enforce', 'testing', 'none'].includes(value)) policy.mode = value as 'enforce'
      else fault(`mode must be enforce, testing or none, not "${value.slice(0, 30)}"`)
    }
    if (name === 'max_age') {
      if (/^\d{1,10}$/.test(value) && Number(value) <= 31_557_600) policy.maxAge = Number(value)
      else fault('max_age must be at most 31557600 seconds')
    }
  }
  for (const name of ['version', 'mode', 'max_age']) if (!seen.has(name)) fault(`${name} is missing`)
  if (policy.mode !== null && policy.mode !== 'none' && policy.mx.length === 0) fault('no mx is named')
  return policy
}

/** What would make a sound policy better; null where nothing is to be said. */
export const policyAdvice = ({ maxAge, mode }: MtaStsPolicy): string | null =>
  maxAge !== null && maxAge < day && mode !== 'none'
    ? `senders keep the policy for ${maxAge} seconds only (max_age), and forget it before the next mail: a week (604800) is usual`
    : null

/** True when the policy covers a mail server: `*.example.com` stands for exactly one label (RFC 8461 §4.1). */
export const policyCovers = (policy: Pick<MtaStsPolicy, 'mx'>, host: string): boolean => {
  const name = host.toLowerCase().replace(/\.$/, '')
  return policy.mx.some(pattern =>
    pattern.startsWith('*.')
      ? name.slice(name.indexOf('.') + 1) === pattern.slice(2) && name.includes('.')
      : name === pattern,
  )
}

export const printMtaStsPolicy = (mode: 'enforce' | 'testing', mx: readonly string[], maxAge = 604_800): string =>
  ['version: STSv1', `mode: ${mode}`, ...mx.map(host => `mx: ${host}`), `max_age: ${maxAge}`, ''].join('\n')

/** Faults of the TXT record itself, of `texts` as they stand there; null when there is none. */
export const mtaStsRecordFault = (texts: readonly string[], record: MtaStsRecord | null): string | null => {
  if (texts.length > 1) return 'the record stands more than once'
  if (record === null) return 'the record must begin with exactly "v=STSv1;"'
  return record.faults[0] ? `the record: ${record.faults[0]}` : null
}

/** Faults of a policy as it is served: its own, and a content type that is not text/plain (RFC 8461 §3.2). */
export const servedPolicyFaults = (policy: MtaStsPolicy | null, contentType: string | null): string[] =>
  !policy
    ? []
    : [
        ...policy.faults,
        ...(contentType === null || /^\s*text\/plain\s*(;|$)/i.test(contentType)
          ? []
          : [`the policy is served as ${contentType.slice(0, 60)}, not as text/plain`]),
      ]

/** Mail servers that a policy in force leaves out; empty where it asks nothing of senders. */
export const uncoveredHosts = (policy: MtaStsPolicy | null, hosts: readonly string[]): string[] =>
  policy && (policy.mode === 'enforce' || policy.mode === 'testing')
    ? hosts.filter(host => !policyCovers(policy, host))
    : []
