// Single fields of a message's header, judged as receivers do: From, Date, Message-ID, List-Unsubscribe.
import { domainToASCII } from 'node:url'
import { addressParser, decodeWords } from 'postal-mime'
import { domainOfAddress } from '../mail/address.ts'
import { fieldsNamed, fieldValue, headerText, type MessageParts } from './headers.ts'

export type FromField = { address: string | null; domain: string | null; problem: string | null }

const addressLimit = 20_000

/** The one address of From. DMARC is judged by its domain, so several domains, or none, are a fault. */
export const readFrom = (parts: MessageParts): FromField => {
  const fields = fieldsNamed(parts, 'from')
  if (!fields[0]) return { address: null, domain: null, problem: 'there is no From field' }
  const boxes = addressParser(headerText(fields[0].value.slice(0, addressLimit)), { flatten: true })
  const addresses = boxes.flatMap(box => ('address' in box && box.address ? [box.address] : []))
  const address = addresses[0] ?? null
  const written = domainOfAddress(address)
  // DNS knows internationalised domains by their A-label.
  const domain = written === null ? null : domainToASCII(written) || written
  const problem =
    fields.length > 1
      ? `From stands ${fields.length} times`
      : address === null || domain === null
        ? 'From names no address'
        : new Set(addresses.map(domainOfAddress)).size > 1
          ? 'From names addresses of several domains'
          : null
  return { address: address?.slice(0, 320) ?? null, domain, problem }
}

export type DateField = { value: string | null; iso: string | null; problem: string | null }

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const zones: Record<string, number> = {
  ut: 0,
  gmt: 0,
  utc: 0,
  z: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
}
const day = 86_400_000

/** Reads Date (RFC 5322 §3.3). `arrived` in milliseconds: what is far from it is a fault; null where only the present is known. */
export const readDate = (parts: MessageParts, arrived: number | null, now: number): DateField => {
  const fields = fieldsNamed(parts, 'date')
  if (!fields[0]) return { value: null, iso: null, problem: 'there is no Date field' }
  const value = headerText(fields[0].value).slice(0, 200)
  const bad = (problem: string, iso: string | null = null): DateField => ({ value, iso, problem })
  if (fields.length > 1) return bad(`Date stands ${fields.length} times`)
  const match =
    /^\s*(?:([a-z]{3})\s*,\s*)?(\d{1,2})\s+([a-z]{3})\s+(\d{2,5})\s+(\d{2})\s*:\s*(\d{2})(?:\s*:\s*(\d{2}))?\s+([+-]\d{4}|[a-z]{1,5})\s*$/i.exec(
      value.replace(/\([^()]*\)/g, ' '),
    )
  if (!match) return bad('it is not in the form of a mail date (Tue, 24 Nov 2026 10:00:00 +0000)')
  const [, weekday, date = '', month = '', year = '', hour = '', minute = '', second = '0', zone = ''] = match
  if (year.length === 2) return bad('its year has two digits')
  const offset = /^[+-]/.test(zone)
    ? (zone[0] === '-' ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3)))
    : (zones[zone.toLowerCase()] ?? (zone.length === 1 ? 0 : Number.NaN))
  if (Number.isNaN(offset) || Math.abs(offset) > 14 * 60) return bad(`its time zone "${zone}" does not exist`)
  const monthAt = months.indexOf(month.toLowerCase())
  const local = new Date(
    Date.UTC(Number(year), monthAt, Number(date), Number(hour), Number(minute), Math.min(59, Number(second))),
  )
  if (
    monthAt === -1 ||
    Number.isNaN(local.getTime()) ||
    local.getUTCDate() !== Number(date) ||
    Number(hour) > 23 ||
    Number(minute) > 59 ||
    Number(second) > 60
  )
    return bad('there is no such date')
  const at = local.getTime() - offset * 60_000
  const iso = new Date(at).toISOString()
  if (weekday !== undefined && days.indexOf(weekday.toLowerCase()) !== local.getUTCDay())
    return bad(`it says ${weekday}, and that day is another day of the week`, iso)
  if (at > (arrived ?? now) + day) return bad(`it lies in the future${arrived === null ? '' : ' of its arrival'}`, iso)
  if (arrived !== null && at < arrived - 7 * day)
    return bad(`it is ${Math.round((arrived - at) / day)} days before its arrival`, iso)
  return { value, iso, problem: null }
}

export type MessageIdField = { value: string | null; problem: string | null }

/** Whether the right side names a host that only its own machine knows: `localhost`, the name of a container. Filters count that. */
const isHomemade = (value: string): boolean => /@(?:[^<>@\s.[\]]+|localhost\.localdomain)>/i.test(value)

/** Reads Message-ID (RFC 5322 §3.6.4). Gmail puts one in where it was missing, and says so in it. */
export const readMessageId = (parts: MessageParts): MessageIdField => {
  const fields = fieldsNamed(parts, 'message-id')
  if (!fields[0]) return { value: null, problem: 'there is no Message-ID field' }
  const value = headerText(fields[0].value).slice(0, 300)
  const added = /\bSMTPIN_ADDED_(MISSING|BROKEN)@/i.exec(value)?.[1]
  const problem =
    fields.length > 1
      ? `Message-ID stands ${fields.length} times`
      : added
        ? `Gmail made one up: the mail's own was ${added.toLowerCase()}`
        : !/^<[^<>@\s]+@[^<>@\s]+>(?:\s*\([^()]*\))?$/.test(value.trim())
          ? 'it is not of the form <unique@your.domain>'
          : isHomemade(value)
            ? 'behind its @ stands the name of a machine, not your domain'
            : null
  return { value, problem }
}

export type Unsubscribe = { present: boolean; https: string[]; mailto: boolean; oneClick: boolean }

/** List-Unsubscribe (RFC 2369) and List-Unsubscribe-Post (RFC 8058). */
export const readUnsubscribe = (parts: MessageParts): Unsubscribe => {
  const value = decodeWords(fieldValue(parts, 'list-unsubscribe')?.slice(0, addressLimit) ?? '')
  const uris = [...value.matchAll(/<\s*([^<>]+?)\s*>/g)]
    .slice(0, 20)
    .map(match => (match[1] as string).replace(/\s+/g, ''))
  return {
    present: uris.length > 0,
    https: uris.filter(uri => /^https:\/\//i.test(uri)),
    mailto: uris.some(uri => /^mailto:/i.test(uri)),
    oneClick: /^\s*List-Unsubscribe\s*=\s*One-Click\s*$/i.test(fieldValue(parts, 'list-unsubscribe-post') ?? ''),
  }
}

/** Why a message counts as sent in bulk, in words; null when nothing says so. */
export const bulkSign = (parts: MessageParts): string | null => {
  const precedence = fieldValue(parts, 'precedence')?.toLowerCase()
  if (precedence === 'bulk' || precedence === 'list') return `Precedence: ${precedence}`
  if (fieldValue(parts, 'list-id')) return 'List-Id'
  if (
    fieldValue(parts, 'x-campaign') ||
    fieldValue(parts, 'x-campaignid') ||
    fieldValue(parts, 'x-mailchimp-campaign-id')
  )
    return 'a campaign’s id'
  return null
}
