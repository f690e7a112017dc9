// How to look at a thing without launch-ready: the command that shows what was seen, from the evidence of an outcome; where evidence stands
// at no single place, from the table that is handed in.

import { shellWord } from '../../core/clean.ts'
import type { GivenEvidence } from '../../core/evidence.ts'

const commandFor = (evidence: GivenEvidence): string | null => {
  switch (evidence.kind) {
    case 'dns':
      return `dig +short ${shellWord(evidence.name)} ${shellWord(evidence.type)}`
    case 'http':
      return evidence.header
        ? `curl -sSI ${shellWord(evidence.url)} | grep -i ${shellWord(`^${evidence.header}:`)}`
        : `curl -sSIL ${shellWord(evidence.url)}`
    case 'certificate':
      return `openssl s_client -connect ${evidence.host}:${evidence.port ?? 443} -servername ${evidence.host} </dev/null | openssl x509 -noout -text`
    case 'file':
      return `Open ${evidence.path}${evidence.line === undefined ? '' : `, line ${evidence.line}`}.`
    default:
      return null
  }
}

/** At most this many; more are the same with other names. */
const most = 3

/** What to do by hand: commands that show what the check sees. */
export const byHand = (own: readonly string[] | undefined, evidence: readonly GivenEvidence[]): string[] => {
  if (own) return [...own]
  return [...new Set(evidence.flatMap(item => commandFor(item) ?? []))].slice(0, most)
}
