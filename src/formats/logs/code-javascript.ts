// `monitor redact --as` for JavaScript: one module without dependencies, and how pino, winston and Sentry take it.
import type { NameTable } from './code.ts'

type Shapes = readonly (readonly [string, string])[]

const list = (value: unknown): string => JSON.stringify(value)

/** The rules as a module. */
export const javascriptRules = ({ exact, ends, harmless }: NameTable, shapes: Shapes, pair: string): string =>
  `// Written by \`launch-ready monitor redact --as\`: secrets and personal data never reach the log. Write it again to renew it.
const exact = ${list(exact)}
const ends = ${list(ends)}
const harmless = new Set(${list(harmless)})
const shapes = ${list(shapes)}.map(([kind, source]) => [kind, new RegExp(source, 'g')])
const pair = new RegExp(${list(pair)}, 'g')
const said = /^(?:true|false|null|undefined|none|required|missing|invalid|expired|incorrect|wrong|is|was|must|not|\\[[\\w -]+\\]|\\*+)$/i

/** What a field holds by its name; undefined where that is nothing to hide. */
export const kindOf = name => {
  const plain = String(name).replace(/[-_.\\s]/g, '').toLowerCase()
  if (harmless.has(plain)) return undefined
  return Object.hasOwn(exact, plain) ? exact[plain] : ends.find(([end]) => plain.endsWith(end))?.[1]
}

const luhn = digits => {
  let sum = 0
  for (let at = digits.length - 1, second = false; at >= 0; at--, second = !second) {
    const doubled = Number(digits[at]) * (second ? 2 : 1)
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
const mod97 = text => {
  let rest = 0
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}
const proves = (kind, text) => {
  if (kind === 'card') {
    const digits = text.replace(/\\D/g, '')
    return /^(?:4|5[1-5]|2[2-7]|3[4-8]|6)/.test(digits) && luhn(digits)
  }
  return kind !== 'iban' || mod97(text.replace(/ /g, ''))
}

const numberKinds = new Set(['password', 'one-time-code', 'card', 'card-code', 'iban', 'national-id', 'phone', 'birth-date', 'token', 'key'])

/** A text without what its shape or the name before it gives away. */
export const redactText = text => {
  let out = text.replace(pair, (whole, name) => {
    const kind = kindOf(name)
    if (!kind) return whole
    const at = whole.search(/(?:=>|[:=]|%3[ad])/i)
    const [, lead, open, value, close] = /^((?:=>|[:=]|%3[ad])\\s*)(\\\\*["']?)([\\s\\S]*?)(\\\\*["']?)$/i.exec(whole.slice(at)) ?? []
    if (!value || said.test(value)) return whole
    return whole.slice(0, at) + lead + open + '[' + kind + ']' + close
  })
  for (const [kind, shape] of shapes) out = out.replace(shape, found => (proves(kind, found) ? '[' + kind + ']' : found))
  return out
}

const deepest = 12
const named = (kind, value, depth) => {
  if (value === null || value === undefined || typeof value === 'boolean') return value
  if (typeof value === 'string') return value === '' || said.test(value) ? value : '[' + kind + ']'
  if (typeof value === 'number' || typeof value === 'bigint') return numberKinds.has(kind) ? '[' + kind + ']' : value
  if (depth >= deepest) return '[deep]'
  if (Array.isArray(value)) return value.map(item => named(kind, item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, named(kind, item, depth + 1)]))
}

/** A copy of any value without secrets. Errors keep their message, stack and cause, each redacted. */
export const redact = (value, depth = 0, seen = new WeakSet()) => {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null) return value
  if (seen.has(value)) return '[circular]'
  if (depth >= deepest) return '[deep]'
  if (value instanceof Date) return value
  seen.add(value)
  const copy = Array.isArray(value) ? [] : {}
  const own = value instanceof Error ? ['name', 'message', 'stack', 'cause', ...Object.keys(value)] : Object.keys(value)
  const isRawHeaders = Array.isArray(value) && value.length % 2 === 0 && value.every(item => typeof item === 'string')
  for (const name of own) {
    const before = isRawHeaders && Number(name) % 2 === 1 ? value[Number(name) - 1] : name
    const kind = Array.isArray(value) && !isRawHeaders ? undefined : kindOf(before)
    const isText = ['message', 'stack', 'name'].includes(name) && value instanceof Error
    copy[name] = kind && !isText ? named(kind, value[name], depth + 1) : redact(value[name], depth + 1, seen)
  }
  seen.delete(value)
  return copy
}
`

export const pinoCode = `
/** One line as pino is about to write it. */
export const redactLine = line => {
  try {
    return JSON.stringify(redact(JSON.parse(line))) + '\\n'
  } catch {
    return redactText(line)
  }
}

/** For pino 9 and later: pino({ hooks: redactHooks }) or pino({ hooks: redactHooks }, destination). */
export const redactHooks = { streamWrite: redactLine }
`

export const winstonCode = `
/** For winston 3: format.combine(format.errors({ stack: true }), format.splat(), redactFormat, format.json()). */
export const redactFormat = {
  transform: info => {
    const clean = redact(info)
    for (const name of Object.keys(info)) info[name] = name === 'level' ? info.level : clean[name]
    // What a formatter before us has printed already.
    for (const name of Object.getOwnPropertySymbols(info)) if (String(name) === 'Symbol(message)') info[name] = redactText(String(info[name]))
    return info
  },
}
`

export const sentryCode = `
/** For Sentry.init({ sendDefaultPii: false, ...redactEvents }). */
export const redactEvents = {
  beforeSend: event => redact(event),
  beforeSendTransaction: event => redact(event),
  beforeBreadcrumb: crumb => redact(crumb),
}
`
