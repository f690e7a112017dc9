// The ledger of secret rotations: a YAML file in the repository that says which exposed secret was replaced, when, by whom, and how one can
// tell. It names secrets by their SHA-256, so that it can be public.
import { parse, stringify } from 'yaml'

export type Rotation = {
  /** SHA-256 of the secret in hex, whole or its first 16 digits and more. */
  secret: string
  name: string | null
  /** ISO 8601 date. */
  rotated: string
  by: string
  evidence: string
  /** ISO 8601 date after which it is to be rotated again; null when none. */
  expires: string | null
}

export type Ledger = { rotations: Rotation[]; problems: string[] }

const text = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== ''
    ? value.trim()
    : value instanceof Date
      ? value.toISOString().slice(0, 10)
      : null
const day = /^\d{4}-\d{2}-\d{2}$/

/** Whether a rotation speaks of the secret with this hash. */
export const speaksOf = (rotation: Rotation, hash: string): boolean => hash.startsWith(rotation.secret)

/** Reads a ledger; entries that lack a part are told and do not count: an attestation without a date or a name attests nothing. */
export const parseLedger = (source: string): Ledger => {
  let document: unknown
  try {
    document = parse(source, { maxAliasCount: 10, prettyErrors: false })
  } catch (error) {
    return { rotations: [], problems: [`is not YAML: ${String((error as Error).message).split('\n')[0]}`] }
  }
  const list = (document as { rotations?: unknown } | null)?.rotations
  if (!Array.isArray(list)) return { rotations: [], problems: ['has no list named rotations'] }
  const rotations: Rotation[] = []
  const problems: string[] = []
  for (const [at, item] of list.slice(0, 5000).entries()) {
    const entry = (item ?? {}) as Record<string, unknown>
    const secret =
      text(entry.secret)
        ?.replace(/^sha256:/, '')
        .toLowerCase() ?? ''
    const rotated = text(entry.rotated)
    const by = text(entry.by)
    const evidence = text(entry.evidence)
    const expires = text(entry.expires)
    if (!/^[0-9a-f]{16,64}$/.test(secret)) problems.push(`entry ${at + 1}: secret is no SHA-256`)
    else if (!rotated || !day.test(rotated) || Number.isNaN(Date.parse(rotated)))
      problems.push(`entry ${at + 1}: rotated is no date such as 2026-11-25`)
    else if (!by || !evidence) problems.push(`entry ${at + 1}: by and evidence are missing`)
    else if (expires && (!day.test(expires) || Number.isNaN(Date.parse(expires))))
      problems.push(`entry ${at + 1}: expires is no date`)
    else rotations.push({ secret, name: text(entry.name), rotated, by, evidence, expires })
  }
  return { rotations, problems }
}

/** A ledger with one more entry, as text. */
export const printLedger = (rotations: readonly Rotation[]): string =>
  `# Secrets that were exposed and have been replaced. Kept by \`launch-ready deploy secrets --record\`. No secret stands here, only hashes.\n${stringify(
    {
      rotations: rotations.map(({ secret, name, rotated, by, evidence, expires }) => ({
        secret: `sha256:${secret}`,
        ...(name ? { name } : {}),
        rotated,
        by,
        evidence,
        ...(expires ? { expires } : {}),
      })),
    },
  )}`

/** Where the ledger lies unless the config says otherwise. */
export const defaultLedger = 'secret-rotations.yaml'
