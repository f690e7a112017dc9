// What to do about an exposed secret, in words and data: shared by the checks of secrets.
import type { Fix } from '../../core/fix.ts'
import { command, fix, manual } from '../../core/fixes.ts'
import { newSecret, theSecret } from '../../formats/secrets/secret-words.ts'

const purge =
  'Only then, if the repository is or was public: purge the old versions (git filter-repo --replace-text), and ask everybody to clone anew.'

/** `others` leaked with it. */
export type InHistory = {
  what: string
  rotate: string
  hash: string
  ledger: string
  others?: { what: string; hash: string }[]
}

/** A secret that lies in the history: its removal from the code did not make it secret again. */
export const replaceOld = ({ what, rotate, ledger, hash, others = [] }: InHistory): Fix => {
  const all = [{ what, hash }, ...others]
  const each = { names: all.map(one => one.what), hashes: all.map(one => one.hash), ledger }
  return others.length > 0 ? replaceAll(each, [purge]) : replaceOne({ what, rotate, ledger, hash })
}

const replaceOne = ({ what, rotate, ledger, hash }: InHistory): Fix =>
  fix(
    `Replace ${theSecret(what)}; deleting it from the code did not make it secret again`,
    [manual(`Rotate ${theSecret(what)}, deploy, revoke the old one, record it in ${ledger}`)],
    [
      `Make a ${newSecret(what)}${rotate ? `: ${rotate}` : ''}.`,
      'Set it where the product runs, and deploy.',
      'Revoke the old one.',
      `Record it in ${ledger}: \`launch-ready deploy secrets --record ${hash.slice(0, 16)} --by you@example.com --evidence "revoked in the dashboard"\`.`,
      purge,
    ],
    30,
  )

/** The ledger says that it was replaced: only the provider can confirm it. */
export const confirmRefused = ({ what }: InHistory): Fix =>
  fix(
    `Confirm once that the old ${what} is refused`,
    [command('launch-ready deploy secrets --verify')],
    ['Run `launch-ready deploy secrets --verify`, or look at the provider’s list of keys.', purge],
    5,
  )

export type InTree = {
  what: string
  file: string
  line: number
  variable: string
  read: string
  rotate: string
  count: number
  /** How many others the finding speaks for, in words, and what they are. */
  more: string
  others?: string[]
}

/** A secret that stands in the code; `urgent` where whoever has a copy can use it. */
export const moveOut =
  (urgent: boolean) =>
  ({ what, file, line, variable, read, rotate, count, others = [] }: InTree): Fix =>
    fix(
      `Replace ${theSecret(what)}, and read the new one from the environment`,
      [
        manual(
          `Rotate ${theSecret(what)}${rotate ? ` at ${rotate}` : ''}, deploy with the new one, revoke the old one`,
        ),
        manual(`${file}:${line}: read ${read} instead of the value`),
      ],
      [
        `Make a ${newSecret(what)}${rotate ? `: ${rotate}` : ' where it was made'}.`,
        `Set it as ${variable} where the product runs, and in your own .env.`,
        `In ${file}, line ${line}, put ${read} in its place${count > 1 ? `; it stands in ${count} places` : ''}. Deploy.`,
        urgent ? 'Revoke the old one: whoever has a copy of the repository has it too.' : 'Revoke the old one.',
        ...(others.length > 0
          ? [`Do the same for what else is named in the evidence: ${[...new Set(others)].slice(0, 6).join(', ')}.`]
          : []),
        'Record the rotation: `launch-ready deploy secrets --record`.',
      ],
      30 + 10 * Math.min(others.length, 12),
    )

export type InLedger = { names: string[]; hashes: string[]; ledger: string }

/** Exposed secrets without an entry. An entry written by a program would be a promise that nobody made. */
export const replaceEach = (exposed: InLedger): Fix => replaceAll(exposed, [])

const replaceAll = ({ names, ledger, hashes }: InLedger, after: readonly string[]): Fix =>
  fix(
    `Replace ${names.length === 1 ? 'it' : 'each'}, then write it into ${ledger}`,
    [manual(`Replace each secret at its provider, then record it in ${ledger}`)],
    [
      ...names
        .slice(0, 10)
        .flatMap((name, at) => [
          `Replace ${theSecret(name)}, deploy, revoke the old one.`,
          `Then: \`launch-ready deploy secrets --record ${hashes[at]?.slice(0, 16)} --by you@example.com --evidence "revoked in the dashboard"\``,
        ]),
      'Leave an entry out as long as its secret still works: the ledger is read as a promise.',
      ...after,
    ],
    20 * names.length,
  )

/** Secrets past the date that was set for their rotation. */
export const rotateAgain = ({ names, ledger }: InLedger): Fix =>
  fix(
    `Replace ${names.join(', ')} and move the date on`,
    [manual(`Rotate ${names.join(', ')} and write it into ${ledger}`)],
    ['Make a new secret, deploy, revoke the old one.', `Set rotated and expires anew in ${ledger}.`],
    20,
  )

/** A secret in words: `Stripe live secret key`; of an own one, `password` alone. */
export const whatOf = ({ provider, what }: { provider: string; what: string }): string =>
  /^your /.test(provider) ? what : `${provider} ${what}`
