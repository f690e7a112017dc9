// Private keys in PEM, and the service accounts of Google around them.
import { matchAt, variableBefore } from '../assignment.ts'
import type { SecretClass, SecretHit } from '../hit.ts'
import { derLength } from '../key-store.ts'
import { isOfOwnMaking } from '../self-signed.ts'
import { type Detector, type Looked, liveIn, looksForThem } from './looked.ts'

/** Characters from the beginning of a key to its end at most: those of its body, and its two marks. */
export const longestPrivateKey = 12_100

const privateKey =
  /-----BEGIN ((?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY|PGP PRIVATE KEY BLOCK)-----([\s\S]{0,12000}?)-----END \1-----/y

const isGoogle = (around: string): boolean =>
  /["']?type["']?\s*:\s*["']service_account["']/.test(around) ||
  /client_email["']?\s*[:=]\s*["'][^"']+gserviceaccount/.test(around)

/** A passphrase protects it: PKCS #8, the headers of OpenSSL, or the cipher named in an OpenSSH key. */
const isLocked = (label: string, body: string): boolean =>
  label.startsWith('ENCRYPTED') ||
  /Proc-Type:4,ENCRYPTED|DEK-Info/.test(body) ||
  (label.startsWith('OPENSSH') && /bcrypt|aes\d/.test(Buffer.from(body.slice(0, 120), 'base64').toString('latin1')))

/** Headers of OpenSSL and of PGP before the body. */
const besideBody = /(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash):/

const isReal = (body: string): boolean =>
  body.length >= 60 &&
  // Behind its headers a key is of ASCII: three dots of another kind stand for what was left out.
  (besideBody.test(body) || !/[^\x21-\x7e]/.test(body)) &&
  /[A-Za-z0-9+/=]{60}/.test(body) &&
  !/x{8}|\.{3}|…|(.)\1{15}|example|placeholder/i.test(body.slice(0, 400).replace(/A{12,}/g, ''))

/** Whether the body says of itself that it is longer than what stands here: the beginning of a key, or of something else, shown in its place. */
const isCutOff = (label: string, body: string): boolean => {
  if (!/^(?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY$/.test(label) || !/^[A-Za-z0-9+/=]+$/.test(body)) return false
  const length = derLength(Buffer.from(body, 'base64'))
  return length !== null && length > Math.ceil((body.length * 3) / 4)
}

/** Names of what a form or a manual shows in the place of a value. */
const shown = /placeholder|example|sample|hint|help|description|label/i

const classOf = (at: Looked, label: string, body: string, isShown: boolean): SecretClass => {
  if (!isReal(body) || isShown) return 'placeholder'
  if (
    at.repo &&
    (looksForThem(at, 'BEGIN') || /\/[^/\n]{0,10}BEGIN [A-Z ]{0,20}PRIVATE KEY[^/\n]{0,20}\//.test(at.text))
  )
    return 'documentation'
  return isLocked(label, body) ? 'encrypted' : liveIn(at)
}

/** A key that signs itself for tries, or is handed out with a sample, guards nothing; of one that is cut off a whole one may stand elsewhere. */
const confidenceOf = ({ repo, development, kind }: Looked, isCut: boolean, isOwn: boolean): SecretHit['confidence'] => {
  if (development || kind === 'example' || isOwn) return 'possible'
  return repo && isCut ? 'likely' : 'certain'
}

export const privateKeyBlock: Detector = (at, index) => {
  const { text } = at
  const match = matchAt(privateKey, text, index)
  if (!match) return null
  const body = match[2]!.replace(/["']\s*\+\s*["']|\\[nr]|[\s"'\\,]/g, '')
  const variable = variableBefore(text, index)
  const cut = isCutOff(match[1]!, body)
  const google = isGoogle(text.slice(Math.max(0, index - 1500), index + match[0].length + 1500))
  return {
    rule: google ? 'google-service-account' : 'private-key',
    provider: google ? 'Google' : 'your servers',
    what: google ? 'service account key' : 'private key',
    class: classOf(at, match[1]!, body, cut && shown.test(variable ?? '')),
    kind: google ? 'service-role' : 'private-key',
    confidence: confidenceOf(at, cut, isOfOwnMaking(match[0], [text])),
    secret: body,
    index,
    variable,
    rotate: google ? 'https://console.cloud.google.com/iam-admin/serviceaccounts' : null,
    rank: 4,
  }
}
