// The plan of each e-mail world, one change after the other: after every single one of them each configured sender still passes
// whatever it passed before (SPF, DKIM, alignment), and none that fails meets a stricter DMARC policy than before. Where nothing is
// configured, the senders are those that the report itself found: the keeper of the mailboxes, and every sound key.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { DnsChange } from '../../src/core/fix.ts'
import type { Report } from '../../src/core/report.ts'
import type { TargetSender } from '../../src/core/target.ts'
import { providerOfMx } from '../../src/data/mail-providers.ts'
import { senderDomains, spfLookup, txtLookup } from '../../src/facts/email/mail-lookups.ts'
import { isUsableKey, looksLikeDkim, parseDkimKey, selectorAt } from '../../src/formats/dkim/dkim.ts'
import { appliedPolicy, strictness } from '../../src/formats/dmarc/dmarc.ts'
import { walkDmarc } from '../../src/formats/dmarc/tree-walk.ts'
import { evaluateSpf } from '../../src/formats/spf/evaluate.ts'
import { senderTerms } from '../../src/formats/spf/needs.ts'
import { buildSpfTree, treeNetworks } from '../../src/formats/spf/tree.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld, type World } from '../../src/lab/world.ts'
import { systemClock } from '../../src/net/clock.ts'
import { parseResolver } from '../../src/net/connect-to.ts'
import { createNetwork } from '../../src/net/create-network.ts'
import type { Network } from '../../src/net/network.ts'
import { auditWorld } from '../support/lab-audit.ts'

const folder = new URL('../../fixtures/worlds/', import.meta.url).pathname
const worlds = readdirSync(folder)
  .filter(name => /^(email-.*|broken-coach)\.yaml$/.test(name))
  .map(name => loadWorld(`${folder}${name}`))

/** What holds for one sender: `SPF 192.0.2.1`, `DKIM pm._domainkey…`, `aligned`. */
type Standing = { holds: Set<string>; policy: number }

/** Addresses that a sender sends from: its own, and the first of each network behind its include. */
const addressesOf = async (sender: TargetSender, net: Network): Promise<string[]> => {
  const lists = await Promise.all(
    senderTerms(sender).map(async term =>
      term.startsWith('include:')
        ? treeNetworks((await buildSpfTree(term.slice(8), spfLookup(net.dns))).root)
        : [term.slice(4)],
    ),
  )
  return lists.flat().map(network => network.split('/')[0] as string)
}

const standingOf = async (sender: TargetSender, domain: string, net: Network): Promise<Standing> => {
  const { from, envelope } = senderDomains(sender, domain)
  const bounces = envelope ?? from
  const holds = new Set<string>()
  const walk = (name: string) =>
    walkDmarc(name, async asked => {
      const answer = await txtLookup(net.dns, asked)
      return answer.ok ? { ok: true, records: answer.records } : { ok: false, message: answer.message }
    })
  const [own, other] = await Promise.all([walk(from), walk(bounces)])
  const sameOf = (mode: 'r' | 's' | undefined, at: string): boolean =>
    mode === 's' ? at === from : at === from || at.endsWith(`.${own.organizational}`) || at === own.organizational
  for (const ip of await addressesOf(sender, net)) {
    const { result } = await evaluateSpf({ ip, sender: `a@${bounces}`, helo: bounces }, spfLookup(net.dns))
    if (result !== 'pass') continue
    holds.add(`SPF ${ip}`)
    if (sameOf(own.record?.aspf, bounces) && other.organizational === own.organizational) holds.add('aligned')
  }
  for (const given of sender.dkim) {
    const { selector, domain: at } = selectorAt(given, from)
    const answer = await txtLookup(net.dns, `${selector}._domainkey.${at}`)
    const keys = answer.ok ? answer.records.filter(looksLikeDkim).map(parseDkimKey) : []
    if (keys.length === 0 || !keys.every(isUsableKey)) continue
    holds.add(`DKIM ${selector}._domainkey.${at}`)
    if (sameOf(own.record?.adkim, at)) holds.add('aligned')
  }
  return { holds, policy: strictness(appliedPolicy(own)) }
}

