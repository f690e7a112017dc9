// The twentieth customer at once still gets a connection to the database.
import { defineCheck, high, medium, pass, skip } from '../../core/check.ts'
import { fileEvidence, textEvidence } from '../../core/evidence.ts'
import { onServer, onVercel } from '../../facts/repo/database-use.example.ts'
import type { DatabaseUse } from '../../facts/repo/database-use.ts'
import { type Connecting, poolBefore, shareClient, smallerPools } from './repository-fixes.ts'

/** Platforms that run functions, as they are called. */
const labels: Readonly<Record<string, string>> = {
  vercel: 'Vercel',
  netlify: 'Netlify',
  cloudflare: 'Cloudflare',
  aws: 'AWS',
  serverless: 'AWS Lambda',
}

const faultsOf = (use: DatabaseUse) => {
  const { functions, direct, poolers, perRequest, pools, instances, limit } = use
  const platform = labels[functions[0]?.name ?? ''] ?? functions[0]?.name ?? ''
  const largest = [...pools].sort((a, b) => b.size - a.size)[0]
  const wanted = largest && instances !== null ? largest.size * instances : 0
  const shortName = (perRequest[0]?.file ?? '').split('/').slice(-2).join('/')
  const data = {
    platform,
    file: shortName.length > 24 ? `…${shortName.slice(-23)}` : shortName,
    wanted: String(wanted),
    limit: String(limit?.value ?? ''),
    pool: largest ? `${largest.file}:${largest.line}` : '',
    poolFile: largest?.file ?? '',
    patch: largest?.patch ?? null,
    client: perRequest.length === 1 ? perRequest[0]! : null,
  }
  return {
    data,
    found: [
      ...(platform && direct.length > 0 && poolers.length === 0
        ? [
            {
              outcome: 'unpooled-serverless' as const,
              data,
              evidence: [
                fileEvidence(functions[0]!.file, undefined, `runs as functions (${platform})`),
                ...direct
                  .slice(0, 3)
                  .map(({ name, file }) =>
                    fileEvidence(file, undefined, `${name} connects by itself; no pooler is named anywhere`),
                  ),
              ],
            },
          ]
        : []),
      ...(perRequest.length
        ? [
            {
              outcome: 'client-per-request' as const,
              data,
              evidence: perRequest.slice(0, 6).map(({ file, line, text }) => fileEvidence(file, line, text)),
            },
          ]
        : []),
      ...(limit && wanted > limit.value
        ? [
            {
              outcome: 'no-limit' as const,
              data,
              evidence: [
                fileEvidence(largest!.file, largest!.line, `${largest!.text}, times ${instances} instances`),
                fileEvidence(limit.file, limit.line, `max_connections ${limit.value}`),
              ],
            },
          ]
        : []),
    ],
  }
}

export default defineCheck<Connecting>()({
  id: 'database-connections',
  stage: 'perf',
  on: 'repo',
  title: 'The database has connections left for every customer',
  why: 'PostgreSQL takes about a hundred connections, small plans twenty. Each function of a serverless platform opens its own, and so does each request that makes a client: with a few customers at once none is left. Judged from the platform, the drivers, the names of environment variables, the schema’s datasource and the code of request handlers; what a plan allows, only you know.',
  impact: {
    journey: 'signup',
    owner: 'When many people come at once, the database takes no more of them, and they meet errors.',
  },
  needs: ['databaseUse'],
  outcomes: {
    'unpooled-serverless': high('Each function at {platform} opens its own database connections', poolBefore, {
      confidence: 'likely',
    }),
    'client-per-request': high('Each request to {file} opens its own database connections', shareClient, {
      confidence: 'likely',
    }),
    'no-limit': medium('{wanted} connections may be opened, the database takes {limit}', smallerPools),
    pooled: pass('Connections to the database are shared'),
  },
  references: [
    'https://vercel.com/guides/connection-pooling-with-functions',
    'https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html',
  ],
  judge: ({ databaseUse: use }) => {
    if (use.databases.length === 0) return skip('no SQL database on a server of its own')
    const { data, found } = faultsOf(use)
    const { direct, poolers } = use
    if (found.length) return found
    const shown = poolers.slice(0, 3).map(({ file, line, text }) => fileEvidence(file, line, text))
    return {
      outcome: 'pooled',
      data,
      evidence: shown.length
        ? shown
        : [textEvidence('connects', direct.map(({ name }) => name).join(', ') || use.databases.join(', '))],
    }
  },
  examples: [
    { name: 'one pool on a server', facts: {}, expect: 'pooled' },
    { name: 'functions without a pooler', facts: { databaseUse: onVercel() }, expect: 'unpooled-serverless' },
    {
      name: 'functions through a pooler',
      facts: { databaseUse: onVercel({ poolers: [{ file: '.env.example', line: 1, text: 'pgbouncer=true' }] }) },
      expect: 'pooled',
    },
    {
      name: 'a client in the handler',
      facts: {
        databaseUse: onServer({
          perRequest: [{ file: 'app/api/users/route.ts', line: 5, text: 'new PrismaClient()' }],
        }),
      },
      expect: 'client-per-request',
    },
    { name: 'more than the database takes', facts: { databaseUse: onServer({ instances: 12 }) }, expect: 'no-limit' },
    { name: 'SQLite', facts: { databaseUse: onServer({ databases: [] }) }, expect: 'skip' },
  ],
})
