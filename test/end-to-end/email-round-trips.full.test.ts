// Records-only e-mail run with long round trips: the whole run is as long as its longest chain of lookups, and little more.
import { expect, test } from 'vitest'
import { startWorld } from '../../src/lab/start.ts'
import { loadWorld } from '../../src/lab/world.ts'
import { auditWorld } from '../support/lab-audit.ts'

/** Milliseconds; long, so that a busy machine does not drown it. */
const rtt = 200
/** SPF record → included record → what it gives away (selectors, addresses to look up). */
const chain = 3
const bound = chain * rtt * 1.5
const mostRuns = 12

test.each(['email-healthy-postmark-google', 'email-healthy-google', 'email-healthy-sends-nothing'])(
  '%s',
  async name => {
    const running = await startWorld(
      loadWorld(new URL(`../../fixtures/worlds/${name}.yaml`, import.meta.url).pathname),
      { rtt },
    )
    try {
      const spans: number[] = []
      // The quickest of some: a busy machine adds to each, and never takes away.
      for (let run = 0; run < mostRuns && !(Math.min(...spans) <= bound); run++) {
        const before = running.log.exchanges.length
        await auditWorld(running, ['--skip', 'mx-starttls', '--skip', 'mta-sts', '--skip', 'dane'])
        const lookups = running.log.exchanges.slice(before).filter(item => item.kind === 'dns')
        spans.push(Math.max(...lookups.map(item => item.end)) - Math.min(...lookups.map(item => item.start)))
      }
      expect(Math.min(...spans)).toBeLessThanOrEqual(bound)
    } finally {
      await running.close()
    }
  },
)
