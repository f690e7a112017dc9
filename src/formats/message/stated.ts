// What the receiving server wrote down: Authentication-Results (RFC 8601) and Received-SPF (RFC 7208 §9.1). Claims, to set beside
// what is found here, and the only place where some receivers tell the address that they were connected from.
import ipaddr from 'ipaddr.js'

/** One method of one field. */
export type StatedResult = {
  /** The server that says so; empty where it does not give its name (Microsoft). */
  by: string
  method: string
  result: string
  /** `smtp.mailfrom=…`, `header.d=…`: lower-case keys. */
  properties: Record<string, string>
  comment: string
}

const most = 16_000

const parts = (text: string, separator: string): string[] => {
  const found: string[] = []
  let depth = 0
  let quoted = false
  let part = ''
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    if (character === '\\' && (quoted || depth)) {
      part += character + (text[++at] ?? '')
      continue
    }
    if (character === '"' && depth === 0) quoted = !quoted
    else if (!quoted && character === '(') depth++
    else if (!quoted && character === ')' && depth) depth--
    if (character === separator && depth === 0 && !quoted) {
      found.push(part)
      part = ''
    } else part += character
  }
  return [...found, part]
}

const withoutComments = (text: string): { text: string; comment: string } => {
  let depth = 0
  let outside = ''
  let inside = ''
  for (const character of text) {
    if (character === '(') {
      if (depth++ === 0) outside += ' '
    } else if (character === ')' && depth) depth--
    else if (depth) inside += character
    else outside += character
  }
  return { text: outside, comment: inside.trim() }
}

/** Reads the value of one Authentication-Results (or ARC-Authentication-Results) field. */
export const readAuthenticationResults = (value: string): StatedResult[] => {
  const [head = '', ...rest] = parts(value.slice(0, most).replace(/^\s*i\s*=\s*\d+\s*;/i, ''), ';')
  const name = withoutComments(head).text.trim()
  // Microsoft leaves its own name out and begins with the first method.
  const nameless = /^[a-z0-9-]+\s*=/i.test(name)
  const by = nameless ? '' : (name.split(/\s+/)[0] ?? '').toLowerCase()
  return (nameless ? [head, ...rest] : rest).slice(0, 100).flatMap(part => {
    const { text, comment } = withoutComments(part)
    const match = /^\s*([a-z0-9-]+)(?:\s*\/\s*\d+)?\s*=\s*([a-z]+)/i.exec(text)
    if (!match) return []
    const properties: Record<string, string> = {}
    for (const [, key, quoted, plain] of text
      .slice(match[0].length)
      .matchAll(/([a-z0-9-]+(?:\s*\.\s*[a-z0-9-]+)?)\s*=\s*(?:"([^"]*)"|([^\s;]+))/gi))
      properties[(key as string).replace(/\s/g, '').toLowerCase()] ??= (quoted ?? plain ?? '').slice(0, 300)
    return [
      {
        by,
        method: (match[1] as string).toLowerCase(),
        result: (match[2] as string).toLowerCase(),
        properties,
        comment: comment.slice(0, 300),
      },
    ]
  })
}

const address = (text: string | undefined): string | null =>
  text && ipaddr.isValid(text) && /[.:]/.test(text) ? ipaddr.process(text).toString() : null

/** The address of the sending server, where the result of SPF or iprev tells it. */
export const statedAddress = (stated: StatedResult): string | null =>
  stated.method === 'spf' || stated.method === 'iprev'
    ? (address(
        stated.properties['smtp.remote-ip'] ?? stated.properties['policy.iprev'] ?? stated.properties['smtp.client-ip'],
      ) ??
      address(/\b(?:sender IP is|designates|client-ip=|permit)\s*([0-9a-f.:]+[0-9a-f])/i.exec(stated.comment)?.[1]))
    : null

export type ReceivedSpf = {
  result: string
  ip: string | null
  helo: string | null
  /** Null: not told; empty: a bounce. */
  envelope: string | null
  receiver: string | null
}

/** Reads the value of one Received-SPF field. */
export const readReceivedSpf = (value: string): ReceivedSpf => {
  const { text, comment } = withoutComments(value.slice(0, most))
  const pair = (name: string): string | null => {
    const match = new RegExp(`(?:^|[\\s;])${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(text)
    return match ? (match[1] ?? match[2] ?? '').trim() : null
  }
  const receiver = pair('receiver') ?? /^([a-z0-9.-]+):/i.exec(comment)?.[1] ?? null
  const envelope = pair('envelope-from')
  return {
    result: (/^\s*([a-z]+)/i.exec(text)?.[1] ?? '').toLowerCase(),
    ip: address(pair('client-ip') ?? undefined) ?? address(/\bdesignates ([0-9a-f.:]+[0-9a-f])/i.exec(comment)?.[1]),
    helo: pair('helo')?.toLowerCase() || null,
    envelope: envelope === null ? null : envelope.replace(/^<|>$/g, '').toLowerCase(),
    receiver: receiver?.toLowerCase() ?? null,
  }
}
