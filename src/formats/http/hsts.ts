// Strict-Transport-Security (RFC 6797 §6.1): parsed as browsers do, first header only.

export const hstsHeader = 'strict-transport-security'

/** Seconds: less than half a year is forgotten between two visits; preload lists ask for a year (hstspreload.org). */
export const halfYear = 15_552_000
export const year = 31_536_000

/** Seconds as days in words: `hours`, `1 day`, `365 days`. */
export const spanOf = (seconds: number): string => {
  const days = Math.floor(seconds / 86_400)
  return days < 1 ? 'hours' : days === 1 ? '1 day' : `${days} days`
}

export type Hsts = {
  /** Seconds; null when the directive is missing or malformed. */
  maxAge: number | null
  includeSubDomains: boolean
  preload: boolean
  /** What is wrong with the syntax, in words; empty when nothing is. */
  faults: string[]
}

/** Parses a header value. A directive twice, or no valid max-age, makes the whole header void (RFC 6797 §6.1). */
export const parseHsts = (value: string): Hsts => {
  const parsed: Hsts = { maxAge: null, includeSubDomains: false, preload: false, faults: [] }
  const seen = new Set<string>()
  for (const part of value.split(';')) {
    const text = part.trim()
    if (text === '') continue
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:=\s*(?:"([^"]*)"|([^\s"]*)))?$/.exec(text)
    if (!match) {
      parsed.faults.push(`"${text.slice(0, 60)}" is no directive`)
      continue
    }
    const name = match[1]!.toLowerCase()
    const argument = match[2] ?? match[3]
    if (seen.has(name)) parsed.faults.push(`${name} stands twice`)
    seen.add(name)
    if (name === 'max-age') {
      if (argument !== undefined && /^\d+$/.test(argument))
        parsed.maxAge = Math.min(Number(argument), Number.MAX_SAFE_INTEGER)
      else parsed.faults.push(`max-age is "${(argument ?? '').slice(0, 40)}", not a number of seconds`)
    } else if (name === 'includesubdomains') parsed.includeSubDomains = true
    else if (name === 'preload') parsed.preload = true
  }
  if (!seen.has('max-age')) parsed.faults.push('max-age is missing')
  return parsed
}
