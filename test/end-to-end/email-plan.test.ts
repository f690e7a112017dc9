// The changes of each e-mail world, one after the other: after every single one of them each configured sender still passes
// whatever it passed before (SPF, DKIM, alignment), and none that fails meets a stricter DMARC policy than before.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { DnsChange } from '../../src/core/fix.ts'
import type { TargetSender } from '../../src/core/target.ts'
import { senderDomains, spfLookup, txtLookup } from '../../src/facts/email/mail-lookups.ts'
import { isUsableKey, looksLikeDkim, parseDkimKey, selectorAt } from '../../src/formats/dkim/dkim.ts'
import { appliedPolicy, strictness } from '../../src/formats/dmarc/dmarc.ts'
import { walkDmarc } from '../../src/formats/dmarc/tree-walk.ts'
import { evaluateSpf } from '../../src/formats/spf/evaluate.ts'
import { senderTerms } from '../../src/formats/spf/needs.ts'
import { buildSpfTree, treeNetworks } from '../../src/formats/spf/tree.ts'
import { type RunningWorld, startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { systemClock } from '../../src/net/clock.ts'
import { parseResolver } from '../../src/net/connect-to.ts'
import { createNetwork } from '../../src/net/create-network.ts'
import type { Network } from '../../src/net/network.ts'
import { auditWorld } from '../support/lab-audit.ts'

const folder = new URL('../../fixtures/worlds/', import.meta.url).pathname
const worlds = readdirSync(folder)
  .filter(name => /^(email-.*|broken-coach)\.yaml$/.test(name))
  .map(name => loadWorld(`${folder}${name}`))
  .filter(world => 'launch-ready.config.yaml' in (world.files ?? {}))

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

test.each(worlds)('$name', async world => {
  const running = await startWorld(world)
  try {
    const domain = world.domain ?? ''
    const { config } = await loadConfig(`${running.cwd}/launch-ready.config.yaml`, {})
    const senders = (config.email?.senders ?? []).map(sender => ({
      ...sender,
      dkim: sender.dkim ?? [],
    })) as TargetSender[]
    const { report } = await auditWorld(running, world.name === 'broken-coach' ? ['--only', 'email'] : [])
    const changes = report.findings.flatMap(finding =>
      finding.fix.changes
        .filter((change): change is DnsChange => change.kind === 'dns')
        .map(change => ({ change, by: `${finding.check} ${finding.outcome}` })),
    )
    const losses: string[] = []
    const first = await standings(senders, domain, running)
    const done = new Set<string>()
    for (const { change, by } of changes) {
      // Several findings ask for the same record: it is published once.
      const key = `${change.action} ${change.name} ${change.type} ${change.data}`
      if (done.has(key)) continue
      done.add(key)
      await running.apply(change)
      const now = await standings(senders, domain, running)
      for (const [at, { holds, policy }] of first.entries()) {
        const { name } = senders[at] as TargetSender
        const after = now[at] as Standing
        for (const held of holds) if (!after.holds.has(held)) losses.push(`${by}: ${name} loses ${held}`)
        if (!after.holds.has('aligned') && after.policy > policy)
          losses.push(`${by}: ${name}, which is not aligned, meets a stricter policy`)
      }
    }
    expect([...new Set(losses)]).toEqual([])
  } finally {
    await running.close()
  }
})
