// The seven questions of the stage: can somebody else do it? Yes with evidence and date, no with the next step; a claim is no yes.
import type { Contradiction } from './contradictions.ts'
import type { Production } from './production.ts'
import { proofOf, rehearsalDays } from './rehearsal.ts'
import { runsAt } from './runs-at.ts'
import type { AccountName, DrillRecord, Handover, Rehearsal } from './schema.ts'

export type SevenAnswer = {
  id: string
  question: string
  answer: 'yes' | 'no' | 'not known'
  evidence: string
  /** Day of the evidence. */
  date: string | null
  /** What makes it a yes; null where it is one. */
  next: string | null
}

export type SevenInput = {
  production: Production
  handover: Handover
  drills: readonly DrillRecord[]
  contradictions: readonly Contradiction[]
  now: number
}

const dayMs = 86_400_000
const today = (now: number): string => new Date(now).toISOString().slice(0, 10)

const holders = (handover: Handover, account: AccountName): string[] => handover.access?.[account]?.people ?? []

type Verdict = Omit<SevenAnswer, 'id' | 'question'>

const yes = (evidence: string, date: string | null): Verdict => ({ answer: 'yes', evidence, date, next: null })
const no = (evidence: string, next: string, date: string | null = null): Verdict => ({
  answer: 'no',
  evidence,
  date,
  next,
})
const notKnown = (evidence: string, next: string): Verdict => ({ answer: 'not known', evidence, date: null, next })

const changeDns = ({ production: { dns, domain }, handover, now }: SevenInput): Verdict => {
  const people = holders(handover, 'dns')
  if (!dns) return notKnown('the name servers could not be asked', `launch-ready dns ${domain}`)
  const at = `records are at ${dns.provider ?? dns.nameServers.join(', ')}`
  if (people.length === 0) return notKnown(`${at}; nobody said who signs in there`, 'answer handover.access.dns')
  return people.length === 1
    ? no(`${at}; ${people[0]} alone signs in there`, 'let a second person in')
    : yes(`${at}; ${people.join(', ')} sign in there`, today(now))
}

const edgeMatters = ({ production: { hosts, domain }, handover, now }: SevenInput): Verdict => {
  const edges = [...new Set(hosts.flatMap(({ edge, platform }) => (edge !== null && edge !== platform ? [edge] : [])))]
  if (hosts.length === 0) return notKnown('no host was seen', `launch-ready dns ${domain}`)
  if (edges.length === 0) return yes('nothing but the hosting itself stands before the product', today(now))
  return handover.edgeSettings
    ? yes(`${edges.join(', ')}: ${handover.edgeSettings}`, today(now))
    : no(
        `${edges.join(', ')} stands before the product; nobody said which settings matter`,
        'answer handover.edgeSettings',
      )
}

const proven = (
  name: Rehearsal,
  { production, drills, now }: SevenInput,
): { text: string; date: string; fresh: boolean } | null => {
  const proof = proofOf(name, production, drills)
  return (
    proof && {
      text: proof.seen,
      date: proof.at.slice(0, 10),
      fresh: now - Date.parse(proof.at) <= rehearsalDays * dayMs,
    }
  )
}

const drilled = (name: Rehearsal, drill: string, input: SevenInput): Verdict => {
  const proof = proven(name, input)
  const next = `launch-ready handover drill ${drill}`
  if (proof)
    return proof.fresh ? yes(proof.text, proof.date) : no(`last seen on ${proof.date}: ${proof.text}`, next, proof.date)
  const said = input.handover.rehearsed?.[name]
  return no(said ? `somebody says ${said}; nothing shows it` : 'nobody has tried it', next, said ?? null)
}

const verifyMail = ({ production: { mail, domain }, now }: SevenInput): Verdict => {
  const command = `launch-ready email ${domain}`
  if (!mail) return notKnown('the records could not be read', command)
  const found = mail.selectors.filter(({ state }) => state === 'found')
  const gaps = [...(mail.spf ? [] : ['SPF']), ...(found.length ? [] : ['DKIM']), ...(mail.dmarc ? [] : ['DMARC'])]
  return gaps.length
    ? no(`not there: ${gaps.join(', ')}`, command)
    : yes(
        `SPF, ${found.length} DKIM ${found.length === 1 ? 'key' : 'keys'} (${found.map(({ selector }) => selector).join(', ')}), DMARC are there; \`${command}\` checks them`,
        today(now),
      )
}

const bothWays = (input: SevenInput): Verdict => {
  const [there, back] = [drilled('redeploy', 'redeploy', input), drilled('rollback', 'rollback', input)]
  const bad = [there, back].find(({ answer }) => answer !== 'yes')
  const evidence = `redeploy: ${there.evidence}; rollback: ${back.evidence}`
  return bad ? { ...bad, evidence } : yes(evidence, [there.date, back.date].sort()[0] ?? null)
}

const whereItLives = ({ production, handover, contradictions, now }: SevenInput): Verdict => {
  const { hosts, domain } = production
  const platforms = runsAt(production, handover).flatMap(({ label, by }) => (by === 'file' ? [] : [label]))
  const servers = [...new Set(hosts.flatMap(({ addresses }) => addresses))]
  const parted = contradictions.find(({ id }) => /^(?:hosting|deploy-platform|registrar|dns|edge)-other/.test(id))
  if (parted) return no(`said: ${parted.said}; seen: ${parted.seen}`, `put right ${parted.place}`)
  if (hosts.length === 0) return notKnown('no host was seen', `launch-ready dns ${domain}`)
  const at = platforms.length ? platforms.join(', ') : `servers at ${servers.join(', ')}`
  return holders(handover, 'hosting').length || handover.access?.hosting?.provider
    ? yes(`${hosts.length} hosts at ${at}; the domain map names each`, today(now))
    : no(`seen at ${at}; nobody said whose account that is`, 'answer handover.access.hosting')
}

/** The answers, in the order of the roadmap. */
export const sevenAnswers = (input: SevenInput): SevenAnswer[] => [
  { id: 'dns', question: 'Can somebody else change DNS?', ...changeDns(input) },
  { id: 'edge', question: 'Can they say which edge settings matter?', ...edgeMatters(input) },
  { id: 'keys', question: 'Can they rotate keys?', ...drilled('keyRotation', 'rotate-key', input) },
  { id: 'mail', question: 'Can they verify SPF, DKIM and DMARC?', ...verifyMail(input) },
  { id: 'alerts', question: 'Can they tell that uptime alerts are real?', ...drilled('alert', 'alert', input) },
  { id: 'deploy', question: 'Can they redeploy and roll back safely?', ...bothWays(input) },
  { id: 'lives', question: 'Can they say where production lives?', ...whereItLives(input) },
]
