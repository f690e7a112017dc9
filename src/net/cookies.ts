// A small cookie jar for redirects and flows: by host, bounded, as RFC 6265 needs it and no more.
import { limits } from '../data/limits.ts'

const parsePair = (text: string): [string, string] | null => {
  const at = text.indexOf('=')
  if (at < 1) return null
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

const readJar = (line: string | undefined): Map<string, string> =>
  new Map(
    (line ?? '')
      .split(';')
      .map(parsePair)
      .filter(pair => pair !== null),
  )

/** The Cookie header for a host: its own cookies and those of the domains above it; null when there is none. */
export const cookieHeader = (jar: ReadonlyMap<string, string>, host: string): string | null => {
  const cookies = new Map<string, string>()
  for (const [key, line] of jar)
    if (key === host || (key.startsWith('.') && `.${host}`.endsWith(key)))
      for (const [name, value] of readJar(line)) cookies.set(name, value)
  return cookies.size ? [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') : null
}

/** Keeps what one Set-Cookie header says; cookies for foreign or single-label domains are ignored (RFC 6265 §5.3). */
export const keepCookie = (jar: Map<string, string>, host: string, setCookie: string): void => {
  if (setCookie.length > limits.cookieLength) return
  const [first = '', ...attributes] = setCookie.split(';')
  const pair = parsePair(first)
  if (!pair) return
  let key = host
  let expired = false
  for (const attribute of attributes) {
    const [name, value] = parsePair(attribute) ?? [attribute.trim(), '']
    const lower = name.toLowerCase()
    if (lower === 'domain' && value) {
      const domain = value.toLowerCase().replace(/^\./, '')
      if (!domain.includes('.') || !`.${host}`.endsWith(`.${domain}`)) return
      key = `.${domain}`
    }
    if (lower === 'max-age' && Number(value) <= 0) expired = true
    if (lower === 'expires' && Date.parse(value) <= Date.now()) expired = true
  }
  const cookies = readJar(jar.get(key))
  if (expired) cookies.delete(pair[0])
  else if (cookies.has(pair[0]) || cookies.size < limits.cookiesPerHost) cookies.set(pair[0], pair[1])
  if (cookies.size) jar.set(key, [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
  else jar.delete(key)
}
