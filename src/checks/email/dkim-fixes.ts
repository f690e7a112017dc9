// Fixes of the key behind a DKIM selector.
import type { Fix } from '../../core/fix.ts'
import { addRecord, changesFix, manual, removeRecord, replaceRecord } from '../../core/fixes.ts'
import type { MailProvider } from '../../data/mail-providers.ts'
import type { StrayKey } from '../../formats/dkim/stray.ts'

type KeyData = { name: string; selector: string; keys: number; provider: MailProvider | null }

/** A new key, or the one that the service hands out. */
export const newKey = ({ name, selector, keys, provider }: KeyData): Fix => {
  const setup = provider
    ? `${provider.name}: ${provider.setup}`
    : keys > 1
      ? `Leave the key at ${name} that your mail is signed with, and remove the others`
      : `Make a new RSA key of 2048 bits where the mail is sent, and publish it as TXT at ${name}`
  const short = provider?.keyBits
    ? [`${provider.name} makes keys of ${provider.keyBits} bits: ask its support for longer ones`]
    : []
  return changesFix(`Publish a sound key for the selector ${selector}`, [manual(setup)], 20, short)
}

/** A record that a service keeps behind a CNAME is the service's to change. */
export const rewriteKey = (data: KeyData & { text: string; wanted: string | null; target: string }): Fix =>
  data.target || data.wanted === null || data.wanted === data.text
    ? newKey(data)
    : changesFix('Replace the key record', [replaceRecord(data.name, 'TXT', data.wanted, data.text)], 10)

/** The right record first where it can stand beside the stray one; a CNAME suffers nothing beside it. */
export const moveKey = ({ name, stray }: { name: string; stray: StrayKey | null }): Fix => {
  if (!stray) return changesFix('Publish the key where receivers look', [manual(`Publish it at ${name}`)], 10)
  const sound = addRecord(name, stray.wanted.type, stray.wanted.data)
  const wrong = removeRecord(stray.name, stray.type, stray.data)
  return changesFix('Publish the key where receivers look', stray.name === name ? [wrong, sound] : [sound, wrong], 10, [
    `Most panels add the domain themselves: type ${name.slice(0, name.indexOf('._domainkey.'))}._domainkey as the name, and ${stray.wanted.type} as the type`,
  ])
}
