// Received fields (RFC 5321 §4.4, RFC 3848), as servers really write them: who handed the mail over, from which address, over TLS or not.
import ipaddr from 'ipaddr.js'

export type Hop = {
  /** Name in HELO or EHLO, as far as it is told. */
  helo: string | null
  /** Name that the server itself found for the address. */
  reverse: string | null
  ip: string | null
  by: string | null
  /** As written: `ESMTPS`, `Microsoft SMTP Server`. */
  protocol: string | null
  /** Null where it cannot be told. */
  tls: boolean | null
  /** A login or a local program handed it over: no other server did. */
  submission: boolean
  /** Envelope sender, where the field tells it. */
  envelope: string | null
  /** ISO 8601; null where the date cannot be read. */
  at: string | null
}

/** Addresses that no server on the internet has. Documentation addresses count as public: examples and tests use them. */
export const isInternal = (address: string): boolean =>
  ipaddr.isValid(address) &&
  ['private', 'loopback', 'linkLocal', 'uniqueLocal', 'carrierGradeNat', 'unspecified'].includes(
    ipaddr.process(address).range(),
  )

const most = 8_000

/** Words and comments (RFC 5322 §3.2.2) in their order; a comment without end runs to the end. */
const tokensOf = (text: string): { text: string; comment: boolean }[] => {
  const tokens: { text: string; comment: boolean }[] = []
  let word = ''
  const flush = (): void => {
    if (word) tokens.push({ text: word, comment: false })
    word = ''
  }
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (character === '(') {
      flush()
      let depth = 1
      let comment = ''
      while (++at < text.length) {
        const inner = text[at] as string
        if (inner === '\\') comment += text[++at] ?? ''
        else if (inner === '(') depth++
        else if (inner === ')' && --depth === 0) break
        else comment += inner
      }
      tokens.push({ text: comment, comment: true })
    } else if (/\s/.test(character)) flush()
    else word += character
  }
  flush()
  return tokens
}

const addressIn = (text: string, bracketed: boolean): string | null => {
  const found = bracketed
    ? text.matchAll(/\[(?:ipv6:)?([0-9a-f.:]+)(?:%\w+)?\]/gi)
    : text.matchAll(/(?<![\w.:-])((?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f.]{0,15})(?![\w.-])/gi)
  for (const match of found) {
    const address = match[1] as string
    if (ipaddr.isValid(address) && (address.includes('.') || address.includes(':')))
      return ipaddr.process(address).toString()
  }
  return null
}

const nameIn = (text: string | undefined): string | null => {
  const name = text?.replace(/^[[<"']+|[\]>"',;.]+$/g, '').toLowerCase() ?? ''
  return /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/.test(name) && name.includes('.') && !ipaddr.isValid(name) ? name : null
}

const clauses = new Set(['from', 'by', 'via', 'with', 'id', 'for'])

/** The transmission types of RFC 3848 and RFC 6531 that are TLS, and those that are not. */
const secure = /^(?:utf8)?(?:e?smtps|esmtpsa|smtpsa|lmtpsa?)$/i
const plain = /^(?:utf8)?(?:e?smtp|esmtpa|smtpa|lmtpa?)$/i

/** Reads the value of one Received field. Never throws; what it does not tell is null. */
export const readReceived = (value: string): Hop => {
  const text = value.slice(0, most)
  const semicolon = text.lastIndexOf(';')
  const date = Date.parse((semicolon === -1 ? '' : text.slice(semicolon + 1)).replace(/\([^()]*\)/g, ' ').trim())
  const parts = new Map<string, { words: string[]; comments: string[] }>()
  let current: { words: string[]; comments: string[] } | null = null
  for (const token of tokensOf(semicolon === -1 ? text : text.slice(0, semicolon))) {
    const key = token.text.toLowerCase()
    // The clauses come in this order; a word of the same name inside another clause begins nothing.
    if (!token.comment && clauses.has(key) && !parts.has(key)) {
      current = { words: [], comments: [] }
      parts.set(key, current)
    } else if (current) (token.comment ? current.comments : current.words).push(token.text)
  }
  const from = parts.get('from')
  const comments = from?.comments ?? []
  const words = from?.words ?? []
  const remarks = comments.join(' ; ')
  const ip =
    addressIn(remarks, true) ??
    addressIn(remarks, false) ??
    addressIn(words.join(' '), true) ??
    addressIn(words.join(' '), false)
  const named = /\b(?:helo|ehlo)[= ]\s*\[?([^\s)\]]+)/i.exec(remarks)?.[1]
  const first = nameIn(words[0])
  const helo = named === undefined ? first : nameIn(named)
  const reverse = named === undefined ? nameIn(/^([^\s([]+)\s*[([]/.exec(comments[0] ?? '')?.[1]) : first
  const withClause = parts.get('with')
  const protocol = withClause?.words.join(' ') || null
  const everything = [...parts.values()].flatMap(part => part.comments).join(' ; ')
  const says = /\bSTARTTLS\b|\b(?:TLS|SSL)[_v ]?\d|\bversion=\s*(?:TLS|SSL)|\bcipher[= ]|\bTLS\b/i.test(
    `${everything} ; ${protocol ?? ''}`,
  )
  const denied = /\b(?:no|without|not) (?:TLS|SSL|encrypt)/i.test(everything)
  const word = withClause?.words[0] ?? ''
  // Amazon's inbound servers write "SMTP" over TLS too.
  const silent = /\.amazonaws\.com$/.test(nameIn(parts.get('by')?.words[0]) ?? '')
  const tls = secure.test(word) || (says && !denied) ? true : plain.test(word) && !silent ? false : null
  return {
    helo,
    reverse,
    ip,
    by: nameIn(parts.get('by')?.words[0]),
    protocol: protocol?.slice(0, 60) ?? null,
    tls,
    submission:
      /^(?:utf8)?(?:esmtps?a|smtps?a|lmtps?a)$/i.test(word) ||
      /\bauthenticated\b/i.test(everything) ||
      /^(?:http|local|mapi|asmtp)/i.test(word),
    envelope:
      /\benvelope-(?:from|sender)\s*=?\s*<?([^\s<>)]+@[^\s<>)]+)>?/i.exec(`${text}`)?.[1]?.toLowerCase() ?? null,
    at: Number.isNaN(date) ? null : new Date(date).toISOString(),
  }
}
