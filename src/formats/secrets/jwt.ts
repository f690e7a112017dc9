// JSON Web Tokens as they lie in code: read, never verified (RFC 7519, RFC 7515 §7.1).

export type Jwt = { header: Record<string, unknown>; payload: Record<string, unknown> }

const part = (text: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Header and claims of a compact token; null for what is none. */
export const decodeJwt = (token: string): Jwt | null => {
  const parts = token.split('.')
  if (parts.length !== 3 || token.length > 16_384) return null
  const header = part(parts[0]!)
  const payload = part(parts[1]!)
  return header && payload && typeof header.alg === 'string' ? { header, payload } : null
}
