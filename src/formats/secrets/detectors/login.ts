// Logins of servers in scripts: a host, a name and a password side by side, as paramiko, ssh2, ftplib and their like are handed them. The password
// may stand in a variable above, or in a list of those that are tried one after the other.
import { literally } from '../../literally.ts'
import { matchAt } from '../assignment.ts'
import { isReference, looksLikePassword } from '../values.ts'
import { documentationHost, localHost, privateHost } from './hosts.ts'
import { type Detector, isShownAsExample, liveIn } from './looked.ts'

/** How the name of a login is handed over: `username=`, `username: `, `"username": `. */
export const logins = ['username', 'user=', 'user:', 'user =', "'user'", '"user"'] as const

const nameAndPassword =
  /["']?user(?:name)?["']?\s?[=:]\s?["']([\w.@-]{1,64})["']\s?,\s{0,40}["']?(?:password|passwd|pwd)["']?\s?[=:]\s?(?:["']([^"'\n]{4,128})["']|([A-Za-z_]\w{0,60})(?!\w|\(|\.|\[))/iy
const hostBefore =
  /(?:\bconnect\(\s{0,40}|\b(?:host|hostname|server)["']?\s?[=:]\s?)["']([\w.-]{4,200})["']\s?,(?:[^(){}\n]|\n\s{0,40}){0,160}$/i

/** What the text assigns to a name, or walks through under it: its first literal, and where it stands. */
const literalOf = (text: string, name: string, depth = 0): { value: string; index: number } | null => {
  const named = literally(name)
  const given = new RegExp(`(?<![\\w.])${named}\\s{0,4}=\\s{0,4}(?:\\[\\s{0,40})?["']([^"'\\n]{4,128})["']`).exec(text)
  const listed = new RegExp(`\\bfor\\s+${named}\\s+in\\s+[[(]\\s{0,40}["']([^"'\\n]{4,128})["']`).exec(text)
  const found = given ?? listed
  if (found) return { value: found[1]!, index: found.index + found[0].lastIndexOf(found[1]!) }
  const over = new RegExp(`\\bfor\\s+${named}\\s+(?:in|of)\\s+([A-Za-z_]\\w{0,60})\\b`).exec(text)?.[1]
  return over && depth === 0 ? literalOf(text, over, 1) : null
}

/** Characters of a file in which a variable's value is looked for. */
const most = 100_000

export const login: Detector = (at, index) => {
  const { text } = at
  const match = matchAt(nameAndPassword, text, index)
  if (!match || !at.repo) return null
  const host = hostBefore.exec(text.slice(Math.max(0, index - 400), index))?.[1]
  if (host === undefined || localHost.test(host) || privateHost.test(host) || documentationHost.test(host)) return null
  const [whole, user = '', literal, variable] = match
  const password =
    literal !== undefined
      ? { value: literal, index: index + whole.lastIndexOf(literal) }
      : literalOf(text.slice(0, most), variable ?? '')
  if (!password || isReference(password.value) || !looksLikePassword(password.value)) return null
  if (isShownAsExample(text, password.index, variable ?? null)) return null
  return {
    rule: 'server-login',
    provider: 'your servers',
    what: `password of ${user} at ${host}`,
    class: liveIn(at),
    kind: 'password',
    confidence: at.development ? 'possible' : 'certain',
    secret: password.value,
    index: password.index,
    variable: variable ?? 'password',
    rotate: null,
    rank: 3,
  }
}
