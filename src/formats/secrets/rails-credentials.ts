// What a key of Rails opens: its encrypted credentials, where they lie beside it.
// https://api.rubyonrails.org/classes/ActiveSupport/EncryptedFile.html
import { createDecipheriv } from 'node:crypto'

/** Characters of an encrypted file that are read. */
const longest = 200_000

/** The text of encrypted credentials; null where the key does not open them. */
export const openedCredentials = (key: string, encrypted: string): string | null => {
  const parts = encrypted.slice(0, longest).trim().split('--')
  const [data, iv, tag] = parts.map(part => Buffer.from(part, 'base64'))
  if (parts.length !== 3 || !/^[0-9a-f]{32}$/i.test(key.trim()) || tag!.length !== 16 || iv!.length !== 12) return null
  try {
    const decipher = createDecipheriv('aes-128-gcm', Buffer.from(key.trim(), 'hex'), iv!, { authTagLength: 16 })
    decipher.setAuthTag(tag!)
    return Buffer.concat([decipher.update(data!), decipher.final()]).toString('latin1')
  } catch {
    return null
  }
}

/** Whether credentials hold nothing but the secret that every new application is given. */
export const holdsBaseAlone = (credentials: string): boolean => {
  const values = credentials
    .split('\n')
    .map(line => line.replace(/^[^#\w]{0,12}"?[^\w#]?(?=secret_key_base)/, ''))
    .filter(line => /^[^#]*:\s*\S/.test(line))
  return values.length === 0 || values.every(line => /secret_key_base:/.test(line))
}

/** Where the credentials of a key lie: `config/master.key`, `config/credentials/staging.key`. */
export const credentialsOf = (path: string): string | null => {
  if (/(?:^|\/)config\/master\.key$/.test(path)) return path.replace(/master\.key$/, 'credentials.yml.enc')
  return /(?:^|\/)config\/credentials\/\w+\.key$/.test(path) ? path.replace(/key$/, 'yml.enc') : null
}
