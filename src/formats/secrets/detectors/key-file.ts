// Files that are nothing but the key of the encrypted secrets beside them: they are told by their place, for the key has no shape.
import type { Found } from '../hit.ts'
import { looksLikePassword, looksRandom } from '../values.ts'
import { classIn, type Looked } from './looked.ts'

/** `isMade`: what a person may have typed in is no key. */
type KeyFile = { rule: string; provider: string; what: string; path: RegExp; text: RegExp; isMade?: true }

const keyFiles: readonly KeyFile[] = [
  {
    // https://guides.rubyonrails.org/security.html#custom-credentials
    rule: 'rails-master-key',
    provider: 'Rails',
    what: 'master key',
    path: /(?:^|\/)config\/(?:master|credentials\/\w+)\.key$/,
    text: /^\s{0,20}([0-9a-f]{32})\s{0,20}$/,
  },
  {
    // https://symfony.com/doc/current/configuration/secrets.html: the one of laptops is handed to everybody on purpose.
    rule: 'symfony-decryption-key',
    provider: 'Symfony',
    what: 'decryption key of the secrets',
    path: /(?:^|\/)config\/secrets\/(?!dev\/|test\/)(\w+)\/\1\.decrypt\.private\.php$/,
    text: /\breturn\s{1,20}(?:base64_decode\(\s{0,20})?(["'][^"'\n]{40,2000}["'])/,
  },
  {
    // https://www.pgbouncer.org/config.html#authentication-file-format: what SCRAM made of a password opens nothing.
    rule: 'pgbouncer-user',
    provider: 'PgBouncer',
    what: 'password of a database',
    path: /(?:^|\/)userlist\.txt$/,
    text: /^"[^"\n]{1,63}"\s{1,4}"(?!SCRAM-SHA-256\$)([^"\n]{8,200})"/m,
    isMade: true,
  },
]

/** The key that a file holds and is. */
export const keyFile = (at: Looked): Found[] => {
  const known = at.repo ? keyFiles.find(({ path }) => path.test(at.path)) : undefined
  const match = known?.text.exec(at.text.slice(0, 4000))
  if (!known || !match) return []
  const { rule, provider, what } = known
  const secret = match[1]!.replace(/^["']|["']$/g, '')
  if (known.isMade && !looksRandom(secret) && !looksLikePassword(secret)) return []
  return [
    {
      rule,
      provider,
      what,
      class: classIn(at, 'live'),
      kind: 'password',
      confidence: 'certain',
      secret,
      index: at.text.indexOf(secret),
      variable: null,
      rotate: null,
      rank: 3,
    },
  ]
}
