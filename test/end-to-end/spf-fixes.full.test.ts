// Every SPF fix that is data, applied in its world: each configured sender of that domain then passes, as a receiver would judge.
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { DnsChange } from '../../src/core/fix.ts'
import { spfLookup } from '../../src/facts/email/mail-lookups.ts'
import { evaluateSpf } from '../../src/formats/spf/evaluate.ts'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { systemClock } from '../../src/net/clock.ts'
import { parseResolver } from '../../src/net/connect-to.ts'
import { createNetwork } from '../../src/net/create-network.ts'
import { auditWorld } from '../support/lab-audit.ts'

/** Senders that are named by an include have addresses behind it. */
const included: Record<string, string[]> = {
  'spf.mtasv.net': ['203.0.113.129'],
  '_spf.google.com': ['203.0.113.1', '198.51.100.129', '2001:db8:1::1'],
  'mail.zendesk.com': ['198.51.100.33'],
}

test.each(['email-spf-records', 'email-spf-trees', 'email-spf-ends', 'email-hostile'])('%s', async name => {
  const world = loadWorld(new URL(`../../fixtures/worlds/${name}.yaml`, import.meta.url).pathname)
  const inWorld = async <T>(run: (running: Awaited<ReturnType<typeof startWorld>>) => Promise<T>): Promise<T> => {
    const running = await startWorld(world)
    try {
      return await run(running)
    } finally {
      await running.close()
    }
  }
  const [findings, senders] = await inWorld(async running => {
    const { report } = await auditWorld(running)
    const loaded = await loadConfig(`${running.cwd}/launch-ready.config.yaml`, {})
    return [
      report.findings.filter(finding => finding.check.startsWith('spf-')),
      loaded.config.email?.senders ?? [],
    ] as const
  })
  const fixes = findings
    .map(finding => ({
      finding,
      changes: finding.fix.changes.filter((change): change is DnsChange => change.kind === 'dns'),
    }))
    .filter(item => item.changes.length > 0)
  expect(fixes.length).toBeGreaterThan(0)
  const failures: string[] = []
  for (const { finding, changes } of fixes)
    await inWorld(async running => {
      for (const change of changes) await running.apply(change)
      const net = createNetwork({
        clock: systemClock,
        resolvers: [parseResolver(running.resolver)],
        connectTo: [],
        ca: [],
        timeoutMs: 2000,
        concurrency: 16,
        userAgent: 'test',
        signal: new AbortController().signal,
      })
      try {
        const names = changes.map(change => change.name.replace(/\.$/, ''))
        for (const sender of senders) {
          const domain = sender.returnPath ?? world.domain ?? ''
          if (!names.includes(domain)) continue
          for (const ip of [...(sender.ips ?? []), ...(sender.spf ? (included[sender.spf] ?? []) : [])]) {
            const { result, reason } = await evaluateSpf(
              { ip, sender: `a@${domain}`, helo: domain },
              spfLookup(net.dns),
            )
            if (result !== 'pass')
              failures.push(
                `${finding.check} ${finding.outcome}: ${sender.name} at ${domain} from ${ip} is ${result} (${reason})`,
              )
          }
        }
      } finally {
        await net.close()
      }
    })
  expect(failures).toEqual([])
})
