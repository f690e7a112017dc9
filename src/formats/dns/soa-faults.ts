// What is wrong with the timers and the mailbox of a zone's SOA record (RFC 1912 §2.2, RFC 2308 §5, RIPE-203).

export type Soa = {
  mname: string
  rname: string
  serial: number
  refresh: number
  retry: number
  expire: number
  minimum: number
}

/** Faults of the timers, in words; with the values to use instead. Seconds. */
export const timerFaults = (soa: Soa): string[] => [
  ...(soa.refresh < 300 ? [`refresh is ${soa.refresh} s: secondaries ask all the time`] : []),
  ...(soa.refresh > 172_800 ? [`refresh is ${soa.refresh} s: a missed notice is noticed after days`] : []),
  ...(soa.retry >= soa.refresh ? [`retry (${soa.retry} s) is not shorter than refresh (${soa.refresh} s)`] : []),
  ...(soa.expire < 172_800
    ? [`expire is ${soa.expire} s: a primary that is down over a weekend takes the domain with it`]
    : []),
  ...(soa.expire <= soa.refresh + soa.retry ? [`expire (${soa.expire} s) comes before the second try to refresh`] : []),
  ...(soa.minimum > 86_400
    ? [`a name that does not exist yet stays unknown for ${soa.minimum} s after it is added`]
    : []),
]

/** Timers as most providers set them, for the fix. */
export const soundTimers = { refresh: 7200, retry: 3600, expire: 1_209_600, minimum: 3600 }

/** Why nobody can be written to at RNAME, or null. The first unescaped dot stands for the @ (RFC 1035 §3.3.13). */
export const mailboxFault = (rname: string): string | null => {
  const text = rname.replace(/\.$/, '')
  if (text === '') return 'it is empty'
  if (text.includes('@')) return 'it holds an @; the first dot stands for it'
  const parts = text.split(/(?<!\\)\./)
  if (parts.length < 3) return `${text} has no domain`
  if (/\.(localhost|local|invalid|localdomain)$/i.test(text)) return `${text} is not on the internet`
  return null
}

/** The record's data in presentation format; a primary that is not named becomes the zone's own name. */
export const soaText = (zone: string, soa: Soa): string =>
  `${soa.mname || zone}. ${soa.rname}. ${soa.serial} ${soa.refresh} ${soa.retry} ${soa.expire} ${soa.minimum}`