const standings = async (
  senders: readonly TargetSender[],
  domain: string,
  running: RunningWorld,
): Promise<Standing[]> => {
  // A network of its own: nothing of before the change is remembered.
  const net = createNetwork({
    clock: systemClock,
    resolvers: [parseResolver(running.resolver)],
    connectTo: [],
    ca: [],
    timeoutMs: 5000,
    concurrency: 16,
    userAgent: 'test',
    signal: new AbortController().signal,
  })
  try {
    return await Promise.all(senders.map(sender => standingOf(sender, domain, net)))
  } finally {
    await net.close()
  }
}

/** Senders of the config; where none is, what the report saw at work. */
const sendersOf = async (running: RunningWorld, report: Report): Promise<TargetSender[]> => {
  const { config } = await loadConfig(`${running.cwd}/launch-ready.config.yaml`, {}).catch(() => ({ config: null }))
  const configured = config?.email?.senders ?? []
  if (configured.length > 0) return configured.map(sender => ({ ...sender, dkim: sender.dkim ?? [] })) as TargetSender[]
  const passing = (check: string) => report.checks.filter(row => row.check === check && row.status === 'pass')
  const exchanges = passing('mx-starttls').flatMap(({ subject }) => providerOfMx(subject) ?? [])
  return [
    ...[...new Set(exchanges)].flatMap(({ name, spf: [spf] }) => (spf === undefined ? [] : [{ name, spf, dkim: [] }])),
    ...passing('dkim-key').map(({ subject }) => ({ name: subject, dkim: [subject] })),
  ]
}

type Step = { change: DnsChange; by: string }

/** DNS changes of the plan in its order: those that only time allows come last. */
const stepsOf = (report: Report): Step[] =>
  report.plan.steps.flatMap(({ number, changes }) =>
    changes
      .filter((change): change is DnsChange => change.kind === 'dns')
      .map(change => ({ change, by: `step ${number}` })),
  )

/** Those of the findings, worst first: somebody who mends from the top of the report. */
const changesOf = (report: Report): Step[] => {
  const all = report.findings.flatMap(finding =>
    finding.fix.changes
      .filter((change): change is DnsChange => change.kind === 'dns')
      .map(change => ({ change, by: `${finding.check} ${finding.outcome}` })),
  )
  // Several findings ask for the same record: it is published once.
  const key = ({ change: { action, name, type, data } }: Step) => `${action} ${name} ${type} ${data}`
  return [...new Map(all.map(step => [key(step), step])).values()]
}

const losses = (senders: readonly TargetSender[], first: Standing[], now: Standing[], by: string): string[] =>
  senders.flatMap(({ name }, at) => {
    const [before, after] = [first[at] as Standing, now[at] as Standing]
    return [
      ...[...before.holds].filter(held => !after.holds.has(held)).map(held => `${by}: ${name} loses ${held}`),
      ...(!after.holds.has('aligned') && after.policy > before.policy
        ? [`${by}: ${name}, which is not aligned, meets a stricter policy`]
        : []),
    ]
  })

type Walked = { report: Report; senders: TargetSender[]; lost: string[] }

/** Applies the steps of a report one by one: `given` one that is known already, else the world is audited first. */
const walk = async (world: World, steps: (report: Report) => Step[], given?: Walked): Promise<Walked> => {
  const running = await startWorld(world)
  try {
    const more = world.name === 'broken-coach' ? ['--only', 'email'] : []
    const report = given?.report ?? (await auditWorld(running, more)).report
    const senders = given?.senders ?? (await sendersOf(running, report))
    const domain = world.domain ?? ''
    const first = await standings(senders, domain, running)
    const lost: string[] = []
    for (const { change, by } of senders.length > 0 ? steps(report) : []) {
      await running.apply(change)
      lost.push(...losses(senders, first, await standings(senders, domain, running), by))
    }
    return { report, senders, lost: [...new Set(lost)] }
  } finally {
    await running.close()
  }
}

test.each(worlds)('$name', async world => {
  const planned = await walk(world, stepsOf)
  expect(planned.lost).toEqual([])
  const byFinding = await walk(world, changesOf, planned)
  expect(byFinding.lost).toEqual([])
})
