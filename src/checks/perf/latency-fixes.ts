// Fixes of the checks that time routes: what to change first, by where the time goes.
import type { Fix } from '../../core/fix.ts'
import { fix, manual } from '../../core/fixes.ts'

export type Slow = {
  url: string
  p95: string
  target: string
  phase: 'dns' | 'tcp' | 'tls' | 'firstByte' | 'download'
}

const byPhase: Record<Slow['phase'], { summary: string; step: string; look: string[] }> = {
  firstByte: {
    summary: 'Shorten what the server does before it answers',
    step: 'Find in the server’s traces or logs what it does before the first byte, and take the longest part out of the request',
    look: [
      'Count the database queries of this request: one per row of a list is the usual cause, one query with a join its remedy. EXPLAIN tells of an index that is missing.',
      'Calls to other services go beside each other, with a timeout, or into a job that runs after the answer.',
      'What is the same for everybody is kept (in memory, or with Cache-Control at the edge).',
    ],
  },
  download: {
    summary: 'Send less',
    step: 'Make the answer smaller: compress it, and send one page of a list instead of all of it',
    look: [
      'Is the answer compressed (brotli or gzip)? JSON and HTML shrink to a fifth.',
      'Leave out fields that the page does not show, and give lists a limit.',
    ],
  },
  dns: {
    summary: 'Let the name be kept longer',
    step: 'Raise the TTL of the records of this host to an hour',
    look: [],
  },
  tcp: {
    summary: 'Bring the server nearer, or keep connections open',
    step: 'Run the server in the region where the customers are, or put a content delivery network before it',
    look: ['Let the server keep connections open (keep-alive) for at least a minute.'],
  },
  tls: {
    summary: 'Keep connections open',
    step: 'Let the server keep connections open (keep-alive) for at least a minute, with TLS 1.3 and session resumption',
    look: [],
  },
}

/** By the phase in which most of the time goes. */
export const takeTimeOut = ({ url, p95, target, phase }: Slow): Fix => {
  const { summary, step, look } = byPhase[phase]
  return fix(
    summary,
    [manual(`${step}: ${url} (95 of 100 requests within ${p95}; wanted ${target}).`)],
    [...look, 'Measure again: `launch-ready perf --only route-latency`'],
    120,
  )
}

/** A server that sleeps. */
export const keepWarm = ({ url }: { url: string }): Fix =>
  fix(
    'Let the server run on between visits',
    [
      manual(
        `Keep at least one instance of what answers ${url} running (minimum instances 1, or a plan that does not sleep).`,
      ),
    ],
    [
      'Where it is a function: bundle less into it, open the database connection outside the handler, and ask for a warm instance.',
      'A monitor that asks once a minute also keeps it awake: `launch-ready monitor watch`.',
    ],
    45,
  )

/** Requests that fail. */
export const stopFailing = ({ url, failures }: { url: string; failures: string }): Fix =>
  fix(
    'Find out why requests fail, and mend it',
    [manual(`Look for these failures of ${url} in the server’s log: ${failures}.`)],
    [
      'Time-outs and 502, 503, 504 come from a server that is too busy, restarts, or waits for its database: look at memory, restarts and open connections.',
      'A 500 has a stack trace: the error tracker groups them by cause.',
      'Measure again: `launch-ready perf --only error-rate`',
    ],
    90,
  )
