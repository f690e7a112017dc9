// Keys that stand where no receiver looks: at the doubled name that a panel makes of a whole one, or as TXT where a CNAME belongs.

/** A record as it stands, and what it should have been at the selector's own name. */
export type StrayKey = {
  name: string
  type: 'TXT' | 'CNAME'
  data: string
  wanted: { type: 'TXT' | 'CNAME'; data: string }
}

/** True for text that is nothing but a host name: the target of a CNAME, pasted into a TXT record. */
export const isTargetText = (text: string): boolean =>
  text.length < 254 &&
  /^["']?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.){2,}[a-z][a-z0-9-]{0,61}[a-z0-9]\.?["']?$/i.test(text.trim())

const asTarget = (text: string): string =>
  `${text
    .trim()
    .replace(/^["']|["']$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()}.`

/** `sel._domainkey.example.com` → `sel._domainkey.example.com.example.com`. */
export const doubledName = (name: string, domain: string): string => `${name}.${domain}`

/** TXT records of the selector's own name, of which one is the text of a CNAME; null where none is. */
export const textForTarget = (name: string, texts: readonly string[]): StrayKey | null => {
  const text = texts.find(isTargetText)
  return text === undefined ? null : { name, type: 'TXT', data: text, wanted: { type: 'CNAME', data: asTarget(text) } }
}

/** What stands at another name in the place of the key: `keys` are its key records, `cnames` where it leads. */
export const keyElsewhere = (
  name: string,
  keys: readonly string[],
  cnames: readonly string[],
  texts: readonly string[],
): StrayKey | null => {
  const [target] = cnames
  if (target !== undefined) {
    const data = asTarget(target)
    return { name, type: 'CNAME', data, wanted: { type: 'CNAME', data } }
  }
  const [key] = keys
  return key === undefined
    ? textForTarget(name, texts)
    : { name, type: 'TXT', data: key, wanted: { type: 'TXT', data: key } }
}
